"""What is known of words before any question is seen: their vectors, and how common they are in exam text.

`vectors.npy` and `words.txt` come from `python -m essaydrill.agreement.vectors`, `background.tsv` from
`python -m essaydrill.agreement.background`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from essaydrill.paths import shipped_data
from essaydrill.scoring.groups import counted

DIMENSIONS = 96
# The most frequent words stand for all of exam text where similarities are judged; the rest is a tenth of its words.
BACKGROUND_WORDS = 4000


@dataclass(frozen=True)
class Lexicon:
    """Word vectors (int8, so that dot products in float32 are exact) and background counts.

    `vectors` is (words, 96); `index` maps a word to its row; `counts` holds how often a word stood in `total` words
    of exam text.
    """

    index: dict[str, int]
    vectors: NDArray[np.int8]
    counts: dict[str, int]
    total: int
    function_words: frozenset[str]

    @classmethod
    def load(cls, data: Path) -> "Lexicon":
        folder = data / "model"
        words = (folder / "words.txt").read_text("utf-8").split("\n")
        counts = {}
        for line in (folder / "background.tsv").read_text("utf-8").splitlines():
            word, count = line.split("\t")
            counts[word] = int(count)
        total = counts.pop("")
        vectors = np.load(folder / "vectors.npy")
        index = dict(zip(words, range(len(words)), strict=True))
        return cls(index, vectors, counts, total, frozenset(listed_words(data / "lexicon" / "function_words.txt")))

    def matrix(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of `words`, as whole numbers, shape (len(words), 96).

        A word that is not listed gets the sum of the longest listed words inside it, scaled back to int8's range;
        zeros when there are none.
        """
        rows = np.array([self.index.get(word, -1) for word in words], np.int64)
        matrix = self.vectors[rows].astype(np.float32).reshape(len(words), DIMENSIONS)
        unlisted = np.flatnonzero(rows < 0)
        parts = [self._parts(words[place]) for place in unlisted.tolist()]
        matrix[unlisted] = 0.0
        having = [place for place, found in zip(unlisted.tolist(), parts, strict=True) if found]
        if having:
            sizes = np.array([len(found) for found in parts if found])
            summed = np.add.reduceat(
                self.vectors[list(chain.from_iterable(parts))].astype(np.float32), sizes.cumsum() - sizes, axis=0
            )
            matrix[having] = np.rint(summed * (127.0 / np.maximum(1.0, np.abs(summed).max(axis=1, keepdims=True))))
        return matrix

    def information(self, words: Sequence[str]) -> NDArray[np.float64]:
        """How much each word says: −log of its share in exam text, scaled to 0..1; 0 for a function word."""
        shares = (np.array([self.counts.get(word, 0) for word in words]) + 0.5) / self.total
        is_content = np.array([word not in self.function_words for word in words], bool)
        information: NDArray[np.float64] = np.clip((-np.log(shares) - 4.0) / 8.0, 0.1, 1.0) * is_content
        return information

    def direction(self, words: Sequence[str]) -> NDArray[np.float64]:
        """What a text is about: the mean of its words' directions, telling words counting more, less that
        of all exam text; shape (96,)."""
        counts = Counter(words)
        return self._mean_direction(counts, self.matrix(list(counts))) - self.usual_direction

    @cached_property
    def usual_direction(self) -> NDArray[np.float64]:
        usual = self.background.words
        return self._mean_direction({word: self.counts[word] for word in usual.words}, usual.vectors)

    def _mean_direction(self, counts: Mapping[str, int], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        if not counts:
            return np.zeros(DIMENSIONS)
        weights = np.array(list(counts.values())) * self.information(list(counts)) ** 2
        directions = unit_directions(vectors)
        summed: NDArray[np.float64] = (directions * weights[:, None]).sum(axis=0) / max(weights.sum(), 1e-9)
        return summed

    def is_content(self, word: str) -> bool:
        return word not in self.function_words

    def _parts(self, word: str) -> list[int]:
        """The rows of the longest listed words inside a word, from left to right."""
        # Single characters say little about a longer word: they count only in words of two.
        least = 2 if len(word) > 2 else 1
        rows = []
        start = 0
        while start + least <= len(word):
            for end in range(len(word), start + least - 1, -1):
                row = self.index.get(word[start:end])
                if row is not None:
                    rows.append(row)
                    start = end
                    break
            else:
                start += 1
        return rows

    @cached_property
    def background(self) -> "Background":
        """The words a random exam answer is made of, for judging how much a similarity says."""
        words = [word for word in self.counts if self.is_content(word)][:BACKGROUND_WORDS]
        return Background(words=Words(self, words), shares=np.array([self.counts[word] for word in words]) / self.total)


class Words:
    """A fixed list of words against which other words are compared."""

    def __init__(self, lexicon: Lexicon, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self.vectors = lexicon.matrix(words)
        self._norms = np.sqrt((self.vectors**2).sum(axis=1)) + 1e-9
        self._lengths = np.array([len(word) for word in words])
        places: dict[str, list[int]] = {}
        equal: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            equal.setdefault(word, []).append(place)
            for character in set(word):
                places.setdefault(character, []).append(place)
        self._places = {character: np.array(found) for character, found in places.items()}
        self._equal = equal

    def similarities(self, words: Sequence[str], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Similarity 0..1 of `words` to each listed word, shape (len(words), listed); `vectors` is (len(words), 96).

        The greater of the vectors' cosine and, for words that share at least half of their characters, a figure from
        the shared characters, which counts in full only where the vectors do not contradict it.
        """
        norms = np.sqrt((vectors.astype(np.float64) ** 2).sum(axis=1)) + 1e-9
        # The products are whole numbers below 2**24: exact in float32, in any order of summation.
        similarity = (vectors @ self.vectors.T).astype(np.float64)
        similarity /= norms[:, None]
        similarity /= self._norms
        np.maximum(similarity, 0.0, out=similarity)
        np.minimum(similarity, 1.0, out=similarity)
        self._raise_by_characters(similarity, words)
        for row, word in enumerate(words):
            if word in self._equal:
                similarity[row, self._equal[word]] = 1.0
        return similarity

    def _raise_by_characters(self, similarity: NDArray[np.float64], words: Sequence[str]) -> None:
        listed = len(self.words)
        found = [
            (row, self._places[character])
            for row, word in enumerate(words)
            for character in set(word)
            if character in self._places
        ]
        if not found:
            return
        rows, places = zip(*found, strict=True)
        # The places of the figures where a word meets a listed one, as often as they have a character in common.
        cells = np.concatenate(places) + np.repeat(np.array(rows) * listed, [len(each) for each in places])
        cells, shared = counted(cells)
        row, place = np.divmod(cells, listed)
        overlap = 2 * shared / (self._lengths[place] + np.array([len(word) for word in words])[row])
        near = overlap >= 0.5
        row, place, overlap = row[near], place[near], overlap[near]
        by_vector = similarity[row, place]
        by_characters = np.where(by_vector > 0.1, 0.45 + 0.5 * overlap, 0.3 + 0.35 * overlap)
        similarity[row, place] = np.minimum(np.maximum(by_vector, by_characters), 1.0)


def unit_directions(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Rows scaled to length 1; a row of zeros stays."""
    exact = vectors.astype(np.float64)
    scaled: NDArray[np.float64] = exact / np.maximum(np.sqrt((exact**2).sum(axis=1, keepdims=True)), 1e-9)
    return scaled


LEVELS = 50  # similarities are kept in steps of 1/50
UNIT = 16  # information is kept in sixteenths of a nat, as whole numbers, so that sums are exact
_RAREST = 1e-5  # no match says more than one chance in 100,000
_WEAKEST = 12  # below similarity 0.25 a word is no evidence at all


@dataclass(frozen=True)
class Background:
    """Words of exam text with their shares, to tell a telling similarity from one that any sentence reaches."""

    words: Words
    shares: NDArray[np.float64]
    known: dict[str, NDArray[np.uint8]] = field(default_factory=dict, repr=False)  # rows worked out before

    def information(self, words: Sequence[str], lexicon: Lexicon) -> NDArray[np.uint8]:
        """What it says, in 1/16 nats, that a text holds a word at least this similar to each of `words`.

        Shape (len(words), 51), by level: −log P(similarity of a random word of exam text ≥ level). Generic words (加强,
        工作) are matched by any text and say little, however similar.
        """
        fresh = [word for word in dict.fromkeys(words) if word not in self.known]
        if fresh:
            self.known.update(zip(fresh, self._work_out(fresh, lexicon.matrix(fresh)), strict=True))
        return np.array([self.known[word] for word in words], np.uint8).reshape(len(words), LEVELS + 1)

    def _work_out(self, words: Sequence[str], vectors: NDArray[np.float32]) -> NDArray[np.uint8]:
        levels = to_levels(self.words.similarities(words, vectors))
        levels += (np.arange(len(words)) * (LEVELS + 1))[:, None]
        shares = np.broadcast_to(self.shares, levels.shape)
        at_level = np.bincount(levels.ravel(), weights=shares.ravel(), minlength=len(words) * (LEVELS + 1))
        tail = np.maximum(at_level.reshape(len(words), LEVELS + 1)[:, ::-1].cumsum(axis=1)[:, ::-1], _RAREST)
        information = np.rint(-np.log(tail) * UNIT)
        information[:, :_WEAKEST] = 0
        return information.astype(np.uint8)


def to_levels(similarity: NDArray[Any]) -> NDArray[np.int64]:
    return np.rint(similarity * LEVELS).astype(np.int64)


@cache
def default_lexicon() -> Lexicon:
    """The lexicon shipped with the package, read once a process."""
    return Lexicon.load(shipped_data())


def listed_words(path: Path) -> list[str]:
    """The words of a list, between blanks; a line that begins with # is a comment."""
    lines = path.read_text("utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]
