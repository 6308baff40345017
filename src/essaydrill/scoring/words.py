"""Words held against a question, each worked out when it is met for the first time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from essaydrill.scoring.groups import Integers
from essaydrill.scoring.lexicon import LEVELS, Lexicon, Words, unit_directions
from essaydrill.scoring.polarity import POLARITY_CLASSES, opposites, polarity_row
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

    def followed_by(self, more: "WordRows") -> "WordRows":
        pairs = ((getattr(self, field.name), getattr(more, field.name)) for field in fields(self))
        return WordRows(*(np.concatenate(pair) for pair in pairs))


class WordTable:
    """The words met so far by number. A cache: what it answers does not depend on what it was asked before."""

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
        self._opposites = [opposites(point.stating_words) for point in targets.points]
        self._forget()

    def _forget(self) -> None:
        self._numbers: dict[str, int] = {}
        self._rows = self._work_out(())

    def look_up(self, words: Sequence[str]) -> tuple[Integers, WordRows]:
        """The numbers of `words`, and the rows of all words known."""
        if len(self._numbers) > MOST_WORDS:
            self._forget()
        try:
            return self._numbered(words)
        except KeyError:
            self._learn([word for word in dict.fromkeys(words) if word not in self._numbers])
            return self._numbered(words)

    def _numbered(self, words: Sequence[str]) -> tuple[Integers, WordRows]:
        return np.fromiter(map(self._numbers.__getitem__, words), np.int64, len(words)), self._rows

    def _learn(self, words: Sequence[str]) -> None:
        self._numbers.update(zip(words, range(len(self._numbers), len(self._numbers) + len(words)), strict=True))
        self._rows = self._rows.followed_by(self._work_out(words))

    def _work_out(self, words: Sequence[str]) -> WordRows:
        lexicon = self._targets.lexicon
        vectors = lexicon.matrix(words)
        information, best = self._targets.compare(words, vectors)
        nearness = self._theme_words.similarities(words, vectors).max(axis=1, initial=0.0)
        weights = lexicon.information(words)
        spoken = np.clip((best / LEVELS - 0.3) / 0.5, 0.0, 1.0) * weights[:, None]
        in_materials = np.array([word in self._material_words for word in words], bool)
        counted = [
            [*(word in others for others in self._opposites), weight, weight == 0, len(word), *polarity_row(word)]
            for word, weight in zip(words, weights.tolist(), strict=True)
        ]
        return WordRows(
            information=information,
            senses=sense_vectors(vectors, weights, self._theme),
            sums=np.hstack(
                [spoken, np.array(counted, np.float64).reshape(len(words), len(self._opposites) + len(COUNTS))]
            ),
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
        return {**self.__dict__, "_numbers": {}, "_rows": self._work_out(())}


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
