"""The files inside a ZIP archive, read one by one and never unpacked to disk."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from essaydrill.grading.limits import DIRECTORY_BYTES
from essaydrill.grading.names import member_parts
from essaydrill.grading.problems import UnreadableScriptError
from essaydrill.grading.walk import LINK, is_ignored, too_large

_DAMAGED = "压缩包已损坏或不是 ZIP，请重新打包"
_END = b"PK\x05\x06"
_END_SEARCH = 65_557  # the end record and the longest comment behind it
_ENCRYPTED = 0x1
_UTF8 = 0x800

_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, struct.error)


@dataclass(frozen=True)
class Member:
    """A file in an archive; `parts` are its folders and its name, made readable and harmless."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    parts: tuple[str, ...]

    def read(self, limit: int) -> bytes:
        """Its bytes, at most `limit` however small it is packed; UnreadableScriptError says why there are none."""
        if stat.S_ISLNK(self.info.external_attr >> 16):
            raise UnreadableScriptError(LINK)
        if self.info.flag_bits & _ENCRYPTED:
            raise UnreadableScriptError("压缩包加了密码，请去掉密码后重新打包")
        if self.info.file_size > limit:
            raise UnreadableScriptError(f"解压后{too_large(limit)}")
        try:
            with self.archive.open(self.info) as file:
                return file.read(limit + 1)  # zipfile itself stops at the size that was told
        except (*_ERRORS, RuntimeError):
            raise UnreadableScriptError("压缩包里的这个文件已损坏，请重新打包") from None


def members(file: BinaryIO) -> Iterator[Member]:
    """The files of an archive in its own order, without folders and systems' own files.

    Raises UnreadableScriptError where it is damaged or lists more members than anyone hands in.
    """
    if _directory_size(file) > DIRECTORY_BYTES:
        raise UnreadableScriptError("压缩包里的文件多得反常，没有读；请分成几个包")
    try:
        with zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                parts = member_parts(_name(info))
                if parts and not info.is_dir() and not any(map(is_ignored, parts)):
                    yield Member(archive, info, parts)
    except _ERRORS:
        raise UnreadableScriptError(_DAMAGED) from None


def _directory_size(file: BinaryIO) -> int:
    """The size of the list of members, before zipfile makes an object of each."""
    size = file.seek(0, 2)
    start = file.seek(max(0, size - _END_SEARCH))
    tail = file.read(size - start)
    file.seek(0)
    place = tail.rfind(_END)
    if place < 0 or len(tail) < place + 22:
        raise UnreadableScriptError(_DAMAGED)
    told: int = struct.unpack_from("<L", tail, place + 12)[0]
    return told  # 0xFFFFFFFF where the list is so long that another record has its size


def _name(info: zipfile.ZipInfo) -> str:
    """Archives made by Chinese Windows carry GBK names without saying so, and zipfile then reads them as CP437."""
    if info.flag_bits & _UTF8:
        return info.filename.encode("utf-8", "replace").decode("utf-8")
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
