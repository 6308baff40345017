"""How well each window of an answer states each scoring point.

Sums run over whole numbers and are exact in any order, so the same answer gets the same figures whether it is scored
alone or among thousands, on any machine.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from essaydrill.scoring.lexicon import DIMENSIONS, LEVELS, UNIT, Lexicon, Words
from essaydrill.scoring.polarity import POLARITY_CLASSES, polarity_row
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.targets import Targets

Floats = NDArray[np.float64]

# Weights of the three ways a window can state a point. The sum only ranks windows; the fitted model weighs evidence.
TEXT_WEIGHT, KEYWORD_WEIGHT, PASSAGE_WEIGHT = 0.35, 0.35, 0.30
SENSE_WEIGHT = 0.5
EXTRA_CLAUSE_COST = 0.02  # of two equally good windows the shorter one is the evidence
PASSAGE_PRIOR = UNIT  # one nat: a very short passage must not count as fully matched by a single word
THEME_SHARE = 0.8  # how much of the question's common theme is taken out before meanings are compared
_SCALE = 512  # word vectors are summed as whole numbers of 1/512
_SENSE_UNIT = 127
_SHARPNESS = 8.0
MOST_WORDS = 20_000  # words kept in the table of a matcher, some 10 MB


@dataclass(frozen=True)
class Match:
    """All figures of one answer against one question; K points, W windows, G keyword groups."""

    text: Floats  # (K, W) how much of the point's own text the window says, 0..1
    keywords: Floats  # (G, W) each keyword group, 0..1.1
    keyword_mean: Floats  # (K, W)
    keyword_min: Floats  # (K, W)
    keyword_max: Floats  # (K, W)
    passage_max: Floats  # (K, W) the best of the reference passages
    passage_mean: Floats  # (K, W)
    precision: Floats  # (K, W) how much of the window speaks of the point
    sense: Floats  # (K, W) mean cosine of meanings, the question's theme taken out
    sense_any: Floats  # (K, W) the best such cosine
    bits: Floats  # (K, W) information found of the point's text, nats
    total: Floats  # (K, W) the weighted sum that ranks windows
    joint: Floats  # (K, W) the same with meaning
    share: Floats  # (K, W) how much of the window's meaning belongs to this point rather than to another
    whole_text: Floats  # (K,) the point's text found anywhere in the answer
    whole_keywords: Floats  # (K,)
    polarity: Floats  # (C, classes) polarity words in each clause
    copied: Floats  # (W,) share of the window's character pairs that stand in the materials
    information: Floats  # (words,) how much each word of the answer says, 0..1
    nearness: Floats  # (words,) similarity of each word to the nearest word of the question, 0..1
    pairs: frozenset[str]  # character pairs of the answer


@dataclass(frozen=True)
class _WordRows:
    """What is known of some words, a row each; T terms, K points."""

    information: NDArray[np.uint8]  # (words, T) what the word says of each term, 1/16 nats
    best: NDArray[np.uint8]  # (words, K) its best similarity level to the text and keywords of each point
    senses: Floats  # (words, 96) its part in a window's meaning
    polarity: NDArray[np.int64]  # (words, classes)
    weights: Floats  # (words,) how much it says, 0..1
    nearness: Floats  # (words,) similarity to the nearest word of the question, 0..1

    def followed_by(self, more: "_WordRows") -> "_WordRows":
        pairs = ((getattr(self, field.name), getattr(more, field.name)) for field in fields(self))
        return _WordRows(*(np.concatenate(pair) for pair in pairs))


class _WordTable:
    """The words met so far by number. A cache: what it answers does not depend on what it was asked before."""

    def __init__(self, targets: Targets, theme: Floats, theme_words: Words) -> None:
        self._targets = targets
        self._theme = theme
        self._theme_words = theme_words
        self._numbers: dict[str, int] = {}
        self._rows: _WordRows | None = None

    def look_up(self, words: Sequence[str]) -> tuple[NDArray[np.int64], _WordRows]:
        """The numbers of `words`, and the rows of all words known."""
        if len(self._numbers) > MOST_WORDS:
            self._numbers, self._rows = {}, None
        fresh = [word for word in dict.fromkeys(words) if word not in self._numbers]
        if fresh or self._rows is None:
            self._numbers.update(zip(fresh, range(len(self._numbers), len(self._numbers) + len(fresh)), strict=True))
            rows = self._work_out(fresh)
            self._rows = rows if self._rows is None else self._rows.followed_by(rows)
        return np.array([self._numbers[word] for word in words], np.int64), self._rows

    def _work_out(self, words: Sequence[str]) -> _WordRows:
        lexicon = self._targets.lexicon
        vectors = lexicon.matrix(words)
        information, best = self._targets.compare(words, vectors)
        weights = np.array([lexicon.information(word) for word in words])
        return _WordRows(
            information=information,
            best=best,
            senses=sense_vectors(vectors, weights, self._theme),
            polarity=np.array([polarity_row(word) for word in words], np.int64).reshape(-1, len(POLARITY_CLASSES)),
            weights=weights,
            nearness=self._theme_words.similarities(words, vectors).max(axis=1, initial=0.0),
        )


def sense_vectors(vectors: NDArray[np.float32], weights: Floats, theme: Floats) -> Floats:
    """The words' parts in the meaning of a window: their directions without the theme, weighted, in whole 1/512."""
    norms = np.sqrt((vectors.astype(np.float64) ** 2).sum(axis=1, keepdims=True))
    directions = vectors / np.maximum(norms, 1e-9)
    along = (directions * theme).sum(axis=1, keepdims=True)
    return np.rint((directions - THEME_SHARE * along * theme) * (weights[:, None] * _SCALE))


def unit_rows(vectors: Floats) -> Floats:
    """Rows scaled to length 127 and rounded, so that their products are exact."""
    norms = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    return np.rint(vectors / np.maximum(norms, 1e-9) * _SENSE_UNIT)


class Matcher:
    """Matches answers against the targets of one question."""

    def __init__(
        self, targets: Targets, theme: Floats, theme_words: Words, material_pairs: frozenset[str] = frozenset()
    ) -> None:
        """`theme` is the question's common direction of meaning, shape (96,), length 1 or 0; `theme_words` its most
        frequent words; `material_pairs` the character pairs of its materials."""
        self.targets = targets
        self._theme = theme
        self._theme_words = theme_words
        self._material_pairs = material_pairs
        self._table = _WordTable(targets, theme, theme_words)
        self._senses, self._sense_owner = self._point_senses()

    def __getstate__(self) -> dict[str, Any]:
        # The table of words met so far is a cache: a worker process starts its own.
        return {**self.__dict__, "_table": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._table = _WordTable(self.targets, self._theme, self._theme_words)

    def _point_senses(self) -> tuple[Floats, NDArray[np.int64]]:
        lexicon = self.targets.lexicon
        rows, owner = [], []
        for k, asked in enumerate(self.targets.points):
            keyword_words = [term.word for group in asked.wordings for wording in group for term in wording]
            own = [term.word for term in asked.terms]
            texts = [[*own, *keyword_words[:12]], *([*p.words] for p in asked.passages)]
            for words in texts:
                rows.append(summed_sense(lexicon, words, self._theme))
                owner.append(k)
        return unit_rows(np.array(rows)), np.array(owner)

    def match(self, reading: Reading) -> Match:
        """All figures of a reading that has at least one clause."""
        ids, rows = self._table.look_up(reading.words)
        starts = reading.clause_starts
        targets = self.targets

        # What each window says of each term: the best word in it, less what a window of its length says by chance.
        by_clause = np.maximum.reduceat(rows.information[ids], starts, axis=0)
        self._add_equivalents(by_clause, reading)
        by_window = _window_max(by_clause).astype(np.int32)
        chance = np.rint(np.log(np.maximum(reading.window_lengths, 4)) * UNIT).astype(np.int32)
        found = np.add.reduceat(np.maximum(by_window - chance[:, None], 0), targets.group_starts, axis=1)
        found = found.T.astype(np.float64)
        answer_chance = int(np.rint(np.log(max(len(reading.words), 4)) * UNIT))
        anywhere = np.maximum(by_clause.max(axis=0).astype(np.int32) - answer_chance, 0)
        whole = np.add.reduceat(anywhere, targets.group_starts).astype(np.float64)

        text = found[targets.text_group] / targets.full[targets.text_group, None]
        whole_text = whole[targets.text_group] / targets.full[targets.text_group]
        keywords, whole_groups = self._keywords(reading, found, whole)
        points = len(targets.points)
        if len(keywords) == 0:
            mean = low = high = text
            whole_keywords = whole_text
        else:
            key_starts = np.searchsorted(targets.keyword_point, np.arange(points))
            mean, low, high = _by_owner(keywords, key_starts, targets.keyword_point, text)
            there, _, _ = _by_owner(whole_groups[:, None], key_starts, targets.keyword_point, whole_text[:, None])
            whole_keywords = there[:, 0]
        if len(targets.passage_groups):
            stated = found[targets.passage_groups] / (targets.full[targets.passage_groups, None] + PASSAGE_PRIOR)
            passage_starts = np.searchsorted(targets.passage_point, np.arange(points))
            passage_mean, _, passage_max = _by_owner(stated, passage_starts, targets.passage_point, text)
        else:
            passage_mean = passage_max = text

        weight = rows.weights[ids]
        near = np.clip((rows.best[ids] / LEVELS - 0.3) / 0.5, 0.0, 1.0) * weight[:, None]
        spoken = _window_sum(np.add.reduceat(near, starts, axis=0))
        said = _window_sum(np.add.reduceat(weight, starts)[:, None])
        precision = (spoken / (said + 0.3)).T

        sense, sense_any = self._sense(np.add.reduceat(rows.senses[ids], starts, axis=0), points)
        extra = EXTRA_CLAUSE_COST * (reading.last - reading.first)
        total = TEXT_WEIGHT * text + KEYWORD_WEIGHT * mean + PASSAGE_WEIGHT * passage_max - extra
        exponent = np.exp(_SHARPNESS * sense)
        copied, pairs = self._copied(reading)
        return Match(
            text=text,
            keywords=keywords,
            keyword_mean=mean,
            keyword_min=low,
            keyword_max=high,
            passage_max=passage_max,
            passage_mean=passage_mean,
            precision=precision,
            sense=sense,
            sense_any=sense_any,
            bits=found[targets.text_group] / UNIT,
            total=total,
            joint=total + SENSE_WEIGHT * np.maximum(sense, 0.0),
            share=exponent / exponent.sum(axis=0),
            whole_text=whole_text,
            whole_keywords=whole_keywords,
            polarity=np.add.reduceat(rows.polarity[ids], starts, axis=0).astype(np.float64),
            copied=copied,
            information=weight,
            nearness=rows.nearness[ids],
            pairs=pairs,
        )

    def _add_equivalents(self, by_clause: NDArray[np.uint8], reading: Reading) -> None:
        """Raise what a clause says of a term where it has an equivalent wording of it."""
        equivalents = self.targets.equivalents
        for row, concepts in zip(by_clause, reading.concepts, strict=True):
            for concept in concepts & equivalents.keys():
                places, information = equivalents[concept]
                row[places] = np.maximum(row[places], information)

    def _keywords(self, reading: Reading, found: Floats, whole: Floats) -> tuple[Floats, Floats]:
        """Keyword groups per window, shape (G, W), and in the whole answer, shape (G,)."""
        targets = self.targets
        if not len(targets.wording_groups):
            return np.zeros((0, len(reading.first))), np.zeros(0)
        groups, full = targets.wording_groups, targets.wording_full
        per_window = np.maximum.reduceat(found[groups] / full[:, None], targets.keyword_starts, axis=0)
        per_answer = np.maximum.reduceat(whole[groups] / full, targets.keyword_starts)
        # A wording that stands there letter by letter is found, however the words were segmented.
        clause_start = np.array([span.start for span in reading.clauses])
        number = 0
        for asked in targets.points:
            for wordings in asked.literal:
                for wording in wordings:
                    at = reading.text.find(wording)
                    while at >= 0:
                        clause = int(np.searchsorted(clause_start, at, side="right")) - 1
                        inside = (reading.first <= clause) & (reading.last >= clause)
                        per_window[number] = np.where(inside, np.maximum(per_window[number], 1.0), per_window[number])
                        per_answer[number] = max(per_answer[number], 1.0)
                        at = reading.text.find(wording, at + 1)
                number += 1
        return np.minimum(per_window, 1.1), np.minimum(per_answer, 1.1)

    def _sense(self, clause_senses: Floats, points: int) -> tuple[Floats, Floats]:
        windows = unit_rows(_window_sum(clause_senses))
        cosines = (self._senses @ windows.T) / _SENSE_UNIT**2
        starts = np.searchsorted(self._sense_owner, np.arange(points))
        sizes = np.diff(np.append(starts, len(self._sense_owner)))[:, None]
        return np.add.reduceat(cosines, starts, axis=0) / sizes, np.maximum.reduceat(cosines, starts, axis=0)

    def _copied(self, reading: Reading) -> tuple[Floats, frozenset[str]]:
        """The share of each window's character pairs that stand in the materials, and all pairs of the answer."""
        by_clause = [character_pairs(reading.text[span.start : span.end]) for span in reading.clauses]
        shared = np.array([(len(found & self._material_pairs), len(found)) for found in by_clause], np.float64)
        summed = _window_sum(shared)
        return summed[:, 0] / np.maximum(summed[:, 1], 1.0), frozenset().union(*by_clause)


def summed_sense(lexicon: Lexicon, words: Iterable[str], theme: Floats) -> Floats:
    """The meaning of a text: the sum of its words' sense vectors, shape (96,), whole numbers."""
    counts = Counter(words)
    weights = np.array([lexicon.information(word) for word in counts])
    senses = sense_vectors(lexicon.matrix(list(counts)), weights, theme)
    return (senses * np.array(list(counts.values()), np.float64)[:, None]).sum(axis=0)


def character_pairs(text: str) -> set[str]:
    """Pairs of neighbouring letters or Han characters."""
    kept = "".join(character for character in text if character.isalnum())
    return {kept[i : i + 2] for i in range(len(kept) - 1)}


def _window_max(by_clause: NDArray[Any]) -> NDArray[Any]:
    """Clause figures (C, n) to window figures (W, n), windows in the order of `Reading`."""
    two = np.maximum(by_clause[:-1], by_clause[1:])
    three = np.maximum(two[:-1], by_clause[2:])
    return np.concatenate([by_clause, two, three])


def _window_sum(by_clause: NDArray[Any]) -> NDArray[Any]:
    two = by_clause[:-1] + by_clause[1:]
    three = two[:-1] + by_clause[2:]
    return np.concatenate([by_clause, two, three])


def _by_owner(
    rows: Floats, starts: NDArray[np.int64], owner: NDArray[np.int64], default: Floats
) -> tuple[Floats, Floats, Floats]:
    """Mean, minimum and maximum of the rows that each point owns; a point without any takes `default`."""
    points = len(starts)
    if len(set(owner.tolist())) == points:
        sizes = np.diff(np.append(starts, len(owner)))[:, None]
        return (
            np.add.reduceat(rows, starts, axis=0) / sizes,
            np.minimum.reduceat(rows, starts, axis=0),
            np.maximum.reduceat(rows, starts, axis=0),
        )
    mean, low, high = default.copy(), default.copy(), default.copy()
    for k in range(points):
        mine = rows[owner == k]
        if len(mine):
            mean[k], low[k], high[k] = mine.mean(axis=0), mine.min(axis=0), mine.max(axis=0)
    return mean, low, high


__all__ = ["POLARITY_CLASSES", "Match", "Matcher", "character_pairs", "summed_sense", "unit_rows"]
