"""One candidate at one prompt: which prompt, how long, and where the answer goes."""

import time
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Self

from essaydrill.errors import StoreError
from essaydrill.practice.drafts import Draft, Drafts, Notes

if TYPE_CHECKING:
    from concurrent.futures import Future

    from essaydrill.bank import Entry
    from essaydrill.bank.shown import AnyPrompt
    from essaydrill.history import Attempt, History
    from essaydrill.history.store import Origin
    from essaydrill.scoring.result import Result


def choose(
    entries: Iterable["Entry"],
    done: Mapping[str, datetime],
    rng: Random,
    *,
    topic: str | None = None,
    kind: str | None = None,
    difficulty: int | None = None,
    avoid: Set[str] = frozenset(),
) -> str | None:
    """The id of a prompt to practise: at random among those not done yet; when all are done, the one done longest ago.

    `done` says when each prompt was last handed in. Prompts in `avoid` are taken only if nothing else is left.
    None if no prompt has the topic, kind and difficulty.
    """
    fitting = [
        entry.id
        for entry in entries
        if topic in (None, entry.topic) and kind in (None, entry.kind) and difficulty in (None, entry.difficulty)
    ]
    pool = [id for id in fitting if id not in avoid] or fitting
    if fresh := sorted(id for id in pool if id not in done):
        return rng.choice(fresh)
    return min(pool, key=lambda id: (done[id], id), default=None)


class Stopwatch:
    """Seconds spent, over several stretches; `clock` counts seconds from anywhere."""

    def __init__(self, seconds: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._before = seconds
        self._clock = clock
        self._since: float | None = None

    def start(self) -> None:
        if self._since is None:
            self._since = self._clock()

    def stop(self) -> None:
        self._before, self._since = self.seconds, None

    @property
    def seconds(self) -> float:
        return self._before + (0.0 if self._since is None else self._clock() - self._since)


@dataclass(frozen=True)
class Kept:
    """Where a marked answer went: into the history, else (with the `problem`) to a draft's file, else nowhere."""

    attempt: "Attempt | None" = None
    path: Path | None = None
    problem: str | None = None


@dataclass
class Sitting:
    """The writing of one answer. The text on disk is never older than what this knows."""

    prompt: "AnyPrompt"
    drafts: Drafts
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    text: str = ""
    watch: Stopwatch = field(default_factory=Stopwatch)
    path: Path | None = None
    handed_in: bool = False
    notes: Notes = field(default_factory=Notes)
    _saving: "Future[None] | None" = field(default=None, init=False)

    @classmethod
    def resume(cls, prompt: "AnyPrompt", drafts: Drafts, draft: Draft) -> Self:
        watch = Stopwatch(draft.seconds)
        return cls(prompt, drafts, draft.started_at, draft.text, watch, draft.path, notes=draft.notes)

    def save(self, text: str) -> None:
        """Put the answer so far on disk. Raises StoreError; the text is taken over all the same."""
        self._settle()
        self.text = text
        self._write(text, self.watch.seconds, self.notes)

    def save_soon(self, text: str) -> "Future[None]":
        """The same in a thread: nobody waits for the disk. Whatever the sitting does with the draft next waits for it,
        so the latest text is the one that stays."""
        from concurrent.futures import ThreadPoolExecutor

        self._settle()
        self.text = text
        thread = ThreadPoolExecutor(1, "draft")
        self._saving = thread.submit(self._write, text, self.watch.seconds, self.notes)
        thread.shutdown(wait=False)
        return self._saving

    def _write(self, text: str, seconds: float, notes: Notes) -> None:
        self.path = self.drafts.save(self.prompt.id, text, self.started_at, seconds, notes).path

    def _settle(self) -> None:
        if self._saving is not None:
            self._saving.exception()  # waits; whoever asked for the save has been told
            self._saving = None

    def reload(self) -> None:
        """Take over what an editor has written to the draft's file."""
        if draft := self.drafts.load(self.prompt.id):
            self.text, self.path = draft.text, draft.path

    def leave(self) -> None:
        """Stop writing for now: an answer stays on disk with its time, an empty one leaves nothing behind."""
        self.watch.stop()
        self._settle()
        if self.handed_in:
            return
        if self.text.strip():
            self.save(self.text)
        elif self.path is not None:
            self.drafts.discard(self.prompt.id)
            self.path = None

    def keep(self, result: "Result", history: "History | None", origin: "Origin" = "practice") -> Kept:
        """Put the marked answer into `history` (None: nowhere) and only then remove the draft."""
        self.watch.stop()
        self._settle()
        self.handed_in = True
        attempt = None
        if history is not None:
            try:
                attempt = history.record(
                    self.prompt,
                    self.text,
                    result,
                    started_at=self.started_at,
                    seconds=self.watch.seconds,
                    origin=origin,
                    help=self.notes.help,
                )
            except StoreError as error:
                return self._keep_as_draft(str(error))
        try:
            self.drafts.discard(self.prompt.id)
        except StoreError as error:
            return Kept(attempt, None, str(error))
        self.path = None
        return Kept(attempt)

    def _keep_as_draft(self, problem: str) -> Kept:
        try:
            self.save(self.text)
        except StoreError:
            return Kept(None, None, problem)
        return Kept(None, self.path, problem)
