"""`check_bank`: one small bank per mistake that a person can make."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from essaydrill.bank import Bank, Finding, Item, check_bank

FIRST = "当前基层经费不足，人员老化，需要加大财政投入，选派年轻干部驻村工作，并健全考核制度。"
SECOND = "村里缺钱缺人：建议县里多给经费，让大学生下乡，把干得好坏与报酬挂起钩来，人员更替要及时。"


@dataclass
class Draft:
    """The two files of one good question as plain data, to be spoiled by a test."""

    prompt: dict[str, Any]
    reference: dict[str, Any]
    folder: str = "governance"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))


def good(name: str = "q1") -> Draft:
    prompt = {
        "id": name,
        "topic": "governance",
        "kind": "summary",
        "task": "概括某镇治理中的困难和建议。",
        "requirements": "全面准确，不超过100字。",
        "max_score": 10,
        "materials": [{"label": "材料1", "text": "某镇地处山区。"}, {"label": "材料2", "text": "镇长说话了。"}],
    }
    points = [
        {"id": "p1", "text": "经费不足，要加大投入", "marks": 4, "keywords": [["经费", "财政"]], "found_in": ["材料1"]},
        {"id": "p2", "text": "队伍老化，要选派年轻人", "marks": 4, "keywords": [["人员", "队伍"]]},
    ]
    specimen = {
        "label": "三类卷",
        "answer": "钱不够用，人也不够用。",
        "credits": {"p1": 1, "p2": 0.5},
        "presentation": 1,
        "total": 7,
    }
    reference = {
        "prompt": name,
        "presentation": 2,
        "points": points,
        "references": [{"label": "A", "text": FIRST}, {"label": "B", "text": SECOND}],
        "specimens": [specimen],
    }
    return Draft(prompt, reference)


def write(bank: Path, draft: Draft) -> None:
    for folder, content, name in (
        ("prompts", draft.prompt, draft.prompt["id"]),
        ("reference_answers", draft.reference, draft.reference["prompt"]),
    ):
        path = bank / folder / draft.folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def check(bank: Path, **options: Any) -> list[Finding]:
    return check_bank(Bank.open(bank, builtin=False), **options)


def test_a_good_bank_has_no_findings(tmp_path: Path) -> None:
    write(tmp_path, good())
    assert check(tmp_path) == []


def spoil(draft: Draft, path: str, value: Any) -> None:
    """Set `prompt.kind`, `reference.points.0.marks` … to a value; None removes it."""
    *steps, last = path.split(".")
    target: Any = {"prompt": draft.prompt, "reference": draft.reference}
    for step in steps:
        target = target[int(step) if step.isdigit() else step]
    key = int(last) if last.isdigit() else last
    if value is None:
        del target[key]
    else:
        target[key] = value


LONG = "村里路灯坏了没有人修理，" * 8  # 96 characters
CASES: list[tuple[str, Any, str, str, str]] = [
    ("reference.points.0.marks", 5, "error", "points", "采分点共 9 分，加条理 2 分是 11 分，与满分 10 分不符"),
    ("prompt.max_score", 20, "error", "points", "与满分 20 分不符"),
    (
        "reference.points.0.keywords",
        [["经费"], ["数字孪生", "区块链"]],
        "error",
        "points[p1].keywords[第 2 项]",
        "哪一份参考答案都没有用到“数字孪生、区块链”",
    ),
    ("reference.points.0.keywords", [["经费"], []], "error", "points[p1].keywords[第 2 项]", "关键词组是空的"),
    ("reference.points.0.keywords", [["经费"], ["经费"]], "error", "points[p1].keywords[第 2 项]", "写了两遍"),
    ("reference.points.1.keywords", [["财政", "经费"]], "error", "points[p2].keywords", "与采分点 p1 完全相同"),
    ("reference.points.1.text", "经费不足，要加大投入力度", "error", "points[p2].text", "与采分点 p1 的内容几乎一样"),
    ("reference.points.0.found_in", ["材料9"], "error", "points[p1].found_in[第 1 项]", "没有名为“材料9”的材料"),
    ("reference.references.1.text", LONG + "经费人员", "", "", ""),
    (
        "reference.references.1.text",
        LONG + "经费人员" * 3,
        "error",
        "references[B].text",
        "超过了题目要求的 100 字",
    ),
    ("prompt.requirements", "不少于80字。", "warning", "references[A].text", "字，不到题目要求的 80 字"),
    ("prompt.requirements", "90字左右。", "warning", "references[A].text", "字，不到题目要求的 81 字"),
    ("prompt.requirements", "全面准确。", "warning", "requirements", "读不出字数要求"),
    ("reference.references.1.label", "A", "error", "references[A].label", "参考答案名“A”重复"),
    ("reference.references.1.text", FIRST + "。", "warning", "references[B].text", "与参考答案 A 几乎一样"),
    ("prompt.materials.1.label", "材料1", "error", "materials[材料1].label", "材料名“材料1”重复"),
    ("prompt.genre", "speech", "error", "genre", "只有 document（贯彻执行）题写文种"),
    ("prompt.kind", "document", "warning", "kind", "公文题没有写文种"),
    ("prompt.topic", "gardening", "warning", "topic", "专题 gardening 不在 topics.yaml 里"),
    ("prompt.topic", "law", "warning", "topic", "专题是 law，文件却放在 governance/ 里"),
    ("reference.specimens.0.total", 9, "error", "specimens[三类卷].total", "总分 9 与各点得分加条理分之和 7 不符"),
    ("reference.specimens.0.total", 7.5, "", "", ""),
    ("reference.specimens.0.presentation", 3, "error", "specimens[三类卷].presentation", "条理分 3 超过上限 2"),
    ("reference.specimens.0.credits", {"p1": 1}, "error", "specimens[三类卷].credits", "没有给采分点 p2 评分"),
    (
        "reference.specimens.0.answer",
        "我认为，" + FIRST,
        "warning",
        "specimens[三类卷].answer",
        "照抄了参考答案 A：“当前基层经费不足人员老化",
    ),
    (
        "reference.specimens.0.credits",
        {"p1": 1, "p2": 1, "p3": 1},
        "error",
        "specimens[三类卷].credits.p3",
        "没有采分点 p3",
    ),
    ("reference.points.1.id", "p1", "error", "points[p1].id", "采分点 p1 出现了 2 次"),
    ("prompt.task", None, "error", "task", "缺少这一项"),
    ("prompt.kinds", "summary", "error", "kinds", "是不是想写 kind"),
]


@pytest.mark.parametrize(("path", "value", "severity", "field", "told"), CASES)
def test_each_mistake_is_found(tmp_path: Path, path: str, value: Any, severity: str, field: str, told: str) -> None:
    draft = good()
    spoil(draft, path, value)
    write(tmp_path, draft)
    findings = check(tmp_path)
    if not told:
        assert findings == []
        return
    (finding,) = [finding for finding in findings if finding.field == field and told in finding.message]
    assert (finding.severity, finding.id) == (severity, "q1")
    text = Path(finding.file).read_text(encoding="utf-8").splitlines()
    assert finding.line is not None
    assert 1 <= finding.line <= len(text)


def test_the_line_is_that_of_the_field(tmp_path: Path) -> None:
    draft = good()
    spoil(draft, "reference.specimens.0.total", 3)
    write(tmp_path, draft)
    (finding,) = check(tmp_path)
    line = Path(finding.file).read_text(encoding="utf-8").splitlines()[(finding.line or 0) - 1]
    assert line.strip() == "total: 3"


def test_an_over_long_specimen_may_lose_what_length_costs(tmp_path: Path) -> None:
    def findings(total: float) -> list[Finding]:
        draft = good()
        draft.reference["specimens"][0] |= {"answer": LONG * 2, "total": total}
        write(tmp_path, draft)
        return check(tmp_path)

    assert findings(7) == findings(6) == findings(5) == []
    assert [finding.severity for finding in findings(4)] == ["warning"]
    assert [finding.severity for finding in findings(8)] == ["warning"]


def test_a_question_without_points_is_fine(tmp_path: Path) -> None:
    draft = good()
    draft.reference = {"prompt": "q1", "references": draft.reference["references"]}
    write(tmp_path, draft)
    assert check(tmp_path) == []


def remove(kind: str) -> Callable[[Path], None]:
    return lambda bank: (bank / kind / "governance" / "q1.yaml").unlink()


def test_files_without_their_partner(tmp_path: Path) -> None:
    write(tmp_path / "a", good())
    remove("reference_answers")(tmp_path / "a")
    (finding,) = check(tmp_path / "a")
    assert finding.file.endswith("reference_answers/governance/q1.yaml")
    assert (finding.severity, finding.message) == ("error", "文件不存在，题目 q1 要有参考答案")

    write(tmp_path / "b", good())
    remove("prompts")(tmp_path / "b")
    (finding,) = check(tmp_path / "b")
    assert (finding.severity, finding.message) == ("error", "没有对应的题目文件，prompts/ 里缺少 q1.yaml")


def test_one_id_in_two_folders(tmp_path: Path) -> None:
    draft = good()
    write(tmp_path, draft)
    draft.folder = "rural"
    write(tmp_path, draft)
    findings = check(tmp_path)
    assert [finding.field for finding in findings if "id 重复" in finding.message] == ["id", "id"]
    assert all(finding.severity == "error" for finding in findings)


def test_files_that_nothing_reads(tmp_path: Path) -> None:
    write(tmp_path, good())
    deep = tmp_path / "prompts" / "governance" / "old" / "q0.yaml"
    deep.parent.mkdir()
    deep.write_text("id: q0\n", encoding="utf-8")
    (finding,) = check(tmp_path)
    assert (finding.severity, finding.id) == ("warning", "q0")
    assert "不会被读取" in finding.message


def test_every_broken_file_is_named_and_the_others_are_checked(tmp_path: Path) -> None:
    for name in ("q1", "q2", "q3"):
        draft = good(name)
        spoil(draft, "reference.specimens.0.total", 1)
        write(tmp_path, draft)
    (tmp_path / "prompts" / "governance" / "q1.yaml").write_text("\tid: q1\n", encoding="utf-8")
    (tmp_path / "reference_answers" / "governance" / "q2.yaml").write_bytes("参考".encode("gb18030"))
    assert [(finding.id, finding.severity) for finding in check(tmp_path)] == [
        ("q1", "error"),
        ("q2", "error"),
        ("q3", "error"),
    ]


def test_references_that_miss_their_own_points(tmp_path: Path) -> None:
    def score(_: Item, text: str) -> SimpleNamespace:
        awarded = 4.0 if text == FIRST else 2.0
        points = [SimpleNamespace(id="p1", marks=4, awarded=4.0), SimpleNamespace(id="p2", marks=4, awarded=awarded)]
        return SimpleNamespace(score=4 + awarded, max_score=10, points=points)

    write(tmp_path, good())
    (finding,) = check(tmp_path, score=score)
    assert finding.field == "references[B].text"
    assert finding.message == "只得到采分点分值的 75%，应在 90% 以上，没有得满分的是 p2"


def test_a_result_without_points_counts_by_its_score(tmp_path: Path) -> None:
    write(tmp_path, good())
    found = check(tmp_path, score=lambda *_: SimpleNamespace(score=8.5, max_score=10, points=()))
    assert [finding.message for finding in found] == ["只得到采分点分值的 85%，应在 90% 以上"] * 2


def test_a_bank_over_the_built_in_one_is_checked_with_it(tmp_path: Path) -> None:
    draft = good("own-question")
    spoil(draft, "reference.specimens.0.total", 1)
    write(tmp_path, draft)
    findings = [finding for finding in check_bank(Bank.open(tmp_path)) if finding.id == "own-question"]
    assert len(findings) == 1
