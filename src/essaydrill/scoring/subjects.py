"""What other exam questions speak of, to tell an answer to this question from an answer to another one.

A candidate may say everything in words that neither the materials nor the references have; her words are still no
likelier in a text on any other subject. The words of an answer that was written for another question are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from essaydrill.paths import shipped_data
from essaydrill.scoring.lexicon import Lexicon

FILE = "subjects.npz"
UNIT = 64  # likelihoods are kept in 1/64 nats, as whole numbers, so that their sums are exact
_SMOOTHING = 0.3  # the share of a text's words that come from exam text at large
_NEAR_FROM, _NEAR_RISE = 0.35, 4.0  # similarity from which a word counts as near, and the rise of its likelihood's log
# A subject that has this share of a question's words is the question itself, or one on the same materials, of which the
# question may use a part. Different questions of the bank share a third at most.
_SAME = 0.7


@dataclass(frozen=True)
class Subjects:
    """`counts[s]` are the words of subject s, shape (subjects, words); `index` maps a word to its column."""

    index: dict[str, int]
    counts: NDArray[np.uint8]

    @classmethod
    def load(cls, data: Path) -> "Subjects":
        with np.load(data / "model" / FILE) as stored:
            words = str(stored["words"]).split("\n")
            return cls(dict(zip(words, range(len(words)), strict=True)), stored["counts"])

    def other_than(self, counts: Mapping[str, int]) -> "Subjects":
        """The subjects that are not the one that these words speak of, be it in part."""
        own = np.zeros(self.counts.shape[1], np.int64)
        for word, count in counts.items():
            if word in self.index:
                own[self.index[word]] = count
        held = np.minimum(self.counts, own).sum(axis=1)
        return Subjects(self.index, self.counts[held <= _SAME * sum(counts.values())])


@dataclass(frozen=True)
class Contrast:
    """A question's own words beside the R other subjects."""

    own: Mapping[str, int]
    others: Subjects
    lexicon: Lexicon

    @cached_property
    def _totals(self) -> NDArray[np.int64]:
        """Words of each other subject."""
        totals: NDArray[np.int64] = self.others.counts.sum(axis=1)
        return totals

    @classmethod
    def of(cls, materials: Sequence[str], references: Sequence[str], lexicon: Lexicon) -> "Contrast":
        """`materials` and `references` are the words of a question's texts."""
        own = subject_counts(materials, references, lexicon)
        return cls(own, default_subjects().other_than(own), lexicon)

    def rows(self, words: Sequence[str], nearness: NDArray[np.float64]) -> NDArray[np.float32]:
        """How much likelier each word is in a text on this question than on each other subject, 1/64 nats, whole
        numbers, shape (words, R); 0 for a function word.

        `nearness` is the similarity of each word to the nearest of the question's, 0..1: one that the question does not
        have is the likelier, the nearer it is.
        """
        telling = np.array([self.lexicon.is_content(word) for word in words], bool)
        usual = np.array([(self.lexicon.counts.get(word, 0) + 0.5) / self.lexicon.total for word in words])
        own = np.array([self.own.get(word, 0) for word in words]) / max(1, sum(self.own.values()))
        columns = np.array([self.others.index.get(word, -1) for word in words], np.int64)
        known = np.flatnonzero(columns >= 0)
        others = self.others.counts[:, columns[known]] / self._totals[:, None]
        near = usual * np.exp(_NEAR_RISE * np.maximum(nearness - _NEAR_FROM, 0.0))
        elsewhere = np.repeat(np.log(_smoothed(np.zeros(1), usual))[None], len(self._totals), axis=0)
        elsewhere[:, known] = np.log(_smoothed(others, usual[known]))
        ratios = np.log(_smoothed(own, near)) - elsewhere
        whole: NDArray[np.float32] = np.rint(np.where(telling, ratios, 0.0) * UNIT).T.astype(np.float32)
        return whole


def subject_counts(materials: Sequence[str], references: Sequence[str], lexicon: Lexicon) -> Counter[str]:
    """The content words of a question; those of the references count twice, as they say what matters."""
    return Counter(word for word in (*materials, *references, *references) if lexicon.is_content(word))


def _smoothed(share: NDArray[np.float64], usual: NDArray[np.float64]) -> NDArray[np.float64]:
    return (1 - _SMOOTHING) * share + _SMOOTHING * usual


@cache
def default_subjects() -> Subjects:
    """The subjects shipped with the package, read once a process."""
    return Subjects.load(shipped_data())
