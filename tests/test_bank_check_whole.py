"""`examine_bank`: what is seen only by marking specimens, or by holding prompts against one another."""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill.agreement.specimen_table import markdown
from essaydrill.bank import Bank, Finding, Item, SpecimenAgreement, examine_bank

ROOT = Path(__file__).parent.parent
HAN = [chr(code) for code in range(0x4E00, 0x9FA5)]


def characters(seed: int, count: int) -> str:
    """Text that shares no run with that of another seed."""
    return "".join(random.Random(seed).choices(HAN, k=count))


def write(bank: Path, name: str, **parts: Any) -> None:
    """A question of 10 marks; `parts` replaces task, materials, points and specimens."""
    seed = sum(name.encode())
    prompt = {
        "id": name,
        "topic": "law",
        "task": parts.get("task", characters(seed, 60)),
        "requirements": "不超过100字。",
        "max_score": 10,
        "materials": [
            {"label": f"材料{number}", "text": text}
            for number, text in enumerate(parts.get("materials", [characters(seed + 10_000, 300)]), 1)
        ],
    }
    texts = parts.get("points", [characters(seed + 20_000, 12), characters(seed + 30_000, 12)])
    points = [{"id": f"p{number}", "text": text, "marks": 4} for number, text in enumerate(texts, 1)]
    reference = {
        "prompt": name,
        "presentation": 2,
        "points": points,
        "references": [{"label": "A", "text": "答。"}],
        "specimens": parts.get("specimens", []),
    }
    for folder, content in (("prompts", prompt), ("reference_answers", reference)):
        path = bank / folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def findings(*banks: Path) -> list[Finding]:
    """What the topmost of `banks` shares with others."""
    layers = tuple(layer for bank in banks for layer in Bank.open(bank, builtin=False).layers)
    return [finding for finding in examine_bank(Bank(layers)).findings if "与题目" in finding.message]


# --- near-duplicates -------------------------------------------------------------------------------------------------


def test_questions_of_their_own_share_nothing(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        write(tmp_path, name)
    assert findings(tmp_path) == []


@pytest.mark.parametrize(("kept", "found"), [(60, False), (120, True), (300, True)])
def test_materials_that_share_long_runs(tmp_path: Path, kept: int, found: bool) -> None:
    text = characters(1, 300)
    write(tmp_path, "a", materials=[text])
    # Cut up otherwise, with other punctuation, and with text of its own.
    copied = f"{text[:50]}，{text[50:kept]}。"
    write(tmp_path, "b", materials=[copied, characters(2, 301 - kept)])
    told = [(each.severity, each.id, each.field) for each in findings(tmp_path)]
    assert told == ([("warning", "b", "materials")] if found else [])
    if found:
        assert "给定材料与题目 a 雷同" in findings(tmp_path)[0].message


def test_a_short_question_out_of_a_long_one_is_found(tmp_path: Path) -> None:
    text = characters(1, 2000)
    write(tmp_path, "a", materials=[text])
    write(tmp_path, "b", materials=[text[700:800]])
    assert [each.message for each in findings(tmp_path)] == ["给定材料与题目 a 雷同，有 100% 的文字相同"]


def test_tasks_may_share_a_formula_but_not_everything(tmp_path: Path) -> None:
    formula = "根据给定资料，请你谈谈对下面这句话的理解："
    write(tmp_path, "a", task=formula + characters(1, 40))
    write(tmp_path, "b", task=formula + characters(2, 40))
    assert findings(tmp_path) == []
    write(tmp_path, "c", task=f"（20分）{formula}{characters(2, 40)}")
    (finding,) = findings(tmp_path)
    assert (finding.id, finding.field, finding.line) == ("c", "task", 3)
    assert "题干与题目 b 雷同" in finding.message


def test_short_texts_are_alike_by_chance(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path, name, task="概括给定资料中的主要问题。", materials=["某镇地处山区，经费不足，人员老化。"])
    assert findings(tmp_path) == []


def test_equal_points_are_named_once_for_each_other_question(tmp_path: Path) -> None:
    write(tmp_path, "a", points=["村里缺钱，没有人管", "路灯坏了没人修"])
    write(tmp_path, "b", points=["老人吃饭难", "路灯坏了，没人修！", " 村里缺钱没有人管。"])
    (finding,) = findings(tmp_path)
    assert (finding.severity, finding.id, finding.field) == ("warning", "b", "points[p2].text")
    assert finding.message == "采分点 p2、p3 与题目 a 的 p2、p1 内容相同"


def test_the_question_laid_over_the_others_is_the_one_told_of(tmp_path: Path) -> None:
    write(tmp_path / "below", "z", materials=[characters(1, 300)])
    write(tmp_path / "above", "a", materials=[characters(1, 300)])
    assert [each.id for each in findings(tmp_path / "below", tmp_path / "above")] == ["a"]


def test_a_text_copied_everywhere_is_told_of_each_copy_a_few_times(tmp_path: Path) -> None:
    names = [f"q{number:02}" for number in range(12)]
    for name in names:
        write(tmp_path, name, materials=[characters(1, 100)])
    found = findings(tmp_path)
    assert {each.id for each in found} == set(names[1:])
    assert len(found) <= 4 * len(names)


# --- agreement -------------------------------------------------------------------------------------------------------


def specimen(label: str, total: float, **credits: float) -> dict[str, Any]:
    return {"label": label, "answer": label, "credits": credits, "presentation": 0, "total": total, "level": "good"}


def examined(bank: Path, marks: dict[str, tuple[float, float, float]]) -> tuple[list[Finding], SpecimenAgreement]:
    """Examine a bank of one prompt whose answers get `marks`: the total and the credits of p1 and p2."""

    def score(_: Item, text: str) -> SimpleNamespace:
        total, *credits = marks.get(text, (10, 1, 1))
        points = [SimpleNamespace(id=f"p{n}", marks=4, awarded=4 * credit) for n, credit in enumerate(credits, 1)]
        return SimpleNamespace(score=total, max_score=10, points=points)

    found = examine_bank(Bank.open(bank, builtin=False), score)
    (agreement,) = found.agreements
    return [each for each in found.findings if each.field == "specimens"], agreement


def test_agreement_of_one_prompt(tmp_path: Path) -> None:
    write(tmp_path, "a", specimens=[specimen("甲", 8, p1=1, p2=1), specimen("乙", 2, p1=0.5, p2=0)])
    told, agreement = examined(tmp_path, {"甲": (7, 1, 0.5), "乙": (5, 0.5, 0)})
    assert told == []
    assert agreement.difference == pytest.approx((1 + 3) / 2 / 10)
    assert (agreement.specimens, agreement.points, agreement.same_status) == (2, 4, 0.75)
    assert (agreement.worst.label, agreement.worst.marker, agreement.worst.machine) == ("乙", 2, 5)


@pytest.mark.parametrize(("machine", "found"), [(7.5, False), (8, True)])
def test_marks_far_apart_are_told(tmp_path: Path, machine: float, found: bool) -> None:
    write(tmp_path, "a", specimens=[specimen("甲", 5, p1=1, p2=0.25)])
    told, _ = examined(tmp_path, {"甲": (machine, 1, 0.5)})
    if not found:
        assert told == []
        return
    (finding,) = told
    assert (finding.severity, finding.id) == ("warning", "a")
    assert finding.message.startswith("机器评分与标杆卷的分数平均相差满分的 30.0%，超过 25%")
    assert finding.message.endswith("“甲”：标杆 5 分，机器 8 分")
    assert Path(finding.file).read_text("utf-8").splitlines()[(finding.line or 0) - 1] == "specimens:"


def test_specimens_without_points_agree_in_totals_only(tmp_path: Path) -> None:
    write(tmp_path, "a", points=[], specimens=[specimen("甲", 5)])
    _, agreement = examined(tmp_path, {"甲": (6, 1, 1)})
    assert (agreement.difference, agreement.points, agreement.same_status) == (pytest.approx(0.1), 0, None)
    assert "| a | 1 | 0.10 | – | good | 0.50 | 0.60 |" in list(markdown([agreement]))


TOTALS = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=1, max_size=6)


@settings(max_examples=20, deadline=None)
@given(TOTALS)
def test_the_worst_specimen_is_at_least_as_far_as_the_mean(
    tmp_path_factory: pytest.TempPathFactory, totals: list[tuple[int, int]]
) -> None:
    bank = tmp_path_factory.mktemp("bank")
    write(bank, "a", specimens=[specimen(f"卷{n}", human, p1=0, p2=0) for n, (human, _) in enumerate(totals)])
    _, agreement = examined(bank, {f"卷{n}": (machine, 0, 0) for n, (_, machine) in enumerate(totals)})
    farthest = abs(agreement.worst.marker - agreement.worst.machine)
    assert farthest == max(abs(human - machine) for human, machine in totals)
    assert 0 <= agreement.difference <= farthest / 10 + 1e-9


# --- the built-in bank -----------------------------------------------------------------------------------------------


def test_the_built_in_bank_has_no_errors_and_no_near_duplicates() -> None:
    assert examine_bank(Bank.open()).findings == ()


def test_the_documents_have_a_row_for_every_prompt() -> None:
    table = (ROOT / "docs" / "agreement.md").read_text("utf-8").partition("## The bank's own specimens")[2]
    rows = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")]
    assert sorted(rows[1:-1]) == list(Bank.open())
