"""Offline practice and marking of Chinese civil-service essay answers.

from essaydrill import Bank, Item, Scorer

item = Bank.open()["governance-summary-01"]
result = Scorer(item).score("一是……")
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Bank", "EssaydrillError", "Item", "Result", "Scorer", "__version__"]

if TYPE_CHECKING:
    from essaydrill.bank import Bank, Item
    from essaydrill.errors import EssaydrillError
    from essaydrill.scoring import Result, Scorer

_HOMES = {
    "Bank": "essaydrill.bank",
    "Item": "essaydrill.bank",
    "EssaydrillError": "essaydrill.errors",
    "Result": "essaydrill.scoring",
    "Scorer": "essaydrill.scoring",
}


def __getattr__(name: str) -> Any:
    # Resolved on first use, so that `essaydrill --help` pays for neither pydantic nor numpy.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'essaydrill' has no attribute {name!r}")
