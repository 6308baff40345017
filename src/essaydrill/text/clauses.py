"""Paragraphs, sentences and clauses of a canonical text (see `normalise`) as character spans.

The spans of one list are not empty, do not overlap and stand in order. Each begins with its first word, opening quote
or list marker and ends behind its closing punctuation. No letter, digit or Han character lies outside of them.
"""

import re
import sys

from essaydrill.text.characters import CLOSERS, HAN, NUMERALS

Span = tuple[int, int]
"""Characters [start, end) of a text."""


# Each alternative is a way to number a point; what follows keeps out words that only begin alike. Few clauses begin
# with one of the characters in the first line: it saves trying all the others.
_MARKED = rf"""(?x:(?=[\s第其{NUMERALS}（(0-9A-Za-z①-⑳㉑-㉟㊱-㊿❶-❿➀-➓㊀-㊉另首再此最•●○◆◇■□▪►▶※★☆·*-])[^\S\n]*(?:
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
    )[^\S\n]*)"""
_MARKER = re.compile(_MARKED)

_STOPS = "。！？!?；;"


def _pieces(beginnings: str, end: str) -> re.Pattern[str]:
    """What runs up to an `end` or the end of the text; `end` begins with one of the `beginnings`, but not within a list
    marker that opens the piece."""
    return re.compile(rf"(?:{_MARKED})?+(?:[^{beginnings}]++|(?!{end}).)*+(?:{end})?", re.DOTALL)


_SENTENCES = _pieces(rf"{_STOPS}\n", rf"(?:[{_STOPS}][{_STOPS}{CLOSERS}]*|\n)")
# A comma in 1,000 and a colon in 9:30 end nothing.
_CLAUSES = _pieces(
    rf"{_STOPS}，,：:—\n",
    rf"(?:(?:[{_STOPS}]|[，,](?!(?<=[0-9],)[0-9]{{3}}(?![0-9]))|[：:](?!(?<=[0-9]:)[0-9])|—{{2,}})[{_STOPS}{CLOSERS}]*|\n)",
)
_PARAGRAPHS = _pieces(r"\n", r"\n")
# What a piece cannot begin with: white space, and marks that belong to what stands before it.
_LEFT_OVER = re.compile(rf"[\s—…，,、：:{_STOPS}{CLOSERS}]*")
_WORD = re.compile(rf"[\w{HAN}]")  # a Han character may be newer than Python's tables


def list_marker(text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
    """The match of a marker that text[start:end] begins with (一、 （一） 1. ① 第一， 一是 首先， …), punctuation
    included."""
    return _MARKER.match(text, start, end)


def paragraphs(text: str) -> list[Span]:
    """The lines of `text` that say something."""
    return _split(text, _PARAGRAPHS)


def sentences(text: str) -> list[Span]:
    """What 。！？；or a line end closes, with the quotes and brackets that close behind it."""
    return _split(text, _SENTENCES)


def clauses(text: str) -> list[Span]:
    """What a sentence's end, a comma, a colon or a dash closes; 、 does not. A list marker stays with its clause."""
    return _split(text, _CLAUSES)


def _split(text: str, pieces: re.Pattern[str]) -> list[Span]:
    spans: list[Span] = []
    behind = 0
    for piece in pieces.findall(text):
        start, behind = behind, behind + len(piece)
        if not piece[:1].isalnum():
            if not _WORD.search(piece):
                continue
            if leading := _LEFT_OVER.match(piece):
                start += leading.end()
        end = behind
        if piece[-1].isspace():
            end -= len(piece) - len(piece.rstrip())
        spans.append((start, end))
    return spans
