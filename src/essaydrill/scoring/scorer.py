"""From an answer to its mark: `Scorer(item).score(text)`."""

import gc
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from essaydrill import __version__
from essaydrill.bank import Item
from essaydrill.bank.models import ScoringPoint
from essaydrill.errors import UsageError
from essaydrill.scoring.credit import Credits, give_credits, predict_credits, quote
from essaydrill.scoring.derive import derive_points
from essaydrill.scoring.essay import judge_essay
from essaydrill.scoring.features import Features, compute_features
from essaydrill.scoring.gate import REVERSED, Gate, judge_answer, noise_flag, predict_gates
from essaydrill.scoring.length import judge_length, sheet_end
from essaydrill.scoring.lexicon import Lexicon, default_lexicon
from essaydrill.scoring.model import MarkingModel, default_model
from essaydrill.scoring.presentation import judge_presentation, read_structure
from essaydrill.scoring.question import Question, compile_question
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.result import (
    WIDE_INTERVAL,
    Flag,
    LengthResult,
    PointResult,
    PresentationResult,
    Result,
    band_of,
)
from essaydrill.scoring.sheaf import Sheaf
from essaydrill.scoring.short_answer import credit_short, default_short_model, is_short
from essaydrill.scoring.short_features import ShortReference, compile_reference, hold_against
from essaydrill.scoring.turning import turning_sense, turning_words
from essaydrill.scoring.words import Floats
from essaydrill.text import Segmenter, default_segmenter

if TYPE_CHECKING:
    from essaydrill.scoring.calibration import Calibration

# Some fifty exam answers: enough to share out what a batch costs, few enough for the caches.
CHARACTERS_AT_ONCE = 24_000


@dataclass(frozen=True)
class _Scheme:
    """A set of points against which an answer is held: the item's own, or those of one reference answer."""

    question: Question
    presentation_marks: float
    short: ShortReference | None = None  # where short answers are marked by themselves


@dataclass(frozen=True)
class _Answer:
    text: str
    length: LengthResult
    reading: Reading


@contextmanager
def _no_collection() -> Iterator[None]:
    """Thousands of small objects are made for a batch and none of them refer to each other in a circle: Python's search
    for such circles would take a twentieth of the time. (One switch for all threads: only the main thread turns it.)"""
    turns = threading.current_thread() is threading.main_thread() and gc.isenabled()
    try:
        if turns:
            gc.disable()
        yield
    finally:
        if turns:
            gc.enable()


class Scorer:
    """Scores answers to one question. Cheap to build, deterministic, picklable, holds no files.

    Without a marking scheme the points are derived from each reference answer, and an answer is held against the
    reference it comes nearest to.
    """

    def __init__(
        self,
        item: Item,
        *,
        model: MarkingModel | None = None,
        segmenter: Segmenter | None = None,
        calibration: "Calibration | None" = None,
    ) -> None:
        """`calibration` adjusts the totals; raises `UsageError` where it was made for another question or model."""
        self.item = item
        self._model = model or default_model()
        self._segmenter = segmenter or default_segmenter()
        self._schemes = _schemes(item, self._segmenter, default_lexicon())
        self._limit = item.prompt.limit  # read from the wording where the question does not state it
        self._calibration = calibration
        if calibration:
            calibration.check(item, self.model_version)

    @property
    def model_version(self) -> str:
        """The version of the fitted models that mark this question."""
        short = f"+short{default_short_model().version}" if is_short(self.item) else ""
        return f"{self._model.version}{short}"

    @property
    def signature(self) -> str:
        """What is needed to get the same marks again."""
        signature = (
            f"essaydrill:{__version__}|seg:{self._segmenter.name}|model:{self.model_version}|prompt:{self.item.digest}"
        )
        return f"{signature}|cal:{self._calibration.hash}" if self._calibration else signature

    def score_many(self, texts: Iterable[str]) -> list[Result]:
        """The results of `score` for each text, in order."""
        results: list[Result] = []
        batch: list[str] = []
        for text in texts:
            batch.append(text)
            if sum(map(len, batch)) >= CHARACTERS_AT_ONCE:
                results += self._mark(batch)
                batch = []
        return results + self._mark(batch)

    def score(self, text: str) -> Result:
        """Mark one answer. Any string is accepted; evidence points into `text` as it was given."""
        return self._mark([text])[0]

    @cached_property
    def _turning(self) -> Floats:
        return turning_sense(self._model.gates[REVERSED])

    def _read(self, texts: Sequence[str]) -> list[_Answer]:
        lengths = [judge_length(text, self._limit, self.item.prompt.max_score) for text in texts]
        ends = [sheet_end(text, self._limit, length.cells) for text, length in zip(texts, lengths, strict=True)]
        read = [text[:end] for text, end in zip(texts, ends, strict=True)]
        return list(map(_Answer, texts, lengths, Reading.of_all(read, self._segmenter)))

    @_no_collection()
    def _mark(self, texts: Sequence[str]) -> list[Result]:
        answers = self._read(texts)
        written = [answer for answer in answers if not answer.reading.is_empty]
        held = [self._hold_against(scheme, written) for scheme in self._schemes] if written else []
        best = (max(results, key=lambda result: result.score) for results in zip(*held, strict=True))
        return [self._nothing_written(a) if a.reading.is_empty else self._adjusted(next(best), a) for a in answers]

    def _adjusted(self, result: Result, answer: _Answer) -> Result:
        return self._calibration.adjusted(result, answer.text) if self._calibration else result

    def judge_point(self, point_id: str, text: str) -> PointResult:
        """Hold a sentence against one scoring point alone, as if nothing else were asked.

        What is judged of a whole answer (length, off the task, a heap of words) does not touch it. `evidence` is the
        place in `text` that comes nearest to the point, even where it earns nothing; it is empty only where nothing is
        written. Raises `UsageError` for an unknown point.
        """
        reading = Reading.of(text, self._segmenter)
        judged = []
        for question in (scheme.question for scheme in self._schemes):
            k = next((k for k, point in enumerate(question.points) if point.id == point_id), None)
            if k is None:
                continue
            if reading.is_empty:
                return _missed(question.points[k])
            sheaf = Sheaf([reading])
            (features,) = compute_features(question, sheaf, question.matcher.match(sheaf))
            (predicted,) = predict_credits(self._model, [features])
            point = give_credits(self._model, question, reading, features, predicted, 1.0).points[k]
            judged.append(point.model_copy(update={"evidence": (quote(reading, int(features.window[k])),)}))
        if not judged:
            raise UsageError(f"题目 {self.item.prompt.id} 没有采分点“{point_id}”")
        return max(judged, key=lambda point: point.credit)

    def _hold_against(self, scheme: _Scheme, answers: Sequence[_Answer]) -> list[Result]:
        if scheme.short:
            return [self._hold_short(scheme, scheme.short, answer) for answer in answers]
        question = scheme.question
        sheaf = Sheaf([answer.reading for answer in answers])
        features = compute_features(question, sheaf, question.matcher.match(sheaf))
        predicted = predict_credits(self._model, features)
        gates = self._judge(question, sheaf, features)
        results = []
        for answer, seen, likely, gate in zip(answers, features, predicted, gates, strict=True):
            credits = give_credits(self._model, question, answer.reading, seen, likely, gate.factor)
            results.append(self._with_form(scheme, answer, credits, gate))
        return results

    def _hold_short(self, scheme: _Scheme, reference: ShortReference, answer: _Answer) -> Result:
        features = hold_against(reference, answer.reading, default_lexicon())
        credits, remarks = credit_short(default_short_model(), reference, answer.reading, features)
        return self._with_form(scheme, answer, credits, Gate(1.0, 0.0, remarks))

    def _with_form(self, scheme: _Scheme, answer: _Answer, credits: Credits, gate: Gate) -> Result:
        content = credits.earned / credits.possible
        presentation, cap, flags = self._form(scheme, answer.reading, content, gate)
        earned = credits.earned + presentation.score
        score = max(0.0, min(earned, cap * self.item.prompt.max_score) - answer.length.deduction)
        return self._result(credits, presentation, answer.length, (*gate.flags, *flags), score, gate.doubt)

    def _judge(self, question: Question, sheaf: Sheaf, features: Sequence[Features]) -> list[Gate]:
        if not (self.item.reference.points and self.item.prompt.materials):
            # They were fitted on exam questions, which have a scheme, and materials to hold an answer against.
            return [Gate(1.0, 0.0, ())] * len(features)
        judged = predict_gates(self._model, features)
        copied = question.spelling.copied_shares(sheaf).tolist()
        return [
            judge_answer(
                self._model,
                likely,
                seen,
                share,
                len(reading.words),
                partial(turning_words, question, reading, self._turning),
            )
            for reading, likely, seen, share in zip(sheaf.readings, judged, features, copied, strict=True)
        ]

    def _form(
        self, scheme: _Scheme, reading: Reading, content: float, gate: Gate
    ) -> tuple[PresentationResult, float, tuple[Flag, ...]]:
        prompt = self.item.prompt
        if prompt.kind == "essay":
            form = judge_essay(reading, self._limit, content, scheme.presentation_marks, gate.factor)
            return form.presentation, form.cap, form.flags
        structure = read_structure(reading, prompt, self._limit)
        marks, fitted = scheme.presentation_marks, self._model.presentation
        return judge_presentation(structure, content, marks, fitted, gate.factor), 1.0, ()

    def _result(
        self,
        credits: Credits,
        presentation: PresentationResult,
        length: LengthResult,
        flags: tuple[Flag, ...],
        score: float,
        doubt: float,
    ) -> Result:
        full = self.item.prompt.max_score
        score = round(score, 2)
        half = credits.half_width
        if half is None:
            half = self._model.interval_scale * (self._model.interval_base + credits.spread / full) * full
        low, high = max(0.0, _half(score - half)), min(full, _half(score + half))
        unsure = 0.35 < doubt < 0.75
        return Result(
            prompt=self.item.prompt.id,
            score=score,
            max_score=full,
            band=band_of(score, full),
            points=credits.points,
            presentation=presentation,
            length=length,
            flags=flags,
            interval=(min(low, score), max(high, score)),
            needs_review=bool(flags) or unsure or high - low > WIDE_INTERVAL * full,
            signature=self.signature,
        )

    def _nothing_written(self, answer: _Answer) -> Result:
        scheme = self._schemes[0]
        points = tuple(_missed(point) for point in scheme.question.points)
        marks = scheme.presentation_marks
        flags = (noise_flag(),) if answer.text.strip() else (Flag(code="empty", message="没有作答"),)
        return Result(
            prompt=self.item.prompt.id,
            score=0.0,
            max_score=self.item.prompt.max_score,
            band="四类",
            points=points,
            presentation=PresentationResult(score=0.0, max=marks),
            length=answer.length,
            flags=flags,
            interval=(0.0, 0.0),
            needs_review=bool(answer.text.strip()),
            signature=self.signature,
        )


def _schemes(item: Item, segmenter: Segmenter, lexicon: Lexicon) -> tuple[_Scheme, ...]:
    reference = item.reference
    texts = [answer.text for answer in reference.references]
    if reference.points:
        return (_Scheme(compile_question(item, reference.points, texts, segmenter, lexicon), reference.presentation),)
    possible = item.prompt.max_score - reference.presentation
    schemes = []
    for text in texts:
        short = compile_reference(text, item.prompt.task, possible, segmenter, lexicon) if is_short(item) else None
        points = short.points if short else derive_points(text, item.prompt.task, possible)
        question = compile_question(item, points, [text], segmenter, lexicon)
        schemes.append(_Scheme(question, reference.presentation, short))
    return tuple(schemes)


def _missed(point: ScoringPoint) -> PointResult:
    return PointResult(
        id=point.id, text=point.text, marks=point.marks, credit=0, status="missed", awarded=0, confidence=1.0
    )


def _half(value: float) -> float:
    return float(np.rint(value * 2) / 2)
