"""Numbers that begin a section, a question, a point: 一、 （一） 1. (1) ① 一是 第一， 首先."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from essaydrill.text.characters import NUMERALS

Style = Literal["han", "han_paren", "arabic", "arabic_paren", "circle", "is", "yao", "ordinal"]

_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
NEXT = 0  # the number of 最后 and 此外: whichever comes next in their list
_ORDER = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": NEXT, "此外": NEXT, "另外": NEXT}

_MARKER = re.compile(
    rf"""
      (?P<is>[{NUMERALS}]{{1,2}})是[，,：:]?
    | (?P<yao>[{NUMERALS}]{{1,2}})要(?!素|点|件|害|领|义|塞|道|求)[，,：:]?
    | (?P<han>[{NUMERALS}]{{1,3}})[、．.]
    | [（(](?P<han_paren>[{NUMERALS}]{{1,3}})[）)][、，,.．]?
    | (?P<han_half>[{NUMERALS}]{{1,3}})[）)][、，,.．]?       # the opening bracket got lost
    | (?<![0-9.])(?P<arabic>[0-9０-９]{{1,2}})[.．、](?![0-9])
    | [（(](?P<arabic_paren>[0-9０-９]{{1,2}})[）)][、，,.．]?
    | (?<![0-9.])(?P<arabic_half>[0-9]{{1,2}})[）)][、，,.．]?
    | (?P<circle>[{_CIRCLES}])[、.．]?
    | [第其](?P<ordinal>[{NUMERALS}]{{1,2}})(?:[，,、：:]|是|个?方面[，,：:]?)
    | (?P<order>首先|其次|再次|再者|最后(?=[，,：:要])|此外(?=[，,：:])|另外(?=[，,：:]))[，,：:]?
    """,
    re.VERBOSE,
)
_STYLES: dict[str, Style] = {"han_half": "han_paren", "arabic_half": "arabic_paren", "order": "ordinal"}
# Where a number may stand inside a paragraph: behind the end of a sentence, 一是 and the like behind a comma too.
_BEFORE = re.compile(r"[\n。；;：:！？!?】][”’）)]*\s*$")
_BEFORE_WORD = re.compile(r"[\n。；;：:！？!?】，,][”’）)]*\s*$")
_WORDS: tuple[Style, ...] = ("is", "yao", "ordinal")


@dataclass(frozen=True)
class Numbered:
    """A number (`NEXT` for 最后) that begins at `start` of a text; what it numbers begins at `end`."""

    style: Style
    number: int
    start: int
    end: int


def han_numeral(number: int) -> str:
    """1..99 as 一..九十九."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else NUMERALS[tens - 1] + "十"
    return head + (NUMERALS[ones - 1] if ones else "")


_HAN_VALUES = {han_numeral(number): number for number in range(1, 100)}


def value(numeral: str) -> int | None:
    """The number that Han or Arabic digits stand for; None where they are no number up to 99."""
    return int(numeral) if numeral.isdecimal() else _HAN_VALUES.get(numeral)


def numbered(text: str, at: int = 0) -> Numbered | None:
    """The number that stands at position `at` of `text`."""
    found = _MARKER.match(text, at)
    return _read(text, found) if found else None


def numbers_within(text: str) -> Iterator[Numbered]:
    """All numbers in `text` that begin a line or a sentence."""
    for found in _MARKER.finditer(text):
        marker = _read(text, found)
        before = text[max(0, found.start() - 4) : found.start()] or "\n"
        if marker and (_BEFORE_WORD if marker.style in _WORDS else _BEFORE).search(before):
            yield marker


def _read(text: str, found: re.Match[str]) -> Numbered | None:
    name = found.lastgroup or ""
    digits = found[name]
    if name == "circle":
        number: int | None = _CIRCLES.index(digits) + 1
    else:
        number = _ORDER[digits] if name == "order" else value(digits)
    if number is None:
        return None
    space = re.compile(r"[ \t]*").match(text, found.end())
    end = space.end() if space else found.end()
    return Numbered(_STYLES.get(name) or name, number, found.start(), end)  # type: ignore[arg-type]
