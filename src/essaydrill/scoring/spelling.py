"""What an answer shares with a question letter by letter: pairs of characters, runs of them, n-grams."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from essaydrill.scoring.groups import Groups, Integers, counted
from essaydrill.scoring.sheaf import BREAK, Sheaf
from essaydrill.scoring.tfidf import Floats, Tfidf
from essaydrill.text.characters import letters
from essaydrill.text.pairs import PairTable, text_of

COPIED_RUN = 12
# A pair of characters as a number: two code points and two flags, whether the materials and the references have it.
_CODE_BITS, _FLAG_BITS = 21, 2
_KEY_BITS = 2 * _CODE_BITS + _FLAG_BITS
_KEY_MASK = (1 << _KEY_BITS) - 1


@dataclass(frozen=True)
class SharedPairs:
    """How many different pairs of neighbouring characters some texts have, and how many of these stand in the materials
    and in the references; shape (texts,)."""

    different: Integers
    in_materials: Integers
    in_references: Integers


class Spelling:
    """The characters of a question's materials and references, indexed."""

    def __init__(self, materials: Iterable[str], references: Iterable[str], tfidf: Tfidf) -> None:
        """`materials` and `references` are canonical texts; `tfidf` is fitted on `character_ngrams`."""
        in_materials = [letters(text) for text in materials]
        material_pairs = frozenset(pair for text in in_materials for pair in _runs(text, 2))
        reference_pairs = frozenset(pair for text in references for pair in _runs(letters(text), 2))
        self._copies = frozenset(run for text in in_materials for run in _runs(text, COPIED_RUN))
        self._tfidf = tfidf
        terms = tfidf.vocabulary
        self._pairs = PairTable({*material_pairs, *reference_pairs, *(term for term in terms if len(term) == 2)})
        pairs = self._pairs.pairs
        # By number of the pair; 0 is the number of all that are not listed.
        self._flags = np.array([0, *((pair in material_pairs) + 2 * (pair in reference_pairs) for pair in pairs)])
        self._pair_terms = np.array([-1, *(terms.get(pair, -1) for pair in pairs)])
        singles = {ord(term): number for term, number in terms.items() if len(term) == 1}
        self._single_terms = np.full(max(singles, default=0) + 2, -1)
        self._single_terms[list(singles)] = list(singles.values())
        # An n-gram of three is known by the two pairs in it.
        numbers = {pair: number for number, pair in enumerate(pairs, 1)}
        triples = {self._triple(numbers[t[:2]], numbers[t[1:]]): n for t, n in terms.items() if len(t) == 3}
        self._triples = np.array([*sorted(triples), -1])
        self._triple_terms = np.array([*(triples[key] for key in sorted(triples)), -1])

    def _triple(self, first: Any, second: Any) -> Any:
        """The key of an n-gram from the numbers of its two pairs."""
        return first * (len(self._pairs.pairs) + 1) + second

    def shared_pairs(self, sheaf: Sheaf) -> tuple[SharedPairs, SharedPairs]:
        """Of each clause, and of each answer, without pairs that reach over the end of a clause."""
        text = sheaf.letters.astype(np.int64)
        inside = (text[:-1] != ord(BREAK)) & (text[1:] != ord(BREAK))
        pairs = text[:-1] << _CODE_BITS | text[1:]
        keys = pairs << _FLAG_BITS | self._flags[self._pairs.numbers(sheaf.letters)]
        by_clause = counted((sheaf.letter_clauses[:-1] << _KEY_BITS | keys)[inside])[0]
        clauses, keys = by_clause >> _KEY_BITS, by_clause & _KEY_MASK
        by_answer = counted(sheaf.answers.owner[clauses] << _KEY_BITS | keys)[0]
        return _shared(by_clause, len(sheaf.clauses.sizes)), _shared(by_answer, len(sheaf.readings))

    def cosines(self, sheaf: Sheaf, windows: Integers) -> tuple[Floats, Floats]:
        """TF-IDF cosines of n-grams within clauses: of window `windows[a, k]` with document k, shape (A, K); and of
        each answer with the nearest of the other documents, shape (A,)."""
        terms, starts = self._terms(sheaf)
        answers, points = windows.shape
        size, first = np.divmod(windows, len(sheaf.clauses.sizes))
        rest = len(self._tfidf.documents) - points
        begin = np.concatenate([first.ravel(), np.repeat(sheaf.answers.starts, rest)])
        end = np.concatenate([(first + size).ravel() + 1, np.repeat(sheaf.answers.starts + sheaf.answers.sizes, rest)])
        documents = np.concatenate([np.tile(np.arange(points), answers), np.tile(points + np.arange(rest), answers)])
        texts = Groups(starts[end] - starts[begin])
        places = np.arange(len(texts.owner)) + (starts[begin] - texts.starts)[texts.owner]
        cosines = self._tfidf.cosines(terms[places], texts.owner, documents)
        whole = cosines[answers * points :].reshape(answers, rest)
        return cosines[: answers * points].reshape(answers, points), whole.max(axis=1, initial=0.0)

    def _terms(self, sheaf: Sheaf) -> tuple[Integers, Integers]:
        """The n-grams that the vocabulary has, in the order of the answers, and where each clause's begin among them,
        shape (C + 1,)."""
        text = sheaf.letters
        pairs = self._pairs.numbers(text)
        found = np.full((len(text), 3), -1)
        found[:, 0] = self._single_terms[np.minimum(text, len(self._single_terms) - 1)]
        found[:-1, 1] = self._pair_terms[pairs]
        triples = np.flatnonzero((found[:-2, 1] >= 0) & (found[1:-1, 1] >= 0))
        keys = self._triple(pairs[triples], pairs[triples + 1])
        places = np.searchsorted(self._triples[:-1], keys)
        found[triples, 2] = np.where(self._triples[places] == keys, self._triple_terms[places], -1)
        known = found >= 0
        counts = np.bincount(sheaf.letter_clauses, known.sum(axis=1), len(sheaf.clauses.sizes)).astype(np.int64)
        return found[known], np.concatenate([[0], counts.cumsum()])

    def copied_shares(self, sheaf: Sheaf) -> Floats:
        """The share of each answer's letters and Han characters that lie in runs of `COPIED_RUN` standing in the
        materials, shape (A,)."""
        kept = sheaf.are_letters.copy()
        kept[sheaf.text_starts[1:] - 1] = True  # a break between answers
        characters, lengths = sheaf.characters[kept], sheaf.letter_counts
        shared = np.concatenate([[0], (self._flags[self._pairs.numbers(characters)] & 1).cumsum()])
        likely = np.flatnonzero(shared[COPIED_RUN - 1 :] - shared[: 1 - COPIED_RUN] == COPIED_RUN - 1)
        text = text_of(characters) if len(likely) else ""
        runs = [start for start in likely.tolist() if text[start : start + COPIED_RUN] in self._copies]
        fresh = np.minimum(np.diff(runs, prepend=-COPIED_RUN), COPIED_RUN)  # characters beyond the run before
        starts = (lengths + 1).cumsum() - lengths - 1
        answers = np.searchsorted(starts, runs, side="right") - 1
        return np.bincount(answers, fresh, len(lengths)) / np.maximum(lengths, 1)


def _shared(keys: Integers, texts: int) -> SharedPairs:
    owner = keys >> _KEY_BITS
    return SharedPairs(*(np.bincount(owner[flags], minlength=texts) for flags in (..., keys & 1 != 0, keys & 2 != 0)))


def _runs(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(len(text) - size + 1))
