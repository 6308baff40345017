"""The rows of a CSV, Excel or JSON Lines file, one after the other."""

import codecs
import csv
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from essaydrill.grading.columns import ColumnRules, Columns, Field
from essaydrill.grading.limits import HEADER_ROWS, TEXT_BYTES
from essaydrill.grading.problems import UnreadableScriptError
from essaydrill.grading.workbook import worksheets

TABLE_SUFFIXES = (".csv", ".tsv", ".xlsx", ".xlsm", ".jsonl", ".ndjson")

_SAMPLE = 1_000_000  # bytes in which the encoding shows
_DAMAGED = 0.1
_LONGEST_CELL = 131_072  # characters: the csv module's own bound, which a program can move
_UNCLOSED = "从第 {} 行起读不出：引号没有成对，或一格里的字太多"
_DELIMITERS = ",\t;"
_BROKEN = "\N{REPLACEMENT CHARACTER}"
_NO_ANSWERS = "表里没有找到作答的列：列名写“答案”或题目编号，或用 --column 答案=列名 指定"
_NO_STUDENTS = "表里没有找到学号或姓名的列：列名写“学号”“姓名”"


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, its answers with the heading and prompt of their columns, and what else it says.

    A row that cannot be read has a `fault`.
    """

    number: int
    answers: tuple[tuple[str, str | None, str], ...] = ()
    said: Mapping[Field, str] = field(default_factory=dict)
    fault: str = ""
    sheet: str | None = None


def answer_rows(file: BinaryIO, suffix: str, rules: ColumnRules) -> Iterator[Row]:
    """The rows of a table of answers. Raises UnreadableScriptError where the file as a whole holds none."""
    return _rows(file, suffix, rules, answers=True)


def student_rows(file: BinaryIO, suffix: str, rules: ColumnRules) -> Iterator[Row]:
    """The rows of a list of students; answers are not looked for."""
    return _rows(file, suffix, rules, answers=False)


def _rows(file: BinaryIO, suffix: str, rules: ColumnRules, *, answers: bool) -> Iterator[Row]:
    if suffix in (".jsonl", ".ndjson"):
        yield from _json_rows(file, rules, answers)
    elif suffix in (".csv", ".tsv"):
        yield from _table(None, _csv_lines(file), rules, answers)
    else:
        found = False
        for name, lines in worksheets(file):
            with suppress(_NoHeaderError):
                for row in _table(name, lines, rules, answers):
                    found = True
                    yield row
                found = True
        if not found:
            raise UnreadableScriptError(_NO_ANSWERS if answers else _NO_STUDENTS)


class _NoHeaderError(UnreadableScriptError):
    """A sheet without answers: in a workbook with others it is somebody's notes."""


def _table(
    sheet: str | None, lines: Iterable[tuple[int, Sequence[str]]], rules: ColumnRules, answers: bool
) -> Iterator[Row]:
    columns: Columns | None = None
    headings: Sequence[str] = ()
    tried = 0
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if columns is not None:
            yield _row(number, cells, headings, columns, sheet)
        elif tried < HEADER_ROWS:
            columns, headings, tried = rules.recognise(cells, answers=answers), cells, tried + 1
        else:
            break
    if columns is None:
        raise _NoHeaderError(_NO_ANSWERS if answers else _NO_STUDENTS)


def _row(number: int, cells: Sequence[str], headings: Sequence[str], columns: Columns, sheet: str | None) -> Row:
    def cell(index: int) -> str:
        return cells[index].replace("\r\n", "\n").replace("\r", "\n") if index < len(cells) else ""

    answers = tuple((headings[index], prompt, cell(index)) for index, prompt in columns.answers)
    fault = "这一行有损坏的字符，请检查文件编码" if any(_BROKEN in text for *_, text in answers) else ""
    said = {name: " ".join(cell(index).split()) for name, index in columns.others.items()}
    return Row(number, answers, {name: text for name, text in said.items() if text}, fault, sheet)


def _csv_lines(file: BinaryIO) -> Iterator[tuple[int, Sequence[str]]]:
    sample = file.read(_SAMPLE)
    file.seek(0)
    text = io.TextIOWrapper(file, _encoding(sample), errors="replace", newline="")
    try:
        yield from _csv_rows(text)
    finally:
        text.detach()  # `file` is its owner's to close


def _csv_rows(text: io.TextIOWrapper) -> Iterator[tuple[int, Sequence[str]]]:
    beginning = (text.readline(_SAMPLE) for _ in range(HEADER_ROWS))
    first = next((line for line in beginning if any(sign in line for sign in _DELIMITERS)), "")
    text.seek(0)
    reader = csv.reader(text, delimiter=max(_DELIMITERS, key=first.count))
    for number in itertools.count(1):
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # An open quotation mark has swallowed the rest: what comes behind cannot be told apart any more.
            raise UnreadableScriptError(_UNCLOSED.format(number)) from None
        if any(len(cell) > _LONGEST_CELL for cell in cells):
            raise UnreadableScriptError(_UNCLOSED.format(number))
        yield number, cells


def _encoding(sample: bytes) -> str:
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    text = sample.decode("utf-8", "replace")
    beyond_ascii = sum(not character.isascii() for character in text)
    # GB18030 read as UTF-8 is broken at every other character, UTF-8 at the few that something has damaged.
    return "utf-8" if text.count(_BROKEN) <= _DAMAGED * beyond_ascii else "gb18030"


def _json_rows(file: BinaryIO, rules: ColumnRules, answers: bool) -> Iterator[Row]:
    known: dict[tuple[str, ...], Columns | None] = {}
    number = 0
    while line := file.readline(TEXT_BYTES + 1):
        number += 1
        if len(line) > TEXT_BYTES:
            yield Row(number, fault="这一行太长，不像是一份作答")
            while line and not line.endswith(b"\n"):
                line = file.readline(TEXT_BYTES)
        elif line.strip():
            yield _json_row(number, line, rules, answers, known)


def _json_row(
    number: int, line: bytes, rules: ColumnRules, answers: bool, known: dict[tuple[str, ...], Columns | None]
) -> Row:
    try:
        data = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Row(number, fault="这一行不是 JSON（或不是 UTF-8 编码）")
    if not isinstance(data, dict):
        return Row(number, fault="这一行不是 JSON 对象，要写成 {“答案”: …} 的样子")
    headings = tuple(data)
    if headings not in known:
        known[headings] = rules.recognise(headings, answers=answers)
    columns = known[headings]
    if columns is None:
        return Row(number, fault=_NO_ANSWERS)
    return _row(number, [_json_text(value) for value in data.values()], headings, columns, None)


def _json_text(value: object) -> str:
    """A value as text; half a surrogate pair, which JSON can hold, is dropped."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
