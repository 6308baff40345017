"""Tables with marked answers as their authors keep them: csv, xlsx or JSON lines."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from essaydrill.errors import UsageError

if TYPE_CHECKING:
    from essaydrill.agreement.marked_rows import RawRow

_DELIMITERS = ",\t;"


def read_rows(path: Path) -> "list[RawRow]":
    """The rows of a file; raises `UsageError` in one sentence where it cannot be read as a table."""
    readers = {".csv": _csv, ".tsv": _csv, ".jsonl": _json, ".ndjson": _json, ".xlsx": _workbook, ".xlsm": _workbook}
    if path.suffix.lower() not in readers:
        raise UsageError(f"{path} 的类型不能用，请用 csv、xlsx 或 jsonl")
    if not path.is_file():
        raise UsageError(f"没有文件 {path}")
    rows = list(readers[path.suffix.lower()](path))
    if not rows:
        raise UsageError(f"{path} 里没有一行数据")
    return rows


def _text(path: Path) -> str:
    from essaydrill.text.decode import UndecodableError, decode

    try:
        return decode(path.read_bytes())
    except UndecodableError as error:
        raise UsageError(f"{path}：{error}") from None


def _csv(path: Path) -> "Iterator[RawRow]":
    text = _text(path)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count))
    try:
        lines = [(number, cells) for number, cells in enumerate(reader, 1) if any(cell.strip() for cell in cells)]
    except csv.Error:
        raise UsageError(f"{path} 读不下去：引号没有成对，或一格里的字太多") from None
    yield from _with_headings(lines)


def _workbook(path: Path) -> "Iterator[RawRow]":
    from essaydrill.errors import EssaydrillError
    from essaydrill.grading.workbook import worksheets

    try:
        with path.open("rb") as file:
            for _, sheet in worksheets(file):
                lines = [(number, cells) for number, cells in sheet if any(cell.strip() for cell in cells)]
                if len(lines) > 1:
                    yield from _with_headings(lines)
                    return
    except EssaydrillError as error:
        raise UsageError(f"{path}：{error}") from None


def _with_headings(lines: Sequence[tuple[int, Sequence[str]]]) -> "Iterator[RawRow]":
    from essaydrill.agreement.marked_rows import RawRow

    for number, cells in lines[1:]:
        headings = lines[0][1]
        yield RawRow(number, {h.strip(): cell for h, cell in zip(headings, cells, strict=False) if h.strip()})


def _json(path: Path) -> "Iterator[RawRow]":
    from essaydrill.agreement.marked_rows import RawRow

    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise UsageError(f"{path} 第 {number} 行不是 JSON 对象")
        yield RawRow(number, data)
