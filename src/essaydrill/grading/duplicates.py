"""Scripts that are nearly alike, found in time that grows with their number and not with its square.

Every run of `RUN` letters of an answer is hashed; one in `THINNED` of the hashes, always the same ones, is its sketch
(Broder 1997, sketches "mod m"). Answers that share rare hashes of their sketches are then compared run by run.
"""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from essaydrill.grading.model import Record, Student
from essaydrill.grading.roster import student_key

RUN = 8
THINNED = 8
ALIKE = 0.5
"""Share of the shorter answer's runs that the other has too. Answers to one question share phrases of the materials and
stay below a fifth."""

_SHORTEST = 40  # letters; shorter answers are alike by chance
_COMMON = 50  # answers with the same hash from which it is the materials' or a model answer's wording
_NEIGHBOURS = 4  # answers behind each that are looked at among those with the same hash
_LEAST_SHARED = 0.25  # of the smaller sketch
_MOST_COMPARED = 2000
_MOST_LISTED = 200

_BASE = 1_000_003
_MIX = np.uint64(0x9E3779B97F4A7C15)
_POWERS = np.array([pow(_BASE, n, 2**64) for n in range(RUN)], np.uint64)

Pair = tuple[int, int]


@dataclass(frozen=True)
class Copy:
    """One of two like answers; `shared` are the spans [start, end) of it that stand in the other too."""

    key: str
    student: Student
    source: str
    score: float
    answer: str
    shared: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class DuplicatePair:
    """Two answers by different students; `similarity` is in ALIKE..1. Who copied from whom, or both from where, is not
    known."""

    first: Copy
    second: Copy
    similarity: float


class Sketches:
    """Takes in the answers to one prompt by number, and finds those that may be alike."""

    def __init__(self) -> None:
        self._hashes = array("Q")
        self._owners = array("L")
        self._first: dict[int, int] = {}  # hash of a whole answer → the first that has it
        self._same: list[Pair] = []

    def add(self, number: int, answer: str) -> None:
        hashes = _runs(answer)[0]
        if len(hashes) < _SHORTEST - RUN:
            return
        first = self._first.setdefault(hash(hashes.tobytes()), number)
        if first != number:
            self._same.append((first, number))
            return
        sketch = np.unique(hashes[hashes % np.uint64(THINNED) == 0])
        self._hashes.frombytes(sketch.tobytes())
        self._owners.extend([number] * len(sketch))

    def candidates(self) -> list[Pair]:
        """Pairs worth comparing, the likeliest first; each answer is in a bounded number of them."""
        hashes, owners = np.array(self._hashes, np.uint64), np.array(self._owners, np.int64)
        order = np.lexsort((owners, hashes))
        hashes, owners = hashes[order], owners[order]
        _, bucket, sizes = np.unique(hashes, return_inverse=True, return_counts=True)
        rare = sizes[bucket] <= _COMMON
        found = [
            np.stack([owners[:-step], owners[step:]])[:, (hashes[:-step] == hashes[step:]) & rare[step:]]
            for step in range(1, _NEIGHBOURS + 1)
        ]
        pairs, shared = np.unique(np.concatenate(found, axis=1), axis=1, return_counts=True)
        sketch_sizes = np.bincount(owners) if len(owners) else np.zeros(1, np.int64)
        smaller = sketch_sizes[pairs].min(axis=0) if pairs.size else shared
        share = shared / np.maximum(smaller, 1)
        likely = np.flatnonzero(share >= _LEAST_SHARED)
        likely = likely[np.argsort(-share[likely], kind="stable")]
        near = [(int(pairs[0, n]), int(pairs[1, n])) for n in likely]
        return [*self._same, *near][:_MOST_COMPARED]


def duplicate_pairs(candidates: list[Pair], records: Mapping[int, Record]) -> tuple[DuplicatePair, ...]:
    """Those of the candidates that are alike, the likest first; a student's own second script is not a copy."""
    found = []
    for one, other in candidates:
        first, second = records[one], records[other]
        key = student_key(first.student)
        if key is None or key != student_key(second.student):
            pair = _compare(first, second)
            if pair.similarity >= ALIKE:
                found.append(pair)
    found.sort(key=lambda pair: -pair.similarity)
    return tuple(found[:_MOST_LISTED])


def _compare(first: Record, second: Record) -> DuplicatePair:
    (one, places), (other, others) = _runs(first.answer or ""), _runs(second.answer or "")
    in_one, in_other = np.isin(one, other), np.isin(other, one)
    shorter = in_one if len(one) <= len(other) else in_other
    return DuplicatePair(
        _copy(first, _spans(in_one, places)), _copy(second, _spans(in_other, others)), float(shorter.mean())
    )


def _copy(record: Record, shared: tuple[tuple[int, int], ...]) -> Copy:
    score = record.result.score if record.result else 0.0
    return Copy(record.key, record.student, record.source.shown, score, record.answer or "", shared)


def _runs(text: str) -> tuple[NDArray[np.uint64], list[int]]:
    """The hash of the run that begins at each letter, and the place of each letter in the text."""
    places = [place for place, character in enumerate(text) if character.isalnum()]
    letters = "".join([text[place] for place in places])
    codes = np.frombuffer(letters.encode("utf-32-le"), np.uint32).astype(np.uint64)
    count = max(0, len(codes) - RUN + 1)
    hashes = np.zeros(count, np.uint64)
    for n, power in enumerate(_POWERS):
        hashes += codes[n : n + count] * power  # modulo 2^64
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(32)
    return hashes, places


def _spans(shared: NDArray[np.bool_], places: list[int]) -> tuple[tuple[int, int], ...]:
    """The spans of the text that the shared runs cover."""
    spans: list[tuple[int, int]] = []
    for start in np.flatnonzero(shared):
        begin, end = places[start], places[start + RUN - 1] + 1
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begin, end))
    return tuple(spans)
