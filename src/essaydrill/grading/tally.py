"""What is counted while records go by: in parts of a class, which are then put together."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from essaydrill.grading.duplicates import Sketches
from essaydrill.grading.model import Record, Status, Student
from essaydrill.grading.point_summary import PointTally
from essaydrill.grading.review import review_reasons
from essaydrill.scoring.result import Band, LengthStatus, Result

_FIGURE = re.compile(r"\d+(?:\.\d+)?")

LISTED = 1000
"""Cases that a list holds at most; how many there are in all stands beside it."""


@dataclass(frozen=True)
class Case:
    """One script in a list: whose, from where, its mark (None without one), and why it is listed."""

    key: str
    student: Student
    source: str
    status: Status
    score: float | None
    reasons: tuple[str, ...]


@dataclass
class Tally:
    """The counts by prompt. Merged in the order of the records, the tallies of parts are that of the whole."""

    prompts: dict[str | None, "PromptTally"] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Record], first: int = 0) -> "Tally":
        """Of records that are numbered from `first`."""
        tally = cls()
        answers: dict[str | None, list[tuple[int, str]]] = {}
        for number, record in enumerate(records, first):
            if record.prompt not in tally.prompts:
                tally.prompts[record.prompt] = PromptTally(record.prompt)
            tally.prompts[record.prompt].add(record)
            if record.result is not None:
                answers.setdefault(record.prompt, []).append((number, record.answer or ""))
        for prompt, written in answers.items():
            tally.prompts[prompt].sketches.add(written)
        return tally

    def merge(self, later: "Tally") -> None:
        for prompt, other in later.prompts.items():
            if prompt in self.prompts:
                self.prompts[prompt].merge(other)
            else:
                self.prompts[prompt] = other


@dataclass
class PromptTally:
    """The counts of one prompt; `review` and `unmarked` hold up to `LISTED` cases, `hand` (machine, person) marks."""

    prompt: str | None
    max_score: float = 0.0
    signature: str = ""
    counts: Counter[Status] = field(default_factory=Counter)
    scores: Counter[float] = field(default_factory=Counter)
    cells: Counter[float] = field(default_factory=Counter)
    bands: Counter[Band] = field(default_factory=Counter)
    length: Counter[LengthStatus] = field(default_factory=Counter)
    deducted: int = 0
    presentation: float = 0.0
    presentation_max: float = 0.0
    findings: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    points: dict[tuple[str, str], PointTally] = field(default_factory=dict)
    to_review: int = 0
    review: list[Case] = field(default_factory=list)
    unmarked: list[Case] = field(default_factory=list)
    sketches: Sketches = field(default_factory=Sketches)
    hand: list[tuple[float, float]] = field(default_factory=list)

    def add(self, record: Record) -> None:
        self.counts[record.status] += 1
        if record.result is None:
            _list(self.unmarked, record, (record.reason,))
            return
        self._add_result(record.result, record)
        reasons = review_reasons(record)
        if reasons:
            self.to_review += 1
            _list(self.review, record, reasons)
        if record.hand_mark is not None:
            self.hand.append((record.result.score, record.hand_mark))

    def _add_result(self, result: Result, record: Record) -> None:
        self.max_score, self.signature = result.max_score, result.signature
        self.scores[result.score] += 1
        self.bands[result.band] += 1
        self.cells[result.length.cells] += 1
        self.length[result.length.status] += 1
        self.deducted += result.length.deduction > 0
        self.presentation += result.presentation.score
        self.presentation_max = result.presentation.max
        self.findings.update(map(_without_figures, result.presentation.findings))
        self.flags.update(_without_figures(flag.message) for flag in result.flags)
        for point in result.points:
            key = (point.id, point.text)
            if key not in self.points:
                self.points[key] = PointTally(point.id, point.text, point.marks)
            self.points[key].add(point, record)

    def merge(self, later: "PromptTally") -> None:
        """Take over the counts of records that come later."""
        if later.signature:
            self.max_score, self.signature = later.max_score, later.signature
            self.presentation_max = later.presentation_max
        self.counts.update(later.counts)
        self.scores.update(later.scores)
        self.cells.update(later.cells)
        self.bands.update(later.bands)
        self.length.update(later.length)
        self.deducted += later.deducted
        self.presentation += later.presentation
        self.findings.update(later.findings)
        self.flags.update(later.flags)
        for key, other in later.points.items():
            if key in self.points:
                self.points[key].merge(other)
            else:
                self.points[key] = other
        self.to_review += later.to_review
        self.review += later.review[: LISTED - len(self.review)]
        self.unmarked += later.unmarked[: LISTED - len(self.unmarked)]
        self.sketches.merge(later.sketches)
        self.hand += later.hand


def _list(cases: list[Case], record: Record, reasons: tuple[str, ...]) -> None:
    if len(cases) < LISTED:
        score = record.result.score if record.result else None
        cases.append(Case(record.key, record.student, record.source.shown, record.status, score, reasons))


def _without_figures(text: str) -> str:
    """Remarks that differ in a count alone are one remark."""
    return _FIGURE.sub("…", text)
