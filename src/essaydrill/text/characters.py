"""Character classes that the text modules share, as bodies of regular-expression classes, and what is told by them."""

import re

HAN = r"〇㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U000323af"
"""Han characters: unified and compatibility ideographs and the zero 〇."""

NUMERALS = "一二三四五六七八九十"

CLOSERS = r"”’」』》〉）)】〕\]"
"""Closing quotes and brackets: they belong to what stands before them."""

INVISIBLE = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
"""Characters without ink: controls, zero-width and bidirectional marks, variation selectors, fillers."""

# CSI (ESC [ … m), strings that a terminator closes (OSC, DCS …: ESC ] … BEL), and two-character escapes.
# A string that nothing closes loses only its introducer: the words behind it are the candidate's.
_ESCAPE = (
    r"(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f\u2028\u2029]*+(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*+[0-~]"
)
TERMINAL_ESCAPE = re.compile(_ESCAPE)
UNSEEN = re.compile(rf"{_ESCAPE}|[{INVISIBLE}]")
"""One terminal escape sequence or one invisible character."""

_NOT_LETTERS = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """The letters, digits and Han characters of `text` (`str.isalnum`)."""
    return _NOT_LETTERS.sub("", text)
