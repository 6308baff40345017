"""What a question asks for, compiled once: the words of its points, arranged for fast matching.

Every scoring point asks in three ways, each a *group* of words: its own text, each wording of each keyword group, and
the passage of each reference answer that states the point.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from essaydrill.bank.models import ScoringPoint
from essaydrill.scoring.concepts import default_concepts
from essaydrill.scoring.groups import Groups, counted
from essaydrill.scoring.lexicon import LEVELS, UNIT, Lexicon, Words, to_levels
from essaydrill.text import Segmenter, normalise

_TYPICAL_WINDOW = 12  # words in a usual window: what a full match would say there
_EQUIVALENT = round(0.9 * LEVELS)  # an equivalent wording counts as a similarity of 0.9


class Term(NamedTuple):
    """A word that is asked for, and the concepts that it is part of where it stands."""

    word: str
    concepts: tuple[int, ...] = ()


def content_terms(text: str, segmenter: Segmenter, lexicon: Lexicon) -> tuple[Term, ...]:
    """The content words of a normalised text, each once, with the concepts that the text expresses with them."""
    mentions = list(default_concepts().find(text))
    concepts: dict[str, set[int]] = {}
    for token in segmenter.cut(text):
        if lexicon.is_content(token.word):
            covering = (m.concepts for m in mentions if m.start < token.end and token.start < m.end)
            concepts.setdefault(token.word, set()).update(concept for found in covering for concept in found)
    return tuple(Term(word, tuple(sorted(found))) for word, found in concepts.items())


@dataclass(frozen=True)
class Passage:
    """The part of a reference answer that states a point: its text, its words, and the content among them."""

    text: str
    words: tuple[str, ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class AskedPoint:
    """A scoring point with its words and the reference passages that state it."""

    point: ScoringPoint
    terms: tuple[Term, ...]
    wordings: tuple[tuple[tuple[Term, ...], ...], ...]  # keyword group → wording → content
    literal: tuple[tuple[str, ...], ...]  # keyword group → wording as normalised text
    passages: tuple[Passage, ...] = ()

    @property
    def stating_words(self) -> list[str]:
        """The words of the point's text and of the passages."""
        return [term.word for term in self.terms] + [word for passage in self.passages for word in passage.words]


def ask(point: ScoringPoint, segmenter: Segmenter, lexicon: Lexicon) -> AskedPoint:
    """Read the words of a point and of its keyword groups."""

    def content(text: str) -> tuple[Term, ...]:
        normal = normalise(text).text
        return content_terms(normal, segmenter, lexicon) or (Term(normal or text),)

    return AskedPoint(
        point=point,
        terms=content(point.text),
        wordings=tuple(tuple(content(wording) for wording in group) for group in point.keywords),
        literal=tuple(tuple(normalise(wording).text for wording in group) for group in point.keywords),
    )


class Targets:
    """The groups of all points, laid out one behind the other.

    Many groups share words: `terms` are the U different terms, and group g asks for the terms `term_of[i]` of its items
    i (see `groups`). For point k, `text_group[k]` is the group of its text; its wordings and passages are given by
    `wording_*` and `passage_*`.
    """

    def __init__(self, points: Sequence[AskedPoint], lexicon: Lexicon) -> None:
        self.points = tuple(points)
        self.lexicon = lexicon
        numbers: dict[Term, int] = {}
        asked: list[int] = []
        sizes: list[int] = []

        def add(group: Sequence[Term]) -> int:
            asked.extend(numbers.setdefault(term, len(numbers)) for term in group)
            sizes.append(len(group))
            return len(sizes) - 1

        self.text_group = np.array([add(point.terms) for point in points])
        wording_groups: list[int] = []
        keyword_sizes: list[int] = []  # wordings of each keyword group
        keyword_point: list[int] = []
        for k, point in enumerate(points):
            for group in point.wordings:
                keyword_sizes.append(len(group))
                keyword_point.append(k)
                wording_groups.extend(add(wording) for wording in group)
        passage_groups: list[int] = []
        passage_point: list[int] = []
        for k, point in enumerate(points):
            for passage in point.passages:
                passage_groups.append(add(passage.terms or tuple(map(Term, passage.words))))
                passage_point.append(k)
        self.terms = tuple(numbers)
        self.term_of = np.array(asked)
        self.groups = Groups(np.array(sizes))
        self.sum_type = np.min_scalar_type(max(sizes) * 0xFF)  # holds what is said of any group
        self.wording_groups = np.array(wording_groups, np.int64)
        self.keywords = Groups(np.array(keyword_sizes, np.int64))  # of wordings
        self.keyword_point = np.array(keyword_point, np.int64)
        self.passage_groups = np.array(passage_groups, np.int64)
        self.passage_point = np.array(passage_point, np.int64)
        words = [term.word for term in self.terms]
        self._words = Words(lexicon, words)
        self._information = lexicon.background.information(words, lexicon)  # (U, 51) uint8, 1/16 nats
        self.equivalents = self._equivalents()
        # The terms of a point's text and keywords, for how much of a window speaks of the point.
        wording_point = np.repeat(self.keyword_point, self.keywords.sizes)
        owned = [
            counted(self.term_of[np.isin(self.groups.owner, [group, *self.wording_groups[wording_point == k]])])[0]
            for k, group in enumerate(self.text_group)
        ]
        self._owned = np.concatenate(owned)
        self._owned_starts = np.cumsum([0, *map(len, owned)])[:-1]

    def _equivalents(self) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """What an equivalent wording says: for each concept its row in the second array, -1 for one that is not asked
        for; and what it says of each term, in 1/16 nats, shape (concepts asked for, U)."""
        concepts = sorted({concept for term in self.terms for concept in term.concepts})
        rows = np.full(concepts[-1] + 2 if concepts else 1, -1)
        rows[concepts] = np.arange(len(concepts))
        information = np.zeros((len(concepts), len(self.terms)), np.uint8)
        for place, term in enumerate(self.terms):
            information[rows[list(term.concepts)], place] = self._information[place, _EQUIVALENT]
        return rows, information

    def compare(
        self, words: Sequence[str], vectors: NDArray[np.float32]
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """What each word says of each term, in 1/16 nats, shape (words, U); and its best similarity level (0..50) to
        the text and keywords of each point, shape (words, points)."""
        levels = to_levels(self._words.similarities(words, vectors))
        information = self._information[np.arange(len(self.terms)), levels]
        if not len(words):
            return information, np.zeros((0, len(self.points)), np.uint8)
        best = np.maximum.reduceat(levels[:, self._owned], self._owned_starts, axis=1).astype(np.uint8)
        return information, best

    @cached_property
    def full(self) -> NDArray[np.float64]:
        """What a literal match of each whole group says in a usual window, in 1/16 nats, shape (groups,)."""
        exact = self._information[:, LEVELS].astype(np.float64)
        at_window = np.maximum(1.0, exact - round(np.log(_TYPICAL_WINDOW) * UNIT))
        return self.groups.reduce(np.add, lambda items: at_window[self.term_of[items]])

    @cached_property
    def wording_full(self) -> NDArray[np.float64]:
        """The same for each wording, but no less than 0.7 of the mean in its keyword group: a short common wording must
        not be a cheap way to the concept."""
        full = self.full[self.wording_groups]
        if not len(full):
            return full
        means = self.keywords.reduce(np.add, lambda wordings: full[wordings]) / self.keywords.sizes
        return np.maximum(full, 0.7 * means[self.keywords.owner])
