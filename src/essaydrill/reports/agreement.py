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
from essaydrill.reports.scatter import Dot, Scatter, scatter

if TYPE_CHECKING:
    from rich.console import Console

_TICKS = ("0%", "25%", "50%", "75%", "100%")


@dataclass(frozen=True)
class Table:
    """`narrow` are the places of the columns that stand in a terminal of 80 columns; the first column holds names."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    narrow: Sequence[int]


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
        plot=scatter(Scatter(page.dots, _TICKS, "占满分")),
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


def _quote(quote: Quote) -> str:
    return (
        f"<article><h3>{_text(quote.heading)}</h3>\n<p>{_text(quote.remark)}</p>\n"
        f"<blockquote>{_text(quote.text)}</blockquote></article>"
    )
