"""A page of figures as one HTML file: charts are inline SVG, nothing is loaded, nothing runs."""

from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template

from essaydrill.reports.charts import Bars, Heat, HeatMap, Line, Lines, Page, Part, Section, Sentences
from essaydrill.reports.safe_text import one_line

_CELL_WIDTH, _CELL_HEIGHT, _HEAD = 86, 30, 22  # of a heat map, in its own units
_LABEL_WIDTH = 160
# The strongest colour of a cell still leaves the figure in it readable, in light and dark.
_STRONGEST = 0.55


def page_html(page: Page) -> str:
    """The whole file. Every text of the page is shown as text, whatever it holds."""
    template = Template(files("essaydrill.reports").joinpath("templates/page.html").read_text("utf-8"))
    sections = "\n".join(map(_section, page.sections))
    return template.substitute(title=_text(page.title), subtitle=_text(page.subtitle), sections=sections)


def _text(text: str) -> str:
    return escape(one_line(text))


def _section(section: Section) -> str:
    note = f"<small>{_text(section.note)}</small>" if section.note else ""
    parts = "\n".join(map(_part, section.parts))
    return f"<section>\n<h2>{note}{_text(section.title)}</h2>\n{parts}\n</section>"


def _part(part: Part) -> str:
    match part:
        case Sentences(texts, True):
            return f"<ol>{''.join(f'<li>{_text(text)}</li>' for text in texts)}</ol>"
        case Sentences(texts):
            return "\n".join(f"<p>{_text(text)}</p>" for text in texts)
        case Bars(rows):
            return _table((row.label, _bar(row.value), row.note) for row in rows)
        case Lines(rows):
            return _table((row.label, _line(row), row.note) for row in rows)
        case HeatMap():
            return _heat_map(part)


def _table(rows: Iterable[tuple[str, str, str]]) -> str:
    """Rows of label, picture and note."""
    body = "".join(
        f'<tr><td>{_text(label)}</td><td>{picture}</td><td class="note">{_text(note)}</td></tr>'
        for label, picture, note in rows
    )
    return f'<table class="chart">{body}</table>'


def _bar(value: float) -> str:
    width = 100 * min(1.0, max(0.0, value))
    return (
        '<svg viewBox="0 0 100 10" height="10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="10"/><rect class="mark" width="{width:.1f}" height="10"/></svg>'
    )


def _line(row: Line) -> str:
    """The values from the left to the right, nothing at the bottom, full marks at the top."""
    drawn = [_at(k, value, len(row.values)) for k, value in enumerate(row.values)]
    points = drawn * 2 if len(drawn) == 1 else drawn
    return (
        '<svg viewBox="-1 -2 102 34" height="44" preserveAspectRatio="none" aria-hidden="true">'
        '<line class="rule" x1="0" y1="30" x2="100" y2="30"/><line class="rule" x1="0" y1="0" x2="100" y2="0"/>'
        f'<polyline class="line" points="{" ".join(points)}"/></svg>'
    )


def _at(k: int, value: float, count: int) -> str:
    x = 100 * k / (count - 1) if count > 1 else 0.0
    return f"{x:.1f},{30 * (1 - min(1.0, max(0.0, value))):.1f}"


def _heat_map(chart: HeatMap) -> str:
    width = _LABEL_WIDTH + _CELL_WIDTH * len(chart.columns)
    height = _HEAD + _CELL_HEIGHT * len(chart.rows)
    centres = [_LABEL_WIDTH + _CELL_WIDTH * (j + 0.5) for j in range(len(chart.columns))]
    parts = [
        f'<text class="faint" x="{centre:g}" y="14" text-anchor="middle">{_text(name)}</text>'
        for centre, name in zip(centres, chart.columns, strict=True)
    ]
    for i, (name, row) in enumerate(zip(chart.rows, chart.cells, strict=True)):
        top = _HEAD + _CELL_HEIGHT * i
        parts.append(f'<text x="{_LABEL_WIDTH - 8}" y="{top + 19}" text-anchor="end">{_text(name)}</text>')
        parts += [_cell(cell, _LABEL_WIDTH + _CELL_WIDTH * j, top) for j, cell in enumerate(row) if cell]
    return (
        f'<div class="heat"><svg viewBox="0 0 {width} {height}" style="min-width:{width * 3 // 4}px" role="img">'
        f"{''.join(parts)}</svg></div>"
    )


def _cell(cell: Heat, left: int, top: int) -> str:
    opacity = 0.05 + (_STRONGEST - 0.05) * min(1.0, max(0.0, cell.value))
    width, height = _CELL_WIDTH - 2, _CELL_HEIGHT - 2
    middle = left + width / 2
    return (
        f"<g><title>{_text(cell.title)} {_text(cell.note)}</title>"
        f'<rect class="mark" fill-opacity="{opacity:.2f}" x="{left}" y="{top}" width="{width}" height="{height}"/>'
        f'<text x="{middle:g}" y="{top + 19}" text-anchor="middle">{_text(cell.note)}</text></g>'
    )
