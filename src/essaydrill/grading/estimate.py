"""How many scripts there may be, quickly: for the time that is left, not for anything else."""

from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from essaydrill.errors import EssaydrillError
from essaydrill.grading.archive import members
from essaydrill.grading.limits import TABLE_BYTES
from essaydrill.grading.submissions import files
from essaydrill.grading.walk import open_regular
from essaydrill.grading.workbook import count_rows

_BLOCK = 1 << 20


def estimate(inputs: Sequence[Path], skip: Callable[[Path], bool]) -> int:
    """The number of files, with the rows of tables and the members of archives in their places."""
    total = 0
    for found, names, follow in files(inputs, skip):
        suffix = PurePosixPath(names[-1]).suffix.lower()
        count = _COUNTS.get(suffix)
        total += 1 if count is None or found.fault else _count(found.path, follow, count)
    return total


def _count(path: Path, follow: bool, count: Callable[[BinaryIO], int]) -> int:
    try:
        with open_regular(path, TABLE_BYTES, follow=follow) as file:
            return count(file)
    except (EssaydrillError, OSError):
        return 1  # told when it is read


def _lines(file: BinaryIO) -> int:
    return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))


_COUNTS: dict[str, Callable[[BinaryIO], int]] = {
    ".csv": _lines,
    ".tsv": _lines,
    ".jsonl": _lines,
    ".ndjson": _lines,
    ".xlsx": count_rows,
    ".xlsm": count_rows,
    ".zip": lambda file: sum(1 for _ in members(file)),
}
