"""Help in steps, each giving away a little more: the framework, how many points, where one is, its head word."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from essaydrill.bank.framework import frameworks

if TYPE_CHECKING:
    from essaydrill.bank import Item
    from essaydrill.bank.models import ScoringPoint

STEPS = {"framework": "高分框架", "points": "采分点的数目和分值", "material": "在哪段材料", "word": "中心词"}
"""The kinds of steps in their order. The last two are taken per point: `material:p3`."""


@dataclass(frozen=True)
class Hint:
    """`step` is what is noted in the history, `text` what the candidate reads."""

    step: str
    text: str


def next_hint(item: "Item", taken: Sequence[str], missed: Iterable[str]) -> Hint | None:
    """The next step; `missed` are the ids of the points that the answer so far does not hit. None: nothing is left."""
    return next((hint for hint in _ladder(item, frozenset(missed)) if hint.step not in taken), None)


def hints_taken(item: "Item", taken: Iterable[str]) -> list[Hint]:
    """What the steps taken so far gave away, in the order in which they were taken."""
    everything = frozenset(point.id for point in item.reference.points)
    hints = {hint.step: hint for hint in _ladder(item, everything)}
    return [hints[step] for step in taken if step in hints]


def told(taken: Sequence[str]) -> str:
    """The steps taken in words: how many, of which kind, about which points."""
    points: dict[str, list[str]] = {}
    for step in taken:
        kind, _, point = step.partition(":")
        points.setdefault(kind, []).extend([point] if point else [])
    kinds = (STEPS.get(kind, kind) + (f"（{'、'.join(about)}）" if about else "") for kind, about in points.items())
    return f"{len(taken)} 步提示：{'、'.join(kinds)}"


def _ladder(item: "Item", missed: frozenset[str]) -> Iterator[Hint]:
    yield Hint("framework", _framework(item))
    points = item.reference.points
    if points:
        yield Hint("points", _points(item))
    for point in sorted(points, key=lambda point: -point.marks):
        if point.id in missed:
            where = f"在{'、'.join(point.found_in)}里" if point.found_in else ""
            if where:
                yield Hint(f"material:{point.id}", f"还没写到的一点（{point.marks:g} 分）{where}。")
            if word := _head_word(point):
                worth = "，".join(filter(None, (f"{point.marks:g} 分", where)))
                yield Hint(f"word:{point.id}", f"还没写到的一点（{worth}），中心词是“{word}”。")


def _framework(item: "Item") -> str:
    # The outline of the reference itself often names the points: that is more than a first step should give away.
    framework = frameworks(item.prompt.kind, item.prompt.genre)
    steps = (f"{number}. {step.title}：{step.does}" for number, step in enumerate(framework.steps, 1))
    return "\n".join((f"高分框架：{framework.name}", *steps))


def _points(item: "Item") -> str:
    reference = item.reference
    marks = "、".join(f"{point.marks:g}" for point in reference.points)
    form = f"，另有条理（卷面）{reference.presentation:g} 分" if reference.presentation else ""
    return f"这道题有 {len(reference.points)} 个采分点，依次值 {marks} 分{form}。"


def _head_word(point: "ScoringPoint") -> str | None:
    return point.keywords[0][0] if point.keywords else None
