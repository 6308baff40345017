"""Words held against a question, each worked out when it is met for the first time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import count, islice
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from essaydrill.scoring.groups import Integers
from essaydrill.scoring.lexicon import LEVELS, Lexicon, Words, unit_directions
from essaydrill.scoring.polarity import POLARITY_CLASSES, opposites, polarity_row, polarity_words
from essaydrill.scoring.sequence import WordSequence
from essaydrill.scoring.subjects import Contrast
from essaydrill.scoring.targets import Targets
from essaydrill.scoring.wordorder import default_word_order

Floats = NDArray[np.float64]

THEME_SHARE = 0.8  # how much of the question's common theme is taken out before meanings are compared
MOST_WORDS = 10_000  # words kept in a table, some 15 MB
SENSE_UNIT = 127
SCALE = 512  # word vectors are summed as whole numbers of 1/512


# What is counted of every word beside its relation to the points.
COUNTS = ("weight", "empty", "length", *POLARITY_CLASSES)


@dataclass(frozen=True)
class WordRows:
    """What is known of some words, a row each; U terms, K points.

    The columns of `sums` are added up over the words of a clause: how much the word speaks of each of the K points
    (0..weight), whether it is an opposite of what states each point, then `COUNTS`: how much it says (0..1), whether
    that is nothing, its length, its classes of polarity.
    """

    information: NDArray[np.uint8]  # (words, U) what the word says of each term, 1/16 nats
    senses: NDArray[np.float32]  # (words, 96) its part in the meaning of a window, whole numbers
    sums: Floats  # (words, 2K + len(COUNTS))
    directions: Floats  # (words, 96) of length 1, or 0
    weights: Floats  # (words,) how much it says, 0..1
    nearness: Floats  # (words,) similarity to the nearest word of the question, 0..1
    in_materials: NDArray[np.bool_]  # (words,)
    novel: NDArray[np.bool_]  # (words,) neither in the materials nor in the references
    order: Integers  # (words,) its class in the order of words
    place: Integers  # (words,) its place among the words of the question's texts, see `WordSequence`
    contrast: NDArray[np.float32]  # (words, R) how much likelier here than on each other subject, see `Contrast`

    def __len__(self) -> int:
        return len(self.weights)

    def first(self, count: int) -> "WordRows":
        """The first `count` rows, where they are."""
        return WordRows(*(rows[:count] for rows in self._columns()))

    def followed_by(self, more: "WordRows", room: "WordRows") -> tuple["WordRows", "WordRows"]:
        """These rows, which stand at the beginning of `room`, and `more` behind them; and the room, larger where it had
        to be. What stood there is not moved, so that adding few to many costs as much as the few."""
        total = len(self) + len(more)
        if total > len(room):
            pairs = zip(self._columns(), more._columns(), strict=True)
            room = WordRows(*(_room_for(2 * total, rows, added) for rows, added in pairs))
        for place, added in zip(room._columns(), more._columns(), strict=True):
            place[len(self) : total] = added
        return room.first(total), room

    def _columns(self) -> list[NDArray[Any]]:
        return [getattr(self, field.name) for field in fields(self)]


def _room_for(count: int, rows: NDArray[Any], added: NDArray[Any]) -> NDArray[Any]:
    room = np.empty((count, *added.shape[1:]), added.dtype)
    room[: len(rows)] = rows
    return room


class WordTable:
    """The words met so far by number. A cache: what it answers does not depend on what it was asked before.

    Several threads may ask at once.
    """

    def __init__(
        self,
        targets: Targets,
        theme: Floats,
        theme_words: Words,
        material_words: frozenset[str],
        reference_words: frozenset[str],
        contrast: Contrast,
        sequence: WordSequence,
    ) -> None:
        """`theme` is the question's common direction of meaning, shape (96,), length 1 or 0; `theme_words` its most
        frequent words."""
        self._targets = targets
        self._theme = theme
        self._theme_words = theme_words
        self._material_words = material_words
        self._reference_words = reference_words
        self._contrast = contrast
        self._sequence = sequence
        self._order = default_word_order()
        self._turning, self._plain = _turning([opposites(point.stating_words) for point in targets.points])
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        nothing = self._work_out(())
        # A word gets the next number when it is asked for; those beyond the rows are still to be worked out.
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self._rows = self._room = nothing

    def look_up(self, words: Sequence[str]) -> tuple[Integers, WordRows]:
        """The numbers of `words`, and the rows of all words known."""
        with self._lock:
            if len(self._numbers) > MOST_WORDS:
                self._forget()
            numbers = np.fromiter(map(self._numbers.__getitem__, words), np.int64, len(words))
            if len(self._numbers) > len(self._rows):
                fresh = self._work_out([*islice(self._numbers, len(self._rows), None)])
                self._rows, self._room = self._rows.followed_by(fresh, self._room)
            return numbers, self._rows

    def _work_out(self, words: Sequence[str]) -> WordRows:
        lexicon = self._targets.lexicon
        vectors = lexicon.matrix(words)
        information, best = self._targets.compare(words, vectors)
        nearness = self._theme_words.similarities(words, vectors).max(axis=1, initial=0.0)
        weights = lexicon.information(words)
        spoken = np.clip((best / LEVELS - 0.3) / 0.5, 0.0, 1.0) * weights[:, None]
        in_materials = np.array([word in self._material_words for word in words], bool)
        lengths = np.array([len(word) for word in words], np.int64)
        turning = np.array([self._turning.get(word, self._plain) for word in words]).reshape(-1, len(self._plain))
        counted = [turning[:, : len(spoken.T)], weights[:, None], weights[:, None] == 0, lengths[:, None]]
        return WordRows(
            information=information,
            senses=sense_vectors(vectors, weights, self._theme),
            sums=np.hstack([spoken, *counted, turning[:, len(spoken.T) :]]),
            directions=unit_directions(vectors),
            weights=weights,
            nearness=nearness,
            in_materials=in_materials,
            novel=~in_materials & np.array([word not in self._reference_words for word in words], bool),
            order=np.array([self._order.class_of(word) for word in words], np.int64),
            contrast=self._contrast.rows(words, nearness),
            place=self._sequence.places(words),
        )

    def __getstate__(self) -> dict[str, object]:
        # A worker process starts its own cache.
        return {key: value for key, value in self.__dict__.items() if key not in _OWN}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._lock = Lock()
        self._forget()


_OWN = frozenset(("_numbers", "_rows", "_room", "_lock"))


def _turning(opposites: Sequence[frozenset[str]]) -> tuple[dict[str, tuple[int, ...]], tuple[int, ...]]:
    """Of each word that turns a statement round: whether it is among each of the `opposites`, and its classes of
    polarity. And that of all other words."""
    words = frozenset(polarity_words()).union(*opposites)
    rows = {word: (*(int(word in each) for each in opposites), *polarity_row(word)) for word in words}
    return rows, (0,) * (len(opposites) + len(POLARITY_CLASSES))


def sense_vectors(vectors: NDArray[np.float32], weights: Floats, theme: Floats) -> NDArray[np.float32]:
    """The words' parts in the meaning of a window: their directions without the theme, weighted, in whole 1/512.

    They are below 2**10, so that the sum of 16,000 words is exact in float32.
    """
    directions = unit_directions(vectors)
    along = (directions * theme).sum(axis=1, keepdims=True)
    senses = np.rint((directions - THEME_SHARE * along * theme) * (weights[:, None] * SCALE))
    return senses.astype(np.float32)


def summed_sense(lexicon: Lexicon, words: Iterable[str], theme: Floats) -> Floats:
    """The meaning of a text: the sum of its words' sense vectors, shape (96,), whole numbers."""
    counts = Counter(words)
    weights = lexicon.information(list(counts))
    senses = sense_vectors(lexicon.matrix(list(counts)), weights, theme)
    return (senses * np.array(list(counts.values()), np.float64)[:, None]).sum(axis=0)


def unit_rows(vectors: NDArray[Any]) -> NDArray[np.float32]:
    """Rows of whole numbers scaled to length `SENSE_UNIT` and rounded, so that their products are exact in float32."""
    scaled = vectors.astype(np.float64)
    scaled /= np.maximum(np.sqrt(np.einsum("ij,ij->i", scaled, scaled)), 1e-9)[:, None]
    scaled *= SENSE_UNIT
    return np.rint(scaled, out=scaled).astype(np.float32)
