"""`grades.csv`, and `errors.csv` with the scripts that have no mark. Made for Excel: UTF-8 with a byte-order mark."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from essaydrill.grading.gradebook import AFTER, BEFORE, Cell, Sheets, points_in_words, title_of
from essaydrill.grading.model import STATUS_NAMES, STATUS_NOTES, Record
from essaydrill.grading.whole import whole

GRADES = "grades.csv"
ERRORS = "errors.csv"

# A cell that begins so is run as a formula by spreadsheet programs, whatever quotes are around it (CWE-1236); the
# full-width signs are taken for the others by Chinese editions (as other forms of them may be), and leading blanks are
# passed over, as what cannot be seen may be.
_UNSEEN = r"\s\u00ad\u061c\u200b-\u200f\u2060-\u2064\ufeff"
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−˗"
_FORMULA = re.compile(rf"[{_UNSEEN}]*[{_SIGNS}]|[\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def grade_row(record: Record, sheets: Sheets) -> list[Cell]:
    """What `grades.csv` says of a record, whatever prompt it answers."""
    return [
        *(column.cell(record) for column in BEFORE),
        *(record.prompt, title_of(record.prompt, sheets), points_in_words(record)),
        *(column.cell(record) for column in AFTER),
    ]


def error_row(record: Record) -> list[Cell]:
    """What `errors.csv` says of a record without a mark, and what that means."""
    student = record.student
    return [
        *(STATUS_NAMES[record.status], student.id, student.name, student.group, record.prompt),
        *(record.source.shown, record.reason, STATUS_NOTES[record.status]),
    ]


def table_rows(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows as they stand in the files."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for row in rows:
        writer.writerow(map(_cell, row))
    return file.getvalue().encode("utf-8")


@contextmanager
def grades_file(path: Path) -> Iterator[BinaryIO]:
    """A new `grades.csv` with its headings, to which rows are to be written."""
    titles = ["题目", "题目名称", "采分点"]
    with _table(path, [*(column.heading for column in BEFORE), *titles, *(column.heading for column in AFTER)]) as file:
        yield file


@contextmanager
def errors_file(path: Path) -> Iterator[BinaryIO]:
    """A new `errors.csv` with its headings, to which rows are to be written."""
    with _table(path, ["状态", "学号", "姓名", "班级", "题目", "来源", "原因", "说明"]) as file:
        yield file


@contextmanager
def _table(path: Path, headings: list[Cell]) -> Iterator[BinaryIO]:
    with whole(path) as new, new.open("wb") as file:
        file.write(codecs.BOM_UTF8 + table_rows([headings]))
        yield file


def _cell(value: Cell) -> str:
    """Numbers as they are; text harmless for terminals, and for spreadsheets, which show a quote and run nothing."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return f"{value:g}"
    if value.isalnum():  # as most are; looking closer takes longer than all else
        return value
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)
    return f"'{text}" if _FORMULA.match(text) else text
