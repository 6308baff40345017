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


def smd(machine: ArrayLike, human: ArrayLike) -> float | None:
    """Standardised mean difference (mean M − mean H) / SD H with the sample SD (RSMTool, "unpooled").

    None where H never varies.
    """
    m, h = _pair(machine, human)
    spread = _sample_sd(h)
    return float((m.mean() - h.mean()) / spread) if spread else None


def smd_pooled(second: ArrayLike, first: ArrayLike) -> float | None:
    """The same between two people: the denominator is √((SD₁² + SD₂²) / 2) (RSMTool, "pooled")."""
    b, a = _pair(second, first)
    spread = float(np.sqrt((_sample_sd(a) ** 2 + _sample_sd(b) ** 2) / 2))
    return float((b.mean() - a.mean()) / spread) if spread else None


def exact_agreement(machine: ArrayLike, human: ArrayLike) -> float:
    """Share of equal marks, both in whole steps of the scale."""
    m, h = _pair(machine, human)
    return float((m == h).mean())


def adjacent_agreement(machine: ArrayLike, human: ArrayLike) -> float:
    """Share of marks at most one step apart, both in whole steps of the scale."""
    m, h = _pair(machine, human)
    return float((np.abs(m - h) <= 1).mean())


def kappa(machine: ArrayLike, human: ArrayLike) -> float | None:
    """Cohen's kappa, unweighted, over whole steps of the scale; None where chance alone agrees fully."""
    m, h = _pair(machine, human)
    categories = np.union1d(m, h)
    by_chance = sum(float((m == c).mean() * (h == c).mean()) for c in categories)
    return None if by_chance >= 1 else float(((m == h).mean() - by_chance) / (1 - by_chance))


def _sample_sd(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else 0.0


def _pair(machine: ArrayLike, human: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    m, h = np.asarray(machine, np.float64), np.asarray(human, np.float64)
    if m.shape != h.shape or m.size == 0:
        raise ValueError("machine and human marks must be two lists of the same length, not empty")
    return m, h
