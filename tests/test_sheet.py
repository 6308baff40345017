"""The printable answer sheet: cells, limits, what stands before them, and nothing that acts as HTML."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill.bank import Length, Material, Prompt
from essaydrill.cli.app import run
from essaydrill.reports.safe_text import sanitise
from essaydrill.reports.sheet import CELLS, sheet_page
from essaydrill.text import count_cells, lay_out

TAGS = set(re.findall(r"\w+", "html head meta title style body p section h1 h2 h3 div dl dt dd header span b i"))
VOID = {"meta"}


class Page(HTMLParser):
    """Rows of cells, marked limits as (row, column, wording) from 1, all tags, and the text outside the cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.limits: list[tuple[int, int, str]] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if ("class", "row") in attrs:
            self.rows.append([])
        if tag == "i":
            self.rows[-1].append("")
            self.limits += [
                (len(self.rows), len(self.rows[-1]), value or "") for name, value in attrs if "limit" in name
            ]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["i"]:
            self.rows[-1][-1] += data
        elif self._open[-1:] != ["style"]:
            self.text += data


def prompt(limit: Length | None = None, **fields: object) -> Prompt:
    known = {"id": "law-01", "task": "概括困难。", "max_score": 15, "length": limit, **fields}
    return Prompt.model_validate(known)


# --- cells and limits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "lines", "marks"),
    [
        (Length(max=200), 9, [(8, 25, "上限 200字")]),
        (Length(max=210), 10, [(9, 10, "上限 210字")]),
        (Length(about=400), 18, [(16, 25, "400字")]),
        (Length(min=1000, max=1200), 53, [(40, 25, "下限 1000字"), (48, 25, "上限 1200字")]),
        (Length(min=800), 48, [(32, 25, "下限 800字")]),
        (None, 24, []),
    ],
)
def test_a_blank_sheet_has_room_and_marks_the_limit(
    limit: Length | None, lines: int, marks: list[tuple[int, int, str]]
) -> None:
    page = Page(sheet_page(prompt(limit)))
    assert len(page.rows) == lines
    assert all(row == [""] * CELLS for row in page.rows)
    assert page.limits == marks


def test_lines_are_numbered_and_cells_counted() -> None:
    html = sheet_page(prompt(), lines=10)
    numbers = re.findall(r"<div class='row'><b>(\d*)</b>.*<b>(\d*)</b></div>", html)
    assert numbers == [("", "")] * 3 + [("", "100"), ("5", "")] + [("", "")] * 2 + [("", "200"), ("", ""), ("10", "")]


def test_more_lines_on_request_but_never_less_than_the_limit_needs() -> None:
    assert len(Page(sheet_page(prompt(Length(max=100)), lines=30)).rows) == 30
    assert len(Page(sheet_page(prompt(Length(max=100)), lines=1)).rows) == 4


def test_an_answer_stands_in_the_cells_and_the_limit_falls_where_it_reaches_it() -> None:
    answer = "一、" + "甲" * 8 + "\n二、" + "乙" * 26 + "，共2023年。"
    page = Page(sheet_page(prompt(Length(max=30)), answer=answer))
    assert page.rows[0] == ["", "", "一", "、", *"甲" * 8, *[""] * 13]
    assert page.rows[1] == ["", "", "二", "、", *"乙" * 21]
    assert page.rows[2][:10] == [*"乙" * 5, "，", "共", "20", "23", "年"]
    assert page.limits == [(2, 22, "上限 30字")]  # ten cells in the first paragraph, twenty in the second


def test_the_limit_is_marked_ahead_of_a_short_answer() -> None:
    page = Page(sheet_page(prompt(Length(max=30)), answer="甲" * 10))
    assert page.limits == [(2, 7, "上限 30字")]  # two empty cells, ten filled ones, twenty more


def test_an_answer_that_is_too_long_gets_the_lines_it_needs() -> None:
    assert len(Page(sheet_page(prompt(Length(max=30)), answer="甲" * 500)).rows) == 21


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("甲乙，。”5aB&<>'\"\n \x1b\u202e😀"), max_size=90), st.integers(1, 120))
def test_every_answer_stands_on_the_sheet_as_it_is_laid_out(answer: str, limit: int) -> None:
    page = Page(sheet_page(prompt(Length(max=limit)), answer=answer))
    laid = [("",) * line.indent + line.cells for line in lay_out(answer, CELLS).lines]
    shown = [tuple(row) for row in page.rows]
    assert shown == [tuple(map(sanitise, row)) + ("",) * (CELLS - len(row)) for row in laid] + [("",) * CELLS] * (
        len(shown) - len(laid)
    )
    (row, column, _), *others = page.limits
    assert not others
    before = "".join("".join(cells) for cells in [*shown[: row - 1], shown[row - 1][:column]])
    # Before the mark stand as many cells as the limit allows (a squeezed mark may share the last one), or the answer.
    # Spaces are not laid out, so that letters on both sides of one may run together and count less.
    count = count_cells(before)
    slack = answer.count(" ") + answer.count("\n")
    assert limit - slack <= count <= limit + 3 or count <= count_cells(answer) <= limit


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_question_stands_before_the_sheet() -> None:
    materials = (Material(label="材料1", text="第一段。\n\n第二段。\n"), Material(label="材料2", text="别的。"))
    question = prompt(
        Length(max=200), title="执法", requirements="（1）全面；\n（2）准确。", materials=materials, minutes=20
    )
    html = sheet_page(question)
    places = [html.index(part) for part in ("执法</h1>", "材料1", "材料2", "概括困难", "（2）准确", "答题纸")]
    assert places == sorted(places)
    assert "<p>第一段。</p>\n<p>第二段。</p>" in html
    assert "概括归纳 · 满分 15 分 · 不超过 200 字 · 建议 20 分钟" in html
    assert "class='sheet apart'" in html
    blank = sheet_page(question, materials=False)
    assert "第一段" not in blank
    assert "概括困难" in blank
    assert "class='sheet'" in blank


def test_the_page_is_self_contained_and_made_for_a4() -> None:
    html = sheet_page(prompt())
    assert "size: A4" in html
    assert "break-inside: avoid" in html
    assert "default-src 'none'" in html
    assert not re.search(r"https?:|url\(|@import|<script|<link", html)


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("<>&'\"/=$ {}甲-!\nscriptonload\x1b\u2028"), min_size=1, max_size=40).filter(str.strip))
def test_nothing_in_a_prompt_acts_as_html(text: str) -> None:
    material = Material(label=text, text=text)
    html = sheet_page(prompt(title=text, task=text, requirements=text, materials=(material,)), answer=text)
    page = Page(html)
    assert page.tags == TAGS
    assert page.attributes <= {"lang", "charset", "name", "content", "http-equiv", "class", "data-limit"}
    assert "".join(sanitise(text).split()) in "".join(page.text.split())


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_writes_a_file_and_never_over_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sheet", "governance-summary-01"]) == 0
    page = here / "governance-summary-01.html"
    assert page.name in capsys.readouterr().out
    assert "材料4" in page.read_text("utf-8")
    page.write_text("我的", "utf-8")
    assert run(["sheet", "governance-summary-01"]) == 2
    assert "没有覆盖" in capsys.readouterr().err
    assert page.read_text("utf-8") == "我的"
    assert run(["sheet", "governance-summary-01", "--force", "--blank"]) == 0
    assert "材料4" not in page.read_text("utf-8").partition("答题纸")[0]


def test_the_command_takes_an_answer_in_any_encoding(here: Path) -> None:
    (here / "作答.txt").write_bytes("一是基层基础薄弱。".encode("gb18030"))
    assert run(["sheet", "governance-summary-01", "--answer", "作答.txt", "--lines", "40", "--out", "誊清.html"]) == 0
    page = Page((here / "誊清.html").read_text("utf-8"))
    assert "".join(page.rows[0]) == "一是基层基础薄弱。"
    assert len(page.rows) == 40


def test_wrong_names_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sheet", "governance-sumary-01"]) == 2
    assert "相近的有 governance-summary-01" in capsys.readouterr().err
    assert run(["sheet", "governance-summary-01", "--out", "没有/这个.html"]) == 1
    assert run(["sheet", "governance-summary-01", "--answer", "没有.txt"]) == 1
