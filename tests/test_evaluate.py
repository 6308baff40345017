"""`essaydrill evaluate`: the figures, the rows left out, the files and pages."""

import csv
import json
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len

from essaydrill.agreement.evaluate import evaluate, mark
from essaydrill.agreement.intervals import bootstrap
from essaydrill.agreement.marked_rows import Script
from essaydrill.agreement.metrics import adjacent_agreement, exact_agreement, kappa, pearson, qwk, smd, smd_pooled
from essaydrill.bank import Item
from essaydrill.cli.app import run

HEADER = ["题目编号", "题干", "参考答案1", "参考答案2", "作答", "阅卷人1", "阅卷人2", "层次", "满分"]
QUESTIONS = {
    "一": ("仓库盘点的内容有哪些？", "数量盘点、重量盘点、账实核对", ""),
    "二": ("配送分为哪些类型？", "综合配送、专业配送", "分为综合配送和专业配送"),
}
ANSWERS = [
    ("一", "数量盘点、重量盘点、账实核对", 6, 6, "甲"),
    ("一", "数量盘点", 2, 3, "甲"),
    ("一", "=1+1 不知道", 0, 0, "乙"),
    ("一", "重量盘点和账实核对", 4, 4, "乙"),
    ("二", "综合配送、专业配送", 6, 5, "甲"),
    ("二", "专业配送", 3, 3, "乙"),
    ("二", "普通配送", 0, 1, "乙"),
]


def write_table(path: Path, encoding: str = "utf-8") -> Path:
    rows = [[name, *QUESTIONS[name], answer, *marks, 6] for name, answer, *marks in ANSWERS]
    bad = [
        ["一", *QUESTIONS["一"], "  ", 3, 3, "", 6],
        ["三", "没有参考答案的题", "", "", "答", 3, 3, "", 6],
        ["一", *QUESTIONS["一"], "数量盘点", 9, 3, "", 6],
        ["一", *QUESTIONS["一"], "数量盘点", "", "", "", 6],
        ["一", *QUESTIONS["一"], "数量盘点", "优", 3, "", 6],
    ]
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([HEADER, *rows, *bad])
    return path


def evaluated(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert run(["evaluate", *arguments, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


def test_figures_by_hand() -> None:
    human, machine = np.array([0.0, 1, 2, 2]), np.array([0.0, 1, 1, 2])
    assert exact_agreement(machine, human) == 0.75
    assert adjacent_agreement(machine, human) == 1
    assert kappa(machine, human) == pytest.approx((0.75 - 5 / 16) / (1 - 5 / 16))
    assert smd(machine, human) == pytest.approx((1 - 1.25) / np.std(human, ddof=1))
    pooled = np.sqrt((np.var(human, ddof=1) + np.var(machine, ddof=1)) / 2)
    assert smd_pooled(machine, human) == pytest.approx((1 - 1.25) / pooled)
    assert kappa([1, 1], [1, 1]) is None
    assert smd([1, 2], [1, 1]) is None


def test_figures_equal_scikit_learn() -> None:
    from sklearn.metrics import cohen_kappa_score

    random = np.random.default_rng(1)
    human = random.integers(0, 6, 200)
    machine = np.clip(human + random.integers(-1, 2, 200), 0, 5)
    assert kappa(machine, human) == pytest.approx(cohen_kappa_score(human, machine))
    # On whole marks the continuous form is the usual quadratic weighted kappa.
    assert qwk(machine, human) == pytest.approx(cohen_kappa_score(human, machine, weights="quadratic"))


def test_bootstrap_intervals_hold_the_figures_and_are_the_same_again() -> None:
    random = np.random.default_rng(2)
    human = random.random(80)
    machine = np.clip(human + random.normal(0, 0.1, 80), 0, 1)
    questions = np.array([f"q{i % 8}" for i in range(80)])
    apart = np.round(np.abs(machine - human) * 10)
    found = bootstrap(machine, human, apart, questions)
    assert found == bootstrap(machine, human, apart, questions)
    for name, value in {"qwk": qwk(machine, human), "pearson": pearson(machine, human)}.items():
        assert found[name][0] < value < found[name][1]
    # Answers to one question that stand and fall together leave more doubt.
    together = np.clip(human + np.repeat(random.normal(0, 0.2, 8), 10), 0, 1)
    blocks = np.repeat([f"q{i}" for i in range(8)], 10)
    by_question, by_answer = (
        bootstrap(together, human, apart, names)["smd"] for names in (blocks, np.array(["one"] * 80))
    )
    assert by_question[1] - by_question[0] > by_answer[1] - by_answer[0]
    assert bootstrap(machine[:2], human[:2], apart[:2], questions[:2]) == {}


def test_json_counts_and_lists_what_was_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = evaluated(capsys, str(write_table(tmp_path / "t.csv", "gb18030")))
    groups = {(group["by"], group["name"]): group for group in found["groups"]}
    assert groups["all", ""]["measures"]["n"] == 7
    assert groups["all", ""]["questions"] == 2
    assert groups["stratum", "甲"]["measures"]["n"] == 3
    assert groups["prompt", "二"]["measures"]["n"] == 3
    assert groups["prompt", "一"]["measures"]["qwk"] > 0.8
    assert [row["number"] for row in found["left_out"]] == [9, 10, 11, 12, 13]
    reasons = " ".join(row["reason"] for row in found["left_out"])
    for said in ("没有作答", "没有它的参考答案", "不在 0 到满分 6 之间", "没有人工评分", "不是数"):
        assert said in reasons
    assert found["steps"] == {"一": 0.5, "二": 0.5}
    people, machine = found["markers"]["people"], found["markers"]["machine"]
    assert people["n"] == 7
    assert found["markers"]["degradation"]["qwk"] == pytest.approx(machine["qwk"] - people["qwk"], abs=2e-4)
    assert found["seen"] == []


def test_files_are_complete_and_safe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(["evaluate", str(write_table(tmp_path / "t.csv")), "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "两名阅卷人之间" in shown
    assert "没有用上的有 5 行" in shown
    with (out / "left_out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 6
    with (out / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["human"] for row in csv.DictReader(file)][:2] == ["6.0", "2.5"]
    assert json.loads((out / "evaluation.json").read_text("utf-8"))["schema"] == 1
    page = (out / "report.html").read_text("utf-8")
    tags = Tags()
    tags.feed(page)
    assert tags.tags.count("circle") == 7
    assert not {"script", "link", "img", "iframe"} & set(tags.tags)
    assert not [name for name in tags.attributes if name.startswith("on") or name in ("src", "href")]
    assert "prefers-color-scheme: dark" in page
    assert "普通配送" in page


def test_the_terminal_shows_no_line_over_80_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["evaluate", str(write_table(tmp_path / "t.csv"))]) == 0
    assert all(cell_len(line) <= 80 for line in capsys.readouterr().out.splitlines())


def test_jsonl_with_english_names_and_several_references(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.jsonl"
    rows = [
        {"question": QUESTIONS["二"][0], "references": list(QUESTIONS["二"][1:]), "answer": a, "q": m, "max_score": 6}
        for name, a, m, _, _ in ANSWERS
        if name == "二"
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    found = evaluated(capsys, str(path), "--map", "得分=q")
    assert found["groups"][0]["measures"]["n"] == 3
    assert found["markers"] is None
    assert run(["evaluate", str(path)]) == 2
    assert "--map 得分=列名" in capsys.readouterr().err.replace("\n", "")


def test_xlsx(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for name, answer, *marks in ANSWERS[3:]:
        book.active.append([name, *QUESTIONS[name], answer, *marks, 6])
    book.save(tmp_path / "t.xlsx")
    assert evaluated(capsys, str(tmp_path / "t.xlsx"))["groups"][0]["measures"]["n"] == 4


def test_specimens_were_seen_and_that_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from essaydrill.agreement import evaluate as module
    from essaydrill.bank import Bank

    one = next(iter(Bank.open()))
    whole = module.specimen_scripts
    monkeypatch.setattr(module, "specimen_scripts", lambda bank: (s for s in whole(bank) if s.question == one))
    assert run(["evaluate", "--specimens"]) == 0
    assert "拟合时已经用过" in capsys.readouterr().out.replace("\n", "")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.txt", "x", "请用 csv、xlsx 或 jsonl"),
        ("t.csv", "", "没有一行数据"),
        ("t.csv", "作答,得分\n好,1\n", "没有“题目”或“题干”这一列"),
        ("t.csv", "题目,得分\na,1\n", "没有“作答”这一列"),
        ("t.csv", "题目,作答,得分\n没有这题,好,1\n", "没有一份能用的作答，第一行是：题库里没有“没有这题”"),
        ("t.jsonl", "[1]", "第 1 行不是 JSON 对象"),
        ("t.xlsx", "not a workbook", "不是完整的 Excel 表格"),
    ],
)
def test_bad_files_are_told_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    assert run(["evaluate", str(tmp_path / name)]) == 2
    shown = capsys.readouterr().err.replace("\n", "")
    assert said in shown
    assert shown.startswith("错误：")


def test_a_cell_too_long_is_told_and_bounds_of_other_tables_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bound = csv.field_size_limit()
    (tmp_path / "a.csv").write_text("题目,参考答案,作答,分数,满分\n问,答,{},1,2\n".format("长" * (bound + 1)), "utf-8")
    assert run(["evaluate", str(tmp_path / "a.csv")]) == 2
    assert "一格里的字太多" in capsys.readouterr().err
    assert csv.field_size_limit() == bound


def test_either_a_file_or_specimens(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate"]) == 2
    assert "二者选一" in capsys.readouterr().err


def test_marks_are_rounded_to_the_steps_of_the_scale() -> None:
    item = Item.from_references(QUESTIONS["一"][0], [QUESTIONS["一"][1]], 6)
    scripts = [
        Script(n, "一", item, answer, mark) for n, (answer, mark) in enumerate([("数量盘点", 2), ("重量盘点", 3)])
    ]
    found = evaluate(mark(scripts))
    assert found.steps == {"一": 1.0}
    assert found.groups[0].measures.exact == 0.5
    assert found.groups[0].measures.adjacent == 1
