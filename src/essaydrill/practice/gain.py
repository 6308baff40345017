"""What a second attempt gained over the first."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from essaydrill.scoring.result import PointResult, Result


@dataclass(frozen=True)
class Gain:
    """The difference in marks, and the points whose credit rose or fell."""

    score: float
    won: "tuple[PointResult, ...]"
    lost: "tuple[PointResult, ...]"


def gain(before: "Result", after: "Result") -> Gain:
    """What `after` has over `before`, both of one prompt; points that only one of them knows are passed over."""
    credits = {point.id: point.credit for point in before.points}
    known = [point for point in after.points if point.id in credits]
    return Gain(
        round(after.score - before.score, 2),
        tuple(point for point in known if point.credit > credits[point.id]),
        tuple(point for point in known if point.credit < credits[point.id]),
    )
