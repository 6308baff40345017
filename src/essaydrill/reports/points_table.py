"""The scoring points of a marked answer, one under the other as the scheme has them."""

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from essaydrill.reports.layout import Block, beside, heading, page_width, right, shorten, wrap
from essaydrill.reports.safe_text import one_line
from essaydrill.reports.style import GREY, STATUS_NAMES, STATUS_STYLES, marks, signs
from essaydrill.scoring.result import PointResult, Result

if TYPE_CHECKING:
    from rich.console import Console

    from essaydrill.bank.item import Item

_NARROW, _WIDE = 60, 100  # columns below which the sign stands without its word; from which evidence has its own column
_LONGEST_ID = 12
_QUOTES = 2  # pieces of evidence quoted of a point; the marked answer shows them all
_INNER_QUOTES = str.maketrans("“”", "‘’")


def points_table(result: Result, item: "Item", console: "Console") -> Block:
    """Each point with its status, marks and wording, what earned the marks and what is still to be had."""
    if not result.points:
        return []
    width = page_width(console)
    points = in_scheme_order(result, item)
    counts = counted(result)
    found_in = {point.id: point.found_in for point in item.reference.points}

    statuses = [_status(point, console, with_name=width >= _NARROW) for point in points]
    names = [Text(shorten(one_line(point.id), _LONGEST_ID), GREY) for point in points]
    earned = [_earned(point) for point in points]
    status_width, name_width, earned_width = (max(text.cell_len for text in t) for t in (statuses, names, earned))
    room = width - status_width - name_width - earned_width - 6
    block = [heading("采分点", counts, console)]
    for point, status, name, score in zip(points, statuses, names, earned, strict=True):
        materials = found_in.get(point.id, ())
        front = [([status], status_width), ([name], name_width)]
        marks_column = ([right(score, earned_width)], earned_width)
        wording = Text(one_line(point.text))
        if width >= _WIDE:
            left = (room - 2) * 9 // 20
            details = _details(point, materials, room - 2 - left)
            block += beside([*front, (wrap(wording, left), left), marks_column, (details, room - 2 - left)])
        else:
            # Only the first line has something at the right, so the details may use its room.
            body = wrap(wording, room) + _details(point, materials, room + earned_width + 2)
            block += beside([*front, (body, room), marks_column])
    return block


def in_scheme_order(result: Result, item: "Item") -> list[PointResult]:
    scheme = {point.id: place for place, point in enumerate(item.reference.points)}
    return sorted(result.points, key=lambda point: scheme.get(point.id, len(scheme)))


def counted(result: Result) -> str:
    """How many points were hit, partial, missed."""
    counts = Counter(point.status for point in result.points)
    return " · ".join(f"{counts[status]} {name}" for status, name in STATUS_NAMES.items() if counts[status])


def _status(point: PointResult, console: "Console", *, with_name: bool) -> Text:
    sign = signs(console).status[point.status]
    shown = f"{sign} {STATUS_NAMES[point.status]}" if with_name else sign
    return Text(shown, f"bold {STATUS_STYLES[point.status]}")


def _earned(point: PointResult) -> Text:
    return Text.assemble((marks(point.awarded), f"bold {STATUS_STYLES[point.status]}"), f"/{marks(point.marks)}")


def _details(point: PointResult, materials: tuple[str, ...], width: int) -> Block:
    """The candidate's own words, what a partial lacks, where a missed point is to be found."""
    block: Block = []
    for piece in point.evidence[:_QUOTES]:
        words = one_line(piece.text).translate(_INNER_QUOTES)
        block += wrap(Text(f"“{shorten(words, 2 * width - 6)}”", STATUS_STYLES[point.status]), width)
    if point.status == "partial" and point.missing:
        block += wrap(Text(f"还差：{one_line('、'.join(point.missing))}"), width)
    if point.status == "missed" and materials:
        block += wrap(Text(f"见{one_line('、'.join(materials))}", GREY), width)
    return block
