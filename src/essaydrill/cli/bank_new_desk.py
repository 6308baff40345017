"""Where `bank new` works: asks in the terminal or takes what was given, keeps the draft, writes the files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from essaydrill import paths
from essaydrill.bank.authoring import write_item
from essaydrill.bank.authoring_draft import Draft, latest_draft
from essaydrill.bank.bank import Bank
from essaydrill.bank.layer import PROMPTS
from essaydrill.cli.bank_new_interview import Ask, Interview, Question, Stopped
from essaydrill.cli.common import printable
from essaydrill.errors import EssaydrillError, StoreError, UsageError

_REQUIRED = ("topic", "kind", "task", "max_score")
_INTERRUPTED = 130


def write_as_given(answers: dict[str, str]) -> None:
    """Write a question from these answers and defaults without asking; raises `UsageError` where one is missing."""

    def take_proposed(question: Question, proposed: str) -> str:
        if question.key in _REQUIRED and not proposed:
            raise UsageError(f"用 --yes 时要写明 {question.option}")
        return proposed

    _write(Draft(None, answers), take_proposed, patient=False)


def interview(answers: dict[str, str], resume: Path | None) -> int:
    """Ask in the terminal for what is not answered; returns the exit code. Whatever ends it, what was typed is kept."""
    if resume:
        draft = Draft.open(resume)
        draft.answers |= answers
    else:
        if left := latest_draft():
            print(f"上次有一份没写完，接着写用：essaydrill bank new --resume {printable(str(left))}\n")
        draft = Draft.new(answers)
    print("逐项回答；行里已填好的内容可以改，回车就用它。随时可按 Ctrl-C 停下，写过的不会丢。\n")
    try:
        _write(draft, _terminal(), patient=True)
    except Stopped:
        print()
        _keep(draft)
        return _INTERRUPTED
    except (EssaydrillError, OSError, KeyboardInterrupt):
        _keep(draft)
        raise
    return 0


def _write(draft: Draft, ask: Ask, *, patient: bool) -> None:
    """Go through the questions, write both files and say where they are."""
    wanted = draft.answers.get("into")
    folder = Path(wanted).expanduser() if wanted else paths.user_data() / "bank"
    bank = Bank.open(folder if (folder / PROMPTS).is_dir() else None)
    item = Interview(draft, bank, folder, ask, _say, patient=patient).run()
    written = write_item(item, folder)
    draft.discard()
    for path in written:
        _say(f"写好了 {path}")
    _say(f"补全以后检查：essaydrill bank check {wanted}" if wanted else "补全以后检查：essaydrill bank check")


def _say(text: str) -> None:
    print(printable(text))


def _keep(draft: Draft) -> None:
    """Put the draft on disk and name it; where that fails, show it."""
    try:
        draft.keep()
    except StoreError as error:
        _say(f"{error}。写过的都在下面，请复制保存：\n{draft.text()}")
        return
    if draft.path is not None and draft.path.is_file():
        _say(f"没有写完，已存草稿 {draft.path}\n接着写：essaydrill bank new --resume {draft.path}")


def _terminal() -> Ask:
    """Asks in the terminal: lines can be edited and pasted, Ctrl-C stops with what stands in the line."""
    session: PromptSession[str] = PromptSession(history=DummyHistory())
    session.app.renderer.cpr_not_supported_callback = None  # its warning is English, and nothing here needs the reply
    keys = {lines: _keys(lines=lines) for lines in (True, False)}
    told: set[str] = set()

    def ask(question: Question, proposed: str) -> str:
        if question.choices and question.key not in told:
            _say(question.choices)
            told.add(question.key)
        hint = "（可粘贴；@文件名 读文件；Ctrl-D 写完，没有就直接 Ctrl-D）\n" if question.lines else "："
        try:
            return session.prompt(
                f"{question.text}{hint}",
                default=proposed,
                multiline=question.lines,
                key_bindings=keys[question.lines],
            )
        except EOFError:
            raise Stopped("") from None

    return ask


def _keys(*, lines: bool) -> KeyBindings:
    """Ctrl-C stops; Ctrl-D ends a text of several lines, and stops at a single one."""
    keys = KeyBindings()

    def on(key: str, act: Callable[[KeyPressEvent], Any]) -> None:
        keys.add(key, eager=True)(act)

    def stop(event: KeyPressEvent) -> None:
        event.app.exit(exception=Stopped(event.current_buffer.text))

    def finish(event: KeyPressEvent) -> None:
        event.app.exit(result=event.current_buffer.text)

    on("c-c", stop)
    on("<sigint>", stop)
    on("c-d", finish if lines else stop)
    on("f2", finish)
    return keys
