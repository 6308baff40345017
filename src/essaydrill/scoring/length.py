"""What a marker does about length. All rules and their reasons stand here."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from essaydrill.bank.models import Length
from essaydrill.scoring.model import ramp
from essaydrill.scoring.result import LengthResult
from essaydrill.text import count_cells, offset_at_cells

if TYPE_CHECKING:
    from essaydrill.bank.shown import AnyLength

# “400字左右” is commonly marked as ten percent either way.
ABOUT_TOLERANCE = 0.10
# Markers count lines, not characters: a few cells too many are not seen.
FREE_EXCESS = 0.05
# A quarter too long is plainly against the requirement; papers take about a tenth of the mark for it.
FULL_EXCESS = 0.25
LARGEST_DEDUCTION = 0.10
# The answer sheet ends: what stands beyond is not read.
SHEET_END = 1.25
# Below this share of an upper limit it is worth telling that room was left, at no cost.
ROOM_LEFT = 0.70


@dataclass(frozen=True)
class Bounds:
    """Lowest and highest length in cells that the requirement accepts; None where it sets none."""

    low: int | None
    high: int | None


def bounds(limit: "AnyLength | None") -> Bounds:
    if limit is None:
        return Bounds(None, None)
    if limit.about is not None:
        return Bounds(round(limit.about * (1 - ABOUT_TOLERANCE)), round(limit.about * (1 + ABOUT_TOLERANCE)))
    return Bounds(limit.min, limit.max)


def sheet_end(text: str, limit: Length | None, cells: int | None = None) -> int:
    """The offset in `text` at which the answer sheet ends (the text's length when it never does); `cells` is the length
    of the text where it has been counted."""
    high = bounds(limit).high
    if high is None:
        return len(text)
    sheet = int(high * SHEET_END)
    return len(text) if cells is not None and cells <= sheet else offset_at_cells(text, sheet)


def judge_length(text: str, limit: Length | None, max_score: float) -> LengthResult:
    """Length in cells against the limit, and what it costs in marks (steps of 0.5)."""
    cells = count_cells(text)
    allowed = bounds(limit)
    wanted = _wording(limit)
    if allowed.high is not None and cells > allowed.high:
        excess = cells / allowed.high - 1
        deduction = _deduction(excess, max_score)
        scale = f"超过 {FREE_EXCESS:.0%} 起扣分，超 {FULL_EXCESS:.0%} 扣满分的 {LARGEST_DEDUCTION:.0%}"
        rule = f"{wanted}，超出 {excess:.0%}：{scale}"
        if cells > allowed.high * SHEET_END:
            rule += f"；{int(allowed.high * SHEET_END)} 格以后的内容写出答题纸，不再阅读"
        return LengthResult(cells=cells, limit=limit, status="over", deduction=deduction, rule=rule)
    if allowed.low is not None and cells < allowed.low:
        lack = 1 - cells / allowed.low
        if limit is not None and limit.min is not None:
            deduction = _deduction(lack, max_score)
            scale = f"少于要求 {FREE_EXCESS:.0%} 起扣分，最多扣满分的 {LARGEST_DEDUCTION:.0%}"
            rule = f"{wanted}，少了 {lack:.0%}：{scale}"
            return LengthResult(cells=cells, limit=limit, status="under", deduction=deduction, rule=rule)
        rule = f"{wanted}，写少了：不扣分，但要点容易写不全"
        return LengthResult(cells=cells, limit=limit, status="under", rule=rule)
    if allowed.low is None and allowed.high is not None and cells < allowed.high * ROOM_LEFT:
        rule = f"{wanted}，还可再写 {allowed.high - cells} 格：不扣分"
        return LengthResult(cells=cells, limit=limit, status="ok", rule=rule)
    return LengthResult(cells=cells, limit=limit, status="ok", rule=wanted)


def _deduction(share: float, max_score: float) -> float:
    cost = LARGEST_DEDUCTION * ramp(share, FREE_EXCESS, FULL_EXCESS) * max_score
    return round(cost * 2) / 2


def _wording(limit: Length | None) -> str:
    if limit is None:
        return "没有字数要求"
    if limit.about is not None:
        allowed = bounds(limit)
        return f"要求 {limit.about} 字左右（{allowed.low}–{allowed.high}）"
    if limit.min is not None and limit.max is not None:
        return f"要求 {limit.min}–{limit.max} 字"
    return f"要求不超过 {limit.max} 字" if limit.max is not None else f"要求不少于 {limit.min} 字"
