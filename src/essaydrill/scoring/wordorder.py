"""Whether words stand in an order that Chinese has: pointwise mutual information of neighbouring word classes.

`word_order.npz` comes from `python -m essaydrill.agreement.wordorder`: frequent words are classes of their own, others
share the class of their vectors' cluster; clause beginnings and ends are classes too. A heap of nouns or words in
random order has pairs that sentences do not have.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from essaydrill.paths import shipped_data
from essaydrill.scoring.groups import Groups, Integers
from essaydrill.scoring.lexicon import default_lexicon

Floats = NDArray[np.float64]

# Classes before those of words: edges of a clause, numbers, unknown words by length 1, 2, 3, 4 and more.
BEGIN, END, NUMBER, UNKNOWN = 0, 1, 2, 3
FIRST_WORD_CLASS = 7
# A pair never seen is judged by how often chance would have made it; the smoothing keeps rare pairs from saying much.
SMOOTHING = 0.5
_UNSEEN = -128  # no stored figure
STEP = 1 / 32  # stored figures are whole steps, so that sums are exact


@dataclass(frozen=True)
class WordOrder:
    """`index` gives a listed word's place in `classes`; `pairs` are sorted codes (left · size + right) with their
    figures in `seen`; `left` and `right` are how often a class begins or ends a pair, of `total` pairs."""

    index: dict[str, int]
    classes: NDArray[np.uint16]
    size: int
    pairs: NDArray[np.int64]
    seen: NDArray[np.int8]
    left: NDArray[np.float64]
    right: NDArray[np.float64]
    total: float

    @classmethod
    def load(cls, path: Path, index: dict[str, int]) -> "WordOrder":
        with np.load(path) as data:
            left, right = data["left"].astype(np.float64), data["right"].astype(np.float64)
            return cls(
                index=index,
                classes=data["classes"],
                size=len(left),
                pairs=data["pairs"].astype(np.int64),
                seen=data["seen"],
                left=left,
                right=right,
                total=float(left.sum()),
            )

    def class_of(self, word: str) -> int:
        place = self.index.get(word)
        if place is not None:
            return int(self.classes[place])
        return NUMBER if word[0].isdigit() else UNKNOWN + min(len(word), 4) - 1

    def naturalness(self, classes: Integers, clauses: Groups, answers: Groups) -> Floats:
        """Mean information of the pairs in each answer's clauses of two words and more, about −0.2 for random order and
        0.3 for prose; 0 when there is no such clause. Shape (A,).

        `classes` are those of the words, which `clauses` groups; `answers` groups the clauses.
        """
        # Each word with the one before it, and the end of each clause with its last word.
        before = np.concatenate([[BEGIN], classes[:-1]])
        before[clauses.starts] = BEGIN
        last = classes[clauses.starts + clauses.sizes - 1]
        steps = self._steps(np.concatenate([before, last]), np.concatenate([classes, np.full(len(last), END)]))
        by_clause = np.bincount(np.concatenate([clauses.owner, np.arange(len(last))]), steps)
        long = clauses.sizes > 1
        totals = np.bincount(answers.owner, by_clause * long)
        pairs = np.bincount(answers.owner, (clauses.sizes + 1) * long)
        return totals / np.maximum(pairs, 1) * STEP

    def _steps(self, left: Integers, right: Integers) -> Floats:
        """The information of pairs of classes in whole steps of `STEP`, shape (pairs,)."""
        seen = self._seen_by_code[left * self.size + right]
        unseen = np.flatnonzero(seen == _UNSEEN)
        steps = seen.astype(np.float64)
        expected = self.left[left[unseen]] * self.right[right[unseen]] / self.total
        steps[unseen] = np.rint(np.log(SMOOTHING / (expected + SMOOTHING)) / STEP)
        return steps

    @cached_property
    def _seen_by_code(self) -> NDArray[np.int8]:
        table = np.full(self.size**2, _UNSEEN, np.int8)
        table[self.pairs] = self.seen
        return table


@cache
def default_word_order() -> WordOrder:
    """The table shipped with the package, read once a process."""
    return WordOrder.load(shipped_data() / "model" / "word_order.npz", default_lexicon().index)
