"""What was done: every marked answer with its whole result, in an append-only SQLite file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from essaydrill.errors import StoreError
from essaydrill.history.database import Database

if TYPE_CHECKING:
    from essaydrill.bank.shown import AnyPrompt
    from essaydrill.scoring.result import Result

Origin = Literal["practice", "exam", "score"]

_COLUMNS = (
    "id, prompt, topic, kind, started_at, finished_at, seconds, answer, "
    "result, score, max_score, signature, origin, help"
)
_NEW_COLUMNS = _COLUMNS.removeprefix("id, ")
INSERT_ATTEMPT = f"INSERT INTO attempts ({_NEW_COLUMNS}) VALUES ({', '.join('?' * len(_NEW_COLUMNS.split(', ')))})"


@dataclass(frozen=True)
class Attempt:
    """One handed-in answer as it was marked then; `result_json` is the Result's JSON, times are UTC.

    `help` names the steps of help that were taken before it was handed in, one word each: `framework`, `points`,
    `material:p3`, `word:p3`.
    """

    id: int
    prompt: str
    topic: str
    kind: str
    started_at: datetime
    finished_at: datetime
    seconds: int
    answer: str
    result_json: str
    score: float
    max_score: float
    signature: str
    origin: Origin
    help: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The score as a share of the full mark, 0..1."""
        return self.score / self.max_score

    def result(self) -> "Result":
        """The stored result, not marked again. Raises StoreError if this version cannot read it."""
        from pydantic import ValidationError

        from essaydrill.scoring.result import Result

        try:
            return Result.model_validate_json(self.result_json)
        except ValidationError as error:
            raise StoreError(
                f"第 {self.id} 号作答的评分结果是别的版本写下的，这一版读不懂；加 --json 可以看到原样"
            ) from error


class History:
    """The attempts in one file; `database` is that file, in which `ReviewLog` keeps the cards.

    Reading a file that is not there finds nothing and creates nothing. Every failure of the file or the disk is a
    StoreError that names the file.
    """

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.path = path
        self.database = Database(path)
        self._now = now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.database.close()

    def record(
        self,
        prompt: "AnyPrompt",
        answer: str,
        result: "Result",
        *,
        started_at: datetime,
        seconds: float,
        origin: Origin,
        help: Sequence[str] = (),
    ) -> Attempt:
        """Append one attempt, finished now; `seconds` is the time spent writing, `help` the steps of help taken."""
        attempt = Attempt(
            id=0,
            prompt=prompt.id,
            topic=prompt.topic,
            kind=prompt.kind,
            started_at=started_at,
            finished_at=self._now(),
            seconds=round(seconds),
            answer=answer.encode("utf-8", "replace").decode(),  # SQLite takes no lone surrogates
            result_json=result.model_dump_json(),
            score=result.score,
            max_score=result.max_score,
            signature=result.signature,
            origin=origin,
            help=tuple(help),
        )
        row = attempt_row(attempt)
        with self.database.transaction() as connection:
            id = connection.execute(INSERT_ATTEMPT, row).lastrowid
        return _attempt((id, *row))

    def attempts(
        self, prompt: str | None = None, topic: str | None = None, kind: str | None = None, limit: int | None = None
    ) -> list[Attempt]:
        """The attempts that match, newest first, at most `limit`."""
        wanted = {"prompt": prompt, "topic": topic, "kind": kind}
        given = {column: value for column, value in wanted.items() if value is not None}
        where = " AND ".join(f"{column} = :{column}" for column in given) or "1"
        sql = f"SELECT {_COLUMNS} FROM attempts WHERE {where} ORDER BY finished_at DESC, id DESC LIMIT :limit"
        return [_attempt(row) for row in self.database.read(sql, given | {"limit": -1 if limit is None else limit})]

    def attempt(self, id: int) -> Attempt | None:
        """The attempt with this number, or None."""
        rows = self.database.read(f"SELECT {_COLUMNS} FROM attempts WHERE id = :id", {"id": id})
        return _attempt(rows[0]) if rows else None

    def done_prompts(self) -> dict[str, datetime]:
        """The ids of the prompts with at least one attempt, and when each was last handed in."""
        rows = self.database.read("SELECT prompt, MAX(finished_at) FROM attempts GROUP BY prompt")
        return {prompt: datetime.fromisoformat(finished) for prompt, finished in rows}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def attempt_row(attempt: Attempt) -> tuple[str | int | float, ...]:
    """The values of `INSERT_ATTEMPT`, by which the attempt gets a new number."""
    return (
        attempt.prompt,
        attempt.topic,
        attempt.kind,
        _stamp(attempt.started_at),
        _stamp(attempt.finished_at),
        attempt.seconds,
        attempt.answer,
        attempt.result_json,
        attempt.score,
        attempt.max_score,
        attempt.signature,
        attempt.origin,
        " ".join(attempt.help),
    )


def _attempt(row: tuple) -> Attempt:  # type: ignore[type-arg]
    id, prompt, topic, kind, started_at, finished_at, *rest, help = row
    times = datetime.fromisoformat(started_at), datetime.fromisoformat(finished_at)
    return Attempt(*[id, prompt, topic, kind, *times, *rest, tuple(help.split())])
