"""The fitted models as plain numbers (`data/model/credit.json`), applied without scikit-learn.

`python -m essaydrill.agreement.fit` writes the file; a test holds these functions equal to scikit-learn's own output.
"""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from essaydrill.paths import shipped_data

Floats = NDArray[np.float64]

MOST_LEAVES = 8  # of a tree: a bit of a byte each


@dataclass(frozen=True)
class Boosting:
    """Gradient boosting of regression trees: initial + Σ trees.

    All trees are gone through side by side. Between two neighbours of a feature's thresholds it does not matter what
    the figure is: `reachable[f]` says by that place, shape (thresholds + 1, trees), which leaves of each tree can still
    be reached, a bit each; the one that all features leave over is where the tree ends. `value` is (trees, 256), by
    the bit of the leaf.
    """

    features: tuple[str, ...]
    initial: float
    thresholds: tuple[Floats, ...]  # of each feature, rising; up to a threshold a tree goes left
    reachable: tuple[NDArray[np.uint8], ...]
    value: Floats

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Boosting":
        """Raises `ValueError` for a tree of more than `MOST_LEAVES` leaves."""
        value = np.zeros((len(data["trees"]), 1 << MOST_LEAVES))
        roots = []
        splits: list[tuple[float, ...]] = []  # feature, threshold, tree, leaves to its left and right, a bit each
        for number, tree in enumerate(data["trees"]):
            under = [0] * len(tree["left"])  # the leaves under each node; what a node points to stands behind it
            leaf = 1
            for node in reversed(range(len(under))):
                left, right = tree["left"][node], tree["right"][node]
                if left == node:
                    if leaf >> MOST_LEAVES:
                        raise ValueError(f"tree {number} has more than {MOST_LEAVES} leaves")
                    under[node] = leaf
                    value[number, leaf] = tree["value"][node]
                    leaf <<= 1
                else:
                    under[node] = under[left] | under[right]
                    splits.append((tree["feature"][node], tree["threshold"][node], number, under[left], under[right]))
            roots.append(under[0])
        table = np.array(splits).reshape(-1, 5)
        thresholds, reachable = [], []
        for feature in range(len(data["features"])):
            of_feature = table[table[:, 0] == feature]
            parts, left_leaves, right_leaves = of_feature[:, 1:2], of_feature[:, 3:4], of_feature[:, 4:]
            places = sorted(set(parts.ravel().tolist()))
            left_out = np.where(np.append(places, np.inf) <= parts, right_leaves, left_leaves).astype(np.uint8)
            reached = np.repeat(np.array(roots, np.uint8)[:, None], len(places) + 1, axis=1)
            np.bitwise_and.at(reached, of_feature[:, 2].astype(np.int64), ~left_out)
            thresholds.append(np.array(places))
            reachable.append(np.ascontiguousarray(reached.T))
        return cls(tuple(data["features"]), data["initial"], tuple(thresholds), tuple(reachable), value)

    def predict(self, rows: Floats) -> Floats:
        """Predictions for rows of shape (n, features), shape (n,)."""
        leaves = np.full((len(rows), len(self.value)), 0xFF, np.uint8)
        for figures, thresholds, reachable in zip(rows.T, self.thresholds, self.reachable, strict=True):
            leaves &= reachable[np.searchsorted(thresholds, figures)]
        # Added up tree by tree: the sum does not hang on how many rows are predicted together.
        total: Floats = self.initial + self.value[np.arange(len(self.value)), leaves].cumsum(axis=1)[:, -1]
        return total


@dataclass(frozen=True)
class Logistic:
    """A logistic regression: 1 / (1 + exp(−(intercept + Σ coefficient · feature)))."""

    features: tuple[str, ...]
    intercept: float
    coefficients: Floats

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Logistic":
        coefficients = data["coefficients"]
        return cls(tuple(coefficients), data["intercept"], np.array(list(coefficients.values())))

    def predict(self, rows: Floats) -> Floats:
        """Probabilities, 0..1, for rows of shape (n, features), shape (n,)."""
        # Added up feature by feature: the sum does not hang on how many rows are predicted together.
        terms = np.hstack([np.full((len(rows), 1), self.intercept), rows * self.coefficients])
        scores = terms.cumsum(axis=1)[:, -1]
        probabilities: Floats = 1.0 / (1.0 + np.exp(-np.clip(scores, -50.0, 50.0)))
        return probabilities


@dataclass(frozen=True)
class MarkingModel:
    """Everything that was fitted.

    `thresholds` part missed | partial | hit on the predicted credit. `confidence` are rows (upper bound of the
    prediction, P(missed), P(partial), P(hit)). `gates` are the answer-level judgements; a probability below
    `gate_from` costs nothing, one above `gate_to` everything.
    """

    version: str
    credit: Boosting
    thresholds: tuple[float, float]
    confidence: tuple[tuple[float, float, float, float], ...]
    gates: Mapping[str, Logistic]
    gate_from: float
    gate_to: float
    presentation: Mapping[str, float]
    interval_base: float
    interval_scale: float

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "MarkingModel":
        low, high = data["thresholds"]
        return cls(
            version=data["version"],
            credit=Boosting.from_json(data["credit"]),
            thresholds=(low, high),
            confidence=tuple(tuple(row) for row in data["confidence"]),
            gates={name: Logistic.from_json(head) for name, head in data["gates"].items()},
            gate_from=data["gate_from"],
            gate_to=data["gate_to"],
            presentation=data["presentation"],
            interval_base=data["interval_base"],
            interval_scale=data["interval_scale"],
        )

    def probabilities(self, predicted: float) -> tuple[float, float, float]:
        """P(missed), P(partial), P(hit) given a predicted credit, as seen on questions left out of the fit."""
        bounds, probabilities = self._steps
        return probabilities[bisect_left(bounds, predicted, hi=len(bounds) - 1)]

    @cached_property
    def _steps(self) -> tuple[list[float], list[tuple[float, float, float]]]:
        return [bound for bound, *_ in self.confidence], [(m, p, h) for _, m, p, h in self.confidence]


@cache
def default_model() -> MarkingModel:
    """The model shipped with the package, read once a process."""
    return MarkingModel.from_json(read_fitted("credit.json"))


def read_fitted(name: str) -> dict[str, Any]:
    """The content of a fitted model shipped with the package.

    A hash of the file is added to its version: marks of two fits must not be taken for marks of one, by a run of
    `grade` that goes on or by a calibration.
    """
    text = (shipped_data() / "model" / name).read_text("utf-8")
    fitted: dict[str, Any] = json.loads(text)
    return {**fitted, "version": f"{fitted['version']}.{hashlib.sha256(text.encode()).hexdigest()[:8]}"}


def ramp(value: float, start: float, end: float) -> float:
    """0 up to `start`, 1 from `end`, a straight line between."""
    return min(1.0, max(0.0, (value - start) / (end - start)))
