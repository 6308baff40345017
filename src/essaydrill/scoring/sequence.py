"""Whether an answer puts the question's words in the order in which its texts put them; words at random do not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from essaydrill.scoring.groups import Groups, Integers, run_starts

REACH = 3  # words apart at most
_DOUBT = 8  # pairs that must be found before their order says much


@dataclass(frozen=True)
class WordSequence:
    """`before[a, b]` is 1 where word a mostly stands before word b in the question's texts, −1 behind it, 0 where they
    do not meet; shape (V + 1, V + 1), of which the last row and column are those of unknown words."""

    index: dict[str, int]
    before: NDArray[np.int8]

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> "WordSequence":
        """From the words of each text in order."""
        index = {word: place for place, word in enumerate(dict.fromkeys(word for words in texts for word in words))}
        size = len(index) + 1
        before = np.zeros((size, size), np.int8)
        met = [pairs for words in texts for pairs in _pairs(np.array([index[word] for word in words], np.int64))]
        left, right = np.concatenate([np.zeros((2, 0), np.int64), *met], axis=1)
        # Each pair once, whichever word comes first; what its meetings add up to says which mostly does.
        codes = np.minimum(left, right) * size + np.maximum(left, right)
        order = np.argsort(codes, kind="stable")
        starts = run_starts(codes[order])
        if len(starts):
            sign = np.sign(np.add.reduceat(np.sign(right - left)[order], starts)).astype(np.int8)
            first, second = np.divmod(codes[order][starts], size)
            before[first, second], before[second, first] = sign, -sign
        return cls(index, before)

    def places(self, words: Sequence[str]) -> Integers:
        """The place of each word in `before`."""
        return np.array([self.index.get(word, len(self.index)) for word in words], np.int64)

    def agreement(self, places: Integers, clauses: Groups, answers: Groups) -> NDArray[np.float64]:
        """How far the order of an answer's words agrees with the texts, −1..1, about 0 for random order and where few
        of the texts' words stand together; shape (A,). `places` are those of the words, which `clauses` groups."""
        owner = clauses.owner
        sums, known = np.zeros(len(answers.sizes)), np.zeros(len(answers.sizes))
        for apart in range(1, REACH + 1):
            order = self.before[places[:-apart], places[apart:]] * (owner[:-apart] == owner[apart:])
            answer = answers.owner[owner[apart:]]
            sums += np.bincount(answer, order, len(sums))
            known += np.bincount(answer, order != 0, len(sums))
        return sums / (known + _DOUBT)


def _pairs(places: Integers) -> list[Integers]:
    """Pairs of places within `REACH` of each other, each of shape (2, pairs)."""
    return [np.array([places[:-apart], places[apart:]]) for apart in range(1, REACH + 1)]
