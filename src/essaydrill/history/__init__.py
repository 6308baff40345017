"""The attempts and reviews of one person: kept for good, and what they say about progress."""

from essaydrill.history.reviews import Card, CardKey, Review, ReviewLog
from essaydrill.history.store import Attempt, History
from essaydrill.history.trend import Trend, kind_means, sparkline, trend

__all__ = ["Attempt", "Card", "CardKey", "History", "Review", "ReviewLog", "Trend", "kind_means", "sparkline", "trend"]
