"""Questions with reference answers alone: derived points, formulas compared by value, the fitted share."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill.bank import Item
from essaydrill.paths import shipped_data
from essaydrill.scoring import Scorer
from essaydrill.scoring.derive import derive
from essaydrill.scoring.formula import find_formulas
from essaydrill.scoring.short_answer import is_short, shared_out
from essaydrill.scoring.short_features import read_verdict
from essaydrill.text import normalise

LIST = Item.from_references("盘点的内容包括哪些？", ["盘点的内容包括：数量盘点、重量盘点、账实核对和账卡核对。"], 8)
JUDGE = Item.from_references(
    "请判断下面的说法是否正确，并说明理由：个体经营者不需要纳税。",
    ["错误。个体经营者取得收入，达到起征点就应当依法申报纳税。"],
)
VALUE = Item.from_references("高为n的满二叉树有多少个结点？", ["每一层的结点数是上一层的两倍，相加得到2^n-1个。"])


def values(text: str) -> set[tuple[float, float]]:
    return {formula.value for formula in find_formulas(normalise(text).text)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3(n-i+1)", "3×（n＋1－i）"),
        ("3(n-i+1)", "3n-3(i-1)"),
        ("2的n-1次方", "2^(n-1)"),
        ("pow(2, n-1)", "2^(n - 1)"),
        ("(2n+1)/3", "（2*n + 1 ) / 3"),
        ("1,000元", "1000"),
        ("O(n)", "o（n）"),
    ],
)
def test_equal_formulas_have_equal_values(one: str, other: str) -> None:
    assert values(one) == values(other) != set()


@pytest.mark.parametrize(
    ("one", "other"), [("2^(n-1)", "2^n-1"), ("(2n+1)/3", "2n+1/3"), ("O(1)", "O(n)"), ("n/2", "2/n")]
)
def test_different_formulas_have_different_values(one: str, other: str) -> None:
    assert values(one) != values(other)


def test_list_numbers_and_words_are_no_formulas() -> None:
    assert values("1. KPI体系\n2、甲方\n（3）乙方") == set()
    assert values("1. n/2；2. (2n+1)/3") == values("n/2，(2n+1)/3")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789nab+-*/^(). 的次方", max_size=80))
def test_any_text_is_searched_for_formulas(text: str) -> None:
    assert all(np.isfinite(formula.value).all() for formula in find_formulas(text))


@pytest.mark.parametrize(
    ("reference", "task", "items"),
    [
        ("运输合同分为客运合同和货运合同。", "运输合同分为哪些类型？", ["客运合同", "货运合同"]),
        ("原则有：利用重力；经济合理；适应性；顺畅性", "原则有哪些？", ["利用重力", "经济合理", "适应性", "顺畅性"]),
        ("检验分为三种形式：计件、检斤、检尺求积。", "数量检验分为什么形式？", ["计件", "检斤", "检尺求积"]),
        ("由运输线路、运输节点及运输的参与者组成。", "构成要素有哪些？", ["运输线路", "运输节点", "运输的参与者"]),
    ],
)
def test_enumerations_are_taken_apart(reference: str, task: str, items: list[str]) -> None:
    derived = derive(reference, task, 6.0)
    assert derived.listed
    assert [point.text for point in derived.points] == items
    assert sum(point.marks for point in derived.points) == pytest.approx(6)


def test_prose_is_no_enumeration() -> None:
    prose = "顺序栈用数组实现。栈里的元素按进栈的先后存放，与元素值的大小没有关系。出栈总是从栈顶开始，后进的先出。"
    assert not derive(prose, "什么是顺序栈？", 10).listed


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        ("数量盘点、重量盘点、账实核对、账卡核对", 8),
        ("（1）账卡核对（2）数量盘点。", 4),
        ("内容有重量盘点这一种。", 2),
        ("库存盘活。", 0),
        ("非数量盘点", 0),
    ],
)
def test_an_enumeration_is_marked_item_by_item(answer: str, score: float) -> None:
    assert Scorer(LIST).score(answer).score == pytest.approx(score, abs=0.35)


def test_a_wrong_judgement_earns_nothing_and_says_so() -> None:
    scorer = Scorer(JUDGE)
    right = scorer.score("不正确，个体经营者有了收入，达到起征点就要申报纳税。")
    wrong = scorer.score("正确，个体经营者有了收入，达到起征点就要申报纳税。")
    assert right.score > 6
    assert wrong.score == 0
    assert [flag.code for flag in wrong.flags] == ["contradiction"]
    assert wrong.needs_review


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("错误。", -1),
        ("答:不一定", -1),
        ("该说法是错误的", -1),
        ("对，因为", 1),
        ("对于单链表", 0),
        ("能力不足", 0),
        ("不同的表", 0),
    ],
)
def test_verdicts(text: str, verdict: int) -> None:
    assert read_verdict(text) == verdict


def test_a_value_is_asked_for() -> None:
    scorer = Scorer(VALUE)
    assert scorer.score("2的n次方-1").score > scorer.score("每一层的结点数是上一层的两倍，一共有2^(n-1)个").score


def test_points_add_up_to_the_mark_and_every_reference_earns_it_all() -> None:
    for item in (LIST, JUDGE, VALUE):
        assert is_short(item)
        scorer = Scorer(item)
        assert scorer.score(item.reference.references[0].text).score == pytest.approx(item.prompt.max_score, abs=0.1)
        for answer in ("数量盘点和申报", "错误，应当纳税", "两倍"):
            result = scorer.score(answer)
            assert sum(point.awarded for point in result.points) == pytest.approx(result.score, abs=0.01)
            assert result.interval[0] <= result.score <= result.interval[1]
        assert f"+short{json.loads((shipped_data() / 'model' / 'short.json').read_text('utf-8'))['version']}" in (
            scorer.signature
        )


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1), st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_a_share_is_shared_out(share: float, strengths: list[float]) -> None:
    shares = np.full(len(strengths), 1 / len(strengths))
    credits = shared_out(share, np.array(strengths), shares)
    assert (credits @ shares) == pytest.approx(share, abs=1e-3)
    order = np.argsort(strengths, kind="stable")
    assert (np.diff(credits[order]) >= -1e-9).all()


def test_a_question_with_materials_is_marked_as_an_exam_answer() -> None:
    item = Item.from_references("概括问题。", ["资金不足。"], materials=["村里缺钱。"])
    assert not is_short(item)
    assert "short" not in Scorer(item).signature
