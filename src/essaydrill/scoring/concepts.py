"""Expressions that a marker takes for one another (`data/lexicon/equivalents.txt`): 资金短缺, 经费紧张, 缺钱 …"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from essaydrill.paths import shipped_data
from essaydrill.text.pairs import Integers, NumberedPhrases


class Mention(NamedTuple):
    """text[start:end] expresses the concepts; a concept is named by the number of its group."""

    start: int
    end: int
    concepts: tuple[int, ...]


class Concepts:
    """Groups of equivalent wordings. `groups` maps a wording to the groups it stands in."""

    def __init__(self, groups: dict[str, tuple[int, ...]]) -> None:
        self.groups = groups
        self._numbered = NumberedPhrases(groups)

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
        found = self._numbered.phrases.find(text)
        return [Mention(start, start + len(wording), self.groups[wording]) for start, wording in found]

    def numbers(self, text: str) -> tuple[Integers, Integers]:
        """Where in `text` the longest wording at a place begins, and the group that it stands in; a wording of several
        groups is there for each."""
        return self._numbered.longest(text)


@cache
def default_concepts() -> Concepts:
    """The groups shipped with the package, read once a process."""
    return Concepts.load(shipped_data() / "lexicon" / "equivalents.txt")
