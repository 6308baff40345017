"""Paragraphs, sentences and clauses of a canonical text (see `normalise`) as character spans.

The spans of one list are not empty, do not overlap and stand in order. Each begins with its first word, opening quote
or list marker and ends behind its closing punctuation. No letter, digit or Han character lies outside of them.
"""

import re
from typing import NamedTuple

from essaydrill.text.characters import CLOSERS, NUMERALS


class Span(NamedTuple):
    """Characters [start, end) of a text."""

    start: int
    end: int


# Each alternative is a way to number a point; what follows keeps out words that only begin alike.
_MARKER = re.compile(
    rf"""[^\S\n]*(?:
      (?:第|其)?[{NUMERALS}]{{1,3}}(?:个?方面|点|条|步)?[、，,：:．]     # 一、 第一， 其二： 第一方面，
    | [（(](?:[{NUMERALS}]{{1,3}}|[0-9]{{1,2}}|[A-Za-z])[）)][、，,：:]?  # （一） (1)、
    | [0-9]{{1,2}}[、.．)），,：:](?![0-9])                              # 1. 2、 3)
    | [A-Za-z][、.．)）]                                                 # A.
    | [①-⑳㉑-㉟㊱-㊿❶-❿➀-➓㊀-㊉][、.．，,]?
    | [{NUMERALS}]是[，,：:]?
    | [{NUMERALS}]要(?!素|点|件|害|领|义|塞|道)[，,：:]?
    | 另?一方面[，,：:]?
    | 其[{NUMERALS}](?=[是在要])
    | (?:首先|其次)[，,、：:]?
    | (?:再次|再者|此外|另外|最后)(?:[，,、：:]|(?=[是要还需应]))
    | [•●○◆◇■□▪►▶※★☆·]
    | [-*](?=[^\s0-9*-])
    )[^\S\n]*""",
    re.VERBOSE,
)

_STOPS = "。！？!?；;"
_SENTENCE_END = re.compile(rf"[{_STOPS}][{_STOPS}{CLOSERS}]*|\n")
# A comma in 1,000 and a colon in 9:30 end nothing.
_CLAUSE_END = re.compile(
    rf"(?:[{_STOPS}]|[，,](?!(?<=[0-9],)[0-9]{{3}}(?![0-9]))|[：:](?!(?<=[0-9]:)[0-9])|—{{2,}})[{_STOPS}{CLOSERS}]*|\n"
)
_PARAGRAPH_END = re.compile(r"\n")
# What a piece cannot begin with: white space, and marks that belong to what stands before it.
_LEFT_OVER = re.compile(rf"[\s—…，,、：:{_STOPS}{CLOSERS}]*")
_WORD = re.compile(r"\w")


def list_marker(text: str) -> re.Match[str] | None:
    """The match of a marker that `text` begins with (一、 （一） 1. ① 第一， 一是 首先， …), punctuation included."""
    return _MARKER.match(text)


def paragraphs(text: str) -> list[Span]:
    """The lines of `text` that say something."""
    return _split(text, _PARAGRAPH_END)


def sentences(text: str) -> list[Span]:
    """What 。！？；or a line end closes, with the quotes and brackets that close behind it."""
    return _split(text, _SENTENCE_END)


def clauses(text: str) -> list[Span]:
    """What a sentence's end, a comma, a colon or a dash closes; 、 does not. A list marker stays with its clause."""
    return _split(text, _CLAUSE_END)


def _split(text: str, ends: re.Pattern[str]) -> list[Span]:
    spans: list[Span] = []
    start = 0
    while start < len(text):
        marker = _MARKER.match(text, start)
        end = ends.search(text, marker.end() if marker else start)
        stop = end.end() if end else len(text)
        if _WORD.search(text, start, stop):
            spans.append(_trimmed(text, start, stop))
        start = stop
    return spans


def _trimmed(text: str, start: int, stop: int) -> Span:
    leading = _LEFT_OVER.match(text, start, stop)
    first = leading.end() if leading else start
    return Span(first, first + len(text[first:stop].rstrip()))
