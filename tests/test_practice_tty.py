"""`practice` in a real terminal: typing, saving, crashing, leaving."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from essaydrill.history import History
from test_practice_cli import add

pexpect = pytest.importorskip("pexpect")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX terminal")

PROMPT = "governance-practice-01"
ANSWER = "一是基层财政困难，投入不足。"
# What the menus ask.
HOW, DRAFT, NEXT, AGAIN = "怎么作答？", "这份草稿怎么办？", "接下来？", "怎么重做？"
EDITING = "Ctrl-C 暂停"
CTRL_C, CTRL_D, CTRL_G, F4 = "\x03", "\x04", "\x07", "\x1bOS"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    bank = tmp_path / "home" / "data" / "bank"
    add(bank, PROMPT, topic="governance")
    (bank / "notes").mkdir()
    (bank / "notes" / "governance.md").write_text("# 枫桥经验\n", "utf-8")
    return tmp_path / "home"


@pytest.fixture
def draft(home: Path) -> Path:
    return home / "data" / "drafts" / f"{PROMPT}.txt"


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., "pexpect.spawn"]]:
    running = []

    def spawn(*arguments: str, editor: str = "false", columns: int = 80) -> "pexpect.spawn":
        code = "from essaydrill.cli.app import main; main()"
        environment = {**os.environ, "ESSAYDRILL_HOME": str(home), "TERM": "xterm", "EDITOR": editor, "VISUAL": ""}
        environment |= {"PROMPT_TOOLKIT_NO_CPR": "1", "PYTHONIOENCODING": "utf-8", "PAGER": "cat"}
        environment.pop("COLUMNS", None)
        terminal = pexpect.spawn(
            sys.executable,
            ["-c", code, "practice", "--plain", *arguments],
            env=environment,
            encoding="utf-8",
            codec_errors="replace",
            dimensions=(24, columns),
            timeout=15,
        )
        running.append(terminal)
        return terminal

    yield spawn
    for terminal in running:
        terminal.close(force=True)


def ended(terminal: "pexpect.spawn") -> int:
    terminal.expect(pexpect.EOF)
    terminal.close()
    return terminal.exitstatus


def wait_for(there: Callable[[], bool], seconds: float = 5) -> float:
    began = time.monotonic()
    while not there():
        assert time.monotonic() - began < seconds
        time.sleep(0.05)
    return time.monotonic() - began


def recorded(home: Path) -> list[str]:
    with History(home / "data" / "history.db") as history:
        return [attempt.answer for attempt in history.attempts()]


def begin(terminal: "pexpect.spawn") -> None:
    terminal.expect(HOW)
    terminal.send("1\r")
    terminal.expect(EDITING)


def test_an_answer_is_typed_corrected_handed_in_marked_and_compared(
    start: Callable[..., "pexpect.spawn"], home: Path, draft: Path
) -> None:
    terminal = start(PROMPT, "--topic", "governance")
    begin(terminal)
    terminal.send(ANSWER + "错\x7f\r")  # backspace takes the whole wide character
    terminal.send("\x1b[200~二是\x1b[31m年龄偏大。\r三是技术落后。\x1b[201~")  # pasted, a terminal escape within
    terminal.send("\x1b[A\x1b[A\x01　　")  # up, up, to the beginning of the line
    terminal.send("\x1b[<0;1;1Mx\x1b[31m\x1b\r")  # a mouse, an escape typed as keys, Alt-Enter: nothing may break
    terminal.send("\x1bOQ")  # F2
    terminal.expect("采分点")
    terminal.expect("已记入历史，第 1 号")
    terminal.expect(NEXT)
    [answer] = recorded(home)
    assert answer.startswith("　　")
    assert ANSWER in answer
    assert "错" not in answer
    assert "二是\x1b[31m年龄偏大。\n三是技术落后。" in answer
    assert not draft.exists()

    for choice, shown in (("1", "参考答案"), ("2", "标杆卷"), ("3", "枫桥")):
        terminal.send(f"{choice}\r")
        terminal.expect(shown)
        terminal.expect(NEXT)
    terminal.send("4\r")
    terminal.expect(AGAIN)
    terminal.send("2\r")
    begin(terminal)
    terminal.send(CTRL_D)  # nothing written: told, and not recorded
    terminal.expect("没有交卷")
    terminal.expect(HOW)
    terminal.send("4\r")
    terminal.expect("材料")
    terminal.expect(HOW)
    terminal.send("5\r")
    assert ended(terminal) == 0
    assert len(recorded(home)) == 1


def test_after_a_kill_the_next_practice_offers_what_was_written(
    start: Callable[..., "pexpect.spawn"], home: Path, draft: Path
) -> None:
    terminal = start(PROMPT)
    begin(terminal)
    terminal.send(ANSWER)
    assert wait_for(lambda: draft.exists() and draft.read_text("utf-8") == ANSWER) < 3.5
    terminal.send("\r二是")
    wait_for(lambda: draft.read_text("utf-8").startswith(f"{ANSWER}\n"), 1.5)  # a new line is saved at once
    terminal.kill(signal.SIGKILL)

    terminal = start()
    terminal.expect(DRAFT)
    terminal.send("1\r")
    terminal.expect(HOW)
    terminal.send("3\r")
    terminal.expect("已记入历史")
    terminal.expect(NEXT)
    assert recorded(home)[0].startswith(ANSWER)
    assert not draft.exists()


def test_a_closed_terminal_keeps_the_draft_which_can_be_put_aside(
    start: Callable[..., "pexpect.spawn"], draft: Path
) -> None:
    terminal = start(PROMPT)
    begin(terminal)
    terminal.send(ANSWER + "\r")
    wait_for(draft.exists)
    terminal.close(force=True)

    terminal = start()
    terminal.expect(DRAFT)
    terminal.send("3\r")  # not now: another prompt comes, the draft stays
    begin(terminal)
    terminal.send(CTRL_C)
    terminal.expect(HOW)
    terminal.send("5\r")
    assert ended(terminal) == 0
    assert draft.read_text("utf-8").strip() == ANSWER

    terminal = start(PROMPT)
    terminal.expect(DRAFT)
    terminal.send("2\r")  # start over: the old text is kept aside
    terminal.expect(HOW)
    assert not draft.exists()
    assert (draft.parent / "old" / draft.name).read_text("utf-8").strip() == ANSWER


@pytest.mark.parametrize(("key", "code"), [(CTRL_C, 130), (CTRL_D, 0)])
def test_ctrl_c_and_the_end_of_input_keep_the_draft_and_say_where(
    key: str, code: int, start: Callable[..., "pexpect.spawn"], draft: Path
) -> None:
    terminal = start(PROMPT)
    begin(terminal)
    terminal.send(ANSWER + CTRL_C)
    terminal.expect("已暂停")
    terminal.expect(HOW)
    terminal.send(key)
    assert ended(terminal) == code
    assert str(draft) in terminal.before.replace("\r\n", "")
    assert draft.read_text("utf-8") == ANSWER

    terminal = start()
    terminal.expect(DRAFT)
    terminal.send(key)
    assert ended(terminal) == code
    assert "Traceback" not in terminal.before
    assert draft.read_text("utf-8") == ANSWER


def test_ctrl_c_leaves_politely_where_nothing_is_to_be_kept(
    start: Callable[..., "pexpect.spawn"], home: Path, draft: Path
) -> None:
    terminal = start(PROMPT)
    begin(terminal)
    terminal.send(CTRL_C)  # pauses; nothing was written
    terminal.expect(HOW)
    terminal.send(CTRL_C)
    assert ended(terminal) == 130
    assert "Traceback" not in terminal.before
    assert not draft.exists()

    terminal = start(PROMPT)
    begin(terminal)
    terminal.send(ANSWER + CTRL_D)
    for question, choice in ((NEXT, "4\r"), (AGAIN, CTRL_C)):
        terminal.expect(question)
        terminal.send(choice)
    assert ended(terminal) == 130
    assert "Traceback" not in terminal.before
    assert not draft.exists()
    assert recorded(home) == [ANSWER]


def test_the_own_editor_writes_into_the_draft(
    start: Callable[..., "pexpect.spawn"], home: Path, tmp_path: Path
) -> None:
    script = tmp_path / "editor.sh"
    script.write_text('#!/bin/sh\nprintf "%s" "二是队伍不强。" >> "$1"\n')
    script.chmod(0o755)
    terminal = start(PROMPT, "--editor", editor=str(script), columns=40)
    terminal.expect(HOW)
    terminal.send("\r")  # Enter takes the editor, as asked for
    terminal.expect("已写 7 格")
    terminal.expect(HOW)
    terminal.send("1\r")
    terminal.expect(EDITING)
    terminal.send("三是" + F4)
    terminal.expect("已写 16 格")
    terminal.expect(HOW)
    terminal.send("3\r")
    terminal.expect(NEXT)
    assert recorded(home) == ["二是队伍不强。三是二是队伍不强。"]


def test_a_newcomer_sees_a_specimen_marked_first(start: Callable[..., "pexpect.spawn"], home: Path) -> None:
    terminal = start(PROMPT, "--specimen")
    terminal.expect("采分点")
    terminal.expect("阅卷人给 7.5 分")
    terminal.expect(HOW)
    terminal.send("3\r")
    terminal.expect("阅卷人给")
    terminal.expect(HOW)
    terminal.send("9\r")
    terminal.expect("1 到 5")
    os.write(terminal.child_fd, b"\xff\xe4\r")  # no text in any sense
    terminal.expect("1 到 5")
    terminal.send("５\r")  # a full-width digit, as an input method gives it
    assert ended(terminal) == 0
    assert recorded(home) == []
