"""What runs in a worker process: reading documents and marking answers, a chunk at a time."""

import pickle
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Self

from essaydrill.grading.isolation import TookTooLongError, limited
from essaydrill.grading.scripts import read_document, reason_of
from essaydrill.grading.submissions import Format

if TYPE_CHECKING:
    from essaydrill.bank import Item
    from essaydrill.scoring import Scorer
    from essaydrill.scoring.calibration import Calibration

_SCORERS = 16  # scorers that a worker keeps; one takes a few megabytes


@dataclass(frozen=True)
class Fault:
    """Why one script of a chunk came to nothing."""

    reason: str


@dataclass(frozen=True)
class Question:
    """All that a worker needs to mark answers to one prompt, ready to be sent: item and calibration, pickled once."""

    pickled: bytes
    seconds: float

    @classmethod
    def of(cls, item: "Item", calibration: "Calibration | None", seconds: float) -> Self:
        return cls(pickle.dumps((item, calibration)), seconds)


@lru_cache(maxsize=_SCORERS)
def scorer_of(question: Question) -> "Scorer":
    """The scorer of a question, built once in each process; UsageError where its calibration is of another make."""
    from essaydrill.scoring import Scorer

    item, calibration = pickle.loads(question.pickled)
    return Scorer(item, calibration=calibration)


def prepare(questions: Iterable[Question]) -> None:
    """Build the scorers that a process will need, as far as it keeps them; what cannot be built is told by marking."""
    for question in islice(dict.fromkeys(questions), _SCORERS):
        with suppress(Exception):
            scorer_of(question)


def mark_chunk(question: Question, answers: Sequence[str]) -> list[str | Fault]:
    """The JSON of each answer's result, in order. Only when a chunk fails as a whole is each answer tried by itself."""
    try:
        scorer = scorer_of(question)
        with limited(question.seconds):
            return [result.model_dump_json() for result in scorer.score_many(answers)]
    except (Exception, TookTooLongError):
        return [_mark_one(question, answer) for answer in answers]


def _mark_one(question: Question, answer: str) -> str | Fault:
    try:
        scorer = scorer_of(question)
        with limited(question.seconds):
            return scorer.score(answer).model_dump_json()
    except TookTooLongError:
        return Fault(f"超过 {question.seconds:g} 秒没有评完")
    except MemoryError:
        return Fault("评分时占用的内存太多")
    except Exception as error:
        return Fault(f"评分时出错（{type(error).__name__}）")


def read_chunk(seconds: float, documents: Sequence[tuple[bytes, Format]]) -> list[str | Fault]:
    """The text of each document, in order."""
    return [_read_one(data, format, seconds) for data, format in documents]


def _read_one(data: bytes, format: Format, seconds: float) -> str | Fault:
    try:
        with limited(seconds):
            return read_document(data, format)
    except TookTooLongError:
        return Fault(f"超过 {seconds:g} 秒没有读完")
    except Exception as error:
        return Fault(reason_of(error))
