"""What the fitted models see: figures that hold an answer against each point, and against the whole question."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from essaydrill.scoring.matching import Floats, Match
from essaydrill.scoring.question import Question, polarity_rate
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.tfidf import character_ngrams
from essaydrill.scoring.wordorder import default_word_order

POINT_FEATURES = (
    "text", "keywords", "keyword_min", "keyword_max", "precision", "passage_max", "passage_mean", "bits", "total",
    "margin", "others_mean", "others_median", "whole_text", "whole_keywords",
    "sense", "sense_best", "sense_any", "share_best", "share", "joint", "joint_margin", "joint_others", "rank", "peak",
    "copied", "window_words", "point_words", "keyword_groups",
    "negation", "reversal", "restriction", "fine", "opposed", "ngrams",
)  # fmt: skip

ANSWER_FEATURES = (
    "function_words", "listing", "clause_length", "word_information", "word_length", "exclamations", "variety",
    "clause_spread",
    "negation_excess", "reversal_excess", "restriction_excess", "fine_excess",
    "negation_share", "reversal_share", "restriction_share", "fine_share",
    "negation_to_references", "reversal_to_references", "restriction_to_references", "fine_to_references",
    "negation_to_materials", "reversal_to_materials", "restriction_to_materials", "fine_to_materials",
    "material_pairs", "reference_pairs", "material_words", "theme", "mean_total", "mean_joint", "median_text",
    "median_keywords", "mean_sense", "opposed_excess", "opposed_share", "naturalness", "direction", "reference_ngrams",
)  # fmt: skip


@dataclass(frozen=True)
class Features:
    """`points` is (K, len(POINT_FEATURES)), `answer` (len(ANSWER_FEATURES),), `window` (K,) the window that states each
    point best. Figures are rounded to 1/10,000: what a model sees does not hang on the last bits of a sum."""

    points: Floats
    answer: Floats
    window: NDArray[np.int64]


def compute_features(question: Question, reading: Reading, match: Match) -> Features:
    """All features of a reading with at least one clause."""
    points = len(question.points)
    k = np.arange(points)
    best = match.total.argmax(axis=1)
    joint_best = match.joint.argmax(axis=1)
    total = match.total[k, best]
    joint = match.joint[k, joint_best]
    negations = _polarity_excess(question, reading, match, joint_best)
    opposed = _opposed(question, reading, joint_best)
    ngrams, reference_ngrams = _ngram_cosines(question, reading, joint_best)
    columns = {
        "text": match.text[k, best],
        "keywords": match.keyword_mean[k, best],
        "keyword_min": match.keyword_min[k, best],
        "keyword_max": match.keyword_max[k, best],
        "precision": match.precision[k, best],
        "passage_max": match.passage_max[k, best],
        "passage_mean": match.passage_mean[k, best],
        "bits": match.bits[k, best],
        "total": total,
        "margin": total - _best_other(match.total, best),
        "others_mean": _leave_one_out_mean(total),
        "others_median": np.full(points, _median(total)),
        "whole_text": match.whole_text,
        "whole_keywords": match.whole_keywords,
        "sense": match.sense[k, best],
        "sense_best": match.sense.max(axis=1),
        "sense_any": match.sense_any[k, joint_best],
        "share_best": match.share.max(axis=1),
        "share": match.share[k, joint_best],
        "joint": joint,
        "joint_margin": joint - _best_other(match.joint, joint_best),
        "joint_others": _leave_one_out_mean(joint),
        "rank": (match.joint[:, joint_best] > joint).sum(axis=0),
        "peak": joint - _median(match.joint),
        "copied": match.copied[joint_best],
        "window_words": reading.window_lengths[best],
        "point_words": np.array([len(asked.terms) for asked in question.matcher.targets.points]),
        "keyword_groups": np.array([len(point.keywords) for point in question.points]),
        **dict(zip(("negation", "reversal", "restriction", "fine"), negations.T, strict=True)),
        "opposed": opposed,
        "ngrams": ngrams,
    }
    per_point = np.stack([columns[name] for name in POINT_FEATURES], axis=1).astype(np.float64)
    per_answer = np.append(_answer_features(question, reading, match, per_point, negations), reference_ngrams)
    return Features(np.round(per_point, 4), np.round(per_answer, 4), joint_best)


def _best_other(scores: Floats, window: NDArray[np.int64]) -> Floats:
    """The score of the next best point in each point's own window (0 when there is no other point)."""
    points = len(scores)
    if points == 1:
        return np.zeros(1)
    there = scores[:, window].copy()
    there[np.arange(points), np.arange(points)] = -np.inf
    best: Floats = there.max(axis=0)
    return best


def _leave_one_out_mean(values: Floats) -> Floats:
    return (values.sum() - values) / max(1, len(values) - 1) if len(values) > 1 else values


def _polarity_excess(question: Question, reading: Reading, match: Match, window: NDArray[np.int64]) -> Floats:
    """Polarity words in each point's window beyond those in the passages that state it, shape (K, classes)."""
    cumulated = np.vstack([np.zeros(match.polarity.shape[1]), match.polarity.cumsum(axis=0)])
    there = cumulated[reading.last[window] + 1] - cumulated[reading.first[window]]
    excess: Floats = np.minimum(np.maximum(there - question.polarity, 0.0), 2.0)
    return excess


def _opposed(question: Question, reading: Reading, window: NDArray[np.int64]) -> Floats:
    """How many words of each point's window say the opposite of what states the point, at most 2, shape (K,)."""
    ends = np.append(reading.clause_starts, len(reading.words))
    first, last = ends[reading.first[window]], ends[reading.last[window] + 1]
    counts = [
        min(2, sum(word in opposite for word in reading.words[start:end]))
        for opposite, start, end in zip(question.opposites, first, last, strict=True)
    ]
    return np.array(counts, np.float64)


def _median(values: Floats) -> Floats:
    """Medians along the last axis. (numpy's own imports its masked arrays, which costs a sixtieth of a second.)"""
    ordered = np.sort(values, axis=-1)
    count = values.shape[-1]
    middle: Floats = (ordered[..., (count - 1) // 2] + ordered[..., count // 2]) / 2
    return middle


def _cosine(a: Floats, b: Floats) -> float:
    norm = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum() / norm) if norm else 0.0


def _clause_words(reading: Reading) -> list[tuple[str, ...]]:
    ends = [*reading.clause_starts.tolist(), len(reading.words)]
    return [reading.words[start:end] for start, end in pairwise(ends)]


def _ngram_cosines(question: Question, reading: Reading, window: NDArray[np.int64]) -> tuple[Floats, float]:
    """TF-IDF cosines of character n-grams: of each point with its window, shape (K,); of the answer with the nearest
    reference."""
    tfidf = question.ngrams
    texts = [reading.text[span.start : span.end] for span in reading.clauses]
    numbers = [tfidf.numbers(character_ngrams(text)) for text in texts]
    points = len(window)
    cosines = [
        tfidf.weigh(np.concatenate(numbers[reading.first[w] : reading.last[w] + 1])) @ tfidf.documents[k]
        for k, w in enumerate(window)
    ]
    whole = tfidf.weigh(np.concatenate(numbers))
    return np.array(cosines), float((tfidf.documents[points:] @ whole).max(initial=0.0))


def _answer_features(question: Question, reading: Reading, match: Match, points: Floats, negations: Floats) -> Floats:
    words = reading.words
    letters = max(1, sum(character.isalnum() for character in reading.text))
    clause_lengths = np.array([span.end - span.start for span in reading.clauses], np.float64)
    rate = polarity_rate(words)
    pairs = match.pairs
    telling = {w: near for w, says, near in zip(words, match.information, match.nearness, strict=True) if says > 0.3}
    column = {name: points[:, i] for i, name in enumerate(POINT_FEATURES)}
    values = [
        np.mean(match.information == 0),
        reading.text.count("、") / letters * 10,
        letters / len(reading.clauses),
        match.information.mean(),
        np.mean([len(word) for word in words]),
        reading.text.count("!") / letters * 10,
        len(set(words)) / len(words),
        clause_lengths.std(),
        *negations.mean(axis=0),
        *(negations > 0).mean(axis=0),
        *(rate - question.reference_polarity),
        *(rate - question.material_polarity),
        len(pairs & question.material_pairs) / max(1, len(pairs)),
        len(pairs & question.reference_pairs) / max(1, len(pairs)),
        np.mean([word in question.material_words for word in telling]) if telling else 0.0,
        np.mean(list(telling.values())) if telling else 0.0,
        column["total"].mean(),
        column["joint"].mean(),
        _median(column["whole_text"]),
        _median(column["whole_keywords"]),
        column["sense_best"].mean(),
        column["opposed"].mean(),
        (column["opposed"] > 0).mean(),
        default_word_order().naturalness(_clause_words(reading)),
        _cosine(question.matcher.targets.lexicon.direction(words), question.direction),
    ]
    return np.array(values, np.float64)
