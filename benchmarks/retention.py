"""A simulated year of a learner who forgets as FSRS's own model says: does the loop hold what was missed?

python benchmarks/retention.py [--learners 5]   prints the tables of docs/study-loop.md

Three times a week the learner sits a new prompt of eight scoring points and misses more than half of them; every day
she reviews what is due, up to a limit. A point is remembered with the probability that the model gives for the days
since it was last met. The cards are moved by the functions that `essaydrill review` uses, on a clock of the simulation.
"""

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from statistics import mean

from essaydrill.history import Card, CardKey
from essaydrill.practice.cards import AGAIN, GOOD, HARD, first_meeting, meet_again, queue, retention

FIRST_DAY = date(2026, 3, 2)
DAYS = 365
POINTS = 8
SITTINGS = (0, 2, 5)  # Monday, Wednesday, Saturday
MISSED, HALF = 0.45, 0.15
SECONDS_PER_REVIEW = 30


@dataclass(frozen=True)
class Learner:
    """`limit` cards at most on a day of review; `reviews_on` tells the days of review; days of forgetting pass `speed`
    times as fast as the scheduler believes; `order` ranks the cards of a day in another way than `queue` does."""

    name: str
    limit: int = 40
    reviews_on: Callable[[date], bool] = lambda _: True
    speed: float = 1.0
    order: Callable[[Card, date], float] | None = None

    def queue(self, cards: Iterable[Card], day: date) -> list[Card]:
        due, order = queue(cards, day), self.order
        return due if order is None else sorted(due, key=lambda card: (card.reviewed_on == day, order(card, day)))


@dataclass
class Year:
    """What happened: the cards at the end, whether each review of a new day succeeded, how long due cards waited."""

    cards: dict[CardKey, Card] = field(default_factory=dict)
    first_recalls: list[bool] = field(default_factory=list)
    later_recalls: list[bool] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)
    reviews_per_day: list[int] = field(default_factory=list)


def live(learner: Learner, seed: int, days: int = DAYS) -> Year:
    """One learner's year; the same seed gives the same year."""
    rng, year = Random(seed), Year()
    for day in (FIRST_DAY + timedelta(days=n) for n in range(days)):
        if day.weekday() in SITTINGS:
            _sit(year, day, rng)
        year.reviews_per_day.append(_review(year, learner, day, rng) if learner.reviews_on(day) else 0)
    return year


def _sit(year: Year, day: date, rng: Random) -> None:
    for number in range(POINTS):
        drawn = rng.random()
        if drawn < MISSED + HALF:
            rating, point = AGAIN if drawn < MISSED else HARD, f"p{number}"
            card = first_meeting(rating, day, prompt=f"{day:%m%d}", point=point, topic="", kind="summary", text="")
            year.cards[card.key] = card


def _review(year: Year, learner: Learner, day: date, rng: Random) -> int:
    done = 0
    while done < learner.limit and (due := learner.queue(year.cards.values(), day)):
        for card in due[: learner.limit - done]:
            elapsed = round((day - card.reviewed_on).days * learner.speed)
            remembered = rng.random() < retention(card, card.reviewed_on + timedelta(days=elapsed))
            if card.reviewed_on != day:  # a repeat of the same day proves nothing
                (year.later_recalls if card.reviews > 1 else year.first_recalls).append(remembered)
                year.waits.append((day - card.due).days)
            year.cards[card.key] = meet_again(card, GOOD if remembered else AGAIN, day)
            done += 1
    return done


def held(year: Year, day: date, speed: float = 1.0) -> float:
    """The mean probability, 0..1, that a missed point is remembered on `day`."""
    return mean(
        retention(card, card.reviewed_on + timedelta(days=round((day - card.reviewed_on).days * speed)))
        for card in year.cards.values()
    )


def covered(year: Year, day: date) -> float:
    """The share of the cards that were due before `day` and have been reviewed."""
    due = [card for card in year.cards.values() if card.reviews > 1 or card.due < day]
    return mean(card.reviews > 1 for card in due)


LEARNERS = (
    Learner("reviews every day"),
    Learner("reviews Monday to Friday", reviews_on=lambda day: day.weekday() < 5),
    Learner("at most 10 cards a day", limit=10),
    Learner("forgets twice as fast", speed=2.0),
    Learner("never reviews", reviews_on=lambda _: False),
)
# Too little time for what is due: which cards first?
ORDERS = (
    Learner("longest due first (`queue`)", limit=10),
    Learner("least likely to be recalled first", limit=10, order=retention),
    Learner("most likely to be recalled first", limit=10, order=lambda card, day: -retention(card, day)),
    Learner("most overdue for its stability first", limit=10, order=lambda c, day: (c.due - day).days / c.stability),
    Learner("most stable first", limit=10, order=lambda card, _: -card.stability),
    Learner("latest due first", limit=10, order=lambda card, day: (day - card.due).days),
)


def table(learners: Sequence[Learner], seeds: range) -> list[str]:
    """The Markdown table of the figures, means over the seeds."""
    head = ("learner", "points missed", "reviewed", "recalled: 1st / later", "held at the end", "wait", "reviews a day")
    rows = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    last = FIRST_DAY + timedelta(days=DAYS - 1)
    for learner in learners:
        years = [live(learner, seed) for seed in seeds]
        first = [recall for year in years for recall in year.first_recalls]
        later = [recall for year in years for recall in year.later_recalls]
        waits = [max(year.waits, default=0) for year in years]
        perday = [count for year in years for count in year.reviews_per_day]
        minutes = mean(perday) * SECONDS_PER_REVIEW / 60
        cells = (
            learner.name,
            f"{mean(len(year.cards) for year in years):.0f}",
            f"{mean(covered(year, last) for year in years):.1%}",
            f"{mean(first):.1%} / {mean(later):.1%}" if later else "–",
            f"{mean(held(year, last, learner.speed) for year in years):.1%}",
            f"{max(waits)} d" if later else "–",
            f"{mean(perday):.1f} ({minutes:.0f} min), at most {max(perday)}",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=5, help="simulated learners per row (seeds 0, 1, …)")
    seeds = range(parser.parse_args().learners)
    print("\n".join([*table(LEARNERS, seeds), "", *table(ORDERS, seeds)]))


if __name__ == "__main__":
    main()
