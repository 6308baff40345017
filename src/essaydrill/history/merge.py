"""What another machine recorded, taken over into this history: each attempt and review once, however often it comes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from essaydrill.history.reviews import INSERT_REVIEW, INSERT_UNDONE, Review, review_row
from essaydrill.history.store import INSERT_ATTEMPT, Attempt, History, attempt_row


@dataclass(frozen=True)
class Merged:
    """How many attempts and reviews were new."""

    attempts: int
    reviews: int


def merge(
    history: History, attempts: Iterable[Attempt], reviews: Iterable[Review], taken_back: Iterable[str]
) -> Merged:
    """Add what is not there yet, all of it or nothing; `taken_back` are the uids of reviews that count no more.

    An attempt is known by everything in it but its number and the layout of its result's JSON. Equal attempts are as
    many as the larger of both sides has.
    """
    known = Counter(map(_identity, history.attempts()))
    new = []
    for attempt in attempts:
        identity = _identity(attempt)
        if known[identity]:
            known[identity] -= 1
        else:
            new.append(attempt)
    new.sort(key=lambda attempt: attempt.finished_at)
    with history.database.transaction() as connection:
        connection.executemany(INSERT_ATTEMPT, map(attempt_row, new))
        before = connection.total_changes
        connection.executemany(INSERT_REVIEW, map(review_row, reviews))
        added = connection.total_changes - before
        connection.executemany(INSERT_UNDONE, ((uid,) for uid in taken_back))
    return Merged(len(new), added)


def _identity(attempt: Attempt) -> tuple[object, ...]:
    return attempt_row(replace(attempt, result_json=""))
