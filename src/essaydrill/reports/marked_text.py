"""The candidate's own text with the earned marks shown where they were earned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from essaydrill.reports.safe_text import one_line, sanitise
from essaydrill.reports.style import EARNING, GREY, STATUS_NAMES, STATUS_STYLES, is_plain, marks
from essaydrill.scoring.result import PointResult, Status


@dataclass(frozen=True)
class Mark:
    """Characters [start, end) of the answer that earned something; `tag` is written behind them."""

    start: int
    end: int
    tag: str
    status: Status


@dataclass(frozen=True)
class MarkedText:
    """The answer with tags written into it; `tags` are their spans in `text.plain`, in order and apart."""

    text: Text
    tags: tuple[tuple[int, int], ...]


def marks_of(points: Sequence[PointResult]) -> list[Mark]:
    """One mark for each piece of evidence; a point's last piece carries what the point earned."""
    return list(_marks_of(points))


def _marks_of(points: Sequence[PointResult]) -> Iterator[Mark]:
    for point in points:
        if point.awarded <= 0:
            continue
        name = one_line(point.id)
        pieces = sorted(point.evidence, key=lambda piece: (piece.end, piece.start))
        for piece in pieces:
            tag = f"[{name} +{marks(point.awarded)}]" if piece is pieces[-1] else f"[{name}]"
            yield Mark(piece.start, piece.end, tag, point.status)


def mark_text(answer: str, given: Sequence[Mark]) -> MarkedText:
    """`answer`, made harmless, with every mark's span underlined in its colour and its tag behind the span.

    Spans may overlap, touch or reach beyond the answer; where a hit and a partial overlap, the hit's colour shows.
    """
    answer = sanitise(answer)
    spans = [(*span, mark) for mark in given if (span := _trimmed(answer, mark.start, mark.end))]
    cuts = sorted({0, len(answer), *(cut for start, end, _ in spans for cut in (start, end))})
    text, tags = Text(), []
    for start, end in zip(cuts, [*cuts[1:], len(answer)], strict=True):
        for _, _, mark in (span for span in spans if span[1] == start):
            tags.append((len(text), len(text) + len(mark.tag)))
            text.append(mark.tag, f"bold {STATUS_STYLES[mark.status]}")
        covering = {mark.status for first, last, mark in spans if first <= start and end <= last}
        text.append(answer[start:end], _style(covering))
    return MarkedText(text, tuple(tags))


def _trimmed(answer: str, start: int, end: int) -> tuple[int, int] | None:
    """The span within the answer and without blanks at its ends, so that no tag is parted from its words."""
    piece = answer[max(0, start) : max(0, end)]
    words = piece.strip()
    first = max(0, start) + len(piece) - len(piece.lstrip())
    return (first, first + len(words)) if words else None


def _style(covering: set[Status]) -> str:
    return next((f"underline {STATUS_STYLES[status]}" for status in EARNING if status in covering), "")


def legend(console: Console) -> Text:
    """What the colours and tags of a marked text mean."""
    tags = Text("[采分点 +得分]", GREY)
    if is_plain(console):
        return tags
    names = ((STATUS_NAMES[status], f"underline {STATUS_STYLES[status]}") for status in EARNING)
    return Text(" ").join([*(Text(*name) for name in names), tags])
