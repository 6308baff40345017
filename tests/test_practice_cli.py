"""`practice` and `history` without a terminal: what is printed, what is kept, what is refused."""

import io
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.cells import cell_len

from essaydrill.bank import Bank
from essaydrill.cli.app import run
from essaydrill.history import History
from essaydrill.scoring import Scorer

ANSWER = "一是基层财政困难，投入不足。\n二是网格员年龄偏大，队伍不稳。\n"

PROMPT = """\
id: {id}
topic: {topic}
kind: {kind}
title: "{title}"
task: 根据给定材料，概括村里治理存在的问题。
requirements: 全面准确，不超过200字。
max_score: 10
difficulty: {difficulty}
materials:
  - label: 材料1
    text: |
      “村里一年的钱只够发工资，”老支书说，“网格员是我表叔，六十八了。”
      \x5b[red]不是颜色[/red]，ＡＢＣ。
"""
REFERENCE = """\
prompt: {id}
presentation: 1
points:
  - id: p1
    text: 基层财政困难，投入不足
    marks: 5
    keywords: [[财政困难, 缺钱], [投入不足, 投入少]]
  - id: p2
    text: 网格员年龄偏大，队伍不强
    marks: 4
    keywords: [[年龄偏大, 老龄化], [网格员, 队伍]]
references:
  - label: A
    text: 一是财政困难，投入不足；二是网格员年龄偏大，队伍不强。
specimens:
  - label: 二类卷
    answer: 村里缺钱，投入少，办不成事。网格员都是老人。
    credits: {{p1: 1, p2: 0.5}}
    presentation: 0.5
    total: 7.5
    comment: 第二点没有概括到位。
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    return tmp_path / "home"


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """A bank with a topic of its own, so that a draw from it is known."""
    folder = tmp_path / "bank"
    add(folder, "village-summary-01")
    return folder


def add(
    folder: Path,
    id: str,
    *,
    topic: str = "village",
    kind: str = "summary",
    title: str = "村里的问题",
    difficulty: int = 2,
) -> None:
    """Write the two files of a prompt with two points and a specimen."""
    prompt = PROMPT.format(id=id, topic=topic, kind=kind, title=title, difficulty=difficulty)
    for part, text in (("prompts", prompt), ("reference_answers", REFERENCE.format(id=id))):
        path = folder / part / topic / f"{id}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def practice(bank: Path, *arguments: str) -> int:
    return run(["practice", *arguments, "--bank", str(bank)])


def answer(tmp_path: Path, text: str = ANSWER) -> str:
    path = tmp_path / "answer.txt"
    path.write_text(text, encoding="utf-8")
    return str(path)


def recorded(home: Path) -> list[str]:
    with History(home / "data" / "history.db") as history:
        return [attempt.answer for attempt in history.attempts()]


@pytest.mark.parametrize("columns", [80, 40])
def test_without_a_terminal_the_prompt_is_printed_with_how_to_hand_in(
    bank: Path, columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert practice(bank, "--topic", "village") == 0
    output = capsys.readouterr().out
    shown, hint = output.split("交卷：\n")
    for part in ("村里的问题", "不超过200字", "材料1", "老支书说", "[red]不是颜色[/red]"):
        assert part in shown.replace("\n", "").replace(" ", "")
    assert max(cell_len(line) for line in shown.splitlines()) <= columns
    assert f"essaydrill practice village-summary-01 --bank {bank} --answer 文件" in hint
    assert f"essaydrill score village-summary-01 --bank {bank} 文件" in hint
    assert "财政困难" not in output  # neither points nor references before an attempt


def test_an_answer_is_marked_recorded_and_shown_again_as_it_was(
    bank: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert practice(bank, "village-summary-01", "--answer", answer(tmp_path)) == 0
    report, kept = capsys.readouterr().out.split("\n得 ")
    assert "采分点" in report
    assert "history --show 1" in kept
    assert recorded(home) == [ANSWER]

    assert run(["history", "--show", "1", "--bank", str(bank)]) == 0
    assert report.strip() in capsys.readouterr().out
    assert run(["history", "--show", "1", "--json"]) == 0
    [attempt] = json.loads(capsys.readouterr().out)
    assert (attempt["answer"], attempt["prompt"]) == (ANSWER, "village-summary-01")
    assert attempt["result"]["signature"] in report


def test_the_help_taken_stands_above_the_report(home: Path, bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    item = Bank.open(bank)["village-summary-01"]
    help = ("framework", "points", "word:p1", "word:p2", "later\x1b[31m")
    with History(home / "data" / "history.db") as history:
        for text, origin, taken in ((ANSWER, "practice", help), ("", "exam", ())):
            result = Scorer(item).score(text)
            history.record(
                item.prompt, text, result, started_at=datetime.now(UTC), seconds=60, origin=origin, help=taken
            )
    assert run(["history", "--show", "1", "--bank", str(bank)]) == 0
    told = "交卷前要过 5 步提示：高分框架、采分点的数目和分值、中心词（p1、p2）、later\N{REPLACEMENT CHARACTER}[31m"
    assert told in capsys.readouterr().out.replace("\n", "")
    assert run(["history", "--show", "2", "--bank", str(bank)]) == 0
    shown = capsys.readouterr().out
    assert "模拟考里没有作答，记 0 分" in shown
    assert "提示：" not in shown


def test_an_old_report_outlives_its_prompt(bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    practice(bank, "village-summary-01", "--answer", answer(tmp_path))
    capsys.readouterr()
    assert run(["history", "--show", "1"]) == 0  # a bank without the prompt
    gone = capsys.readouterr().out
    assert "题库里已没有这道题" in gone
    assert "基层财政困难，投入不足" in gone
    reference = bank / "reference_answers" / "village" / "village-summary-01.yaml"
    reference.write_text(reference.read_text("utf-8").replace("基层财政困难", "县里财政宽裕"), "utf-8")
    assert run(["history", "--show", "1", "--bank", str(bank)]) == 0
    changed = capsys.readouterr().out
    assert "后来改过" in changed
    assert "基层财政困难，投入不足" in changed
    assert "县里财政宽裕" not in changed


def test_the_answer_can_come_from_standard_input(
    bank: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ANSWER.encode("gb18030"))))
    assert practice(bank, "village-summary-01", "--answer", "-") == 0
    assert "采分点" in capsys.readouterr().out
    assert recorded(home) == [ANSWER]


def test_nothing_is_recorded_when_asked_not_to(bank: Path, home: Path, tmp_path: Path) -> None:
    assert practice(bank, "village-summary-01", "--no-save", "--answer", answer(tmp_path)) == 0
    assert recorded(home) == []


@pytest.mark.parametrize("text", ["", " \n\u3000\n"])
def test_an_empty_answer_is_told_and_not_recorded(
    text: str, bank: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert practice(bank, "village-summary-01", "--answer", answer(tmp_path, text)) == 2
    assert "作答是空的" in capsys.readouterr().err
    assert recorded(home) == []


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["village-summary-1"], 2, "village-summary-01"),
        (["--answer", "answer.txt"], 2, "题目编号"),
        (["village-summary-01", "--answer", "x", "--specimen"], 2, "只能用一个"),
        (["village-summary-01", "--answer", "no/such/file"], 1, "文件不存在"),
        (["--topic", "village", "--kind", "essay"], 2, "没有符合这些条件的题"),
        (["--topic", "no-such-topic-anywhere"], 2, "没有专题"),
        (["--kind", "no-such-kind"], 2, "题型"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    arguments: list[str], code: int, told: str, bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert practice(bank, *arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert len(captured.err.strip().splitlines()) == 1


def test_the_next_prompt_is_one_not_done_yet(bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(bank, "village-case-01", kind="case", title="另一道题", difficulty=4)
    practice(bank, "village-summary-01", "--answer", answer(tmp_path))
    capsys.readouterr()
    for seed in range(4):
        practice(bank, "--topic", "village", "--seed", str(seed))
        assert "另一道题" in capsys.readouterr().out
    practice(bank, "--topic", "village", "--kind", "概括归纳")
    assert "村里的问题" in capsys.readouterr().out


def test_a_newcomer_sees_a_specimen_marked_and_nothing_is_recorded(
    bank: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert practice(bank, "--topic", "village", "--specimen") == 0
    output = capsys.readouterr().out
    for part in ("老支书说", "采分点", "阅卷人给 7.5 分", "第二点没有概括到位。"):
        assert part in output
    assert recorded(home) == []


def test_where_the_history_is_broken_the_report_is_shown_and_the_answer_is_named(
    bank: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "history.db").write_bytes(b"no database at all" * 300)
    assert practice(bank, "village-summary-01", "--answer", answer(tmp_path)) == 0
    output = capsys.readouterr().out
    assert "采分点" in output
    assert "history.db 已损坏" in output
    [saved] = (home / "data" / "drafts").glob("*.txt")
    assert f"作答存在 {saved}" in output
    assert saved.read_text("utf-8") == ANSWER

    assert practice(bank, "--topic", "village") == 0  # still practised, only not by what was done
    assert "老支书说" in capsys.readouterr().out
    assert run(["history"]) == 1
    assert "history.db 已损坏" in capsys.readouterr().err


def test_where_home_cannot_be_written_the_answer_goes_to_the_temporary_folder(
    bank: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write_text("a file where a folder should be")
    assert practice(bank, "village-summary-01", "--answer", answer(tmp_path)) == 0
    output = capsys.readouterr().out
    assert "采分点" in output
    [saved] = tmp_path.glob("essaydrill-*/*.txt")
    assert f"作答存在 {saved}" in output
    assert saved.read_text("utf-8") == ANSWER


def test_where_nothing_at_all_can_be_written_the_answer_is_printed(
    bank: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write_text("a file where a folder should be")
    handed_in = answer(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    assert practice(bank, "village-summary-01", "--answer", handed_in) == 0
    assert ANSWER.strip() in capsys.readouterr().out.split("复制保存：")[1]


def test_no_escape_and_no_markup_reaches_the_terminal(
    bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(bank, "village-case-01", kind="case", title=r"\e[31m[bold]题\u202e目[/bold]")
    vicious = ANSWER + "\x1b[2J\x1b]0;own\x07[bold]粗[/bold]\x9b31m\u202e反\n"
    practice(bank, "village-case-01", "--answer", answer(tmp_path, vicious))
    practice(bank, "village-case-01")
    run(["history", "--bank", str(bank)])
    run(["history", "--show", "1", "--bank", str(bank)])
    run(["history", "--json"])
    captured = capsys.readouterr()
    assert not set("\x1b\x07\x9b\u202e") & set(captured.out + captured.err)
    assert "[bold]粗[/bold]" in captured.out
    assert "[bold]题" in captured.out


def test_an_empty_history_says_what_to_do(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history"]) == 0
    assert "essaydrill practice" in capsys.readouterr().out
    assert run(["history", "--kind", "summary"]) == 0
    assert "没有符合条件的作答" in capsys.readouterr().out
    assert run(["history", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["history", "--show", "3"]) == 2
    assert "没有第 3 号作答" in capsys.readouterr().err
    assert not (home / "data" / "history.db").exists()


@pytest.mark.parametrize("columns", [80, 40])
def test_the_history_lists_the_newest_first_with_the_trend(
    columns: int, bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    add(bank, "village-case-01", kind="case", title="另一道题")
    strong = ANSWER
    for id, text in [("village-case-01", "不知道。"), *[("village-summary-01", strong)] * 5]:
        practice(bank, id, "--answer", answer(tmp_path, text))
    capsys.readouterr()
    assert run(["history", "--bank", str(bank), "--limit", "4"]) == 0
    output = capsys.readouterr().out
    rows = [line.split() for line in output.splitlines()]
    assert [row[0] for row in rows[1:5]] == ["6", "5", "4", "3"]
    assert "村里的问题" in output
    assert "另一道题" not in output
    assert "最近 5 次平均得分率" in output
    assert "此前 1 次" in output
    assert "提高" in output.replace("\n", "")
    assert "概括归纳" in output
    assert "（5 次）" in output
    assert max(cell_len(line) for line in output.splitlines()) <= columns

    assert run(["history", "--kind", "案例分析", "--json"]) == 0
    assert [row["prompt"] for row in json.loads(capsys.readouterr().out)] == ["village-case-01"]
