"""`grades.csv`, and `errors.csv` with the scripts that have no mark. Made for Excel: UTF-8 with a byte-order mark."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from essaydrill.grading.gradebook import AFTER, BEFORE, Cell, Sheets, points_in_words, title_of
from essaydrill.grading.model import STATUS_NAMES, STATUS_NOTES, Record
from essaydrill.grading.whole import whole

GRADES = "grades.csv"
ERRORS = "errors.csv"

# A cell that begins so is run as a formula by spreadsheet programs, whatever quotes are around it (CWE-1236); the
# full-width signs are taken for the others by Chinese editions, and leading blanks are passed over.
_FORMULA = re.compile(r"[\s\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def write_grades(records: Iterable[Record], path: Path, sheets: Sheets) -> None:
    """All records in their order, one row each, whatever prompt they answer."""
    headings = [column.heading for column in BEFORE]
    titles = ["题目", "题目名称", "采分点"]
    with whole(path) as new, new.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*headings, *titles, *(column.heading for column in AFTER)])
        for record in records:
            row = [
                *(column.cell(record) for column in BEFORE),
                *(record.prompt, title_of(record.prompt, sheets), points_in_words(record)),
                *(column.cell(record) for column in AFTER),
            ]
            writer.writerow(map(_cell, row))


def write_errors(records: Iterable[Record], path: Path) -> None:
    """The records without a mark, each with what that means."""
    with whole(path) as new, new.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["状态", "学号", "姓名", "班级", "题目", "来源", "原因", "说明"])
        for record in records:
            if record.status == "marked":
                continue
            student = record.student
            row = [
                *(STATUS_NAMES[record.status], student.id, student.name, student.group, record.prompt),
                *(record.source.shown, record.reason, STATUS_NOTES[record.status]),
            ]
            writer.writerow(map(_cell, row))


def _cell(value: Cell) -> str:
    """Numbers as they are; text harmless for terminals, and for spreadsheets, which show a quote and run nothing."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return f"{value:g}"
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)
    return f"'{text}" if _FORMULA.match(text) else text
