"""The result sheet of an exam."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import set_cell_size
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static

from essaydrill.bank.kinds import KIND_NAMES
from essaydrill.examroom.clock import minutes
from essaydrill.examroom.keybar import Key, KeyBar
from essaydrill.reports.safe_text import one_line
from essaydrill.reports.style import BAND_STYLES, GREY, RED, marks

if TYPE_CHECKING:
    from essaydrill.bank.shown import AnyPrompt
    from essaydrill.scoring.result import Result

_KEYS = (Key("↑↓", "选题"), Key("回车", "看这道题"), Key("^T", "明暗", "app.look"), Key("^Q", "离开", "app.quit"))
_BAR = 20


class Row(NamedTuple):
    """One question: its result, the seconds spent on it, and whether nothing was written."""

    prompt: "AnyPrompt"
    result: "Result"
    seconds: float
    blank: bool


class Results(Screen[None]):
    """Every question with its mark, and the whole."""

    CSS = """
    Results #total { height: auto; padding: 1 2; }
    Results OptionList, Results OptionList:focus { border: none; background: $background; height: 1fr; padding: 0 1; }
    """

    class Chosen(Message):
        """A question (numbered from 0) is to be looked at."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, name: str, rows: Sequence[Row]) -> None:
        super().__init__()
        self._paper = name
        self._rows = rows

    def compose(self) -> ComposeResult:
        yield Static(self._total(), id="total", markup=False)
        yield OptionList(*(self._row(number, row) for number, row in enumerate(self._rows, 1)), markup=False)
        yield KeyBar(_KEYS)

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def _total(self) -> Text:
        earned = sum(row.result.score for row in self._rows)
        full = sum(row.prompt.max_score for row in self._rows)
        spent = minutes(sum(row.seconds for row in self._rows))
        head = Text.assemble((f"{one_line(self._paper)}　成绩单\n\n", "bold"), (f" {marks(earned)} ", "bold reverse"))
        return head.append(f" / {marks(full)} 分　写了 {spent}")

    def _row(self, number: int, row: Row) -> Text:
        prompt, result = row.prompt, row.result
        title = Text(f"{number}. {one_line(prompt.title or prompt.task[:30])}", "bold")
        about = f"   {KIND_NAMES[prompt.kind]} · {minutes(row.seconds)}"
        if row.blank:
            return Text.assemble(title, "\n", ("   0", f"bold {RED}"), f"/{marks(prompt.max_score)} 分  没有作答")
        colour = BAND_STYLES[result.band]
        filled = round(_BAR * result.score / result.max_score)
        score = set_cell_size(f"   {marks(result.score)}/{marks(result.max_score)} 分", 16)
        bar = Text.assemble(("━" * filled, colour), ("─" * (_BAR - filled), GREY))
        return Text.assemble(title, "\n", (score, f"bold {colour}"), bar, f"  {result.band}", (about, GREY))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.post_message(self.Chosen(event.option_index))
