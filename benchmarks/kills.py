"""`kill -9` at random moments of real sessions:

    python benchmarks/kills.py [KILLS]

A shell in a pty starts `essaydrill practice`, a candidate types at a steady pace, hands in, revises, types on; at a
random moment the program, its guard or both are killed. Then it is looked at what is on disk (how much of the typing is
lost, whether the database is whole) and what the shell's user sees: whether the terminal is out of raw mode, back on
its first screen and obeys. The next session goes on with what the last one left. Linux only.
"""

import os
import random
import re
import select
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pexpect

PROMPT = "governance-summary-01"
PACE = 0.09  # seconds from key to key
LONGEST = 9.0  # seconds from the first screen to the latest kill
VICTIMS = ("program", "program", "guard", "both")
F2, ENTER = "\x1bOQ", "\r"
SECOND_SCREEN, FIRST_SCREEN = "\x1b[?1049h", "\x1b[?1049l"


class KillError(Exception):
    """The moment has come."""


@dataclass
class Session:
    """One shell with the program in it; `typed` are the moments and the pieces, `end` is when to kill."""

    shell: pexpect.spawn
    end: float
    typed: list[tuple[float, str]]
    seen: str = ""

    def look(self, until: float) -> None:
        while (left := min(until, self.end) - time.monotonic()) > 0:
            if select.select([self.shell.child_fd], [], [], left)[0]:
                self.seen += os.read(self.shell.child_fd, 65536).decode("utf-8", "replace")
        if time.monotonic() >= self.end:
            raise KillError

    def expect(self, words: str) -> None:
        while not re.search(words, self.seen):
            self.look(time.monotonic() + 0.02)

    def press(self, keys: str) -> None:
        self.seen = ""
        self.shell.send(keys)

    def write(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            piece = f"{len(self.typed)}，"
            self.typed.append((time.monotonic(), piece))
            self.press(piece)
            self.look(time.monotonic() + PACE)


def start(home: str, answer: str) -> pexpect.spawn:
    """A shell in which the room is open and `answer` on the sheet."""
    environment = {**os.environ, "ESSAYDRILL_HOME": home, "TERM": "xterm-256color", "PS1": "shell> "}
    shell = pexpect.spawn(
        "bash",
        ["--norc", "--noprofile"],
        env=environment,
        encoding="utf-8",
        codec_errors="replace",
        dimensions=(30, 110),
        timeout=30,
    )
    shell.delaybeforesend = None
    shell.expect("shell> ")
    code = "from essaydrill.cli.app import main; main()"
    shell.send(f"'{sys.executable}' -c '{code}' practice {PROMPT}\r")
    if answer.strip():
        shell.expect("没写完的草稿")
        shell.send(ENTER)
    shell.expect("答题纸 .{0,20}行")
    return shell


def sit(session: Session, rng: random.Random) -> None:
    """Until the kill."""
    try:
        while True:
            session.write(rng.uniform(1.5, 4.0))
            session.press(F2)
            session.expect("再看看")
            session.press(ENTER)
            session.expect("改这一稿")
            session.press("e")
            session.expect("答题纸 .{0,20}行")
    except KillError:
        pass


def children(pid: int) -> Iterator[int]:
    yield from map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def kill(shell: pexpect.spawn, victim: str) -> None:
    guard = next(children(shell.pid))
    program = next(children(guard))
    for pid in {"program": (program,), "guard": (guard,), "both": (guard, program)}[victim]:
        os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in (guard, program)) and time.monotonic() < until:
        time.sleep(0.005)


def kept(home: str) -> str:
    """The answer as it is on disk: in the draft, else in the last attempt."""
    draft = Path(home, "data", "drafts", f"{PROMPT}.txt")
    if draft.exists():
        return draft.read_text("utf-8")
    with sqlite3.connect(Path(home, "data", "history.db")) as database:
        row = database.execute("SELECT answer FROM attempts ORDER BY id DESC LIMIT 1").fetchone()
    return row[0] if row else ""


def is_whole(home: str) -> bool:
    path = Path(home, "data", "history.db")
    if not path.exists():
        return True
    with sqlite3.connect(path) as database:
        return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def terminal_is_usable(shell: pexpect.spawn) -> tuple[bool, bool]:
    """Whether the shell's terminal is out of raw mode and obeys; whether the program's screen is gone."""
    time.sleep(0.1)
    # Keys that the program did not live to read are on the shell's line: Ctrl-U takes them away.
    shell.send("\x15echo obey$((40 + 2)); stty -a | tr ';' '\\n'; echo end$((1 + 1))\r")
    shell.expect("end2")
    said = shell.before or ""
    words = said.split()
    cooked = "obey42" in said and all(mode in words for mode in ("icanon", "echo", "isig", "icrnl", "opost"))
    return cooked, FIRST_SCREEN in said


def main(kills: int = 50) -> None:
    rng = random.Random(6)
    lost: list[float] = []
    broken = raw = 0
    screens: dict[str, list[bool]] = {victim: [] for victim in dict.fromkeys(VICTIMS)}
    attempts = 0
    with tempfile.TemporaryDirectory() as home:
        for number in range(kills):
            victim = VICTIMS[number % len(VICTIMS)]
            draft = Path(home, "data", "drafts", f"{PROMPT}.txt")
            before = draft.read_text("utf-8") if draft.exists() else ""
            shell = start(home, before)
            session = Session(shell, time.monotonic() + rng.uniform(0.1, LONGEST), [])
            sit(session, rng)
            at = time.monotonic()
            kill(shell, victim)
            after = kept(home)
            pieces = [piece for _, piece in session.typed]
            there = next(
                (n for n in range(len(pieces), -1, -1) if after == before + "".join(pieces[:n])), 0 if pieces else None
            )
            if there is not None and there < len(pieces):
                lost.append(at - session.typed[there][0])
            else:
                lost.append(0.0)
            broken += not is_whole(home)
            cooked, first_screen = terminal_is_usable(shell)
            raw += not cooked
            print(f"{number + 1:3d} {victim:8s} {lost[-1]:.2f} s lost, {'cooked' if cooked else 'RAW'}", flush=True)
            screens[victim].append(first_screen)
            shell.close(force=True)
        with sqlite3.connect(Path(home, "data", "history.db")) as database:
            attempts = database.execute("SELECT count(*) FROM attempts").fetchone()[0]
    print(f"{kills} kills, {attempts} answers handed in meanwhile")
    print(f"typing lost: median {sorted(lost)[len(lost) // 2]:.2f} s, at most {max(lost):.2f} s (allowed: 2)")
    print(f"databases broken: {broken}; terminals left in raw mode: {raw}")
    for victim, found in screens.items():
        print(f"{victim} killed: back on the first screen {sum(found)} of {len(found)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
