"""What a page of figures consists of: sections of sentences, bars, lines and heat maps.

Whoever makes a page has computed everything: `value` is 0..1 and decides how much of a bar, a line's height or a cell's
colour is drawn; the texts say what it is and are shown as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    note: str


@dataclass(frozen=True)
class Bars:
    rows: Sequence[Bar]


@dataclass(frozen=True)
class Line:
    """Values in order of time; `blocks` are the same as one block character each."""

    label: str
    values: Sequence[float]
    blocks: str
    note: str


@dataclass(frozen=True)
class Lines:
    rows: Sequence[Line]


@dataclass(frozen=True)
class Heat:
    """A cell: `note` is what stands in it, `title` what it is about, `block` its value as a block character."""

    value: float
    note: str
    title: str
    block: str


@dataclass(frozen=True)
class HeatMap:
    """`cells[i][j]` belongs to `rows[i]` and `columns[j]`; None where there is nothing to tell."""

    rows: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[Sequence[Heat | None]]


@dataclass(frozen=True)
class Sentences:
    """Sentences one under the other; `numbered` ones are steps."""

    texts: Sequence[str]
    numbered: bool = False


Part: TypeAlias = Bars | Lines | HeatMap | Sentences


@dataclass(frozen=True)
class Section:
    title: str
    note: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Page:
    title: str
    subtitle: str
    sections: Sequence[Section]
