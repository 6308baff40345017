"""A short answer held against a reference answer: what of it is said, in the same words, in like words, in figures.

For questions without a marking scheme and without materials (definitions, enumerations, judgements with a reason,
calculations). Everything is relative to the reference and to what the task itself gives away.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from essaydrill.bank.models import ScoringPoint
from essaydrill.scoring.derive import derive
from essaydrill.scoring.formula import Value, find_formulas
from essaydrill.scoring.lexicon import Lexicon, Words
from essaydrill.scoring.reading import Reading
from essaydrill.text import Segmenter, normalise

Floats = NDArray[np.float64]

SHORT_FEATURES = (
    "coverage", "support", "recall", "pairs", "formulas_found", "formulas_missing", "verdict", "points",
)  # fmt: skip

_GIVEN = 0.2  # weight of what the task gives away, against what the answer has to say
_SHARED = 0.7  # how much of an n-gram's weight goes when all other points have it too
_UNLIKE, _ALIKE = 0.35, 0.85  # similarities of words between which likeness rises from 0 to 1
_LEAST_INFORMATION = 0.15
_PIECES = re.compile(r"[0-9a-z\u3400-\u9fff]+")
_LEADING_NEGATION = re.compile("[不没无非未反]$")
_ASKS_VALUE = re.compile("多少|几(?=[个种次条])")
_ASKS_REASON = re.compile("原因|理由|为什么|解释|说明|分析|简述|论述")
_ASKS_VERDICT = re.compile("是否|判断|能否|可否|对吗|是不是|会不会|对不对|正确与否|(?:吗|(?<![什怎那这多])么)[?。]?$")
_OPENING = r"^(?:答:?|解:?|因为)?(?:该|此|这个?|上述|这种|本题)?(?:叙述|说法|观点|命题|答案|结论)?(?:是)?"
_REFUTES = re.compile(_OPENING + "(?:错|不(?![同仅但只])|否(?!则)|×|没|无法|未必|假(?![设如定使]))")
_CONFIRMS = re.compile(
    _OPENING + "(?:正确|对(?![于应此称象比每各照])|是(?![指由因在])|能(?![力量])|可以|√|会(?!议)|真(?!正))"
)


@dataclass(frozen=True)
class ShortReference:
    """One reference answer compiled; K points, G n-grams of them, V content words of the reference."""

    points: tuple[ScoringPoint, ...]
    listed: bool
    shares: Floats  # (K,) of the marks
    ngrams: dict[str, int]
    weights: Floats  # (G, K) each column adds up to 1
    words: Words
    word_weights: Floats  # (V,)
    point_words: tuple[NDArray[np.int64], ...]  # for each point the places of its words
    pairs: frozenset[str]  # beyond those of the task
    asked_pairs: frozenset[str]
    asked_words: frozenset[str]
    asked_values: frozenset[Value]
    values: dict[Value, int]  # formulas of the reference and their length, beyond those of the task
    results: frozenset[Value]  # the formulas that a task asking for values wants
    verdict: int  # 1 confirms, -1 refutes, 0 nothing to judge


@dataclass(frozen=True)
class ShortFeatures:
    """`coverage`, `support` and `window` are (K,): how much of each point a window says letter by letter, how much of
    its words the answer says in like words (both 0..1), and the best window. `results` is the share of the values asked
    for that the answer has (None where no value is asked for). `row` is (len(SHORT_FEATURES),)."""

    coverage: Floats
    support: Floats
    window: NDArray[np.int64]
    results: float | None
    row: Floats

    @property
    def nearness(self) -> float:
        """How near the answer comes to this reference; the nearest of several references is the one to hold it to."""
        return float(self.row[0] + self.row[SHORT_FEATURES.index("recall")])

    @property
    def contradicts(self) -> bool:
        """Whether the answer judges a statement the other way round."""
        return bool(self.row[SHORT_FEATURES.index("verdict")] < 0)


def compile_reference(
    reference: str, task: str, max_score: float, segmenter: Segmenter, lexicon: Lexicon
) -> ShortReference:
    """Read one reference answer; `max_score` is what its points add up to."""
    derived = derive(reference, task, max_score)
    points = derived.points
    text, asked = normalise(reference).text, normalise(task).text
    asked_ngrams = set(_ngrams(asked))
    ngrams = [tuple(dict.fromkeys(_ngrams(normalise(point.text).text))) for point in points]
    numbers = {ngram: number for number, ngram in enumerate(dict.fromkeys(g for row in ngrams for g in row))}
    weights = np.zeros((len(numbers), len(points)))
    for k, row in enumerate(ngrams):
        others = [set(other) for j, other in enumerate(ngrams) if j != k]
        for ngram in row:
            common = sum(ngram in other for other in others) / max(1, len(others))
            weight = (_GIVEN if ngram in asked_ngrams else 1.0) * (1 - _SHARED * common)
            weights[numbers[ngram], k] = weight / sum(len(other) == len(ngram) for other in row)
    asked_words = frozenset(token.word for token in segmenter.cut(asked))
    content = _content([token.word for token in segmenter.cut(text)], lexicon)
    place = {word: number for number, word in enumerate(content)}
    point_words = [[token.word for token in segmenter.cut(normalise(point.text).text)] for point in points]
    asked_values = frozenset(formula.value for formula in find_formulas(asked))
    values = {f.value: len(f.text) for f in find_formulas(text) if f.value not in asked_values}
    marks = np.array([point.marks for point in points])
    return ShortReference(
        points=points,
        listed=derived.listed and not find_formulas(text) and not _ASKS_VERDICT.search(asked),
        shares=marks / marks.sum(),
        ngrams=numbers,
        weights=weights / np.maximum(weights.sum(axis=0), 1e-9),
        words=Words(lexicon, content),
        word_weights=_word_weights(content, asked_words, lexicon),
        point_words=tuple(np.array(sorted({place[w] for w in words if w in place}), np.int64) for words in point_words),
        pairs=frozenset(_pairs(text)) - frozenset(_pairs(asked)),
        asked_pairs=frozenset(_pairs(asked)),
        asked_words=asked_words,
        asked_values=asked_values,
        values=values,
        results=_results(asked, values),
        verdict=read_verdict(text) if _ASKS_VERDICT.search(asked) else 0,
    )


def hold_against(reference: ShortReference, reading: Reading, lexicon: Lexicon) -> ShortFeatures:
    """All figures of a reading with at least one clause; rounded to 1/10,000, as in `compute_features`."""
    coverage, window = _literally(reference, reading)
    likeness = _in_like_words(reference, reading, lexicon)
    support = np.array(
        [
            _mean(likeness[places], reference.word_weights[places]) if len(places) else literal
            for places, literal in zip(reference.point_words, coverage, strict=True)
        ]
    )
    pairs = frozenset(_pairs(reading.text)) - reference.asked_pairs
    shares = reference.shares
    found = {formula.value for formula in find_formulas(reading.text)} - reference.asked_values
    formulas = sum(length for value, length in reference.values.items() if value in found)
    asked = sum(reference.values.values())
    stated = read_verdict(reading.text) if reference.verdict else 0
    values = {
        "coverage": (coverage * shares).sum(),
        "support": (support * shares).sum(),
        "recall": _mean(likeness, reference.word_weights),
        "pairs": len(pairs & reference.pairs) / max(1, len(pairs)),
        "formulas_found": formulas / asked if asked else 0.0,
        "formulas_missing": 1 - formulas / asked if asked else 0.0,
        "verdict": stated * reference.verdict,
        "points": len(reference.points),
    }
    row = np.array([float(values[name]) for name in SHORT_FEATURES])
    return ShortFeatures(
        coverage=np.round(coverage, 4),
        support=np.round(support, 4),
        window=window,
        results=len(reference.results & found) / len(reference.results) if reference.results else None,
        row=np.round(row, 4),
    )


def read_verdict(text: str) -> int:
    """1 where a normalised text begins by confirming a statement, -1 where it refutes it, 0 where it does neither."""
    if _REFUTES.match(text):
        return -1
    return 1 if _CONFIRMS.match(text) else 0


def _literally(reference: ShortReference, reading: Reading) -> tuple[Floats, NDArray[np.int64]]:
    """For each point the share of its n-grams in the best window, and that window."""
    texts = reading.clause_texts
    there = np.zeros((len(texts), len(reference.ngrams)), bool)
    for row, text in zip(there, texts, strict=True):
        row[[reference.ngrams[ngram] for ngram in _ngrams(text) if ngram in reference.ngrams]] = True
    pairs = there[:-1] | there[1:]
    windows = np.concatenate([there, pairs, pairs[:-1] | there[2:]])
    covered = np.round(windows.astype(np.float64) @ reference.weights, 6)  # (windows, K)
    window = covered.argmax(axis=0)
    coverage = covered[window, np.arange(len(window))]
    if reference.listed:
        for k, w in enumerate(window):
            if _is_denied(reference.points[k].text, reading, int(w)):
                coverage[k] = 0.0
    return coverage, window


def _is_denied(item: str, reading: Reading, window: int) -> bool:
    """Whether an item stands there with a negation before it: 非标准损耗率 is not 标准损耗率."""
    text = reading.window_text(window)
    places = [match.start() for match in re.finditer(re.escape(normalise(item).text), text)]
    return bool(places) and all(_LEADING_NEGATION.search(text[:place]) for place in places)


def _in_like_words(reference: ShortReference, reading: Reading, lexicon: Lexicon) -> Floats:
    """How alike the likest word of the answer is to each word of the reference, shape (V,), 0..1."""
    words = _content(reading.words, lexicon)
    similarity = reference.words.similarities(words, lexicon.matrix(words)).max(axis=0)
    return np.clip((similarity - _UNLIKE) / (_ALIKE - _UNLIKE), 0.0, 1.0)


def _results(task: str, values: Mapping[Value, int]) -> frozenset[Value]:
    """The longest formulas of the reference, as many as the task asks for values and for nothing else."""
    wanted = len(_ASKS_VALUE.findall(task))
    if not wanted or _ASKS_VERDICT.search(task) or _ASKS_REASON.search(task):
        return frozenset()
    return frozenset(sorted(values, key=lambda value: (-values[value], value))[:wanted])


def _word_weights(words: Sequence[str], given: frozenset[str], lexicon: Lexicon) -> Floats:
    information = np.maximum(_LEAST_INFORMATION, lexicon.information(words))
    return information * np.array([_GIVEN if word in given else 1.0 for word in words])


def _content(words: Iterable[str], lexicon: Lexicon) -> list[str]:
    unique = list(dict.fromkeys(words))
    return [word for word in unique if lexicon.is_content(word)] or unique


def _mean(values: Floats, weights: Floats) -> float:
    return float((values * weights).sum() / weights.sum())


def _pieces(text: str) -> list[str]:
    return _PIECES.findall(text.lower())


def _ngrams(text: str) -> list[str]:
    return [piece[i : i + n] for piece in _pieces(text) for n in (1, 2, 3) for i in range(len(piece) - n + 1)]


def _pairs(text: str) -> list[str]:
    kept = "".join(_pieces(text))
    return [kept[i : i + 2] for i in range(len(kept) - 1)]
