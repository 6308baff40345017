"""A scoring point asked again: its situation, and what it is when the learner has answered."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from essaydrill.reports.layout import heading, labelled, page_width, put
from essaydrill.reports.safe_text import one_line, sanitise
from essaydrill.reports.style import GREEN, GREY, STATUS_NAMES, STATUS_STYLES, marks, signs

if TYPE_CHECKING:
    from rich.console import Console

    from essaydrill.bank.models import Prompt
    from essaydrill.scoring.result import PointResult

Quotes = Sequence[tuple[str, str]]
"""Pieces of text, each with the label of what it was taken from."""


def render_situation(prompt: "Prompt", note: str, passages: Quotes, console: "Console") -> None:
    """Print what is asked: the title with a note at its end, the task, and where the materials speak of the point."""
    width = page_width(console)
    put(
        console,
        [heading(one_line(prompt.title or prompt.id), note, console)],
        labelled("题目", Text(sanitise(prompt.task)), width),
        *(labelled("材料", _quote(label, text), width) for label, text in passages),
    )


def render_point(judged: "PointResult", wordings: Quotes, console: "Console") -> None:
    """Print how the sentence was judged, then the point and how the references word it."""
    width = page_width(console)
    style = STATUS_STYLES[judged.status]
    verdict = Text(f"{signs(console).status[judged.status]} {STATUS_NAMES[judged.status]}", f"bold {style}")
    if judged.status == "partial" and judged.missing:
        verdict.append(f"  还差：{one_line('、'.join(judged.missing))}", style)
    point = Text.assemble((sanitise(judged.text), f"bold {GREEN}"), (f"（{marks(judged.marks)} 分）", GREY))
    block = labelled("判定", verdict, width) + labelled("要点", point, width)
    for label, text in wordings:
        block += labelled("参考", _quote(label, text), width)
    put(console, block)


def _quote(label: str, text: str) -> Text:
    return Text.assemble((f"{one_line(label)} ", GREY), one_line(text))
