"""Why a script or a whole run cannot be graded."""

from importlib import import_module
from typing import Any

from essaydrill.errors import EssaydrillError, UsageError


class GradingError(EssaydrillError):
    """The run cannot go on; `str` is one Chinese sentence."""


class UnreadableScriptError(EssaydrillError):
    """One script, or one file of scripts, cannot be read; `str` says why and is shown beside its name."""


def optional(module: str, extra: str, purpose: str, error: type[EssaydrillError] = UsageError) -> Any:
    """The module of an optional package; `error` says what to install where it is missing."""
    try:
        return import_module(module)
    except ModuleNotFoundError:
        package = module.partition(".")[0]
        raise error(f'{purpose}要用 {package}，请先运行 pip install "essaydrill[{extra}]"') from None
