"""A question that is being written: every answer given so far, on disk after each of them."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

from essaydrill import paths
from essaydrill.errors import StoreError, UsageError


@dataclass
class Draft:
    """What an author has typed. `answers` holds finished answers by question, `unfinished` what was being typed.

    `path` is None for a draft that is never kept.
    """

    path: Path | None
    answers: dict[str, str] = field(default_factory=dict)
    unfinished: dict[str, str] = field(default_factory=dict)

    @classmethod
    def new(cls, answers: dict[str, str], now: Callable[[], datetime] = datetime.now) -> Self:
        """A draft in the user's own folder, named by the time; nothing is written yet."""
        return cls(_folder() / f"{now():%Y%m%d-%H%M%S}-{os.getpid()}.json", answers)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read a draft back; raises `UsageError` where it is none."""
        try:
            content = json.loads(path.read_text("utf-8"))
            parts = [{str(key): str(text) for key, text in content[name].items()} for name in ("answers", "unfinished")]
        except FileNotFoundError:
            raise UsageError(f"{path}：没有这份草稿") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise UsageError(f"{path}：不是 bank new 存下的草稿，读不懂") from None
        return cls(path, *parts)

    def keep(self) -> None:
        """Put the draft on disk whole; raises `StoreError`."""
        if self.path is None or not (self.answers or self.unfinished):
            return
        new = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(self.text(), "utf-8", errors="replace")
            new.replace(self.path)
        except OSError as error:
            raise StoreError(f"草稿存不下来：{self.path} 写不进去（只读、没有权限或磁盘已满）") from error

    def discard(self) -> None:
        """Remove the file, if there is one: the question stands in the bank now."""
        if self.path is not None:
            with suppress(OSError):
                self.path.unlink(missing_ok=True)

    def text(self) -> str:
        """Everything typed, as it stands in the file."""
        return json.dumps({"answers": self.answers, "unfinished": self.unfinished}, ensure_ascii=False, indent=2) + "\n"


def latest_draft() -> Path | None:
    """The draft that was changed last, if one was left unfinished."""
    try:
        return max(_folder().glob("*.json"), key=lambda path: path.stat().st_mtime, default=None)
    except OSError:
        return None


def _folder() -> Path:
    return paths.user_data() / "authoring"
