"""Which prompts and reviews on which day until the exam: from what is weak and what is due, always the same way."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import ceil
from statistics import mean
from typing import TYPE_CHECKING

from essaydrill.errors import StoreError
from essaydrill.history import Attempt, Card
from essaydrill.practice.cards import AGAIN, first_meeting, forecast, study_day

if TYPE_CHECKING:
    from essaydrill.bank import Entry

SECONDS_PER_REVIEW = 30
# Reviews may take this share of a day; the rest of a large pile waits, so that writing does not stop.
REVIEW_SHARE = 0.5
DEFAULT_MINUTES = 40  # of a prompt that suggests no time
SHORTEST_STINT = 15  # minutes; less is not worth opening a prompt for
# A prompt may overrun the day by this much before it is parted over two days.
OVERRUN = 0.25
EXPECTED_MISSES = 4  # cards that a prompt makes, as long as there is no attempt to tell better
# Once a prompt is planned, its topic and kind together, and its kind, are that much less urgent.
CELL_DAMPING, KIND_DAMPING = 0.6, 0.85
REPEAT_AFTER_DAYS = 60  # a prompt done that long ago is as good as new
_PRIOR_SHARE, _PRIOR_WEIGHT = 0.5, 2.0
_PLANNED_SHARE = 0.8  # what a planned attempt is assumed to reach


@dataclass(frozen=True)
class Task:
    """One stint at a prompt; a long prompt takes several `parts`, the last of which hands it in."""

    prompt: str
    minutes: int
    part: int = 1
    parts: int = 1

    @property
    def hands_in(self) -> bool:
        return self.part == self.parts


@dataclass(frozen=True)
class Day:
    """`reviews` is how many cards are expected to be reviewed, in `review_minutes`."""

    day: date
    reviews: int
    review_minutes: int
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A plan for every day from `made_on` to `until`, `minutes` a day."""

    made_on: date
    until: date
    minutes: int
    days: tuple[Day, ...]

    def on(self, day: date) -> Day | None:
        return next((each for each in self.days if each.day == day), None)


def make_plan(
    entries: Iterable["Entry"],
    attempts: Sequence[Attempt],
    cards: Iterable[Card],
    today: date,
    until: date,
    minutes: int,
    seconds_per_review: float = SECONDS_PER_REVIEW,
) -> Plan:
    """The plan from `today` to `until`, both included; the last day is for reviews alone.

    Reviews come first, as far as REVIEW_SHARE of a day goes. The rest goes to prompts, the one of most use first: of a
    kind and topic with low marks, not done before or not for long, and not the same kind day after day.
    """
    count = (until - today).days + 1
    due = [float(number) for number in forecast(cards, today, count)]
    desk = _Desk(list(entries), attempts, today)
    new_cards = _expected_misses(attempts)
    new_card = first_meeting(AGAIN, today, prompt="", point="", topic="", kind="", text="")
    asked_after = forecast([new_card], today, count)
    days, waiting = [], 0.0
    for n, day in enumerate(today + timedelta(days=k) for k in range(count)):
        last = n == count - 1
        waiting += due[n]
        room = minutes if last else minutes * REVIEW_SHARE
        reviews = min(round(waiting), int(room * 60 / seconds_per_review))
        waiting -= reviews
        review_minutes = ceil(reviews * seconds_per_review / 60)
        tasks = () if last else desk.fill(day, minutes - review_minutes)
        handed_in = sum(task.hands_in for task in tasks)
        for later, times in enumerate(asked_after[: count - n], n):
            due[later] += times * new_cards * handed_in
        days.append(Day(day, reviews, review_minutes, tasks))
    return Plan(today, until, minutes, tuple(_numbered(days)))


@dataclass
class _Desk:
    """The prompts while a plan is made: which is of most use next, and which is still unfinished."""

    entries: Sequence["Entry"]
    attempts: Sequence[Attempt]
    today: date
    unfinished: tuple[str, int] | None = None  # the prompt and the minutes that it still takes
    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.shares = _ExpectedShares(self.attempts)
        self.last_done: dict[str, tuple[date, float]] = {}
        for attempt in sorted(self.attempts, key=lambda each: each.finished_at):
            self.last_done[attempt.prompt] = study_day(attempt.finished_at), attempt.share

    def fill(self, day: date, minutes: int) -> tuple[Task, ...]:
        """The stints of a day. `parts` counts from here on and is put right when all days are known."""
        tasks: list[Task] = []
        while minutes >= SHORTEST_STINT:
            if self.unfinished is None:
                chosen = self._choose(day)
                if chosen is None or (tasks and chosen.needed > minutes * (1 + OVERRUN)):
                    break
                self._plan(chosen.entry, day)
                self.unfinished = chosen.entry.id, chosen.needed
            prompt, needed = self.unfinished
            stint = needed if needed <= minutes * (1 + OVERRUN) else minutes
            done = stint == needed
            tasks.append(Task(prompt, stint, 1, 1 if done else 2))
            self.unfinished = None if done else (prompt, needed - stint)
            minutes -= stint
        return tuple(tasks)

    def _choose(self, day: date) -> "_Candidate | None":
        candidates = [_Candidate(entry, self._use(entry, day)) for entry in self.entries]
        return max(candidates, key=_Candidate.rank, default=None)

    def _plan(self, entry: "Entry", day: date) -> None:
        self.cells[entry.topic, entry.kind] += 1
        self.kinds[entry.kind] += 1
        self.last_done[entry.id] = day, _PLANNED_SHARE

    def _use(self, entry: "Entry", day: date) -> float:
        """How much there is to gain from a prompt on `day`, 0..1."""
        planned = CELL_DAMPING ** self.cells[entry.topic, entry.kind] * KIND_DAMPING ** self.kinds[entry.kind]
        need = (1 - self.shares.of(entry.topic, entry.kind)) * planned
        if entry.id not in self.last_done:
            return need
        last, share = self.last_done[entry.id]
        return need * min(1.0, (day - last).days / REPEAT_AFTER_DAYS) * (1 - share)


@dataclass(frozen=True)
class _Candidate:
    entry: "Entry"
    use: float

    @property
    def needed(self) -> int:
        return self.entry.minutes or DEFAULT_MINUTES

    def rank(self) -> tuple[float, int, list[int]]:
        """The most useful first; of equals the easier one, then the one whose id comes first."""
        return round(self.use, 9), -self.entry.difficulty, [-ord(character) for character in self.entry.id]


class _ExpectedShares:
    """The expected share of the full mark for a topic and kind: its own mean, drawn to the kind's, drawn to a half."""

    def __init__(self, attempts: Sequence[Attempt]) -> None:
        self._kinds: dict[str, list[float]] = defaultdict(list)
        self._cells: dict[tuple[str, str], list[float]] = defaultdict(list)
        for attempt in attempts:
            self._kinds[attempt.kind].append(attempt.share)
            self._cells[attempt.topic, attempt.kind].append(attempt.share)

    def of(self, topic: str, kind: str) -> float:
        of_kind = _drawn(self._kinds.get(kind, []), _PRIOR_SHARE)
        return _drawn(self._cells.get((topic, kind), []), of_kind)


def _drawn(shares: Sequence[float], prior: float) -> float:
    return (sum(shares) + _PRIOR_WEIGHT * prior) / (len(shares) + _PRIOR_WEIGHT)


def _expected_misses(attempts: Sequence[Attempt]) -> float:
    """How many cards a prompt makes: the mean of the attempts so far."""
    missed = []
    for attempt in attempts:
        with suppress(StoreError):
            missed.append(sum(point.status != "hit" for point in attempt.result().points))
    return mean(missed) if missed else EXPECTED_MISSES


def _numbered(days: Sequence[Day]) -> Iterator[Day]:
    """The days with the parts of every prompt counted; stints at a prompt that no day hands in are left out."""
    prompts: list[list[Task]] = [[]]
    for task in (task for day in days for task in day.tasks):
        prompts[-1].append(task)
        if task.hands_in:
            prompts.append([])
    stints = [replace(task, part=n, parts=len(own)) for own in prompts[:-1] for n, task in enumerate(own, 1)]
    for day in days:
        own, stints = stints[: len(day.tasks)], stints[len(day.tasks) :]
        yield replace(day, tasks=tuple(own))


def open_tasks(plan: Plan, attempts: Iterable[Attempt], today: date) -> tuple[list[Task], list[Task]]:
    """What the plan had for the days before `today` and was not handed in, and what it has for today and is not yet."""
    handed_in = Counter(a.prompt for a in attempts if study_day(a.finished_at) >= plan.made_on)
    missed, left = [], []
    for day in (day for day in plan.days if day.day <= today):
        for task in day.tasks:
            done = handed_in[task.prompt] > 0
            if done and task.hands_in:
                handed_in[task.prompt] -= 1
            if not done and day.day == today:
                left.append(task)
            elif not done and task.hands_in:
                missed.append(task)
    return missed, left
