"""The paragraphs and tables of a Word document, with the numbers that Word itself puts before them."""

import zipfile
import zlib
from io import BytesIO
from typing import Any

from essaydrill.bank.importing.docx_numbers import Numbers, attribute, local_name
from essaydrill.bank.importing.flow import Flow
from essaydrill.bank.importing.problems import SourceError, optional

MAX_PART = 30_000_000
"""Bytes of one unpacked part: the text of a paper takes less than one tenth; a zip bomb takes more."""

_DAMAGED = "不是完整的 Word 文档（docx），请用 Word 打开后重新另存"
# Deleted and moved text, field codes, hints above characters, drawings' second version for old programs.
_DROPPED = frozenset(("del", "moveFrom", "instrText", "rt", "Fallback", "sectPr", "tblPr", "trPr", "tcPr"))


def docx_lines(data: bytes) -> list[str]:
    """The lines of a docx file; raises `SourceError` where it is damaged, encrypted, a bomb, or no document."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            body, numbering, styles = (_part(archive, name) for name in ("document", "numbering", "styles"))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        raise SourceError(_DAMAGED) from None
    if body is None:
        raise SourceError("是压缩包或别的 Office 文件，不是 Word 文档（docx），请确认选对了文件")
    return _lines(body, Numbers(numbering, styles))


def _part(archive: zipfile.ZipFile, name: str) -> Any:
    """The root element of word/`name`.xml; None where the archive has no such part."""
    try:
        info = archive.getinfo(f"word/{name}.xml")
    except KeyError:
        return None
    if info.flag_bits & 1:
        raise SourceError("文档加了密码，请去掉密码后再导入")
    with archive.open(info) as file:
        content = file.read(MAX_PART + 1)
    if len(content) > MAX_PART:
        raise SourceError("解压后大得反常，为安全起见不予读取，请把文字复制到新的文档里再导入")
    etree = optional("lxml.etree")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.LxmlError:
        raise SourceError(_DAMAGED) from None


def _lines(body: Any, numbers: Numbers) -> list[str]:
    flow = Flow()
    walk = optional("lxml.etree").iterwalk(body, events=("start", "end"))
    for event, element in walk:
        name = local_name(element)
        if event == "start" and (name in _DROPPED or (name == "r" and _is_hidden(element))):
            walk.skip_subtree()
        elif event == "start":
            _start(flow, name, element, numbers)
        elif name in ("p", "txbxContent"):
            flow.end()
        elif name == "tr":
            flow.row_end()
    flow.end()
    return flow.lines


def _start(flow: Flow, name: str, element: Any, numbers: Numbers) -> None:
    match name:
        case "p":
            flow.end()
            flow.text(numbers.label(element))
        case "t":
            flow.text(element.text)
        case "tab":
            flow.text(" ")
        case "br" | "cr":
            flow.end()
        case "noBreakHyphen":
            flow.text("-")
        case "tr":
            flow.row()
        case "tc":
            flow.cell()


def _is_hidden(run: Any) -> bool:
    for properties in run:
        if local_name(properties) == "rPr":
            return any(local_name(p) == "vanish" and attribute(p, "val") not in ("0", "false") for p in properties)
    return False
