"""Ways to adjust the machine's marks of one question, fitted on a tutor's marks and chosen by cross-validation.

Three ways are tried, each with a ridge penalty towards "no change", and none at all: scale and offset of the machine's
mark; with them the weights of the points (or, where the tutor marked point by point, what each point's status is worth
to her); with those the wording of the marked answers as character n-grams. A simpler way is kept unless another is
better by more than one standard error.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from essaydrill.scoring.calibration import Method as Way
from essaydrill.scoring.result import Status

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

FOLDS = 5
# Every way with its penalties, the simplest first.
CANDIDATES: tuple[tuple[Way, float], ...] = (
    ("none", 1.0),
    *(("scale", penalty) for penalty in (1.0, 4.0, 16.0)),
    *(("points", penalty) for penalty in (1.0, 4.0, 16.0)),
    *(("words", penalty) for penalty in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)),
)  # fmt: skip
_WAYS: tuple[Way, ...] = ("none", "scale", "points", "words")
# A column that is multiplied by c is penalised by 1 / c²: the mark and the offset may move more freely than one n-gram.
CONSTANT_SCALE, MARK_SCALE = 2.0, 4.0
_STATUS_CREDITS: dict[Status, float] = {"missed": 0.0, "partial": 0.5, "hit": 1.0}
_PRIOR_ANSWERS = 5.0  # how many answers the usual credit of a status counts for
_RAREST_NGRAM = 2  # answers; what a single answer has would tell that answer


@dataclass(frozen=True)
class Sample:
    """n marked answers in numbers. `machine` gives the machine's shares, shape (n,), when the answers at the given
    places are known: a question whose references are marked answers has different ones in every fold."""

    human: Floats  # (n,) shares of the full mark
    machine: Callable[[Places], Floats]
    credits: Floats  # (n, K)
    statuses: tuple[tuple[Status, ...], ...]  # n × K
    marks: Floats  # (K,) shares of the full mark
    point_ids: tuple[str, ...]
    given: Floats  # (n, K) the tutor's credits, NaN where she gave none
    ngrams: tuple[frozenset[str], ...]

    @property
    def by_point(self) -> bool:
        return bool(np.isfinite(self.given).any())


@dataclass(frozen=True)
class Adjustment:
    """One fitted way; all figures are shares of the full mark."""

    way: Way
    constant: float = 0.0
    slope: float = 0.0
    credits: Mapping[str, Mapping[Status, float]] = field(default_factory=dict)
    points: Mapping[str, float] = field(default_factory=dict)
    ngrams: Mapping[str, float] = field(default_factory=dict)


def folds(places: Places) -> list[tuple[Places, Places]]:
    """(left out, known) five times, the same in every run."""
    shuffled = np.random.default_rng(len(places)).permutation(places)
    return [(np.sort(shuffled[k::FOLDS]), np.sort(np.delete(shuffled, np.s_[k::FOLDS]))) for k in range(FOLDS)]


def choose(sample: Sample, known: Places) -> tuple[Way, float]:
    """The way and penalty that cross-validation within `known` prefers."""
    errors = {candidate: np.zeros(len(sample.human)) for candidate in CANDIDATES if _makes_sense(sample, candidate[0])}
    for left_out, rest in folds(known):
        machine = sample.machine(rest)
        for candidate, squares in errors.items():
            predicted = predict(sample, fit(sample, rest, *candidate, machine=machine), machine)
            squares[left_out] = (predicted - sample.human)[left_out] ** 2
    best_of = {
        way: min((c for c in errors if c[0] == way), key=lambda c: errors[c][known].mean(), default=None)
        for way in _WAYS
    }
    candidates = [candidate for candidate in best_of.values() if candidate]
    best = min(candidates, key=lambda candidate: errors[candidate][known].mean())
    for candidate in candidates:  # the simplest first
        loss = (errors[candidate] - errors[best])[known]
        if loss.mean() <= loss.std() / np.sqrt(len(known)):
            return candidate
    return best


def _makes_sense(sample: Sample, way: Way) -> bool:
    return way != "points" or bool(sample.point_ids)


def fit(sample: Sample, known: Places, way: Way, penalty: float, *, machine: Floats | None = None) -> Adjustment:
    """Fit one way on the answers at `known`."""
    if way == "none":
        return Adjustment("none")
    shares = sample.machine(known) if machine is None else machine
    read = _read_credits(sample, known) if way != "scale" and sample.by_point else {}
    shares = shares + _by_credits(sample, read)
    weighs_points = way != "scale" and not read
    point_ids = sample.point_ids if weighs_points else ()
    ngrams = _vocabulary(sample, known) if way == "words" else ()
    columns = [
        np.full((len(known), 1), CONSTANT_SCALE),
        MARK_SCALE * shares[known, None],
        sample.credits[known] if weighs_points else np.zeros((len(known), 0)),
        np.array([[ngram in sample.ngrams[i] for ngram in ngrams] for i in known], np.float64).reshape(len(known), -1),
    ]
    weights = ridge(np.hstack(columns), sample.human[known] - shares[known], penalty)
    first = 2 + len(point_ids)
    return Adjustment(
        way=way,
        constant=float(CONSTANT_SCALE * weights[0]),
        slope=float(MARK_SCALE * weights[1]),
        credits=read,
        points=dict(zip(point_ids, weights[2:first].tolist(), strict=True)),
        ngrams=dict(zip(ngrams, weights[first:].tolist(), strict=True)),
    )


def ridge(rows: Floats, targets: Floats, penalty: float) -> Floats:
    """The weights w that minimise |rows · w − targets|² + penalty · |w|², without an intercept, shape (columns,).

    Solved among the answers, of which there are fewer than columns: w = rowsᵀ (rows · rowsᵀ + penalty · I)⁻¹ targets.
    """
    weights: Floats = rows.T @ np.linalg.solve(rows @ rows.T + penalty * np.eye(len(rows)), targets)
    return weights


def predict(sample: Sample, fitted: Adjustment, machine: Floats) -> Floats:
    """The adjusted shares of all answers, shape (n,), as `Calibration.share` computes them one by one."""
    shares = machine + _by_credits(sample, fitted.credits)
    total = shares + fitted.constant + fitted.slope * shares
    if fitted.points:
        total = total + sample.credits @ np.array([fitted.points[name] for name in sample.point_ids])
    total = total + [sum(fitted.ngrams[n] for n in found & fitted.ngrams.keys()) for found in sample.ngrams]
    return np.clip(total, 0.0, 1.0)


def _read_credits(sample: Sample, known: Places) -> dict[str, dict[Status, float]]:
    """What each status of each point is worth to the tutor: her mean credit, drawn towards the usual one."""
    read: dict[str, dict[Status, float]] = {}
    for k, name in enumerate(sample.point_ids):
        given = [(sample.statuses[i][k], sample.given[i, k]) for i in known if np.isfinite(sample.given[i, k])]
        read[name] = {
            status: float(
                (usual * _PRIOR_ANSWERS + sum(credit for s, credit in given if s == status))
                / (_PRIOR_ANSWERS + sum(s == status for s, _ in given))
            )
            for status, usual in _STATUS_CREDITS.items()
        }
    return read


def _by_credits(sample: Sample, read: Mapping[str, Mapping[Status, float]]) -> Floats:
    """What reading the statuses so changes of every share, shape (n,)."""
    if not read:
        return np.zeros(len(sample.human))
    as_read = np.array(
        [[read[name][s] for name, s in zip(sample.point_ids, row, strict=True)] for row in sample.statuses]
    )
    changes: Floats = (as_read - sample.credits) @ sample.marks
    return changes


def _vocabulary(sample: Sample, known: Places) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for i in known:
        for ngram in sample.ngrams[i]:
            counts[ngram] = counts.get(ngram, 0) + 1
    return tuple(sorted(ngram for ngram, count in counts.items() if _RAREST_NGRAM <= count < len(known)))
