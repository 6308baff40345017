"""Measures of agreement between machine and human marks, as RSMTool defines them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def qwk(machine: ArrayLike, human: ArrayLike) -> float:
    """Quadratic weighted kappa in its continuous form: 2·Cov / (Var M + Var H + (mean M − mean H)²).

    Population variances (RSMTool, `quadratic_weighted_kappa` for continuous scores). 1 where both never vary and agree.
    """
    m, h = _pair(machine, human)
    spread = m.var() + h.var() + (m.mean() - h.mean()) ** 2
    return 1.0 if spread == 0 else float(2 * ((m - m.mean()) * (h - h.mean())).mean() / spread)


def mae(machine: ArrayLike, human: ArrayLike) -> float:
    """Mean absolute difference."""
    m, h = _pair(machine, human)
    return float(np.abs(m - h).mean())


def pearson(machine: ArrayLike, human: ArrayLike) -> float:
    """Pearson's r; 0 where one side never varies."""
    m, h = _pair(machine, human)
    spread = m.std() * h.std()
    return 0.0 if spread == 0 else float(((m - m.mean()) * (h - h.mean())).mean() / spread)


def _pair(machine: ArrayLike, human: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    m, h = np.asarray(machine, np.float64), np.asarray(human, np.float64)
    if m.shape != h.shape or m.size == 0:
        raise ValueError("machine and human marks must be two lists of the same length, not empty")
    return m, h
