"""What to do next time: the few changes that would have earned the most marks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from essaydrill.scoring.length import bounds
from essaydrill.scoring.result import PointResult, Result

if TYPE_CHECKING:
    from essaydrill.bank import Item

Action = Literal["add", "complete", "present", "fit"]


@dataclass(frozen=True)
class Step:
    """One change to the answer: a sentence for the candidate, and what it earns.

    `gain` is in marks and positive; `reaches` is the total of the answer with this step and the steps before it,
    at most the full mark. `point` is the id of the scoring point for "add" and "complete".
    """

    action: Action
    advice: str
    gain: float
    reaches: float
    point: str | None = None


def next_steps(result: Result, item: "Item", limit: int = 2) -> list[Step]:
    """At most `limit` changes, the most marks first; equal gains in the order of the scheme. Empty at full marks.

    Where the total is capped because the answer is a fragment, writing it out comes first: nothing else helps before.
    """
    found_in = {point.id: point.found_in for point in item.reference.points}
    losses = sorted((loss for loss in _losses(result, found_in) if loss.gain > 0), key=lambda loss: -loss.gain)
    total = _sum_of_parts(result)
    if any(flag.code == "calibrated" for flag in result.flags):
        if result.score >= result.max_score:
            return []
        total = result.score  # a tutor's marks moved it, not its length
    elif total > result.score + 0.01:
        losses.insert(0, _Loss("fit", "写够字数，总分才不被封顶", round(total - result.score, 2)))
        total = result.score
    steps = []
    for loss in losses[:limit]:
        total += loss.gain
        reaches = round(min(result.max_score, max(result.score, total)), 2)
        steps.append(Step(loss.action, loss.advice, loss.gain, reaches, loss.point))
    return steps


def _sum_of_parts(result: Result) -> float:
    """The total as its parts make it, before it is capped or kept from falling below nothing."""
    awarded = sum(point.awarded for point in result.points)
    return awarded + result.presentation.score - result.length.deduction


@dataclass(frozen=True)
class _Loss:
    action: Action
    advice: str
    gain: float
    point: str | None = None


def _losses(result: Result, found_in: dict[str, tuple[str, ...]]) -> Iterator[_Loss]:
    """Every place where marks can be lost, with what was lost there."""
    for point in result.points:
        yield _point_loss(point, found_in.get(point.id, ()))
    presentation = result.presentation
    yield _Loss("present", "改进条理和格式，具体见上", round(presentation.max - presentation.score, 2))
    allowed = bounds(result.length.limit)
    fit = f"压缩到 {allowed.high} 格以内" if result.length.status == "over" else f"写到 {allowed.low} 格以上"
    yield _Loss("fit", fit, result.length.deduction)


def _point_loss(point: PointResult, materials: tuple[str, ...]) -> _Loss:
    gain = round(point.marks - point.awarded, 2)
    if point.status == "missed":
        where = f"（见{'、'.join(materials)}）" if materials else ""
        return _Loss("add", f"补上 {point.id}：{point.text}{where}", gain, point.id)
    lacking = f"（还差：{'、'.join(point.missing)}）" if point.missing else ""
    return _Loss("complete", f"写全 {point.id}：{point.text}{lacking}", gain, point.id)
