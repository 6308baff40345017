"""What was done: every marked answer with its whole result, in an append-only SQLite file."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from essaydrill.errors import StoreError

if TYPE_CHECKING:
    from essaydrill.bank.models import Prompt
    from essaydrill.scoring.result import Result

Origin = Literal["practice", "score"]

# Entry N leads from schema version N to N + 1. Entries that were ever released are never edited.
_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE attempts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            prompt TEXT NOT NULL,
            topic TEXT NOT NULL,
            kind TEXT NOT NULL,
            started_at TEXT NOT NULL,
            finished_at TEXT NOT NULL,
            seconds INTEGER NOT NULL,
            answer TEXT NOT NULL,
            result TEXT NOT NULL,
            score REAL NOT NULL,
            max_score REAL NOT NULL,
            signature TEXT NOT NULL,
            origin TEXT NOT NULL
        )""",
        "CREATE INDEX attempts_by_prompt ON attempts (prompt, finished_at)",
        """CREATE TRIGGER attempts_keep BEFORE DELETE ON attempts
           BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END""",
        """CREATE TRIGGER attempts_stand BEFORE UPDATE ON attempts
           BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END""",
    ),
)
SCHEMA_VERSION = len(_MIGRATIONS)

# How long a writer waits for another process's transaction, which takes milliseconds.
_BUSY_SECONDS = 10.0

_COLUMNS = (
    "id, prompt, topic, kind, started_at, finished_at, seconds, answer, result, score, max_score, signature, origin"
)


@dataclass(frozen=True)
class Attempt:
    """One handed-in answer as it was marked then; `result_json` is the Result's JSON, times are UTC."""

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
    """The attempts in one file. Reading a file that is not there finds nothing and creates nothing.

    Every failure of the file or the disk is a StoreError that names the file.
    """

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.path = path
        self._now = now
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def record(
        self,
        prompt: "Prompt",
        answer: str,
        result: "Result",
        *,
        started_at: datetime,
        seconds: float,
        origin: Origin,
    ) -> Attempt:
        """Append one attempt, finished now; `seconds` is the time spent writing."""
        row = (
            prompt.id,
            prompt.topic,
            prompt.kind,
            _stamp(started_at),
            _stamp(self._now()),
            round(seconds),
            answer.encode("utf-8", "replace").decode(),  # SQLite takes no lone surrogates
            result.model_dump_json(),
            result.score,
            result.max_score,
            result.signature,
            origin,
        )
        with self._told():
            connection = self._writable()
            columns = _COLUMNS.removeprefix("id, ")
            sql = f"INSERT INTO attempts ({columns}) VALUES ({', '.join('?' * len(row))})"
            with _transaction(connection):
                id = connection.execute(sql, row).lastrowid
            return _attempt((id, *row))

    def attempts(
        self, prompt: str | None = None, topic: str | None = None, kind: str | None = None, limit: int | None = None
    ) -> list[Attempt]:
        """The attempts that match, newest first, at most `limit`."""
        wanted = {"prompt": prompt, "topic": topic, "kind": kind}
        given = {column: value for column, value in wanted.items() if value is not None}
        where = " AND ".join(f"{column} = :{column}" for column in given) or "1"
        sql = f"SELECT {_COLUMNS} FROM attempts WHERE {where} ORDER BY id DESC LIMIT :limit"
        return [_attempt(row) for row in self._read(sql, given | {"limit": -1 if limit is None else limit})]

    def attempt(self, id: int) -> Attempt | None:
        """The attempt with this number, or None."""
        rows = self._read(f"SELECT {_COLUMNS} FROM attempts WHERE id = :id", {"id": id})
        return _attempt(rows[0]) if rows else None

    def done_prompts(self) -> dict[str, datetime]:
        """The ids of the prompts with at least one attempt, and when each was last handed in."""
        rows = self._read("SELECT prompt, MAX(finished_at) FROM attempts GROUP BY prompt", {})
        return {prompt: datetime.fromisoformat(finished) for prompt, finished in rows}

    def _read(self, sql: str, values: dict[str, str | int]) -> list[tuple[str, ...]]:
        with self._told():
            connection = self._readable()
            return connection.execute(sql, values).fetchall() if connection else []

    def _writable(self) -> sqlite3.Connection:
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = self._open(self.path.absolute().as_uri())
        return self._connection

    def _readable(self) -> sqlite3.Connection | None:
        if self._connection is None and not self.path.exists():
            return None
        try:
            return self._writable()
        except sqlite3.OperationalError as error:
            if _code(error) not in _NOT_WRITABLE:
                raise
            # A read-only folder has no room for WAL's side files: what is there can still be read as it lies.
            connection = _connect(f"{self.path.absolute().as_uri()}?immutable=1")
            if _version(connection) != SCHEMA_VERSION:
                connection.close()
                raise
            self._connection = connection
            return connection

    def _open(self, uri: str) -> sqlite3.Connection:
        connection = _connect(uri)
        try:
            self._migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        if _version(connection) == SCHEMA_VERSION:
            return
        connection.execute("PRAGMA journal_mode = WAL")
        with _transaction(connection):
            # Asked again inside the transaction: another process may have been first.
            version = _version(connection)
            if version > SCHEMA_VERSION:
                raise StoreError(f"作答记录 {self.path} 是更新版本的 essaydrill 写的，请先升级 essaydrill 再用")
            for statement in (s for migration in _MIGRATIONS[version:] for s in migration):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(self._sentence(error)) from error
        except OSError as error:
            raise StoreError(f"作答记录 {self.path} 所在的文件夹不能用，{_ELSEWHERE}") from error

    def _sentence(self, error: sqlite3.Error) -> str:
        code = _code(error)
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return f"作答记录 {self.path} 已损坏，请把它改名或移到别处再试，之后会新建一份"
        if code == sqlite3.SQLITE_FULL:
            return f"磁盘已满，作答记录 {self.path} 写不进去，请腾出空间再试"
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return f"作答记录 {self.path} 正被另一个程序占用，请稍后再试"
        if code in _NOT_WRITABLE:
            return f"作答记录 {self.path} 打不开或不能写入，{_ELSEWHERE}"
        return f"读写作答记录 {self.path} 时出错（{error}），请检查磁盘是否已满、文件是否完好"


_NOT_WRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_ELSEWHERE = "请检查权限，或用环境变量 ESSAYDRILL_HOME 指定另一个文件夹"


def _code(error: sqlite3.Error) -> int:
    # The low byte of SQLite's extended code is the primary one.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    # IMMEDIATE: a writer queues before it has read anything, so that waiting is enough and nothing is retried.
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back after some failures
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _attempt(row: tuple) -> Attempt:  # type: ignore[type-arg]
    id, prompt, topic, kind, started_at, finished_at, *rest = row
    return Attempt(
        id, prompt, topic, kind, datetime.fromisoformat(started_at), datetime.fromisoformat(finished_at), *rest
    )
