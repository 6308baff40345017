"""The sheets of an Excel file, row by row."""

import datetime
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from essaydrill.grading.limits import COLUMNS, UNPACKED_WORKBOOK_BYTES
from essaydrill.grading.problems import UnreadableScriptError, optional

_BEGINNING = 4096  # bytes of a sheet in which its dimensions stand
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d{1,7})"')
_DAMAGED = "不是完整的 Excel 表格（xlsx），请用 Excel 打开后重新另存"


def worksheets(file: BinaryIO) -> Iterator[tuple[str, Iterator[tuple[int, Sequence[str]]]]]:
    """Each sheet's name and its rows as (number, cells); a sheet is to be read before the next is asked for.

    Raises UnreadableScriptError for a damaged file, for one that unpacks to more than anyone hands in, and where
    openpyxl is not installed.
    """
    openpyxl = optional("openpyxl", "grade", "读 Excel 表格", UnreadableScriptError)
    _check(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl remarks on styles and validations that it leaves out
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except Exception:  # a damaged file fails in openpyxl with whatever error its bytes lead to
            raise UnreadableScriptError(_DAMAGED) from None
        try:
            for sheet in book.worksheets:
                yield sheet.title, _lines(sheet)
        finally:
            book.close()


def count_rows(file: BinaryIO) -> int:
    """About how many rows the sheets have, as the file itself tells at their beginnings."""
    _check(file)
    with zipfile.ZipFile(file) as archive:
        sheets = [info for info in archive.infolist() if info.filename.startswith("xl/worksheets/")]
        beginnings = [archive.open(info).read(_BEGINNING) for info in sheets]
    return sum(int(rows[1]) - 1 for beginning in beginnings if (rows := _DIMENSION.search(beginning)))


def _check(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableScriptError(_DAMAGED) from None
    if sum(info.file_size for info in infos) > UNPACKED_WORKBOOK_BYTES:
        raise UnreadableScriptError("解压后大得反常，没有读；请只留作答的几列，另存后再交")
    file.seek(0)


def _lines(sheet: Any) -> Iterator[tuple[int, Sequence[str]]]:
    sheet.reset_dimensions()  # survey tools write wrong ones
    rows = sheet.iter_rows(max_col=COLUMNS, values_only=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except Exception:
            raise UnreadableScriptError(f"从第 {number} 行起表格已损坏，请用 Excel 打开后重新另存") from None
        yield number, [_text(cell) for cell in cells]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a student number typed as a number
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    return str(value)
