"""Moving through text by the rows seen on a screen: a paragraph of an answer is one long line that wraps."""

from bisect import bisect_right
from itertools import accumulate

from prompt_toolkit.layout.screen import Char


def move(text: str, cursor: int, rows: int, width: int) -> int:
    """The offset `rows` rows below (above if negative) `cursor`, in about the same column.

    `text` is wrapped at `width` columns. Beyond the first or last row it is the start or the end of the text.
    """
    spans = _rows(text, width)
    here = bisect_right(spans, (cursor, len(text))) - 1
    there = here + rows
    if there < 0:
        return 0
    if there >= len(spans):
        return len(text)
    column = sum(map(_width, text[spans[here][0] : cursor]))
    start, end = spans[there]
    ends = accumulate(map(_width, text[start:end]))
    offset = start + sum(1 for right in ends if right <= column)
    wraps = there + 1 < len(spans) and spans[there + 1][0] == end
    return end - 1 if wraps and offset == end else offset


def _rows(text: str, width: int) -> list[tuple[int, int]]:
    """[start, end) of every row; a line's last row ends before its newline."""
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        column, row = 0, start
        for offset, character in enumerate(line, start):
            taken = _width(character)
            if column + taken > width and offset > row:
                spans.append((row, offset))
                column, row = 0, offset
            column += taken
        spans.append((row, start + len(line)))
        start += len(line) + 1
    return spans


def _width(character: str) -> int:
    return Char(character).width  # as it is drawn: a control character is two columns
