"""Scripts that are nearly alike, found in time that grows with their number and not with its square.

Every run of `RUN` letters of an answer is hashed; one in `THINNED` of the hashes, always the same ones, is its sketch
(Broder 1997, sketches "mod m"). Answers that share rare hashes of their sketches are then compared run by run.
"""

import hashlib
import re
from array import array
from collections.abc import Mapping, Sequence
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

_OTHERS = re.compile(r"[\W_]+")  # what str.isalnum does not hold for
_PARTS = 16
_HALF, _LOWER = np.uint64(32), np.uint64(0xFFFFFFFF)
_UPPER = ~_LOWER
_BOUNDS = (np.arange(1, _PARTS, dtype=np.uint64) << np.uint64(60)).astype(np.uint64)

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
    """The sketches of answers to one prompt, each told by its number; finds those that may be alike.

    Sketches of parts of a class are merged into those of the whole, in the order of the numbers. They take eight bytes
    a hash and lie in `_PARTS` by their hashes, so that no more than one part at a time is unfolded.
    """

    def __init__(self) -> None:
        # In the upper half of a key stands the hash of a run, in the lower the number of the answer.
        self._keys: list[list[NDArray[np.uint64]]] = [[] for _ in range(_PARTS)]
        self._wholes = array("Q")  # the hash of each whole answer, and …
        self._numbers = array("Q")  # … its number

    def add(self, answers: Sequence[tuple[int, str]]) -> None:
        """Take in answers with their numbers, many at a time for speed."""
        written = [(number, letters) for number, answer in answers if len(letters := _letters(answer)) >= _SHORTEST]
        if not written:
            return
        for number, letters in written:
            self._wholes.append(int.from_bytes(hashlib.blake2b(letters.encode(), digest_size=8).digest(), "big"))
            self._numbers.append(number)
        lengths = np.array([len(letters) for _, letters in written])
        owners = np.repeat(np.array([number for number, _ in written], np.uint64), lengths)
        ends = np.repeat(np.cumsum(lengths), lengths)
        hashes = _run_hashes("".join(letters for _, letters in written))
        places = np.flatnonzero(hashes % np.uint64(THINNED) == 0)
        places = places[places + RUN <= ends[places]]  # not those that run over into the next answer
        keys = np.sort((hashes[places] & _UPPER) | owners[places])
        keys = keys[np.r_[True, keys[1:] != keys[:-1]][: len(keys)]]
        bounds = np.searchsorted(keys, _BOUNDS)
        for part, piece in zip(self._keys, np.split(keys, bounds), strict=True):
            part.append(piece.copy())

    def merge(self, later: "Sketches") -> None:
        """Take over those of answers with higher numbers."""
        for own, other in zip(self._keys, later._keys, strict=True):
            own += other
        self._wholes.extend(later._wholes)
        self._numbers.extend(later._numbers)

    def candidates(self) -> list[Pair]:
        """Pairs worth comparing, the likeliest first; each answer is in a bounded number of them."""
        same = self._same()
        repeated = np.unique(np.array([later for _, later in same], np.uint64))
        sizes = np.zeros(int(max(self._numbers, default=0)) + 1, np.int64)
        found: list[NDArray[np.uint64]] = []
        for part in self._keys:
            keys = np.sort(np.concatenate([np.zeros(0, np.uint64), *part]))
            if len(repeated):
                keys = keys[~np.isin(keys & _LOWER, repeated)]
            owners = keys & _LOWER
            sizes += np.bincount(owners.astype(np.int64), minlength=len(sizes))
            found += _sharing(keys >> _HALF, owners)
        pairs, shared = np.unique(np.concatenate(found), return_counts=True)
        one, other = (pairs >> _HALF).astype(np.int64), (pairs & _LOWER).astype(np.int64)
        share = shared / np.maximum(np.minimum(sizes[one], sizes[other]), 1)
        likely = np.flatnonzero(share >= _LEAST_SHARED)
        likely = likely[np.argsort(-share[likely], kind="stable")]
        near = [(int(one[n]), int(other[n])) for n in likely]
        return [*same, *near][:_MOST_COMPARED]

    def _same(self) -> list[Pair]:
        """Each answer whose letters have all been there before, with the first that has them."""
        wholes, numbers = np.array(self._wholes, np.uint64), np.array(self._numbers, np.uint64)
        order = np.argsort(wholes, kind="stable")
        wholes, numbers = wholes[order], numbers[order]
        begins = np.flatnonzero(np.r_[True, wholes[1:] != wholes[:-1]]) if len(wholes) else np.zeros(0, np.int64)
        firsts = np.repeat(numbers[begins], np.diff(np.r_[begins, len(wholes)]))
        later = np.flatnonzero(firsts != numbers)
        return sorted(((int(firsts[n]), int(numbers[n])) for n in later), key=lambda pair: pair[1])


def _sharing(hashes: NDArray[np.uint64], owners: NDArray[np.uint64]) -> list[NDArray[np.uint64]]:
    """Pairs of neighbours among those that have the same rare hash, the first in the upper half; hashes are sorted."""
    begins = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]]) if len(hashes) else np.zeros(0, np.int64)
    sizes = np.diff(np.r_[begins, len(hashes)])
    rare = np.repeat((sizes > 1) & (sizes <= _COMMON), sizes)
    hashes, owners = hashes[rare], owners[rare]
    return [
        ((owners[:-step] << _HALF) | owners[step:])[hashes[:-step] == hashes[step:]]
        for step in range(1, _NEIGHBOURS + 1)
    ]


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
    return _run_hashes(_letters(text)), [place for place, character in enumerate(text) if character.isalnum()]


def _letters(text: str) -> str:
    return _OTHERS.sub("", text)


def _run_hashes(letters: str) -> NDArray[np.uint64]:
    """The hash of the run that begins at each letter but the last `RUN` - 1."""
    codes = np.frombuffer(letters.encode("utf-32-le"), np.uint32).astype(np.uint64)
    count = max(0, len(codes) - RUN + 1)
    hashes = np.zeros(count, np.uint64)
    for n, power in enumerate(_POWERS):
        hashes += codes[n : n + count] * power  # modulo 2^64
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIX
    hashes ^= hashes >> _HALF
    return hashes


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
