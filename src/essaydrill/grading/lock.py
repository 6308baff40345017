"""One run at a time in an output folder."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from essaydrill.errors import UsageError

_PATIENCE = 1.0  # seconds


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; UsageError where another run holds it. The system releases it if the run is killed,
    as soon as its workers have noticed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    last_try = time.monotonic() + _PATIENCE
    with path.open("a+b") as file:
        while True:
            try:
                _take(file)
                break
            except OSError:
                if time.monotonic() > last_try:
                    text = f"另一个 essaydrill grade 正在写 {path.parent.parent}，请等它结束，或用 --out 换一个目录"
                    raise UsageError(text) from None
                time.sleep(_PATIENCE / 20)
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
