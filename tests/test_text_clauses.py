"""Paragraphs, sentences, clauses, list markers."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill.text import Span, clauses, list_marker, normalise, paragraphs, sentences
from essaydrill.text.characters import HAN

PIECES = [
    *"基层治理好坏，。、；：？！（）“”‘’《》,.;:!?()—… \n①AZ059",
    *["——", "一、", "（一）", "1.", "第一，", "首先，", "一是", "1,000", "9:30", "。”", "最后", "\r\n", "- "],
]
texts = st.lists(st.sampled_from(PIECES), max_size=50).map("".join) | st.text(max_size=50)
WORD = re.compile(rf"[\w{HAN}]")
quick = settings(deadline=None, max_examples=300)
Splitter = Callable[[str], list[Span]]


def cut(splitter: Splitter, raw: str) -> list[str]:
    text = normalise(raw).text
    return [text[start:end] for start, end in splitter(text)]


@pytest.mark.parametrize(
    ("raw", "pieces"),
    [
        ("", []),
        ("。，！", []),
        ("好", ["好"]),
        ("一是人少。二是钱少；三是心散！四呢？", ["一是人少。", "二是钱少;", "三是心散!", "四呢?"]),
        ("他说：“好！”大家笑了。", ["他说:“好!”", "大家笑了。"]),
        ("（已办结。）再办", ["(已办结。)", "再办"]),
        ("甲\n乙\n\n丙", ["甲", "乙", "丙"]),
        ("他喊“快！”，跑了", ["他喊“快!”", "跑了"]),
        ("真的？！是", ["真的?!", "是"]),
    ],
)
def test_sentences(raw: str, pieces: list[str]) -> None:
    assert cut(sentences, raw) == pieces


@pytest.mark.parametrize(
    ("raw", "pieces"),
    [
        ("财政困难、投入不够，网格员年龄偏大。", ["财政困难、投入不够,", "网格员年龄偏大。"]),
        ("三个不：不等——不靠，不要", ["三个不:", "不等——", "不靠,", "不要"]),
        ("共1,000人，9:30到岗，比例1：3", ["共1,000人,", "9:30到岗,", "比例1:3"]),
        ("北京—上海", ["北京—上海"]),
        ("一、加强领导，压实责任", ["一、加强领导,", "压实责任"]),
        ("第一，加强领导。首先，压实责任", ["第一,加强领导。", "首先,压实责任"]),
        ("要做到：其一，快；其二：准", ["要做到:", "其一,快;", "其二:准"]),
        ("（一）抓人，①抓早，1.抓小", ["(一)抓人,", "①抓早,", "1.抓小"]),
        ("一方面，人少，另一方面，事多", ["一方面,人少,", "另一方面,事多"]),
        ("打通最后一公里，发展三要素", ["打通最后一公里,", "发展三要素"]),
        ("一.加强领导.", ["一、加强领导。"]),
    ],
)
def test_clauses(raw: str, pieces: list[str]) -> None:
    assert cut(clauses, raw) == pieces


def test_paragraphs() -> None:
    assert cut(paragraphs, "标题\n\n　　一、好，坏。\r\n　二") == ["标题", "一、好,坏。", "二"]


@pytest.mark.parametrize("splitter", [paragraphs, sentences, clauses])
@given(text=texts)
@quick
def test_spans_are_in_order_trimmed_and_complete(splitter: Splitter, text: str) -> None:
    spans = splitter(text)
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert WORD.search(text, start, end)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = {i for start, end in spans for i in range(start, end)}
    assert not [found[0] for found in WORD.finditer(text) if found.start() not in covered and found[0] != "_"]


@given(texts)
@quick
def test_clauses_stand_within_sentences_and_sentences_within_paragraphs(text: str) -> None:
    for inner, outer in ((clauses, sentences), (sentences, paragraphs)):
        around = outer(text)
        assert all(any(o[0] <= i[0] and i[1] <= o[1] for o in around) for i in inner(text))


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("一、加强领导", "一、"),
        ("十二、加强领导", "十二、"),
        ("（一）加强", "（一）"),
        ("(3)加强", "(3)"),
        ("(一)、加强", "(一)、"),
        ("1.加强", "1."),
        ("12、加强", "12、"),
        ("3)加强", "3)"),
        ("1. 2023年", "1. "),
        ("A.加强", "A."),
        ("①加强", "①"),
        ("㉑加强", "㉑"),
        ("第一，加强", "第一，"),
        ("第二点：加强", "第二点："),
        ("一是加强", "一是"),
        ("二要加强", "二要"),
        ("其一，加强", "其一，"),
        ("其三是加强", "其三"),
        ("首先加强", "首先"),
        ("其次，加强", "其次，"),
        ("最后，加强", "最后，"),
        ("最后要加强", "最后"),
        ("另一方面，加强", "另一方面，"),
        ("　　一、加强", "　　一、"),
        ("●加强", "●"),
        ("-加强", "-"),
    ],
)
def test_list_markers(text: str, marker: str) -> None:
    match = list_marker(text)
    assert match is not None
    assert match[0] == marker


@pytest.mark.parametrize(
    "text",
    [
        "",
        "加强领导",
        "3.5公里",
        "2023年",
        "一线工作法",
        "三要素齐备",
        "最后一公里",
        "第一书记",
        "第一产业",
        "其一贯做法",
        "再次强调",
        "1,000人",
        "10:30开会",
        "-5度",
        "一公里",
        "\n一、加强",
        "AI技术",
        "（注）",
    ],
)
def test_not_a_list_marker(text: str) -> None:
    assert list_marker(text) is None
