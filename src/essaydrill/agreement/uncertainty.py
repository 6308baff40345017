"""How sure a predicted credit is, and the range around a total that holds a marker's mark."""

import numpy as np

from essaydrill.agreement.crossed import Prediction, folds
from essaydrill.agreement.table import Floats, Mask, Table

INTERVAL_BASE = 0.1
INTERVAL_LEVEL = 0.78  # the range is rounded outwards to half marks, which makes it hold some more


def confidence_table(table: Table, predicted: Floats, chosen: Mask | None = None) -> list[list[float]]:
    """How often a prediction of this size was missed / partial / hit, on questions left out; add-one smoothed."""
    mask = (table.honest if chosen is None else table.honest & chosen)[table.owner]
    values, credits = predicted[mask], table.credits[mask]
    rows = []
    edges = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    for lower, upper in zip([-1.0, *edges[:-1]], edges, strict=True):
        inside = credits[(values > lower) & (values <= upper)]
        counts = [1 + (inside == credit).sum() for credit in (0.0, 0.5, 1.0)]
        rows.append([upper, *(round(float(count / sum(counts)), 3) for count in counts)])
    return rows


def interval_scale(table: Table, predicted: Prediction, rows: list[list[float]], chosen: Mask | None = None) -> float:
    """Scale of the interval: half-width = scale · (base + judgements' factor · standard error of the content), all as
    shares of the full mark.

    Split-conformal with a normalised residual (Papadopoulos et al. 2002): a quantile of
    |machine − human| / (base + spread) over the `chosen` answers, whose questions were left out. Answers to real papers
    decide, where there are any: the others were written to be hard.
    """
    chosen = np.ones(len(table.answers), bool) if chosen is None else chosen
    real = chosen & np.array([answer.source == "marked" for answer in table.answers])
    counted = real if real.any() else chosen
    residuals = np.abs(predicted.totals - table.human) / widths(table, predicted, rows)
    return float(np.quantile(residuals[counted], INTERVAL_LEVEL))


def widths(table: Table, predicted: Prediction, rows: list[list[float]]) -> Floats:
    """Half of the range around each total before scaling, as a share of the full mark, shape (n,)."""
    bounds = np.array([row[0] for row in rows])
    shares = np.array([row[1:] for row in rows])[np.minimum(np.searchsorted(bounds, predicted.credits), len(rows) - 1)]
    mean = shares[:, 1] / 2 + shares[:, 2]
    variance = shares[:, 1] / 4 + shares[:, 2] - mean**2
    spread = np.sqrt(np.bincount(table.owner, table.marks**2 * variance, len(table.answers))) / table.full
    half: Floats = INTERVAL_BASE + spread * predicted.factor
    return half


def crossed_intervals(table: Table, predicted: Prediction) -> tuple[Floats, Floats]:
    """The range of every answer, 0..1, scaled by what other questions say; two of shape (n,)."""
    half = np.zeros(len(table.answers))
    for left_out in folds(table):
        rows = confidence_table(table, predicted.credits, ~left_out)
        scale = interval_scale(table, predicted, rows, ~left_out)
        half[left_out] = scale * widths(table, predicted, rows)[left_out]
    return np.maximum(predicted.totals - half, 0.0), np.minimum(predicted.totals + half, 1.0)
