"""The keys of a screen, all of them, at its foot; each can be clicked as well."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.widgets import Static


class Key(NamedTuple):
    """What stands on the key, what it does, and the action for a click on it (empty: none)."""

    cap: str
    does: str
    action: str = ""

    @property
    def markup(self) -> str:
        shown = f"[b]{self.cap}[/] {self.does}"
        return f"[@click={self.action}]{shown}[/]" if self.action else shown


class KeyBar(Static):
    """Keys on as few lines as they need, none of them broken."""

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: auto; padding: 0 1; background: $panel; color: $foreground;
        link-style: not underline; link-color: $foreground; link-style-hover: bold; link-background-hover: $surface;
    }
    """

    def __init__(self, keys: Sequence[Key] = ()) -> None:
        super().__init__()
        self._keys = tuple(keys)

    def show(self, keys: Sequence[Key]) -> None:
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self._lay_out()

    def on_resize(self, _: events.Resize) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.app.size.width - 2
        lines: list[list[Key]] = [[]]
        used = 0
        for key in self._keys:
            columns = cell_len(f"{key.cap} {key.does}  ")
            if used and used + columns - 2 > width:
                lines.append([])
                used = 0
            lines[-1].append(key)
            used += columns
        self.update("\n".join("  ".join(key.markup for key in line) for line in lines))
