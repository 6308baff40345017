"""Writing an answer at the desk: the clock runs, the draft is kept, help can be had, at the end it is handed in."""

from asyncio import wrap_future
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Static, TextArea

from essaydrill.errors import EssaydrillError, StoreError
from essaydrill.examroom.clock import Clock
from essaydrill.examroom.desk import Desk
from essaydrill.examroom.reader import HINTS, Reader
from essaydrill.practice.ladder import Hint, hints_taken, next_hint

if TYPE_CHECKING:
    from essaydrill.bank import Item
    from essaydrill.examroom.marker import Marker
    from essaydrill.practice.session import Sitting

_AUTOSAVE_SECONDS = 0.5
_FIRST_SCREEN_SECONDS = 0.1


class Writing(Desk):
    """One answer under way. What the candidate decides is told to the app by messages."""

    BINDINGS: ClassVar = [
        Binding("f2,ctrl+d", "hand_in", priority=True, show=False),
        Binding("f3", "hint", priority=True, show=False),
        Binding("ctrl+s", "save", priority=True, show=False),
        Binding("ctrl+n", "question(1)", priority=True, show=False),
        Binding("ctrl+p", "question(-1)", priority=True, show=False),
    ]

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
        super().__init__(sitting.prompt, sitting.text, sitting.notes.marks, place)
        self.sitting = sitting
        self.clock = clock
        self.marker = marker
        self._saved = sitting.text
        self._left = clock.left
        self._hinting = False
        self._saving = False

    def on_mount(self) -> None:
        self._saved = self.sheet.text
        self.sheet.focus()
        self._tell_time()
        self._tell_keys()
        self.set_interval(_AUTOSAVE_SECONDS, self._keep_soon)
        self.set_interval(1, self._tick)
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

    def on_screen_resume(self) -> None:
        self.sitting.watch.start()

    # --- telling -----------------------------------------------------------------------------------------------------

    def _tell_time(self) -> None:
        shown = self.query_one("#time", Static)
        shown.update(self.clock.words, layout=False)
        for mood in ("soon", "over"):
            shown.set_class(self.clock.mood == mood, mood)

    @on(TextArea.Changed, "Sheet")
    def _written(self) -> None:
        self.sitting.text = self.sheet.text
        self.reader.answer_changed()

    # --- keeping -----------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
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

    def _keep_soon(self) -> None:
        text = self.sheet.text
        if self._is_new(text) and not self._saving:
            self._saving = True
            self._autosave(text)

    @work
    async def _autosave(self, text: str) -> None:
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
        # The latest comes first: it is what was asked for, and a small page may have no room for more.
        hints = hints_taken(item, self.sitting.notes.help)[::-1]
        taken = f"要了 {len(hints)} 步提示，都记在这次作答里；再按 F3 要下一步。"
        self.reader.show_hints("\n\n".join([taken, *(hint.text for hint in hints)]))
        if turn:
            self._reveal_reader()
            self.call_after_refresh(self.reader.go_to, HINTS)
