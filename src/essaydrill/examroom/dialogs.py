"""Questions with a few answers, and words to be read, in a window over the screen."""

from collections.abc import Sequence
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static


class Choice(ModalScreen[int]):
    """One of a few answers; the result is its number from 0, or `escape` for the key Esc."""

    BINDINGS: ClassVar = [Binding("escape", "give_up", show=False)]
    DEFAULT_CSS = """
    Choice { align: center middle; background: $background 60%; }
    Choice > Vertical {
        width: 56; max-width: 96%; height: auto; max-height: 96%; padding: 1 2;
        background: $panel; border: round $primary;
    }
    Choice Static { height: auto; margin-bottom: 1; }
    Choice OptionList, Choice OptionList:focus { height: auto; border: none; background: $panel; padding: 0; }
    """

    def __init__(self, question: str, answers: Sequence[str], escape: int) -> None:
        super().__init__()
        self._question = question
        self._answers = answers
        self._escape = escape

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._question, markup=False)
            yield OptionList(*self._answers, markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)

    def action_give_up(self) -> None:
        self.dismiss(self._escape)


class Lines(ModalScreen[None]):
    """Words and what they mean, in a window; Esc, Enter, a space or a click closes it."""

    BINDINGS: ClassVar = [Binding("escape,enter,space,q,f1,f3", "dismiss", show=False)]
    DEFAULT_CSS = """
    Lines { align: center middle; background: $background 60%; }
    Lines > VerticalScroll {
        width: 72; max-width: 96%; height: auto; max-height: 90%; padding: 1 2;
        background: $panel; border: round $primary; border-subtitle-color: $foreground 60%;
    }
    Lines Static { height: auto; }
    """

    def __init__(self, title: str, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        table = Table.grid(padding=(0, 2, 0, 0))
        for line in self._lines:
            table.add_row(*map(Text, line))
        with VerticalScroll() as window:
            window.border_title = self._title
            window.border_subtitle = "Esc 关闭"
            yield Static(table)

    def on_click(self) -> None:
        self.dismiss()


class Busy(ModalScreen[None]):
    """Words that stand until something is done."""

    DEFAULT_CSS = """
    Busy { align: center middle; background: $background 60%; }
    Busy > Static { width: auto; padding: 1 4; background: $panel; border: round $primary; }
    """

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        yield Static(self._words, markup=False)
