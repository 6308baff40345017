"""The desk: the materials on one side, the answer sheet on the other, a line above; moving about between them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal
from textual.screen import Screen
from textual.widgets import Input, Static

from essaydrill.examroom.desk_keys import ALL_KEYS, EXAM_KEYS, LAST, READING, SEARCHING, TURNING, WRITING
from essaydrill.examroom.keybar import KeyBar
from essaydrill.examroom.pages import harmless
from essaydrill.examroom.reader import Reader, Spans, leaves, sheet_page
from essaydrill.examroom.sheet import Answer, Sheet

if TYPE_CHECKING:
    from essaydrill.bank.shown import AnyPrompt

TWO_PANES = 100  # columns from which materials and answer stand side by side


class Desk(Screen[None]):
    """A prompt laid out beside an answer to it."""

    BINDINGS: ClassVar = [
        Binding("f5", "turn(-1)", priority=True, show=False),
        Binding("f6", "turn(1)", priority=True, show=False),
        Binding("f7", "search", priority=True, show=False),
        Binding("f8", "mark", priority=True, show=False),
        Binding("f9", "zoom", priority=True, show=False),
        Binding("f1", "keys", priority=True, show=False),
        Binding("tab,shift+tab", "other_pane", priority=True, show=False),
        Binding("ctrl+up", "scroll_reader(-1)", priority=True, show=False),
        Binding("ctrl+down", "scroll_reader(1)", priority=True, show=False),
    ]
    SCOPED_CSS = False  # the rules hold for the screens made from this one
    CSS = """
    Desk #head { height: 1; background: $primary 20%; padding: 0 1; }
    Desk #title { width: 1fr; height: 1; text-style: bold; }
    Desk #time { width: 16; height: 1; text-align: right; }
    Desk #time.soon { color: $warning; text-style: bold; }
    Desk #time.over { color: $error; text-style: bold; }
    Desk #panes { layout: vertical; height: 1fr; }
    Desk Reader { height: 1fr; }
    Desk.wide #panes { layout: horizontal; }
    Desk.wide Reader { width: 1fr; min-width: 58; border-right: vkey $border; }
    Desk.wide Answer { width: 1fr; }
    Desk.wide Sheet, Desk.wide Sheet:focus { padding: 1 2; }
    Desk.wide Reader Material, Desk.wide Reader Material:focus { padding: 1 2; }
    Desk.reading-large Answer { display: none; }
    Desk.writing-large Reader { display: none; }
    """

    def __init__(self, prompt: "AnyPrompt", text: str, marks: Mapping[str, Spans], place: str) -> None:
        """`place` tells which question of a paper this is ("2/5"); it is empty where there is only one."""
        super().__init__()
        self._prompt = prompt
        self._text = text
        self._marks = marks
        self._place = place

    def compose(self) -> ComposeResult:
        prompt = self._prompt
        title = harmless(prompt.title or prompt.task[:30]).replace("\n", " ")
        with Horizontal(id="head"):
            yield Static(f"{self._place}  {title}" if self._place else title, id="title", markup=False)
            yield Static(id="time", markup=False)
        with Container(id="panes"):
            yield Reader(leaves(prompt), self._marks, self._sheet_page)
            yield Answer(self._text, prompt.limit)
        yield KeyBar()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= TWO_PANES, "wide")

    @property
    def answer(self) -> Answer:
        return self.query_one(Answer)

    @property
    def sheet(self) -> Sheet:
        return self.answer.sheet

    @property
    def reader(self) -> Reader:
        return self.query_one(Reader)

    @property
    def _is_reading(self) -> bool:
        return self.focused is not None and self.reader in self.focused.ancestors_with_self

    def on_descendant_focus(self) -> None:
        self._tell_keys()

    def _sheet_page(self) -> str:
        return sheet_page(self.sheet.text, self.answer.high)

    def _tell_keys(self) -> None:
        if isinstance(self.focused, Input):
            self.query_one(KeyBar).show(SEARCHING)
            return
        keys = (*READING, *LAST) if self._is_reading else WRITING
        self.query_one(KeyBar).show((*keys[:1], *(TURNING if self._place else ()), *keys[1:]))

    # --- what the keys do --------------------------------------------------------------------------------------------

    def action_other_pane(self) -> None:
        to_reader = not self._is_reading
        if self.has_class("reading-large") or self.has_class("writing-large"):
            self.set_class(to_reader, "reading-large")
            self.set_class(not to_reader, "writing-large")
        (self.reader.page if to_reader else self.sheet).focus()

    def action_zoom(self) -> None:
        if self.has_class("reading-large") or self.has_class("writing-large"):
            self.remove_class("reading-large", "writing-large")
        else:
            self.add_class("reading-large" if self._is_reading else "writing-large")

    def action_turn(self, by: int) -> None:
        self._reveal_reader()
        self.reader.turn(by)

    def action_leaf(self, number: int) -> None:
        self.reader.go(number)

    def action_scroll_reader(self, by: int) -> None:
        self.reader.page.scroll_relative(y=3 * by, animate=False)

    def action_search(self) -> None:
        self._reveal_reader()
        self.reader.search()

    def action_found(self, step: int) -> None:
        self.reader.found(step)

    def action_mark(self) -> None:
        self.reader.mark()

    def action_keys(self) -> None:
        from essaydrill.examroom.dialogs import Lines

        self.app.push_screen(Lines("键位", ALL_KEYS + (EXAM_KEYS if self._place else ())))

    def _reveal_reader(self) -> None:
        if self.has_class("writing-large"):
            self.action_other_pane()
