"""When a missed scoring point is asked again: FSRS on whole days, as pure functions of what happened.

A point that an attempt misses, half hits, or hits only with a hint becomes a card; that attempt is the card's first
meeting, every later attempt at the prompt and every review is another one. Nothing is drawn by lot, so the log of
attempts and reviews always gives the same cards.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

from essaydrill.errors import StoreError
from essaydrill.history import Attempt, Card, CardKey, Review
from essaydrill.scoring.result import Status

if TYPE_CHECKING:
    import fsrs

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
RATINGS: Mapping[Status, int] = {"missed": AGAIN, "partial": HARD, "hit": GOOD}

# A card comes back when it is remembered with this probability.
TARGET_RETENTION = 0.9
# The weights of FSRS-6 that py-fsrs 6.3 ships, fitted by its authors on the reviews of many learners. They stand here
# so that an update of the package does not move anybody's cards.
PARAMETERS = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483,
    0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
# An interval beyond this is of no use to a candidate: an exam comes round every year.
LONGEST_DAYS = 365
RULES = "fsrs-6.3:1"
"""Names all of the above; cards that were made by other rules are made anew."""

# A day of study ends at four in the morning, when even the late have gone to bed.
_DAY_BEGINS = timedelta(hours=4)


def study_day(moment: datetime) -> date:
    """The learner's calendar day of a moment, in the time zone of this machine."""
    return (moment.astimezone() - _DAY_BEGINS).date()


def first_meeting(rating: int, day: date, *, prompt: str, point: str, topic: str, kind: str, text: str) -> Card:
    """The card of a point that an attempt on `day` did not hit."""
    new = _scheduler().review_card(_fsrs_card(), _rating(rating), _midnight(day))[0]
    stability, difficulty = _memory(new)
    return Card(
        prompt=prompt,
        point=point,
        topic=topic,
        kind=kind,
        text=text,
        made_on=day,
        stability=stability,
        difficulty=difficulty,
        due=new.due.date(),
        reviewed_on=day,
        rating=rating,
    )


def meet_again(card: Card, rating: int, day: date) -> Card:
    """The card after it was answered with `rating` on `day`. A day before its last one counts as that day."""
    day = max(day, card.reviewed_on)
    after = _scheduler().review_card(_fsrs_card(card), _rating(rating), _midnight(day))[0]
    stability, difficulty = _memory(after)
    return replace(
        card,
        stability=stability,
        difficulty=difficulty,
        due=after.due.date(),
        reviewed_on=day,
        rating=rating,
        times_that_day=card.times_that_day + 1 if day == card.reviewed_on else 1,
        reviews=card.reviews + 1,
        lapses=card.lapses + (rating == AGAIN),
    )


def review(card: Card, answer: str, judged: Status, rating: int, at: datetime, seconds: float) -> tuple[Card, Review]:
    """The card after a review, and the log's entry of it."""
    entry = Review(card.prompt, card.point, at.astimezone(UTC), round(seconds), answer, judged, rating)
    return meet_again(card, rating, study_day(at)), entry


def replay(attempts: Iterable[Attempt], reviews: Iterable[Review]) -> dict[CardKey, Card]:
    """All cards as they follow from everything that happened, in any order; results nobody can read are passed over."""
    cards: dict[CardKey, Card] = {}
    events: list[tuple[datetime, str, Attempt | Review]] = []
    events += [(attempt.finished_at, f"0 {attempt.answer}", attempt) for attempt in attempts]
    events += [(review.reviewed_at, f"1 {review.uid}", review) for review in reviews]
    for at, _, event in sorted(events, key=lambda event: event[:2]):
        if isinstance(event, Attempt):
            _meet_in_attempt(cards, event)
        elif card := cards.get(event.key):
            cards[event.key] = meet_again(card, event.rating, study_day(at))
    return dict(sorted(cards.items()))


def _meet_in_attempt(cards: dict[CardKey, Card], attempt: Attempt) -> None:
    try:
        points = attempt.result().points
    except StoreError:
        return
    day = study_day(attempt.finished_at)
    helped = {step.partition(":")[2] for step in attempt.help}
    for point in points:
        key, rating = (attempt.prompt, point.id), RATINGS[point.status]
        if point.id in helped:
            rating = min(rating, HARD)  # found with a hint is not remembered
        if key in cards:
            cards[key] = replace(meet_again(cards[key], rating, day), text=point.text)
        elif rating != GOOD:
            cards[key] = first_meeting(
                rating,
                day,
                prompt=attempt.prompt,
                point=point.id,
                topic=attempt.topic,
                kind=attempt.kind,
                text=point.text,
            )


def retention(card: Card, day: date) -> float:
    """The probability, 0..1, that the point is remembered on `day`."""
    return _scheduler().get_card_retrievability(_fsrs_card(card), _midnight(day))


def is_due(card: Card, day: date) -> bool:
    """Whether the card is to be asked on `day`: its day has come, or it was forgotten today and not asked since."""
    once_today = card.reviewed_on == day and card.times_that_day == 1
    return card.due <= day or (once_today and card.rating == AGAIN and card.reviews > 1)


def queue(cards: Iterable[Card], day: date) -> list[Card]:
    """The cards of a day in the order of asking: longest due first, one prompt after the other, repeats at the end."""
    due = (card for card in cards if is_due(card, day))
    return sorted(due, key=lambda card: (card.reviewed_on == day, card.due, card.prompt, card.point))


def forecast(cards: Iterable[Card], day: date, days: int) -> list[int]:
    """How many cards are due on `day` and each of the days after it, if every one is remembered when it is asked."""
    counts = [0] * days
    for card in cards:
        if is_due(card, day) and card.due > day:  # forgotten today: to be asked once more
            counts[0] += 1
        while (ahead := max(0, (card.due - day).days)) < days:
            counts[ahead] += 1
            card = meet_again(card, GOOD, max(card.due, day))
    return counts


@cache
def _scheduler() -> "fsrs.Scheduler":
    from fsrs import Scheduler

    # Without steps of minutes: a day is what a commuter has. Without fuzz: the log must give the same cards again.
    return Scheduler(PARAMETERS, TARGET_RETENTION, (), (), LONGEST_DAYS, enable_fuzzing=False)


def _fsrs_card(card: Card | None = None) -> "fsrs.Card":
    import fsrs

    if card is None:
        return fsrs.Card(card_id=0, due=_midnight(date.min))
    return fsrs.Card(
        card_id=0,
        state=fsrs.State.Review,
        stability=card.stability,
        difficulty=card.difficulty,
        due=_midnight(card.due),
        last_review=_midnight(card.reviewed_on),
    )


def _rating(rating: int) -> "fsrs.Rating":
    from fsrs import Rating

    return Rating(rating)


def _memory(card: "fsrs.Card") -> tuple[float, float]:
    assert card.stability is not None
    assert card.difficulty is not None
    return card.stability, card.difficulty


def _midnight(day: date) -> datetime:
    # FSRS counts whole days between two moments; given midnights it counts days of the calendar.
    return datetime.combine(day, time(), UTC)
