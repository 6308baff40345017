"""What the candidate reads: the task, the materials, the answer as it stands on the sheet."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Tab, Tabs

from essaydrill.bank.kinds import GENRE_NAMES, KIND_NAMES
from essaydrill.examroom.pages import Page, Passage, harmless
from essaydrill.text.cells import lay_out

if TYPE_CHECKING:
    from essaydrill.bank.shown import AnyPrompt

TASK, SHEET, HINTS = "题目", "答题纸", "提示"
_MARKED, _FOUND, _FOUND_HERE = "black on #f2cf63", "black on #8fd0e0", "bold black on #ff9f5a"
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；]?[”』」’]?")

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Leaf:
    """One tab: what it is called and what it shows."""

    label: str
    text: str


def leaves(prompt: "AnyPrompt") -> list[Leaf]:
    """The task and the materials of a prompt."""
    kind = KIND_NAMES[prompt.kind] + (f"（{GENRE_NAMES[prompt.genre]}）" if prompt.genre else "")
    facts = [kind, f"满分 {prompt.max_score:g} 分", f"难度 {prompt.difficulty}/5"]
    if prompt.minutes:
        facts.append(f"建议 {prompt.minutes} 分钟")
    parts = [" · ".join(facts), f"　　{prompt.task.strip()}"]
    if prompt.requirements:
        parts.append(f"要求：{prompt.requirements.strip()}")
    if prompt.materials:
        parts.append(f"给定材料 {len(prompt.materials)} 则，在后面的页签里。")
    task = harmless("\n\n".join(filter(None, parts)))
    return [Leaf(TASK, task), *(Leaf(harmless(each.label), _body(each.text)) for each in prompt.materials)]


def _body(text: str) -> str:
    """Every paragraph begins two Han characters in."""
    return "\n".join(f"　　{line.strip()}" for line in harmless(text).split("\n") if line.strip())


def sheet_page(text: str, limit: int | None) -> str:
    """The answer on a sheet of 25 cells a line, every fifth line numbered, the limit marked in its line."""
    layout = lay_out(text, limit=limit)
    rows = []
    for number, line in enumerate(layout.lines):
        cells = ["　"] * line.indent + [cell if cell_len(cell) >= 2 else f"{cell} " for cell in line.cells]
        if layout.limit_line == number:
            cells.insert(layout.limit_column or 0, "▌")
        label = str(number + 1) if number == 0 or number % 5 == 4 else ""
        rows.append(f"{label:>3} │{''.join(cells)}")
    return "\n".join(rows) or "还没有写字。写了以后，这里按答题纸每行 25 格排好。"


class Material(Page):
    """The page in the reading pane."""

    BINDINGS: ClassVar = [
        Binding("m", "screen.mark", show=False),
        Binding("slash", "screen.search", show=False),
        Binding("n", "screen.found(1)", show=False),
        Binding("N", "screen.found(-1)", show=False),
        *(Binding(str(number), f"screen.leaf({number - 1})", show=False) for number in range(1, 10)),
    ]


class Reader(Vertical):
    """Tabs over one page. Passages can be searched for and marked; marks are kept under the tab's label."""

    DEFAULT_CSS = """
    Reader { background: $background; }
    Reader Tabs { height: 2; background: $background; }
    Reader Material, Reader Material:focus {
        border: none; padding: 0 1; background: $background; height: 1fr; scrollbar-size-vertical: 1;
    }
    Reader Input { display: none; dock: bottom; height: 1; border: none; padding: 0 1; background: $panel; }
    Reader.searching Input { display: block; }
    """

    class Marked(Message):
        """The reader marked a passage or took a mark away."""

    def __init__(self, pages: Sequence[Leaf], marks: Mapping[str, Spans], sheet: Callable[[], str]) -> None:
        """`sheet` gives the text of the answer sheet's tab whenever it is looked at."""
        super().__init__()
        self._leaves = [*pages, Leaf(SHEET, "")]
        self.marks: dict[str, Spans] = dict(marks)
        self._sheet = sheet
        self._current = 0
        self._places: dict[str, tuple[int, float]] = {}
        self._wanted = ""

    def compose(self) -> ComposeResult:
        yield Tabs(*(Tab(leaf.label, id=f"leaf-{number}") for number, leaf in enumerate(self._leaves)))
        yield Material(self._leaves[0].text)
        yield Input(placeholder="查找，回车跳到下一处，Esc 结束", compact=True)

    def on_mount(self) -> None:
        self.query_one(Tabs).can_focus = False
        self._repaint()

    @property
    def page(self) -> Material:
        return self.query_one(Material)

    @property
    def leaf(self) -> Leaf:
        return self._leaves[self._current]

    def go(self, number: int) -> None:
        """Turn to a tab; numbers beyond the last one do nothing."""
        if 0 <= number < len(self._leaves):
            self.query_one(Tabs).active = f"leaf-{number}"

    def go_to(self, label: str) -> None:
        """Turn to the tab of this name."""
        self.go([leaf.label for leaf in self._leaves].index(label))

    def turn(self, by: int) -> None:
        self.go((self._current + by) % len(self._leaves))

    def show_hints(self, text: str) -> None:
        """Put the hints into a tab of their own, to be read from the top."""
        self._places.pop(HINTS, None)
        if self._leaves[-1].label == HINTS:
            self._leaves[-1] = Leaf(HINTS, text)
            if self.leaf.label == HINTS:
                self._open()
        else:
            self._leaves.append(Leaf(HINTS, text))
            self.query_one(Tabs).add_tab(Tab(HINTS, id=f"leaf-{len(self._leaves) - 1}"))

    def answer_changed(self) -> None:
        """Show the sheet as it is now, if it is looked at."""
        if self.leaf.label == SHEET:
            self._open()

    @on(Tabs.TabActivated)
    def _turned(self, event: Tabs.TabActivated) -> None:
        event.stop()
        number = int((event.tab.id or "leaf-0").removeprefix("leaf-"))
        if number != self._current:
            page = self.page
            self._places[self.leaf.label] = page.offset_of(page.cursor_location), page.scroll_y
            self._current = number
            self._open()

    def _open(self) -> None:
        page, leaf = self.page, self.leaf
        place, scroll = self._places.get(leaf.label, (0, 0.0))
        page.show(self._sheet() if leaf.label == SHEET else leaf.text, at=place)
        page.scroll_to(y=scroll, animate=False)
        self._repaint()

    def _repaint(self) -> None:
        page, text = self.page, self.page.text
        passages = [Passage(start, end, _MARKED) for start, end in self.marks.get(self.leaf.label, ())]
        if self._wanted:
            here = page.selected
            for found in re.finditer(re.escape(self._wanted), text):
                passages.append(Passage(*found.span(), _FOUND_HERE if found.span() == here else _FOUND))
        page.paint(passages)

    # --- marking -----------------------------------------------------------------------------------------------------

    def mark(self) -> None:
        """Mark the selection, else the sentence at the cursor; take the marks there away if there are any."""
        label, page = self.leaf.label, self.page
        if label == SHEET:
            return
        start, end = page.selected
        spans = self.marks.get(label, ())
        if touched := [span for span in spans if span[0] < max(end, start + 1) and start < span[1]]:
            spans = tuple(span for span in spans if span not in touched)
        else:
            if start == end:
                start, end = _sentence(page.text, start)
            if not page.text[start:end].strip():
                return
            spans = tuple(sorted((*spans, (start, end))))
        self.marks[label] = spans
        page.move_cursor(page.location(end if touched else start))
        self._repaint()
        self.post_message(self.Marked())

    # --- searching ---------------------------------------------------------------------------------------------------

    def search(self) -> None:
        """Open the line for what is to be found."""
        self.add_class("searching")
        self.query_one(Input).focus()

    def found(self, step: int) -> None:
        """Go to the next place (-1: the one before), through all tabs."""
        if not self._wanted:
            return
        places = [
            (number, found.start())
            for number, leaf in enumerate(self._leaves)
            if leaf.label != SHEET
            for found in re.finditer(re.escape(self._wanted), leaf.text)
        ]
        if not places:
            self.app.notify(f"没有找到“{self._wanted}”", timeout=2)
            return
        page = self.page
        here = (self._current, page.selected[0])
        later = [place for place in places if (place > here if step > 0 else place < here)]
        number, start = (later or places)[0 if step > 0 else -1]
        self._reveal(number, start)
        self.border_subtitle = f"{places.index((number, start)) + 1}/{len(places)}"

    def _reveal(self, number: int, start: int) -> None:
        page = self.page
        if number != self._current:
            self._places[self.leaf.label] = page.offset_of(page.cursor_location), page.scroll_y
            self._current = number
            self._open()
            self.query_one(Tabs).active = f"leaf-{number}"
        page.move_cursor(page.location(start))
        page.move_cursor(page.location(start + len(self._wanted)), select=True)
        self._repaint()

    @on(Input.Submitted)
    def _search_next(self, event: Input.Submitted) -> None:
        event.stop()
        self._wanted = event.value.strip()
        self.found(1)
        if not self._wanted:
            self.end_search()

    @on(Input.Changed)
    def _wanted_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._wanted = event.value.strip()
        self._repaint()

    def end_search(self) -> None:
        """Close the line; what was found stays shown until something else is looked for."""
        self.remove_class("searching")
        self.page.focus()

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape" and self.has_class("searching"):
            event.stop()
            self._wanted = ""
            self.query_one(Input).value = ""
            self.end_search()
            self._repaint()


def _sentence(text: str, at: int) -> tuple[int, int]:
    """The sentence in which a character stands, without the blanks before it."""
    for found in _SENTENCE.finditer(text):
        if found.start() <= at < found.end() or (found.end() == len(text) and found.group()):
            indent = len(found.group()) - len(found.group().lstrip())
            return found.start() + indent, found.end()
    return at, at
