"""The door: what was left unfinished, a prompt by lot, or one of one's choice."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from essaydrill.bank import Entry
from essaydrill.bank.kinds import GENRE_NAMES, KIND_NAMES
from essaydrill.examroom.keybar import Key, KeyBar
from essaydrill.reports.safe_text import one_line

_KEYS = (
    Key("↑↓", "选"),
    Key("回车", "开始"),
    Key("直接打字", "筛选"),
    Key("^T", "明暗", "app.look"),
    Key("^Q", "离开", "app.quit"),
)


@dataclass(frozen=True)
class Unfinished:
    """A draft to go on with: the prompt's id and what is told of it."""

    prompt: str
    told: str


class Menu(Screen[str]):
    """The result is the id of a prompt; "" lets the lot decide."""

    CSS = """
    Menu #welcome { height: auto; padding: 1 2 0 2; text-style: bold; color: $primary; }
    Menu Input { margin: 1 2 0 2; border: none; height: 1; background: $panel; padding: 0 1; }
    Menu OptionList, Menu OptionList:focus { margin: 1 1; border: none; background: $background; height: 1fr; }
    """

    def __init__(self, unfinished: Sequence[Unfinished], entries: Sequence[Entry], topics: dict[str, str]) -> None:
        super().__init__()
        self._unfinished = unfinished
        self._entries = entries
        self._topics = topics

    def compose(self) -> ComposeResult:
        yield Static("考场 · 申论练习", id="welcome")
        yield Input(placeholder="按题目、专题、题型筛选", compact=True)
        yield OptionList(markup=False)
        yield KeyBar(_KEYS)

    def on_mount(self) -> None:
        self._list("")
        self.query_one(Input).focus()

    def _list(self, wanted: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        if not wanted:
            for draft in self._unfinished:
                options.add_option(Option(Text.assemble(("接着写  ", "bold"), one_line(draft.told)), id=draft.prompt))
            options.add_option(Option(Text("抽一道没做过的题", "bold"), id="lot"))
        begun = {draft.prompt for draft in self._unfinished} if not wanted else set()
        for entry in self._entries:
            kind = GENRE_NAMES[entry.genre] if entry.genre else KIND_NAMES[entry.kind]  # type: ignore[index]
            topic = self._topics.get(entry.topic, entry.topic)
            title, about = one_line(entry.title), f"  {one_line(topic)} · {kind} · {entry.max_score:g} 分"
            if entry.id not in begun and all(word in f"{title}{about} {entry.id}" for word in wanted.split()):
                options.add_option(Option(Text.assemble(title, (about, "dim")), id=entry.id))
        options.highlighted = 0 if options.option_count else None

    @on(Input.Changed)
    def _wanted(self, event: Input.Changed) -> None:
        self._list(event.value.strip())

    @on(Input.Submitted)
    def _chosen_by_enter(self) -> None:
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        chosen = event.option_id or "lot"
        self.dismiss("" if chosen == "lot" else chosen)

    def on_key(self, event: events.Key) -> None:
        moves = {"up": "cursor_up", "down": "cursor_down", "pageup": "page_up", "pagedown": "page_down"}
        if event.key in moves and isinstance(self.focused, Input):
            event.prevent_default()
            getattr(self.query_one(OptionList), f"action_{moves[event.key]}")()
