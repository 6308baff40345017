"""The rows of a worksheet as Office Open XML (ECMA-376 part 1, 18.3.1), made many at a time by whoever has the records.

Which row of the sheet one becomes is known only when all are put together: until then a sign stands in for its number.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from essaydrill.grading.gradebook import Cell

_NUMBER = "\0"  # no text in a cell can hold it
_END = b"</row>"
_LONGEST_CELL = 32_767
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "_x000D_"})
# Spreadsheet programs read `_x0041_` as an A; the sign before is written so itself to have it stand for nothing.
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Rows:
    """Rows without their numbers, packed; `size` is what they take unpacked, in bytes."""

    count: int
    size: int
    packed: bytes

    @classmethod
    def of(cls, rows: Sequence[Sequence[Cell]]) -> "Rows":
        content = "".join(map(_row, rows)).encode("utf-8")
        return cls(len(rows), len(content), zlib.compress(content, 1))

    def numbered(self, first: int) -> Iterator[bytes]:
        """The XML of each row, the first being row `first` of the sheet, counted from 1."""
        rows = zlib.decompress(self.packed).split(_END)[:-1]
        for number, row in enumerate(rows, first):
            yield row.replace(_NUMBER.encode(), str(number).encode()) + _END


def cell_text(text: str) -> str:
    """What a cell can hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)[:_LONGEST_CELL]


def _row(cells: Sequence[Cell]) -> str:
    filled = [
        f'<c r="{column_name(column)}{_NUMBER}"{_content(cell)}</c>'
        for column, cell in enumerate(cells)
        if cell is not None and cell != ""
    ]
    return f'<row r="{_NUMBER}">{"".join(filled)}</row>'


def _content(cell: str | float) -> str:
    if not isinstance(cell, str):
        return f"><v>{cell:.16G}</v>"
    if cell.isalnum() and len(cell) < _LONGEST_CELL:  # as most are; looking closer takes longer than all else
        return f' t="inlineStr"><is><t>{cell}</t></is>'
    text = _ESCAPE_LIKE.sub("_x005F_", cell_text(cell)).translate(_MARKUP)
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f' t="inlineStr"><is><t{space}>{text}</t></is>'


@cache
def column_name(column: int) -> str:
    """A, B, …, Z, AA, … of 0, 1, …"""
    before, last = divmod(column, 26)
    return (column_name(before - 1) if before else "") + chr(ord("A") + last)
