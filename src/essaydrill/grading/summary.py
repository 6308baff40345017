"""What a class did: marks, points from the worst, typical wrong answers, what a person should see. Pure statistics."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from essaydrill.grading.distribution import Agreement, Distribution, agreement_of, distribution_of
from essaydrill.grading.duplicates import DuplicatePair, Sketches, duplicate_pairs
from essaydrill.grading.gradebook import Sheets, title_of
from essaydrill.grading.model import Record, Status, Student
from essaydrill.grading.point_summary import PointSummary, PointTally
from essaydrill.grading.results import Results
from essaydrill.grading.review import review_reasons
from essaydrill.scoring.result import Band, LengthStatus

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


@dataclass(frozen=True)
class Remark:
    """A finding or flag and on how many scripts it stands; figures within the wording read `…`."""

    text: str
    count: int


@dataclass(frozen=True)
class PromptSummary:
    """All scripts on one prompt (`prompt` None: those whose prompt is not known).

    `marks`, in marks, and `cells` are None where nothing was marked; `agreement` where no script has a person's mark.
    `points` come worst first. `review` and `unmarked` list up to `LISTED` cases, `to_review` counts all.
    """

    prompt: str | None
    title: str
    max_score: float
    signature: str
    counts: Mapping[Status, int]
    marks: Distribution | None
    bands: Mapping[Band, int]
    points: tuple[PointSummary, ...]
    presentation_mean: float
    presentation_max: float
    findings: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    cells: Distribution | None
    length: Mapping[LengthStatus, int]
    deducted: int
    to_review: int
    review: tuple[Case, ...]
    unmarked: tuple[Case, ...]
    duplicates: tuple[DuplicatePair, ...]
    agreement: Agreement | None


@dataclass(frozen=True)
class ClassSummary:
    """All scripts of a run. `counts` has the six states; `zeros` of the marked ones have 0 marks."""

    counts: Mapping[Status, int]
    zeros: int
    prompts: tuple[PromptSummary, ...]


def summarise(results: Results, sheets: Sheets) -> ClassSummary:
    """The statistics of a `results.jsonl`; what is kept of each record is a few hundred bytes."""
    tallies: dict[str | None, _Tally] = {}
    for number, record in enumerate(results):
        if record.prompt not in tallies:
            tallies[record.prompt] = _Tally(record.prompt)
        tallies[record.prompt].add(number, record)
    ordered = sorted(tallies.values(), key=lambda tally: (tally.prompt is None, tally.prompt or ""))
    likely = [tally.sketches.candidates() for tally in ordered]
    numbers = sorted({number for pairs in likely for pair in pairs for number in pair})
    compared = dict(zip(numbers, results.at(numbers), strict=True))
    counts = sum((tally.counts for tally in ordered), Counter[Status]())
    return ClassSummary(
        counts=dict(counts),
        zeros=sum(tally.scores[0.0] for tally in ordered),
        prompts=tuple(
            tally.summary(sheets, duplicate_pairs(pairs, compared))
            for tally, pairs in zip(ordered, likely, strict=True)
        ),
    )


@dataclass
class _Tally:
    """What is counted while the records of one prompt go by."""

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

    def add(self, number: int, record: Record) -> None:
        self.counts[record.status] += 1
        if record.result is None:
            _list(self.unmarked, record, (record.reason,))
            return
        self._add_result(record)
        reasons = review_reasons(record)
        if reasons:
            self.to_review += 1
            _list(self.review, record, reasons)
        self.sketches.add(number, record.answer or "")
        if record.hand_mark is not None:
            self.hand.append((record.result.score, record.hand_mark))

    def _add_result(self, record: Record) -> None:
        result = record.result
        assert result is not None
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

    def summary(self, sheets: Sheets, duplicates: tuple[DuplicatePair, ...]) -> PromptSummary:
        marked = self.counts["marked"]
        prompt = self.prompt
        return PromptSummary(
            prompt=prompt,
            title=title_of(prompt, sheets),
            max_score=self.max_score,
            signature=self.signature,
            counts=dict(self.counts),
            marks=distribution_of(self.scores, self.max_score),
            bands=dict(self.bands),
            points=tuple(sorted((tally.summary() for tally in self.points.values()), key=lambda point: point.rate)),
            presentation_mean=self.presentation / marked if marked else 0.0,
            presentation_max=self.presentation_max,
            findings=_remarks(self.findings),
            flags=_remarks(self.flags),
            cells=distribution_of(self.cells, max(self.cells, default=0.0)),
            length=dict(self.length),
            deducted=self.deducted,
            to_review=self.to_review,
            review=tuple(self.review),
            unmarked=tuple(self.unmarked),
            duplicates=duplicates,
            agreement=agreement_of(self.hand),
        )


def _list(cases: list[Case], record: Record, reasons: tuple[str, ...]) -> None:
    if len(cases) < LISTED:
        score = record.result.score if record.result else None
        cases.append(Case(record.key, record.student, record.source.shown, record.status, score, reasons))


def _remarks(counts: Counter[str]) -> tuple[Remark, ...]:
    """The commonest first; those as common in the order in which they came."""
    return tuple(Remark(text, count) for text, count in counts.most_common())


def _without_figures(text: str) -> str:
    """Remarks that differ in a count alone are one remark."""
    return _FIGURE.sub("…", text)
