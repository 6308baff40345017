"""Several answers laid one behind the other, so that all of them are worked on at once."""

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from essaydrill.scoring.concepts import default_concepts
from essaydrill.scoring.groups import Groups, Integers
from essaydrill.scoring.reading import WINDOW, Reading
from essaydrill.text.pairs import are_letters, codes

Floats = NDArray[np.float64]

BREAK = "\n"  # stands between clauses and between texts; no clause has one


class Sheaf:
    """A readings, none of them empty, with C clauses in all.

    There are W = 3C windows, numbered size by size: window s·C + c covers the s + 1 clauses from clause c on. Those
    that reach over the end of their answer are worked out like the others, but belong to no answer: `windows[a]` are
    the windows of answer a in the order of `Reading`, shape (A, most windows of an answer), filled up with any that are
    not `there`.
    """

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.readings = tuple(readings)
        self.words = list(chain.from_iterable(reading.words for reading in readings))
        self.answers = Groups(np.array([len(reading.clauses) for reading in readings]))  # of clauses
        self.clauses = Groups(
            np.fromiter(chain.from_iterable(reading.sizes for reading in readings), np.int64)
        )  # of words
        self.windows, self.there = self._windows()

    def _windows(self) -> tuple[Integers, NDArray[np.bool_]]:
        counts = self.answers.sizes[:, None]
        totals = np.maximum(WINDOW * counts - 3, 1)
        place = np.arange(totals.max())
        two, three = place >= counts, place >= 2 * counts - 1
        clause = place - np.where(three, 2 * counts - 1, np.where(two, counts, 0))
        size = two.astype(np.int64) + three
        there = place < totals
        return np.where(there, size * counts.sum() + self.answers.starts[:, None] + clause, 0), there

    @cached_property
    def window_lengths(self) -> Integers:
        """Words in each window, shape (W,)."""
        return self.window_sum(self.clauses.sizes[None])[0]

    @cached_property
    def text(self) -> str:
        """The canonical texts, a break between them."""
        return BREAK.join(reading.text for reading in self.readings)

    @cached_property
    def text_starts(self) -> Integers:
        """Where each answer begins in `text`, shape (A,)."""
        lengths = np.array([len(reading.text) + len(BREAK) for reading in self.readings])
        return lengths.cumsum() - lengths

    @cached_property
    def clause_places(self) -> Integers:
        """Where each clause begins in `text`, shape (C,)."""
        return self._spans[:, 0] + self.text_starts[self.answers.owner]

    @cached_property
    def clause_lengths(self) -> Integers:
        """Characters of each clause, shape (C,)."""
        return self._spans[:, 1] - self._spans[:, 0]

    @cached_property
    def _spans(self) -> Integers:
        spans = chain.from_iterable(reading.clauses for reading in self.readings)
        return np.fromiter(chain.from_iterable(spans), np.int64).reshape(-1, 2)

    @cached_property
    def mentions(self) -> tuple[Integers, Integers]:
        """Concepts that the answers express, with the clause of each."""
        places, concepts = default_concepts().numbers(self.text)
        return concepts, self.clause_at(places)

    def clause_at(self, places: Integers) -> Integers:
        """The clauses in which places of `text` lie, or the last one before; -1 before the first."""
        return np.searchsorted(self.clause_places, places, side="right") - 1

    @cached_property
    def characters(self) -> NDArray[np.uint32]:
        """`text` as code points."""
        return codes(self.text)

    @cached_property
    def are_letters(self) -> NDArray[np.bool_]:
        """Which `characters` are letters or Han characters."""
        return are_letters(self.characters)

    @cached_property
    def letter_counts(self) -> Integers:
        """Letters and Han characters of each answer, those outside of its clauses too, shape (A,)."""
        return np.add.reduceat(self.are_letters.astype(np.int64), self.text_starts)

    @cached_property
    def letters(self) -> NDArray[np.uint32]:
        """The letters and Han characters of all clauses as code points, a break between clauses."""
        begin, end = self.clause_places, self.clause_places + self.clause_lengths
        enters = np.zeros(len(self.characters) + 1, np.int64)
        enters[begin] += 1
        enters[end] -= 1
        places = np.flatnonzero(self.are_letters & (enters.cumsum()[:-1] > 0))
        return np.insert(self.characters[places], np.searchsorted(places, begin[1:]), ord(BREAK))

    @cached_property
    def letter_clauses(self) -> Integers:
        """The clause of each of the `letters`; a break counts to the clause behind it."""
        return (self.letters == ord(BREAK)).cumsum()

    def window_max(self, by_clause: NDArray[Any]) -> NDArray[Any]:
        """Figures of clauses, shape (n, C), to those of windows, shape (n, W)."""
        return _over_windows(np.maximum, by_clause)

    def window_sum(self, by_clause: NDArray[Any]) -> NDArray[Any]:
        return _over_windows(np.add, by_clause)

    def by_answer(self, by_window: Floats) -> Floats:
        """Figures of windows, shape (n, W), answer by answer, shape (n, A, most windows); −∞ where there is none."""
        return np.where(self.there, np.take(by_window, self.windows, axis=1), -np.inf)


def _over_windows(ufunc: np.ufunc, one: NDArray[Any]) -> NDArray[Any]:
    windows = np.empty((len(one), WINDOW, one.shape[1]), one.dtype)
    windows[:, 0] = one
    for size in range(1, WINDOW):
        smaller = windows[:, size - 1]
        ufunc(smaller[:, :-size], one[:, size:], out=windows[:, size, :-size])
        windows[:, size, -size:] = smaller[:, -size:]
    return windows.reshape(len(one), WINDOW * one.shape[1])
