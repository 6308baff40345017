"""The exam room in a real terminal: killed, asked to end, too small, refused."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from select import select

import pytest

from essaydrill.history import History
from test_practice_cli import add

pexpect = pytest.importorskip("pexpect")
termios = pytest.importorskip("termios")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX terminal")

PROMPT = "governance-practice-01"
PROMPTS = ("governance-practice-02", "governance-practice-03")
ROOM, LEFT = "答题纸 0 行", "\x1b[?1049l"
CTRL_Q = "\x11"
# What may be lost of the typing, and the time that a keystroke takes to the program and the draft to the disk.
LOST_SECONDS = 2.0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    add(tmp_path / "home" / "data" / "bank", PROMPT, topic="governance")
    return tmp_path / "home"


@pytest.fixture
def draft(home: Path) -> Path:
    return home / "data" / "drafts" / f"{PROMPT}.txt"


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., "pexpect.spawn"]]:
    running = []

    def spawn(*arguments: str, size: tuple[int, int] = (24, 80), term: str = "xterm-256color") -> "pexpect.spawn":
        code = "from essaydrill.cli.app import main; main()"
        environment = {**os.environ, "ESSAYDRILL_HOME": str(home), "TERM": term, "PYTHONIOENCODING": "utf-8"}
        environment |= {"PROMPT_TOOLKIT_NO_CPR": "1"}
        for name in ("COLUMNS", "LINES", "ESSAYDRILL_PROFILE"):
            environment.pop(name, None)
        terminal = pexpect.spawn(
            sys.executable,
            ["-c", code, *arguments],
            env=environment,
            encoding="utf-8",
            codec_errors="replace",
            dimensions=size,
            timeout=15,
        )
        terminal.delaybeforesend = None
        for closing in (terminal, terminal.ptyproc):
            closing.delayafterclose = closing.delayafterterminate = 0.02
        running.append(terminal)
        return terminal

    yield spawn
    for terminal in running:
        terminal.kill(signal.SIGKILL)
        terminal.close()


def program_of(terminal: "pexpect.spawn") -> int:
    """The process that a guard waits for."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(terminal.pid)], capture_output=True, check=True)
    return int(listed.stdout.split()[0])


def looked_at(terminals: list["pexpect.spawn"], seconds: float) -> None:
    """Read what the rooms write, as a terminal does: one that nobody reads from stands still."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        for terminal in select([each for each in terminals if each.isalive()], [], [], left)[0]:
            os.read(terminal.fileno(), 65536)


def test_killed_at_any_moment_no_more_than_two_seconds_of_typing_are_lost(
    start: Callable[..., "pexpect.spawn"], home: Path
) -> None:
    rng = random.Random(5)
    for prompt in PROMPTS:
        add(home / "data" / "bank", prompt, topic="governance")
    rooms = [(prompt, start("practice", prompt)) for prompt in PROMPTS]
    for _, terminal in rooms:
        terminal.expect(ROOM)
    typed: list[float] = []
    ends = [time.monotonic() + rng.uniform(2.3, 3.3) for _ in rooms]
    killed: dict[str, float] = {}
    while len(killed) < len(rooms):
        typed.append(time.monotonic())
        for (prompt, terminal), end in zip(rooms, ends, strict=True):
            if prompt not in killed and typed[-1] >= end:
                os.kill(program_of(terminal), signal.SIGKILL)
                killed[prompt] = time.monotonic()
                terminal.wait()
            elif prompt not in killed:
                terminal.send(f"{len(typed) - 1}，")
        looked_at([terminal for _, terminal in rooms], rng.uniform(0.02, 0.12))
    for prompt, at in killed.items():
        draft = home / "data" / "drafts" / f"{prompt}.txt"
        kept = draft.read_text("utf-8")
        assert kept == "".join(f"{number}，" for number in range(len(typed)))[: len(kept)]
        safe = [number for number, moment in enumerate(typed) if moment < at - LOST_SECONDS]
        assert safe
        assert kept.startswith("".join(f"{number}，" for number in safe))
    with History(home / "data" / "history.db") as history:
        assert history.attempts() == []


def test_asked_to_end_it_saves_and_gives_the_terminal_back(start: Callable[..., "pexpect.spawn"], draft: Path) -> None:
    terminal = start("practice", PROMPT)
    terminal.expect(ROOM)
    terminal.send("一是基层薄弱。")
    terminal.expect("答题纸 1 行")
    terminal.kill(signal.SIGTERM)
    terminal.expect_exact(LEFT)
    terminal.expect("没有交卷，草稿在")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 143
    assert draft.read_text("utf-8") == "一是基层薄弱。"


def test_killed_it_gives_the_terminal_back_all_the_same(start: Callable[..., "pexpect.spawn"]) -> None:
    terminal = start("practice", PROMPT)
    usual = termios.tcgetattr(terminal.child_fd)
    terminal.expect(ROOM)
    assert termios.tcgetattr(terminal.child_fd) != usual
    os.kill(program_of(terminal), signal.SIGKILL)
    terminal.expect_exact(LEFT)
    terminal.expect("再运行一次就接着写")
    assert termios.tcgetattr(terminal.child_fd) == usual
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 137


def test_when_its_guard_is_killed_it_saves_and_ends(start: Callable[..., "pexpect.spawn"], draft: Path) -> None:
    terminal = start("practice", PROMPT)
    terminal.expect(ROOM)
    terminal.send("一是基层薄弱。")
    terminal.expect("答题纸 1 行")
    terminal.kill(signal.SIGKILL)
    until = time.monotonic() + 5
    while not draft.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert draft.read_text("utf-8") == "一是基层薄弱。"


def test_where_there_is_no_room_practice_stays_plain(start: Callable[..., "pexpect.spawn"]) -> None:
    plain = [
        start("practice", PROMPT, "--plain"),
        start("practice", PROMPT, size=(24, 59)),
        start("practice", PROMPT, size=(19, 80)),
        start("practice", PROMPT, term="dumb"),
    ]
    for terminal in plain:
        terminal.expect("怎么作答")


def test_an_unknown_prompt_is_told_on_the_usual_screen(start: Callable[..., "pexpect.spawn"]) -> None:
    terminal = start("practice", "governance-practice-99")
    terminal.expect("没有题目")
    terminal.expect(pexpect.EOF)
    assert "\x1b[?1049h" not in terminal.before


def test_an_exam_is_left_and_found_again_with_its_bank(start: Callable[..., "pexpect.spawn"], tmp_path: Path) -> None:
    add(tmp_path / "bank", "rural-practice-01", topic="rural")
    terminal = start("exam", "--bank", str(tmp_path / "bank"), "--topics", "rural", "--total", "10", "--seed", "1")
    terminal.expect(ROOM)
    terminal.send(CTRL_Q)
    terminal.expect("离开考场")
    terminal.send("\x1b[B\r")
    terminal.expect("时间还在走，接着考用 essaydrill exam")
    terminal.expect(pexpect.EOF)
    again, refused = start("exam"), start("exam", "--seed", "2")
    again.expect("第 1/1 题")
    refused.expect("还有一场没有交卷")
