"""Writing the answer: in the terminal itself, or in the editor that the user has chosen."""

import asyncio
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from essaydrill.errors import StoreError, UsageError

Outcome = Literal["hand_in", "pause", "editor"]

AUTOSAVE_SECONDS = 2.0
_KEYS = ("Ctrl-D/F2 交卷", "Ctrl-S 存草稿", "Ctrl-G/F4 用编辑器", "Ctrl-C 暂停")
_SMALLEST_HEIGHT = 3
_USUAL_EDITORS = ("nano", "vim", "vi", "notepad")


def write(text: str, save: Callable[[str], object], status: Callable[[str], Sequence[str]]) -> tuple[str, Outcome]:
    """Let the user go on writing `text` in the terminal until a key ends it; returns the text and how it ended.

    `save` is called with the text every AUTOSAVE_SECONDS and on every new line if it changed, and always at the end,
    however that comes about; it may raise StoreError, which is shown. `status` gives the parts of the status line.
    """
    from prompt_toolkit.application import Application
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.document import Document
    from prompt_toolkit.history import DummyHistory
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.layout import BufferControl, Dimension, FormattedTextControl, HSplit, Layout, Window

    from essaydrill.practice.rows import move

    saver = _Saver(text, save)
    buffer = Buffer(
        document=Document(text),
        multiline=True,
        history=DummyHistory(),
        accept_handler=lambda _: True,  # no key of the library's own may take the text away
        on_text_changed=lambda changed: saver.line_ended(changed.text),
    )
    page = Window(BufferControl(buffer), wrap_lines=True, dont_extend_height=True)
    page.height = Dimension(min=_SMALLEST_HEIGHT)
    keys = KeyBindings()
    ended: dict[str, Outcome] = {
        "c-d": "hand_in",
        "f2": "hand_in",
        "c-g": "editor",
        "f4": "editor",
        "c-c": "pause",
        "<sigint>": "pause",
    }
    for key, outcome in ended.items():
        keys.add(key, eager=True)(lambda event, outcome=outcome: event.app.exit(result=outcome))
    for key, rows in {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}.items():

        def go(_: KeyPressEvent, rows: int = rows) -> None:
            width = page.render_info.window_width if page.render_info else 80
            buffer.cursor_position = move(buffer.text, buffer.cursor_position, rows, width)

        keys.add(key)(go)
    keys.add("c-s", eager=True)(lambda _: saver.save(buffer.text))
    keys.add("c-z")(lambda event: event.app.suspend_to_background())
    # Escapes pasted by a terminal without bracketed paste can look like a mouse's, which the library does not survive.
    keys.add("<vt100-mouse-event>")(_ignore)

    def toolbar() -> str:
        width = application.output.get_size().columns - 2
        return f"{flow((*status(buffer.text), saver.note), width)}\n{flow(_KEYS, width)}"

    foot = Window(FormattedTextControl(toolbar), style="reverse", dont_extend_height=True)
    application: Application[Outcome] = Application(
        Layout(HSplit([page, foot])), key_bindings=keys, erase_when_done=True, refresh_interval=1
    )
    application.renderer.cpr_not_supported_callback = None  # its warning is English, and nothing here needs the reply

    async def autosave() -> None:
        while True:
            await asyncio.sleep(AUTOSAVE_SECONDS)
            saver.save_changes(buffer.text)

    try:
        outcome = application.run(pre_run=lambda: _ignore(application.create_background_task(autosave())))
    finally:
        saver.save(buffer.text)
    return buffer.text, outcome


class _Saver:
    """Puts the text on disk when it changed, and says so in the status line."""

    def __init__(self, text: str, save: Callable[[str], object]) -> None:
        self.note = "草稿自动保存"
        self._saved = text
        self._lines = text.count("\n")
        self._save = save

    def save(self, text: str) -> None:
        try:
            self._save(text)
        except StoreError as error:
            self.note = str(error)
            return
        self._saved = text
        self.note = "草稿已存"

    def save_changes(self, text: str) -> None:
        if text != self._saved:
            self.save(text)

    def line_ended(self, text: str) -> None:
        lines = text.count("\n")
        if lines != self._lines:
            self._lines = lines
            self.save_changes(text)


def flow(parts: Sequence[str], width: int) -> str:
    """The parts one after another on as few lines of at most `width` columns as it takes (a longer part is cut)."""
    from rich.cells import cell_len, set_cell_size

    lines = [""]
    for part in parts:
        if cell_len(part) > width:
            part = set_cell_size(part, width)
        joined = f"{lines[-1]}  {part}" if lines[-1] else part
        if cell_len(joined) > width:
            lines.append(part)
        else:
            lines[-1] = joined
    return "\n".join(f" {line}" for line in lines)


def open_editor(path: Path) -> None:
    """Let the user change the file at `path` in $VISUAL, $EDITOR or a usual editor, until that ends.

    Raises UsageError if there is none or it fails.
    """
    command = _editor_command()
    try:
        process = subprocess.Popen([*command, str(path)])
    except OSError as error:
        raise UsageError(f"编辑器“{command[0]}”打不开（{error.strerror}），请检查环境变量 EDITOR") from error
    while True:
        # Ctrl-C belongs to the editor: it reaches both processes, and the editor decides what it means.
        with suppress(KeyboardInterrupt):
            code = process.wait()
            break
    if code != 0:
        raise UsageError(f"编辑器“{command[0]}”没有正常结束（退出码 {code}），草稿在 {path}")


def _editor_command() -> list[str]:
    wish = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if wish and (words := shlex.split(wish, posix=os.name != "nt")):
        return words
    for name in _USUAL_EDITORS:
        if shutil.which(name):
            return [name]
    raise UsageError("没有找到编辑器，请把环境变量 EDITOR 设为你常用的编辑器，例如 export EDITOR=nano")


def _ignore(_: object) -> None:
    """Where a callback may return nothing."""
