"""Sums and maxima over neighbouring items."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Rows = NDArray[Any]


def run_starts(ordered: Integers) -> Integers:
    """Where in a sorted array each run of equal numbers begins. (`np.unique` imports numpy's masked arrays, and takes
    ten times as long.)"""
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)])


def counted(numbers: Integers) -> tuple[Integers, Integers]:
    """The different numbers in order, and how often each stands there."""
    ordered = np.sort(numbers)
    starts = run_starts(ordered)
    return ordered[starts], np.diff(starts, append=len(ordered))


class Groups:
    """Items 0, 1, 2 … in neighbouring groups; `sizes` says how many each has, at least one.

    `reduce` goes through the groups side by side: first item of all, second item of all that have two, and so on. The
    items of a group are added in their order, so that a sum does not depend on what other groups are there.
    """

    def __init__(self, sizes: Integers) -> None:
        self.sizes = sizes
        self.starts: Integers = sizes.cumsum() - sizes
        self.owner: Integers = np.repeat(np.arange(len(sizes)), sizes)
        self._longest_first = np.argsort(-sizes, kind="stable")
        self._first_items = self.starts[self._longest_first]
        # How many groups have more than 0, 1, 2 … items.
        self._going_on = np.bincount(sizes)[::-1].cumsum()[::-1][1:].tolist() if len(sizes) else []

    def reduce(self, ufunc: np.ufunc, rows: Callable[[Integers], Rows]) -> Rows:
        """`ufunc` over the rows of each group, shape (groups, …); `rows(items)` are the rows of the items given by
        number."""
        gathered = rows(self._first_items)
        for place, count in enumerate(self._going_on[1:], 1):
            so_far = gathered[:count]
            ufunc(so_far, rows(self._first_items[:count] + place), out=so_far)
        reduced = np.empty_like(gathered)
        reduced[self._longest_first] = gathered
        return reduced
