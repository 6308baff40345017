"""What a student is handed back: every script of theirs as the terminal report shows it, and nothing of anyone else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from essaydrill.bank.kinds import KIND_NAMES
from essaydrill.reports.marked_text import Shown, shown_part
from essaydrill.reports.style import marks
from essaydrill.scoring.result import LengthResult, PointResult, Result

if TYPE_CHECKING:
    from essaydrill.bank.item import Item

_QUOTES = 3  # pieces of evidence quoted of a point; the marked answer shows them all
_INNER_QUOTES = str.maketrans("“”", "‘’")


@dataclass(frozen=True)
class MarkedScript:
    """A script with its mark; `result` was made from `answer`."""

    item: "Item"
    result: Result
    answer: str

    @property
    def title(self) -> str:
        return self.item.prompt.title or self.item.prompt.task

    @property
    def facts(self) -> str:
        return f"{KIND_NAMES[self.item.prompt.kind]} · 满分 {marks(self.result.max_score)} 分"

    @property
    def shown(self) -> Shown:
        return shown_part(self.answer, self.result.length.limit)


@dataclass(frozen=True)
class UnmarkedScript:
    """A script that has no mark: what became of it, and what that means for the student."""

    title: str
    state: str
    meaning: str


Script: TypeAlias = MarkedScript | UnmarkedScript


@dataclass(frozen=True)
class Feedback:
    """The scripts of one student."""

    who: str
    scripts: Sequence[Script]


def details(point: PointResult, script: MarkedScript) -> Iterator[str]:
    """The candidate's own words that earned marks, what a partial lacks, where a missed point is to be found."""
    for piece in point.evidence[:_QUOTES]:
        yield f"“{piece.text.translate(_INNER_QUOTES)}”"
    if point.status == "partial" and point.missing:
        yield f"还差：{'、'.join(point.missing)}"
    if point.status == "missed":
        found_in = next((each.found_in for each in script.item.reference.points if each.id == point.id), ())
        if found_in:
            yield f"见{'、'.join(found_in)}"


def length_told(length: LengthResult) -> str:
    deduction = f"，扣 {marks(length.deduction)} 分" if length.deduction else ""
    return f"{length.cells} 格{deduction}"


def presentation_name(script: MarkedScript) -> str:
    return "卷面" if script.item.prompt.kind == "essay" else "条理"
