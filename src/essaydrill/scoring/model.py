"""The fitted models as plain numbers (`data/model/credit.json`), applied without scikit-learn.

`python -m essaydrill.agreement.fit` writes the file; a test holds these functions equal to scikit-learn's own output.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from essaydrill.paths import shipped_data

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Boosting:
    """Gradient boosting of regression trees: initial + Σ trees.

    Every tree is padded to the same number of nodes; a leaf points to itself, so that `depth` steps reach a leaf.
    Arrays are (trees, nodes).
    """

    features: tuple[str, ...]
    initial: float
    depth: int
    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Floats

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Boosting":
        trees = data["trees"]
        nodes = max(len(tree["value"]) for tree in trees)

        def padded(name: str) -> NDArray[Any]:
            return np.array([list(tree[name]) + [0] * (nodes - len(tree[name])) for tree in trees])

        return cls(
            features=tuple(data["features"]),
            initial=data["initial"],
            depth=data["depth"],
            feature=padded("feature").astype(np.int64),
            threshold=padded("threshold").astype(np.float64),
            left=padded("left").astype(np.int64),
            right=padded("right").astype(np.int64),
            value=padded("value").astype(np.float64),
        )

    def predict(self, rows: Floats) -> Floats:
        """Predictions for rows of shape (n, features), shape (n,)."""
        trees = np.arange(len(self.feature))[None, :]
        node = np.zeros((len(rows), len(self.feature)), np.int64)
        each = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            smaller = rows[each, self.feature[trees, node]] <= self.threshold[trees, node]
            node = np.where(smaller, self.left[trees, node], self.right[trees, node])
        # Added up tree by tree: the sum does not hang on how many rows are predicted together.
        total: Floats = self.initial + self.value[trees, node].cumsum(axis=1)[:, -1]
        return total


@dataclass(frozen=True)
class Logistic:
    """A logistic regression: 1 / (1 + exp(−(intercept + Σ coefficient · feature)))."""

    intercept: float
    coefficients: tuple[tuple[str, float], ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Logistic":
        return cls(data["intercept"], tuple(data["coefficients"].items()))

    def predict(self, values: Mapping[str, float]) -> float:
        """The probability, 0..1, for one row of named features."""
        score = self.intercept
        for name, coefficient in self.coefficients:
            score += coefficient * values[name]
        return float(1.0 / (1.0 + np.exp(-np.clip(score, -50.0, 50.0))))


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
        for upper, *shares in self.confidence:
            if predicted <= upper:
                return shares[0], shares[1], shares[2]
        shares = list(self.confidence[-1][1:])
        return shares[0], shares[1], shares[2]


@cache
def default_model() -> MarkingModel:
    """The model shipped with the package, read once a process."""
    return MarkingModel.from_json(json.loads((shipped_data() / "model" / "credit.json").read_text("utf-8")))


def ramp(value: float, start: float, end: float) -> float:
    """0 up to `start`, 1 from `end`, a straight line between."""
    return min(1.0, max(0.0, (value - start) / (end - start)))


def named(names: Sequence[str], values: Floats) -> dict[str, float]:
    return dict(zip(names, values.tolist(), strict=True))
