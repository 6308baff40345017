"""The candidate's own text with the earned marks shown where they were earned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from essaydrill.bank.models import Length
from essaydrill.reports.safe_text import one_line, sanitise
from essaydrill.reports.style import EARNING, GREY, STATUS_NAMES, STATUS_STYLES, is_plain, marks
from essaydrill.scoring.length import sheet_end
from essaydrill.scoring.result import PointResult, Status

_LONGEST_SHOWN = 6_000  # characters of an answer; about five answer sheets


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


@dataclass(frozen=True)
class Piece:
    """A stretch of a marked answer: words that earned something by `status` or nothing (None), or the tag of a mark."""

    text: str
    status: Status | None
    is_tag: bool = False


def pieces_of(answer: str, given: Sequence[Mark]) -> Iterator[Piece]:
    """`answer`, made harmless, in pieces in order, the tag of every mark behind its span.

    Spans may overlap, touch or reach beyond the answer; where a hit and a partial overlap, it is a hit.
    """
    answer = sanitise(answer)
    spans = [(*span, mark) for mark in given if (span := _trimmed(answer, mark.start, mark.end))]
    cuts = sorted({0, len(answer), *(cut for start, end, _ in spans for cut in (start, end))})
    for start, end in zip(cuts, [*cuts[1:], len(answer)], strict=True):
        for _, _, mark in (span for span in spans if span[1] == start):
            yield Piece(mark.tag, mark.status, is_tag=True)
        covering = {mark.status for first, last, mark in spans if first <= start and end <= last}
        if start < end:
            yield Piece(answer[start:end], next((status for status in EARNING if status in covering), None))


def mark_text(answer: str, given: Sequence[Mark]) -> MarkedText:
    """The pieces of a marked answer as one text: spans underlined in their colours, tags behind them."""
    text, tags = Text(), []
    for piece in pieces_of(answer, given):
        if piece.is_tag:
            tags.append((len(text), len(text) + len(piece.text)))
        style = STATUS_STYLES[piece.status] if piece.status else ""
        text.append(piece.text, f"{'bold' if piece.is_tag else 'underline'} {style}" if style else "")
    return MarkedText(text, tuple(tags))


@dataclass(frozen=True)
class Shown:
    """As much of an answer as a report shows, and what is to be said of the rest."""

    text: str
    notes: tuple[str, ...]


def shown_part(answer: str, limit: Length | None) -> Shown:
    """The part of the answer that was read, as far as it can be shown, and how much was left out."""
    read = sheet_end(answer, limit)
    shown = min(read, _LONGEST_SHOWN)
    notes = []
    if shown < read:
        notes.append(f"（后面 {read - shown} 个字符已阅读，这里不再显示）")
    if read < len(answer):
        notes.append(f"（答题纸到此为止，后面 {len(answer) - read} 个字符没有阅读）")
    return Shown(answer[:shown], tuple(notes))


def _trimmed(answer: str, start: int, end: int) -> tuple[int, int] | None:
    """The span within the answer and without blanks at its ends, so that no tag is parted from its words."""
    piece = answer[max(0, start) : max(0, end)]
    words = piece.strip()
    first = max(0, start) + len(piece) - len(piece.lstrip())
    return (first, first + len(words)) if words else None


def legend(console: Console) -> Text:
    """What the colours and tags of a marked text mean."""
    tags = Text("[采分点 +得分]", GREY)
    if is_plain(console):
        return tags
    names = ((STATUS_NAMES[status], f"underline {STATUS_STYLES[status]}") for status in EARNING)
    return Text(" ").join([*(Text(*name) for name in names), tags])
