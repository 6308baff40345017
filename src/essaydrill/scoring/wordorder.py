"""Whether words stand in an order that Chinese has: pointwise mutual information of neighbouring word classes.

`word_order.npz` comes from `python -m essaydrill.agreement.wordorder`: frequent words are classes of their own, others
share the class of their vectors' cluster; clause beginnings and ends are classes too. A heap of nouns or words in
random order has pairs that sentences do not have.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from essaydrill.paths import shipped_data
from essaydrill.scoring.lexicon import default_lexicon

# Classes before those of words: edges of a clause, numbers, unknown words by length 1, 2, 3, 4 and more.
BEGIN, END, NUMBER, UNKNOWN = 0, 1, 2, 3
FIRST_WORD_CLASS = 7
# A pair never seen is judged by how often chance would have made it; the smoothing keeps rare pairs from saying much.
SMOOTHING = 0.5
STEP = 1 / 32  # stored figures are whole steps, so that sums are exact


@dataclass(frozen=True)
class WordOrder:
    """`index` gives a listed word's place in `classes`; `pairs` are sorted codes (left · size + right) with their figures in `seen`;
    `left` and `right` are how often a class begins or ends a pair, of `total` pairs."""

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

    def naturalness(self, clauses: Iterable[Sequence[str]]) -> float:
        """Mean information of the pairs in clauses of two words and more, about −0.2 for random order and 0.3 for
        prose; 0 when there is no such clause."""
        codes: list[int] = []
        for words in clauses:
            if len(words) > 1:
                line = [BEGIN, *map(self.class_of, words), END]
                codes.extend(a * self.size + b for a, b in pairwise(line))
        if not codes:
            return 0.0
        wanted = np.array(codes, np.int64)
        places = np.minimum(np.searchsorted(self.pairs, wanted), len(self.pairs) - 1)
        found = self.pairs[places] == wanted
        expected = self.left[wanted // self.size] * self.right[wanted % self.size] / self.total
        unseen = np.rint(np.log(SMOOTHING / (expected + SMOOTHING)) / STEP)
        return float(np.where(found, self.seen[places], unseen).mean() * STEP)


@cache
def default_word_order() -> WordOrder:
    """The table shipped with the package, read once a process."""
    return WordOrder.load(shipped_data() / "model" / "word_order.npz", default_lexicon().index)
