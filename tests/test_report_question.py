"""A question, its references and specimens on screen."""

import io
import re
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from essaydrill.bank import Bank, ShownPrompt
from essaydrill.bank.item import Item
from essaydrill.bank.models import Length, Prompt, Reference
from essaydrill.reports import render_prompt, render_references, render_specimens

PROMPT: dict[str, Any] = {
    "id": "governance-document-01",
    "kind": "document",
    "genre": "report",
    "title": "基层治理调研报告",
    "task": "根据给定材料，完成调研报告的第三部分。",
    "requirements": "内容全面，条理清晰，不超过400字。",
    "max_score": 30,
    "minutes": 40,
    "materials": [
        {"label": "材料1", "text": "云岭乡的账摊开了。\n\n网格员何德全67岁，[bold]兼职[/bold]。\n"},
        {"label": "材料2", "text": "副县长：\x1b[31m发案数我报一下\x1b[0m。" * 6},
    ],
}
REFERENCE: dict[str, Any] = {
    "prompt": "governance-document-01",
    "presentation": 4,
    "points": [{"id": f"p{n}", "text": f"要点{n}", "marks": 2.5} for n in range(1, 11)],
    "references": [{"label": "A", "text": "一、强化党建。\n二、整合平台。"}, {"label": "B", "text": "要点另写。"}],
    "specimens": [
        {
            "label": "三类卷",
            "answer": "一是加强领导。\n二是[i]加强[/i]宣传。",
            "credits": {"p1": 1, "p2": 0.5},
            "presentation": 2,
            "total": 5.5,
            "comment": "空话多，没有回到材料。",
        }
    ],
    "framework": ["总起点题", "分条写措施", "收束"],
}


def item(**changes: Any) -> Item:
    return Item(Prompt.model_validate(PROMPT), Reference.model_validate(REFERENCE | changes))


def shown(render: Any, what: Item | Prompt | ShownPrompt, width: int = 80, **options: Any) -> str:
    console = Console(file=(out := io.StringIO()), width=width, markup=False, highlight=False, emoji=False, **options)
    render(what, console)
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_console(width: int) -> None:
    texts = [shown(render_prompt, item().prompt, width)]
    texts += [shown(render, item(), width) for render in (render_references, render_specimens)]
    assert max(cell_len(line) for text in texts for line in text.splitlines()) <= width


@pytest.mark.parametrize("width", [40, 80, 120])
def test_question_shows_all_that_is_given(width: int) -> None:
    text = "".join(shown(render_prompt, item().prompt, width).split())
    for told in (
        "基层治理调研报告",
        "贯彻执行（调研报告）",
        "满分30分",
        "不超过400字",
        "建议40分钟",
        "题目根据给定材料，完成调研报告的第三部分。",
        "要求内容全面，条理清晰，不超过400字。",
        "云岭乡的账摊开了。",
        "[bold]兼职[/bold]",
    ):
        assert told in text
    assert "\x1b" not in text


def test_paragraphs_begin_two_characters_in() -> None:
    lines = shown(render_prompt, item().prompt).splitlines()
    assert "　　云岭乡的账摊开了。" in lines
    assert any(line.startswith("　　网格员何德全") for line in lines)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        ({"about": 400}, "400 字左右"),
        ({"max": 200}, "不超过 200 字"),
        ({"min": 800}, "不少于 800 字"),
        ({"min": 1000, "max": 1200}, "1000–1200 字"),
    ],
)
def test_limit_is_told_in_words(length: dict[str, int], words: str) -> None:
    prompt = item().prompt.model_copy(update={"length": Length(**length)})
    assert words in shown(render_prompt, prompt)


def test_a_prompt_of_the_index_looks_like_its_model() -> None:
    bank = Bank.open()
    for identifier in ("governance-summary-01", next(each.id for each in bank.entries() if each.kind == "document")):
        assert shown(render_prompt, bank.shown(identifier)) == shown(render_prompt, bank.prompt(identifier))


def test_task_stands_again_below_materials_longer_than_the_screen() -> None:
    task = "完成调研报告的第三部分。"
    assert shown(render_prompt, item().prompt, height=5, force_terminal=True, color_system="256").count(task) == 2
    assert shown(render_prompt, item().prompt, height=50, force_terminal=True, color_system="256").count(task) == 1
    assert shown(render_prompt, item().prompt, height=5).count(task) == 1


def test_references_come_with_the_outline() -> None:
    text = shown(render_references, item())
    assert re.findall(r"^参考答案 (\w)", text, re.MULTILINE) == ["A", "B"]
    assert "　　二、整合平台。" in text
    assert "高分框架" in text
    assert "2. 分条写措施" in text
    assert "高分框架" not in shown(render_references, item(framework=[]))


@pytest.mark.parametrize("width", [40, 80, 120])
def test_specimens_show_total_answer_credits_and_comment(width: int) -> None:
    text = shown(render_specimens, item(), width)
    for told in ("标杆卷 三类卷", "5.5/30 分", "[i]加强[/i]", "✔ p1 2.5", "◐ p2 1.25", "✘ p10 0", "条理 2", "空话多"):
        assert told in text


def test_without_specimens_it_says_so() -> None:
    assert "还没有标杆卷" in shown(render_specimens, item(specimens=[]))
