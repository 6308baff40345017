"""What was asked again: the log of reviews, and the cards that follow from attempts and reviews."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import UTC, date, datetime
from typing import Literal, TypeAlias

from essaydrill.history.database import Database

CardKey: TypeAlias = tuple[str, str]
"""The ids of the prompt and of its scoring point."""


@dataclass(frozen=True)
class Review:
    """One scoring point answered from memory. `judged` is what the marking said, `rating` what counts: 1 forgotten,
    2 half, 3 remembered, 4 easy; it differs where the learner overruled the marking. The time is UTC."""

    prompt: str
    point: str
    reviewed_at: datetime
    seconds: int
    answer: str
    judged: Literal["hit", "partial", "missed"]
    rating: int

    @property
    def key(self) -> CardKey:
        return self.prompt, self.point

    @property
    def uid(self) -> str:
        """The same for the same review on every machine."""
        from hashlib import sha256

        return sha256("\0".join(map(str, _row(self))).encode("utf-8", "replace")).hexdigest()[:24]


@dataclass(frozen=True)
class Card:
    """A scoring point that was missed or half hit once, and what FSRS knows of how well it sits.

    `stability` is the number of days after which it is remembered with a probability of 0.9, `difficulty` 1..10, `due`
    the day on which it is to be asked again. `rating` is the last one, given on `reviewed_on`, when the card was met
    `times_that_day`. `reviews` counts all meetings in attempts and reviews, `lapses` those after the first at which it
    was forgotten.
    """

    prompt: str
    point: str
    topic: str
    kind: str
    text: str
    made_on: date
    stability: float
    difficulty: float
    due: date
    reviewed_on: date
    rating: int
    times_that_day: int = 1
    reviews: int = 1
    lapses: int = 0

    @property
    def key(self) -> CardKey:
        return self.prompt, self.point


_REVIEW = "prompt, point, reviewed_at, seconds, answer, judged, rating"
_CARD = ", ".join(field.name for field in fields(Card))
_DATES = [field.name in ("made_on", "due", "reviewed_on") for field in fields(Card)]
INSERT_REVIEW = f"INSERT OR IGNORE INTO reviews (uid, {_REVIEW}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_UNDONE = "INSERT OR IGNORE INTO undone (review) VALUES (?)"
_KEEP_CARD = f"INSERT OR REPLACE INTO cards ({_CARD}) VALUES ({', '.join('?' * len(fields(Card)))})"
_LENGTHS = "(SELECT COUNT(*) FROM attempts), (SELECT COUNT(*) FROM reviews), (SELECT COUNT(*) FROM undone)"


class ReviewLog:
    """The reviews in a history file: they are only ever added to. The cards are a copy of what follows from them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reviews(self, *, taken_back: bool = False) -> list[Review]:
        """The reviews that count, oldest first; with `taken_back` those that do not."""
        chosen = "IN" if taken_back else "NOT IN"
        sql = f"SELECT {_REVIEW} FROM reviews WHERE uid {chosen} (SELECT review FROM undone) ORDER BY reviewed_at, id"
        return [
            Review(prompt, point, datetime.fromisoformat(at), *rest)
            for prompt, point, at, *rest in self._database.read(sql)
        ]

    def add(self, review: Review, card: Card) -> None:
        """Append a review; `card` is the card after it."""
        with self._database.transaction() as connection:
            connection.execute(INSERT_REVIEW, review_row(review))
            connection.execute(_KEEP_CARD, _card_row(card))
            connection.execute("UPDATE replayed SET reviews = reviews + 1")

    def take_back(self, review: Review) -> None:
        """Let a review count no more. The cards are to be made anew."""
        with self._database.transaction() as connection:
            connection.execute(INSERT_UNDONE, (review.uid,))

    def cards(self, rules: str) -> dict[CardKey, Card] | None:
        """The cards as kept; None where the log has grown since, or they were made by other `rules`."""
        fresh = self._database.read(
            f"SELECT 1 FROM replayed WHERE (attempts, reviews, undone) = ({_LENGTHS}) AND rules = ?", (rules,)
        )
        if not fresh:
            return None
        cards = (_card(row) for row in self._database.read(f"SELECT {_CARD} FROM cards ORDER BY prompt, point"))
        return {card.key: card for card in cards}

    def lengths(self) -> tuple[int, int, int]:
        """How many attempts, reviews and reviews taken back there are."""
        rows = self._database.read(f"SELECT {_LENGTHS}")
        return tuple(rows[0]) if rows else (0, 0, 0)

    def keep_cards(self, cards: Mapping[CardKey, Card], lengths: tuple[int, int, int], rules: str) -> None:
        """Put the cards that were made from a log of these `lengths` in the place of those kept before."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM cards")
            connection.execute("DELETE FROM replayed")
            connection.executemany(_KEEP_CARD, map(_card_row, cards.values()))
            connection.execute("INSERT INTO replayed VALUES (?, ?, ?, ?)", (*lengths, rules))


def review_row(review: Review) -> tuple[str | int, ...]:
    """The values of `INSERT_REVIEW`."""
    return review.uid, *_row(review)


def _row(review: Review) -> tuple[str | int, ...]:
    at = review.reviewed_at.astimezone(UTC).isoformat(timespec="microseconds")
    answer = review.answer.encode("utf-8", "replace").decode()  # SQLite takes no lone surrogates
    return review.prompt, review.point, at, review.seconds, answer, review.judged, review.rating


def _card_row(card: Card) -> tuple[str | int | float, ...]:
    return tuple(value.isoformat() if isinstance(value, date) else value for value in astuple(card))


def _card(row: Iterable[str | int | float]) -> Card:
    values = (date.fromisoformat(str(v)) if is_date else v for v, is_date in zip(row, _DATES, strict=True))
    return Card(*values)  # type: ignore[arg-type]
