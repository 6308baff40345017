"""Plain text and Markdown as paragraphs, and lines that a page width broke put together again."""

import re
from collections.abc import Sequence

from essaydrill.bank.importing.cues import read_cue
from essaydrill.bank.importing.numbering import numbered
from essaydrill.text import count_cells

_ENDS = "。！？!?…"
_CLOSED = re.compile(rf"[{_ENDS}：:；;][”’」』）)】]*$")
_HEAD = re.compile(r"[【★]|(?:作答|答题)?要求\s*[:：]|第[一二三四五六七八九十]部分")
_SLACK = 2.5  # cells: what cannot stand at the end or the start of a line leaves this much room
_NARROWEST, _WIDEST = 12, 75  # cells of a line of a page
_WRAPPED_SHARE = 0.3  # of the lines of a wrapped text are full and end within a sentence

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1")
_MARKDOWN_START = re.compile(r"^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+(?=\S))+")
_MARKDOWN_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$|^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*$|^\s*```\w*\s*$")


def text_lines(text: str) -> list[str]:
    """The paragraphs of a plain text; one that was broken at a page width (from a PDF, an e-mail) is put together."""
    lines = text.split("\n")
    return unwrapped(lines) if _is_wrapped(lines) else lines


def markdown_lines(text: str) -> list[str]:
    """The paragraphs of a Markdown text without its marks."""
    lines = [line for line in text.split("\n") if not _MARKDOWN_RULE.match(line)]
    return [_unmarked(line) for line in lines]


def unwrapped(lines: Sequence[str]) -> list[str]:
    """Lines of a page joined to paragraphs: a full line goes on in the next unless that one begins something new."""
    paragraphs: list[str] = []
    full = _page_width(lines)
    goes_on = False
    for line in lines:
        text = line.strip()
        if not text or not goes_on or _begins(text):
            paragraphs.append(text)
        else:
            spaced = paragraphs[-1][-1:].isascii() and text[0].isascii() and paragraphs[-1][-1:].isalnum()
            paragraphs[-1] += (" " if spaced else "") + text
        goes_on = bool(text) and count_cells(text) >= full - _SLACK
    return paragraphs


def _begins(line: str) -> bool:
    """Whether a line begins a paragraph, whatever stood before it.

    一是 and 首先 also stand in the middle of a paragraph, where a line may happen to begin with them.
    """
    marker = numbered(line)
    listed = marker is not None and marker.style not in ("is", "yao", "ordinal")
    return listed or read_cue(line) is not None or bool(_HEAD.match(line))


def _page_width(lines: Sequence[str]) -> float:
    """The width of a full line in cells: the widest one but for a few that stick out."""
    widths = sorted(count_cells(line) for line in lines if line.strip())
    return widths[int(0.95 * (len(widths) - 1))] if widths else 0


def _is_wrapped(lines: Sequence[str]) -> bool:
    told = [line for line in lines if line.strip()]
    full = _page_width(told)
    if len(told) < 8 or not _NARROWEST <= full <= _WIDEST:
        return False
    broken = [x for x in told if full - _SLACK <= count_cells(x) <= full + _SLACK and not _CLOSED.search(x.strip())]
    return len(broken) >= _WRAPPED_SHARE * len(told)


def _unmarked(line: str) -> str:
    line = _LINK.sub(r"\1", _IMAGE.sub("", _MARKDOWN_START.sub("", line)))
    line = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", line))
    return " | ".join(cell.strip() for cell in line.strip().strip("|").split("|")) if line.lstrip()[:1] == "|" else line
