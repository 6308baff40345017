"""The files of a folder in an order that is the same everywhere, and reading them without being led astray."""

import errno
import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from essaydrill.grading.names import readable
from essaydrill.grading.problems import UnreadableScriptError

_SYSTEM = frozenset(("thumbs.db", "desktop.ini", "__macosx"))
_UNFINISHED = (".crdownload", ".part", ".partial", ".tmp", ".download")

_BLOCK = 1 << 16  # bytes

LINK = "这是一个链接，没有跟过去读；请交文件本身"


@dataclass(frozen=True, slots=True)
class Found:
    """One entry of a folder; `parts` are the names from the folder down to it, `fault` is why it is not to be read."""

    path: Path
    parts: tuple[str, ...]
    fault: str = ""


def is_ignored(name: str) -> bool:
    """Whether a file is nobody's script: hidden, a system's own, an editor's lock, a download under way."""
    low = name.casefold()
    return low.startswith((".", "~$")) or low in _SYSTEM or low.endswith(_UNFINISHED)


def walk(folder: Path, skip: Callable[[Path], bool] = lambda _: False) -> Iterator[Found]:
    """All files below `folder`. Links are not followed: they come with a fault, as what cannot be listed does."""
    waiting = [Found(folder, ())]
    while waiting:
        here = waiting.pop()
        try:
            names, links, below = _list(here.path)
        except OSError as error:
            yield Found(here.path, here.parts, why_unreadable(error))
            continue
        folders = []
        for name in names:
            path = here.path / name
            if is_ignored(name) or skip(path):
                continue
            found = Found(path, (*here.parts, name), LINK if name in links else "")
            if name in below:
                folders.append(found)
            else:
                yield found
        waiting += reversed(folders)


def _list(folder: Path) -> tuple[list[str], set[str], set[str]]:
    """The names in a folder in their order, and which of them are links and folders."""
    names, links, folders = [], set(), set()
    with os.scandir(folder) as entries:
        for entry in entries:
            names.append(entry.name)
            if entry.is_symlink():
                links.add(entry.name)
            elif entry.is_dir(follow_symlinks=False):
                folders.add(entry.name)
    return sorted(names, key=_order), links, folders


def _order(name: str) -> tuple[str, str]:
    return unicodedata.normalize("NFC", name).casefold(), name


def open_regular(path: Path, limit: int, *, follow: bool = False) -> BinaryIO:
    """Open a file of at most `limit` bytes. Raises UnreadableScriptError for a link (unless `follow`), a pipe, a device
    (which could hold the run up for ever) and a larger file, none of which is read.
    """
    return os.fdopen(_descriptor(path, limit, follow=follow)[0], "rb")


def read_regular(path: Path, limit: int, *, follow: bool = False) -> bytes:
    """The bytes of such a file."""
    descriptor, size = _descriptor(path, limit, follow=follow)
    try:
        # Straight from the system: a file object asks it four times as often, which for small files is what counts.
        data = os.read(descriptor, size + 1)
        while len(data) != size and len(data) <= limit and (more := os.read(descriptor, _BLOCK)):
            data += more  # the file has changed since it was opened
    except OSError as error:
        raise UnreadableScriptError(why_unreadable(error)) from None
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise UnreadableScriptError(too_large(limit))
    return data


def _descriptor(path: Path, limit: int, *, follow: bool) -> tuple[int, int]:
    """A descriptor of such a file, and its size."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    if not follow:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise UnreadableScriptError(why_unreadable(error)) from None
    state = os.fstat(descriptor)
    if stat.S_ISREG(state.st_mode) and state.st_size <= limit:
        return descriptor, state.st_size
    os.close(descriptor)
    if stat.S_ISREG(state.st_mode):
        raise UnreadableScriptError(too_large(limit))
    raise UnreadableScriptError("不是普通文件（管道、设备或文件夹），没有读")


def too_large(limit: int) -> str:
    return f"超过 {limit // 1_000_000} MB，不像是作答，没有读"


def why_unreadable(error: OSError) -> str:
    match error.errno:
        case errno.ENOENT:
            return "文件不见了，可能刚被移走或改名"
        case errno.EACCES | errno.EPERM:
            return "没有读取权限"
        case errno.ELOOP:
            return LINK
        case errno.EISDIR:
            return "这是一个文件夹"
        case errno.ENAMETOOLONG:
            return "路径太长，请把文件夹层数减少"
        case _:
            return f"读取失败（{error.strerror or type(error).__name__}）"


def shown_path(parts: tuple[str, ...]) -> str:
    return "/".join(map(readable, parts))
