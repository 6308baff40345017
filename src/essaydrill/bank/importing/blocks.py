"""The lines of a document parted into blocks: materials, tasks, answers, marking schemes, notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from essaydrill.bank.importing.cues import Cue, Heading, read_cue, read_heading
from essaydrill.bank.importing.numbering import Numbered, Style, numbered
from essaydrill.bank.limits import read_limit

Role = Literal["front", "notes", "material", "task", "answer", "scheme", "explanation", "rules"]

_AHEAD = 8  # lines looked at to see whether a number begins a question
_MARKS = re.compile(r"[（(]\s*(?:本题|共|满分|计)*\s*\d{1,3}(?:\.5)?\s*分\s*[）)]")
_REQUEST = re.compile(
    r"^(?:根据|结合|假如|假设|假定|如果你|阅读|围绕|参考|依据|针对|概括|归纳|概述|简述|分析|谈谈|阐述|梳理)|请"
)
_TASK_STYLES: tuple[Style, ...] = ("han", "han_paren", "arabic", "arabic_paren")


@dataclass
class Block:
    """Consecutive lines of one role. `number` is that of the task or material, or the task that an answer is for;
    `heading` is the title of a section of notes, or a material's label."""

    role: Role
    number: int | None = None
    heading: str = ""
    lines: list[str] = field(default_factory=list)


def read_blocks(lines: Sequence[str]) -> list[Block]:
    """The blocks of a document in their order; a text without any mark of a question is searched for a bare one."""
    blocks = _Reader(lines, bare=False).blocks()
    if not any(block.role == "task" for block in blocks):
        blocks = _Reader(lines, bare=True).blocks()
    return blocks


class _Reader:
    """Goes through the lines once; what a line means depends on the block that is open."""

    def __init__(self, lines: Sequence[str], *, bare: bool) -> None:
        self._lines = lines
        self._bare = bare
        self._blocks = [Block("front")]
        self._section = 0  # the number of the last 一、 that was a heading
        self._style: Style | None = None  # how tasks are numbered that have no 第一题 before them
        self._tasks: list[int] = []  # the numbers of the tasks so far
        self._answered: set[int] = set()
        self._answers_apart = False  # in a part of the document that holds the answers to all tasks,
        self._answers_listed = False  # which are numbered as the tasks are

    def blocks(self) -> list[Block]:
        for at, line in enumerate(self._lines):
            if not self._begins(at, line):
                self._now.lines.append(line)
        return [block for block in self._blocks if block.lines or block.heading]

    @property
    def _now(self) -> Block:
        return self._blocks[-1]

    def _begins(self, at: int, line: str) -> bool:
        """Whether the line begins a block, which is then open."""
        cue = read_cue(line)
        if cue and cue.kind != "task":
            self._open(at, cue)
            return True
        heading = read_heading(line)
        if heading and self._is_section(at, heading):
            self._enter(at, heading)
            return True
        if cue and self._is_task(at, cue):
            self._task(cue.number, cue.rest)
            return True
        if self._answers_apart and cue and cue.number in self._tasks:
            self._blocks.append(Block("answer", cue.number, lines=[cue.rest] if cue.rest else []))
            return True
        marker = numbered(line)
        if marker and self._is_numbered_task(at, marker):
            self._style = marker.style
            self._task(marker.number, line[marker.end :])
            return True
        if marker and self._answers_listed and marker.style == self._style:
            said = read_cue(line[marker.end :])
            rest = said.rest if said and said.kind == "answer" else line[marker.end :]
            self._blocks.append(Block("answer", marker.number, lines=[rest] if rest else []))
            return True
        if self._bare and self._now.role != "task" and _asks(line, strictly=True):
            self._task(None, line)
            return True
        return False

    # --- sections ---

    def _is_section(self, at: int, heading: Heading) -> bool:
        inside = self._now.role in ("answer", "material", "task")
        follows = heading.number is not None and heading.number == self._section + 1
        if heading.part == "tasks" and not heading.own:  # 问题 and 题目 are also what a lesson speaks of
            behind = self._lines[at + 1 : at + 2]
            return self._now.role != "answer" and any(read_cue(line) or self._asks_from(at + 1) for line in behind)
        if inside:
            return heading.own and (follows or heading.number is None or not self._section)
        if heading.part is None:  # 一、 with words of its own
            return follows and self._now.role in ("front", "notes") and not self._asks_from(at)
        return follows or heading.number is None or not self._section or heading.own

    def _enter(self, at: int, heading: Heading) -> None:
        self._section = heading.number or self._section
        self._answers_apart = self._answers_listed = False
        match heading.part:
            case "materials":
                self._blocks.append(Block("material", heading="给定资料"))
            case "tasks":
                self._blocks.append(Block("front"))
            case "answers":
                self._apart(at)
                self._blocks.append(Block("answer", self._latest()))
            case "explanation" | "rules":
                self._blocks.append(Block(heading.part))
            case _:
                self._blocks.append(Block("notes", heading=heading.title))

    # --- tasks ---

    def _is_task(self, at: int, cue: Cue) -> bool:
        """A question's mark inside an answer may be the answer's own structure."""
        if self._now.role in ("answer", "explanation", "scheme") or self._answers_apart:
            return _asks(cue.rest) or (not cue.rest and self._asks_from(at + 1))
        return True

    def _is_numbered_task(self, at: int, marker: Numbered) -> bool:
        if marker.style not in _TASK_STYLES or (self._style or marker.style) != marker.style:
            return False
        if self._style is None and self._tasks:  # they are numbered in words
            return False
        repeats = self._answers_apart and marker.number in self._tasks
        if marker.number != len(self._tasks) + 1 and not repeats:
            return False
        if self._now.role == "rules":
            return False
        return self._asks_from(at, marker, strictly=repeats)

    def _asks_from(self, at: int, marker: Numbered | None = None, *, strictly: bool = False) -> bool:
        """Whether the lines from `at` on, up to the next one so numbered, are a question."""
        block = []
        for n, line in enumerate(self._lines[at : at + _AHEAD]):
            other = numbered(line)
            if n and (read_cue(line) or (other and marker and other.style == marker.style)):
                break
            block.append(line)
        if not block:
            return False
        said = block[0][marker.end :] if marker else block[0]
        return _asks(said, "".join(block), strictly=strictly)

    def _task(self, number: int | None, rest: str) -> None:
        number = number or len(self._tasks) + 1
        if number not in self._tasks:
            self._tasks.append(number)
        self._blocks.append(Block("task", number, lines=[rest] if rest else []))

    # --- materials, answers ---

    def _open(self, at: int, cue: Cue) -> None:
        lines = [cue.rest] if cue.rest else []
        if cue.kind == "material":
            self._blocks.append(Block("material", cue.number, cue.label, lines))
            return
        number = cue.number if cue.number in self._tasks else self._latest()
        if cue.kind == "answer":
            waiting = [task for task in self._tasks if task not in self._answered]
            if cue.number is None and not lines and len(waiting) > 1:
                self._apart(at)
            self._answered.update([number] if number else [])
        self._blocks.append(Block(cue.kind, number, lines=lines))

    def _apart(self, at: int) -> None:
        """The answers to all tasks begin in line `at`; they are numbered like the tasks where the numbers agree."""
        self._answers_apart = True
        rest = self._lines[at + 1 :]
        numbers = [marker.number for line in rest if (marker := numbered(line)) and marker.style == self._style]
        self._answers_listed = numbers == self._tasks and len(numbers) > 1

    def _latest(self) -> int | None:
        """The task that an answer without a number is for: the one whose answer is being read, or the last."""
        if self._answers_apart and self._now.role in ("answer", "scheme", "explanation"):
            return self._now.number
        return self._tasks[-1] if self._tasks else None


def _asks(line: str, block: str = "", *, strictly: bool = False) -> bool:
    """Whether a line, with those that follow it, is a question: it makes a request, and states marks or a limit."""
    said = block or line
    states = bool(_MARKS.search(said)) or read_limit(said) is not None
    return states and (bool(_REQUEST.search(line)) or (not strictly and bool(_MARKS.search(line))))
