"""Names from disks, archives and tables, made readable, comparable, and safe for new files."""

import os
import re
import unicodedata
from collections.abc import Iterable

_PARTS = re.compile(r"[\\/]+")
_DRIVE = re.compile(r"^[A-Za-z]:")
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]')
# Names that Windows keeps for devices, with any extension.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_LONGEST = 60  # characters; 180 bytes in UTF-8, below every file system's 255


def readable(name: str) -> str:
    """A file name as text: bytes that are not UTF-8 are read as GB18030, as Chinese Windows wrote them."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return raw.decode("utf-8", "replace")
    return name


def fold(name: str) -> str:
    """The form in which names are compared: width, case, normal form and spaces make no difference."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def member_parts(name: str) -> tuple[str, ...]:
    """The folders and the file of an archive member, without anything that leads elsewhere (`..`, a drive, a root)."""
    parts = (_DRIVE.sub("", part) for part in _PARTS.split(name))
    return tuple(part for part in parts if part not in ("", ".", ".."))


def file_names(labels: Iterable[str]) -> list[str]:
    """A file name for each label, in order, safe on every system and none like another in any of them.

    Names are told apart by `~2`, `~3`, …; two that differ only in case or normal form count as alike.
    """
    taken: set[str] = set()
    names = []
    for label in labels:
        plain = _plain(label)
        name, number = plain, 1
        while fold(name) in taken:
            number += 1
            name = f"{plain}~{number}"
        taken.add(fold(name))
        names.append(name)
    return names


def _plain(label: str) -> str:
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", label))[:_LONGEST].strip(" .")
    # What begins with a dash is taken for an option by the programs to which a shell hands all names of a folder.
    return f"_{name}" if not name or name.startswith("-") or _RESERVED.fullmatch(name) else name
