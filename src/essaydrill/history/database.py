"""The SQLite file of one person: opened when first needed, migrated, its failures told in one sentence."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from essaydrill.errors import StoreError
from essaydrill.history.schema import MIGRATIONS, SCHEMA_VERSION

# How long a writer waits for another process's transaction, which takes milliseconds.
_BUSY_SECONDS = 10.0
_NOT_WRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_ELSEWHERE = "请检查权限，或用环境变量 ESSAYDRILL_HOME 指定另一个文件夹"


class Database:
    """One file. Reading a file that is not there finds nothing and creates nothing.

    Every failure of the file or the disk is a StoreError that names the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def read(self, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a SELECT; none where there is no file."""
        with self._told():
            connection = self._readable()
            return connection.execute(sql, values).fetchall() if connection else []

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is written inside is kept, or nothing of it. Makes the file where there is none."""
        with self._told():
            connection = self._writable()
            with _transaction(connection):
                yield connection

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
            for statement in (s for migration in MIGRATIONS[version:] for s in migration):
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
