"""Marks of whole answers through the public interface."""

import hashlib
import json
import pickle
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill import Bank, Item, Result, Scorer
from essaydrill.paths import shipped_data

BANK = Bank.open()
ITEM = BANK["governance-summary-01"]
SCORER = Scorer(ITEM)
REFERENCE = ITEM.reference.references[0].text


def points_share(result: Result) -> float:
    return sum(p.awarded for p in result.points) / sum(p.marks for p in result.points)


def test_result_is_schema_1() -> None:
    data = json.loads(SCORER.score(REFERENCE).model_dump_json())
    assert list(data) == [
        "schema", "prompt", "score", "max_score", "band", "points", "presentation", "length", "flags", "interval",
        "needs_review", "signature",
    ]  # fmt: skip
    assert data["schema"] == 1
    assert data["length"]["limit"] == {"about": 400}
    assert [p["id"] for p in data["points"]] == [p.id for p in ITEM.reference.points]
    assert Result.model_validate(data) == SCORER.score(REFERENCE)


def test_parts_add_up() -> None:
    for specimen in ITEM.reference.specimens:
        result = SCORER.score(specimen.answer)
        earned = sum(point.awarded for point in result.points) + result.presentation.score
        assert result.score == pytest.approx(max(0.0, earned - result.length.deduction))
        assert result.interval[0] <= result.score <= result.interval[1]
        assert all(p.awarded == pytest.approx(p.marks * p.credit) for p in result.points)
        assert all({"hit": 1, "partial": 0.5, "missed": 0}[p.status] == p.credit for p in result.points)


def test_evidence_is_quoted_from_the_typed_text() -> None:
    typed = "　　" + REFERENCE.replace("，", "  ,").replace("。", "。\r\n\u200b")
    result = SCORER.score(typed)
    quoted = [evidence for point in result.points for evidence in point.evidence]
    assert quoted
    assert all(typed[evidence.start : evidence.end] == evidence.text for evidence in quoted)
    assert all(bool(point.evidence) == (point.credit > 0) for point in result.points)


def test_signature_names_what_made_the_mark() -> None:
    parts = dict(part.split(":", 1) for part in SCORER.score("").signature.split("|"))
    assert set(parts) == {"essaydrill", "seg", "model", "prompt"}
    assert parts["prompt"] == ITEM.digest
    fitted = (shipped_data() / "model" / "credit.json").read_text("utf-8")
    assert parts["model"].endswith(hashlib.sha256(fitted.encode()).hexdigest()[:8])


def test_same_result_in_any_process() -> None:
    code = (
        "import sys; from essaydrill import Bank, Scorer;"
        "item = Bank.open()['governance-summary-01'];"
        "print(Scorer(item).score(sys.stdin.read()).model_dump_json())"
    )
    answer = ITEM.reference.specimens[1].answer
    out = subprocess.run(
        [sys.executable, "-c", code], input=answer, capture_output=True, encoding="utf-8", check=True, timeout=60
    ).stdout
    assert out.strip() == SCORER.score(answer).model_dump_json()


def test_score_many_is_score_in_order() -> None:
    answers = [specimen.answer for specimen in ITEM.reference.specimens] + ["", "一", REFERENCE]
    assert SCORER.score_many(answers) == [Scorer(ITEM).score(answer) for answer in answers]


def test_a_scorer_travels_to_a_worker() -> None:
    copy = pickle.loads(pickle.dumps(SCORER))
    assert copy.score(REFERENCE) == SCORER.score(REFERENCE)


@pytest.mark.parametrize(
    "answer",
    ["", " \n\t", "。", "!!!", "\x00\x01", "\ud800", "[bold]x[/bold]", "\x1b[31m红\x1b[0m", "🙂" * 50, "a" * 3000],
)
def test_answers_that_say_nothing_earn_nothing(answer: str) -> None:
    result = SCORER.score(answer)
    assert result.score <= 0.05 * result.max_score
    assert result.band == "四类"


def test_an_empty_answer_and_noise_are_told_apart() -> None:
    assert [flag.code for flag in SCORER.score("  ").flags] == ["empty"]
    assert [flag.code for flag in SCORER.score("？？？").flags] == ["noise"]


@pytest.mark.parametrize("answer", ["一", "基层", "治理不到位"])
def test_a_word_is_no_answer(answer: str) -> None:
    assert points_share(SCORER.score(answer)) <= 0.1


def test_an_endless_answer_is_read_to_the_end_of_the_sheet() -> None:
    result = SCORER.score(REFERENCE + "此外还要继续努力。" * 12_000)
    assert result.length.status == "over"
    assert result.length.deduction == pytest.approx(0.1 * result.max_score)
    assert all(evidence.end <= 700 for point in result.points for evidence in point.evidence)
    assert points_share(result) > 0.8


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120))
def test_any_text_gets_a_mark_in_range(answer: str) -> None:
    result = SCORER.score(answer)
    assert 0 <= result.score <= result.max_score
    for point in result.points:
        for evidence in point.evidence:
            assert answer[evidence.start : evidence.end] == evidence.text


def test_without_a_scheme_points_are_derived() -> None:
    references = [
        "主要有三点：一是资金投入不足，设备陈旧；二是人员老化，培训跟不上；三是考核机制不健全，干多干少一个样。"
    ]
    scorer = Scorer(Item.from_references(task="简述基层站所工作存在的问题。", references=references, max_score=10))
    full = scorer.score(references[0])
    assert full.score >= 9
    assert sum(point.marks for point in full.points) == pytest.approx(10)
    half = scorer.score("资金投入不足，设备陈旧。")
    assert 0 < half.score < full.score
    assert scorer.score("今天天气很好，适合出门散步。").score <= 2


def test_the_nearest_of_several_references_counts() -> None:
    item = Item.from_references(
        task="判断并说明理由。",
        references=["错误。例如进栈序列为一二三时，出栈可以是一三二。", "不对，可以一边进栈一边出栈。"],
    )
    scorer = Scorer(item)
    for reference in item.reference.references:
        assert scorer.score(reference.text).score >= 9


def test_scoring_imports_no_scikit_learn() -> None:
    code = (
        "import sys; from essaydrill import Bank, Scorer;"
        "Scorer(Bank.open()['governance-summary-01']).score('基层治理投入不足，人员没有配齐。');"
        "sys.exit(any(name.split('.')[0] in ('sklearn', 'scipy', 'jieba', 'pandas') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
