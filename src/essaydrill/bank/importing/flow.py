"""Paragraphs put together from the pieces of a document tree: text, breaks, table rows."""

import re

_ROW_LENGTH = 120  # characters: a longer row of a table is a page laid out with a table
# A line end of the source between two characters that are not ASCII is nothing, elsewhere it is a space.
_SOURCE_LINE_END = re.compile(r"(?<=[^\x00-\x7f])[ \t\r]*\n\s*(?=[^\x00-\x7f])")


class Flow:
    """Collects the text of a document in its order; `lines` are the paragraphs so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._parts: list[str] = []
        self._rows: list[tuple[int, int]] = []  # of each open row: the lines before it, its cells

    def text(self, piece: str | None) -> None:
        if piece:
            self._parts.append(piece)

    def end(self) -> None:
        """The paragraph, or the line of it, is over."""
        line = _SOURCE_LINE_END.sub("", "".join(self._parts))
        self._parts.clear()
        if line.strip():
            self.lines.append(line)

    def row(self) -> None:
        self.end()
        self._rows.append((len(self.lines), 0))

    def cell(self) -> None:
        self.end()
        if self._rows:
            before, cells = self._rows.pop()
            self._rows.append((before, cells + 1))

    def row_end(self) -> None:
        """A row of short cells becomes one line; the cells of a page laid out with a table stay paragraphs."""
        self.end()
        if not self._rows:
            return
        before, cells = self._rows.pop()
        told = [line.strip() for line in self.lines[before:]]
        if 1 < len(told) <= cells and sum(map(len, told)) <= _ROW_LENGTH:
            self.lines[before:] = [" | ".join(told)]
