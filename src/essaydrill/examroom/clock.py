"""The time of a sitting: how much is spent, how much is left, how it is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Mood = Literal["calm", "soon", "over"]

_WARN_AT = (600, 300, 60)
"""Seconds before the end at which a warning is given."""


@dataclass(frozen=True)
class Clock:
    """`spent` gives the seconds spent so far, `limit` is how many there are (None: as many as one likes).

    `strict` clocks end the sitting; others only tell.
    """

    spent: Callable[[], float]
    limit: float | None
    strict: bool = False

    @property
    def left(self) -> float | None:
        return None if self.limit is None else self.limit - self.spent()

    @property
    def mood(self) -> Mood:
        if self.left is None or self.limit is None:
            return "calm"
        return "over" if self.left <= 0 else "soon" if self.left <= min(300, self.limit / 5) else "calm"

    @property
    def words(self) -> str:
        """The time as the head of the screen shows it."""
        if self.left is None:
            return f"已用 {minutes(self.spent())}"
        return f"还有 {minutes(self.left)}" if self.left > 0 else f"超时 {minutes(-self.left)}"

    def warning(self, before: float, now: float) -> str | None:
        """What to say when the time left went from `before` to `now` seconds, if anything."""
        passed = [at for at in (*_WARN_AT, 0) if now <= at < before and (self.limit or 0) > 2 * at]
        if not passed:
            return None
        if passed[-1] == 0:
            return "时间到，收卷。" if self.strict else "建议用时到了，可以接着写，用时会记下来。"
        return f"还有 {passed[-1] // 60} 分钟。"


def minutes(seconds: float) -> str:
    """Minutes and seconds; hours where there are any."""
    whole = max(0, int(seconds))
    clock = f"{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // 3600}:{clock}" if whole >= 3600 else clock
