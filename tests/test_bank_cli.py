"""`list`, `topics`, `show`, `study` and `bank check`, through the real command line."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from rich.cells import cell_len

from essaydrill.cli.app import run

PROMPT = """\
id: {name}
topic: {topic}
kind: {kind}
title: {title}
task: 概括某镇治理中的困难。
requirements: 全面准确，不超过100字。
max_score: 10
difficulty: {difficulty}
materials:
  - {{label: 材料1, text: 某镇地处山区，经费不足，人员老化。}}
"""
REFERENCE = """\
prompt: {name}
presentation: 2
points:
  - {{id: p1, text: 经费投入不足, marks: 4, keywords: [[经费, 财政]], found_in: [材料1]}}
  - {{id: p2, text: 干部队伍老化, marks: 4, keywords: [[人员, 干部]]}}
references:
  - {{label: A, text: 一是经费投入不足。二是干部队伍老化，人员年龄偏大。}}
specimens:
  - label: 三类卷
    answer: 缺钱。
    credits: {{p1: 1, p2: 0}}
    presentation: 1
    total: 5
    comment: 只答出一点。
"""


def add(bank: Path, name: str, title: str, topic: str = "law", kind: str = "summary", difficulty: int = 3) -> None:
    fields = {"name": name, "title": title, "topic": topic, "kind": kind, "difficulty": difficulty}
    for folder, text in (("prompts", PROMPT), ("reference_answers", REFERENCE)):
        path = bank / folder / topic / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(**fields), encoding="utf-8")


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bank folder beside an empty home; the terminal is 80 columns wide."""
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    folder = tmp_path / "mine"
    add(folder, "own-law-01", "山区执法的难处")
    add(folder, "own-port-01", "港口", topic="port", kind="case", difficulty=5)
    return folder


@dataclass(frozen=True)
class Done:
    """One run of the command: exit code, what was said on stdout and on stderr."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def ran(capsys: pytest.CaptureFixture[str]) -> Command:
    def run_command(*arguments: str | Path) -> Done:
        code = run([str(argument) for argument in arguments])
        return Done(code, *capsys.readouterr())

    return run_command


# --- list and topics -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [40, 64, 80, 120])
def test_the_list_fits_the_terminal(bank: Path, ran: Command, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    add(bank, "own-law-02", "很长的题目" * 30)
    monkeypatch.setenv("COLUMNS", str(width))
    done = ran("list", "--bank", bank)
    assert done.code == 0
    assert max(map(cell_len, done.out.splitlines())) <= width
    assert "own-law-02" in done.out
    assert "山区" in done.out


def test_the_list_is_grouped_and_tells_what_matters(bank: Path, ran: Command) -> None:
    out = ran("list", "--bank", bank, "--topic", "法治", "--kind", "概括归纳", "--difficulty", "3").out
    (row,) = [line for line in out.splitlines() if line.startswith("own-law-01")]
    assert row.split() == ["own-law-01", "概括归纳", "山区执法的难处", "10", "≤100", "3"]
    assert "法治建设（law，" in out
    assert "own-port-01" not in out
    assert "\nport（port，1 题）\nown-port-01" in ran("list", "--bank", bank).out


def test_the_list_as_json(bank: Path, ran: Command) -> None:
    (entry,) = json.loads(ran("list", "--bank", bank, "--topic", "port", "--json").out)
    assert entry["id"] == "own-port-01"
    assert entry["limit"] == {"max": 100}
    assert json.loads(ran("list", "--bank", bank, "--topic", "port", "--kind", "essay", "--json").out) == []


def test_an_empty_list_and_wrong_filters_say_what_to_do(bank: Path, ran: Command) -> None:
    assert "没有符合条件的题目" in ran("list", "--bank", bank, "--topic", "port", "--kind", "essay").out
    wrong = ran("list", "--kind", "诗歌")
    assert (wrong.code, wrong.out) == (2, "")
    assert "没有题型“诗歌”，可选：summary（概括归纳）" in wrong.err
    assert ran("list", "--topic", "goverment").code == 2
    assert "没有专题" in ran("list", "--topic", "goverment").err


def test_a_broken_file_is_told_beside_the_list(bank: Path, ran: Command) -> None:
    (bank / "prompts" / "law" / "bad.yaml").write_text("\tid: bad\n", encoding="utf-8")
    for command in ("list", "topics"):
        done = ran(command, "--bank", bank)
        assert done.code == 0
        assert "另有 1 个题目文件有误" in done.err
        assert "bad.yaml 第 1 行：用了制表符" in done.err


def test_topics_count_their_prompts(bank: Path, ran: Command) -> None:
    out = ran("topics", "--bank", bank).out
    assert max(map(cell_len, out.splitlines())) <= 80
    (row,) = [line for line in out.splitlines() if line.startswith("port")]
    assert row.split() == ["port", "port", "1", "题"]
    rows = {row["slug"]: row for row in json.loads(ran("topics", "--bank", bank, "--json").out)}
    assert rows["port"]["prompts"] == 1
    assert rows["governance"]["name"] == "基层社会治理"
    assert "社会治理" in rows["governance"]["aliases"]


# --- show ------------------------------------------------------------------------------------------------------------


def test_show_keeps_the_points_back_until_asked(bank: Path, ran: Command) -> None:
    plain = ran("show", "own-law-01", "--bank", bank).out
    assert "概括某镇治理中的困难。" in plain
    assert "全面准确，不超过100字。" in plain
    assert "某镇地处山区" in plain
    secrets = ("干部队伍老化", "缺钱", "只答出一点")
    assert not any(secret in plain for secret in secrets)
    full = ran("show", "own-law-01", "--bank", bank, "--reference").out
    assert all(secret in full for secret in secrets)
    assert "（4 分）见材料1" in full


def test_show_as_json_keeps_the_points_back_too(bank: Path, ran: Command) -> None:
    content = json.loads(ran("show", "own-law-01", "--bank", bank, "--json").out)
    assert content["limit"] == {"max": 100}
    assert "reference" not in content
    content = json.loads(ran("show", "own-law-01", "--bank", bank, "--json", "--reference").out)
    assert [point["id"] for point in content["reference"]["points"]] == ["p1", "p2"]


def test_show_suggests_near_ids(bank: Path, ran: Command) -> None:
    done = ran("show", "own-law-1", "--bank", bank)
    assert (done.code, done.out) == (2, "")
    assert "没有题目“own-law-1”，相近的有 own-law-01" in done.err


def test_nothing_in_a_bank_reaches_the_terminal_as_a_command(bank: Path, ran: Command) -> None:
    add(bank, "evil", '"[bold]红\\e]0;x\\a\\e[2J\\x9b31m\\u202e字[/bold]"')
    notes = bank / "notes"
    notes.mkdir()
    (notes / "law.md").write_text("# 题\n\n\u202e[link=x]甲[/link]\n", encoding="utf-8")
    for arguments in (["list"], ["show", "evil"], ["show", "evil", "--json"], ["list", "--json"], ["study", "law"]):
        done = ran(*arguments, "--bank", bank)
        assert done.code == 0
        assert not set(done.out) & set("\x1b\x07\x9b\u202e")
    assert "[bold]" in ran("show", "evil", "--bank", bank).out


# --- study -----------------------------------------------------------------------------------------------------------


def test_study_shows_notes_and_names_those_there_are(bank: Path, ran: Command) -> None:
    notes = bank / "notes"
    notes.mkdir()
    (notes / "port.md").write_text("# 港口\n\n**要点**：吞吐量。\n", encoding="utf-8")
    (notes / "law.md").write_text("# 我的法治笔记\n", encoding="utf-8")
    assert ran("study", "port", "--bank", bank).out == "# 港口\n\n**要点**：吞吐量。\n"
    assert "我的法治笔记" in ran("study", "依法治国", "--bank", bank).out
    assert "essaydrill study port" in ran("study", "--bank", bank).out
    add(bank, "own-rail-01", "铁路", topic="rail")
    missing = ran("study", "rail", "--bank", bank)
    assert (missing.code, missing.out) == (2, "")
    assert "专题 rail 还没有学习笔记，现有笔记：" in missing.err
    assert "port" in missing.err


def test_study_shows_frameworks(ran: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = ran("study", "--framework", "讲话稿").out
    assert "第三部分 加强保障" in out
    assert max(map(cell_len, out.splitlines())) <= 80
    assert ran("study", "--framework", "speech").out == out
    assert ran("study", "law", "--framework", "speech").code == 2


# --- bank check ------------------------------------------------------------------------------------------------------


def test_check_lists_findings_by_file_and_fails(bank: Path, ran: Command) -> None:
    path = bank / "prompts" / "law" / "own-law-01.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("max_score: 10", "max_score: '10'"), encoding="utf-8")
    (bank / "reference_answers" / "port" / "own-port-01.yaml").unlink()
    done = ran("bank", "check", bank)
    assert done.code == 1
    assert f"{path}\n  错误  第 7 行 max_score：要写数字，不加引号，现在是“10”\n" in done.out
    assert "文件不存在，题目 own-port-01 要有参考答案" in done.out
    assert "检查了 2 道题，2 处错误，0 处提醒。" in done.out


def test_check_passes_with_warnings_unless_strict(bank: Path, ran: Command) -> None:
    done = ran("bank", "check", bank)
    assert done.code == 0
    assert "提醒  第 2 行 topic：专题 port 不在 topics.yaml 里" in done.out
    assert ran("bank", "check", bank, "--strict").code == 1
    findings = json.loads(ran("bank", "check", bank, "--json").out)["findings"]
    assert [(each["severity"], each["id"], each["field"], each["line"]) for each in findings] == [
        ("warning", "own-port-01", "topic", 2),
        ("warning", "own-port-01", "points[p1].text", 4),
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_check_shows_how_the_marking_agrees(
    bank: Path, ran: Command, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = json.loads(ran("bank", "check", bank, "--json").out)["agreements"]
    assert [(each["id"], each["specimens"], each["points"]) for each in found] == [
        ("own-law-01", 1, 2),
        ("own-port-01", 1, 2),
    ]
    (first, _) = found
    assert (first["worst"]["label"], first["worst"]["marker"]) == ("三类卷", 5)
    assert first["difference"] == pytest.approx(abs(first["worst"]["machine"] - 5) / 10)

    out = ran("bank", "check", bank, "--agreement").out
    table = out.partition("机器评分与标杆卷")[2]
    (row,) = [line for line in table.splitlines() if line.startswith("own-law-01")]
    shares = [f"{first['difference']:.1%}", f"{first['same_status']:.0%}"]
    assert row.split() == ["own-law-01", "1", *shares, "三类卷", "5", f"{first['worst']['machine']:g}", "10"]
    assert max(map(cell_len, table.splitlines())) <= width
    assert "平均相差" not in ran("bank", "check", bank).out.replace("平均相差满分", "")


def test_check_of_what_is_no_bank(tmp_path: Path, ran: Command) -> None:
    done = ran("bank", "check", tmp_path)
    assert done.code == 1
    assert "不是题库目录" in done.err


# --- completion ------------------------------------------------------------------------------------------------------


def test_the_shell_is_offered_what_begins_as_typed(bank: Path) -> None:
    def offered(*words: str) -> list[str]:
        asked = {
            "_ESSAYDRILL_COMPLETE": "complete_bash",
            "COMP_WORDS": " ".join(words),
            "COMP_CWORD": f"{len(words) - 1}",
        }
        command = [sys.executable, "-c", "from essaydrill.cli.app import main; main()"]
        done = subprocess.run(command, env=os.environ | asked, capture_output=True, encoding="utf-8", check=True)
        return done.stdout.split()

    assert offered("essaydrill", "show", "--bank", str(bank), "own-l") == ["own-law-01"]
    assert offered("essaydrill", "list", "--topic", "基层社") == ["基层社会治理"]


def test_completion_proposes_ids_and_topics(bank: Path) -> None:
    from essaydrill.cli.completion import complete_prompt, complete_topic

    class Context:
        params: ClassVar[dict[str, Path]] = {"bank": bank}

    assert [name for name, _ in complete_prompt(Context(), "own-")] == ["own-law-01", "own-port-01"]  # type: ignore[arg-type]
    assert ("port", "port") in complete_topic(Context(), "po")  # type: ignore[arg-type]
    assert ("社会治理", "governance") in complete_topic(Context(), "社会")  # type: ignore[arg-type]
    Context.params = {"bank": bank / "none"}
    assert complete_prompt(Context(), "") == complete_topic(Context(), "") == []  # type: ignore[arg-type]
