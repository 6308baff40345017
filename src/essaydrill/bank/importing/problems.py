"""Why a file cannot be imported, and the packages that only importing needs."""

from importlib import import_module
from typing import Any

from essaydrill.errors import BankError

INSTALL = 'pip install "essaydrill[import]"'


class SourceError(BankError):
    """A file cannot be imported; `str` is one Chinese sentence."""


def optional(module: str) -> Any:
    """The module of an optional package; `SourceError` says what to install where it is missing."""
    try:
        return import_module(module)
    except ModuleNotFoundError:
        raise SourceError(f"读这种文件要用 {module.partition('.')[0]}，请先运行 {INSTALL}") from None
