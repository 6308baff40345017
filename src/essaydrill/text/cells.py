"""Length as an answer sheet counts it (字数), and how a text stands on the sheet.

One cell holds a Han character, a punctuation mark or any other symbol, or two neighbouring ASCII letters or digits: a
run of n of them fills ceil(n / 2) cells. A decimal such as 3.5 is a run, a mark and a run: 3 cells. A full-width letter
or digit fills a cell of its own; —— and …… are two characters and two cells. White space, terminal escapes and
invisible characters fill none; white space ends a run, what is invisible does not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from essaydrill.text.characters import CLOSERS, INVISIBLE, UNSEEN

_INDENT = 2
_RUN = re.compile("[A-Za-z0-9][A-Za-z0-9]+")
_PARAGRAPH = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_PIECE = re.compile(rf"(?P<unseen>{UNSEEN.pattern})|(?P<space>\s)|(?P<half>[A-Za-z0-9])|.", re.DOTALL)
_NEVER_FIRST = re.compile(rf"[{CLOSERS}。、，．！？：；,.!?:;%％]")


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of the sheet: raw [start, end), `indent` empty cells, then one string per filled cell.

    A string is one character, two ASCII letters or digits, or a character with the closing marks squeezed in.
    """

    start: int
    end: int
    indent: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A text on the sheet. The limit falls in lines[limit_line] behind its first `limit_column` cells (indent counted).

    Both are None when no limit was given or the text does not reach it.
    """

    lines: tuple[SheetLine, ...]
    limit_line: int | None
    limit_column: int | None


class _Cell(NamedTuple):
    text: str
    start: int
    end: int


def count_cells(text: str) -> int:
    """The length of `text` in cells."""
    # Every escape begins with an invisible character.
    visible = UNSEEN.sub("", text) if _INVISIBLE.search(text) else text
    cells = sum(map(len, visible.split()))
    for run in _RUN.findall(visible):
        cells -= len(run) // 2
    return cells


def offset_at_cells(text: str, cells: int) -> int:
    """The offset just behind the last character that fits into `cells` cells; len(text) when all of them do."""
    if len(text) <= cells or count_cells(text) <= cells:
        return len(text)
    behind = 0
    for number, cell in enumerate(_cells(text, 0, len(text))):
        if number >= cells:
            break
        behind = cell.end
    return behind


def lay_out(text: str, width: int = 25, limit: int | None = None) -> SheetLayout:
    """How `text` stands on a sheet of `width` (at least 3) cells a line.

    A paragraph starts with two empty cells, blank lines are skipped. A closing mark does not start a line: it shares
    the last cell of the line before. `limit` counts cells as `count_cells` does.
    """
    if width <= _INDENT:
        raise ValueError(f"a line needs at least {_INDENT + 1} cells, not {width}")
    lines: list[SheetLine] = []
    limit_at: tuple[int | None, int | None] = None, None
    filled = 0
    for paragraph in _PARAGRAPH.finditer(text):
        indent, line = _INDENT, list[_Cell]()
        for cell in _cells(text, *paragraph.span()):
            is_full = indent + len(line) == width
            if is_full and _NEVER_FIRST.match(cell.text):
                line[-1] = _Cell(line[-1].text + cell.text, line[-1].start, cell.end)
            else:
                if is_full:
                    lines.append(_sheet_line(line, indent))
                    indent, line = 0, []
                line.append(cell)
            filled += 1
            if filled == limit:
                limit_at = len(lines), indent + len(line)
        if line:
            lines.append(_sheet_line(line, indent))
    return SheetLayout(tuple(lines), *limit_at)


def _sheet_line(cells: list[_Cell], indent: int) -> SheetLine:
    return SheetLine(cells[0].start, cells[-1].end, indent, tuple(cell.text for cell in cells))


def _cells(text: str, start: int, end: int) -> Iterator[_Cell]:
    """The filled cells of text[start:end]: as many as `count_cells` counts."""
    half: _Cell | None = None  # holds one ASCII character and has room for a second
    for piece in _PIECE.finditer(text, start, end):
        kind = piece.lastgroup
        if kind == "unseen":
            continue
        if half and kind == "half":
            yield _Cell(half.text + piece[0], half.start, piece.end())
            half = None
            continue
        if half:
            yield half
            half = None
        if kind == "half":
            half = _Cell(piece[0], *piece.span())
        elif kind != "space":
            yield _Cell(piece[0], *piece.span())
    if half:
        yield half
