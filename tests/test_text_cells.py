"""Cells (字数) and the answer sheet."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill.text import count_cells, lay_out, normalise, offset_at_cells

PIECES = [*"治理，。、“”！—…《》①，ab7Z９Ａ.%😀\n\t 　\u200b\ufeff", "\x1b[31m", "2023", "\r\n", "）。”"]
texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=60)
ESCAPES = set("\x1b\x90\x98\x9b\x9d\x9e\x9f")
unescaped = texts.filter(ESCAPES.isdisjoint)
widths = st.integers(3, 30)
quick = settings(deadline=None, max_examples=300)


def visible(text: str) -> str:
    """The characters that fill cells: all but white space and what `normalise` drops as invisible."""
    return "".join(c for c in text if not c.isspace() and normalise(c).text)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("治", 1),
        ("基层治理。", 5),
        ("“好”，——……", 8),
        ("a", 1),
        ("ab", 1),
        ("abc", 2),
        ("2023年", 3),
        ("5G时代", 3),
        ("3.5", 3),
        ("12345,67%", 6),
        ("ＡＢ１２", 4),
        ("a b c", 3),
        ("ab cd", 2),
        ("治 理\t好\n\n　　坏", 4),
        ("治\u200b理\ufeff\x00", 2),
        ("a\u200bb", 1),
        ("\x1b[31m红\x1b[0m", 1),
        ("①②", 2),
        ("😀", 1),
    ],
)
def test_count(text: str, cells: int) -> None:
    assert count_cells(text) == cells


@given(st.lists(texts, max_size=5))
@quick
def test_cells_add_up_over_paragraphs(paragraphs: list[str]) -> None:
    assert count_cells("\n".join(paragraphs)) == sum(map(count_cells, paragraphs))


@given(unescaped)
@quick
def test_cells_are_at_most_the_characters_and_at_least_half(text: str) -> None:
    assert len(visible(text)) / 2 <= count_cells(text) <= len(visible(text))


@given(unescaped, st.integers(0, 40))
@quick
def test_offset_is_behind_the_last_character_that_fits(text: str, cells: int) -> None:
    offset = offset_at_cells(text, cells)
    assert count_cells(text[:offset]) <= cells
    if offset < len(text):
        next_visible = next(i for i in range(offset, len(text)) if visible(text[i]))
        assert count_cells(text[: next_visible + 1]) > cells
        assert offset == 0 or visible(text[offset - 1])


def test_offset_examples() -> None:
    assert offset_at_cells("基层abc治理", 0) == 0
    assert offset_at_cells("基层abc治理", 3) == 4
    assert offset_at_cells("基层 \n治理", 2) == 2
    assert offset_at_cells("基层 \n", 2) == 4
    assert offset_at_cells("基层", 99) == 2


def test_layout_of_a_short_text() -> None:
    layout = lay_out("标题\n\n　　基层ab3.5社会治理，好。”完了", width=5, limit=6)
    assert [(line.indent, line.cells) for line in layout.lines] == [
        (2, ("标", "题")),
        (2, ("基", "层", "ab")),
        (0, ("3", ".", "5", "社", "会")),
        (0, ("治", "理", "，", "好", "。”")),
        (0, ("完", "了")),
    ]
    assert (layout.limit_line, layout.limit_column) == (2, 1)
    assert [(line.start, line.end) for line in layout.lines] == [(0, 2), (6, 10), (10, 15), (15, 21), (21, 23)]


def test_closing_marks_share_the_last_cell() -> None:
    layout = lay_out("甲乙丙。”丁", width=5, limit=4)
    assert [line.cells for line in layout.lines] == [("甲", "乙", "丙。”"), ("丁",)]
    assert (layout.limit_line, layout.limit_column) == (0, 5)


@pytest.mark.parametrize(("limit", "where"), [(None, (None, None)), (5, (None, None)), (4, (0, 6)), (1, (0, 3))])
def test_limit_is_shown_only_where_the_text_reaches_it(limit: int | None, where: tuple[int, int]) -> None:
    layout = lay_out("甲乙丙丁", limit=limit)
    assert (layout.limit_line, layout.limit_column) == where


def test_nothing_to_lay_out() -> None:
    assert lay_out(" \n\n\u200b\n").lines == ()


def test_a_line_needs_room_behind_its_indent() -> None:
    with pytest.raises(ValueError, match="3 cells"):
        lay_out("甲", width=2)


@given(texts, widths)
@quick
def test_layout_loses_no_character_and_fills_no_line_over(text: str, width: int) -> None:
    lines = lay_out(text, width).lines
    laid = "".join("".join(line.cells) for line in lines)
    if ESCAPES.isdisjoint(text):
        assert laid == visible(text)
    assert sum(count_cells(cell) for line in lines for cell in line.cells) == count_cells(text)
    for line in lines:
        assert 1 <= len(line.cells) <= width - line.indent
        assert text[line.start] == line.cells[0][0]
        assert text[line.end - 1] == line.cells[-1][-1]
    assert all(before.end <= after.start for before, after in pairwise(lines))


@given(texts, widths, st.integers(1, 60))
@quick
def test_limit_falls_behind_the_cell_that_reaches_it(text: str, width: int, limit: int) -> None:
    layout = lay_out(text, width, limit)
    if layout.limit_line is None or layout.limit_column is None:
        assert count_cells(text) < limit
        return
    line = layout.lines[layout.limit_line]
    before = [cell for earlier in layout.lines[: layout.limit_line] for cell in earlier.cells]
    before += line.cells[: layout.limit_column - line.indent]
    filled = [count_cells(cell) for cell in before]
    assert sum(filled[:-1]) < limit <= sum(filled)
