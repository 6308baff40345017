"""What a class did: marks, points from the worst, typical wrong answers, what a person should see. Pure statistics."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from essaydrill.grading.distribution import Agreement, Distribution, agreement_of, distribution_of
from essaydrill.grading.duplicates import DuplicatePair, duplicate_pairs
from essaydrill.grading.gradebook import Sheets, title_of
from essaydrill.grading.model import Status
from essaydrill.grading.point_summary import PointSummary
from essaydrill.grading.results import Results
from essaydrill.grading.tally import Case, PromptTally, Tally
from essaydrill.scoring.result import Band, LengthStatus


@dataclass(frozen=True)
class Remark:
    """A finding or flag and on how many scripts it stands; figures within the wording read `…`."""

    text: str
    count: int


@dataclass(frozen=True)
class PromptSummary:
    """All scripts on one prompt (`prompt` None: those whose prompt is not known).

    `marks`, in marks, and `cells` are None where nothing was marked; `agreement` where no script has a person's mark.
    `points` come worst first. `review` and `unmarked` list some of the cases, `to_review` counts all.
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


def summarise(tally: Tally, results: Results, sheets: Sheets) -> ClassSummary:
    """The statistics of the `results` that were counted by `tally`."""
    ordered = sorted(tally.prompts.values(), key=lambda each: (each.prompt is None, each.prompt or ""))
    likely = [each.sketches.candidates() for each in ordered]
    numbers = sorted({number for pairs in likely for pair in pairs for number in pair})
    compared = dict(zip(numbers, results.at(numbers), strict=True))
    counts = sum((each.counts for each in ordered), Counter[Status]())
    return ClassSummary(
        counts=dict(counts),
        zeros=sum(each.scores[0.0] for each in ordered),
        prompts=tuple(
            _summary(each, sheets, duplicate_pairs(pairs, compared))
            for each, pairs in zip(ordered, likely, strict=True)
        ),
    )


def _summary(tally: PromptTally, sheets: Sheets, duplicates: tuple[DuplicatePair, ...]) -> PromptSummary:
    marked = tally.counts["marked"]
    return PromptSummary(
        prompt=tally.prompt,
        title=title_of(tally.prompt, sheets),
        max_score=tally.max_score,
        signature=tally.signature,
        counts=dict(tally.counts),
        marks=distribution_of(tally.scores, tally.max_score),
        bands=dict(tally.bands),
        points=tuple(sorted((each.summary() for each in tally.points.values()), key=lambda point: point.rate)),
        presentation_mean=tally.presentation / marked if marked else 0.0,
        presentation_max=tally.presentation_max,
        findings=_remarks(tally.findings),
        flags=_remarks(tally.flags),
        cells=distribution_of(tally.cells, max(tally.cells, default=0.0)),
        length=dict(tally.length),
        deducted=tally.deducted,
        to_review=tally.to_review,
        review=tuple(tally.review),
        unmarked=tuple(tally.unmarked),
        duplicates=duplicates,
        agreement=agreement_of(tally.hand),
    )


def _remarks(counts: Counter[str]) -> tuple[Remark, ...]:
    """The commonest first; those as common in the order in which they came."""
    return tuple(Remark(text, count) for text, count in counts.most_common())
