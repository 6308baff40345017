"""A question on screen, its reference answers and its marked specimens."""

from typing import TYPE_CHECKING

from rich.text import Text

from essaydrill.bank.kinds import GENRE_NAMES, KIND_NAMES
from essaydrill.reports.layout import Block, beside, flow, heading, indented, labelled, numbered, page_width, put, wrap
from essaydrill.reports.safe_text import one_line, sanitise
from essaydrill.reports.style import GREY, STATUS_STYLES, marks, signs

if TYPE_CHECKING:
    from rich.console import Console

    from essaydrill.bank.item import Item
    from essaydrill.bank.models import Specimen
    from essaydrill.bank.shown import AnyLength, AnyMaterial, AnyPrompt
    from essaydrill.scoring.result import Status


def render_prompt(prompt: "AnyPrompt", console: "Console") -> None:
    """Print a question: title, task, requirements, materials; the task again below materials longer than the screen."""
    width = page_width(console)
    task = _task(prompt, width)
    materials = [_material(material, console) for material in prompt.materials]
    put(console, _title(prompt, width), task, *materials)
    if console.is_terminal and sum(map(len, materials)) > console.height:
        console.print()
        put(console, task)


def render_references(item: "Item", console: "Console") -> None:
    """Print every reference answer, then the outline that a strong answer follows."""
    width = page_width(console)
    texts = [
        [heading(f"参考答案 {one_line(reference.label)}", "", console), *_body(reference.text, width)]
        for reference in item.reference.references
    ]
    steps = enumerate(map(one_line, item.reference.framework), 1)
    outline = [line for number, step in steps for line in numbered(number, Text(step), width)]
    put(console, *texts, [heading("高分框架", "", console), *outline] if outline else [])


def render_specimens(item: "Item", console: "Console") -> None:
    """Print every marked specimen: its total, the answer, the credit of each point, the examiner's comment."""
    blocks = [block for specimen in item.reference.specimens for block in _specimen(specimen, item, console)]
    put(console, *(blocks or [[Text("这道题还没有标杆卷。", GREY)]]))


def _title(prompt: "AnyPrompt", width: int) -> Block:
    kind = KIND_NAMES[prompt.kind] + (f"（{GENRE_NAMES[prompt.genre]}）" if prompt.genre else "")
    facts = [kind, f"满分 {marks(prompt.max_score)} 分"]
    if prompt.limit:
        facts.append(limit_words(prompt.limit))
    if prompt.minutes:
        facts.append(f"建议 {prompt.minutes} 分钟")
    facts.append(f"难度 {prompt.difficulty}/5")
    title = wrap(Text(one_line(prompt.title), "bold"), width) if prompt.title else []
    return [*title, *flow([Text(fact, GREY) for fact in facts], " · ", width)]


def limit_words(limit: "AnyLength") -> str:
    """A length requirement as people say it: 不超过 200 字."""
    if limit.about:
        return f"{limit.about} 字左右"
    if limit.min and limit.max:
        return f"{limit.min}–{limit.max} 字"
    return f"不超过 {limit.max} 字" if limit.max else f"不少于 {limit.min} 字"


def _task(prompt: "AnyPrompt", width: int) -> Block:
    block = labelled("题目", Text(sanitise(prompt.task), "bold"), width)
    if prompt.requirements:
        block += labelled("要求", Text(sanitise(prompt.requirements)), width)
    return block


def _material(material: "AnyMaterial", console: "Console") -> Block:
    return [heading(one_line(material.label), "", console), *_body(material.text, page_width(console))]


def _body(text: str, width: int) -> Block:
    """Running text as it is printed: every paragraph begins two Han characters in."""
    paragraphs = (line.strip() for line in sanitise(text).split("\n"))
    body = "\n".join(f"\u3000\u3000{line}" for line in paragraphs if line)
    return wrap(Text(body), width)


def _specimen(specimen: "Specimen", item: "Item", console: "Console") -> list[Block]:
    width = page_width(console)
    total = f"{marks(specimen.total)}/{marks(item.prompt.max_score)} 分"
    remarks = beside([([Text("给分", "bold")], 4), (_credits(specimen, item, console), width - 6)])
    if specimen.comment:
        remarks += labelled("评语", Text(sanitise(specimen.comment)), width)
    answer = indented(wrap(Text(sanitise(specimen.answer)), width - 2))
    return [[heading(f"标杆卷 {one_line(specimen.label)}", total, console), *answer], remarks]


def _credits(specimen: "Specimen", item: "Item", console: "Console") -> Block:
    """What each point earned, as a row of small marks."""
    row = []
    for point in item.reference.points:
        credit = specimen.credits.get(point.id, 0.0)
        status: Status = "hit" if credit >= 1 else "partial" if credit > 0 else "missed"
        earned = f"{signs(console).status[status]} {point.id} {marks(credit * point.marks)}"
        row.append(Text(earned, STATUS_STYLES[status]))
    if item.reference.presentation:
        row.append(Text(f"条理 {marks(specimen.presentation)}", GREY))
    return flow(row, "   ", page_width(console) - 6)
