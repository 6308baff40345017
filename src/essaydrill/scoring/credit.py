"""From features to the credit of every point, with its evidence and what is lacking."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from pydantic import TypeAdapter

from essaydrill.bank.models import ScoringPoint
from essaydrill.scoring.features import POINT_FEATURES, Features
from essaydrill.scoring.model import MarkingModel
from essaydrill.scoring.question import Question
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.result import Evidence, PointResult, Status
from essaydrill.scoring.words import Floats
from essaydrill.text import list_marker

# A keyword group below this counts as absent and is named as lacking.
ABSENT_GROUP = 0.5
STATUS_CREDITS: tuple[tuple[Status, float], ...] = (("missed", 0.0), ("partial", 0.5), ("hit", 1.0))
_POINTS = TypeAdapter(tuple[PointResult, ...])
_TRAILING = " 。，,；;：:！!？?、\n"


@dataclass(frozen=True)
class Credits:
    """All points with what they earned; `spread` is the standard error of `earned`, in marks. `half_width` is half the
    range around the total that holds a marker's mark, in marks, where it is known by itself."""

    points: tuple[PointResult, ...]
    earned: float
    possible: float
    spread: float
    half_width: float | None = None


def predict_credits(model: MarkingModel, features: Sequence[Features]) -> list[Floats]:
    """The fitted model's credits of the points of some answers, 0..1, each of shape (K,)."""
    columns = [POINT_FEATURES.index(name) for name in model.credit.features]
    rows = np.concatenate([found.points for found in features])[:, columns]
    return np.split(np.clip(model.credit.predict(rows), 0.0, 1.0), len(features))


def give_credits(
    model: MarkingModel, question: Question, reading: Reading, features: Features, predicted: Floats, factor: float
) -> Credits:
    """Decide hit / partial / missed for each point; `predicted` are its credits as the model sees them, shape (K,),
    `factor` is what the judgement of the whole answer leaves of them."""
    low, high = model.thresholds
    results, variance, groups = [], 0.0, 0
    seen = zip(question.points, predicted.tolist(), features.window.tolist(), strict=True)
    for point, likely, window in seen:
        effective = likely * factor
        place = 2 if effective >= high else 1 if effective >= low else 0
        status, credit = STATUS_CREDITS[place]
        probabilities = model.probabilities(likely)
        confidence = probabilities[place] if factor == 1.0 else max(probabilities[place], 1.0 - factor)
        mean = probabilities[1] / 2 + probabilities[2]
        variance += point.marks**2 * (probabilities[1] / 4 + probabilities[2] - mean**2)
        result = {
            "id": point.id,
            "text": point.text,
            "marks": point.marks,
            "credit": credit,
            "status": status,
            "awarded": round(point.marks * credit, 2),
            "confidence": round(confidence, 2),
        }
        if credit:
            result["evidence"] = (quote(reading, window),)
        if status == "partial":
            stated = features.keywords[groups : groups + len(point.keywords)].tolist()
            result["missing"] = _missing(point, stated)
        groups += len(point.keywords)
        results.append(result)
    points = _POINTS.validate_python(results)  # all at once: one by one takes twice as long
    return Credits(
        points=points,
        earned=sum(result.awarded for result in points),
        possible=sum(point.marks for point in question.points),
        spread=sqrt(variance) * factor,
    )


def quote(reading: Reading, window: int) -> Evidence:
    """The window as it was typed, without the list marker before it and the punctuation behind it."""
    start, end = reading.window_span(window)
    marker = list_marker(reading.text, start, end)
    if marker and marker.end() < end:
        start = marker.end()
    end = start + max(1, len(reading.text[start:end].rstrip(_TRAILING)))
    raw_start, raw_end = reading.normal.raw_span(start, end)
    return Evidence(start=raw_start, end=raw_end, text=reading.normal.raw[raw_start:raw_end])


def _missing(point: ScoringPoint, stated: Sequence[float]) -> tuple[str, ...]:
    """The first wording of each keyword group of which the window lacks too much."""
    return tuple(wordings[0] for wordings, there in zip(point.keywords, stated, strict=True) if there < ABSENT_GROUP)
