"""Length rules: what is over, under, read and deducted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaydrill.bank.models import Length
from essaydrill.scoring.length import judge_length, sheet_end
from essaydrill.text import count_cells

ABOUT, MOST, RANGE, LEAST = Length(about=400), Length(max=200), Length(min=800, max=1000), Length(min=800)


@pytest.mark.parametrize(
    ("limit", "cells", "status", "deduction"),
    [
        (ABOUT, 400, "ok", 0),
        (ABOUT, 360, "ok", 0),
        (ABOUT, 440, "ok", 0),
        (ABOUT, 359, "under", 0),
        (ABOUT, 460, "over", 0),
        (ABOUT, 550, "over", 2),
        (MOST, 200, "ok", 0),
        (MOST, 201, "over", 0),
        (MOST, 210, "over", 0),
        (MOST, 230, "over", 1),
        (MOST, 250, "over", 2),
        (MOST, 900, "over", 2),
        (MOST, 20, "ok", 0),
        (RANGE, 800, "ok", 0),
        (RANGE, 1000, "ok", 0),
        (RANGE, 780, "under", 0),
        (RANGE, 600, "under", 2),
        (RANGE, 1250, "over", 2),
        (LEAST, 5000, "ok", 0),
        (LEAST, 400, "under", 2),
        (None, 9999, "ok", 0),
    ],
)
def test_scale(limit: Length | None, cells: int, status: str, deduction: float) -> None:
    result = judge_length("字" * cells, limit, 20)
    assert (result.cells, result.status, result.deduction) == (cells, status, deduction)
    assert result.rule


@pytest.mark.parametrize(("limit", "end"), [(MOST, 250), (ABOUT, 550), (RANGE, 1250), (LEAST, 4000), (None, 4000)])
def test_the_sheet_ends_a_quarter_beyond(limit: Length | None, end: int) -> None:
    assert sheet_end("字" * 4000, limit) == end


@given(st.text(max_size=400), st.integers(10, 100))
def test_what_is_read_fits_on_the_sheet(text: str, most: int) -> None:
    read = text[: sheet_end(text, Length(max=most))]
    assert text.startswith(read)
    assert count_cells(read) <= most * 1.25


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_longer_over_the_limit_never_costs_less(a: int, b: int) -> None:
    short, long = sorted((200 + a, 200 + b))
    assert judge_length("字" * short, MOST, 20).deduction <= judge_length("字" * long, MOST, 20).deduction <= 2
