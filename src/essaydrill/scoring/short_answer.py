"""The marks of a short answer to a question that has reference answers, but neither a marking scheme nor materials.

An enumeration is marked item by item. Elsewhere a fitted model says what share of the full mark the answer is worth,
from figures that compare it with the reference as a whole, and the points share that out by how well each is stated.
`python -m essaydrill.agreement.fit_short` writes the file of the model (`data/model/short.json`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from essaydrill.bank import Item
from essaydrill.scoring.credit import Credits, quote
from essaydrill.scoring.model import Boosting, read_fitted
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.result import Flag, PointResult, Status
from essaydrill.scoring.short_features import SHORT_FEATURES, Floats, ShortFeatures, ShortReference

LONGEST_REFERENCE = 500  # characters; a longer one is an essay's, which the model for exam answers knows better
# A missed item still shares letters with others: what is below earns nothing.
FAINT_ITEM, FAINT = 0.3, 0.05
# A task that asks for a value is answered by the value; the way there counts for the rest.
VALUE_WEIGHT = 0.8
HIT = 0.75  # credit from which a point counts as hit
_CONTRADICTION = Flag(code="contradiction", message="对错的判断与参考答案相反，理由不再给分")


@dataclass(frozen=True)
class ShortModel:
    """`listed_power` turns the literal coverage of an item into its credit; `share` predicts what a statement is worth
    from `SHORT_FEATURES`. `widths` and `listed_widths` are rows (upper bound of the share, half the range around it
    that holds about 80 % of the markers' shares)."""

    version: str
    listed_power: float
    share: Boosting
    widths: tuple[tuple[float, float], ...]
    listed_widths: tuple[tuple[float, float], ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ShortModel":
        return cls(
            version=data["version"],
            listed_power=data["listed_power"],
            share=Boosting.from_json(data["share"]),
            widths=tuple((upper, width) for upper, width in data["widths"]),
            listed_widths=tuple((upper, width) for upper, width in data["listed_widths"]),
        )


@cache
def default_short_model() -> ShortModel:
    """The model shipped with the package, read once a process."""
    return ShortModel.from_json(read_fitted("short.json"))


def is_short(item: Item) -> bool:
    """Whether answers to `item` are marked here."""
    reference, prompt = item.reference, item.prompt
    longest = max(len(answer.text) for answer in reference.references)
    bare = not reference.points and not prompt.materials and prompt.kind != "essay"
    return bare and longest <= LONGEST_REFERENCE


def item_credits(power: float, features: ShortFeatures) -> Floats:
    """The credit of each item of an enumeration, shape (K,)."""
    credits = features.coverage**power
    return np.where(credits < FAINT_ITEM, 0.0, credits)


def share_of(model: ShortModel, reference: ShortReference, features: ShortFeatures) -> float:
    """What share of the points' marks the answer is worth, 0..1."""
    stated = min(1.0, float((item_credits(model.listed_power, features) * reference.shares).sum()))
    if reference.listed:
        return stated
    columns = [SHORT_FEATURES.index(name) for name in model.share.features]
    fitted = float(np.clip(model.share.predict(features.row[None, columns])[0], 0.0, 1.0))
    return combined(max(fitted, stated), features)


def combined(share: float, features: ShortFeatures) -> float:
    """The predicted share with the two rules that go before it: the value that was asked for, and the judgement."""
    if features.results is not None:
        share = VALUE_WEIGHT * features.results + (1 - VALUE_WEIGHT) * share
    return 0.0 if features.contradicts else share


def credit_short(
    model: ShortModel, reference: ShortReference, reading: Reading, features: ShortFeatures
) -> tuple[Credits, tuple[Flag, ...]]:
    """The points with their credits, which may be any figure from 0 to 1 here, and what a marker would remark on."""
    share = share_of(model, reference, features)
    if reference.listed:
        credits = item_credits(model.listed_power, features)
    else:
        credits = shared_out(share, (features.coverage + features.support) / 2, reference.shares)
    rows = model.listed_widths if reference.listed else model.widths
    width = next(width for upper, width in rows if share <= upper)
    points = tuple(
        _result(reference, reading, features, k, round(float(credit), 2) if credit >= FAINT else 0.0)
        for k, credit in enumerate(credits)
    )
    possible = sum(point.marks for point in points)
    flags = (_CONTRADICTION,) if features.contradicts else ()
    earned = sum(point.awarded for point in points)
    return Credits(points, earned, possible, spread=width * possible, half_width=width * possible), flags


def _result(reference: ShortReference, reading: Reading, features: ShortFeatures, k: int, credit: float) -> PointResult:
    point = reference.points[k]
    status: Status = "hit" if credit >= HIT else "partial" if credit else "missed"
    return PointResult(
        id=point.id,
        text=point.text,
        marks=point.marks,
        credit=credit,
        status=status,
        awarded=round(point.marks * credit, 2),
        confidence=round(max(credit, 1 - credit), 2),
        evidence=(quote(reading, int(features.window[k])),) if credit else (),
    )


def shared_out(share: float, strengths: Floats, shares: Floats) -> Floats:
    """Credits 0..1 that rise with `strengths` and whose mean, weighed by `shares`, is `share`; all of shape (K,).

    credit = 1 / (1 + exp(−(logit(strength) + shift))) with the one shift that makes the mean right, found by bisection.
    """
    if share <= 0.0 or share >= 1.0:
        return np.full(len(strengths), float(share >= 1.0))
    inside = np.clip(strengths, 0.02, 0.98)
    logits = np.log(inside / (1 - inside))
    low, high = -12.0, 12.0
    for _ in range(40):
        shift = (low + high) / 2
        if float((shares / (1 + np.exp(-(logits + shift)))).sum()) < share:
            low = shift
        else:
            high = shift
    return 1 / (1 + np.exp(-(logits + low)))
