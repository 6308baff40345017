"""What every exam room has: its look, its keys, its marker, and that nothing is lost however it is left."""

import asyncio
import os
import signal
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding
from textual.screen import ModalScreen, Screen

from essaydrill.errors import StoreError
from essaydrill.examroom import wrapping
from essaydrill.examroom.guard import GRACE
from essaydrill.examroom.look import DARK, LIGHT, prefer, preferred
from essaydrill.examroom.marker import Marker

if TYPE_CHECKING:
    from essaydrill.bank import Bank
    from essaydrill.practice.session import Sitting

SMALLEST = (60, 20)
"""Columns and rows below which there is no room for a room."""
_SIGNALS = {"SIGTERM": 143, "SIGINT": 130, "SIGHUP": 129}


class Room(App[int]):
    """The app; its result is the exit code. `farewell` is to be said when the terminal is back."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "考场"
    BINDINGS: ClassVar = [
        Binding("ctrl+q", "quit", priority=True, show=False),
        Binding("ctrl+t", "look", priority=True, show=False),
    ]
    CSS = """
    Screen { background: $background; }
    ModalScreen { background: $background 60%; }
    OptionList { background-tint: transparent; }
    OptionList:focus { background-tint: transparent; }
    OptionList > .option-list--option-highlighted, OptionList:focus > .option-list--option-highlighted {
        background: $primary 25%; color: $foreground;
    }
    Toast { width: auto; max-width: 90%; }
    """

    def __init__(self, bank: "Bank") -> None:
        wrapping.install()
        super().__init__()
        self.animation_level = "none"  # nothing moves by itself in an exam, nor over a slow line
        self.bank = bank
        self.marker = Marker(bank)
        self.farewell = "再见。"
        self._watched: int | None = None
        self.register_theme(LIGHT)
        self.register_theme(DARK)
        self.theme = preferred()

    def open(self, watched: int | None = None) -> int:
        """Run until the candidate leaves, or until the file descriptor `watched` comes to its end; returns the exit
        code. Answers are put away even if the app breaks."""
        self._watched = watched
        try:
            code = self.run()
        finally:
            self.put_away()
        return code if code is not None else self.return_code or 0

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for name, code in _SIGNALS.items():
            with suppress(NotImplementedError, AttributeError, ValueError, RuntimeError):
                loop.add_signal_handler(getattr(signal, name), self.exit, code)
        if self._watched is not None:
            threading.Thread(target=self._end_with_the_guard, args=(self._watched, loop), daemon=True).start()

    def _end_with_the_guard(self, watched: int, loop: asyncio.AbstractEventLoop) -> None:
        os.read(watched, 1)  # comes back when the guard is dead
        code = _SIGNALS["SIGTERM"]
        loop.call_soon_threadsafe(self.exit, code)
        time.sleep(GRACE)
        try:  # it hangs: nobody reads what it wants to say
            self.put_away()
        finally:
            os._exit(code)

    def put_away(self) -> None:
        """Keep what is written and not handed in."""
        raise NotImplementedError

    def leave_sitting(self, sitting: "Sitting") -> None:
        """Put one answer away and say where it is; where that fails, show it."""
        try:
            sitting.leave()
        except StoreError as error:
            self.farewell = f"{error}。已写的全文：\n{sitting.text}"
            return
        if sitting.path:
            self.farewell = f"没有交卷，草稿在 {sitting.path}，下次接着写。"

    def show(self, screen: Screen[None] | str) -> None:
        """Put this screen in the place of the one shown."""
        if len(self.screen_stack) > 1:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def action_look(self) -> None:
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name
        prefer(self.theme)

    async def action_quit(self) -> None:
        if isinstance(self.screen, ModalScreen):
            self.pop_screen()
        else:
            self.leave()

    def leave(self) -> None:
        """The candidate wants to go."""
        self.exit(0)

    def action_help_quit(self) -> None:
        self.notify("要离开请按 Ctrl-Q。", timeout=3)
