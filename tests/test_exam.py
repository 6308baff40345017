"""A mock exam: one honest clock, questions in any order, one result sheet."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from essaydrill.bank import Bank
from essaydrill.cli.app import run
from essaydrill.errors import StoreError, UsageError
from essaydrill.examroom.dialogs import Choice
from essaydrill.examroom.exam import ExamRoom
from essaydrill.examroom.lookback import LookBack
from essaydrill.examroom.points import Points
from essaydrill.examroom.results import Results
from essaydrill.examroom.writing import Writing
from essaydrill.history import History
from essaydrill.practice.deck import load_cards
from essaydrill.practice.exam import Exam, ExamDesk
from essaydrill.practice.paper import Paper
from room_pilot import ANSWER, desk, drive, until, words
from test_practice_cli import add

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PROMPTS = ("governance-practice-01", "rural-practice-01", "rural-practice-02")
PAPER = Paper(prompts=PROMPTS, total=30, wanted=30, minutes=60, seed=1)
Script = Callable[[Pilot[int], ExamRoom], Awaitable[None]]


class Clock:
    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def exam_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> ExamDesk:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))
    for prompt in PROMPTS:
        add(tmp_path / "bank", prompt, topic=prompt.partition("-")[0])
    return ExamDesk(tmp_path / "home" / "data" / "exam", clock)


def sit(exam_desk: ExamDesk, tmp_path: Path, script: Script, size: tuple[int, int] = (80, 24)) -> ExamRoom:
    exam = exam_desk.current()
    assert exam is not None
    with History(tmp_path / "history.db") as history:
        room = ExamRoom(Bank.open(tmp_path / "bank", builtin=False), exam_desk, history, exam)

        drive(room, script, size)
    return room


def recorded(tmp_path: Path) -> list[tuple[str, str]]:
    with History(tmp_path / "history.db") as history:
        return [(attempt.prompt, attempt.origin) for attempt in history.attempts()]


async def turned(pilot: Pilot[int], room: ExamRoom, place: str) -> None:
    await until(pilot, lambda: isinstance(room.screen, Writing) and words(room, "#title").startswith(place))


def test_questions_in_any_order_handed_in_and_marked_together(exam_desk: ExamDesk, tmp_path: Path) -> None:
    exam_desk.begin("第一周", PAPER, untimed=False)

    async def script(pilot: Pilot[int], room: ExamRoom) -> None:
        await turned(pilot, room, "第 1/3 题")
        assert words(room, "#time") == "还有 1:00:00"
        await pilot.press("ctrl+p")
        await turned(pilot, room, "第 3/3 题")
        desk(room).sheet.insert("二是网格员年龄偏大。")
        await pilot.press("ctrl+n")
        await turned(pilot, room, "第 1/3 题")
        desk(room).sheet.insert(ANSWER)
        await pilot.press("ctrl+p")
        await turned(pilot, room, "第 3/3 题")
        assert desk(room).sheet.text == "二是网格员年龄偏大。"
        await pilot.press("ctrl+z")
        assert desk(room).sheet.text == ""
        await pilot.press("ctrl+y", "f2")
        await until(pilot, lambda: isinstance(room.screen, Choice))
        assert "第 2 题还没有写" in str(room.screen.query("Static").first().render())
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(room.screen, Results))
        rows = [str(option.prompt) for option in room.screen.query_one(OptionList).options]
        assert "没有作答" in rows[1]
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(room.screen, LookBack))
        await pilot.press("2")
        await until(pilot, lambda: room.screen.query_one("#t2", Points).options.option_count == 2)
        await pilot.press("x", "escape")
        await until(pilot, lambda: isinstance(room.screen, Results))

    room = sit(exam_desk, tmp_path, script)
    assert "/30 分" in room.farewell
    assert sorted(recorded(tmp_path)) == [(prompt, "exam") for prompt in PROMPTS]
    with History(tmp_path / "history.db") as history:
        [blank] = history.attempts(prompt=PROMPTS[1])
        assert (blank.answer, blank.score) == ("", 0)
        assert {point for prompt, point in load_cards(history) if prompt == PROMPTS[1]} == {"p1", "p2"}
    assert exam_desk.current() is None
    assert not exam_desk.drafts.list()


def test_leaving_gains_no_time(exam_desk: ExamDesk, tmp_path: Path, clock: Clock) -> None:
    exam_desk.begin("第一周", PAPER, untimed=False)

    async def write(pilot: Pilot[int], room: ExamRoom) -> None:
        await turned(pilot, room, "第 1/3 题")
        desk(room).sheet.insert(ANSWER)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(room.screen, Choice))
        await pilot.press("down", "enter")

    assert "时间还在走" in sit(exam_desk, tmp_path, write).farewell
    clock.time += timedelta(minutes=50)

    async def again(pilot: Pilot[int], room: ExamRoom) -> None:
        await turned(pilot, room, "第 1/3 题")
        assert desk(room).sheet.text == ANSWER
        assert words(room, "#time") == "还有 10:00"
        desk(room).sheet.insert("二是")
        clock.time += timedelta(minutes=11)
        await until(pilot, lambda: isinstance(room.screen, Results))

    sit(exam_desk, tmp_path, again)
    assert sorted(recorded(tmp_path)) == [(prompt, "exam") for prompt in PROMPTS]


def test_when_the_time_ran_out_meanwhile_the_answers_are_collected_as_they_were(
    exam_desk: ExamDesk, tmp_path: Path, clock: Clock
) -> None:
    exam_desk.begin("第一周", PAPER, untimed=False)
    exam_desk.drafts.save(PROMPTS[1], ANSWER, START, 60)
    clock.time += timedelta(hours=2)

    async def script(pilot: Pilot[int], room: ExamRoom) -> None:
        await until(pilot, lambda: isinstance(room.screen, Results))

    sit(exam_desk, tmp_path, script)
    with History(tmp_path / "history.db") as history:
        answers = {attempt.prompt: attempt.answer for attempt in history.attempts()}
    assert answers == {PROMPTS[0]: "", PROMPTS[1]: ANSWER, PROMPTS[2]: ""}


def test_a_paper_without_a_word_is_no_attempt(exam_desk: ExamDesk, tmp_path: Path, clock: Clock) -> None:
    exam_desk.begin("第一周", PAPER, untimed=False)
    clock.time += timedelta(hours=2)

    async def script(pilot: Pilot[int], room: ExamRoom) -> None:
        await until(pilot, lambda: isinstance(room.screen, Results))

    assert "没有记入历史" in sit(exam_desk, tmp_path, script).farewell
    assert recorded(tmp_path) == []
    assert exam_desk.current() is None


def test_an_interrupted_marking_records_nothing_twice(exam_desk: ExamDesk, tmp_path: Path) -> None:
    exam = exam_desk.begin("第一周", PAPER, untimed=True)
    bank = Bank.open(tmp_path / "bank", builtin=False)
    from essaydrill.scoring import Scorer

    with History(tmp_path / "history.db") as history:
        result = Scorer(bank[PROMPTS[0]]).score(ANSWER)
        done = history.record(bank.prompt(PROMPTS[0]), ANSWER, result, started_at=START, seconds=9, origin="exam")
    exam_desk.drafts.save(PROMPTS[1], ANSWER, START, 60)
    exam_desk.keep(exam.model_copy(update={"handed_in": True, "attempts": {PROMPTS[0]: done.id}}))

    async def script(pilot: Pilot[int], room: ExamRoom) -> None:
        await until(pilot, lambda: isinstance(room.screen, Results))
        rows = [str(option.prompt) for option in room.screen.query_one(OptionList).options]
        assert ["没有作答" in row for row in rows] == [False, False, True]

    sit(exam_desk, tmp_path, script)
    assert sorted(recorded(tmp_path)) == [(prompt, "exam") for prompt in PROMPTS]


def test_one_exam_at_a_time(exam_desk: ExamDesk, capsys: pytest.CaptureFixture[str]) -> None:
    assert exam_desk.current() is None
    begun = exam_desk.begin("第一周", PAPER, untimed=True)
    assert exam_desk.current() == begun
    assert begun.deadline is None
    assert not begun.is_over(datetime.max.replace(tzinfo=UTC))
    with pytest.raises(UsageError, match="--abandon"):
        exam_desk.begin("第二周", PAPER, untimed=False)
    exam_desk.drafts.save(PROMPTS[0], ANSWER, START, 1)
    assert run(["exam", "--abandon"]) == 0
    assert "已放弃 第一周" in capsys.readouterr().out
    assert (exam_desk.drafts.folder / "old" / f"{PROMPTS[0]}.txt").read_text("utf-8") == ANSWER
    assert exam_desk.current() is None
    assert run(["exam", "--abandon"]) == 0
    assert run(["exam"]) == 2
    assert "60 列" in capsys.readouterr().err


def test_an_exam_goes_on_with_the_bank_it_was_made_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for prompt in PROMPTS:
        add(tmp_path / "bank", prompt, topic=prompt.partition("-")[0])
    sat: list[tuple[Bank, Exam]] = []
    monkeypatch.setattr("essaydrill.cli.practice.has_terminal", lambda: True)
    monkeypatch.setattr("essaydrill.cli.practice.has_room", lambda: True)
    monkeypatch.setattr("essaydrill.cli.exam._sit", lambda _, bank, exam: sat.append((bank, exam)) or 0)
    monkeypatch.chdir(tmp_path)
    assert run(["exam", "--bank", "bank", "--topics", "rural", "--total", "10", "--seed", "1"]) == 0
    monkeypatch.chdir("/")
    assert run(["exam"]) == 0
    (first, begun), (second, resumed) = sat
    assert begun == resumed
    assert [each.prompt(begun.paper.prompts[0]).max_score for each in (first, second)] == [10, 10]

    (tmp_path / "bank").rename(tmp_path / "moved")
    capsys.readouterr()
    assert run(["exam"]) == 1
    told = capsys.readouterr().err
    assert str(tmp_path / "bank") in told
    assert "用 --bank 写明它现在在哪" in told
    add(tmp_path / "other", "governance-practice-01", topic="governance")
    assert run(["exam", "--bank", str(tmp_path / "other")]) == 2
    assert f"{begun.paper.prompts[0]} 题库里没有了" in capsys.readouterr().err.replace("\n", "")
    assert run(["exam", "--bank", str(tmp_path / "moved")]) == 0
    assert run(["exam"]) == 0
    assert sat[-1][1].bank == str(tmp_path / "moved")


def test_a_broken_record_is_told(tmp_path: Path) -> None:
    (tmp_path / "exam.json").write_text("{", "utf-8")
    with pytest.raises(StoreError, match=r"exam\.json"):
        ExamDesk(tmp_path).current()
    assert Exam(name="x", paper=PAPER, started_at=START, deadline=START).is_over(START)
