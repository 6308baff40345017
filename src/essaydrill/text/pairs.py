"""Pairs of neighbouring characters and listed wordings, looked up for a whole text at once."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


def codes(text: str) -> NDArray[np.uint32]:
    """The code points of `text`, shape (len(text),)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


class PairTable:
    """Numbers the listed pairs of characters from 1 in their sorted order; any other pair is 0.

    A table of first by second characters answers for all pairs of a text in three look-ups, whatever the text.
    """

    def __init__(self, pairs: Iterable[str]) -> None:
        self.pairs = tuple(sorted(set(pairs)))
        listed = codes("".join(self.pairs)).reshape(-1, 2)
        self._rows, rows, height = _numbered(listed[:, 0])
        self._columns, columns, self._width = _numbered(listed[:, 1])
        self._table = np.zeros(height * self._width, np.min_scalar_type(len(self.pairs)))
        self._table[rows * self._width + columns] = np.arange(1, len(self.pairs) + 1)

    def numbers(self, text: NDArray[np.uint32]) -> Integers:
        """The number of each pair of neighbours in `text`, given as code points; shape (len(text) - 1,)."""
        rows = self._rows[np.minimum(text[:-1], len(self._rows) - 1)]
        columns = self._columns[np.minimum(text[1:], len(self._columns) - 1)]
        return self._table[rows * self._width + columns].astype(np.int64)

    def __reduce__(self) -> tuple[type["PairTable"], tuple[tuple[str, ...]]]:
        return PairTable, (self.pairs,)


def _numbered(listed: NDArray[np.uint32]) -> tuple[Integers, Integers, int]:
    """Numbers from 1 for the characters listed, by code point (0 for others and for the last); those of `listed`; and
    how many numbers there are, 0 included."""
    listed = listed.astype(np.int64)
    by_code = np.zeros(int(listed.max(initial=-1)) + 2, np.int64)
    by_code[listed] = 1
    count = int(by_code.sum()) + 1
    by_code[by_code > 0] = np.arange(1, count)
    return by_code, by_code[listed], count


class Phrases:
    """Listed wordings of two characters and more, found wherever they stand in a text."""

    def __init__(self, wordings: Iterable[str]) -> None:
        by_beginning: dict[str, list[str]] = {}
        for wording in sorted(set(wordings), key=len, reverse=True):
            by_beginning.setdefault(wording[:2], []).append(wording)
        self._beginnings = PairTable(pair for pair in by_beginning if len(pair) == 2)
        self._wordings = [[], *(by_beginning[pair] for pair in self._beginnings.pairs)]

    def find(self, text: str) -> list[tuple[int, str]]:
        """The longest wording at every place of `text` with the place; one that begins inside another is found too."""
        numbers = self._beginnings.numbers(codes(text))
        places = np.flatnonzero(numbers)
        found = []
        for start, number in zip(places.tolist(), numbers[places].tolist(), strict=True):
            for wording in self._wordings[number]:
                if text.startswith(wording, start):
                    found.append((start, wording))
                    break
        return found
