"""A cache of what was read from files, so that listing a bank parses nothing that did not change."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

from essaydrill import __version__, paths

_FORMAT = 1  # raised whenever what is stored per file changes
# A file written this recently may be written again within one tick of the file system's clock.
_SETTLED_NS = 50_000_000


class Index:
    """What `read` made of each file, kept under its path, modification time and size.

    `purpose` and `place` (a folder or one file) tell caches apart. One that is missing, corrupt or not writable costs
    time and nothing else.
    """

    def __init__(self, purpose: str, place: Path) -> None:
        self._name = f"{purpose}-{crc32(os.fsencode(place)):08x}.json"
        self._kept: dict[str, Any] | None = None
        self._used: dict[str, Any] = {}
        self._changed = False

    def get(self, path: str, read: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        """The JSON object that `read` makes of the file at `path` (absolute), cached while the file does not change."""
        if self._kept is None:
            self._kept = self._load()
        try:
            status = Path(path).stat()
        except OSError:
            return read(path)
        stamp = [status.st_mtime_ns, status.st_size]
        match self._kept.get(path):
            case {"stamp": kept, "value": dict(value)} if kept == stamp:
                self._used[path] = self._kept[path]
                return value
        value = read(path)
        if time.time_ns() - status.st_mtime_ns > _SETTLED_NS:
            self._used[path] = {"stamp": stamp, "value": value}
            self._changed = True
        return value

    def save(self) -> None:
        """Write what was used since this index was made, if it differs from what is stored."""
        if not self._changed and len(self._used) == len(self._kept or {}):
            return
        content = {"format": _FORMAT, "version": __version__, "files": self._used}
        try:
            target = self._file()
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
            try:
                temporary.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)
        except (OSError, RuntimeError, UnicodeEncodeError):
            return
        self._kept, self._changed = dict(self._used), False

    def _file(self) -> Path:
        return paths.user_cache() / "bank" / self._name

    def _load(self) -> dict[str, Any]:
        try:
            match json.loads(self._file().read_bytes()):
                case {"format": kept, "version": version, "files": dict(files)}:
                    return files if (kept, version) == (_FORMAT, __version__) else {}
        except (OSError, RuntimeError, ValueError, RecursionError):
            pass
        return {}
