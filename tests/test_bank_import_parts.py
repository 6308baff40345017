"""The guesses and the arithmetic behind `bank import`, each by itself."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill.bank.importing import Shelf, import_file
from essaydrill.bank.importing.clean import clean
from essaydrill.bank.importing.kind import guess_kind
from essaydrill.bank.importing.numbering import han_numeral, numbered, value
from essaydrill.bank.importing.plain import text_lines, unwrapped
from essaydrill.bank.importing.points import read_ideas, share, without_marks
from essaydrill.bank.importing.wording import read_wording
from essaydrill.bank.load import load_prompt, load_reference


@pytest.mark.parametrize(
    ("task", "kind", "genre"),
    [
        ("结合给定材料，请你概述当前基层社会治理工作存在的问题。", "summary", None),
        ("请谈谈小民警是如何做好群众工作的？", "summary", None),
        ("谈谈企业采取了哪些措施，取得了哪些成效？", "summary", None),
        ("县里形成了调研报告，请你补充调研报告中“三、思考和建议”部分内容。", "document", "report"),
        ("请为县领导拟写一份讲话稿。", "document", "speech"),
        ("写一篇发展庭院经济的调研报告提纲。", "document", "outline"),
        ("以“从‘门前海’到‘共富海’”为题，拟写一篇将在政府网站上登载的宣传稿。", "document", "publicity"),
        ("为《江城日报》即将发表的这篇报道写一则短评。", "document", "commentary"),
        ("以县委名义拟定一份《情况通报》，回应社会关切。", "document", "notice"),
        ("请拟写一份“社区合伙人”招募书。", "document", None),
        ("“材料2”说“要‘种戏’”，谈谈你对这句话的理 解。", "analysis", None),
        ("材料中的调研报告指出问题不少，谈谈你的看法。", "analysis", None),
        ("梳理存在的问题，并提出解决建议。", "proposal", None),
        ("请就发展多肉产业提出对策建议。", "proposal", None),
        ("参考给定资料，联系实际，自拟题目，写一篇文章。", "essay", None),
        ("请阅读以下案例，如果你是小王，你会怎么办？", "case", None),
        ("结合案例回答两个问题。", "case", None),
    ],
)
def test_kinds_by_the_wording(task: str, kind: str, genre: str | None) -> None:
    guess = guess_kind(task)
    assert (guess.kind, guess.genre) == (kind, genre)


@pytest.mark.parametrize(
    ("lines", "task", "requirements", "marks", "title"),
    [
        (
            ["概括某镇的主要做法。（15分）", "要求：（1）全面；", "（2）不超过200字"],
            "概括某镇的主要做法。",
            "（1）全面；（2）不超过200字",
            15,
            "某镇的主要做法",
        ),
        (["请提出建议。（ 40 分） 有说服力。不超过 450 字。"], "请提出建议。", "有说服力。不超过 450 字。", 40, ""),
        (["谈谈对“种戏”的理解。不超过300字。"], "谈谈对“种戏”的理解。", "不超过300字。", None, "“种戏”的理解"),
        (["（20分）：分析出现的原因。", "【要求】简明"], "分析出现的原因。", "简明", 20, "出现的原因"),
        (["写一篇文章。（本题30分）"], "写一篇文章。", "", 30, ""),
    ],
)
def test_a_task_is_taken_apart(lines: list[str], task: str, requirements: str, marks: float | None, title: str) -> None:
    wording = read_wording(lines)
    assert (wording.task, wording.requirements, wording.max_score) == (task, requirements, marks)
    assert wording.title == title


@given(st.integers(1, 240), st.lists(st.floats(0.5, 40), min_size=1, max_size=12))
def test_shared_marks_add_up(halves: int, weights: list[float]) -> None:
    total = halves / 2
    marks = share(total, weights)
    assert sum(marks) == pytest.approx(total)
    assert min(marks) > 0
    assert len(marks) == len(weights)
    if halves >= len(weights):
        assert all(mark % 0.5 == 0 for mark in marks)


def test_more_to_say_is_worth_more() -> None:
    marks = share(18, [9, 4, 4, 1])
    assert marks == sorted(marks, reverse=True)
    assert marks[0] > marks[-1]


@pytest.mark.parametrize(
    ("answer", "ideas"),
    [
        ("一是缺钱。二是缺人。三是缺制度。四是缺技术。", ["缺钱", "缺人", "缺制度", "缺技术"]),
        ("做法：1、抓宣传；2、抓培训；3、抓考核；4、抓公开。", ["抓宣传", "抓培训", "抓考核", "抓公开"]),
        ("首先，认识要转。其次，出路要有。最后，办法要实。", ["认识要转", "出路要有", "办法要实"]),
        ("①找准问题；②分清责任；③限期整改；④按时回访。", ["找准问题", "分清责任", "限期整改", "按时回访"]),
        ("物流成本太高，农户叫苦；好东西走不出大山。", ["物流成本太高，农户叫苦", "好东西走不出大山"]),
        (
            "一、原因\n1.标准不一。\n2.车位不足。\n二、对策\n1.统一标准。\n2.盘活车位。",
            ["标准不一", "车位不足", "统一标准", "盘活车位"],
        ),
        (
            "问题：（1）派单重复。（2）职责不清。原因：（1）考核偏差。（2）协同不足。",
            ["派单重复", "职责不清", "考核偏差", "协同不足"],
        ),
        ("", []),
    ],
)
def test_ideas_follow_the_structure(answer: str, ideas: list[str]) -> None:
    assert [idea.text for idea in read_ideas(answer)] == ideas


def test_a_short_topic_sentence_gets_what_follows_it() -> None:
    [idea, *_] = read_ideas("一是治理理念不深。重管控、轻服务的现象还存在。二是缺人。三是缺钱。四是缺制度。")
    assert idea.text == "治理理念不深：重管控、轻服务的现象还存在"


@given(st.text(alphabet="一二三是1.（）(2)、。；\n\t基层治理“”5分首先最后，：", max_size=120))
def test_ideas_of_anything(answer: str) -> None:
    ideas = read_ideas(answer)
    assert len(ideas) <= 12
    assert all(idea.text.strip() and len(idea.text) <= 40 for idea in ideas)
    assert len(without_marks(answer)) <= len(answer)


@given(st.integers(1, 99))
def test_han_numerals_are_read_back(number: int) -> None:
    assert value(han_numeral(number)) == number
    marker = numbered(f"{han_numeral(number)}、办事")
    assert marker is not None
    assert (marker.style, marker.number) == ("han", number)


def test_numbers_that_begin_nothing() -> None:
    texts = ["一个村", "3.5万元", "2024.5", "十分重要", "一要素", "第一书记", "（备注）", "百姓"]
    assert [text for text in texts if numbered(text)] == []


def test_a_text_that_was_never_a_web_page_loses_nothing() -> None:
    lines = ["第一题 请根据资料概括做法。（10分）", "【参考答案】", "扫码登录", "客服电话贴在墙上", "某镇政府", "登录"]
    assert clean(lines, web=True).lines == tuple(lines)


@given(st.lists(st.text(alphabet="村里修路以后大家出门方便了。", min_size=1, max_size=90), min_size=1, max_size=8))
def test_putting_lines_together_loses_no_character(paragraphs: list[str]) -> None:
    broken = [text[at : at + 20] for text in paragraphs for at in range(0, len(text), 20)]
    assert "".join(unwrapped(broken)) == "".join(paragraphs)


def test_a_text_with_paragraphs_of_its_own_is_left_as_it_is() -> None:
    text = "\n".join(f"第{n}段话，" + "说了一些事" * n for n in range(1, 12))
    assert text_lines(text) == text.split("\n")


FRAGMENTS = (
    *(
        "第一题",
        "例题2：",
        "请根据材料1，概括做法",
        "（20分）",
        "要求：",
        "不超过200字",
        "问题",
        "给定资料",
        "材料1",
        "\n",
    ),
    *(
        "【参考答案】",
        "参考答案",
        "评分标准：",
        "（3分）",
        "三、实战应用",
        "热点背景",
        "一、",
        "1.",
        "（二）",
        "一是缺钱。",
    ),
    *(
        "办事大厅搬到了一层，方便群众。",
        "“",
        "：",
        "#",
        "- ",
        "'",
        '"',
        "\\",
        "\t",
        "|",
        "&a",
        "{",
        "]",
        "%",
        "@",
        "null",
    ),
    *("\u2028", "\x01", "\x85", "\ufeff", "😀", "\ue000"),
)


@settings(max_examples=60, deadline=None)
@given(fragments=st.lists(st.sampled_from(FRAGMENTS), max_size=60))
def test_whatever_is_found_loads(tmp_path_factory: pytest.TempPathFactory, fragments: list[str]) -> None:
    folder = tmp_path_factory.mktemp("found")
    text = "第一题\n请根据给定资料，概括办事大厅方便群众的做法。（20分）\n" + "".join(fragments)
    (folder / "试卷.txt").write_text(text, encoding="utf-8")
    shelf = Shelf(folder / "bank")
    imported = import_file(folder / "试卷.txt", shelf, "street")
    assert imported.drafts
    shelf.write(imported.pages)
    for draft in imported.drafts:
        name = Path("street") / f"{draft.prompt.id}.yaml"
        assert load_prompt(folder / "bank/prompts" / name).model == draft.prompt
        assert load_reference(folder / "bank/reference_answers" / name).model == draft.reference
        if draft.reference.points:
            marks = sum(point.marks for point in draft.reference.points) + draft.reference.presentation
            assert marks == pytest.approx(draft.prompt.max_score)
