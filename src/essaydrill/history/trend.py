"""What a row of attempts says about progress. All shares are scores divided by full marks, 0..1."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from essaydrill.history.store import Attempt

_BARS = "▁▂▃▄▅▆▇█"
WINDOW = 5


@dataclass(frozen=True)
class Trend:
    """Mean share of the last WINDOW attempts, and of the WINDOW before them if there are any."""

    recent: float
    before: float | None


@dataclass(frozen=True)
class Mean:
    """How many attempts, and their mean share."""

    count: int
    share: float


def sparkline(shares: Sequence[float]) -> str:
    """One block per share, in order: ▁ for 0 … █ for full marks."""
    return "".join(_BARS[min(len(_BARS) - 1, max(0, int(share * len(_BARS))))] for share in shares)


def trend(attempts: Sequence[Attempt]) -> Trend:
    """The trend of a non-empty sequence of attempts, newest first."""
    shares = [attempt.share for attempt in attempts]
    recent, before = shares[:WINDOW], shares[WINDOW : 2 * WINDOW]
    return Trend(_mean(recent), _mean(before) if before else None)


def kind_means(attempts: Sequence[Attempt]) -> dict[str, Mean]:
    """Per kind of prompt: the number of attempts and their mean share, most practised kind first."""
    shares: dict[str, list[float]] = defaultdict(list)
    for attempt in attempts:
        shares[attempt.kind].append(attempt.share)
    ranked = sorted(shares.items(), key=lambda pair: -len(pair[1]))
    return {kind: Mean(len(values), _mean(values)) for kind, values in ranked}


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares)
