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

    `terms` are the words of all groups; group g owns the terms from `group_starts[g]` on. For point k,
    `text_group[k]` is the group of its text; its wordings and passages are given by `wording_*` and `passage_*`.
    """

    def __init__(self, points: Sequence[AskedPoint], lexicon: Lexicon) -> None:
        self.points = tuple(points)
        self.lexicon = lexicon
        asked: list[Term] = []
        group_starts: list[int] = []

        def add(group: Sequence[Term]) -> int:
            group_starts.append(len(asked))
            asked.extend(group)
            return len(group_starts) - 1

        self.text_group = np.array([add(point.terms) for point in points])
        wording_groups: list[int] = []
        keyword_starts: list[int] = []  # places in wording_groups where a keyword group begins
        keyword_point: list[int] = []
        for k, point in enumerate(points):
            for group in point.wordings:
                keyword_starts.append(len(wording_groups))
                keyword_point.append(k)
                wording_groups.extend(add(wording) for wording in group)
        passage_groups: list[int] = []
        passage_point: list[int] = []
        for k, point in enumerate(points):
            for passage in point.passages:
                passage_groups.append(add(passage.terms or tuple(map(Term, passage.words))))
                passage_point.append(k)
        terms = [term.word for term in asked]
        self.terms = tuple(terms)
        self.group_starts = np.array(group_starts)
        self.wording_groups = np.array(wording_groups, np.int64)
        self.keyword_starts = np.array(keyword_starts, np.int64)
        self.keyword_point = np.array(keyword_point, np.int64)
        self.passage_groups = np.array(passage_groups, np.int64)
        self.passage_point = np.array(passage_point, np.int64)
        self._words = Words(lexicon, terms)
        self._information = lexicon.background.information(terms, lexicon)  # (terms, 51) uint8, 1/16 nat
        expressed: dict[int, list[int]] = {}
        for place, term in enumerate(asked):
            for concept in term.concepts:
                expressed.setdefault(concept, []).append(place)
        # What an equivalent wording says: for each concept the terms it stands for, and the information in 1/16 nats.
        self.equivalents = {
            concept: (np.array(places), self._information[places, _EQUIVALENT]) for concept, places in expressed.items()
        }
        # The terms of a point's text and keywords, for how much of a window speaks of the point.
        owner = np.full(len(terms), -1)
        ends = np.append(self.group_starts, len(terms))[1:]
        for k in range(len(points)):
            for group_index in (self.text_group[k], *self._wording_groups_of(k)):
                owner[self.group_starts[group_index] : ends[group_index]] = k
        order = np.argsort(owner, kind="stable")
        self._owned = order[np.searchsorted(owner[order], 0) :]
        self._owned_starts = np.searchsorted(owner[self._owned], np.arange(len(points)))

    def _wording_groups_of(self, k: int) -> list[int]:
        ends = np.append(self.keyword_starts, len(self.wording_groups))[1:]
        return [
            int(group)
            for start, end, owner in zip(self.keyword_starts, ends, self.keyword_point, strict=True)
            if owner == k
            for group in self.wording_groups[start:end]
        ]

    def compare(
        self, words: Sequence[str], vectors: NDArray[np.float32]
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """What each word says of each term, in 1/16 nats, shape (words, terms); and its best similarity level (0..50) to
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
        return np.add.reduceat(at_window, self.group_starts)

    @cached_property
    def wording_full(self) -> NDArray[np.float64]:
        """The same for each wording, but no less than 0.7 of the mean in its keyword group: a short common wording must
        not be a cheap way to the concept."""
        full = self.full[self.wording_groups]
        if not len(full):
            return full
        sizes = np.diff(np.append(self.keyword_starts, len(full)))
        means = np.add.reduceat(full, self.keyword_starts) / sizes
        return np.maximum(full, 0.7 * np.repeat(means, sizes))
