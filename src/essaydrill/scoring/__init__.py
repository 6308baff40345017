"""Marking: an answer and a question in, a `Result` out. Knows no screen, no file that a user named, no clock."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from essaydrill.scoring.result import (
        Evidence,
        Flag,
        LengthResult,
        PointResult,
        PresentationResult,
        Result,
    )
    from essaydrill.scoring.scorer import Scorer

__all__ = ["Evidence", "Flag", "LengthResult", "PointResult", "PresentationResult", "Result", "Scorer"]


def __getattr__(name: str) -> Any:
    # Resolved on first use: a report can be shown without loading what makes the marks.
    if name in __all__:
        from importlib import import_module

        home = "scorer" if name == "Scorer" else "result"
        return getattr(import_module(f"essaydrill.scoring.{home}"), name)
    raise AttributeError(f"module 'essaydrill.scoring' has no attribute {name!r}")
