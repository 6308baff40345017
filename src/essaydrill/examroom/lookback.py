"""After handing in: the mark, the points, references, specimens, notes; then on."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.console import Console
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Static, Tab, Tabs

from essaydrill.examroom.keybar import Key, KeyBar
from essaydrill.examroom.marker import Marking
from essaydrill.examroom.points import Points
from essaydrill.examroom.printed import Printed
from essaydrill.practice.gain import Gain
from essaydrill.practice.ladder import told
from essaydrill.reports.safe_text import one_line, sanitise
from essaydrill.reports.style import GREEN, RED, marks

if TYPE_CHECKING:
    from textual.widget import Widget

_TABS = ("得分", "采分点", "参考答案", "标杆卷", "笔记")
_MOVING = (Key("1–5", "换页签"),)
_POINTS = (Key("↑↓", "换采分点"), Key("n/p", "换依据"), Key("Tab", "到正文"))
_TEXTS = (Key("←→", "换一篇"),)
_GOING_ON = (
    Key("e", "改这一稿", "screen.go('revise')"),
    Key("r", "重写", "screen.go('retry')"),
    Key("x", "下一题", "screen.go('next')"),
)
_LAST = (Key("^T", "明暗", "app.look"), Key("^Q", "离开", "app.quit"))
_BACK = (Key("Esc", "回成绩单", "screen.go('back')"),)


class LookBack(Screen[None]):
    """What is to be seen of one marked answer. How to go on is told to the app by `Go`."""

    BINDINGS: ClassVar = [
        *(Binding(str(number), f"tab({number - 1})", show=False) for number in range(1, len(_TABS) + 1)),
        Binding("f6", "turn(1)", show=False),
        Binding("f5", "turn(-1)", show=False),
        Binding("e", "go('revise')", show=False),
        Binding("r", "go('retry')", show=False),
        Binding("x", "go('next')", show=False),
        Binding("escape", "go('back')", show=False),
    ]
    CSS = """
    LookBack #head { height: 1; background: $primary 20%; padding: 0 1; }
    LookBack #title { width: 1fr; height: 1; text-style: bold; }
    LookBack #score { width: auto; height: 1; text-style: bold; padding-left: 2; }
    LookBack Tabs { height: 2; }
    LookBack ContentSwitcher { height: 1fr; }
    """

    class Go(Message):
        """How the candidate wants to go on: "revise", "retry", "next", "leave", or "back" to the list of an exam."""

        def __init__(self, where: str) -> None:
            super().__init__()
            self.where = where

    def __init__(
        self,
        marking: Marking,
        *,
        notes: Path | None,
        gained: Gain | None = None,
        helped: tuple[str, ...] = (),
        kept: str = "",
        in_exam: bool = False,
    ) -> None:
        """`gained` compares with the attempt before, `helped` are the steps of help taken, `kept` tells where the
        attempt was kept."""
        super().__init__()
        self._marking = marking
        self._notes = notes
        self._gained = gained
        self._helped = helped
        self._kept = kept
        self._in_exam = in_exam

    def compose(self) -> ComposeResult:
        prompt, result = self._marking.item.prompt, self._marking.own.result
        with Horizontal(id="head"):
            yield Static(one_line(prompt.title or prompt.task[:30]), id="title", markup=False)
            yield Static(f"{marks(result.score)}/{marks(result.max_score)} 分 {result.band}", id="score", markup=False)
        yield Tabs(*(Tab(f"{number} {name}", id=f"t{number}") for number, name in enumerate(_TABS, 1)))
        with ContentSwitcher(initial="t1"):
            for number, widget in enumerate(self._contents(), 1):
                widget.id = f"t{number}"
                yield widget
        yield KeyBar()

    def _contents(self) -> "list[Widget]":
        marking = self._marking
        own = marking.own
        has_points = bool(own.result.points)
        return [
            Printed(self._print_mark),
            Points(marking.item, [own]) if has_points else _told("这道题没有采分点。"),
            Points(marking.item, marking.references) if has_points else _told("这道题没有采分点。"),
            Points(marking.item, marking.specimens, own) if marking.specimens else _told("这道题还没有标杆卷。"),
            Printed(self._print_notes),
        ]

    def on_mount(self) -> None:
        self.query_one(Tabs).can_focus = False
        self._turned_to("t1")

    def _print_mark(self, console: Console) -> None:
        from essaydrill.reports import render_summary

        if self._gained:
            console.print(_gain_line(self._gained))
            console.print()
        render_summary(self._marking.own.result, self._marking.item, console)
        if self._helped:
            console.print(Text(f"\n这次要过 {one_line(told(self._helped))}。", "dim"))
        if self._kept:
            console.print(Text(f"\n{self._kept}", "dim"))

    def _print_notes(self, console: Console) -> None:
        if self._notes is None:
            console.print(Text("这个专题还没有学习笔记。"))
            return
        from rich.markdown import Markdown
        from rich.theme import Theme

        from essaydrill.bank.yamlfile import read_text

        plain = {f"markdown.h{level}": "bold" for level in range(1, 5)}  # on a light ground as on a dark one
        with console.use_theme(Theme(plain)):
            console.print(Markdown(sanitise(read_text(self._notes)), hyperlinks=False))

    # --- keys --------------------------------------------------------------------------------------------------------

    @on(Tabs.TabActivated)
    def _turned(self, event: Tabs.TabActivated) -> None:
        self._turned_to(event.tab.id or "t1")

    def _turned_to(self, tab: str) -> None:
        switcher = self.query_one(ContentSwitcher)
        switcher.current = tab
        shown = switcher.get_child_by_id(tab)
        if isinstance(shown, Points):
            shown.focus_list()
        else:
            shown.focus()
        keys = _MOVING + (_POINTS if isinstance(shown, Points) else ())
        keys += _TEXTS if isinstance(shown, Points) and tab in ("t3", "t4") else ()
        self.query_one(KeyBar).show((*keys, *(_BACK if self._in_exam else _GOING_ON), *_LAST))

    def action_tab(self, number: int) -> None:
        self.query_one(Tabs).active = f"t{number + 1}"

    def action_turn(self, by: int) -> None:
        current = int((self.query_one(ContentSwitcher).current or "t1")[1:]) - 1
        self.action_tab((current + by) % len(_TABS))

    def action_go(self, where: str) -> None:
        if where == "leave" or (where == "back") == self._in_exam:
            self.post_message(self.Go(where))


def _told(words: str) -> Printed:
    return Printed(lambda console: console.print(Text(words)))


def _gain_line(gained: Gain) -> Text:
    colour = GREEN if gained.score > 0 else RED if gained.score < 0 else ""
    line = Text.assemble("比上一次 ", (f"{gained.score:+g} 分", f"bold {colour}"))
    for label, points, style in (("新得", gained.won, GREEN), ("丢了", gained.lost, RED)):
        if points:
            names = "、".join(one_line(point.text) for point in points)
            line.append(f"\n{label}：", f"bold {style}").append(names)
    return line
