"""Expressions that a marker takes for one another (`data/lexicon/equivalents.txt`): 资金短缺, 经费紧张, 缺钱 …"""

from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

from essaydrill.paths import shipped_data
from essaydrill.text.pairs import Integers, Phrases


class Mention(NamedTuple):
    """text[start:end] expresses the concepts; a concept is named by the number of its group."""

    start: int
    end: int
    concepts: tuple[int, ...]


class Concepts:
    """Groups of equivalent wordings. `groups` maps a wording to the groups it stands in."""

    def __init__(self, groups: dict[str, tuple[int, ...]]) -> None:
        self.groups = groups
        self._phrases = Phrases(groups)
        numbers = [groups[wording] for wording in self._phrases.wordings]
        self._numbers = np.fromiter(chain.from_iterable(numbers), np.int64)
        self._counts = np.fromiter(map(len, numbers), np.int64)

    @classmethod
    def load(cls, path: Path) -> "Concepts":
        """One group a line, wordings parted by spaces, # begins a comment."""
        groups: dict[str, tuple[int, ...]] = {}
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            if not line.startswith("#"):
                for wording in line.split():
                    groups[wording] = (*groups.get(wording, ()), number)
        return cls(groups)

    def find(self, text: str) -> list[Mention]:
        """The longest wording at every place of `text`; wordings that begin inside another are found too."""
        return [
            Mention(start, start + len(wording), self.groups[wording]) for start, wording in self._phrases.find(text)
        ]

    def numbers(self, text: str) -> tuple[Integers, Integers]:
        """Where in `text` the longest wording at a place begins, and the group that it stands in; a wording of several
        groups is there for each."""
        places, wordings = self._phrases.longest(text)
        counts = self._counts[wordings]
        behind = self._counts.cumsum()[wordings] - counts.cumsum()
        return np.repeat(places, counts), self._numbers[np.arange(counts.sum()) + np.repeat(behind, counts)]


@cache
def default_concepts() -> Concepts:
    """The groups shipped with the package, read once a process."""
    return Concepts.load(shipped_data() / "lexicon" / "equivalents.txt")
