"""How well machine and people agree: a table in the terminal, and a web page with a scatter plot.

Whoever makes a page has computed everything: figures come as texts, places in the plot as shares of the full mark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from essaydrill.reports.safe_text import one_line

if TYPE_CHECKING:
    from rich.console import Console

_SIDE = 400  # of the plot, in its own units
_MARGIN = 58
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Table:
    """`narrow` are the places of the columns that stand in a terminal of 80 columns; the first column holds names."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    narrow: Sequence[int]


@dataclass(frozen=True)
class Dot:
    """One answer in the plot: people's mark to the right, the machine's upwards, both 0..1."""

    human: float
    machine: float
    title: str


@dataclass(frozen=True)
class Quote:
    """An answer on which machine and person are far apart."""

    heading: str
    remark: str
    text: str


@dataclass(frozen=True)
class AgreementPage:
    """`warnings` stand before the figures, `notes` behind them."""

    title: str
    warnings: Sequence[str]
    notes: Sequence[str]
    tables: Sequence[Table]
    dots: Sequence[Dot]
    quotes: Sequence[Quote]
    footer: str


def render_agreement(page: AgreementPage, console: "Console") -> None:
    """Print the tables of a page with its warnings and notes."""
    from rich.table import Table as RichTable
    from rich.text import Text

    from essaydrill.reports.layout import MEASURE, heading, wrap
    from essaydrill.reports.style import GREY, ORANGE

    def sentences(texts: Sequence[str], style: str) -> None:
        for text in texts:
            for line in wrap(Text(one_line(text), style), min(console.width, MEASURE)):
                console.print(line)

    if page.warnings:
        sentences(page.warnings, ORANGE)
        console.print()
    for table in page.tables:
        console.print(heading(table.title, "", console))
        grid = RichTable(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold", expand=False)
        for place in table.narrow:
            if place == table.narrow[0]:
                grid.add_column(table.headings[place], overflow="fold", max_width=30)
            else:
                grid.add_column(table.headings[place], justify="right", no_wrap=True)
        for row in table.rows:
            grid.add_row(*(Text(one_line(row[place])) for place in table.narrow))
        console.print(grid)
        console.print()
    sentences(page.notes, "")
    sentences([page.footer], GREY)


def agreement_html(page: AgreementPage) -> str:
    """The whole file: nothing is loaded, nothing runs, every text is shown as text."""
    template = Template(files("essaydrill.reports").joinpath("templates/agreement.html").read_text("utf-8"))
    return template.substitute(
        title=_text(page.title),
        warnings="\n".join(f'<p class="warning">{_text(warning)}</p>' for warning in page.warnings),
        notes="\n".join(f"<p>{_text(note)}</p>" for note in page.notes),
        tables="\n".join(map(_table, page.tables)),
        plot=_plot(page.dots),
        quotes="\n".join(map(_quote, page.quotes)),
        footer=_text(page.footer),
    )


def _text(text: str) -> str:
    return escape(one_line(text))


def _table(table: Table) -> str:
    head = "".join(f"<th>{_text(heading)}</th>" for heading in table.headings)
    body = "\n".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return (
        f'<section><h2>{_text(table.title)}</h2>\n<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div></section>"
    )


def _plot(dots: Sequence[Dot]) -> str:
    """People's marks to the right, the machine's upwards; on the diagonal both agree."""
    size = _SIDE + 2 * _MARGIN
    parts = [f'<svg viewBox="0 0 {size} {size}" role="img" aria-label="人工评分与机器评分的散点图">']
    for tick in _TICKS:
        x, y = _place(tick, tick)
        parts.append(f'<line class="rule" x1="{x}" y1="{_MARGIN}" x2="{x}" y2="{_MARGIN + _SIDE}"/>')
        parts.append(f'<line class="rule" x1="{_MARGIN}" y1="{y}" x2="{_MARGIN + _SIDE}" y2="{y}"/>')
        parts.append(f'<text x="{x}" y="{_MARGIN + _SIDE + 18}" text-anchor="middle">{tick:.0%}</text>')
        parts.append(f'<text x="{_MARGIN - 6}" y="{y + 4}" text-anchor="end">{tick:.0%}</text>')
    (x0, y0), (x1, y1) = _place(0, 0), _place(1, 1)
    parts.append(f'<line class="diagonal" x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}"/>')
    parts.append(f'<text x="{_MARGIN + _SIDE / 2}" y="{size - 6}" text-anchor="middle">人工评分（占满分）</text>')
    middle = _MARGIN + _SIDE / 2
    parts.append(f'<text transform="translate(12 {middle}) rotate(-90)" text-anchor="middle">机器评分（占满分）</text>')
    for dot in dots:
        x, y = _place(dot.human, dot.machine)
        parts.append(f'<circle class="dot" cx="{x}" cy="{y}" r="4"><title>{_text(dot.title)}</title></circle>')
    return "\n".join([*parts, "</svg>"])


def _place(human: float, machine: float) -> tuple[float, float]:
    return round(_MARGIN + _SIDE * human, 1), round(_MARGIN + _SIDE * (1 - machine), 1)


def _quote(quote: Quote) -> str:
    return (
        f"<article><h3>{_text(quote.heading)}</h3>\n<p>{_text(quote.remark)}</p>\n"
        f"<blockquote>{_text(quote.text)}</blockquote></article>"
    )
