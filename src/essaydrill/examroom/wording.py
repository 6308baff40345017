"""How lengths and times are told."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from essaydrill.examroom.clock import minutes
from essaydrill.text.cells import count_cells

if TYPE_CHECKING:
    from essaydrill.bank.shown import AnyLength
    from essaydrill.practice.session import Sitting


def wanted_cells(limit: "AnyLength") -> str:
    """A length requirement as short as it can be told."""
    if limit.about:
        return f"{limit.about} 左右"
    if limit.min and limit.max:
        return f"{limit.min}–{limit.max}"
    return f"{limit.max}" if limit.max else f"至少 {limit.min}"


def facts_of(sittings: "Sequence[Sitting]") -> str:
    """What is asked before handing in: how long the answers are and how much time they took."""
    lines = []
    for number, sitting in enumerate(sittings, 1):
        limit = sitting.prompt.limit
        wanted = f"，要求 {wanted_cells(limit)}" if limit else ""
        which = f"第 {number} 题：" if len(sittings) > 1 else ""
        spent = f"，用时 {minutes(sitting.watch.seconds)}"
        lines.append(f"{which}写了 {count_cells(sitting.text)} 格{wanted}{spent}")
    return "\n".join(lines)
