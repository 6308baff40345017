"""Traditional to simplified characters with OpenCC, one character for one character."""

import re
from collections.abc import Callable
from functools import cache

from essaydrill.text.characters import HAN

# The traditional characters that GB 2312 holds beside its 6,747 simplified ones.
_TRADITIONAL_IN_GB2312 = "乾菸薹拚捱摺吒後徵夥榘於袷麴醣麽"


def _gb2312_han() -> str:
    rows = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return b"".join(rows).decode("gb2312", errors="ignore")


SIMPLIFIED = frozenset(_gb2312_han()) - frozenset(_TRADITIONAL_IN_GB2312)
"""Common characters that need no conversion; whether a character outside this set does, OpenCC says."""

_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")


def simplify(text: str) -> str:
    """`text` in simplified characters: as long as before, character by character in the same place.

    A text without a traditional character comes back as it is; OpenCC is not even loaded then, and its phrases
    (打坏 → 打坯) cannot touch what was simplified already. Runs until nothing traditional is left, because OpenCC
    keeps some characters inside names: the same name typed in simplified characters must give the same text.
    """
    while _has_traditional(text):
        converted = _HAN_RUN.sub(lambda run: _convert_run(run[0]), text)
        if converted == text:  # what is left is meant, as in 乾坤
            break
        text = converted
    return text


def _has_traditional(text: str) -> bool:
    return any(_changes(character) for character in set(text) - SIMPLIFIED if _HAN.match(character))


@cache
def _changes(character: str) -> bool:
    return _opencc()(character) != character


def _convert_run(run: str) -> str:
    converted = _opencc()(run)
    return converted if len(converted) == len(run) else "".join(_convert_one(character) for character in run)


def _convert_one(character: str) -> str:
    converted = _opencc()(character)
    return converted if len(converted) == 1 else character


@cache
def _opencc() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert
