"""The answer: a text area that fills cells, and what is told of its length."""

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static, TextArea
from textual.widgets.text_area import Edit, EditResult

from essaydrill.examroom.pages import Page, Passage, harmless
from essaydrill.examroom.wording import wanted_cells
from essaydrill.text.cells import count_cells, lay_out, offset_at_cells

if TYPE_CHECKING:
    from essaydrill.bank.shown import AnyLength

# A passage that ends nowhere stays the same when something is written in it: only what changed is drawn again.
_TO_THE_END = 1 << 30
_BEYOND, _FIRST_BEYOND = "color(167)", "bold reverse color(167)"


class Sheet(Page):
    """The text area."""

    def __init__(self, text: str) -> None:
        super().__init__(text, read_only=False, placeholder="从这里开始写。写下的每个字都会自动存成草稿。")

    async def _on_paste(self, event: events.Paste) -> None:
        # Textual calls the handler of TextArea after this one, with the same event.
        event.text = harmless(event.text.replace("\t", "　"))
        event.stop()

    def edit(self, edit: Edit) -> EditResult:
        # Textual scrolls to the cursor before it knows that the edit made the text a line longer.
        result = super().edit(edit)
        self.scroll_cursor_visible()
        self.app.cursor_position = self.cursor_screen_offset
        return result


class Answer(Vertical):
    """The sheet under a line that counts it. `high` is how many cells may be filled; what lies beyond is coloured."""

    DEFAULT_CSS = """
    Answer { height: 1fr; background: $surface; }
    Answer #count { height: 1; padding: 0 1; background: $panel; color: $foreground 80%; }
    Answer:focus-within #count { background: $primary 30%; color: $foreground; }
    Answer Sheet, Answer Sheet:focus {
        border: none; padding: 0 1; background: $surface; height: 1fr; scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, text: str, limit: "AnyLength | None") -> None:
        super().__init__()
        self._text = harmless(text)
        self._limit = limit
        self._note = "草稿自动保存"
        self.high: int | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="count", markup=False)
        yield Sheet(self._text)

    def on_mount(self) -> None:
        self.sheet.move_cursor(self.sheet.document.end)
        self._count()

    @property
    def sheet(self) -> Sheet:
        return self.query_one(Sheet)

    def limit_is(self, high: int | None) -> None:
        """Tell how many cells may be filled, which is known only when the rules of length are loaded."""
        self.high = high
        self._count()

    def note(self, note: str) -> None:
        """What stands behind the count: whether the draft is saved."""
        if note != self._note:
            self._note = note
            self._count()

    @on(TextArea.Changed)
    def _count(self) -> None:
        text, high = self.sheet.text, self.high
        cells = count_cells(text)
        lines = len(lay_out(text).lines)
        over = f"，超出 {cells - high} 格" if high is not None and cells > high else ""
        wanted = f" / {wanted_cells(self._limit)}" if self._limit else ""
        told = f"{cells} 格{wanted}{over} · 答题纸 {lines} 行 · {self._note}"
        self.query_one("#count", Static).update(told, layout=False)
        beyond = len(text) if high is None else offset_at_cells(text, high)
        passages = [Passage(beyond, _TO_THE_END, _BEYOND), Passage(beyond, beyond + 1, _FIRST_BEYOND)]
        self.sheet.paint(passages if text[beyond:].strip() else ())
