"""A question of which only marked answers are known: the best of them are its reference answers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from essaydrill.bank import Item
from essaydrill.scoring import Scorer
from essaydrill.scoring.calibration import answer_ngrams

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

REFERENCES = 3
# Answers more alike than this (shared n-grams of all) say the same.
ALIKE = 0.7


class OwnMachine:
    """Marks n answers against the best-marked among them, never an answer against itself."""

    def __init__(self, texts: Sequence[str], human: Floats, task: str) -> None:
        self._texts = texts
        self._human = human
        self._task = task
        self._ngrams = [answer_ngrams(text) for text in texts]
        self._held: dict[str, Floats] = {}

    def references(self, known: Places) -> list[str]:
        """Up to three answers with the highest mark among `known` that differ from each other, most typical first."""
        best = self._human[known].max()
        places = list({self._texts[i]: int(i) for i in known if self._human[i] == best and self._ngrams[i]}.values())
        typical = {i: sum(self._alike(i, j) for j in places) for i in places}
        chosen: list[int] = []
        for i in sorted(places, key=lambda i: (-typical[i], self._texts[i])):
            if len(chosen) < REFERENCES and all(self._alike(i, j) < ALIKE for j in chosen):
                chosen.append(i)
        return [self._texts[i] for i in chosen]

    def shares(self, known: Places) -> Floats:
        """The machine's shares of all n answers when those at `known` are known, shape (n,)."""
        shares = np.zeros(len(self._texts))
        for reference in self.references(known):
            held = self._against(reference)
            others = np.array([text != reference for text in self._texts])
            shares = np.where(others, np.maximum(shares, held), shares)
        return shares

    def _against(self, reference: str) -> Floats:
        if reference not in self._held:
            scorer = Scorer(Item.from_references(self._task, [reference], 100))
            self._held[reference] = np.array([result.score / 100 for result in scorer.score_many(self._texts)])
        return self._held[reference]

    def _alike(self, i: int, j: int) -> float:
        one, other = self._ngrams[i], self._ngrams[j]
        return len(one & other) / max(1, len(one | other))
