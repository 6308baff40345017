"""The paragraphs, lists and tables of a web page or of HTML that Word exported; nothing is ever fetched."""

import re
from typing import Any

from essaydrill.bank.importing.flow import Flow
from essaydrill.bank.importing.numbering import numbered
from essaydrill.bank.importing.problems import SourceError, optional

_DROPPED = re.compile(
    r"script|style|nav|head|title|noscript|template|iframe|object|embed|applet|svg|math|canvas|audio|video|map|select"
    r"|button|input|textarea|footer|aside|dialog"
)
_BLOCK = re.compile(
    r"address|article|blockquote|body|caption|center|dd|details|dir|div|dl|dt|fieldset|figcaption|figure|form|h[1-6]"
    r"|header|hr|legend|li|main|menu|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


def html_lines(text: str) -> list[str]:
    """The lines of a page: scripts, styles, navigation, comments and what is hidden are left out."""
    etree = optional("lxml.etree")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        root = None
    if root is None:
        raise SourceError("不是能读的网页，请在浏览器里重新另存后再导入")
    return _Page(etree.iterwalk(root, events=("start", "end"))).lines()


class _Page:
    def __init__(self, walk: Any) -> None:
        self._walk = walk
        self._flow = Flow()
        self._lists: list[int | None] = []  # of each open list: the number of its next item, None where it has bullets

    def lines(self) -> list[str]:
        for event, element in self._walk:
            name = str(element.tag).lower()
            if event == "end":
                self._end(name)
                self._flow.text(element.tail)
            elif _DROPPED.fullmatch(name) or _is_hidden(element):
                self._walk.skip_subtree()
            else:
                self._start(name, element)
        self._flow.end()
        return self._flow.lines

    def _start(self, name: str, element: Any) -> None:
        if name == "tr":
            self._flow.row()
        elif name in ("td", "th"):
            self._flow.cell()
        elif _BLOCK.fullmatch(name) or name == "br":
            self._flow.end()
        if name in ("ol", "ul"):
            start = element.get("start", "1")
            self._lists.append((int(start) if start.isdecimal() else 1) if name == "ol" else None)
        elif name == "li" and self._lists and self._lists[-1] is not None:
            if not numbered((element.text or "").lstrip()):
                self._flow.text(f"{self._lists[-1]}. ")
            self._lists[-1] += 1
        for number, line in enumerate((element.text or "").split("\n") if name == "pre" else [element.text]):
            if number:
                self._flow.end()
            self._flow.text(line)

    def _end(self, name: str) -> None:
        if name == "tr":
            self._flow.row_end()
        elif _BLOCK.fullmatch(name):
            self._flow.end()
        if name in ("ol", "ul") and self._lists:
            self._lists.pop()


def _is_hidden(element: Any) -> bool:
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))
