"""What a coach would tell from a learner's attempts and reviews. Everything is computed here and nothing is drawn.

All shares and rates are 0..1. A day is a day of study (see `cards.study_day`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, median
from typing import TYPE_CHECKING

from essaydrill.errors import StoreError
from essaydrill.history import Attempt, Card, Review
from essaydrill.history.trend import WINDOW, trend
from essaydrill.practice.cards import AGAIN, forecast, queue, study_day

if TYPE_CHECKING:
    from essaydrill.scoring import Result

SHOWN_SHARES = 30
FORECAST_DAYS = 14
RECENT_DAYS = 30
# Judgements of the whole answer that take the points' marks: what such an answer lost, it lost for that reason.
STRUCK = ("empty", "noise", "off_task", "copied_materials", "keyword_stuffing", "empty_talk", "reversed")


@dataclass(frozen=True)
class KindTrend:
    """The marks of one kind as shares of the full mark: the latest SHOWN_SHARES in order, the mean of the last WINDOW
    and of the WINDOW before them."""

    kind: str
    attempts: int
    shares: tuple[float, ...]
    recent: float
    before: float | None


@dataclass(frozen=True)
class Cell:
    """The share of the points' marks that were earned on a topic and kind, in the latest attempt at each prompt."""

    topic: str
    kind: str
    rate: float
    prompts: int


@dataclass(frozen=True)
class Habits:
    """How long writing takes and how long answers are. `pace` is the median of time taken / time suggested over the
    `timed` attempts for which both are known, `late` how many of them took longer; the rest counts attempts."""

    minutes: float | None
    timed: int
    pace: float | None
    late: int
    length_ok: int
    length_over: int
    length_under: int


@dataclass(frozen=True)
class Loss:
    """Where marks were lost: a share of all full marks taken together, and how many attempts lost some there.

    `cause` is missed, partial (points), presentation, length, cap (a fragment cannot earn more), or one of STRUCK.
    """

    cause: str
    share: float
    attempts: int


@dataclass(frozen=True)
class Memory:
    """The cards: how many, due today, due on each of the next FORECAST_DAYS days (today first, each remembered when it
    is asked), reviews in the last RECENT_DAYS days and the share of them that was not forgotten."""

    cards: int
    due: int
    forecast: tuple[int, ...]
    reviews: int
    recent_reviews: int
    recalled: float | None


@dataclass(frozen=True)
class Statistics:
    """`losses` are ordered, the dearest first; `streak` counts the days of practice in a row up to today or yesterday;
    `share` is the mean of all marks as shares of the full mark."""

    day: date
    attempts: int
    prompts: int
    days: int
    streak: int
    longest_streak: int
    share: float | None
    kinds: tuple[KindTrend, ...]
    cells: tuple[Cell, ...]
    habits: Habits
    losses: tuple[Loss, ...]
    memory: Memory


def compute(
    attempts: Sequence[Attempt],
    reviews: Sequence[Review],
    cards: Iterable[Card],
    minutes: Mapping[str, int | None],
    day: date,
) -> Statistics:
    """The statistics on `day` of attempts, newest first; `minutes` are the suggested times of prompts.

    A stored result that this version cannot read counts with its score and nothing else.
    """
    readable = [(attempt, result) for attempt in attempts if (result := _result(attempt))]
    days = {study_day(attempt.finished_at) for attempt in attempts} | {study_day(r.reviewed_at) for r in reviews}
    return Statistics(
        day=day,
        attempts=len(attempts),
        prompts=len({attempt.prompt for attempt in attempts}),
        days=len(days),
        streak=_streak(days, day),
        longest_streak=max((_streak(days, each) for each in days), default=0),
        share=mean(attempt.share for attempt in attempts) if attempts else None,
        kinds=tuple(_kinds(attempts)),
        cells=tuple(_cells(readable)),
        habits=_habits(readable, minutes),
        losses=tuple(_losses(readable)),
        memory=_memory(list(cards), reviews, day),
    )


def _result(attempt: Attempt) -> "Result | None":
    try:
        return attempt.result()
    except StoreError:
        return None


def _streak(days: set[date], last: date) -> int:
    """How many days in a row were practised up to `last`, or up to the day before it."""
    day = last if last in days else last - timedelta(days=1)
    length = 0
    while day in days:
        length += 1
        day -= timedelta(days=1)
    return length


def _kinds(attempts: Sequence[Attempt]) -> Iterable[KindTrend]:
    by_kind: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_kind[attempt.kind].append(attempt)
    for kind, own in sorted(by_kind.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        found = trend(own)
        shares = tuple(attempt.share for attempt in reversed(own[:SHOWN_SHARES]))
        yield KindTrend(kind, len(own), shares, found.recent, found.before)


def _cells(readable: Sequence[tuple[Attempt, "Result"]]) -> Iterable[Cell]:
    latest: dict[str, tuple[Attempt, Result]] = {}
    for attempt, result in readable:  # newest first
        latest.setdefault(attempt.prompt, (attempt, result))
    earned: dict[tuple[str, str], float] = defaultdict(float)
    possible: dict[tuple[str, str], float] = defaultdict(float)
    prompts: Counter[tuple[str, str]] = Counter()
    for attempt, result in latest.values():
        key = attempt.topic, attempt.kind
        earned[key] += sum(point.awarded for point in result.points)
        possible[key] += sum(point.marks for point in result.points)
        prompts[key] += 1
    for key in sorted(possible):
        if possible[key]:
            yield Cell(*key, earned[key] / possible[key], prompts[key])


def _habits(readable: Sequence[tuple[Attempt, "Result"]], minutes: Mapping[str, int | None]) -> Habits:
    taken = [attempt.seconds / 60 for attempt, _ in readable if attempt.seconds]
    paces = [
        attempt.seconds / 60 / suggested
        for attempt, _ in readable
        if attempt.seconds and (suggested := minutes.get(attempt.prompt))
    ]
    # A question left blank in an exam says nothing about how long answers are.
    lengths = Counter(result.length.status for attempt, result in readable if attempt.answer.strip())
    return Habits(
        minutes=median(taken) if taken else None,
        timed=len(paces),
        pace=median(paces) if paces else None,
        late=sum(pace > 1 for pace in paces),
        length_ok=lengths["ok"],
        length_over=lengths["over"],
        length_under=lengths["under"],
    )


def _losses(readable: Sequence[tuple[Attempt, "Result"]]) -> list[Loss]:
    full = sum(result.max_score for _, result in readable)
    marks: dict[str, float] = defaultdict(float)
    counts: Counter[str] = Counter()
    for _, result in readable:
        for cause, lost in lost_marks(result).items():
            marks[cause] += lost
            counts[cause] += 1
    ranked = sorted(marks, key=lambda cause: (-marks[cause], cause))
    return [Loss(cause, marks[cause] / full, counts[cause]) for cause in ranked]


def lost_marks(result: "Result") -> dict[str, float]:
    """The marks between the full mark and the score, by cause (see `Loss`); every value is positive."""
    points = {
        status: sum(point.marks - point.awarded for point in result.points if point.status == status)
        for status in ("missed", "partial")
    }
    codes = {flag.code for flag in result.flags}
    if reason := next((code for code in STRUCK if code in codes), None):
        points = {reason: sum(points.values())}
    lost = points | {"presentation": result.presentation.max - result.presentation.score}
    rest = result.max_score - result.score - sum(lost.values())
    # What is left is the deduction for length; beyond it a cap on the total. A total never falls below nothing.
    lost["length"] = min(rest, result.length.deduction)
    lost["cap"] = rest - lost["length"]
    return {cause: round(each, 4) for cause, each in lost.items() if each > 0.005}


def _memory(cards: Sequence[Card], reviews: Sequence[Review], day: date) -> Memory:
    recent = [review for review in reviews if study_day(review.reviewed_at) > day - timedelta(days=RECENT_DAYS)]
    return Memory(
        cards=len(cards),
        due=len(queue(cards, day)),
        forecast=tuple(forecast(cards, day, FORECAST_DAYS)),
        reviews=len(reviews),
        recent_reviews=len(recent),
        recalled=mean(review.rating != AGAIN for review in recent) if recent else None,
    )


__all__ = [
    "FORECAST_DAYS",
    "RECENT_DAYS",
    "STRUCK",
    "WINDOW",
    "Cell",
    "Habits",
    "KindTrend",
    "Loss",
    "Memory",
    "Statistics",
    "compute",
    "lost_marks",
]
