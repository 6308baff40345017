"""A tutor's marks applied: the machine's total of one question adjusted as some hand-marked answers taught it.

share' = share + constant + slope · share + Σ (credit of a point) · (weight of the point)
               + Σ (weight of each character n-gram that the answer has)

where `share` is the machine's mark as a share of the full mark, with the credits of the points first read as the
tutor gives them (`credits`). `essaydrill.agreement.calibrate` finds the figures; a file without any changes nothing.
"""

import hashlib
import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from essaydrill.bank import Item
from essaydrill.errors import UsageError
from essaydrill.scoring.result import WIDE_INTERVAL, Flag, Result, Status, band_of
from essaydrill.scoring.tfidf import character_ngrams
from essaydrill.text import normalise

Method = Literal["none", "scale", "points", "words"]

LONGEST_NGRAM = 2
# Answers that were judged as a whole to be worth little are not raised by wording.
_JUDGED = frozenset(("keyword_stuffing", "empty_talk", "reversed", "off_task", "copied_materials", "contradiction"))
_UNMARKED = frozenset(("empty", "noise"))


def judged_as_a_whole(result: Result) -> bool:
    """Whether the total says something about the whole answer rather than about its points."""
    return any(flag.code in _JUDGED | _UNMARKED for flag in result.flags)


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figures(Frozen):
    """Agreement with the tutor's marks, as shares of the full mark."""

    qwk: float
    mae: float


class OwnQuestion(Frozen):
    """A question that no bank has; its references are the best-marked answers, or those that were given."""

    task: str
    max_score: float = Field(gt=0)
    references: tuple[str, ...] = Field(min_length=1)

    def item(self, title: str) -> Item:
        """The question under the name that its author gave it."""
        item = Item.from_references(self.task, self.references, self.max_score)
        return Item(item.prompt.model_copy(update={"title": title}), item.reference)


class Calibration(Frozen):
    """What was learnt from hand-marked answers to one question. `model_dump_json()` is the file.

    `prompt` and `digest` name the question and its scheme, `model` the marking model whose marks are adjusted. Weights
    are shares of the full mark. `half_width` is half the interval around the adjusted mark. `before` and `after` are
    figures on answers that the adjustment had not seen (cross-validation).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True)

    schema_version: Literal[1] = Field(default=1, alias="schema")
    prompt: str
    digest: str
    model: str
    answers: int = Field(gt=0)
    method: Method
    constant: float = 0.0
    slope: float = 0.0
    credits: dict[str, dict[Status, float]] = {}
    points: dict[str, float] = {}
    ngrams: dict[str, float] = {}
    half_width: float = Field(ge=0, le=1)
    before: Figures
    after: Figures
    question: OwnQuestion | None = None

    @property
    def hash(self) -> str:
        """Eight hex digits of everything that changes a mark."""
        content = self.model_dump(mode="json", exclude={"before", "after", "answers"})
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:8]

    def item(self) -> Item | None:
        """The question that the file carries, if it does."""
        return self.question.item(self.prompt) if self.question else None

    def check(self, item: Item, model: str) -> None:
        """Raise `UsageError` where the marks that were adjusted are not those of this item and marking model."""
        if self.digest != item.digest:
            raise UsageError(f"校准文件是给“{self.prompt}”做的，与这道题或它现在的评分标准不符，请重新校准")
        if self.model != model:
            raise UsageError(f"校准文件是在评分模型 {self.model} 上做的，现在用的是 {model}，请重新校准")

    def adjusted(self, result: Result, text: str) -> Result:
        """The result with its total, band and interval adjusted; the points stay as they are."""
        codes = {flag.code for flag in result.flags}
        if codes & _UNMARKED:
            return result
        full = result.max_score
        share = self.share(result, text)
        if codes & _JUDGED:
            share = min(share, result.score / full)
        score = round(share * full, 2)
        half = self.half_width * full
        low, high = _half_mark(max(0.0, score - half)), _half_mark(min(full, score + half))
        other_reasons = result.needs_review and result.interval[1] - result.interval[0] <= WIDE_INTERVAL * full
        message = f"总分按 {self.answers} 份人工评分校准：原评 {result.score:g} 分，校准后 {score:g} 分，采分点不变"
        return result.model_copy(
            update={
                "score": score,
                "band": band_of(score, full),
                "flags": (*result.flags, Flag(code="calibrated", message=message)),
                "interval": (min(low, score), max(high, score)),
                "needs_review": bool(result.flags) or other_reasons or high - low > WIDE_INTERVAL * full,
            }
        )

    def share(self, result: Result, text: str) -> float:
        """The adjusted mark as a share of the full mark, 0..1."""
        full = result.max_score
        share = result.score / full
        for point in result.points:
            if point.id in self.credits:
                share += (self.credits[point.id][point.status] - point.credit) * point.marks / full
        total = share + self.constant + self.slope * share
        total += sum(self.points.get(point.id, 0.0) * point.credit for point in result.points)
        total += sum(self.ngrams[ngram] for ngram in sorted(answer_ngrams(text) & self.ngrams.keys()))
        return min(1.0, max(0.0, total))


def answer_ngrams(text: str) -> frozenset[str]:
    """The character n-grams by which wording is learnt: one or two letters or Han characters, each counted once."""
    plain = normalise(text).text.lower()
    return frozenset(ngram for ngram in character_ngrams(plain) if len(ngram) <= LONGEST_NGRAM)


def _half_mark(value: float) -> float:
    return round(value * 2) / 2
