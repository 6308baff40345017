"""Learn from some answers that a tutor marked by hand how the marking of their question should be adjusted.

The way is chosen by cross-validation within the marked answers (`adjust`); what it gains is measured on folds that had
no part in choosing it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from essaydrill.agreement.adjust import Sample, choose, fit, folds, predict
from essaydrill.agreement.metrics import mae, qwk
from essaydrill.agreement.own_question import OwnMachine
from essaydrill.bank import Item
from essaydrill.errors import EssaydrillError, UsageError
from essaydrill.scoring import Result, Scorer
from essaydrill.scoring.calibration import Calibration, Figures, OwnQuestion, answer_ngrams, judged_as_a_whole

Floats = NDArray[np.float64]

FEWEST = 20


class NoGainError(EssaydrillError):
    """The marked answers do not make the marking any better."""


@dataclass(frozen=True)
class HandMarked:
    """One answer with the tutor's mark, and her credits 0..1 by point id where she gave them."""

    text: str
    mark: float
    credits: Mapping[str, float] = field(default_factory=dict)


def calibrate(item: Item, marked: Sequence[HandMarked], question: OwnQuestion | None = None) -> Calibration:
    """Calibrate the marking of an item that has a scheme or references; `question` is kept for one that no bank has.

    Raises `UsageError` for too few answers or marks beyond the scale, `NoGainError` where nothing is gained.
    """
    scorer = Scorer(item)
    results = scorer.score_many([answer.text for answer in marked])
    # A heap of words or an answer to another question would teach that the points are worth nothing.
    told = [(result, answer) for result, answer in zip(results, marked, strict=True) if not judged_as_a_whole(result)]
    _check([answer for _, answer in told], item.prompt.max_score)
    sample = _sample(item, [result for result, _ in told], [answer for _, answer in told])
    return _calibration(sample, item, scorer.model_version, question)


def calibrate_own(task: str, title: str, max_score: float, marked: Sequence[HandMarked]) -> Calibration:
    """Calibrate a question that has nothing but marked answers: the best-marked become its reference answers.

    Raises `UsageError` as `calibrate` does. Where no adjustment is any better (`method` is none), the references are
    all there is to gain.
    """
    _check(marked, max_score)
    human = np.array([answer.mark / max_score for answer in marked])
    machine = OwnMachine([answer.text for answer in marked], human, task)
    nothing = np.zeros((len(marked), 0))
    sample = Sample(
        human=human,
        machine=machine.shares,
        credits=nothing,
        statuses=((),) * len(marked),
        marks=np.zeros(0),
        point_ids=(),
        given=nothing,
        ngrams=tuple(answer_ngrams(answer.text) for answer in marked),
    )
    references = machine.references(np.arange(len(marked)))
    question = OwnQuestion(task=task, max_score=max_score, references=tuple(references))
    item = question.item(title)
    return _calibration(sample, item, Scorer(item).model_version, question)


def _check(marked: Sequence[HandMarked], full: float) -> None:
    if len(marked) < FEWEST:
        raise UsageError(f"只有 {len(marked)} 份能用的人工评分，校准至少要 {FEWEST} 份，最好 30–50 份")
    if any(not 0 <= answer.mark <= full for answer in marked):
        raise UsageError(f"有的人工评分不在 0 到 {full:g} 之间，请检查分数和满分")
    if len({answer.mark for answer in marked}) == 1:
        raise UsageError("人工评分全都一样，看不出好坏，没法校准")


def _sample(item: Item, results: Sequence[Result], marked: Sequence[HandMarked]) -> Sample:
    full = item.prompt.max_score
    machine = np.array([result.score for result in results]) / full
    # Points derived from several references are other points in every answer: their weights would mean nothing.
    same = bool(item.reference.points) or len(item.reference.references) == 1
    points = results[0].points if same else ()
    rows = [result.points if same else () for result in results]
    return Sample(
        human=np.array([answer.mark for answer in marked]) / full,
        machine=lambda _: machine,
        credits=np.array([[point.credit for point in row] for row in rows]).reshape(len(marked), len(points)),
        statuses=tuple(tuple(point.status for point in row) for row in rows),
        marks=np.array([point.marks for point in points]) / full,
        point_ids=tuple(point.id for point in points),
        given=np.array([[answer.credits.get(point.id, np.nan) for point in points] for answer in marked]).reshape(
            len(marked), len(points)
        ),
        ngrams=tuple(answer_ngrams(answer.text) for answer in marked),
    )


def _calibration(sample: Sample, item: Item, model: str, question: OwnQuestion | None) -> Calibration:
    everything = np.arange(len(sample.human))
    before, after = _measure(sample)
    way, penalty = choose(sample, everything)
    figures = [Figures(qwk=round(qwk(m, sample.human), 3), mae=round(mae(m, sample.human), 3)) for m in (before, after)]
    gained = way != "none" and figures[1].mae < figures[0].mae and figures[1].qwk >= figures[0].qwk
    if not gained and question:
        way, after, figures = "none", before, [figures[0], figures[0]]
    elif not gained:
        raise NoGainError(
            f"这 {len(everything)} 份评分没有让机器评分更准（QWK {figures[0].qwk:.2f}，平均相差 {figures[0].mae:.0%}"
            "），没有写校准文件：机器评分可以直接用，或多评几份再试"
        )
    fitted = fit(sample, everything, way, penalty)
    distances = np.abs(after - sample.human)
    level = min(1.0, 0.8 * (1 + 1 / len(distances)))
    return Calibration(
        prompt=item.prompt.title if question else item.prompt.id,
        digest=item.digest,
        model=model,
        answers=len(everything),
        method=way,
        constant=round(fitted.constant, 6),
        slope=round(fitted.slope, 6),
        credits={name: {s: round(c, 4) for s, c in read.items()} for name, read in fitted.credits.items()},
        points=_rounded(fitted.points),
        ngrams=_rounded(fitted.ngrams),
        half_width=round(float(np.quantile(distances, level)), 4),
        before=figures[0],
        after=figures[1],
        question=question,
    )


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: kept for name, weight in sorted(weights.items()) if (kept := round(weight, 5))}


def _measure(sample: Sample) -> tuple[Floats, Floats]:
    """The machine's shares and the adjusted ones, each predicted without the fold that the answer is in."""
    before, after = np.zeros(len(sample.human)), np.zeros(len(sample.human))
    for left_out, known in folds(np.arange(len(sample.human))):
        fitted = fit(sample, known, *choose(sample, known))
        machine = sample.machine(known)
        before[left_out] = machine[left_out]
        after[left_out] = predict(sample, fitted, machine)[left_out]
    return before, after
