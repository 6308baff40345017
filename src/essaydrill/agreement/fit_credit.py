"""The credit of a point: boosted trees over the point's features, learnt from marked points."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from essaydrill.agreement.table import Floats, Mask, Table
from essaydrill.scoring.features import POINT_FEATURES

LOW, HIGH = 0.35, 0.65  # chosen by cross-validation among pairs from 0.25/0.6 to 0.35/0.7
# Answers to real papers count in full. Specimens were written to be extreme (all in other words, style against level),
# drills to be dangerous and marked by their own writers, withheld references say little of how candidates write.
WORTH = {"marked": 1.0, "specimen": 0.3, "drill": 0.1, "reference": 0.3}
REVERSED_WEIGHT = 0.6  # points of reversed answers beside those of honest ones
FRAGMENT_WEIGHT = 0.1
STRANGER_WEIGHT = 0.0075

# More evidence for a point never lowers its credit, and more against it never raises it.
RISING = frozenset(
    (
        "text", "keywords", "keyword_min", "keyword_max", "precision", "passage_max", "passage_mean", "bits", "total",
        "margin", "whole_text", "whole_keywords", "sense", "sense_best", "sense_any", "share_best", "share", "joint",
        "joint_margin", "ngrams", "others_mean", "others_median", "joint_others",
    )
)  # fmt: skip
FALLING = frozenset(("rank", "copied", "negation", "reversal", "restriction", "fine", "opposed"))


def new_boosting(monotonic: Sequence[int]) -> HistGradientBoostingRegressor:
    """Small trees with monotonic constraints (1 rising, −1 falling, 0 free), the same in every run."""
    return HistGradientBoostingRegressor(
        max_iter=150,
        learning_rate=0.06,
        max_leaf_nodes=8,
        min_samples_leaf=20,
        l2_regularization=1.0,
        monotonic_cst=list(monotonic),
        early_stopping=False,
        random_state=0,
    )


def fit_credit(
    table: Table, chosen: Mask, features: Sequence[str] = POINT_FEATURES, reversed_weight: float = REVERSED_WEIGHT
) -> HistGradientBoostingRegressor:
    """Learn from the `chosen` answers, shape (n,), and from what was made of them."""
    columns = [POINT_FEATURES.index(name) for name in features]
    worth = np.array([WORTH[answer.source] for answer in table.answers])
    worth = worth * np.where(table.honest, 1.0, np.where(table.flaws == "reversed", reversed_weight, 0.0))
    worth = np.where(chosen, worth, 0.0)
    strange = np.isin(table.stranger_questions, table.questions[chosen])
    rows = np.vstack([table.point_rows, table.fragment_rows, table.stranger_rows])
    credits = np.concatenate([table.credits, table.fragment_credits, np.zeros(len(strange))])
    weights = np.concatenate(
        [worth[table.owner], worth[table.fragment_owner] * FRAGMENT_WEIGHT, np.where(strange, STRANGER_WEIGHT, 0.0)]
    )
    used = weights > 0
    monotonic = [int(name in RISING) - int(name in FALLING) for name in features]
    return new_boosting(monotonic).fit(rows[used][:, columns], credits[used], sample_weight=weights[used])


def decide(predicted: Floats) -> Floats:
    """Hit, partial, missed as 1, 0.5, 0."""
    decided: Floats = np.where(predicted >= HIGH, 1.0, np.where(predicted >= LOW, 0.5, 0.0))
    return decided


def export_boosting(model: HistGradientBoostingRegressor, features: Sequence[str]) -> dict[str, Any]:
    """The trees as plain numbers; a leaf points to itself."""
    trees = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        here = np.arange(len(nodes))
        trees.append(
            {
                "feature": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
                "threshold": [round(float(t), 7) for t in np.where(leaf, 0, nodes["num_threshold"])],
                "left": np.where(leaf, here, nodes["left"]).tolist(),
                "right": np.where(leaf, here, nodes["right"]).tolist(),
                "value": [round(float(value), 8) for value in np.where(leaf, nodes["value"], 0)],
            }
        )
    return {
        "features": list(features),
        "initial": float(np.ravel(model._baseline_prediction)[0]),
        "trees": trees,
    }
