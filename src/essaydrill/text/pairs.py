"""Pairs of neighbouring characters and listed wordings, looked up for a whole text at once."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from essaydrill.text.characters import letters

Integers = NDArray[np.int64]


def codes(text: str) -> NDArray[np.uint32]:
    """The code points of `text`, shape (len(text),)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def text_of(characters: NDArray[np.uint32]) -> str:
    """The text that has these code points."""
    return characters.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def are_letters(characters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which characters, given as code points, are letters, digits or Han characters (`str.isalnum`)."""
    found: NDArray[np.bool_] = _letter_table()[np.minimum(characters, _PLANE - 1)]
    for place in np.flatnonzero(characters >= _PLANE).tolist():
        found[place] = chr(characters[place]).isalnum()
    return found


_PLANE = 0x10000  # code points of Unicode's basic plane, where nearly all text is


@cache
def _letter_table() -> NDArray[np.bool_]:
    """Of each code point of the basic plane."""
    table = np.zeros(_PLANE, bool)
    table[codes(letters(text_of(np.arange(_PLANE, dtype=np.uint32))))] = True
    return table


class PairTable:
    """Numbers the listed pairs of characters from 1 in their sorted order; any other pair is 0.

    A table of first by second characters answers for all pairs of a text in three look-ups, whatever the text.
    """

    def __init__(self, pairs: Iterable[str]) -> None:
        self.pairs = tuple(sorted(set(pairs)))
        listed = codes("".join(self.pairs)).reshape(-1, 2)
        rows, height = _numbered(listed[:, 0])
        self._columns, width = _numbered(listed[:, 1])
        self._rows = rows * width  # where each row begins in the table
        self._table = np.zeros(height * width, np.min_scalar_type(len(self.pairs)))
        self._table[self._rows[listed[:, 0]] + self._columns[listed[:, 1]]] = np.arange(1, len(self.pairs) + 1)

    def numbers(self, text: NDArray[np.uint32]) -> Integers:
        """The number of each pair of neighbours in `text`, given as code points; shape (len(text) - 1,)."""
        rows, columns = self._rows.take(text[:-1], mode="clip"), self._columns.take(text[1:], mode="clip")
        return self._table.take(rows + columns).astype(np.int64)

    def __reduce__(self) -> tuple[type["PairTable"], tuple[tuple[str, ...]]]:
        return PairTable, (self.pairs,)


def _numbered(listed: NDArray[np.uint32]) -> tuple[Integers, int]:
    """Numbers from 1 for the characters listed, by code point (0 for others and for the last); and how many numbers
    there are, 0 included."""
    by_code = np.zeros(int(listed.max(initial=0)) + 2, np.int64)
    by_code[listed] = 1
    count = int(by_code.sum()) + 1
    by_code[by_code > 0] = np.arange(1, count)
    return by_code, count


class Phrases:
    """Listed wordings of two characters and more, found wherever they stand in a text."""

    def __init__(self, wordings: Iterable[str]) -> None:
        self.wordings = tuple(sorted({wording for wording in wordings if len(wording) > 1}))
        longest = max(map(len, self.wordings), default=2)
        listed = np.array(self.wordings, f"<U{longest}").view("<u4").reshape(-1, longest)
        # From the third character on; nothing else is behind the end of a wording.
        self._rest = np.ascontiguousarray(listed[:, 2:].T)
        # Wordings of the same beginning stand together, in the order of their beginnings.
        differs = (listed[1:, :2] != listed[:-1, :2]).any(axis=1)
        starts = np.flatnonzero(np.append(True, differs)[: len(listed)])
        self._beginnings = PairTable(self.wordings[start][:2] for start in starts.tolist())
        self._starts = np.append(0, starts)
        self._counts = np.append(0, np.diff(starts, append=len(listed)))

    def everywhere(self, text: str) -> tuple[Integers, Integers]:
        """All places at which a wording stands in `text`, in order, with the wording's number in `wordings`; at one
        place the longer behind the shorter."""
        characters = np.append(codes(text), np.zeros(len(self._rest), np.uint32))
        beginnings = self._beginnings.numbers(characters)
        places = np.flatnonzero(beginnings)
        beginnings = beginnings[places]
        counts = self._counts[beginnings]
        places = np.repeat(places, counts)
        numbers = np.arange(len(places)) + np.repeat(self._starts[beginnings] - counts.cumsum() + counts, counts)
        for offset, rest in enumerate(self._rest, 2):
            asked = rest[numbers]
            fits = (asked == characters[places + offset]) | (asked == 0)
            places, numbers = places[fits], numbers[fits]
        return places, numbers

    def longest(self, text: str) -> tuple[Integers, Integers]:
        """The same with only the longest wording at every place; one that begins inside another is found too."""
        places, numbers = self.everywhere(text)
        last = np.append(places[1:] != places[:-1], True)[: len(places)]
        return places[last], numbers[last]

    def find(self, text: str) -> list[tuple[int, str]]:
        """The longest wording at every place of `text` with the place."""
        places, numbers = self.longest(text)
        return [(start, self.wordings[number]) for start, number in zip(places.tolist(), numbers.tolist(), strict=True)]


class NumberedPhrases:
    """Listed wordings that stand for one or several numbers each."""

    def __init__(self, numbers: Mapping[str, Sequence[int]]) -> None:
        self.phrases = Phrases(numbers)
        numbered = [numbers[wording] for wording in self.phrases.wordings]
        self._numbers = np.fromiter(chain.from_iterable(numbered), np.int64)
        self._counts = np.fromiter(map(len, numbered), np.int64)

    def everywhere(self, text: str) -> tuple[Integers, Integers]:
        """Where in `text` a wording begins, once for each of its numbers, and the number."""
        return self._with_numbers(*self.phrases.everywhere(text))

    def longest(self, text: str) -> tuple[Integers, Integers]:
        """The same with only the longest wording at every place."""
        return self._with_numbers(*self.phrases.longest(text))

    def _with_numbers(self, places: Integers, wordings: Integers) -> tuple[Integers, Integers]:
        counts = self._counts[wordings]
        behind = self._counts.cumsum()[wordings] - counts.cumsum()
        return np.repeat(places, counts), self._numbers[np.arange(counts.sum()) + np.repeat(behind, counts)]
