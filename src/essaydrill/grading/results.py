"""`results.jsonl`: all that is known of every script, from which everything else is made."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from essaydrill.grading.model import Record
from essaydrill.grading.shelf import RESULTS, Shelf
from essaydrill.grading.whole import whole


def write_results(out: Path, shelf: Shelf, places: Iterable[int], more: Iterable[Record]) -> None:
    """Write the lines at `places`, in that order, and those of `more` records, whole or not at all."""
    with whole(out / RESULTS) as path, path.open("wb") as file:
        for place in places:
            file.write(shelf.read(place))
        for record in more:
            file.write(record.model_dump_json().encode() + b"\n")


@dataclass(frozen=True)
class Part:
    """Lines that follow each other: the number of the first, counted from 0, the byte where it begins, how many."""

    first: int
    offset: int
    count: int


class Results:
    """The records of a `results.jsonl` in the order of submission, missing students last; one in memory at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[Record]:
        with self._path.open("rb") as file:
            for line in file:
                yield Record.model_validate_json(line)

    def parts(self, count: int) -> "list[Part]":
        """The lines in parts of `count` records each, in order."""
        lines = len(self._offsets) - 1
        return [Part(first, self._offsets[first], min(count, lines - first)) for first in range(0, lines, count)]

    def of(self, part: "Part") -> Iterator[Record]:
        """The records of a part."""
        with self._path.open("rb") as file:
            file.seek(part.offset)
            for line in islice(file, part.count):
                yield Record.model_validate_json(line)

    def at(self, numbers: Iterable[int]) -> list[Record]:
        """The records with these numbers, counted from 0, in that order."""
        with self._path.open("rb") as file:
            return [self._record(file, number) for number in numbers]

    def _record(self, file: BinaryIO, number: int) -> Record:
        file.seek(self._offsets[number])
        return Record.model_validate_json(file.readline())

    @cached_property
    def _offsets(self) -> "array[int]":
        """Where each line begins."""
        offsets = array("q", [0])
        with self._path.open("rb") as file:
            for line in file:
                offsets.append(offsets[-1] + len(line))
        return offsets
