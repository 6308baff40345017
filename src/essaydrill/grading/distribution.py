"""How marks spread, and how they agree with a person's."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_BARS = 10
_MOST_PAIRS = 1000


@dataclass(frozen=True)
class Bar:
    """How many values lie in [low, high); the last bar has its upper end too."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Distribution:
    """`sd` is of the class as a whole (divided by n); quartiles and median are values that occur (nearest rank)."""

    n: int
    mean: float
    sd: float
    low: float
    quartile: float
    median: float
    upper_quartile: float
    high: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Agreement:
    """Machine against person on the scripts that have a person's mark; differences in marks, machine − person.

    `adjacent` is the share within a tenth of the range that the marks of both span; `pairs` are the commonest (machine,
    person) marks with how many scripts have them.
    """

    n: int
    mean_machine: float
    mean_human: float
    mae: float
    qwk: float
    pearson: float
    adjacent: float
    pairs: tuple[tuple[float, float, int], ...]


def distribution_of(values: Counter[float], top: float) -> Distribution | None:
    """Of values with their counts, in ten bars from 0 to `top`; None without values."""
    n = values.total()
    if not n:
        return None
    ordered = sorted(values.items())
    mean = math.fsum(value * count for value, count in ordered) / n
    sd = math.sqrt(math.fsum(count * (value - mean) ** 2 for value, count in ordered) / n)
    quartile, median, upper = (_rank(ordered, math.ceil(n * share)) for share in (0.25, 0.5, 0.75))
    return Distribution(n, mean, sd, ordered[0][0], quartile, median, upper, ordered[-1][0], _bars(ordered, top or 1.0))


def agreement_of(pairs: Sequence[tuple[float, float]]) -> Agreement | None:
    """Of (machine, person) marks; None without any."""
    if not pairs:
        return None
    from essaydrill.agreement.metrics import mae, pearson, qwk

    machine = [pair[0] for pair in pairs]
    human = [pair[1] for pair in pairs]
    reach = 0.1 * (max(machine + human) - min(machine + human))
    return Agreement(
        n=len(pairs),
        mean_machine=math.fsum(machine) / len(pairs),
        mean_human=math.fsum(human) / len(pairs),
        mae=mae(machine, human),
        qwk=qwk(machine, human),
        pearson=pearson(machine, human),
        adjacent=sum(abs(m - h) <= reach for m, h in pairs) / len(pairs),
        pairs=tuple((m, h, count) for (m, h), count in Counter(pairs).most_common(_MOST_PAIRS)),
    )


def _rank(ordered: Sequence[tuple[float, int]], rank: int) -> float:
    seen = 0
    for value, count in ordered:
        seen += count
        if seen >= rank:
            return value
    return ordered[-1][0]


def _bars(ordered: Sequence[tuple[float, int]], top: float) -> tuple[Bar, ...]:
    counts = [0] * _BARS
    for value, count in ordered:
        counts[min(_BARS - 1, int(value / top * _BARS))] += count
    return tuple(Bar(top * n / _BARS, top * (n + 1) / _BARS, count) for n, count in enumerate(counts))
