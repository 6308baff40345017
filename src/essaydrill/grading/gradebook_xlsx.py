"""`grades.xlsx`: a sheet for each prompt with its points as columns."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from essaydrill.grading.gradebook import AFTER, BEFORE, Cell, Column, Sheet, Sheets, awarded, title_of
from essaydrill.grading.model import STATUS_NAMES, STATUS_NOTES, Record
from essaydrill.grading.names import fold
from essaydrill.grading.sheet_rows import Rows, cell_text, column_name
from essaydrill.grading.whole import whole

WORKBOOK = "grades.xlsx"

_NOTES = "说明"
_MOST_ROWS = 1_000_000  # of Excel's 1,048,576
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_CREATED = datetime(2000, 1, 1)  # the same marks make the same bytes, whenever they are made
_RED, _YELLOW, _GREEN, _WHITE = "#F8A5A0", "#FFEB9C", "#8FD19E", "#FFFFFF"
_SCORE = next(n for n, column in enumerate(BEFORE) if column.heading == "得分")
_FIRST_ROW = 1  # counted from 0, below the heading
_FROZEN_COLUMNS = 2  # number and name stay in sight
_ZIP_LIMIT = 2**31 - 1  # bytes, from which a member of an archive needs a longer header
_SHEET_FILE = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_DIMENSION = re.compile(rb"<dimension [^>]*/>")


def workbook_row(record: Record, sheets: Sheets) -> list[Cell]:
    """What the sheet of its prompt says of a record."""
    return [
        *(column.cell(record) for column in BEFORE),
        *awarded(record, _sheet(record.prompt, sheets).points),
        *(column.cell(record) for column in AFTER),
    ]


def write_workbook(parts: Iterable[tuple[str | None, Rows]], path: Path, sheets: Sheets) -> None:
    """Write rows with their prompts, those of each on a sheet of its own.

    XlsxWriter makes the workbook with all that is laid over the rows, and the rows, which workers made, are put into
    it: cell by cell it takes twice as long for them, and can't share the work.
    """
    pages = _paged(parts, sheets)
    source = zipfile.ZipFile(_frame(pages, sheets))
    with source, whole(path) as new, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            number = _SHEET_FILE.fullmatch(info.filename)
            page = pages[int(number[1]) - 1] if number and int(number[1]) <= len(pages) else None
            if page is None:
                target.writestr(info, content)
            else:
                _write_page(target, info, _DIMENSION.sub(_dimension(page, sheets), content, count=1), page)


@dataclass
class _Page:
    """What stands on one worksheet: rows of a prompt, no more than a sheet can hold."""

    prompt: str | None
    rows: list[Rows] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(rows.count for rows in self.rows)

    @property
    def size(self) -> int:
        return sum(rows.size for rows in self.rows)


def _paged(parts: Iterable[tuple[str | None, Rows]], sheets: Sheets) -> list[_Page]:
    """The pages of the known prompts in their order, then those for what answers none of them, then what ran over."""
    current: dict[str | None, _Page] = {prompt: _Page(prompt) for prompt in sorted(sheets)}
    pages = [*current.values()]
    for prompt, rows in parts:
        if prompt not in current or current[prompt].count + rows.count > _MOST_ROWS:
            current[prompt] = _Page(prompt)
            pages.append(current[prompt])
        current[prompt].rows.append(rows)
    return pages


def _write_page(target: zipfile.ZipFile, info: zipfile.ZipInfo, content: bytes, page: _Page) -> None:
    """A worksheet with its rows behind the heading, which it has already."""
    before, end, after = content.partition(b"</sheetData>")
    with target.open(info, "w", force_zip64=2 * page.size > _ZIP_LIMIT) as file:
        file.write(before)
        number = _FIRST_ROW + 1
        for rows in page.rows:
            file.write(b"".join(rows.numbered(number)))
            number += rows.count
        file.write(end + after)


def _frame(pages: Sequence[_Page], sheets: Sheets) -> BinaryIO:
    """The workbook without the rows."""
    import xlsxwriter  # takes a tenth of a second

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _CREATED})
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "text_wrap": True})
    names = _Names()
    for page in pages:
        worksheet = book.add_worksheet(names.new(page.prompt or title_of(None, sheets)))
        _lay_out(worksheet, _sheet(page.prompt, sheets), page.count, bold)
    _write_notes(book.add_worksheet(_NOTES), pages, sheets)
    book.close()
    return file


class _Names:
    """Names of worksheets as Excel allows them, none like another."""

    def __init__(self) -> None:
        self._taken = {fold(_NOTES)}

    def new(self, wanted: str) -> str:
        plain = _FORBIDDEN.sub("_", wanted).strip("'")[:31]
        name, number = plain, 1
        while fold(name) in self._taken:
            number += 1
            name = f"{plain[: 30 - len(str(number))]}~{number}"
        self._taken.add(fold(name))
        return name


def _lay_out(worksheet: Any, sheet: Sheet, count: int, bold: Any) -> None:
    """The heading of a sheet, and what is laid over its `count` rows."""
    columns = _columns(sheet)
    rows = max(_FIRST_ROW, count)
    worksheet.freeze_panes(_FIRST_ROW, _FROZEN_COLUMNS)
    for number, column in enumerate(columns):
        worksheet.set_column(number, number, column.width)
        worksheet.write_string(0, number, cell_text(column.heading), bold)
    worksheet.autofilter(0, 0, rows, len(columns) - 1)
    worksheet.conditional_format(
        _FIRST_ROW, _SCORE, rows, _SCORE,
        {"type": "3_color_scale", "min_color": _RED, "mid_color": _YELLOW, "max_color": _GREEN},
    )  # fmt: skip
    for number, point in enumerate(sheet.points, len(BEFORE)):
        note = cell_text(f"{point.text}\n满分 {point.marks:g}")
        worksheet.write_comment(0, number, note, {"author": "essaydrill"})
        worksheet.conditional_format(
            _FIRST_ROW, number, rows, number,
            {
                "type": "2_color_scale", "min_color": _WHITE, "max_color": _GREEN,
                "min_type": "num", "min_value": 0, "max_type": "num", "max_value": point.marks,
            },
        )  # fmt: skip


def _write_notes(worksheet: Any, pages: Sequence[_Page], sheets: Sheets) -> None:
    worksheet.set_column(0, 0, 26)
    worksheet.set_column(1, 1, 70)
    lines = [
        *((STATUS_NAMES[status], note) for status, note in STATUS_NOTES.items()),
        ("区间低、区间高", "换一位阅卷人，给分大致落在其中"),
        ("复核原因", "有内容的，建议老师亲自看一遍"),
        *((prompt, title_of(prompt, sheets)) for prompt in dict.fromkeys(page.prompt for page in pages) if prompt),
    ]
    for row, (name, note) in enumerate(lines):
        worksheet.write_string(row, 0, cell_text(name))
        worksheet.write_string(row, 1, cell_text(note))


def _sheet(prompt: str | None, sheets: Sheets) -> Sheet:
    return sheets.get(prompt or "", Sheet(title_of(prompt, sheets)))


def _columns(sheet: Sheet) -> list[Column]:
    points = [Column(f"{point.id} {point.text}", 11, lambda _: None) for point in sheet.points]
    return [*BEFORE, *points, *AFTER]


def _dimension(page: _Page, sheets: Sheets) -> bytes:
    last = column_name(len(_columns(_sheet(page.prompt, sheets))) - 1)
    return f'<dimension ref="A1:{last}{_FIRST_ROW + page.count}"/>'.encode()
