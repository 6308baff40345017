"""`essaydrill score` through the real command line."""

import io
import json
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from essaydrill.bank import Bank
from essaydrill.cli.app import run
from essaydrill.history import History
from essaydrill.scoring import Result, Scorer

PROMPT = """\
id: village-summary-01
topic: governance
kind: summary
title: 村里治理的问题
task: 根据给定材料，概括村里治理存在的问题。
requirements: 全面准确，不超过100字。
max_score: 10
materials:
  - label: 材料1
    text: “村里一年的钱只够发工资，”老支书说，“网格员是我表叔，六十八了。”
"""
REFERENCE = """\
prompt: village-summary-01
presentation: 1
points:
  - id: p1
    text: 村级财政困难，治理投入不足
    marks: 5
    found_in: [材料1]
    keywords: [[财政困难, 缺钱], [投入不足, 投入少]]
  - id: p2
    text: 网格员年龄偏大，队伍力量不强
    marks: 4
    found_in: [材料1]
    keywords: [[年龄偏大, 老龄化], [网格员, 队伍]]
references:
  - label: A
    text: 一是村级财政困难，治理投入不足；二是网格员年龄偏大，队伍力量不强。
"""
ANSWER = "一是村级财政困难，治理投入不足。\n二是干部作风需要改进。\n"
TRADITIONAL = "一是村級財政困難，治理投入不足。\n二是幹部作風需要改進。\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path / "home"


@pytest.fixture
def bank(tmp_path: Path) -> str:
    for folder, text in (("prompts", PROMPT), ("reference_answers", REFERENCE)):
        file = tmp_path / "bank" / folder / "governance" / "village-summary-01.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    return str(tmp_path / "bank")


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    file = tmp_path / "作答.txt"
    file.write_text(ANSWER, encoding="utf-8")
    return file


def give_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def test_report_of_a_file(bank: str, answer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", "village-summary-01", str(answer), "--bank", bank]) == 0
    out = capsys.readouterr().out
    assert "村里治理的问题" in out
    assert "村级财政困难，治理投入不足[p1 +5]" in out
    assert "补上 p2" in out
    assert "\x1b" not in out
    assert max(map(cell_len, out.splitlines())) <= 80


def test_json_is_the_result_on_one_line(bank: str, answer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", "village-summary-01", str(answer), "--bank", bank, "--json"]) == 0
    out = capsys.readouterr().out
    result = Scorer(Bank.open(bank)["village-summary-01"]).score(ANSWER)
    assert out == result.model_dump_json() + "\n"
    assert json.loads(out)["schema"] == 1
    evidence = Result.model_validate_json(out).points[0].evidence[0]
    assert ANSWER[evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize(
    "data", [ANSWER.encode(), ANSWER.encode("gb18030"), ANSWER.encode("utf-16"), TRADITIONAL.encode()]
)
@pytest.mark.parametrize("dash", [["-"], []])
def test_standard_input_in_any_encoding_and_script_gets_the_same_mark(
    bank: str, data: bytes, dash: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give_input(monkeypatch, data)
    assert run(["score", "village-summary-01", *dash, "--bank", bank, "--json"]) == 0
    expected = Scorer(Bank.open(bank)["village-summary-01"]).score(ANSWER)
    assert json.loads(capsys.readouterr().out)["score"] == expected.score


@pytest.mark.parametrize("data", [b"", b" \n", "一".encode(), b"\x1b[31m[bold]x[/bold]", ("一是" * 50_000).encode()])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_strange_answers_get_a_mark(
    bank: str,
    data: bytes,
    options: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    give_input(monkeypatch, data)
    assert run(["score", "village-summary-01", "-", "--bank", bank, *options]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert len(out) < 20_000


def test_unknown_prompt_suggests_the_near_one(bank: str, answer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", "vilage-sumary-01", str(answer), "--bank", bank]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "village-summary-01" in captured.err


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"%PDF-1.7", "PDF"), (b"\x00\x01\x02", "二进制"), (b"a" * 2_000_001, "2 MB"), (None, "文件不存在")],
)
def test_unreadable_answer_is_told_in_one_sentence(
    bank: str, tmp_path: Path, data: bytes | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "交卷.txt"
    if data is not None:
        file.write_bytes(data)
    assert run(["score", "village-summary-01", str(file), "--bank", bank]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert "交卷.txt" in captured.err
    assert len(captured.err.strip().splitlines()) == 1


def test_without_an_answer_it_says_how_to_give_one(
    bank: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give_input(monkeypatch, b"")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert run(["score", "village-summary-01", "--bank", bank]) == 2
    assert "essaydrill score village-summary-01" in capsys.readouterr().err


def test_recorded_only_when_asked(bank: str, answer: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["score", "village-summary-01", str(answer), "--bank", bank, "--json"]
    assert run(command) == 0
    assert not (home / "data" / "history.db").exists()
    assert run([*command, "--save"]) == 0
    captured = capsys.readouterr()
    assert "已记入历史" in captured.err
    with History(home / "data" / "history.db") as history:
        [attempt] = history.attempts()
    assert (attempt.prompt, attempt.answer, attempt.origin) == ("village-summary-01", ANSWER, "score")
    assert attempt.result_json == captured.out.splitlines()[-1]


def test_mark_is_shown_even_if_it_cannot_be_kept(
    bank: str, answer: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "history.db").write_bytes(b"not a database" * 100)
    assert run(["score", "village-summary-01", str(answer), "--bank", bank, "--save"]) == 1
    captured = capsys.readouterr()
    assert "村里治理的问题" in captured.out
    assert "history.db" in captured.err


def test_question_with_nothing_but_references(tmp_path: Path, answer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = []
    for number, text in enumerate(["村级财政困难，治理投入不足；网格员年龄偏大。", "治理缺钱，投入少；网格员老龄化。"]):
        file = tmp_path / f"范文{number}.txt"
        file.write_text(text, encoding="gb18030")
        files += ["--reference", str(file)]
    options = ["--task", "概括村里治理的问题，不超过100字。", "--max-score", "15"]
    assert run(["score", "村里的问题", str(answer), *files, *options]) == 0
    out = capsys.readouterr().out
    assert out.startswith("村里的问题\n")
    assert "/ 15 分" in out
    assert "要求不超过 100 字" in out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--task", "概括问题"], "--reference"),
        (["--max-score", "5"], "--reference"),
        (["--reference", "{answer}", "--save"], "--save"),
        (["--reference", "{answer}", "--max-score", "0"], "max_score"),
    ],
)
def test_options_that_do_not_go_together(
    bank: str, answer: Path, options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [option.format(answer=answer) for option in options]
    assert run(["score", "village-summary-01", str(answer), "--bank", bank, *given]) == 2
    assert told in capsys.readouterr().err
