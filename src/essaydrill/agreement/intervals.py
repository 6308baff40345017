"""Bootstrap intervals of the agreement figures (Efron & Tibshirani 1993, percentile method).

Whole questions are drawn with replacement where there are at least five, since answers to one question stand and fall
together; else single answers. The draws are the same in every run.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWS = 1000
FEWEST_QUESTIONS = 5
LEVEL = 0.95
_FEWEST_ANSWERS = 3


def bootstrap(
    machine: Floats, human: Floats, steps_apart: Floats, questions: NDArray[np.str_]
) -> dict[str, tuple[float, float]]:
    """95 % intervals of smd, exact, adjacent, qwk, pearson and mae; empty for fewer than three answers.

    `machine` and `human` are shares of the full mark, `steps_apart` the distance of the rounded marks in steps, each of
    shape (n,), as is `questions`, the name of each answer's question.
    """
    n = len(machine)
    if n < _FEWEST_ANSWERS:
        return {}
    counts = _draws(questions)  # (draws, n) how often each answer was drawn
    values = np.stack(
        [
            np.ones(n),
            machine,
            human,
            machine**2,
            human**2,
            machine * human,
            np.abs(machine - human),
            (steps_apart == 0).astype(np.float64),
            (steps_apart <= 1).astype(np.float64),
        ],
        axis=1,
    )
    sums = counts @ values
    size = sums[:, 0]
    mean_m, mean_h, square_m, square_h, product, distance, exact, adjacent = (sums[:, 1:] / size[:, None]).T
    var_m, var_h = np.maximum(square_m - mean_m**2, 0), np.maximum(square_h - mean_h**2, 0)
    covariance, difference = product - mean_m * mean_h, mean_m - mean_h
    with np.errstate(divide="ignore", invalid="ignore"):
        figures = {
            "smd": difference / np.sqrt(var_h * size / (size - 1)),
            "exact": exact,
            "adjacent": adjacent,
            "qwk": 2 * covariance / (var_m + var_h + difference**2),
            "pearson": covariance / np.sqrt(var_m * var_h),
            "mae": distance,
        }
    return {name: interval for name, drawn in figures.items() if (interval := _percentiles(drawn))}


def _draws(questions: NDArray[np.str_]) -> Floats:
    random = np.random.default_rng(0)
    names, place = np.unique(questions, return_inverse=True)
    if len(names) >= FEWEST_QUESTIONS:
        drawn = random.multinomial(len(names), np.full(len(names), 1 / len(names)), DRAWS)
        return drawn[:, place].astype(np.float64)
    n = len(questions)
    return random.multinomial(n, np.full(n, 1 / n), DRAWS).astype(np.float64)


def _percentiles(drawn: Floats) -> tuple[float, float] | None:
    """None where more than a tenth of the draws have no figure, as when the marks of few answers never vary."""
    known = drawn[np.isfinite(drawn)]
    if len(known) < 0.9 * len(drawn):
        return None
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return round(float(low), 4), round(float(high), 4)
