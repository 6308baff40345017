"""The report of one marked answer at every width, with and without colour, and with a hostile answer."""

import io
import re
import time
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from essaydrill.bank.item import Item
from essaydrill.bank.models import Length, Prompt, Reference
from essaydrill.reports import render_result
from essaydrill.scoring.result import Evidence, Flag, LengthResult, PointResult, PresentationResult, Result

ANSWER = """当前问题有三：
一、保障弱。乡镇财政困难、投入不足；“雪亮工程”盲区多，无钱维修。

二、队伍老。网格员年龄偏大，不会用手机。"""
WIDTHS = [40, 80, 120]


def make_item(kind: str = "summary") -> Item:
    points = [
        {"id": "p1", "text": "财政困难，基层投入不足", "marks": 3, "found_in": ["材料1"]},
        {"id": "p2", "text": "“雪亮工程”薄弱，平台整合不够", "marks": 2.5, "found_in": ["材料1"]},
        {"id": "p3", "text": "网格员年龄偏大，履职不到位", "marks": 2, "found_in": ["材料1", "材料4"]},
        {
            "id": "p4",
            "text": "党组织核心作用发挥不够，治理与党建、乡村振兴、正风肃纪未融为一体",
            "marks": 2,
            "found_in": ["材料2"],
        },
    ]
    prompt = {
        "id": "governance-summary-01",
        "kind": kind,
        "title": "基层治理的问题",
        "task": "概述问题。",
        "max_score": 10.5,
    }
    reference = {
        "prompt": prompt["id"],
        "presentation": 1,
        "points": points,
        "references": [{"label": "A", "text": "略"}],
    }
    return Item(Prompt.model_validate(prompt), Reference.model_validate(reference))


def evidence(answer: str, words: str) -> Evidence:
    start = answer.index(words)
    return Evidence(start=start, end=start + len(words), text=words)


def make_result(item: Item, answer: str = ANSWER, **changes: Any) -> Result:
    found = {
        "p1": (1.0, ["财政困难、投入不足"], ()),
        "p2": (0.5, ["“雪亮工程”盲区多", "无钱维修"], ("整合不够", "服务平台")),
        "p3": (1.0, ["网格员年龄偏大，不会用手机"], ()),
    }
    points = []
    for point in item.reference.points:
        credit, quotes, missing = found.get(point.id, (0.0, [], ()))
        points.append(
            PointResult(
                id=point.id,
                text=point.text,
                marks=point.marks,
                credit=credit,
                status="hit" if credit == 1 else "partial" if credit else "missed",
                awarded=credit * point.marks,
                confidence=0.9,
                evidence=tuple(evidence(answer, words) for words in quotes if words in answer),
                missing=missing,
            )
        )
    fields: dict[str, Any] = {
        "prompt": item.prompt.id,
        "score": 6.75,
        "max_score": 10.5,
        "band": "二类",
        "points": points,
        "presentation": PresentationResult(score=0.5, max=1, findings=("分条清楚", "缺总括句")),
        "length": LengthResult(cells=62, limit=Length(about=60), rule="要求 60 字左右（54–66），不扣分"),
        "interval": (6, 8),
        "signature": "essaydrill:0.1.0|seg:rjieba-0.2|model:1|prompt:9f3a21bc",
    }
    return Result(**fields | changes)


def render(result: Result, item: Item, answer: str = ANSWER, width: int = 80, **options: Any) -> str:
    console = Console(file=(out := io.StringIO()), width=width, markup=False, highlight=False, emoji=False, **options)
    render_result(result, item, answer, console)
    return out.getvalue()


def squeezed(text: str) -> str:
    """The characters of a report without the blanks and line ends that its width decides."""
    return "".join(text.split())


@pytest.fixture
def item() -> Item:
    return make_item()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_console(item: Item, width: int) -> None:
    flags = [Flag(code="x", message="有 38 字与材料原文相同，照抄的部分不计分。")]
    report = render(make_result(item, flags=flags, needs_review=True), item, width=width)
    assert max(map(cell_len, report.splitlines())) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_everything_a_candidate_wants_to_know_is_told(item: Item, width: int) -> None:
    flags = [Flag(code="copied", message="有38字与材料原文相同。")]
    report = squeezed(render(make_result(item, flags=flags, needs_review=True), item, width=width))
    for told in (
        "基层治理的问题",
        "概括归纳·满分10.5分",
        "6.75/10.5分二类",
        "6–8分",
        "复核这份作答机器把握不大",
        "注意有38字与材料原文相同。",
        "2命中·1部分·1未得",
        "“财政困难、投入不足”",
        "还差：整合不够、服务平台",
        "见材料2",
        "0.5/1分条清楚；缺总括句",
        "62格要求60字左右（54–66），不扣分",
        "essaydrill:0.1.0|seg:rjieba-0.2|model:1|prompt:9f3a21bc",
    ):
        assert told in report


@pytest.mark.parametrize("width", WIDTHS)
def test_every_earned_mark_stands_in_the_text_where_it_was_earned(item: Item, width: int) -> None:
    report = squeezed(render(make_result(item), item, width=width))
    assert "投入不足[p1+3]；" in report
    assert "“雪亮工程”盲区多[p2]，无钱维修[p2+1.25]。" in report
    assert "不会用手机[p3+2]。" in report


def test_paragraphs_of_the_answer_are_kept(item: Item) -> None:
    lines = render(make_result(item), item, width=120).splitlines()
    start = next(number for number, line in enumerate(lines) if "当前问题有三：" in line)
    assert lines[start + 1].strip().startswith("一、保障弱。")
    assert lines[start + 2] == ""
    assert lines[start + 3].strip().startswith("二、队伍老。")


def test_points_stand_in_the_order_of_the_scheme(item: Item) -> None:
    result = make_result(item)
    report = render(result.model_copy(update={"points": result.points[::-1]}), item)
    assert re.findall(r"^\S \S\S  (p\d)", report, re.MULTILINE) == ["p1", "p2", "p3", "p4"]
    assert re.findall(r"^([✔◐✘]) (\S\S)", report, re.MULTILINE) == [
        ("✔", "命中"),
        ("◐", "部分"),
        ("✔", "命中"),
        ("✘", "未得"),
    ]


def test_next_steps_come_with_their_marks(item: Item) -> None:
    report = render(make_result(item), item)
    told = report[report.index("下一步") :]
    assert "10 分" in told.splitlines()[0]
    assert re.search(r"^1\. 补上 p4：党组织核心作用.* \+2$", told, re.MULTILINE)
    assert re.search(r"^2\. 写全 p2：.* \+1\.25$", told, re.MULTILINE)


def test_full_marks_need_no_next_step(item: Item) -> None:
    result = make_result(item)
    points = [p.model_copy(update={"credit": 1, "status": "hit", "awarded": p.marks}) for p in result.points]
    changes = {"score": 10.5, "points": tuple(points), "presentation": PresentationResult(score=1, max=1)}
    assert "下一步" not in render(result.model_copy(update=changes), item)


def test_essay_shows_its_band_first_and_on_the_ladder() -> None:
    item = make_item("essay")
    report = render(make_result(item), item)
    assert re.search(r"^二类  6\.75 / 10\.5 分", report, re.MULTILINE)
    assert "一类  【二类】  三类" in report
    assert "卷面" in report


def test_deduction_for_length_is_told(item: Item) -> None:
    length = LengthResult(cells=90, limit=Length(max=60), status="over", deduction=0.5, rule="不超过60字，超出50%")
    report = render(make_result(item, length=length), item)
    assert "90 格  扣 0.5 分  不超过60字，超出50%" in report


def test_piped_report_is_plain_text(item: Item) -> None:
    report = render(make_result(item), item)
    assert "\x1b" not in report
    assert not any(line != line.rstrip() for line in report.splitlines())


def test_no_color_keeps_underlines_and_drops_colours(item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    report = render(make_result(item), item, force_terminal=True, color_system="256")
    codes = {code for found in re.findall(r"\x1b\[([\d;]*)m", report) for code in found.split(";")}
    assert codes <= {"", "0", "1", "4", "7"}
    assert "4" in codes


def test_colours_are_legible_on_dark_and_light(item: Item) -> None:
    report = render(make_result(item), item, force_terminal=True, color_system="256")
    numbers = {int(n) for n in re.findall(r"38;5;(\d+)", report)}
    assert numbers
    for number in numbers:
        luminance = luminance_of(number)
        assert 1.05 / (luminance + 0.05) >= 3.5, number  # on white
        assert (luminance + 0.05) / 0.05 >= 3.5, number  # on black
    # Nothing dim, and no colour that the palette of the terminal decides.
    assert not re.search(r"\x1b\[[\d;]*\b(?:2|3[0-7]|9[0-7])m", re.sub(r"38;5;\d+", "", report))


def luminance_of(number: int) -> float:
    """The relative luminance (WCAG 2) of a colour of the 256-colour palette."""
    levels = [0, 95, 135, 175, 215, 255]
    grey = [8 + 10 * (number - 232)] * 3
    cube = number - 16
    rgb = grey if number >= 232 else [levels[cube // 36], levels[cube // 6 % 6], levels[cube % 6]]
    linear = [((c / 255 + 0.055) / 1.055) ** 2.4 if c > 10 else c / 255 / 12.92 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("plain", [True, False])
def test_hostile_answer_is_shown_harmlessly(item: Item, width: int, plain: bool) -> None:
    answer = (
        "\x1b]0;x\x07[bold]财政困难、投入不足[/bold] [red]\u202e反\ud800\x9b31m\b\r\n"
        ":smile: e\u0301 👨\u200d👩\u200d👧❤\ufe0f" + "（" * 90
    )
    options = {} if plain else {"force_terminal": True, "color_system": "256"}
    report = render(make_result(item, answer), item, answer, width, **options)
    report.encode("utf-8")
    text = re.sub(r"\x1b\[[\d;]*m", "", report)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "[bold]财政困难、投入不足[p1 +3][/bold]" in text.replace("\n  ", "")
    assert ":smile:" in text
    assert max(map(cell_len, text.splitlines())) <= width


def test_empty_answer_is_told(item: Item) -> None:
    assert "（没有写）" in render(make_result(item, ""), item, "")


@pytest.mark.parametrize(
    ("limit", "told"),
    [(None, r"后面 94\d{3} 个字符已阅读"), (Length(max=400), r"答题纸到此为止，后面 \d{5,6} 个字符没有阅读")],
)
def test_hundred_thousand_characters_render_within_a_second(item: Item, limit: Length | None, told: str) -> None:
    answer = ("财政困难、投入不足，" * 10 + "\n") * 991
    result = make_result(item, answer, length=LengthResult(cells=99_100, limit=limit))
    start = time.perf_counter()
    report = render(result, item, answer)
    assert time.perf_counter() - start < 1
    assert len(report) < 20_000
    assert re.search(told, report)


def test_signs_fit_a_gbk_console(item: Item) -> None:
    buffer = io.BytesIO()
    console = Console(file=io.TextIOWrapper(buffer, encoding="gbk"), width=80, markup=False, highlight=False)
    render_result(make_result(item), item, ANSWER, console)
    console.file.flush()
    assert "√ 命中" in buffer.getvalue().decode("gbk")
