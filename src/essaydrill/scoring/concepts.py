"""Expressions that a marker takes for one another (`data/lexicon/equivalents.txt`): 资金短缺, 经费紧张, 缺钱 …"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from essaydrill.paths import shipped_data


class Mention(NamedTuple):
    """text[start:end] expresses the concepts; a concept is named by the number of its group."""

    start: int
    end: int
    concepts: tuple[int, ...]


@dataclass(frozen=True)
class Concepts:
    """Groups of equivalent wordings, indexed for finding them in a text.

    `groups` maps a wording to the groups it stands in, `lengths` the first two characters of wordings to their
    lengths, longest first.
    """

    groups: dict[str, tuple[int, ...]]
    lengths: dict[str, tuple[int, ...]]

    @classmethod
    def load(cls, path: Path) -> "Concepts":
        """One group a line, wordings parted by spaces, # begins a comment."""
        groups: dict[str, list[int]] = {}
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            if not line.startswith("#"):
                for wording in line.split():
                    groups.setdefault(wording, []).append(number)
        lengths: dict[str, set[int]] = {}
        for wording in groups:
            lengths.setdefault(wording[:2], set()).add(len(wording))
        return cls(
            {wording: tuple(numbers) for wording, numbers in groups.items()},
            {beginning: tuple(sorted(sizes, reverse=True)) for beginning, sizes in lengths.items()},
        )

    def find(self, text: str) -> Iterator[Mention]:
        """The longest wording at every place of `text`; wordings that begin inside another are found too."""
        lengths, groups = self.lengths, self.groups
        for start in range(len(text) - 1):
            for size in lengths.get(text[start : start + 2], ()):
                found = groups.get(text[start : start + size])
                if found:
                    yield Mention(start, start + size, found)
                    break


@cache
def default_concepts() -> Concepts:
    """The groups shipped with the package, read once a process."""
    return Concepts.load(shipped_data() / "lexicon" / "equivalents.txt")
