"""The answer sheet (答题纸) of a prompt as one printable HTML page: A4, 25 cells a line, the limit marked."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from math import ceil
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from essaydrill.bank.kinds import GENRE_NAMES, KIND_NAMES
from essaydrill.reports.question import limit_words
from essaydrill.reports.safe_text import one_line, sanitise
from essaydrill.reports.style import marks
from essaydrill.text import SheetLayout, count_cells, lay_out

if TYPE_CHECKING:
    from essaydrill.bank.models import Length, Material, Prompt

CELLS = 25  # a line
_NUMBERED = 5  # every so many lines the line's number stands beside it
_COUNTED = 100  # every so many cells their count stands beside the line
_SPARE = 1.1  # of the limit: what 左右 allows, and enough for the cells that paragraphs leave empty
_OPEN_SPARE = 1.5  # of a minimum without a maximum, which answers are meant to exceed
_WITHOUT_LIMIT = 24  # lines, 600 cells: longer than any answer of a question that states no length
_TEMPLATES = Path(__file__).parent / "templates"


def sheet_page(prompt: "Prompt", *, lines: int | None = None, materials: bool = True, answer: str = "") -> str:
    """The whole HTML document: task, requirements and materials, then the sheet with `answer` in its cells.

    `lines` is the least number of lines; by default there is a tenth more room than the limit asks for. Without
    `materials` the sheet follows on the first page. Nothing in the prompt or the answer can act as HTML.
    """
    title = one_line(prompt.title or prompt.task)
    head = f"<h1>{escape(title)}</h1>\n<p class='facts'>{escape(' · '.join(facts(prompt)))}</p>"
    shown = materials and bool(prompt.materials)
    question = [head, *([_materials(prompt.materials)] if shown else []), task(prompt)]
    body = "\n".join(["<section class='question'>", *question, "</section>"])
    return page(title, f"{body}\n{answer_sheet(prompt, '答题纸', lines=lines, apart=shown, answer=answer)}")


def page(title: str, body: str) -> str:
    """An HTML document in the sheet's style; `body` is HTML, `title` is text."""
    return _template("sheet.html").substitute(
        title=escape(one_line(title)), style=_template("sheet.css").template, body=body
    )


def facts(prompt: "Prompt") -> list[str]:
    """Kind, full mark, limit and time in words."""
    kind = KIND_NAMES[prompt.kind] + (f"（{GENRE_NAMES[prompt.genre]}）" if prompt.genre else "")
    limit = [limit_words(prompt.limit)] if prompt.limit else []
    minutes = [f"建议 {prompt.minutes} 分钟"] if prompt.minutes else []
    return [kind, f"满分 {marks(prompt.max_score)} 分", *limit, *minutes]


def task(prompt: "Prompt") -> str:
    """Task and requirements."""
    rows = [("题目", prompt.task), *([("要求", prompt.requirements)] if prompt.requirements else [])]
    return "\n".join(f"<dl class='task'><dt>{name}</dt><dd>{_text(text.strip())}</dd></dl>" for name, text in rows)


def answer_sheet(
    prompt: "Prompt", heading: str, *, lines: int | None = None, apart: bool = True, answer: str = ""
) -> str:
    """The empty or filled cells with room for name and mark above; `apart` begins a new page."""
    rows = _rows(prompt.limit, answer, lines)
    limit = f"（{limit_words(prompt.limit)}）" if prompt.limit else ""
    blanks = ("姓名 ____________", "用时 ______ 分钟", f"得分 ______ / {marks(prompt.max_score)}")
    return "\n".join(
        [
            f"<section class='sheet{' apart' if apart else ''}'>",
            f"<header class='sheet-head'><h2>{escape(heading)}</h2>",
            f"<p class='facts'>{escape(prompt.id)} {escape(one_line(prompt.title))}{limit}</p>",
            f"<p class='who'>{''.join(f'<span>{blank}</span>' for blank in blanks)}</p></header>",
            *map(_row, rows),
            "</section>",
        ]
    )


@dataclass(frozen=True)
class _Row:
    """One line: number from 1, the texts of its cells, and where limits fall: column (from 1) → wording."""

    number: int
    cells: tuple[str, ...]
    limits: dict[int, str]


def _rows(limit: "Length | None", answer: str, lines: int | None) -> list[_Row]:
    layout = lay_out(answer, CELLS)
    ends = {_limit_cell(answer, layout, cells): wording for cells, wording in _limits(limit)}
    needed = max([len(layout.lines), *(ceil(end / CELLS) for end in ends)])
    count = max(needed, _usual_lines(limit) if lines is None else lines)
    rows = []
    for number in range(count):
        cells = _cells(layout, number)
        before = number * CELLS
        here = {end - before: wording for end, wording in ends.items() if before < end <= before + CELLS}
        rows.append(_Row(number + 1, cells, here))
    return rows


def _usual_lines(limit: "Length | None") -> int:
    if limit is None:
        return _WITHOUT_LIMIT
    most = limit.max or limit.about
    return ceil(most * _SPARE / CELLS) if most else ceil((limit.min or 0) * _OPEN_SPARE / CELLS)


def _limits(limit: "Length | None") -> Iterator[tuple[int, str]]:
    """The lengths that the requirement names, with their wordings."""
    if limit is None:
        return
    if limit.about:
        yield limit.about, f"{limit.about}字"
    if limit.min:
        yield limit.min, f"下限 {limit.min}字"
    if limit.max:
        yield limit.max, f"上限 {limit.max}字"


def _limit_cell(answer: str, layout: SheetLayout, cells: int) -> int:
    """The number (from 1) of the sheet's cell in which an answer's cell number `cells` falls, or would fall if the
    answer went on: cells that paragraphs leave empty do not count."""
    at = lay_out(answer, CELLS, limit=cells)
    if at.limit_line is not None and at.limit_column is not None:
        return at.limit_line * CELLS + at.limit_column
    if not layout.lines:
        return cells
    last = layout.lines[-1]
    behind = (len(layout.lines) - 1) * CELLS + last.indent + len(last.cells)
    return behind + cells - count_cells(answer)


def _cells(layout: SheetLayout, number: int) -> tuple[str, ...]:
    if number >= len(layout.lines):
        return ("",) * CELLS
    line = layout.lines[number]
    filled = ("",) * line.indent + line.cells
    return filled + ("",) * (CELLS - len(filled))


def _row(row: _Row) -> str:
    number = str(row.number) if row.number % _NUMBERED == 0 else ""
    total = row.number * CELLS
    count = str(total) if total % _COUNTED == 0 else ""
    cells = (_cell(text, row.limits.get(column)) for column, text in enumerate(row.cells, 1))
    return f"<div class='row'><b>{number}</b>{''.join(cells)}<b>{count}</b></div>"


def _cell(text: str, limit: str | None) -> str:
    classes = [*(["two"] if len(text) > 1 else []), *(["limit"] if limit else [])]
    named = f" class='{' '.join(classes)}'" if classes else ""
    told = f" data-limit='{escape(limit)}'" if limit else ""
    return f"<i{named}{told}>{_text(text)}</i>"


def _materials(materials: "tuple[Material, ...]") -> str:
    return "\n".join(map(material, materials))


def material(given: "Material") -> str:
    """One material: its label and its paragraphs."""
    lines = (line.strip() for line in sanitise(given.text).split("\n"))
    paragraphs = "\n".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return f"<h3>{escape(one_line(given.label))}</h3>\n<div class='text'>{paragraphs}</div>"


def _text(text: str) -> str:
    return escape(sanitise(text))


@cache
def _template(name: str) -> Template:
    return Template((_TEMPLATES / name).read_text("utf-8"))
