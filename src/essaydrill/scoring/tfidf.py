"""TF-IDF of character n-grams in plain arrays, equal to scikit-learn's `TfidfVectorizer` (held by a test).

idf(t) = ln((1 + n) / (1 + df(t))) + 1 with n documents, raw term counts, rows of length 1 (`smooth_idf`, `norm="l2"`).
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from essaydrill.scoring.groups import Integers, counted
from essaydrill.text.characters import letters

Floats = NDArray[np.float64]

SHORTEST, LONGEST = 1, 3


def character_ngrams(text: str) -> list[str]:
    """All runs of one to three neighbouring letters or Han characters, punctuation left out."""
    kept = letters(text)
    return [
        kept[start : start + size] for size in range(SHORTEST, LONGEST + 1) for start in range(len(kept) - size + 1)
    ]


class Tfidf:
    """Fitted on documents given as lists of terms; terms that no document has are passed over."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        terms = sorted({term for document in documents for term in document})
        self.vocabulary = {term: number for number, term in enumerate(terms)}
        numbers = [self.numbers(document) for document in documents]
        counts = np.array([np.bincount(found, minlength=len(terms)) for found in numbers])
        self.idf: Floats = np.log((1 + len(documents)) / (1 + (counts > 0).sum(axis=0))) + 1
        self.documents: Floats = self._scaled(counts)  # (documents, terms), rows of length 1

    def numbers(self, terms: Iterable[str]) -> Integers:
        """The vocabulary's numbers of the terms it has, in order."""
        vocabulary = self.vocabulary
        return np.array([vocabulary[term] for term in terms if term in vocabulary], np.int64)

    def transform(self, terms: Iterable[str]) -> Floats:
        """One row of length 1 (zeros when no term is known), shape (terms,)."""
        return self._scaled(np.bincount(self.numbers(terms), minlength=len(self.idf)))

    def cosines(self, numbers: Integers, texts: Integers, documents: Integers) -> Floats:
        """Cosines of some texts with a document each, shape (len(documents),).

        `numbers` are the terms of the texts, `texts` says which of the texts, 0 … len(documents) - 1, each stands in.
        The sums of a text go by its own terms in order, whatever other texts are there.
        """
        size = len(self.idf)
        kinds, counts = counted(texts * size + numbers)
        texts, terms = np.divmod(kinds, size)
        weights = counts * self.idf[terms]
        norms = np.sqrt(np.bincount(texts, weights**2, len(documents)))
        products = np.bincount(texts, weights * self.documents[documents[texts], terms], len(documents))
        cosines: Floats = products / np.where(norms == 0, 1.0, norms)
        return cosines

    def _scaled(self, counts: NDArray[np.int64]) -> Floats:
        weighted = counts * self.idf
        norms = np.sqrt((weighted**2).sum(axis=-1, keepdims=True))
        scaled: Floats = weighted / np.where(norms == 0, 1.0, norms)
        return scaled
