"""The history: what is recorded stays, whole and as it was."""

import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill.bank.models import Prompt
from essaydrill.errors import StoreError
from essaydrill.history import History, kind_means, sparkline, trend
from essaydrill.scoring.result import LengthResult, PresentationResult, Result

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def prompt(id: str = "p1", topic: str = "governance", kind: str = "summary") -> Prompt:
    return Prompt.model_validate({"id": id, "topic": topic, "kind": kind, "task": "概述问题。", "max_score": 20})


def result(score: float = 12.5, id: str = "p1") -> Result:
    return Result(
        prompt=id,
        score=score,
        max_score=20,
        band="二类",
        points=(),
        presentation=PresentationResult(score=1.5, max=2, findings=("缺总括句",)),
        length=LengthResult(cells=398),
        interval=(11, 14),
        signature="essaydrill:0.1|seg:x|model:y|prompt:z",
    )


class Clock:
    """A day passes between any two looks at it."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        self.time += timedelta(days=1)
        return self.time


def record(history: History, id: str = "p1", score: float = 12.5, answer: str = "一是……", **more: str):
    return history.record(
        prompt(id, **more), answer, result(score, id), started_at=START, seconds=61.4, origin="practice"
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.db"


def test_an_attempt_comes_back_whole(path: Path) -> None:
    with History(path, Clock()) as history:
        recorded = record(history, answer="一是基层薄弱。\n二是……\x1b[31m")
    with History(path) as history:
        [found] = history.attempts()
    assert found == recorded == history_attempt(path, 1)
    assert found.answer == "一是基层薄弱。\n二是……\x1b[31m"
    assert found.result() == result()
    assert (found.prompt, found.topic, found.kind, found.origin) == ("p1", "governance", "summary", "practice")
    assert (found.score, found.max_score, found.share) == (12.5, 20, 0.625)
    assert (found.started_at, found.finished_at, found.seconds) == (START, START + timedelta(days=1), 61)
    assert found.signature == result().signature


def history_attempt(path: Path, id: int):
    with History(path) as history:
        return history.attempt(id)


@settings(max_examples=25)
@given(answer=st.text())
def test_any_answer_can_be_recorded(answer: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    with History(tmp_path_factory.getbasetemp() / "any.db") as history:
        assert record(history, answer=answer) == history.attempts(limit=1)[0]


def test_a_lone_surrogate_from_a_terminal_does_not_lose_the_answer(path: Path) -> None:
    with History(path) as history:
        assert record(history, answer="一是\udce4基层").answer == "一是?基层"


def test_newest_first_filtered_and_limited(path: Path) -> None:
    with History(path, Clock()) as history:
        record(history, "a", kind="summary")
        record(history, "b", kind="essay", topic="ecology")
        record(history, "a", kind="summary")
        assert [attempt.id for attempt in history.attempts()] == [3, 2, 1]
        assert [attempt.id for attempt in history.attempts(limit=2)] == [3, 2]
        assert [attempt.id for attempt in history.attempts(prompt="a")] == [3, 1]
        assert [attempt.id for attempt in history.attempts(kind="essay")] == [2]
        assert [attempt.id for attempt in history.attempts(topic="ecology", kind="summary")] == []
        assert history.done_prompts() == {"a": START + timedelta(days=3), "b": START + timedelta(days=2)}


def test_reading_creates_nothing(path: Path) -> None:
    with History(path) as history:
        assert history.attempts() == []
        assert history.done_prompts() == {}
        assert history.attempt(1) is None
    assert not path.parent.exists()


@pytest.mark.parametrize("change", ["UPDATE attempts SET score = 20", "DELETE FROM attempts"])
def test_nothing_recorded_can_be_changed(path: Path, change: str) -> None:
    with History(path) as history:
        record(history)
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(change)
    connection.close()
    assert history_attempt(path, 1).score == 12.5


def test_a_newer_schema_is_told_and_left_alone(path: Path) -> None:
    with History(path) as history:
        record(history)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with History(path) as history, pytest.raises(StoreError, match="升级"):
        history.attempts()
    with History(path) as history, pytest.raises(StoreError, match="升级"):
        record(history)
    assert path.read_bytes() == before


def test_it_writes_ahead(path: Path) -> None:
    with History(path) as history:
        record(history)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.parametrize("rubbish", [b"not a database, only some words" * 40, None])
def test_a_corrupt_file_is_told_and_kept(path: Path, rubbish: bytes | None) -> None:
    with History(path) as history:
        for _ in range(30):
            record(history, answer="一" * 3000)
    whole = path.read_bytes()
    damaged = rubbish if rubbish is not None else whole[:8192] + b"\xff" * (len(whole) - 8192)
    path.write_bytes(damaged)
    with History(path) as history, pytest.raises(StoreError, match=r"history\.db 已损坏"):
        history.attempts()
    assert path.read_bytes() == damaged


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with History(tmp_path / "data" / "history.db") as history:
        with pytest.raises(StoreError, match=r"history\.db.*ESSAYDRILL_HOME"):
            record(history)
        assert history.attempts() == []


def test_a_full_disk_is_told_and_what_stood_stands(path: Path) -> None:
    with History(path) as history:
        record(history)
    script = f"""
import resource, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_history_store import History, StoreError, record
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
try:
    record(History(Path({str(path)!r})), answer="一" * 100_000)
except StoreError as error:
    print(error)
"""
    pytest.importorskip("resource")
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert "history.db" in run.stdout
    assert "磁盘" in run.stdout
    with History(path) as history:
        assert len(history.attempts()) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_can_still_be_read(path: Path) -> None:
    with History(path) as history:
        record(history)
    path.parent.chmod(0o500)
    try:
        with History(path) as history:
            assert [attempt.id for attempt in history.attempts()] == [1]
            with pytest.raises(StoreError, match="权限"):
                record(history)
    finally:
        path.parent.chmod(0o700)


def test_processes_write_at_the_same_time(path: Path) -> None:
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_history_store import History, record
sys.stdin.readline()
for _ in range(15):
    with History(Path({str(path)!r})) as history:
        record(history)
"""
    writers = [
        subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    for writer in writers:
        assert writer.stdin
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert errors == b""
    with History(path) as history:
        assert len(history.attempts()) == 45


def test_a_result_of_a_later_version_is_told(path: Path) -> None:
    with History(path) as history:
        record(history)
        raw = json.loads(history.attempts()[0].result_json) | {"schema": 2}
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER attempts_stand")
    connection.execute("UPDATE attempts SET result = ?", (json.dumps(raw),))
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="--json"):
        history_attempt(path, 1).result()


def test_sparkline_runs_from_nothing_to_full_marks() -> None:
    assert sparkline([0, 0.5, 1]) == "▁▅█"
    assert sparkline([]) == ""


@given(shares=st.lists(st.floats(0, 1), min_size=1))
def test_sparkline_is_as_long_and_as_ordered_as_the_scores(shares: list[float]) -> None:
    bars = sparkline(sorted(shares))
    assert len(bars) == len(shares)
    assert list(bars) == sorted(bars)


def test_trend_compares_the_last_five_with_the_five_before(path: Path) -> None:
    with History(path, Clock()) as history:
        for score in (0, 4, 4, 4, 4, 4, 10, 10, 10, 10, 20):
            record(history, score=score, kind="essay" if score == 20 else "summary")
        attempts = history.attempts()
    assert (trend(attempts).recent, trend(attempts).before) == (0.6, 0.2)
    assert trend(attempts[:5]).before is None
    means = kind_means(attempts)
    assert list(means) == ["summary", "essay"]
    assert (means["summary"].count, means["summary"].share) == (10, pytest.approx(0.3))
    assert (means["essay"].count, means["essay"].share) == (1, 1)


def test_the_help_that_was_taken_stays_with_the_attempt(path: Path) -> None:
    with History(path, Clock()) as history:
        for steps in ((), ("framework", "word:p1")):
            history.record(prompt(), "一是", result(), started_at=START, seconds=60, origin="exam", help=steps)
        assert [attempt.help for attempt in history.attempts()] == [("framework", "word:p1"), ()]
