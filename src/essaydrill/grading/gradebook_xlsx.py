"""`grades.xlsx`: a sheet for each prompt with its points as columns."""

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from essaydrill.grading.gradebook import AFTER, BEFORE, Cell, Column, Sheet, Sheets, awarded, title_of
from essaydrill.grading.model import STATUS_NAMES, STATUS_NOTES, Record
from essaydrill.grading.names import fold
from essaydrill.grading.problems import optional
from essaydrill.grading.whole import whole

WORKBOOK = "grades.xlsx"

_NOTES = "说明"
_MOST_ROWS = 1_000_000  # of Excel's 1,048,576
_LONGEST_CELL = 32_767
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_CREATED = datetime(2000, 1, 1)  # the same marks make the same bytes, whenever they are made
_RED, _YELLOW, _GREEN, _WHITE = "#F8A5A0", "#FFEB9C", "#8FD19E", "#FFFFFF"
_SCORE = next(n for n, column in enumerate(BEFORE) if column.heading == "得分")
_FROZEN_COLUMNS = 2  # number and name stay in sight


def write_workbook(records: Iterable[Record], path: Path, sheets: Sheets) -> None:
    """Write all records row by row; what has been written is not kept in memory. UsageError without XlsxWriter."""
    xlsxwriter = optional("xlsxwriter", "grade", "写 grades.xlsx ")
    with whole(path) as new:
        # Text stays text: nothing in an answer becomes a formula, a link or a number.
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(str(new), options)
        try:
            book.set_properties({"created": _CREATED})
            pages = _Pages(book, sheets)
            for record in records:
                pages.add(record)
            pages.finish()
        finally:
            book.close()


class _Pages:
    """The sheets of a workbook: those of the prompts in their order, then one for what answers none of them."""

    def __init__(self, book: Any, sheets: Sheets) -> None:
        self._book = book
        self._sheets = sheets
        self._pages: dict[str | None, _Page] = {}
        self._names: set[str] = {fold(_NOTES)}
        self._bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "text_wrap": True})
        for prompt in sorted(sheets):
            self._pages[prompt] = self._begin(prompt)

    def add(self, record: Record) -> None:
        page = self._pages.get(record.prompt)
        if page is None or page.row > _MOST_ROWS:
            if page is not None:
                page.finish()
            page = self._pages[record.prompt] = self._begin(record.prompt)
        page.add(record)

    def finish(self) -> None:
        for page in self._pages.values():
            page.finish()
        self._write_notes()

    def _begin(self, prompt: str | None) -> "_Page":
        sheet = self._sheets.get(prompt or "", Sheet(title_of(prompt, self._sheets)))
        worksheet = self._book.add_worksheet(self._name(prompt or title_of(None, self._sheets)))
        return _Page(worksheet, sheet, self._bold)

    def _name(self, wanted: str) -> str:
        plain = _FORBIDDEN.sub("_", wanted).strip("'")[:31]
        name, number = plain, 1
        while fold(name) in self._names:
            number += 1
            name = f"{plain[: 30 - len(str(number))]}~{number}"
        self._names.add(fold(name))
        return name

    def _write_notes(self) -> None:
        worksheet = self._book.add_worksheet(_NOTES)
        worksheet.set_column(0, 0, 26)
        worksheet.set_column(1, 1, 70)
        lines = [
            *((STATUS_NAMES[status], note) for status, note in STATUS_NOTES.items()),
            ("区间低、区间高", "换一位阅卷人，给分大致落在其中"),
            ("复核原因", "有内容的，建议老师亲自看一遍"),
            *((prompt, title_of(prompt, self._sheets)) for prompt in self._pages if prompt is not None),
        ]
        for row, (name, note) in enumerate(lines):
            worksheet.write_string(row, 0, _text(name))
            worksheet.write_string(row, 1, _text(note))


class _Page:
    """One sheet: heading, rows, and what is laid over them at the end."""

    def __init__(self, worksheet: Any, sheet: Sheet, bold: Any) -> None:
        self._worksheet = worksheet
        self._points = sheet.points
        self._before, self._after = BEFORE, AFTER
        self.row = 1
        point_columns = [Column(f"{point.id} {point.text}", 11, lambda _: None) for point in sheet.points]
        columns = (*BEFORE, *point_columns, *AFTER)
        worksheet.freeze_panes(1, _FROZEN_COLUMNS)
        for number, column in enumerate(columns):
            worksheet.set_column(number, number, column.width)
            worksheet.write_string(0, number, _text(column.heading), bold)
        for number, point in enumerate(sheet.points, len(BEFORE)):
            worksheet.write_comment(0, number, _text(f"{point.text}\n满分 {point.marks:g}"), {"author": "essaydrill"})
        self._last = len(columns) - 1

    def add(self, record: Record) -> None:
        cells = [
            *(column.cell(record) for column in self._before),
            *awarded(record, self._points),
            *(column.cell(record) for column in self._after),
        ]
        for number, cell in enumerate(cells):
            self._write(number, cell)
        self.row += 1

    def finish(self) -> None:
        rows = max(1, self.row - 1)
        self._worksheet.autofilter(0, 0, rows, self._last)
        self._worksheet.conditional_format(
            1, _SCORE, rows, _SCORE,
            {"type": "3_color_scale", "min_color": _RED, "mid_color": _YELLOW, "max_color": _GREEN},
        )  # fmt: skip
        for number, point in enumerate(self._points, len(BEFORE)):
            self._worksheet.conditional_format(
                1, number, rows, number,
                {
                    "type": "2_color_scale", "min_color": _WHITE, "max_color": _GREEN,
                    "min_type": "num", "min_value": 0, "max_type": "num", "max_value": point.marks,
                },
            )  # fmt: skip

    def _write(self, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            if cell:
                self._worksheet.write_string(self.row, column, _text(cell))
        elif cell is not None:
            self._worksheet.write_number(self.row, column, cell)


def _text(text: str) -> str:
    """What a cell can hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)[:_LONGEST_CELL]
