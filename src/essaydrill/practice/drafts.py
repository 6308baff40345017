"""Answers in progress: one file per prompt, always whole on disk, findable after a crash."""

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from essaydrill.errors import EssaydrillError, StoreError
from essaydrill.paths import profile, profile_data


@dataclass(frozen=True)
class Notes:
    """What belongs to a draft beside its text: the steps of `help` taken (as in `Attempt.help`), and the passages that
    the reader marked, as spans [start, end) of the texts under their labels."""

    help: tuple[str, ...] = ()
    marks: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """An answer in progress; `seconds` is the time spent writing so far, times are UTC."""

    prompt: str
    text: str
    started_at: datetime
    seconds: float
    saved_at: datetime
    path: Path
    notes: Notes = Notes()


class Drafts:
    """The drafts in a folder: `<prompt>.txt` holds the answer and nothing else, `<prompt>.json` its times.

    Where `folder` cannot be written (a read-only home, a full disk) a draft goes to `fallback` and is found there.
    """

    def __init__(
        self, folder: Path, fallback: Path | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.folder = folder
        self.fallback = fallback
        self._now = now

    @classmethod
    def open(cls) -> "Drafts":
        """The user's own drafts, with a private folder among the temporary files as the fallback."""
        user = os.getuid() if hasattr(os, "getuid") else "user"
        try:
            temporary = Path(tempfile.gettempdir()) / "-".join(filter(None, ("essaydrill", str(user), profile())))
        except OSError:  # not even temporary files can be written
            temporary = None
        return cls(profile_data() / "drafts", temporary)

    def save(self, prompt: str, text: str, started_at: datetime, seconds: float, notes: Notes | None = None) -> Draft:
        """Put the draft on disk whole, or raise StoreError if neither folder takes it."""
        notes = notes or Notes()
        times = {"started_at": started_at.isoformat(), "seconds": round(seconds, 1)}
        meta = json.dumps({**times, "help": notes.help, "marks": dict(notes.marks)}, ensure_ascii=False)
        try:
            path = _write(self.folder, prompt, text, meta)
        except OSError as error:
            path = self._save_elsewhere(prompt, text, meta, error)
        return Draft(prompt, text, started_at, seconds, self._now(), path, notes)

    def _save_elsewhere(self, prompt: str, text: str, meta: str, cause: OSError) -> Path:
        if self.fallback is not None:
            try:
                _own(self.fallback)
                return _write(self.fallback, prompt, text, meta)
            except OSError as error:
                cause = error
        raise StoreError(
            f"草稿存不下来：{self.folder} 写不进去（只读、没有权限或磁盘已满），请先把作答复制到别处"
        ) from cause

    def load(self, prompt: str) -> Draft | None:
        """The draft of a prompt, as it lies on disk (an editor may have changed it); None without one.

        Raises EssaydrillError if the file is there but holds no text.
        """
        found = [path for folder in self._folders() if (path := folder / f"{prompt}.txt").is_file()]
        if not found:
            return None
        path = max(found, key=lambda each: each.stat().st_mtime)
        saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        meta = _meta(path.with_name(f"{prompt}.json"))
        started_at, seconds = _times(meta, saved_at)
        return Draft(prompt, _read(path), started_at, seconds, saved_at, path, _notes(meta))

    def list(self) -> Sequence[Draft]:
        """The drafts that hold some text, latest first."""
        names = {path.name.removesuffix(".txt") for folder in self._folders() for path in _texts(folder)}
        drafts = []
        for name in names:
            try:
                draft = self.load(name)
            except (EssaydrillError, OSError):
                continue  # told when that prompt is practised; it must not stand in the way of the others
            if draft is not None and draft.text.strip():
                drafts.append(draft)
        return sorted(drafts, key=lambda draft: draft.saved_at, reverse=True)

    def discard(self, prompt: str) -> None:
        """Remove the draft of a prompt, if there is one. Raises StoreError if a file of it stays."""
        stays = None
        for path in (folder / f"{prompt}{suffix}" for folder in self._folders() for suffix in (".txt", ".json")):
            try:
                if path.is_file():
                    path.unlink()
            except OSError as error:
                stays = (path, error)
        if stays:
            raise StoreError(f"草稿 {stays[0]} 删不掉，请手动删除") from stays[1]

    def set_aside(self, prompt: str) -> Path | None:
        """Move the draft out of the way to `old/` beside it (one per prompt is kept) and say where it is."""
        draft = self.load(prompt)
        if draft is None:
            return None
        aside = draft.path.parent / "old" / draft.path.name
        try:
            aside.parent.mkdir(exist_ok=True)
            draft.path.replace(aside)
        except OSError as error:
            raise StoreError(f"草稿 {draft.path} 挪不开，请手动移走") from error
        self.discard(prompt)
        return aside

    def _folders(self) -> tuple[Path, ...]:
        return (self.folder,) if self.fallback is None or not _is_own(self.fallback) else (self.folder, self.fallback)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        from essaydrill.text.decode import read_answer

        return read_answer(path)  # an editor has saved it in another encoding


def _texts(folder: Path) -> Sequence[Path]:
    try:
        return [path for path in folder.iterdir() if path.suffix == ".txt" and not path.name.startswith(".")]
    except OSError:
        return []


def _meta(path: Path) -> dict[str, Any]:
    try:
        meta = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return meta if isinstance(meta, dict) else {}


def _times(meta: Mapping[str, Any], otherwise: datetime) -> tuple[datetime, float]:
    try:
        return datetime.fromisoformat(meta["started_at"]), float(meta["seconds"])
    except (ValueError, KeyError, TypeError):
        return otherwise, 0.0  # the text is what counts


def _notes(meta: Mapping[str, Any]) -> Notes:
    try:
        marks = {
            str(label): tuple((int(start), int(end)) for start, end in spans) for label, spans in meta["marks"].items()
        }
        return Notes(tuple(map(str, meta["help"])), marks)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Notes()


def _write(folder: Path, prompt: str, text: str, meta: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{prompt}.txt"
    _replace(path, text)
    _replace(folder / f"{prompt}.json", meta)
    return path


def _replace(path: Path, text: str) -> None:
    """Whoever reads `path` sees the old text or the new, never a part of one."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with new.open("w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise


def _own(folder: Path) -> None:
    """Make a private folder among files that others can write; one that someone else made is refused."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if not _is_own(folder):
        raise PermissionError(None, "不是自己的文件夹", str(folder))


def _is_own(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
