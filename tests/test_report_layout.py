"""Lines of Chinese text: no wider than asked for, broken where print breaks them."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from essaydrill.reports.layout import beside, flow, heading, put, shorten, wrap
from essaydrill.reports.safe_text import sanitise

TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("基层治理，。“”（）《》 a1.\n[p1 +3]\u3000\u0301")), max_size=120
)
WIDTHS = st.integers(8, 60)


@given(TEXTS, WIDTHS)
def test_no_line_is_wider_and_no_word_is_lost(text: str, width: int) -> None:
    text = sanitise(text)
    lines = wrap(Text(text), width)
    assert all(line.cell_len <= width for line in lines)
    assert all("\n" not in line.plain for line in lines)
    assert "".join("".join(line.plain for line in lines).split()) == "".join(text.split())


def test_closing_marks_do_not_begin_a_line_nor_opening_marks_end_one() -> None:
    text = "治理手段落后，科技支撑薄弱；“雪亮工程”薄弱（见材料）。" * 8
    for width in range(10, 50):
        lines = [line.plain for line in wrap(Text(text), width)]
        assert not any(line[0] in "，；”）。" for line in lines)
        assert not any(line[-1] in "“（" for line in lines)


def test_words_and_tags_stay_whole_where_they_fit() -> None:
    text = "基层社会治理essaydrill保障不足[p10 +1.5]，人手不足[p2 +3]。" * 4
    for width in range(26, 60):
        joined = "\n".join(line.plain for line in wrap(Text(text), width))
        assert joined.count("essaydrill") == joined.count("[p10 +1.5]") == joined.count("[p2 +3]") == 4


def test_styles_follow_their_characters() -> None:
    text = Text("一二三四五六七八九十", "bold")
    text.stylize("red", 3, 6)
    lines = wrap(text, 8)
    assert [line.plain for line in lines] == ["一二三四", "五六七八", "九十"]
    red = ["".join(line.plain[s.start : s.end] for s in line.spans if s.style == "red") for line in lines]
    assert red == ["四", "五六", ""]


def test_paragraphs_are_kept_and_blank_lines_collapsed() -> None:
    assert [line.plain for line in wrap(Text("\n\n一\n\n\n\n　　二\n三\n\n"), 20)] == ["一", "", "　　二", "三"]


def test_columns_stand_beside_each_other() -> None:
    block = beside([([Text("甲"), Text("乙丙")], 4), ([Text("右")], 6)])
    assert [line.plain for line in block] == ["甲    右", "乙丙"]


@given(st.lists(st.text("基层 p1", min_size=1, max_size=30), max_size=8), WIDTHS)
def test_flow_breaks_between_items(items: list[str], width: int) -> None:
    lines = flow([Text(item) for item in items], " · ", width)
    assert all(line.cell_len <= width for line in lines)
    fitting = [item for item in items if item.strip() == item and cell_len(item) <= width]
    assert all(any(item in line.plain for line in lines) for item in fitting)


@given(st.text("基层ab，", max_size=40), WIDTHS)
def test_shortened_text_fits_and_says_so(text: str, width: int) -> None:
    short = shorten(text, width)
    assert cell_len(short) <= width
    assert short == text or short.endswith("……")


@pytest.mark.parametrize("note", ["", "3 命中", Text("3 命中")])
def test_heading_fills_the_page(note: str | Text) -> None:
    console = Console(file=io.StringIO(), width=60)
    assert heading("采分点", note, console).cell_len == 60


def test_blocks_are_printed_apart_without_trailing_blanks() -> None:
    console = Console(file=(out := io.StringIO()), width=20)
    put(console, [Text("甲  ")], [], [Text("乙"), Text("丙")])
    assert out.getvalue() == "甲\n\n乙\n丙\n"
