"""A page of figures in a terminal: bars, sparklines and heat maps that need no colour."""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from essaydrill.reports.charts import Bar, Bars, HeatMap, Line, Lines, Page, Part, Section, Sentences
from essaydrill.reports.layout import Block, beside, heading, numbered, page_width, put, right, shorten, wrap
from essaydrill.reports.safe_text import one_line
from essaydrill.reports.style import BLUE, GREY, signs

if TYPE_CHECKING:
    from rich.console import Console

_LONGEST_LABEL = 20  # columns
_LONGEST_BAR = 30
_SHORTEST_BAR = 6
_NARROWEST_CELL = 6


def render_page(page: Page, console: "Console") -> None:
    """Print the page: its title, then every section under its heading."""
    width = page_width(console)
    title = wrap(Text(one_line(page.title), "bold"), width) + wrap(Text(one_line(page.subtitle), GREY), width)
    put(console, title)
    for section in page.sections:
        console.print()
        put(console, _heading(section, width, console))
        put(console, *(_part(part, width, console) for part in section.parts))


def _heading(section: Section, width: int, console: "Console") -> Block:
    """The section's title with its note, which stands below where there is no room for it."""
    title, note = one_line(section.title), one_line(section.note)
    if cell_len(title) + cell_len(note) + 6 <= width:
        return [heading(title, note, console)]
    return [heading(title, "", console), *wrap(Text(note, GREY), width)]


def _part(part: Part, width: int, console: "Console") -> Block:
    match part:
        case Sentences(texts, True):
            return [line for n, text in enumerate(texts, 1) for line in numbered(n, Text(one_line(text)), width)]
        case Sentences(texts):
            return [line for text in texts for line in wrap(Text(one_line(text)), width)]
        case Bars(rows):
            return _bars(list(rows), width, console)
        case Lines(rows):
            return _lines(list(rows), width)
        case HeatMap():
            return _heat_map(part, width, console)


def _bars(rows: list[Bar], width: int, console: "Console") -> Block:
    labels, label_width = _labels([row.label for row in rows])
    notes = [Text(one_line(row.note)) for row in rows]
    room = width - label_width - max((note.cell_len for note in notes), default=0) - 4
    if room < _SHORTEST_BAR:
        pairs = zip(labels, notes, strict=True)
        return [line for label, note in pairs for line in wrap(Text("  ").join([label, note]), width)]
    sign, length = signs(console), min(room, _LONGEST_BAR)
    block: Block = []
    for label, row, note in zip(labels, rows, notes, strict=True):
        filled = round(min(1.0, max(0.0, row.value)) * length)
        bar = Text.assemble((sign.filled * filled, BLUE), (sign.empty * (length - filled), GREY))
        block += beside([([label], label_width), ([bar], length), ([note], note.cell_len)])
    return block


def _lines(rows: list[Line], width: int) -> Block:
    labels, label_width = _labels([row.label for row in rows])
    notes = [Text(one_line(row.note)) for row in rows]
    room = max(1, width - label_width - max((note.cell_len for note in notes), default=0) - 4)
    blocks = [row.blocks[-room:] for row in rows]
    length = max(map(len, blocks), default=0)
    block: Block = []
    for label, line, note in zip(labels, blocks, notes, strict=True):
        drawn = right(Text(line, BLUE), length)
        block += beside([([label], label_width), ([drawn], length), (wrap(note, width), note.cell_len)])
    return block


def _heat_map(chart: HeatMap, width: int, console: "Console") -> Block:
    labels, label_width = _labels(list(chart.rows))
    column = (width - label_width) // max(1, len(chart.columns)) - 1
    if column < _NARROWEST_CELL:
        told = (cell for row in chart.cells for cell in row if cell)
        return _bars([Bar(cell.title, cell.value, cell.note) for cell in told], width, console)
    names = [wrap(Text(one_line(name), GREY), column) for name in chart.columns]
    block = beside([([Text()], label_width), *((name, column) for name in names)], gap=1)
    for label, row in zip(labels, chart.cells, strict=True):
        cells = [(Text(f"{cell.block} {cell.note}") if cell else Text("·", GREY)) for cell in row]
        block += beside([([label], label_width), *(([cell], column) for cell in cells)], gap=1)
    return block


def _labels(names: list[str]) -> tuple[list[Text], int]:
    labels = [Text(shorten(one_line(name), _LONGEST_LABEL)) for name in names]
    return labels, max((label.cell_len for label in labels), default=0)
