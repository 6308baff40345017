"""Everything a person has: gathered for a file, taken over from one, removed."""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from essaydrill.errors import StoreError
from essaydrill.history import History, ReviewLog
from essaydrill.history.merge import merge
from essaydrill.practice.data_lines import PERSONAL, Holdings, TextFile, is_personal
from essaydrill.practice.deck import load_cards

HISTORY = "history.db"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Imported:
    """What an import changed: how many were new; `kept` files are newer here and stayed as they are."""

    attempts: int
    reviews: int
    files: int
    kept: int


def gather(folder: Path) -> Holdings:
    """Everything in a person's folder."""
    with History(folder / HISTORY) as history:
        log = ReviewLog(history.database)
        return Holdings(
            attempts=history.attempts()[::-1],
            reviews=log.reviews(),
            taken_back=log.reviews(taken_back=True),
            cards=list(load_cards(history).values()),
            files=[_read(path, folder) for path in personal_files(folder)],
        )


def personal_files(folder: Path) -> list[Path]:
    """The files of a person beside the history, sorted."""
    paths = [folder / name for name in PERSONAL]
    found = [path for path in paths if path.is_file()]
    found += [path for parent in paths for path in parent.rglob("*") if path.is_file()]
    return sorted(path for path in found if is_personal(path.relative_to(folder).as_posix()))


def _read(path: Path, folder: Path) -> TextFile:
    from essaydrill.text.decode import read_answer

    raw, changed = path.read_bytes(), path.stat().st_mtime_ns
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = read_answer(path)  # a draft that an editor saved in another encoding
    return TextFile(path.relative_to(folder).as_posix(), text, _EPOCH + timedelta(microseconds=changed // 1000))


def take_over(holdings: Holdings, folder: Path) -> Imported:
    """Add to a person's folder what is not there; a file that is there stays unless the one to come is newer."""
    with History(folder / HISTORY) as history:
        reviews = [*holdings.reviews, *holdings.taken_back]
        merged = merge(history, holdings.attempts, reviews, [review.uid for review in holdings.taken_back])
        load_cards(history)
    differing = [file for file in holdings.files if _text_here(file, folder) != file.text]
    newer_here = [file for file in differing if _saved_here(file, folder) >= file.saved_at]
    for file in differing:
        if file not in newer_here:
            _write(file, folder)
    return Imported(merged.attempts, merged.reviews, len(differing) - len(newer_here), len(newer_here))


def _path(file: TextFile, folder: Path) -> Path:
    return folder.joinpath(*PurePosixPath(file.path).parts)


def _text_here(file: TextFile, folder: Path) -> str | None:
    path = _path(file, folder)
    return _read(path, folder).text if path.is_file() else None


def _saved_here(file: TextFile, folder: Path) -> datetime:
    path = _path(file, folder)
    return _read(path, folder).saved_at if path.is_file() else datetime.min.replace(tzinfo=UTC)


def _write(file: TextFile, folder: Path) -> None:
    path = _path(file, folder)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    stamp = (file.saved_at - _EPOCH) // timedelta(microseconds=1) * 1000
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(file.text.encode("utf-8", "replace"))
        os.utime(new, ns=(stamp, stamp))
        new.replace(path)
    except OSError as error:
        reason = error.strerror or error
        raise StoreError(f"{path} 写不进去（{reason}），改好后再导入一次，已导入的不会重复") from error


def remove(folder: Path, also: Iterable[Path] = ()) -> None:
    """Remove everything that is a person's own, and the folders in `also`; the shared bank stays."""
    paths = [*(folder / f"{HISTORY}{suffix}" for suffix in ("", "-wal", "-shm")), *(folder / each for each in PERSONAL)]
    for path in [*paths, *also]:
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{path} 删不掉（{error.strerror}），请手动删除") from error
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
