"""Words that turn a statement round (`data/lexicon/polarity.txt`), and pairs of opposites (`antonyms.txt`)."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from essaydrill.paths import shipped_data

POLARITY_CLASSES = ("negation", "reversal", "restriction", "fine")


@cache
def _classes() -> dict[str, tuple[int, ...]]:
    rows: dict[str, list[int]] = {}
    for line in _lines(shipped_data() / "lexicon" / "polarity.txt"):
        name, words = line.split(":")
        place = POLARITY_CLASSES.index(name)
        for word in words.split():
            rows.setdefault(word, [0] * len(POLARITY_CLASSES))[place] = 1
    return {word: tuple(row) for word, row in rows.items()}


_NEUTRAL = (0,) * len(POLARITY_CLASSES)


def polarity_row(word: str) -> tuple[int, ...]:
    """Which classes of polarity words `word` belongs to, 0 or 1 for each of `POLARITY_CLASSES`."""
    return _classes().get(word, _NEUTRAL)


def polarity_words() -> Iterable[str]:
    """All words of any class."""
    return _classes().keys()


@cache
def _antonyms() -> dict[str, frozenset[str]]:
    opposites: dict[str, set[str]] = {}
    for line in _lines(shipped_data() / "lexicon" / "antonyms.txt"):
        one, other = line.split()
        opposites.setdefault(one, set()).add(other)
        opposites.setdefault(other, set()).add(one)
    return {word: frozenset(found) for word, found in opposites.items()}


def opposites(words: Iterable[str]) -> frozenset[str]:
    """The opposites of all the words, without those that are among the words themselves."""
    own = frozenset(words)
    antonyms = _antonyms()
    return frozenset(other for word in own for other in antonyms.get(word, ())) - own


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
