"""TF-IDF of character n-grams in plain arrays, equal to scikit-learn's `TfidfVectorizer` (held by a test).

idf(t) = ln((1 + n) / (1 + df(t))) + 1 with n documents, raw term counts, rows of length 1 (`smooth_idf`, `norm="l2"`).
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHORTEST, LONGEST = 1, 3


def character_ngrams(text: str) -> list[str]:
    """All runs of one to three neighbouring letters or Han characters, punctuation left out."""
    kept = "".join(character for character in text if character.isalnum())
    return [
        kept[start : start + size] for size in range(SHORTEST, LONGEST + 1) for start in range(len(kept) - size + 1)
    ]


class Tfidf:
    """Fitted on documents given as lists of terms; terms that no document has are passed over."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        terms = sorted({term for document in documents for term in document})
        self.vocabulary = {term: number for number, term in enumerate(terms)}
        counts = np.array([self._counts(document) for document in documents]).reshape(len(documents), len(terms))
        self.idf: Floats = np.log((1 + len(documents)) / (1 + (counts > 0).sum(axis=0))) + 1
        self.documents: Floats = self._scaled(counts)  # (documents, terms), rows of length 1

    def numbers(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """The vocabulary's numbers of the terms it has, in order."""
        vocabulary = self.vocabulary
        return np.array([vocabulary[term] for term in terms if term in vocabulary], np.int64)

    def transform(self, terms: Iterable[str]) -> Floats:
        """One row of length 1 (zeros when no term is known), shape (terms,)."""
        return self.weigh(self.numbers(terms))

    def weigh(self, numbers: NDArray[np.int64]) -> Floats:
        """The same from the terms' numbers."""
        return self._scaled(np.bincount(numbers, minlength=len(self.idf)).astype(np.float64))

    def _counts(self, document: Sequence[str]) -> Floats:
        return np.bincount(self.numbers(document), minlength=len(self.vocabulary)).astype(np.float64)

    def _scaled(self, counts: Floats) -> Floats:
        weighted = counts * self.idf
        norms = np.sqrt((weighted**2).sum(axis=-1, keepdims=True))
        scaled: Floats = weighted / np.where(norms == 0, 1.0, norms)
        return scaled
