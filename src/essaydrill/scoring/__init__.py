"""Marking: an answer and a question in, a `Result` out. Knows no screen, no file that a user named, no clock."""

from essaydrill.scoring.result import (
    Evidence,
    Flag,
    LengthResult,
    PointResult,
    PresentationResult,
    Result,
)
from essaydrill.scoring.scorer import Scorer

__all__ = [
    "Evidence",
    "Flag",
    "LengthResult",
    "PointResult",
    "PresentationResult",
    "Result",
    "Scorer",
]
