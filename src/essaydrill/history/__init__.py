"""The attempts of one person: kept for good, and what they say about progress."""

from essaydrill.history.store import Attempt, History
from essaydrill.history.trend import Trend, kind_means, sparkline, trend

__all__ = ["Attempt", "History", "Trend", "kind_means", "sparkline", "trend"]
