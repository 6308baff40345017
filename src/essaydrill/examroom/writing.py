"""The desk: the materials on one side, the answer sheet on the other, the clock above."""

from asyncio import wrap_future
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static, TextArea

from essaydrill.errors import EssaydrillError, StoreError
from essaydrill.examroom.clock import Clock
from essaydrill.examroom.desk_keys import ALL_KEYS, EXAM_KEYS, LAST, READING, TURNING, WRITING
from essaydrill.examroom.keybar import KeyBar
from essaydrill.examroom.pages import harmless
from essaydrill.examroom.reader import HINTS, Reader, leaves, sheet_page
from essaydrill.examroom.sheet import Answer, Sheet
from essaydrill.practice.ladder import Hint, hints_taken, next_hint

if TYPE_CHECKING:
    from essaydrill.bank import Item
    from essaydrill.examroom.marker import Marker
    from essaydrill.practice.session import Sitting

AUTOSAVE_SECONDS = 1.0
_FIRST_SCREEN_SECONDS = 0.1
TWO_PANES = 100  # columns from which materials and answer stand side by side


class Writing(Screen[None]):
    """One prompt and its answer under way. What the candidate decides is told to the app by messages."""

    BINDINGS: ClassVar = [
        Binding("f2,ctrl+d", "hand_in", priority=True, show=False),
        Binding("f3", "hint", priority=True, show=False),
        Binding("f5", "turn(-1)", priority=True, show=False),
        Binding("f6", "turn(1)", priority=True, show=False),
        Binding("f7", "search", priority=True, show=False),
        Binding("f8", "mark", priority=True, show=False),
        Binding("f9", "zoom", priority=True, show=False),
        Binding("f1", "keys", priority=True, show=False),
        Binding("tab,shift+tab", "other_pane", priority=True, show=False),
        Binding("ctrl+s", "save", priority=True, show=False),
        Binding("ctrl+n", "question(1)", priority=True, show=False),
        Binding("ctrl+p", "question(-1)", priority=True, show=False),
        Binding("ctrl+up", "scroll_reader(-1)", priority=True, show=False),
        Binding("ctrl+down", "scroll_reader(1)", priority=True, show=False),
    ]
    CSS = """
    Writing #head { height: 1; background: $primary 20%; padding: 0 1; }
    Writing #title { width: 1fr; height: 1; text-style: bold; }
    Writing #time { width: 16; height: 1; text-align: right; }
    Writing #time.soon { color: $warning; text-style: bold; }
    Writing #time.over { color: $error; text-style: bold; }
    Writing #panes { layout: vertical; height: 1fr; }
    Writing Reader { height: 1fr; }
    Writing.wide #panes { layout: horizontal; }
    Writing.wide Reader { width: 1fr; min-width: 58; border-right: vkey $border; }
    Writing.wide Answer { width: 1fr; }
    Writing.wide Sheet, Writing.wide Sheet:focus { padding: 1 2; }
    Writing.wide Reader Material, Writing.wide Reader Material:focus { padding: 1 2; }
    Writing.reading-large Answer { display: none; }
    Writing.writing-large Reader { display: none; }
    """

    class HandIn(Message):
        """The candidate wants to hand in."""

    class Leave(Message):
        """The candidate wants to go."""

    class Question(Message):
        """Another question of the paper is wanted: 1 for the next, -1 for the one before."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class TimeUp(Message):
        """A strict clock has run out."""

    def __init__(self, sitting: "Sitting", marker: "Marker", clock: Clock, place: str = "") -> None:
        """`place` tells which question of a paper this is ("2/5"); without it there is only one."""
        super().__init__()
        self.sitting = sitting
        self.clock = clock
        self.marker = marker
        self._place = place
        self._saved = sitting.text
        self._left = clock.left
        self._hinting = False
        self._saving = False

    # --- laying out --------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        prompt = self.sitting.prompt
        title = harmless(prompt.title or prompt.task[:30]).replace("\n", " ")
        with Horizontal(id="head"):
            yield Static(f"{self._place}  {title}" if self._place else title, id="title", markup=False)
            yield Static(id="time", markup=False)
        with Container(id="panes"):
            yield Reader(leaves(prompt), self.sitting.notes.marks, self._sheet_page)
            yield Answer(self.sitting.text, prompt.limit)
        yield KeyBar()

    def on_mount(self) -> None:
        self._saved = self.sheet.text
        self.sheet.focus()
        self._tell_time()
        self._tell_keys()
        self.set_interval(AUTOSAVE_SECONDS, self._tick)
        self.set_timer(_FIRST_SCREEN_SECONDS, self._load)

    @work(thread=True)
    def _load(self) -> None:
        """Load what marking needs while the candidate reads; the rules of length are a part of it."""
        from essaydrill.scoring.length import bounds

        high = bounds(self.sitting.prompt.limit).high
        item = self.marker.load(self.sitting.prompt.id)
        self.app.call_from_thread(self._loaded, high, item)

    def _loaded(self, high: int | None, item: "Item | None") -> None:
        if not self.is_attached:
            return
        self.answer.limit_is(high)
        if item and self.sitting.notes.help:
            self._show_hints(item, turn=False)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= TWO_PANES, "wide")

    def on_screen_resume(self) -> None:
        self.sitting.watch.start()

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

    # --- telling -----------------------------------------------------------------------------------------------------

    def _tell_keys(self) -> None:
        keys = (*READING, *LAST) if self._is_reading else WRITING
        self.query_one(KeyBar).show((*keys[:1], *(TURNING if self._place else ()), *keys[1:]))

    def _tell_time(self) -> None:
        shown = self.query_one("#time", Static)
        shown.update(self.clock.words, layout=False)
        for mood in ("soon", "over"):
            shown.set_class(self.clock.mood == mood, mood)

    def _sheet_page(self) -> str:
        return sheet_page(self.sheet.text, self.answer.high)

    @on(TextArea.Changed, "Sheet")
    def _written(self) -> None:
        self.sitting.text = self.sheet.text
        self.reader.answer_changed()

    # --- keeping -----------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._autosave()
        if not self.is_current:
            return
        self._tell_time()
        left = self.clock.left
        if left is not None and self._left is not None:
            if warning := self.clock.warning(self._left, left):
                self.notify(warning, severity="warning", timeout=6)
            if self.clock.strict and left <= 0:
                self.post_message(self.TimeUp())
        self._left = left

    @work
    async def _autosave(self) -> None:
        text = self.sheet.text
        if self._saving or not self._is_new(text):
            return
        self._saving = True
        try:
            await wrap_future(self.sitting.save_soon(text))
            self._on_disk(text)
        except StoreError as error:
            self.answer.note(str(error))
        finally:
            self._saving = False

    def keep(self) -> None:
        """Put the answer on disk if it changed, and wait until it is there."""
        if self._is_new(self.sheet.text):
            self.action_save()

    def action_save(self) -> None:
        text = self.sheet.text
        try:
            self.sitting.save(text)
            self._on_disk(text)
        except StoreError as error:
            self.answer.note(str(error))

    def _is_new(self, text: str) -> bool:
        return text != self._saved and not self.sitting.handed_in

    def _on_disk(self, text: str) -> None:
        self._saved = text
        self.answer.note("草稿已存")

    @on(Reader.Marked)
    def _marked(self) -> None:
        self.sitting.notes = replace(self.sitting.notes, marks=dict(self.reader.marks))
        self.action_save()

    # --- what the keys do --------------------------------------------------------------------------------------------

    def action_hand_in(self) -> None:
        self.keep()
        self.post_message(self.HandIn())

    def action_leave(self) -> None:
        self.keep()
        self.post_message(self.Leave())

    def action_question(self, step: int) -> None:
        if self._place:
            self.keep()
            self.post_message(self.Question(step))

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
        from essaydrill.examroom.dialogs import Words

        self.app.push_screen(Words("键位", ALL_KEYS + (EXAM_KEYS if self._place else "")))

    def _reveal_reader(self) -> None:
        if self.has_class("writing-large"):
            self.action_other_pane()

    # --- help --------------------------------------------------------------------------------------------------------

    def action_hint(self) -> None:
        if not self._hinting:
            self._hinting = True
            self._find_hint(self.sheet.text)

    @work(thread=True)
    def _find_hint(self, text: str) -> None:
        prompt, taken = self.sitting.prompt.id, self.sitting.notes.help
        try:
            item = self.marker.item(prompt)
            missed = [point.id for point in self.marker.score(prompt, text).points if point.status != "hit"]
        except EssaydrillError as error:
            self._hinting = False
            self.app.call_from_thread(self.notify, str(error), severity="error")
            return
        self.app.call_from_thread(self._take_hint, item, next_hint(item, taken, missed))

    def _take_hint(self, item: "Item", hint: Hint | None) -> None:
        self._hinting = False
        if not self.is_attached:
            return
        notes = self.sitting.notes
        if hint is None:
            self.notify("没有更多提示了。", timeout=4)
            return
        self.sitting.notes = replace(notes, help=(*notes.help, hint.step))
        self.action_save()
        self._show_hints(item, turn=True)

    def _show_hints(self, item: "Item", *, turn: bool) -> None:
        hints = hints_taken(item, self.sitting.notes.help)
        taken = f"已经要了 {len(hints)} 步提示，会记在这次作答里。再按 F3 还有下一步。"
        self.reader.show_hints("\n\n".join([*(hint.text for hint in hints), taken]))
        if turn:
            self._reveal_reader()
            self.call_after_refresh(self.reader.go_to, HINTS)
