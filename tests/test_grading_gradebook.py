"""`grades.csv`, `errors.csv` and `grades.xlsx` as the programs that open them see them."""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from essaydrill.grading import Record, Source, Student, grade, gradebook_xlsx
from essaydrill.grading.gradebook import Cell, Sheet
from essaydrill.grading.gradebook_csv import error_row, errors_file, grade_row, grades_file, table_rows
from essaydrill.grading.gradebook_xlsx import workbook_row, write_workbook
from essaydrill.grading.sheet_rows import Rows
from essaydrill.scoring import Result
from grading_samples import GOOD, HALF, SCHOOL, VILLAGE, WORTHLESS, make_plan, put

TRAPS = [
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1,1)",
    "\t=1+1",
    "  =1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\u2060\u00ad@x",
    "\u3000+1",
    "－1",
    "＠x",
    "﹣1",
    "−1",
    "＝1+1",
    "\r\n=1+1",
    '=HYPERLINK("http://x","y")',
    '"quoted", and\nbroken',
    "\x1b[31mred\x1b[0m",
    "<script>alert(1)</script>",
    "\u202etxt.exe",
]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    put(
        tmp_path / "in",
        {
            "张三.txt": GOOD,
            "零分.txt": WORTHLESS,
            "空白.txt": "",
            "坏的.txt": bytes(range(256)) * 20,
            f"{SCHOOL}/王五.txt": HALF,
            "village-summary-77__赵六.txt": GOOD,
            "人工.csv": f'姓名,答案,人工分\n钱七,"{GOOD}",1\n',
        },
    )
    put(tmp_path, {"名册.csv": "姓名\n张三\n缺交生\n"})
    grade(make_plan(tmp_path, roster=tmp_path / "名册.csv"))
    return tmp_path / "out"


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def record(name: str) -> Record:
    return Record(
        key="0" * 32,
        status="unreadable",
        source=Source(path=name),
        student=Student(id=name, name=name, group=name),
        reason=name,
    )


def write_tables(records: list[Record], folder: Path) -> None:
    with grades_file(folder / "a.csv") as file:
        file.write(table_rows(grade_row(each, {}) for each in records))
    with errors_file(folder / "b.csv") as file:
        file.write(table_rows(map(error_row, records)))


def write_book(records: list[Record], path: Path, sheets: Mapping[str, Sheet], at_once: int = 250) -> None:
    """The workbook of these records, whose rows are made `at_once` at a time."""
    parts: list[tuple[str | None, Rows]] = []
    for start in range(0, len(records), at_once):
        rows: dict[str | None, list[list[Cell]]] = {}
        for each in records[start : start + at_once]:
            rows.setdefault(each.prompt, []).append(workbook_row(each, sheets))
        parts += ((prompt, Rows.of(cells)) for prompt, cells in rows.items())
    write_workbook(parts, path, sheets)


def test_grades_for_excel(out: Path) -> None:
    assert (out / "grades.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = {row["来源"] or row["姓名"] + row["题目"]: row for row in table(out / "grades.csv")}
    assert {place: (row["状态"], row["得分"] != "") for place, row in rows.items()} == {
        "张三.txt": ("已评分", True),
        "零分.txt": ("已评分", True),
        "空白.txt": ("空白", False),
        "坏的.txt": ("读不出", False),
        f"{SCHOOL}/王五.txt": ("已评分", True),
        "village-summary-77__赵六.txt": ("题目不明", False),
        "人工.csv 第 2 行": ("已评分", True),
        f"张三{SCHOOL}": ("缺交", False),
        f"缺交生{SCHOOL}": ("缺交", False),
        f"缺交生{VILLAGE}": ("缺交", False),
    }
    assert rows["张三.txt"]["采分点"] == "p1 5/5；p2 4/4"
    assert rows["张三.txt"]["题目名称"] == "村里治理的问题"
    assert "与人工分 1 相差较大" in rows["人工.csv 第 2 行"]["复核原因"]
    assert "名册里没有" in rows["零分.txt"]["复核原因"]


def test_errors_list_what_has_no_mark(out: Path) -> None:
    rows = table(out / "errors.csv")
    assert sorted(row["状态"] for row in rows) == ["空白", "缺交", "缺交", "缺交", "读不出", "题目不明"]
    assert all(row["原因"] and row["说明"] for row in rows)


def test_the_workbook(out: Path) -> None:
    book = load_workbook(out / "grades.xlsx")
    assert book.sheetnames == [SCHOOL, VILLAGE, "题目不明", "说明"]
    page = book[VILLAGE]
    headings = [cell.value for cell in page[1]]
    points = [n for n, heading in enumerate(headings) if str(heading).startswith(("p1 ", "p2 "))]
    rows = {row[headings.index("来源")]: row for row in page.iter_rows(min_row=2, values_only=True)}
    assert [rows["张三.txt"][n] for n in points] == [5, 4]
    assert [rows["空白.txt"][n] for n in points] == [None, None]
    assert rows["零分.txt"][headings.index("状态")] == "已评分"
    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref is not None
    comment = page.cell(1, points[0] + 1).comment
    assert comment is not None
    assert "村级财政困难" in str(comment.text)
    kinds = {rule.type for ranges in page.conditional_formatting for rule in ranges.rules}
    assert kinds == {"colorScale"}
    notes = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert {"已评分", "空白", "读不出", "题目不明", "评分出错", "缺交"} <= set(notes)
    assert notes[VILLAGE] == "村里治理的问题"


@pytest.mark.parametrize("trap", TRAPS)
def test_no_cell_is_run_as_a_formula(tmp_path: Path, trap: str) -> None:
    write_tables([record(trap)], tmp_path)
    for name in ("a.csv", "b.csv"):
        (row,) = table(tmp_path / name)
        assert None not in row.values()
        for cell in row.values():
            seen = unicodedata.normalize("NFKC", "".join(c for c in cell if unicodedata.category(c) != "Cf")).strip()
            assert not seen.startswith(("=", "+", "-", "@", "−"))
            assert not set(cell) & {"\x1b", "\u202e"}
    write_book([record(trap)], tmp_path / "a.xlsx", {})
    page = load_workbook(tmp_path / "a.xlsx")["题目不明"]
    assert all(cell.data_type in ("s", "n") and cell.hyperlink is None for row in page.iter_rows() for cell in row)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_text_survives_both_tables(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    folder = tmp_path_factory.mktemp("any")
    names = [name.encode("utf-8", "replace").decode() for name in names]
    records = [*map(record, names)]
    write_tables(records, folder)
    assert len(table(folder / "a.csv")) == len(names)
    write_book(records, folder / "a.xlsx", {}, at_once=2)
    assert load_workbook(folder / "a.xlsx")["题目不明"].max_row == len(names) + 1


@pytest.mark.parametrize("text", ["_x0041_", "a\r\nb", 'a & <b> "c"', " 两头空 ", "😀", "\t", "_x", "x" * 40_000])
def test_text_in_a_workbook_reads_as_it_was(tmp_path: Path, text: str) -> None:
    write_book([record(text)], tmp_path / "a.xlsx", {})
    cells = [cell.value for cell in load_workbook(tmp_path / "a.xlsx")["题目不明"][2]]
    assert unescape(str(cells[1])) == text[:32_767]


def test_rows_lie_where_they_say(tmp_path: Path) -> None:
    records = [record(f"{n}号") for n in range(1, 31)]
    write_book(records, tmp_path / "a.xlsx", {}, at_once=7)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    rows = re.findall(r'<row r="(\d+)"[^>]*>(.*?)</row>', sheet)
    assert [int(number) for number, _ in rows] == list(range(1, 32))
    assert all(set(re.findall(r'<c r="[A-Z]+(\d+)"', cells)) == {number} for number, cells in rows)
    assert '<dimension ref="A1:R31"/>' in sheet
    page = load_workbook(tmp_path / "a.xlsx")["题目不明"]
    assert page.auto_filter.ref == "A1:R31"
    assert [row[1] for row in page.iter_rows(min_row=2, values_only=True)] == [each.student.name for each in records]


def test_a_prompt_goes_on_on_another_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradebook_xlsx, "_MOST_ROWS", 10)
    records = [record(f"{n}号") for n in range(24)]
    write_book(records, tmp_path / "a.xlsx", {}, at_once=4)
    book = load_workbook(tmp_path / "a.xlsx")
    assert [book[name].max_row for name in book.sheetnames[:-1]] == [9, 9, 9]
    assert len(list(book["题目不明~3"].iter_rows(min_row=2))) == 8


def test_sheet_names_that_excel_forbids(tmp_path: Path) -> None:
    prompts = ["a" * 40, "a" * 40 + "b", "A" * 40, "x-y.z_1", "说明"]
    sheets = {prompt: Sheet(prompt) for prompt in prompts}
    records = [record("x").model_copy(update={"prompt": prompt}) for prompt in prompts for _ in range(2)]
    write_book(records, tmp_path / "a.xlsx", sheets)
    names = load_workbook(tmp_path / "a.xlsx").sheetnames
    assert len(names) == 6
    assert all(len(name) <= 31 for name in names)


def test_the_workbook_has_the_same_bytes_on_any_day(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    before = (out / "grades.xlsx").read_bytes()
    late = time.time() + 90 * 86_400
    monkeypatch.setattr(time, "time", lambda: late)
    write_book(_records(out), tmp_path / "again.xlsx", _sheets(out))
    assert (tmp_path / "again.xlsx").read_bytes() == before
    with zipfile.ZipFile(tmp_path / "again.xlsx") as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


def _records(out: Path) -> list[Record]:
    from essaydrill.grading import Results

    return list(Results(out / "results.jsonl"))


def _sheets(out: Path) -> dict[str, Sheet]:
    from essaydrill.bank import Bank
    from essaydrill.grading.questions import Questions

    questions = Questions(Bank.open(out.parent / "bank", builtin=False), 30)
    return {prompt: questions.sheet(prompt) for prompt in (SCHOOL, VILLAGE)}


def test_points_derived_from_references_stand_in_one_cell(tmp_path: Path) -> None:
    """They differ from script to script, so they are no columns."""
    put(tmp_path / "in", {"张三.txt": GOOD})
    plan = make_plan(tmp_path)
    reference = tmp_path / "bank" / "reference_answers" / "governance" / f"{VILLAGE}.yaml"
    text: Any = reference.read_text("utf-8")
    reference.write_text(text[: text.index("points:")] + text[text.index("references:") :], "utf-8")
    grade(plan)
    page = load_workbook(tmp_path / "out" / "grades.xlsx")[VILLAGE]
    assert not any(str(cell.value).startswith("p1") for cell in page[1])
    (row,) = table(tmp_path / "out" / "grades.csv")
    assert row["状态"] == "已评分"
    assert Result.model_validate(_records(tmp_path / "out")[0].result).points[0].id in row["采分点"]
