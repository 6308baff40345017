"""Which prompt a script answers, and under whose names it lies."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from essaydrill.grading.model import KnownBy, Said
from essaydrill.grading.names import fold

if TYPE_CHECKING:
    from essaydrill.bank import Bank

_ID_LIKE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+-\d{1,3}")
_BETWEEN = "__"
# What files are called when the folder around them is called after the student.
_GENERIC = frozenset(
    ("作答", "答案", "答题", "我的作答", "作文", "申论", "正文", "answer", "essay", "text", "document", "1")
)
_UNKNOWN = "看不出答的是哪道题：请用 --prompt 指定，或放进以题目编号命名的文件夹，或在文首写“题目：编号”"


class Prompts:
    """The prompts by whatever people call them: the id in any case, or the whole title.

    `own` are names of prompts beside those of the bank.
    """

    def __init__(self, bank: "Bank", own: Iterable[str] = ()) -> None:
        self._bank = bank
        self._own = tuple(own)

    def find(self, name: str) -> str | None:
        """The id of the prompt with this id or title."""
        return self._names.get(fold(name))

    def looks_meant(self, name: str) -> bool:
        """Whether a name is a prompt's, or is at least written like the ids of this bank (governance-summary-99)."""
        if self.find(name) is not None:
            return True
        if not _ID_LIKE.fullmatch(fold(name)):
            return False
        return bool(difflib.get_close_matches(fold(name).partition("-")[0], self._beginnings, n=1, cutoff=0.8))

    def unknown(self, name: str) -> str:
        """That there is no such prompt, with the near ones."""
        near = _near(fold(name), self._ids)
        hint = f"，相近的有 {'、'.join(near)}" if near else ""
        return f"题库里没有“{name}”这道题{hint}"

    @cached_property
    def _beginnings(self) -> list[str]:
        return sorted({fold(identifier).partition("-")[0] for identifier in self._ids})

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        return (*self._bank, *self._own)

    @cached_property
    def _names(self) -> dict[str, str]:
        titles: dict[str, list[str]] = {}
        for entry in self._bank.entries():
            titles.setdefault(fold(entry.title), []).append(entry.id)
        alone = {title: identifiers[0] for title, identifiers in titles.items() if len(identifiers) == 1}
        return alone | {fold(identifier): identifier for identifier in self._ids}


@lru_cache(maxsize=256)
def _near(name: str, identifiers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(name, identifiers, n=3, cutoff=0.6))


@dataclass(frozen=True)
class Identity:
    """The prompt and how it is known; without one, `problem` says what is wrong."""

    prompt: str | None
    known_by: KnownBy | None = None
    problem: str = ""


def identify(names: Sequence[str], said: Said, prompts: Prompts, default: str | None, *, in_table: bool) -> Identity:
    """What the script says goes before its file name, that before its folders (the nearest first), and `default` last.

    A name that is written like an id and is none is a mistake to be told, not to be passed over.
    """
    for name, known_by in _claims(names, said, in_table=in_table):
        if identifier := prompts.find(name):
            return Identity(identifier, known_by)
        if known_by in ("column", "front_matter") or prompts.looks_meant(name):
            return Identity(None, problem=prompts.unknown(name))
    return Identity(default, "option") if default else Identity(None, problem=_UNKNOWN)


def _claims(names: Sequence[str], said: Said, *, in_table: bool) -> Iterator[tuple[str, KnownBy]]:
    if said.prompt:
        yield said.prompt, "column" if in_table else "front_matter"
    if names:
        before, between, _ = names[-1].partition(_BETWEEN)
        yield before if between else names[-1], "file_name"
    for folder in reversed(names[:-1]):
        yield folder, "folder"


def student_labels(names: Sequence[str], prompts: Prompts) -> list[str]:
    """The names that may be the student's, likeliest first: the file's, then those of the folders, outwards."""
    if not names:
        return []
    before, between, after = names[-1].partition(_BETWEEN)
    own = after if between and prompts.looks_meant(before) else names[-1]
    folders = [name for name in reversed(names[:-1]) if not prompts.looks_meant(name)]
    if prompts.looks_meant(own):
        return folders
    return [*folders, own] if fold(own) in _GENERIC and folders else [own, *folders]
