"""Bytes that someone handed in as an answer, read as text or refused with a reason."""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from essaydrill.errors import EssaydrillError

MAX_BYTES = 2_000_000
"""An answer sheet holds some 1,200 characters; a hundred times that is still only a few hundred kilobytes."""

_LIKELY = 0.8
"""The least share of everyday characters at which a guessed encoding is believed. Exam text, simplified or traditional,
reads 0.98 and more in its own encoding; the same bytes in a wrong one read below 0.7."""

_SAMPLE = 20_000  # characters that are looked at

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_PUNCTUATION = "，。、；：？！“”‘’（）《》〈〉【】「」『』—…·％\u3000\t\n\r"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SAVE_AS_TEXT = "请把作答的文字另存为 txt 文件再交"

# First bytes, and what a file that begins with them is.
_KINDS = (
    (b"%PDF", "PDF 文档"),
    (b"\xd0\xcf\x11\xe0", "Word 或 Excel 旧版文档（doc、xls）"),
    (b"{\\rtf", "RTF 文档"),
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
)
_ZIP = b"PK\x03\x04"
_ZIP_KINDS = ((b"word/", "Word 文档（docx）"), (b"xl/", "Excel 表格（xlsx）"), (b"ppt/", "PowerPoint 文稿（pptx）"))


class UndecodableError(EssaydrillError):
    """The bytes are not the text of an answer."""


class UnreadableError(EssaydrillError):
    """The file of an answer cannot be read."""


def decode(data: bytes) -> str:
    """The text of an answer file: UTF-8, UTF-16 or GB18030, with line ends as `\\n`.

    A byte-order mark decides. Without one, UTF-8 is taken if the text then looks like an answer, next UTF-16 if exactly
    one byte order does, next GB18030 if it does, and last UTF-8 in any other language. The text holds no NUL and no
    lone surrogate. Raises UndecodableError for anything else, saying what the bytes seem to be.
    """
    if kind := _kind_of_file(data):
        raise UndecodableError(f"这是 {kind}，不是纯文本，{_SAVE_AS_TEXT}")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = _try(data[len(bom) :], encoding)
            break
    else:
        text = _guess(data)
    if text is None or _mostly_control(text):
        raise UndecodableError(_why_undecodable(data))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_answer(source: Path | Literal["-"]) -> str:
    """The text of the file `source`, or of standard input for "-".

    Raises UnreadableError or UndecodableError, which name the file.
    """
    name = "标准输入" if source == "-" else _printable(str(source))
    try:
        data = _read(source)
    except OSError as error:
        raise UnreadableError(f"{name}：{_why_unreadable(error)}") from error
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"{name}：超过 {MAX_BYTES // 1_000_000} MB，不像是一份作答，请确认交的是哪个文件")
    try:
        return decode(data)
    except UndecodableError as error:
        raise UndecodableError(f"{name}：{error}") from error


def _read(source: Path | Literal["-"]) -> bytes:
    if source == "-":
        if sys.stdin is None:
            raise UnreadableError("标准输入已关闭，请写上作答文件的路径")
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with source.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _guess(data: bytes) -> str | None:
    utf8 = _try(data, "utf-8")
    if utf8 is not None and _everyday_share(utf8) >= _LIKELY:
        return utf8
    little, big = (list(_likely(data, encoding)) for encoding in ("utf-16-le", "utf-16-be"))
    if len(little) + len(big) == 1:
        return (little + big)[0]
    return next(_likely(data, "gb18030"), utf8)


def _likely(data: bytes, encoding: str) -> Iterator[str]:
    text = _try(data, encoding)
    if text is not None and _everyday_share(text) >= _LIKELY:
        yield text


def _try(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


@cache
def _everyday() -> frozenset[str]:
    """The characters of everyday Chinese, simplified (GB 2312, level 1) and traditional (Big5, level 1), and ASCII."""
    simplified = bytes(byte for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF) for byte in (lead, trail))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = bytes(byte for lead in range(0xA4, 0xC7) for trail in trails for byte in (lead, trail))
    ascii_and_full_width = "".join(map(chr, (*range(0x20, 0x7F), *range(0xFF01, 0xFF5F))))
    return frozenset(
        simplified.decode("gb2312", "ignore")
        + traditional.decode("big5", "ignore")
        + ascii_and_full_width
        + _PUNCTUATION
    )


def _everyday_share(text: str) -> float:
    sample = text[:_SAMPLE]
    if _everyday().issuperset(sample):  # as nearly all answers: quicker than to count
        return 1.0
    return sum(map(_everyday().__contains__, sample)) / len(sample)


def _mostly_control(text: str) -> bool:
    # Escape sequences put at most one control character before two others; more than that is not writing.
    sample = text[:_SAMPLE]
    return len(_CONTROL.findall(sample)) > 0.3 * len(sample)


def _kind_of_file(data: bytes) -> str | None:
    if data.startswith(_ZIP):
        return next((kind for part, kind in _ZIP_KINDS if part in data), "ZIP 压缩包")
    return next((kind for magic, kind in _KINDS if data.startswith(magic)), None)


def _why_undecodable(data: bytes) -> str:
    if b"\0" in data:
        return f"这是二进制文件，不是纯文本，{_SAVE_AS_TEXT}"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _everyday_share(data.decode("utf-8", "ignore")) >= _LIKELY and error.start > 0:
            return f"像是 UTF-8 文本，但第 {error.start + 1} 个字节处损坏或被截断，请重新保存后再交"
    return "认不出文字编码，请用 UTF-8 编码另存后再交"


def _why_unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "文件不存在，请检查路径"
    if isinstance(error, IsADirectoryError):
        return "这是一个文件夹，请写到具体的作答文件"
    if isinstance(error, PermissionError):
        return "没有读取权限，请修改文件权限或换一个文件"
    if isinstance(error, NotADirectoryError):
        return "路径中间有一段不是文件夹，请检查路径"
    return f"读取失败（{error.strerror or error}）"


def _printable(name: str) -> str:
    """A file name as it can be shown: bytes that are not text and control characters become a replacement mark."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)
