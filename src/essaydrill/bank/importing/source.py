"""A file that someone wants imported, as paragraphs of text whatever its format."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from essaydrill.bank.importing.problems import SourceError
from essaydrill.text.characters import HAN, UNSEEN

Format = Literal["txt", "md", "html", "docx", "pdf"]

MAX_BYTES = 20_000_000
"""A paper with its pictures has a few megabytes; what is read of it, its text, has some 50,000 characters."""

MAX_CHARACTERS = 500_000
_FEWEST_HAN = 20  # fewer Han characters are no paper

_RADICAL = re.compile("[\u2e80-\u2fdf]")  # ⻔ for 门, as PDF text has it
_NO_TEXT = re.compile("[\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffc-\uffff]")  # bullets of symbol fonts among them
_HAN = re.compile(f"[{HAN}]")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|div|table|p)\b", re.IGNORECASE)

_REFUSED = (
    (b"\xd0\xcf\x11\xe0", "是加了密码的 Word 文档或旧版 doc，请去掉密码、另存为 docx 后再导入"),
    (b"{\\rtf", "是 RTF 文档，请用 Word 另存为 docx 后再导入"),
    (b"MIME-Version:", "是单个文件网页（mht），请另存为普通网页（html）后再导入"),
    (b"\x89PNG", "是图片，没有文字可导入，请先做文字识别（OCR）"),
    (b"\xff\xd8\xff", "是图片，没有文字可导入，请先做文字识别（OCR）"),
    (b"GIF8", "是图片，没有文字可导入，请先做文字识别（OCR）"),
    (b"Rar!", "是压缩包，请解压后再导入里面的文件"),
    (b"7z\xbc\xaf\x27\x1c", "是压缩包，请解压后再导入里面的文件"),
    (b"\x1f\x8b", "是压缩包，请解压后再导入里面的文件"),
)


@dataclass(frozen=True)
class Source:
    """`lines` are the paragraphs of a file, none of them blank; `name` is how it is called in messages."""

    name: str
    format: Format
    lines: tuple[str, ...]

    @property
    def may_be_web(self) -> bool:
        """Whether navigation and advertisements may stand around the text."""
        return self.format in ("txt", "md", "html")


def read_source(path: Path) -> Source:
    """Read a paper or a lesson; raises `SourceError`, which names the file."""
    name = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(path))
    try:
        data = _read(path)
        format = _format(data, path.suffix.lower())
        lines = tuple(line for line in map(tidy, _READERS[format](data)) if line)
        _check(lines)
    except SourceError as error:
        raise SourceError(f"{name}：{error}") from None
    return Source(name, format, lines)


def tidy(line: str) -> str:
    """One line without invisible characters and needless spaces, radicals replaced by the characters they stand for."""
    from essaydrill.text.glyphs import fold
    from essaydrill.text.simplified import simplify

    line = _NO_TEXT.sub("", UNSEEN.sub("", line))
    line = _RADICAL.sub(lambda found: simplify(fold(found[0])), line)
    return " ".join(line.split())


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SourceError("文件不存在，请检查路径") from None
    except IsADirectoryError:
        raise SourceError("这是一个文件夹，请写到具体的文件") from None
    except OSError as error:
        reason = "没有读取权限" if isinstance(error, PermissionError) else "读取失败"
        raise SourceError(f"{reason}，请检查文件") from None
    if len(data) > MAX_BYTES:
        raise SourceError(f"超过 {MAX_BYTES // 1_000_000} MB，不像一份试卷或一课，请拆开或只留文字后再导入")
    if not data.strip():
        raise SourceError("文件是空的")
    return data


def _format(data: bytes, suffix: str) -> Format:
    """By what the file is rather than by what it is called."""
    for magic, told in _REFUSED:
        if data.startswith(magic):
            raise SourceError(told)
    if data.startswith(b"%PDF"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if suffix in (".docx", ".pdf"):
        raise SourceError(f"不是 {suffix[1:]} 文件，内容可能已损坏，请重新导出")
    if suffix in (".html", ".htm", ".xhtml") or _HTML.search(_ascii_bytes(data[:2000])):
        return "html"
    return "md" if suffix in (".md", ".markdown") else "txt"


def _ascii_bytes(data: bytes) -> bytes:
    return data.replace(b"\0", b"")  # UTF-16


def _check(lines: tuple[str, ...]) -> None:
    if sum(map(len, lines)) > MAX_CHARACTERS:
        raise SourceError("文字太多，不像一份试卷或一课，请拆开后再导入")
    han = sum(len(_HAN.findall(line)) for line in lines)
    if han < _FEWEST_HAN:
        raise SourceError("几乎没有中文，不像一份试卷或一课，请确认是不是选错了文件")


def _decoded(data: bytes) -> str:
    from essaydrill.text.decode import UndecodableError, decode

    try:
        return decode(data)
    except UndecodableError:
        raise SourceError("不是文本，或认不出文字编码，请用 UTF-8 编码另存后再导入") from None


def _text(data: bytes) -> list[str]:
    from essaydrill.bank.importing.plain import text_lines

    return text_lines(_decoded(data))


def _markdown(data: bytes) -> list[str]:
    from essaydrill.bank.importing.plain import markdown_lines

    return markdown_lines(_decoded(data))


def _html(data: bytes) -> list[str]:
    from essaydrill.bank.importing.html import html_lines

    return html_lines(_decoded(data))


def _docx(data: bytes) -> list[str]:
    from essaydrill.bank.importing.docx import docx_lines

    return docx_lines(data)


def _pdf(data: bytes) -> list[str]:
    from essaydrill.bank.importing.pdf import pdf_lines

    return pdf_lines(data)


_READERS: dict[Format, Callable[[bytes], list[str]]] = {
    "txt": _text,
    "md": _markdown,
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
}
