"""What the fitted models see: figures that hold an answer against each point, and against the whole question."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from essaydrill.scoring.groups import Integers, run_starts
from essaydrill.scoring.lexicon import DIMENSIONS
from essaydrill.scoring.matching import Match
from essaydrill.scoring.polarity import POLARITY_CLASSES
from essaydrill.scoring.question import Question
from essaydrill.scoring.sheaf import Sheaf
from essaydrill.scoring.spelling import SharedPairs
from essaydrill.scoring.subjects import UNIT
from essaydrill.scoring.wordorder import default_word_order
from essaydrill.scoring.words import COUNTS, SCALE, WordRows

POINT_FEATURES = (
    "text", "keywords", "keyword_min", "keyword_max", "precision", "passage_max", "passage_mean", "bits", "total",
    "margin", "others_mean", "others_median", "whole_text", "whole_keywords",
    "sense", "sense_best", "sense_any", "share_best", "share", "joint", "joint_margin", "joint_others", "rank",
    "copied", "window_words", "point_words", "keyword_groups",
    "negation", "reversal", "restriction", "fine", "opposed", "ngrams",
)  # fmt: skip

# What the words mean that neither the materials nor the references have: a reversal is made of such words.
NOVEL_SENSE = tuple(f"novel_{number}" for number in range(DIMENSIONS))

_COUNTED = (
    "function_words", "listing", "item_words", "clause_length", "word_information", "word_length", "exclamations",
    "variety", "clause_spread",
    "negation_excess", "reversal_excess", "restriction_excess", "fine_excess",
    "negation_share", "reversal_share", "restriction_share", "fine_share",
    "negation_to_references", "reversal_to_references", "restriction_to_references", "fine_to_references",
    "negation_to_materials", "reversal_to_materials", "restriction_to_materials", "fine_to_materials",
    "material_pairs", "reference_pairs", "material_words", "theme", "mean_total", "mean_joint", "median_text",
    "median_keywords", "mean_sense", "opposed_excess", "opposed_share", "naturalness", "sequence", "direction",
    "contrast", "reference_ngrams",
)  # fmt: skip
ANSWER_FEATURES = _COUNTED + NOVEL_SENSE

Floats = NDArray[np.float64]

_NO_OTHER = np.inf

TELLING = 0.3  # a word that says more than this speaks of something


@dataclass(frozen=True)
class Features:
    """`points` is (K, len(POINT_FEATURES)), `answer` (len(ANSWER_FEATURES),), `window` (K,) the window that states each
    point best, `keywords` (G,) how much of each keyword group stands in its point's window. Figures are rounded to
    1/10,000: what a model sees does not hang on the last bits of a sum."""

    points: Floats
    answer: Floats
    window: Integers
    keywords: Floats


def compute_features(question: Question, sheaf: Sheaf, match: Match) -> list[Features]:
    """All features of each answer in a sheaf."""
    # Figures of A answers and K points are of shape (A, K).
    totals, joints = sheaf.by_answer(match.total), sheaf.by_answer(match.joint)
    window = joints.argmax(axis=2).T
    answer = np.arange(len(window))[:, None]
    best, joint_best = sheaf.windows[answer, totals.argmax(axis=2).T], sheaf.windows[answer, window]
    total, joint = _at(match.total, best), _at(match.joint, joint_best)
    targets = question.matcher.targets
    pairs_by_clause, pairs = question.spelling.shared_pairs(sheaf)
    shared, different = sheaf.window_sum(np.array([pairs_by_clause.in_materials, pairs_by_clause.different]))
    ngrams, reference_ngrams = question.spelling.cosines(sheaf, joint_best)
    excess = _polarity_excess(question, match, joint_best)
    columns = {
        "text": _at(match.text, best),
        "keywords": _at(match.keyword_mean, best),
        "keyword_min": _at(match.keyword_min, best),
        "keyword_max": _at(match.keyword_max, best),
        "precision": _at(match.precision, best),
        "passage_max": _at(match.passage_max, best),
        "passage_mean": _at(match.passage_mean, best),
        "bits": _at(match.bits, best),
        "total": total,
        "margin": total - _best_other(match.total, best),
        "others_mean": _leave_one_out_mean(total),
        "others_median": np.broadcast_to(_median(total)[:, None], total.shape),
        "whole_text": match.whole_text.T,
        "whole_keywords": match.whole_keywords.T,
        "sense": _at(match.sense, best),
        "sense_best": sheaf.by_answer(match.sense).max(axis=2).T,
        "sense_any": _at(match.sense_any, joint_best),
        "share_best": sheaf.by_answer(match.share).max(axis=2).T,
        "share": _at(match.share, joint_best),
        "joint": joint,
        "joint_margin": joint - _best_other(match.joint, joint_best),
        "joint_others": _leave_one_out_mean(joint),
        "rank": (match.joint[:, joint_best] > joint).sum(axis=0),
        "copied": shared[joint_best] / np.maximum(different[joint_best], 1),
        "window_words": sheaf.window_lengths[best],
        "point_words": np.broadcast_to(targets.groups.sizes[targets.text_group], total.shape),
        "keyword_groups": np.broadcast_to(np.bincount(targets.keyword_point, minlength=total.shape[1]), total.shape),
        **dict(zip(("negation", "reversal", "restriction", "fine"), excess, strict=True)),
        "opposed": np.minimum(_at(match.opposed, joint_best), 2),
        "ngrams": ngrams,
    }
    per_point = np.stack([columns[name] for name in POINT_FEATURES], axis=2).astype(np.float64)
    vocabulary = _Vocabulary.of(sheaf, match.words)
    answers = _answer_features(question, sheaf, match, vocabulary, pairs, excess, columns)
    counted = np.stack([answers[name] for name in _COUNTED[:-1]] + [reference_ngrams], axis=1)
    per_answer = np.hstack([counted, _novel_sense(vocabulary, match.rows, sheaf)])
    keywords = _at(match.keywords, joint_best[:, targets.keyword_point])
    figures = np.round(per_point, 4), np.round(per_answer, 4), window, keywords
    return [Features(*of_answer) for of_answer in zip(*figures, strict=True)]


def _at(figures: Floats, windows: Integers) -> Floats:
    """The figure of each point, shape (K, W), at its own window in each answer, shape (A, K)."""
    found: Floats = figures[np.arange(len(figures)), windows]
    return found


def _best_other(scores: Floats, windows: Integers) -> Floats:
    """The score of the next best point in each point's own window (0 when there is no other point), shape (A, K)."""
    points = np.arange(len(scores))
    if len(points) == 1:
        return np.zeros(windows.shape)
    there = scores[:, windows]
    there[points, :, points] = -np.inf
    best: Floats = there.max(axis=0)
    return best


def _leave_one_out_mean(values: Floats) -> Floats:
    """For each point the mean of the others in the same answer, shape (A, K)."""
    others = values.shape[1] - 1
    return (values.sum(axis=1, keepdims=True) - values) / others if others else values


def _median(values: Floats) -> Floats:
    """Medians along the last axis. (numpy's own imports its masked arrays, which costs a sixtieth of a second.)"""
    ordered = np.sort(values, axis=-1)
    count = values.shape[-1]
    middle: Floats = (ordered[..., (count - 1) // 2] + ordered[..., count // 2]) / 2
    return middle


def _polarity_excess(question: Question, match: Match, windows: Integers) -> Floats:
    """Polarity words in each point's window beyond those in the passages that state it, shape (classes, A, K)."""
    excess: Floats = np.minimum(np.maximum(match.polarity[:, windows] - question.polarity.T[:, None], 0.0), 2.0)
    return excess


def _answer_features(
    question: Question,
    sheaf: Sheaf,
    match: Match,
    vocabulary: "_Vocabulary",
    pairs: SharedPairs,
    excess: Floats,
    columns: Mapping[str, Floats],
) -> dict[str, Floats]:
    """All of `_COUNTED` but the last, each of shape (A,)."""
    letters = np.maximum(sheaf.letter_counts, 1)
    words = np.array([len(reading.words) for reading in sheaf.readings])
    listing = np.array([reading.text.count("、") for reading in sheaf.readings])
    counted = dict(zip(COUNTS, match.counts.T, strict=True))
    rates = match.counts[:, -len(POLARITY_CLASSES) :] / words[:, None] * 100
    in_materials, nearness = _telling_words(vocabulary, match.rows, len(words))
    values = [
        counted["empty"] / words,
        listing / letters * 10,
        words / (sheaf.answers.sizes + listing),  # 、 parts the items of a clause: in a heap they are a word or two
        letters / sheaf.answers.sizes,
        counted["weight"] / words,
        counted["length"] / words,
        np.array([reading.text.count("!") for reading in sheaf.readings]) / letters * 10,
        np.bincount(vocabulary.answers) / words,
        _spread(sheaf),
        *excess.mean(axis=2),
        *(excess > 0).mean(axis=2),
        *(rates - question.reference_polarity).T,
        *(rates - question.material_polarity).T,
        pairs.in_materials / np.maximum(pairs.different, 1),
        pairs.in_references / np.maximum(pairs.different, 1),
        in_materials,
        nearness,
        columns["total"].mean(axis=1),
        columns["joint"].mean(axis=1),
        _median(columns["whole_text"]),
        _median(columns["whole_keywords"]),
        columns["sense_best"].mean(axis=1),
        columns["opposed"].mean(axis=1),
        (columns["opposed"] > 0).mean(axis=1),
        default_word_order().naturalness(match.rows.order[match.words], sheaf.clauses, sheaf.answers),
        question.sequence.agreement(match.rows.place[match.words], sheaf.clauses, sheaf.answers),
        _directions(question, vocabulary, match.rows, len(words)),
        _contrast(vocabulary, match.rows),
    ]
    return dict(zip(_COUNTED, values, strict=False))


@dataclass(frozen=True)
class _Vocabulary:
    """The different words of some answers in the order in which they are met."""

    words: Integers  # their numbers
    answers: Integers  # the answer of each
    counts: Integers  # how often it stands there

    @classmethod
    def of(cls, sheaf: Sheaf, words: Integers) -> "_Vocabulary":
        owner = sheaf.answers.owner[sheaf.clauses.owner]
        # Sorted by answer and word, then by place; the first place of each word puts them in the order of the text.
        keys = (owner * (words.max() + 1) + words) * len(words) + np.arange(len(words))
        keys.sort()
        places = keys % len(words)
        starts = run_starts(keys // len(words))
        counts = np.diff(starts, append=len(keys))
        order = np.argsort(places[starts])
        places = places[starts][order]
        return cls(words[places], owner[places], counts[order])

    @cached_property
    def table(self) -> tuple[Integers, NDArray[np.float32]]:
        """The different words of all answers, and how often each answer has each of them, shape (A, words)."""
        there = np.bincount(self.words) > 0
        words, places = np.flatnonzero(there), there.cumsum()[self.words] - 1
        counts = np.zeros((self.answers[-1] + 1, len(words)), np.float32)
        counts[self.answers, places] = self.counts
        return words, counts


def _telling_words(vocabulary: _Vocabulary, rows: WordRows, answers: int) -> tuple[Floats, Floats]:
    """Of the different words of each answer that say something, the share that the materials have, and the mean
    nearness to the question; 0 where there is none; shape (A,)."""
    telling = rows.weights[vocabulary.words] > TELLING
    words, texts = vocabulary.words[telling], vocabulary.answers[telling]
    count = np.maximum(np.bincount(texts, minlength=answers), 1)
    in_materials = np.bincount(texts, rows.in_materials[words], answers) / count
    return in_materials, np.bincount(texts, rows.nearness[words], answers) / count


def _contrast(vocabulary: _Vocabulary, rows: WordRows) -> Floats:
    """How much likelier each answer is as a text on this question than on the likeliest other subject, nats a word that
    tells either; shape (A,)."""
    words, counts = vocabulary.table
    ratios = rows.contrast[words]
    telling = np.maximum(counts @ (ratios != 0).any(axis=1), 1)
    # Products of whole numbers below 2**24: exact, in any order of summation.
    nearest: Floats = (counts @ ratios).min(axis=1, initial=_NO_OTHER).astype(np.float64)
    return np.where(nearest == _NO_OTHER, 0.0, nearest) / (telling * UNIT)


def _novel_sense(vocabulary: _Vocabulary, rows: WordRows, sheaf: Sheaf) -> Floats:
    """The sense of each answer's novel words, by the square root of its length in words; shape (A, 96)."""
    words, counts = vocabulary.table
    novel = rows.novel[words]
    lengths = np.array([len(reading.words) for reading in sheaf.readings])
    # Exact like the products above.
    return (counts[:, novel] @ rows.senses[words[novel]]).astype(np.float64) / (SCALE * np.sqrt(lengths)[:, None])


def _directions(question: Question, vocabulary: _Vocabulary, rows: WordRows, answers: int) -> Floats:
    """Cosine of what each answer is about and what the question is about, see `Lexicon.direction`; shape (A,)."""
    weights = vocabulary.counts * rows.weights[vocabulary.words] ** 2
    starts = np.searchsorted(vocabulary.answers, np.arange(1, answers))
    of_answers = zip(np.split(vocabulary.words, starts), np.split(weights, starts), strict=True)
    sums = np.array([np.einsum("ij,i->j", rows.directions[words], share) for words, share in of_answers])
    totals = np.maximum(np.bincount(vocabulary.answers, weights, answers), 1e-9)
    about = sums / totals[:, None] - question.matcher.targets.lexicon.usual_direction
    norms = np.sqrt((about**2).sum(axis=1) * (question.direction**2).sum())
    cosines: Floats = (about * question.direction).sum(axis=1) / np.where(norms == 0, 1.0, norms)
    return cosines


def _spread(sheaf: Sheaf) -> Floats:
    """Standard deviation of the clauses' lengths in characters, shape (A,)."""
    lengths, owner, counts = sheaf.clause_lengths, sheaf.answers.owner, sheaf.answers.sizes
    means = np.bincount(owner, lengths) / counts
    spread: Floats = np.sqrt(np.bincount(owner, (lengths - means[owner]) ** 2) / counts)
    return spread
