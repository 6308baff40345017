"""`essaydrill grade` through the real command line."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from essaydrill.cli.app import run
from grading_samples import GOOD, HALF, SCHOOL, VILLAGE, make_bank, put, settled_bytes


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_bank(tmp_path / "bank")
    put(tmp_path / "in", {"张三.txt": GOOD, "李四.txt": HALF})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def grade(*arguments: str) -> int:
    return run(["grade", *arguments, "--bank", "bank", "--jobs", "1"])


def test_all_marked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grade("in", "--prompt", VILLAGE) == 0
    out = capsys.readouterr().out
    assert "共 2 份：已评分 2" in out
    assert "村里治理的问题" in out
    assert "in-graded" in out
    written = {path.name for path in (folder / "in-graded").iterdir() if path.is_file()}
    assert written >= {"errors.csv", "grades.csv", "grades.xlsx", "results.jsonl", "run.json"}
    assert grade("in", "--prompt", VILLAGE) == 0
    assert "2 份以前评过" in capsys.readouterr().out


def test_some_failed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder / "in", {"\x1b[31m坏.txt": bytes(range(256)) * 20, "空.txt": ""})
    assert grade("in", "--prompt", VILLAGE) == 1
    out = capsys.readouterr().out
    assert "读不出 1" in out
    assert "空白 1" in out
    assert "坏.txt：" in out
    assert "\x1b" not in out


def test_an_empty_answer_and_a_missing_one_are_no_failure(folder: Path) -> None:
    put(folder, {"in/空.txt": "", "名册.txt": "王五\n"})
    assert grade("in", "-p", VILLAGE, "--roster", "名册.txt") == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere", "-p", VILLAGE],
        ["in", "-p", "village-summary-09"],
        ["in", "-p", VILLAGE, "--format", "csv,doc"],
        ["in", "-p", VILLAGE, "--column", "答案"],
        ["in", "-p", VILLAGE, "--watch", "--json"],
        ["in", "-p", VILLAGE, "--jobs", "0"],
        ["in", "-p", VILLAGE, "--calibration", "nowhere.json"],
        [],
    ],
)
def test_usage(folder: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", *arguments, "--bank", "bank"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("错误：")
    assert not (folder / "in-graded").exists()


def test_quiet_says_nothing_and_json_says_all(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grade("in", "-p", VILLAGE, "--quiet") == 0
    assert capsys.readouterr() == ("", "")
    assert grade("in", "-p", VILLAGE, "--json", "--format", "csv") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out == (folder / "in-graded" / "results.jsonl").read_text("utf-8")
    assert [json.loads(line)["status"] for line in captured.out.splitlines()] == ["marked", "marked"]


def test_only_the_formats_that_are_asked_for(folder: Path) -> None:
    assert grade("in", "-p", VILLAGE, "--format", "csv", "--out", "成绩") == 0
    assert sorted(path.name for path in (folder / "成绩").glob("*.*")) == [
        ".essaydrill", "errors.csv", "grades.csv", "results.jsonl", "run.json",
    ]  # fmt: skip


def test_dry_run_shows_and_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder / "in", {f"{SCHOOL}__2023001_王五.txt": GOOD, "x.jpg": b"\xff\xd8\xff" + bytes(99), "空.txt": "\n"})
    before = sorted(folder.rglob("*"))
    assert grade("in", "-p", VILLAGE, "--dry-run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(f"2023001 王五  {SCHOOL}（文件名）  可评分" in line for line in lines)
    assert any("x.jpg" in line and "读不出" in line and "JPEG" in line for line in lines)
    assert lines[-1].startswith("共 5 份：")
    assert grade("in", "-p", VILLAGE, "--dry-run", "--json") == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(each["status"] for each in told) == ["empty", "ready", "ready", "ready", "unreadable"]
    assert sorted(folder.rglob("*")) == before


def test_columns_by_option(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"导出.csv": f'Q1,Q2\n王五,"{GOOD}"\n'})
    assert grade("导出.csv", "-p", VILLAGE, "--column", "答案=Q2", "--column", "姓名=Q1", "--json") == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["student"]["name"], record["source"]["row"]) == ("王五", 2)
    assert (folder / "导出-graded").is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts by signal")
def test_interrupted_and_gone_on_with(folder: Path) -> None:
    put(folder / "in", {f"{n:03}.txt": f"{GOOD}第{n}份。" * 30 for n in range(800)})
    arguments = ["grade", "in", "-p", VILLAGE, "--bank", "bank", "--jobs", "2"]
    command = [sys.executable, "-c", "from essaydrill.cli.app import main; main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        command, env=environment, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    journal = folder / "in-graded" / ".essaydrill" / "journal.jsonl"
    while process.poll() is None and not (journal.exists() and journal.stat().st_size > 0):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert err == "已停下，评过的都留着；再运行一次同样的命令就接着评。\n"
    assert grade("in", "-p", VILLAGE, "--quiet") == 0
    assert grade("in", "-p", VILLAGE, "--quiet", "--out", "whole") == 0
    assert settled_bytes(folder / "in-graded") == settled_bytes(folder / "whole")


@pytest.mark.usefixtures("folder")
def test_watching_ends_with_an_interrupt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    looks = 0

    def sleep(_: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", sleep)
    assert grade("--watch", "in", "-p", VILLAGE) == 0
    assert "新评 2 份" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
@pytest.mark.usefixtures("folder")
def test_progress_is_shown_in_a_terminal_alone() -> None:
    import pexpect

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm-256color", "COLUMNS": "100"}
    code = "from essaydrill.cli.app import main; main()"
    arguments = ["-c", code, "grade", "in", "-p", VILLAGE, "--bank", "bank", "--jobs", "1"]
    child = pexpect.spawn(sys.executable, arguments, env=environment, encoding="utf-8", timeout=30)
    child.expect("2/2")
    child.expect("已评分 2")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
