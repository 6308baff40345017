"""The candidate's text is shown whole and in order, whatever it holds and wherever the marks fall."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaydrill.reports.marked_text import Mark, MarkedText, mark_text, marks_of
from essaydrill.reports.safe_text import one_line, sanitise
from essaydrill.scoring.result import Evidence, PointResult

HOSTILE = "\x1b[31m\x07\x08\x7f\x9b\u202e\u2066\u200f\ud800[bold]红[/bold]\u200d\ufe0f"
CHARACTERS = st.one_of(st.characters(), st.sampled_from(HOSTILE + "\r\n\t\u2028 基层治理，。[p1 +3]"))
ANSWERS = st.text(CHARACTERS, max_size=60)
MARKS = st.builds(
    Mark,
    start=st.integers(0, 70),
    end=st.integers(0, 70),
    tag=st.sampled_from(["[p1 +2]", "[p2]", "[p10 +1.5]"]),
    status=st.sampled_from(["hit", "partial"]),
)


def without_tags(marked: MarkedText) -> str:
    kept, behind = "", 0
    for start, end in marked.tags:
        kept += marked.text.plain[behind:start]
        behind = end
    return kept + marked.text.plain[behind:]


def styles_at(marked: MarkedText, words: str) -> set[str]:
    start = marked.text.plain.index(words)
    return {str(span.style) for span in marked.text.spans if span.start <= start and start + len(words) <= span.end}


@given(ANSWERS, st.lists(MARKS, max_size=6))
def test_marked_text_without_its_tags_is_the_sanitised_answer(answer: str, marks: list[Mark]) -> None:
    assert without_tags(mark_text(answer, marks)) == sanitise(answer)


@given(ANSWERS, st.lists(MARKS, max_size=6))
def test_every_mark_on_words_of_the_answer_is_written(answer: str, marks: list[Mark]) -> None:
    marked = mark_text(answer, marks)
    expected = [mark.tag for mark in marks if sanitise(answer)[mark.start : mark.end].strip()]
    assert sorted(marked.text.plain[start:end] for start, end in marked.tags) == sorted(expected)


@given(ANSWERS)
def test_sanitising_moves_nothing_and_leaves_nothing_that_acts(answer: str) -> None:
    safe = sanitise(answer)
    assert len(safe) == len(answer)
    assert all(unicodedata.category(c) not in ("Cc", "Cs") or c == "\n" for c in safe)
    assert all(
        unicodedata.bidirectional(c) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        for c in safe
    )
    assert sanitise(safe) == safe
    kept = [(a, b) for a, b in zip(answer, safe, strict=True) if a.isprintable() and a not in "\u200d\ufe0f"]
    assert all(a == b or unicodedata.category(a) in ("Zl", "Zp", "Mn") for a, b in kept)


def test_line_ends_of_every_kind_are_kept_as_line_ends() -> None:
    assert sanitise("一\r\n二\r三\u2028四\x0b五\n六") == "一 \n二\n三\n四\n五\n六"
    assert one_line(" 一\r\n\t二\u3000三 ") == "一 二 三"


def test_tag_stands_behind_its_span_and_before_the_following_mark() -> None:
    answer = "一是财政困难，投入不足。"
    marked = mark_text(answer, [Mark(2, 11, "[p1 +3]", "hit")])
    assert marked.text.plain == "一是财政困难，投入不足[p1 +3]。"
    assert any("underline" in style for style in styles_at(marked, "财政困难"))
    assert not styles_at(marked, "一是")


def test_tag_is_not_parted_from_its_words_by_blanks() -> None:
    marked = mark_text("财政困难。\n  二是", [Mark(0, 8, "[p1 +3]", "hit")])
    assert marked.text.plain == "财政困难。[p1 +3]\n  二是"


def test_where_hit_and_partial_overlap_the_hit_shows_and_both_tags_stand() -> None:
    answer = "财政困难人手不足"
    marked = mark_text(answer, [Mark(0, 6, "[p1 +3]", "partial"), Mark(4, 8, "[p2 +2]", "hit")])
    assert marked.text.plain == "财政困难人手[p1 +3]不足[p2 +2]"
    assert styles_at(marked, "人手") == styles_at(marked, "不足")
    assert styles_at(marked, "财政") != styles_at(marked, "人手")


def point(awarded: float, *spans: tuple[int, int]) -> PointResult:
    status = "hit" if awarded == 3 else "partial" if awarded else "missed"
    evidence = tuple(Evidence(start=start, end=end, text="x" * (end - start)) for start, end in spans)
    return PointResult(
        id="p1", text="一", marks=3, credit=awarded / 3, status=status, awarded=awarded, confidence=1, evidence=evidence
    )


@pytest.mark.parametrize(
    ("given_point", "tags"),
    [
        (point(3, (0, 4)), ["[p1 +3]"]),
        (point(1.5, (8, 9), (0, 4)), ["[p1]", "[p1 +1.5]"]),
        (point(0, (0, 4)), []),
    ],
)
def test_last_piece_of_evidence_carries_the_marks(given_point: PointResult, tags: list[str]) -> None:
    assert [mark.tag for mark in marks_of([given_point])] == tags
