"""The cards of a learner as they lie in the history file, brought up to date with what happened since."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime

from essaydrill.errors import StoreError
from essaydrill.history import Card, CardKey, History, Review, ReviewLog
from essaydrill.practice.cards import RULES, queue, replay, review, study_day
from essaydrill.scoring.result import Status


def load_cards(history: History) -> dict[CardKey, Card]:
    """All cards of the history, sorted by prompt and point. What is found out anew is kept where that is possible."""
    log = ReviewLog(history.database)
    cards = log.cards(RULES)
    if cards is None:
        lengths = log.lengths()
        cards = replay(history.attempts(), log.reviews())
        if any(lengths):
            with suppress(StoreError):  # a read-only folder: the next one finds it out again
                log.keep_cards(cards, lengths, RULES)
    return cards


class Deck:
    """The cards to be asked today. Every review is on disk before the next card is asked."""

    def __init__(
        self,
        history: History,
        *,
        topic: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`topic` (slug) leaves out the cards of other topics."""
        self._history = history
        self._log = ReviewLog(history.database)
        self._topic = topic
        self._now = now
        self._done: list[tuple[Card, Review]] = []
        self._cards = load_cards(history)

    @property
    def day(self) -> date:
        return study_day(self._now())

    @property
    def reviewed(self) -> int:
        """How many reviews were made here and not taken back."""
        return len(self._done)

    def due(self) -> list[Card]:
        """The cards still to be asked today, the next one first."""
        cards = (card for card in self._cards.values() if self._topic in (None, card.topic))
        return queue(cards, self.day)

    def upcoming(self) -> date | None:
        """The next day after today on which a card is due."""
        days = (card.due for card in self._cards.values() if self._topic in (None, card.topic) and card.due > self.day)
        return min(days, default=None)

    def answer(self, card: Card, text: str, judged: Status, rating: int, seconds: float) -> Card:
        """Put a review on disk; returns the card after it."""
        after, entry = review(card, text, judged, rating, self._now(), seconds)
        self._log.add(entry, after)
        self._cards[card.key] = after
        self._done.append((card, entry))
        return after

    def take_back(self) -> Card | None:
        """Undo the last review made here; returns its card as it was before, None where there is nothing to undo."""
        if not self._done:
            return None
        card, entry = self._done.pop()
        self._log.take_back(entry)
        self._cards = load_cards(self._history)
        return card
