"""The lesson around the questions as Markdown notes."""

import re
from collections.abc import Sequence

from essaydrill.bank.importing.numbering import numbered
from essaydrill.bank.importing.paper import Section

_STAR = re.compile(r"^[★☆◆■●▶※]\s*")
_SENTENCE = re.compile(r"[。；！？!?;，,]|[：:]$")
_LONGEST_HEADING = 30
_MARKDOWN = re.compile(r"^([#>]|[-*+]\s|```)")


def notes_markdown(sections: Sequence[Section], title: str, origin: str) -> str:
    """The sections with their headings; ★ lines and short numbered lines become headings below them."""
    paragraphs = [f"# {title}", f"<!-- 由 essaydrill bank import 从“{origin}”导入，请核对文字和版权后再用 -->"]
    for section in sections:
        paragraphs.append(f"## {section.title}")
        paragraphs += map(_paragraph, section.lines)
    return "\n\n".join(paragraphs) + "\n"


def _paragraph(line: str) -> str:
    if _STAR.match(line):
        return f"### {_STAR.sub('', line)}"
    marker = numbered(line)
    headed = marker is not None and marker.style in ("arabic", "han", "han_paren")
    if headed and len(line) <= _LONGEST_HEADING and not _SENTENCE.search(line):
        return f"#### {line}"
    return _MARKDOWN.sub(r"\\\1", line)
