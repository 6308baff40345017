"""The questions that `practice` asks in a terminal, from the first prompt to the last."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING

from essaydrill.cli.practice_desk import Desk
from essaydrill.errors import EssaydrillError, StoreError
from essaydrill.practice.session import Sitting

if TYPE_CHECKING:
    from essaydrill.bank import Bank
    from essaydrill.bank.shown import AnyLength, AnyPrompt
    from essaydrill.practice.drafts import Draft

_INTERRUPTED = 130


class _Quit(Exception):  # noqa: N818 - no error: the user has chosen to go
    """The user is done for today."""


class _End(Enum):
    """How the writing of one answer ended."""

    HANDED_IN = 1
    OTHER_PROMPT = 2


class Dialogue:
    """A candidate at the terminal. At every question Ctrl-C and the end of input leave politely."""

    def __init__(self, desk: Desk, *, prefer_editor: bool = False) -> None:
        self._desk = desk
        self._first_choice = 2 if prefer_editor else 1
        self._sitting: Sitting | None = None

    def run(self, prompt: str | None, *, specimen: bool = False) -> int:
        """Practise until the user leaves; returns the exit code."""
        try:
            sitting = self._sitting = self._begin(prompt, ask=not specimen)
            self._desk.show(sitting.prompt)
            _load_ahead(self._desk.bank, sitting.prompt.id)
            if specimen:
                self._desk.mark_specimen(sitting.prompt)
            while True:
                sitting = self._sitting = self._practise(sitting)
                self._desk.show(sitting.prompt)
        except (_Quit, EOFError):
            self._leave()
            return 0
        except KeyboardInterrupt:
            self._leave()
            return _INTERRUPTED
        except EssaydrillError:
            if self._sitting is not None:
                self._leave()
            raise

    def _practise(self, sitting: Sitting) -> Sitting:
        """From the prompt on screen to the next one."""
        sitting.watch.start()
        again = None
        if self._write(sitting) is _End.HANDED_IN:
            self._desk.hand_in(sitting)
            again = self._look_back(sitting)
        else:
            self._leave()
        return again or self._resume_or_begin(self._next_prompt(sitting.prompt.id))

    def _begin(self, prompt: str | None, *, ask: bool) -> Sitting:
        """The prompt that was wished for, else the one left unfinished last if the user says so, else a new one."""
        if prompt is not None:
            return self._resume_or_begin(self._desk.bank.shown(prompt))
        drafts = [draft for draft in self._desk.drafts.list() if draft.prompt in self._desk.bank]
        if drafts and ask:
            draft, *others = drafts
            more = f"（另有 {len(others)} 份：{'、'.join(each.prompt for each in others)}）" if others else ""
            chosen = self._desk.bank.shown(draft.prompt)
            self._desk.say(f"上次有一份没写完的草稿：{_described(chosen, draft)}{more}")
            match self._ask("这份草稿怎么办", ("续写", "重来", "先不管")):
                case 1:
                    return Sitting.resume(chosen, self._desk.drafts, draft)
                case 2:
                    return self._start_over(chosen)
        return self._resume_or_begin(self._next_prompt())

    def _resume_or_begin(self, prompt: "AnyPrompt") -> Sitting:
        draft = self._desk.drafts.load(prompt.id)
        if draft is None or not draft.text.strip():
            return Sitting(prompt, self._desk.drafts)
        self._desk.say(f"这道题有一份没写完的草稿：{_described(prompt, draft)}")
        match self._ask("这份草稿怎么办", ("续写", "重来", "退出")):
            case 1:
                return Sitting.resume(prompt, self._desk.drafts, draft)
            case 2:
                return self._start_over(prompt)
            case _:
                raise _Quit

    def _start_over(self, prompt: "AnyPrompt") -> Sitting:
        self._desk.say(f"旧稿挪到了 {self._desk.drafts.set_aside(prompt.id)}", "dim")
        return Sitting(prompt, self._desk.drafts)

    def _next_prompt(self, current: str | None = None) -> "AnyPrompt":
        drafted = {draft.prompt for draft in self._desk.drafts.list()}
        return self._desk.bank.shown(self._desk.pick(drafted | {current} if current else drafted))

    def _write(self, sitting: Sitting) -> _End:
        """Until the answer is handed in or put away."""
        while True:
            blank = not sitting.text.strip()
            if blank:
                choices = ("在终端里作答", "用编辑器作答", "先看一份标杆卷怎么判", "换一题", "退出")
            else:
                choices = ("接着在终端里写", "用编辑器接着写", f"交卷（{_length(sitting)}）", "换一题", "退出")
            match self._ask("怎么作答", choices, self._first_choice):
                case 1 if self._write_here(sitting):
                    return _End.HANDED_IN
                case 2:
                    self._write_in_editor(sitting)
                case 3 if blank:
                    self._desk.mark_specimen(sitting.prompt)
                case 3:
                    return _End.HANDED_IN
                case 4:
                    return _End.OTHER_PROMPT
                case 5:
                    raise _Quit

    def _write_here(self, sitting: Sitting) -> bool:
        """Whether the answer is to be handed in."""
        from essaydrill.practice.editor import write
        from essaydrill.text.cells import count_cells

        wanted, minutes = _limit(sitting.prompt.limit), sitting.prompt.minutes

        def status(text: str) -> Sequence[str]:
            time = _clock(sitting.watch.seconds) + (f"/{minutes}:00" if minutes else "")
            return (f"已写 {count_cells(text)} 格", *([f"要求 {wanted}"] if wanted else []), f"用时 {time}")

        sitting.watch.start()
        text, outcome = write(sitting.text, sitting.save, status)
        sitting.text = text
        match outcome:
            case "editor":
                self._write_in_editor(sitting)
            case "pause":
                sitting.leave()
                self._desk.say(f"已暂停计时，草稿在 {sitting.path}" if sitting.path else "已暂停计时。")
            case "hand_in" if text.strip():
                return True
            case "hand_in":
                self._desk.say("还没有写字，没有交卷，也没有记录；接着写吧。")
        return False

    def _write_in_editor(self, sitting: Sitting) -> None:
        from essaydrill.practice.editor import open_editor

        sitting.watch.start()
        try:
            sitting.save(sitting.text)
            if sitting.path is not None:
                open_editor(sitting.path)
                sitting.reload()
        except EssaydrillError as error:
            self._desk.say(f"{error}。", "red")

    def _look_back(self, sitting: Sitting) -> Sitting | None:
        """Compare with others until the user goes on; a sitting if the same prompt is to be tried again."""
        from essaydrill.reports import render_references, render_specimens

        prompt, desk = sitting.prompt, self._desk
        while True:
            match self._ask("接下来", ("参考答案", "标杆卷", "知识点笔记", "重做", "下一题", "退出")):
                case 1:
                    render_references(desk.bank[prompt.id], desk.console)
                case 2:
                    render_specimens(desk.bank[prompt.id], desk.console)
                case 3:
                    desk.show_notes(prompt.topic)
                case 4:
                    edit = self._ask("怎么重做", ("在这一稿上改", "从头写")) == 1
                    return Sitting(prompt, desk.drafts, text=sitting.text if edit else "")
                case 5:
                    return None
                case 6:
                    raise _Quit

    def _leave(self) -> None:
        """Put the answer away and say where it is; where that fails, show it."""
        sitting, self._sitting = self._sitting, None
        if sitting is None or sitting.handed_in:
            self._desk.say("再见。")
            return
        try:
            sitting.leave()
        except StoreError as error:
            self._desk.say(f"{error}。已写的全文：", "red")
            self._desk.say(sitting.text)
            return
        if sitting.path:
            self._desk.say(f"没有交卷，草稿在 {sitting.path}，下次运行 essaydrill practice 会问你要不要接着写。")
        else:
            self._desk.say("还没有写字，没有留下草稿。")

    def _ask(self, question: str, choices: Sequence[str], default: int = 1) -> int:
        """The number of the user's choice, counted from 1."""
        from essaydrill.practice.editor import flow

        self._desk.say()
        numbered = [f"{number} {choice}" for number, choice in enumerate(choices, 1)]
        self._desk.say(flow(numbered, self._desk.console.width - 2))
        while True:
            typed = _read_line(f"{question}？1–{len(choices)}，回车选 {default}：").strip()
            if not typed:
                return default
            if typed.isdecimal() and 1 <= int(typed) <= len(choices):
                return int(typed)
            self._desk.say(f"请输入 1 到 {len(choices)} 的数字。")


def _read_line(question: str) -> str:
    try:
        return input(question)
    except UnicodeDecodeError:
        return "?"  # bytes that are no text are no choice
    except (EOFError, KeyboardInterrupt):
        print()
        raise


def _load_ahead(bank: "Bank", prompt: str) -> None:
    """Load what marking needs while the user reads; what goes wrong there goes wrong again where it is told."""

    def load() -> None:
        with suppress(Exception):
            import prompt_toolkit  # noqa: F401

            from essaydrill.scoring import Scorer

            Scorer(bank[prompt])

    threading.Thread(target=load).start()


def _described(prompt: "AnyPrompt", draft: "Draft") -> str:
    saved = draft.saved_at.astimezone().strftime("%m-%d %H:%M")
    return f"《{prompt.title or prompt.task[:20]}》（{prompt.id}），{saved} 存，用时 {_clock(draft.seconds)}"


def _length(sitting: Sitting) -> str:
    from essaydrill.text.cells import count_cells

    wanted = _limit(sitting.prompt.limit)
    return f"已写 {count_cells(sitting.text)} 格" + (f"，要求 {wanted}" if wanted else "")


def _limit(limit: "AnyLength | None") -> str:
    if limit is None:
        return ""
    if limit.about:
        return f"{limit.about} 左右"
    if limit.min and limit.max:
        return f"{limit.min}–{limit.max}"
    return f"≤{limit.max}" if limit.max else f"≥{limit.min}"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02}:{int(seconds) % 60:02}"
