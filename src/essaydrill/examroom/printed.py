"""What is made for a console, shown in a widget as wide as there is room."""

from collections.abc import Callable
from io import StringIO

from rich.console import Console
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

_MEASURE = 100


class Printed(VerticalScroll):
    """Shows what `render` prints on a console; prints it again when the width changes."""

    DEFAULT_CSS = """
    Printed { padding: 1 2; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    Printed Static { height: auto; }
    """

    def __init__(self, render: Callable[[Console], None]) -> None:
        super().__init__()
        self._print = render
        self._width = 0

    def compose(self) -> ComposeResult:
        yield Static()

    def on_resize(self, _: events.Resize) -> None:
        width = min(self.scrollable_content_region.width, _MEASURE)
        if width > 0 and width != self._width:
            self._width = width
            self.query_one(Static).update(printed(self._print, width))


def printed(render: Callable[[Console], None], width: int) -> Text:
    """What `render` prints on a console of this width."""
    out = StringIO()
    console = Console(
        file=out, width=width, color_system="256", force_terminal=True, markup=False, highlight=False, emoji=False
    )
    render(console)
    return Text.from_ansi(out.getvalue().rstrip("\n"))
