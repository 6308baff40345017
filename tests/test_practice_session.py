"""Choosing a prompt, the time it takes, where the answer goes, and moving about in it."""

import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaydrill.bank import Entry
from essaydrill.bank.models import Prompt
from essaydrill.errors import StoreError, UsageError
from essaydrill.history import History
from essaydrill.practice.drafts import Draft, Drafts
from essaydrill.practice.editor import flow, open_editor
from essaydrill.practice.rows import move
from essaydrill.practice.session import Sitting, Stopwatch, choose
from essaydrill.scoring.result import LengthResult, PresentationResult, Result

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def entry(id: str, topic: str = "governance", kind: str = "summary", difficulty: int = 2) -> Entry:
    return Entry(id, topic, kind, None, id, 20, 25, difficulty, None, "", "builtin")


ENTRIES = [entry("a"), entry("b", kind="essay", difficulty=4), entry("c", topic="ecology"), entry("d")]


def chosen(done: dict[str, datetime] | None = None, **wanted: object) -> set[str | None]:
    return {choose(ENTRIES, done or {}, Random(seed), **wanted) for seed in range(40)}


def test_every_prompt_not_yet_done_is_drawn() -> None:
    assert chosen() == {"a", "b", "c", "d"}
    assert chosen({"a": START, "c": START}) == {"b", "d"}


def test_the_draw_is_even() -> None:
    rng = Random(7)
    counts = Counter(choose(ENTRIES, {}, rng) for _ in range(400))
    assert min(counts.values()) > 60


def test_the_wish_is_kept() -> None:
    assert chosen(topic="ecology") == {"c"}
    assert chosen(kind="essay") == {"b"}
    assert chosen(difficulty=2, topic="governance") == {"a", "d"}
    assert chosen(topic="ecology", kind="essay") == {None}


def test_when_all_are_done_the_one_done_longest_ago_comes_again() -> None:
    done = {id: START + timedelta(days=day) for day, id in enumerate("bdca")}
    assert chosen(done) == {"b"}
    assert chosen(done, kind="summary") == {"d"}


def test_what_is_avoided_comes_only_when_nothing_else_is_left() -> None:
    assert chosen(avoid=frozenset("ab")) == {"c", "d"}
    assert chosen(avoid=frozenset("c"), topic="ecology") == {"c"}
    done = dict.fromkeys("abcd", START)
    assert chosen(done, avoid=frozenset("a")) == {"b"}


def test_the_same_seed_draws_the_same_prompt_whatever_the_order() -> None:
    assert choose(ENTRIES, {}, Random(3)) == choose(ENTRIES[::-1], {}, Random(3))


def test_a_stopwatch_counts_only_while_it_runs() -> None:
    time = 100.0
    watch = Stopwatch(60, clock=lambda: time)
    assert watch.seconds == 60
    watch.start()
    time += 5
    watch.start()
    time += 5
    assert watch.seconds == 70
    watch.stop()
    time += 1000
    assert watch.seconds == 70
    watch.start()
    time += 1
    assert watch.seconds == 71


@pytest.fixture
def prompt() -> Prompt:
    return Prompt(id="p1", topic="governance", kind="summary", task="概述问题。", max_score=20)


RESULT = Result(
    prompt="p1",
    score=12.5,
    max_score=20,
    band="二类",
    points=(),
    presentation=PresentationResult(score=1.5, max=2),
    length=LengthResult(cells=398),
    interval=(11, 14),
    signature="s",
)


def test_a_marked_answer_is_in_the_history_and_its_draft_is_gone(prompt: Prompt, tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts")
    sitting = Sitting(prompt, drafts, START, watch=Stopwatch(90))
    sitting.save("一是……")
    assert [draft.seconds for draft in drafts.list()] == [90]
    with History(tmp_path / "history.db") as history:
        kept = sitting.keep(RESULT, history)
        assert kept.attempt == history.attempts()[0]
    assert kept.attempt is not None
    assert (kept.attempt.answer, kept.attempt.seconds, kept.attempt.started_at) == ("一是……", 90, START)
    assert kept.problem is None
    assert list(drafts.list()) == []


class SlowDrafts(Drafts):
    """A disk that takes its time."""

    def save(self, *arguments: Any) -> Draft:
        time.sleep(0.05)
        return super().save(*arguments)


def test_no_late_save_overtakes_what_comes_after_it(prompt: Prompt, tmp_path: Path) -> None:
    drafts = SlowDrafts(tmp_path / "drafts")
    sitting = Sitting(prompt, drafts, START)
    begun = time.monotonic()
    saving = sitting.save_soon("一是")
    assert time.monotonic() - begun < 0.04
    saving.result()
    assert [draft.text for draft in drafts.list()] == ["一是"]
    sitting.save_soon("一是二")
    sitting.save("一是二是")
    assert [draft.text for draft in drafts.list()] == ["一是二是"]
    sitting.save_soon("一是二是三")
    sitting.keep(RESULT, None)
    assert list(drafts.list()) == []
    other = Sitting(prompt, drafts, START)
    other.save_soon(" ")
    other.leave()
    assert drafts.load("p1") is None


def test_a_save_that_fails_in_its_thread_is_told(prompt: Prompt, tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("a file, not a folder", "utf-8")
    sitting = Sitting(prompt, Drafts(tmp_path / "drafts"), START)
    with pytest.raises(StoreError, match="草稿存不下来"):
        sitting.save_soon("一是").result()
    with pytest.raises(StoreError, match="草稿存不下来"):
        sitting.leave()


def test_without_a_history_nothing_is_recorded_and_the_draft_goes(prompt: Prompt, tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts")
    sitting = Sitting(prompt, drafts)
    sitting.save("一是……")
    kept = sitting.keep(RESULT, None)
    assert (kept.attempt, kept.path, kept.problem) == (None, None, None)
    assert list(drafts.list()) == []


def test_an_answer_that_cannot_be_recorded_stays_in_a_named_file(prompt: Prompt, tmp_path: Path) -> None:
    (tmp_path / "history.db").write_bytes(b"rubbish" * 100)
    drafts = Drafts(tmp_path / "drafts")
    with History(tmp_path / "history.db") as history:
        kept = Sitting(prompt, drafts, text="一是……").keep(RESULT, history)
    assert kept.attempt is None
    assert kept.problem is not None
    assert "history.db" in kept.problem
    assert kept.path is not None
    assert kept.path.read_text("utf-8") == "一是……"


def test_where_nothing_can_be_written_that_is_told(prompt: Prompt, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    sitting = Sitting(prompt, Drafts(tmp_path / "home" / "drafts"), text="一是……")
    with History(tmp_path / "home" / "history.db") as history:
        kept = sitting.keep(RESULT, history)
    assert (kept.attempt, kept.path) == (None, None)
    assert kept.problem is not None
    assert sitting.text == "一是……"


def test_leaving_keeps_an_answer_and_no_blank(prompt: Prompt, tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts")
    sitting = Sitting(prompt, drafts, START, watch=Stopwatch(30))
    sitting.save("写到一半")
    sitting.leave()
    [draft] = drafts.list()
    again = Sitting.resume(prompt, drafts, draft)
    assert (again.text, again.started_at, again.watch.seconds) == ("写到一半", START, 30)
    again.save(" \n")
    again.leave()
    assert drafts.load("p1") is None
    assert again.path is None


def test_what_an_editor_wrote_is_taken_over(prompt: Prompt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "editor.py"
    script.write_text("import sys\nopen(sys.argv[1], 'a', encoding='utf-8').write('二是……')")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"'{sys.executable}' '{script}'")
    sitting = Sitting(prompt, Drafts(tmp_path / "drafts"))
    sitting.save("一是……\n")
    assert sitting.path is not None
    open_editor(sitting.path)
    sitting.reload()
    assert sitting.text == "一是……\n二是……"


@pytest.mark.parametrize(
    ("command", "told"), [("no-such-editor-at-all", "打不开"), (f"'{sys.executable}' -c 'raise SystemExit(3)'", "3")]
)
def test_an_editor_that_fails_is_told(command: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", command)
    with pytest.raises(UsageError, match=told):
        open_editor(tmp_path / "draft.txt")


def test_no_editor_at_all_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="EDITOR"):
        open_editor(tmp_path / "draft.txt")


def test_the_cursor_moves_by_the_rows_that_are_seen() -> None:
    text = "一二三四五六七\n八九\n\n十"  # in 6 columns: 一二三|四五六|七, 八九, (blank), 十
    assert move(text, 0, 1, 6) == 3
    assert move(text, 2, 1, 6) == 5
    assert move(text, 5, 1, 6) == 7  # at the end of a shorter row
    assert move(text, 7, -1, 6) == 4
    assert move(text, 7, 1, 6) == 9
    assert move(text, 10, 1, 6) == 11
    assert move(text, 11, 1, 6) == 12
    assert move(text, 12, -4, 6) == 3
    assert move(text, 1, -1, 6) == 0
    assert move(text, 12, 9, 6) == len(text)


def test_a_wide_character_never_hangs_over_the_edge() -> None:
    assert move("ab一cd一", 0, 1, 3) == 2  # ab|一c|d一
    assert move("ab一cd一", 2, 1, 3) == 4


@given(
    text=st.text("一二 a，\n\t\x1b", max_size=60),
    cursor=st.integers(0, 60),
    rows=st.integers(-5, 5),
    width=st.integers(1, 9),
)
def test_a_move_stays_in_the_text_and_in_its_direction(text: str, cursor: int, rows: int, width: int) -> None:
    cursor = min(cursor, len(text))
    there = move(text, cursor, rows, width)
    assert 0 <= there <= len(text)
    assert (there - cursor) * rows >= 0
    if rows == 0:
        assert there == cursor


@given(parts=st.lists(st.text("格写 abc", min_size=1, max_size=8)), width=st.integers(16, 40))
def test_the_status_line_fits_and_keeps_its_parts(parts: list[str], width: int) -> None:
    from rich.cells import cell_len

    lines = flow(parts, width).split("\n")
    assert all(cell_len(line) <= width + 1 for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(parts).replace(" ", "")
