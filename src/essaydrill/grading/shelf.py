"""The lines of `results.jsonl` in the making: those of an earlier run, and the journal of this one.

Marking appends to the journal chunk by chunk, so that a run that is killed loses no more than the chunks in hand, and a
machine that fails no more than the last second. The next run finds a script's line by its key and marks what is new.
When all is done the lines are put in order into `results.jsonl`, and the journal goes.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from essaydrill.grading.model import Record

RESULTS = "results.jsonl"
WORKING = ".essaydrill"
_JOURNAL = "journal.jsonl"
_START = b'{"schema":1,"key":"'
_SYNC_EVERY = 1.0  # seconds
_KEY = slice(len(_START), len(_START) + 32)
_MARKED = b'","status":"marked",'
_RESULT = b',"result":'


class Shelf:
    """The lines that an output folder has. A place is where one stands: twice its offset, plus one in the journal."""

    def __init__(self, out: Path, *, force: bool = False) -> None:
        """`force` begins anew: nothing of an earlier run is found."""
        self._out = out
        self._journal_path = out / WORKING / _JOURNAL
        self._force = force
        self._places: dict[bytes, int] = {}
        self._next_sync = 0.0

    def __enter__(self) -> Self:
        self._journal_path.parent.mkdir(parents=True, exist_ok=True)
        if self._force:
            with suppress(FileNotFoundError):
                self._journal_path.unlink()
        self._journal = self._journal_path.open("a+b")
        _drop_partial_line(self._journal)
        self._earlier = self._open_earlier()
        for number, file in enumerate((self._earlier, self._journal)):
            if file is not None:
                self._places |= ((key, 2 * offset + number) for key, offset in _marked_lines(file))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._journal.close()
        if self._earlier is not None:
            self._earlier.close()

    def find(self, key: str) -> int | None:
        """The place of the line with this key, if that script was marked."""
        return self._places.get(bytes.fromhex(key))

    def read(self, place: int) -> bytes:
        file = self._journal if place % 2 else self._earlier
        assert file is not None
        file.seek(place // 2)
        return file.readline()

    def append(self, lines: Iterable[bytes]) -> list[int]:
        """Keep lines, whatever becomes of this process, and whatever of the machine once a second; their places."""
        end = self._journal.seek(0, os.SEEK_END)
        places = []
        block = []
        for line in lines:
            places.append(2 * end + 1)
            block.append(line)
            end += len(line)
        self._journal.write(b"".join(block))
        self._journal.flush()
        if time.monotonic() >= self._next_sync:
            os.fsync(self._journal.fileno())
            self._next_sync = time.monotonic() + _SYNC_EVERY
        return places

    def discard_journal(self) -> None:
        """To be called when `results.jsonl` has all that the journal had."""
        self._journal.close()
        self._journal_path.unlink()

    def _open_earlier(self) -> BinaryIO | None:
        if self._force:
            return None
        try:
            return (self._out / RESULTS).open("rb")
        except FileNotFoundError:
            return None


def result_of(line: bytes) -> bytes:
    """The JSON of the result within a line, as it stands there; no other key or text can hold the mark before it."""
    return line[line.index(_RESULT) + len(_RESULT) : -2]


def parse(line: bytes) -> Record | None:
    """The record of a line; None where it was damaged or written by another version."""
    try:
        return Record.model_validate_json(line)
    except ValueError:
        return None


def _marked_lines(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """The key and offset of each line of a marked script."""
    file.seek(0)
    offset = 0
    for line in file:
        if line.startswith(_START) and line[_KEY.stop :].startswith(_MARKED):
            with suppress(ValueError):
                yield bytes.fromhex(line[_KEY].decode("ascii", "replace")), offset
        offset += len(line)


def _drop_partial_line(file: BinaryIO) -> None:
    """Cut off what a killed run was writing. Lines are short against the block that is looked at first."""
    end = file.seek(0, os.SEEK_END)
    block = 1 << 16
    while end > 0:
        start = max(0, end - block)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            file.truncate(start + newline + 1)
            return
        end = start
    file.truncate(0)
