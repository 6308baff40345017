"""Text from strangers, made harmless for a terminal without moving a single character."""

import re

# Control characters (terminal escapes begin with one), lone surrogates and the characters that turn writing around.
_HARMFUL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ud800-\udfff]")
_LINE_ENDS = re.compile("[\x0b\x0c\x85\u2028\u2029]|\r(?!\n)")
_BLANKS = re.compile("[\t\r]")
# Joiners make the width of a line differ from the sum of its characters' widths, and differ between terminals.
_JOINERS = re.compile("[\u200d\ufe00-\ufe0f]")


def sanitise(text: str) -> str:
    """`text` with everything replaced, one character for one, that could do more to a terminal than be read.

    Character k of the outcome stands for character k of `text`. Line ends of every kind become `\\n`.
    """
    text = _HARMFUL.sub("\N{REPLACEMENT CHARACTER}", text)
    text = _LINE_ENDS.sub("\n", text)
    text = _BLANKS.sub(" ", text)
    return _JOINERS.sub("\N{ZERO WIDTH NON-JOINER}", text)


def one_line(text: str) -> str:
    """`text` made harmless and put on one line, blanks collapsed."""
    return " ".join(sanitise(text).split())
