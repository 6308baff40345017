"""Text with coloured passages: the materials, the answer, marked answers."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable
from itertools import accumulate
from typing import Any, NamedTuple

from rich.style import Style
from rich.text import Text
from textual.strip import Strip
from textual.widgets import TextArea

from essaydrill.reports.safe_text import sanitise

Location = tuple[int, int]
_MOST_ROWS = 500


class Passage(NamedTuple):
    """Characters [start, end) of a text and the rich style they are shown in."""

    start: int
    end: int
    style: str


def harmless(text: str) -> str:
    """`text` as a page can hold it: one kind of line end, nothing a terminal would act on."""
    return sanitise(text.replace("\r\n", "\n"))


class Page(TextArea):
    """A text to read, with passages painted on it; later passages lie over earlier ones."""

    def __init__(self, text: str = "", *, read_only: bool = True, **more: Any) -> None:
        self._painted: dict[int, list[tuple[int, int, Style]]] = {}
        self._rows: dict[Hashable, Strip] = {}
        super().__init__(text, read_only=read_only, soft_wrap=True, highlight_cursor_line=False, **more)
        self.cursor_blink = False
        self.match_cursor_bracket = False

    def show(self, text: str, passages: Iterable[Passage] = (), *, at: int = 0) -> None:
        """Put another text on the page, the cursor at offset `at`."""
        self._painted = {}
        self.load_text(text)
        self.paint(passages)
        self.move_cursor(self.location(at))

    def paint(self, passages: Iterable[Passage]) -> None:
        """Replace all painted passages."""
        starts = self._starts()
        painted = defaultdict(list)
        for start, end, style in passages:
            first, last = bisect_right(starts, start) - 1, bisect_right(starts, max(start, end - 1)) - 1
            parsed = Style.parse(style)
            for line in range(first, last + 1):
                painted[line].append((max(0, start - starts[line]), end - starts[line], parsed))
        if painted != self._painted:
            self._painted = dict(painted)
            super().notify_style_update()
            self.refresh()

    def notify_style_update(self) -> None:
        self._rows.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        # TextArea draws every row of the page anew for every key, each from the whole of its paragraph.
        row = self._row(y + self.scroll_offset.y)
        if row is None:
            return super().render_line(y)
        if row not in self._rows:
            if len(self._rows) >= _MOST_ROWS:
                self._rows.clear()
            self._rows[row] = super().render_line(y)
        return self._rows[row]

    def _row(self, y: int) -> Hashable | None:
        """All that a row's looks depend on; None where that is more than what stands in it."""
        if not self.text or self.selection.start != self.selection.end:
            return None
        for number in range(self.document.line_count):
            offsets = self.wrapped_document.get_offsets(number)
            if y <= len(offsets):
                break
            y -= len(offsets) + 1
        else:
            return None
        line = self.document.get_line(number)
        start, end = [0, *offsets, len(line)][y : y + 2]
        row, column = self.cursor_location
        cursor = column - start if row == number and start <= column <= end else None
        painted = tuple(
            (max(0, first - start), min(last, end + 1) - start, style)
            for first, last, style in self._painted.get(number, ())
            if first <= end and last > start
        )
        width = self.scrollable_content_region.width  # less where there is a scroll bar
        return line[start:end], cursor, painted, self.has_focus, width, self.app.theme

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        for start, end, style in self._painted.get(line_index, ()):
            line.stylize(style, start, end)
        return line

    def offset_of(self, location: Location) -> int:
        """How many characters stand before a place in the text."""
        return self._starts()[location[0]] + location[1]

    def location(self, offset: int) -> Location:
        """The row and column of a character."""
        starts = self._starts()
        row = bisect_right(starts, max(0, offset)) - 1
        return row, min(max(0, offset) - starts[row], len(self.document.get_line(row)))

    @property
    def selected(self) -> tuple[int, int]:
        """The selection as [start, end); both are the cursor's place where nothing is selected."""
        first, last = sorted((self.selection.start, self.selection.end))
        return self.offset_of(first), self.offset_of(last)

    def _starts(self) -> list[int]:
        lengths = [len(line) + 1 for line in self.document.lines]
        return [0, *accumulate(lengths)][: len(lengths)]
