"""One sentence held against one scoring point: nothing else of the answer is judged."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill import Bank, Item, Scorer
from essaydrill.errors import UsageError

ITEM = Bank.open()["governance-summary-01"]
SCORER = Scorer(ITEM)
POINTS = ITEM.reference.points


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.id)
def test_the_point_itself_is_a_hit_and_another_one_is_not(point) -> None:
    assert SCORER.judge_point(point.id, f"一是{point.text}。").status == "hit"
    others = [other for other in POINTS if other.id != point.id]
    assert sum(SCORER.judge_point(point.id, other.text).status == "hit" for other in others) == 0


def test_a_sentence_is_not_struck_for_being_no_whole_answer() -> None:
    sentence = POINTS[0].text
    whole = {point.id: point for point in SCORER.score(sentence * 60).points}[POINTS[0].id]
    assert SCORER.judge_point(POINTS[0].id, sentence).status == "hit"
    assert SCORER.judge_point(POINTS[0].id, sentence * 60).credit >= whole.credit


@pytest.mark.parametrize("nothing", ["", "  \n", "。。。"])
def test_nothing_written_is_missed(nothing: str) -> None:
    judged = SCORER.judge_point("p1", nothing)
    assert (judged.status, judged.awarded, judged.evidence) == ("missed", 0, ())


def test_the_nearest_place_is_quoted_even_where_it_earns_nothing() -> None:
    text = "群众夜里敢出门。" + "账上没有钱，投入跟不上。" + "天气很好。"
    [place] = SCORER.judge_point("p1", text).evidence
    assert text[place.start : place.end] == place.text
    [elsewhere] = SCORER.judge_point("p1", "今天天气很好。").evidence
    assert "天气" in elsewhere.text


@settings(max_examples=15, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_judged(text: str) -> None:
    judged = SCORER.judge_point("p2", text)
    assert judged.awarded == judged.credit * judged.marks
    assert all(text[place.start : place.end] == place.text for place in judged.evidence)


def test_an_unknown_point_is_told() -> None:
    with pytest.raises(UsageError, match="没有采分点“p99”"):
        SCORER.judge_point("p99", "一是")


def test_derived_points_are_held_against_every_reference() -> None:
    item = Item.from_references("简述网格化管理的好处。", ["反应快，群众办事方便。", "成本低，干部熟悉情况。"])
    scorer = Scorer(item)
    assert scorer.judge_point("r1", "处置反应快").credit > 0
    assert scorer.judge_point("r1", "能够降低成本，成本低").credit > 0
