"""A mock paper as one printable HTML page: cover, questions with their materials, answer sheets."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from essaydrill.bank.kinds import KIND_NAMES
from essaydrill.reports.question import limit_words
from essaydrill.reports.safe_text import one_line
from essaydrill.reports.sheet import answer_sheet, material, page, task
from essaydrill.reports.style import marks
from essaydrill.text.characters import NUMERALS

if TYPE_CHECKING:
    from essaydrill.bank.models import Prompt

_RULES = (
    "本卷由题目和答题纸两部分组成，作答写在答题纸上，一格一字，标点占一格，每段开头空两格。",
    "答题纸上标出了字数要求，超出的部分会扣分；红线以后请尽快收笔。",
    "各题的给定材料只用于本题，除题目另有要求外，不必写材料以外的内容。",
)


def paper_page(title: str, prompts: "Sequence[Prompt]", total: float, minutes: int) -> str:
    """The whole HTML document; nothing in the title or the prompts can act as HTML."""
    questions = [_question(number, prompt) for number, prompt in enumerate(prompts, 1)]
    sheets = [answer_sheet(prompt, f"{_named(number)} 答题纸") for number, prompt in enumerate(prompts, 1)]
    return page(title, "\n".join([_cover(title, prompts, total, minutes), *questions, *sheets]))


def _cover(title: str, prompts: "Sequence[Prompt]", total: float, minutes: int) -> str:
    facts = f"满分 {marks(total)} 分 · 时间 {minutes} 分钟 · 共 {len(prompts)} 题"
    blanks = ("姓名 ________________", "日期 ______________", f"总分 ______ / {marks(total)}")
    rows = [_cover_row(number, prompt) for number, prompt in enumerate(prompts, 1)]
    head = "".join(f"<th>{name}</th>" for name in ("题号", "题目", "题型", "分值", "字数", "建议用时", "得分"))
    return "\n".join(
        [
            "<section class='cover'>",
            f"<h1>{escape(one_line(title))}</h1>",
            f"<p class='facts'>{facts}</p>",
            f"<p class='who'>{''.join(f'<span>{blank}</span>' for blank in blanks)}</p>",
            f"<table><thead><tr>{head}</tr></thead><tbody>",
            *rows,
            "</tbody></table>",
            "<h2>注意事项</h2>",
            f"<ol>{''.join(f'<li>{rule}</li>' for rule in _RULES)}</ol>",
            "</section>",
        ]
    )


def _cover_row(number: int, prompt: "Prompt") -> str:
    cells = (
        KIND_NAMES[prompt.kind],
        marks(prompt.max_score),
        limit_words(prompt.limit) if prompt.limit else "—",
        f"{prompt.minutes} 分钟" if prompt.minutes else "—",
        "",
    )
    named = escape(one_line(prompt.title or prompt.task))
    return f"<tr><td>{number}</td><td class='left'>{named}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _question(number: int, prompt: "Prompt") -> str:
    head = f"<h2>{_named(number)}（{marks(prompt.max_score)} 分）</h2>"
    return "\n".join(["<section class='question'>", head, *map(material, prompt.materials), task(prompt), "</section>"])


def _named(number: int) -> str:
    return f"第{NUMERALS[number - 1] if number <= len(NUMERALS) else f' {number} '}题"
