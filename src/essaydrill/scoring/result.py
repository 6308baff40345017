"""What a marked answer looks like (JSON schema 1)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from essaydrill.bank.models import Length

Status = Literal["hit", "partial", "missed"]
LengthStatus = Literal["ok", "under", "over"]
Band = Literal["一类", "二类", "三类", "四类"]

# Lower bounds of the bands as shares of the full mark, as papers of forty marks part them (34+, 26+, 18+).
BANDS: tuple[tuple[float, Band], ...] = ((0.85, "一类"), (0.65, "二类"), (0.45, "三类"), (0.0, "四类"))
# A mark whose range is wider than this share of the full mark deserves a second pair of eyes.
WIDE_INTERVAL = 0.35


def band_of(score: float, full: float) -> Band:
    """The band of a mark."""
    return next(band for bound, band in BANDS if score >= bound * full)


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Frozen):
    """Characters [start, end) of the answer as it was typed; `text` is exactly that slice."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str


class PointResult(Frozen):
    """One scoring point: its credit (0, 0.5 or 1) and why; `missing` has a wording of each concept that is lacking."""

    id: str
    text: str
    marks: float
    credit: float = Field(ge=0, le=1)
    status: Status
    awarded: float
    confidence: float = Field(ge=0, le=1)
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


class PresentationResult(Frozen):
    score: float
    max: float
    findings: tuple[str, ...] = ()


class LengthResult(Frozen):
    """Length in cells against the limit; `deduction` is in marks."""

    cells: int
    limit: Length | None = None
    status: LengthStatus = "ok"
    deduction: float = 0
    rule: str = ""


class Flag(Frozen):
    """Something about the whole answer that a marker would remark on."""

    code: str
    message: str


class Result(Frozen):
    """The mark of one answer with its reasons. `model_dump_json()` is the stable JSON."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)

    schema_version: Literal[1] = Field(default=1, alias="schema")
    prompt: str
    score: float
    max_score: float
    band: Band
    points: tuple[PointResult, ...]
    presentation: PresentationResult
    length: LengthResult
    flags: tuple[Flag, ...] = ()
    interval: tuple[float, float]
    needs_review: bool = False
    signature: str
