"""Breaking lines as Chinese is printed. Textual breaks between words, and a Chinese paragraph is one word to it."""

import re
from collections.abc import Callable

from rich.cells import cell_len
from textual.document import _wrapped_document

_OPENING = "（《〈「『【“‘"
_CLOSING = "，。、；：？！）》〉」』】”’…—·％"
# What may not be parted: opening marks, one character or Latin word, closing marks.
_CLUSTER = re.compile(rf"[{_OPENING}]*(?:[!-~]+|.)[{_CLOSING}]*", re.DOTALL)
_NAME = "compute_wrap_offsets"
_words: Callable[..., list[int]] = vars(_wrapped_document)[_NAME]


def break_lines(
    text: str,
    width: int,
    tab_size: int,
    fold: bool = True,
    precomputed_tab_sections: list[tuple[str, int]] | None = None,
) -> list[int]:
    """The offsets in a paragraph at which lines of at most `width` columns begin, but for the first.

    The signature is that of Textual's own function, which still breaks the lines that hold tabs.
    """
    if "\t" in text:
        return _words(text, width, tab_size, fold, precomputed_tab_sections)
    offsets: list[int] = []
    used = 0
    for found in _CLUSTER.finditer(text):
        columns = cell_len(found[0])
        if used + columns <= width:
            used += columns
            continue
        if used:
            offsets.append(found.start())
        used = columns
        if columns > width:
            used = 0
            for index, character in enumerate(found[0], found.start()):
                size = cell_len(character)
                if used + size > width:
                    offsets.append(index)
                    used = 0
                used += size
    return offsets


def install() -> None:
    """Let every text area of this process break lines so."""
    setattr(_wrapped_document, _NAME, break_lines)
