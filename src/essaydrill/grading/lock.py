"""One run at a time in an output folder."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from essaydrill.errors import UsageError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; UsageError where another run holds it. The system releases it if the run is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            _take(file)
        except OSError:
            folder = path.parent.parent
            raise UsageError(f"另一个 essaydrill grade 正在写 {folder}，请等它结束，或用 --out 换一个目录") from None
        yield


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
