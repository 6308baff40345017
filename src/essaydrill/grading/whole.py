"""Files and folders that are there whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A new file beside `path` to write to; it takes the place of `path`, on disk, when the block ends well."""
    new = path.with_name(f".{path.name}.new")
    try:
        yield new
        descriptor = os.open(new, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A new, empty folder beside `path` to fill; it replaces `path` with all in it when the block ends well."""
    new, old = (path.with_name(f".{path.name}.{state}") for state in ("new", "old"))
    _remove(new)
    new.mkdir()
    try:
        yield new
        _remove(old)
        with suppress(FileNotFoundError):
            path.rename(old)
        new.rename(path)
    finally:
        _remove(new)
        _remove(old)


def _remove(path: Path) -> None:
    """A link is removed, not what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
