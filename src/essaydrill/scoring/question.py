"""A question compiled for scoring: its points with the reference passages that state them, its theme, its materials."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from essaydrill.bank import Item
from essaydrill.bank.models import ScoringPoint
from essaydrill.scoring.lexicon import DIMENSIONS, Lexicon, Words
from essaydrill.scoring.matching import Floats, Matcher, character_pairs, summed_sense
from essaydrill.scoring.polarity import POLARITY_CLASSES, opposites, polarity_row
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.targets import AskedPoint, Passage, Targets, ask, content_terms
from essaydrill.scoring.tfidf import Tfidf, character_ngrams
from essaydrill.text import Segmenter, normalise

_THEME_WORDS = 250  # the question's most frequent words, against which an answer's words are held


@dataclass(frozen=True)
class Question:
    """Everything about a question that does not depend on the answer; K points."""

    item: Item
    points: tuple[ScoringPoint, ...]
    matcher: Matcher
    polarity: Floats  # (K, classes) polarity words in the passage or text that states the point, the most of any
    opposites: tuple[frozenset[str], ...]  # K sets of words that say the opposite of what states the point
    reference_polarity: Floats  # (classes,) polarity words per 100 words in the references, the most of any
    material_polarity: Floats  # (classes,) the same in the materials
    direction: Floats  # (96,) what the question is about, see `Lexicon.direction`
    reference_pairs: frozenset[str]
    material_pairs: frozenset[str]
    material_words: frozenset[str]
    ngrams: Tfidf  # documents 0 … K-1 are the points (text, wordings, passages), the rest the references


def compile_question(
    item: Item, points: Sequence[ScoringPoint], references: Sequence[str], segmenter: Segmenter, lexicon: Lexicon
) -> Question:
    """Compile `item` with the given points; `references` are the texts in which the points' passages are looked for."""
    readings = [reading for text in references if not (reading := Reading.of(text, segmenter)).is_empty]
    materials = [normalise(material.text).text for material in item.prompt.materials]
    material_words = [token.word for text in materials for token in segmenter.cut(text)]
    reference_words = [word for reading in readings for word in reading.words]
    theme = _theme(lexicon, [*material_words, *reference_words])
    material_pairs = frozenset(pair for text in materials for pair in character_pairs(text))
    asked = tuple(ask(point, segmenter, lexicon) for point in points)
    frequent = _most_frequent([w for w in (*material_words, *reference_words) if lexicon.is_content(w)])
    theme_words = Words(lexicon, frequent)
    asked = _with_passages(asked, readings, Matcher(Targets(asked, lexicon), theme, theme_words), segmenter)
    return Question(
        item=item,
        points=tuple(points),
        matcher=Matcher(Targets(asked, lexicon), theme, theme_words, material_pairs),
        polarity=np.array([_stated_polarity(point) for point in asked]),
        opposites=tuple(opposites(_stating_words(point)) for point in asked),
        reference_polarity=np.max([polarity_rate(r.words) for r in readings], axis=0),
        material_polarity=polarity_rate(material_words),
        direction=lexicon.direction([*material_words, *reference_words, *reference_words]),
        reference_pairs=frozenset(pair for reading in readings for pair in character_pairs(reading.text)),
        material_pairs=material_pairs,
        material_words=frozenset(material_words),
        ngrams=Tfidf([*map(_point_ngrams, asked), *(character_ngrams(reading.text) for reading in readings)]),
    )


def _point_ngrams(asked: AskedPoint) -> list[str]:
    """The character n-grams of all that a point may be stated with."""
    texts = [asked.point.text, *(w for group in asked.literal for w in group), *(p.text for p in asked.passages)]
    return [ngram for text in texts for ngram in character_ngrams(text)]


def polarity_counts(words: Sequence[str]) -> Floats:
    """Polarity words of each class, shape (classes,)."""
    return np.array([polarity_row(word) for word in words], np.float64).reshape(-1, len(POLARITY_CLASSES)).sum(axis=0)


def polarity_rate(words: Sequence[str]) -> Floats:
    """The same per 100 words."""
    return polarity_counts(words) / max(1, len(words)) * 100


def _stated_polarity(asked: AskedPoint) -> Floats:
    texts = [[term.word for term in asked.terms], *(passage.words for passage in asked.passages)]
    most: Floats = np.max([polarity_counts(words) for words in texts], axis=0)
    return most


def _stating_words(asked: AskedPoint) -> list[str]:
    return [term.word for term in asked.terms] + [word for passage in asked.passages for word in passage.words]


def _theme(lexicon: Lexicon, words: Sequence[str]) -> Floats:
    direction = summed_sense(lexicon, words, np.zeros(DIMENSIONS))
    norm = float(np.sqrt((direction**2).sum()))
    return direction / norm if norm else direction


def _with_passages(
    asked: tuple[AskedPoint, ...], readings: Sequence[Reading], matcher: Matcher, segmenter: Segmenter
) -> tuple[AskedPoint, ...]:
    """Each point with the best window of each reference as its passage."""
    passages: list[list[Passage]] = [[] for _ in asked]
    for reading in readings:
        best = matcher.match(reading).total.argmax(axis=1)
        for k, window in enumerate(best):
            span = reading.window_span(int(window))
            inside = (reading.clause_of >= reading.first[window]) & (reading.clause_of <= reading.last[window])
            words = tuple(word for word, kept in zip(reading.words, inside, strict=True) if kept)
            text = reading.text[span.start : span.end]
            passages[k].append(Passage(text, words, content_terms(text, segmenter, matcher.targets.lexicon)))
    return tuple(
        AskedPoint(point.point, point.terms, point.wordings, point.literal, tuple(found))
        for point, found in zip(asked, passages, strict=True)
    )


def _most_frequent(words: Sequence[str]) -> list[str]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], word))[:_THEME_WORDS]
