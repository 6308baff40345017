"""A question compiled for scoring: its points with the reference passages that state them, its theme, its materials."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from essaydrill.bank import Item
from essaydrill.bank.models import ScoringPoint
from essaydrill.scoring.lexicon import DIMENSIONS, Lexicon, Words
from essaydrill.scoring.matching import Matcher
from essaydrill.scoring.polarity import POLARITY_CLASSES, polarity_row
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.sequence import WordSequence
from essaydrill.scoring.sheaf import Sheaf
from essaydrill.scoring.spelling import Spelling
from essaydrill.scoring.subjects import Contrast
from essaydrill.scoring.targets import AskedPoint, Passage, Targets, ask, content_terms
from essaydrill.scoring.tfidf import Tfidf, character_ngrams
from essaydrill.scoring.words import Floats, WordTable, summed_sense
from essaydrill.text import Segmenter, normalise

_THEME_WORDS = 250  # the question's most frequent words, against which an answer's words are held


@dataclass(frozen=True)
class Question:
    """Everything about a question that does not depend on the answer; K points."""

    item: Item
    points: tuple[ScoringPoint, ...]
    matcher: Matcher
    spelling: Spelling
    polarity: Floats  # (K, classes) polarity words in the passage or text that states the point, the most of any
    reference_polarity: Floats  # (classes,) polarity words per 100 words in the references, the most of any
    material_polarity: Floats  # (classes,) the same in the materials
    sequence: WordSequence  # of the materials and references
    direction: Floats  # (96,) what the question is about, see `Lexicon.direction`


def compile_question(
    item: Item, points: Sequence[ScoringPoint], references: Sequence[str], segmenter: Segmenter, lexicon: Lexicon
) -> Question:
    """Compile `item` with the given points; `references` are the texts in which the points' passages are looked for."""
    readings = [reading for reading in Reading.of_all(references, segmenter) if not reading.is_empty]
    materials = [normalise(material.text).text for material in item.prompt.materials]
    material_words, _ = segmenter.words_of(materials)
    reference_words = [word for reading in readings for word in reading.words]
    theme = _theme(lexicon, [*material_words, *reference_words])
    frequent = _most_frequent([w for w in (*material_words, *reference_words) if lexicon.is_content(w)])
    theme_words, in_materials = Words(lexicon, frequent), frozenset(material_words)
    in_references = frozenset(reference_words)
    sequence = WordSequence.of([material_words, *(reading.words for reading in readings)])
    contrast = Contrast.of(material_words, reference_words, lexicon)

    def matcher(asked: Sequence[AskedPoint]) -> Matcher:
        targets = Targets(asked, lexicon)
        return Matcher(
            targets, theme, WordTable(targets, theme, theme_words, in_materials, in_references, contrast, sequence)
        )

    asked = [ask(point, segmenter, lexicon) for point in points]
    asked = _with_passages(asked, Sheaf(readings), matcher(asked), segmenter)
    texts = [reading.text for reading in readings]
    return Question(
        item=item,
        points=tuple(points),
        matcher=matcher(asked),
        spelling=Spelling(materials, texts, Tfidf([*map(_point_ngrams, asked), *map(character_ngrams, texts)])),
        polarity=np.array([_stated_polarity(point) for point in asked]),
        reference_polarity=np.max([polarity_rate(reading.words) for reading in readings], axis=0),
        material_polarity=polarity_rate(material_words),
        sequence=sequence,
        direction=lexicon.direction([*material_words, *reference_words, *reference_words]),
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


def _theme(lexicon: Lexicon, words: Sequence[str]) -> Floats:
    direction = summed_sense(lexicon, words, np.zeros(DIMENSIONS))
    norm = float(np.sqrt((direction**2).sum()))
    return direction / norm if norm else direction


def _with_passages(
    asked: Sequence[AskedPoint], references: Sheaf, matcher: Matcher, segmenter: Segmenter
) -> list[AskedPoint]:
    """Each point with the best window of each reference as its passage."""
    passages: list[list[Passage]] = [[] for _ in asked]
    best = references.by_answer(matcher.match(references).total).argmax(axis=2)
    for reading, windows in zip(references.readings, best.T.tolist(), strict=True):
        for window, found in zip(windows, passages, strict=True):
            text = reading.window_text(window)
            terms = content_terms(text, segmenter, matcher.targets.lexicon)
            found.append(Passage(text, reading.window_words(window), terms))
    return [replace(point, passages=tuple(found)) for point, found in zip(asked, passages, strict=True)]


def _most_frequent(words: Sequence[str]) -> list[str]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], word))[:_THEME_WORDS]
