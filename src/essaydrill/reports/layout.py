"""Lines of Chinese text for a given width in terminal columns.

A block is a list of `Text`, one per line, none wider than asked for. Lines are broken as Chinese is printed: no closing
mark begins a line, no opening mark ends one, and words in Latin letters stay whole where they fit.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TypeAlias

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from essaydrill.reports.style import GREY, signs

Block: TypeAlias = list[Text]

MEASURE = 100
"""The widest page in columns: lines of more than 50 Han characters are hard to follow."""

_TAG = r"\[[\w.-]{1,80}(?: \+[\d.]+)?\]"
_OPENING = "（《〈「『【“‘"
_CLOSING = "，。、；：？！）》〉」』】”’…—·％"
# What may not be parted: opening marks, one character or Latin word, closing marks and the tags of earned marks.
_CLUSTER = re.compile(rf"[{_OPENING}]*(?:{_TAG}|[!-Z\\-~]+|\s+|.)(?:[{_CLOSING}]|{_TAG})*", re.DOTALL)


def page_width(console: Console) -> int:
    """The width of a page on this console in columns."""
    return max(20, min(console.width, MEASURE))


def wrap(text: Text, width: int) -> Block:
    """`text` in lines of at most `width` columns; paragraphs are kept, several blank lines become one."""
    block: Block = []
    for paragraph in text.split("\n", allow_blank=True):
        paragraph.rstrip()
        if paragraph.plain:
            block += [paragraph[start:end] for start, end in _lines(paragraph.plain, width)]
        elif block and block[-1].plain:
            block.append(Text())
    while block and not block[-1].plain:
        block.pop()
    return block


def _lines(paragraph: str, width: int) -> Iterator[tuple[int, int]]:
    """Where the lines of one paragraph begin and end; blanks at a break belong to no line."""
    start = used = 0
    for found in _CLUSTER.finditer(paragraph):
        cluster, columns = found[0], cell_len(found[0])
        if used + columns <= width:
            used += columns
            continue
        if used:
            yield start, found.start()
        start, used = found.start(), columns
        if cluster.isspace():
            start, used = found.end(), 0
        elif columns > width:
            used = 0
            for index, character in enumerate(cluster, found.start()):
                if used + cell_len(character) > width:
                    yield start, index
                    start, used = index, 0
                used += cell_len(character)
    if start < len(paragraph):
        yield start, len(paragraph)


def beside(columns: Sequence[tuple[Block, int]], gap: int = 2) -> Block:
    """Blocks side by side, each in its own width, `gap` columns apart."""
    block: Block = []
    for row in zip_longest(*(lines for lines, _ in columns)):
        line, edge = Text(), 0
        for cell, (_, width) in zip(row, columns, strict=True):
            if cell:
                line.append(" " * (edge - line.cell_len)).append_text(cell)
            edge += width + gap
        block.append(line)
    return block


def right(text: Text, width: int) -> Text:
    """One line with `text` at its right edge."""
    return Text(" " * (width - text.cell_len)).append_text(text)


def flow(items: Iterable[Text], separator: str, width: int) -> Block:
    """Short items one after another, broken between items only; an item wider than a line is wrapped."""
    block: Block = []
    for item in items:
        if block and block[-1].cell_len + cell_len(separator) + item.cell_len <= width:
            block[-1].append(separator, GREY).append_text(item)
        else:
            block += wrap(item, width)
    return block


def labelled(label: str, body: Text, width: int, style: str = "bold") -> Block:
    """A label of two Han characters in its own column and the body beside it."""
    return beside([([Text(label, style)], 4), (wrap(body, width - 6), width - 6)])


def numbered(number: int, body: Text, width: int) -> Block:
    """One entry of a numbered list."""
    label = Text(f"{number}. ")
    room = width - label.cell_len
    return beside([([label], label.cell_len), (wrap(body, room), room)], gap=0)


def indented(block: Block, columns: int = 2) -> Block:
    """The block moved to the right."""
    return [Text(" " * columns).append_text(line) for line in block]


def heading(title: str, note: str | Text, console: Console) -> Text:
    """The title of a section, a thin rule, and a remark at its end."""
    width = page_width(console)
    remark = Text(note, GREY) if isinstance(note, str) else note
    remark = right(remark, remark.cell_len + 1) if remark else remark
    title = shorten(title, width - remark.cell_len - 3)
    room = width - cell_len(title) - remark.cell_len - 1
    return Text.assemble((title, "bold"), " ", (signs(console).rule * room, GREY), remark)


def shorten(text: str, width: int) -> str:
    """`text` cut to at most `width` columns, with …… for what is left out."""
    if cell_len(text) <= width:
        return text
    kept = ""
    for character in text:
        if cell_len(kept + character) > width - 2:
            break
        kept += character
    return f"{kept.rstrip('，、；：。')}……"


def put(console: Console, *blocks: Block) -> None:
    """Print the blocks that are not empty, a blank line between them."""
    for number, block in enumerate(filter(None, blocks)):
        if number:
            console.print()
        for line in block:
            line.rstrip()
            console.print(line, no_wrap=True, overflow="ignore", crop=False)
