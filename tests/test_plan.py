"""`plan` and `today`: the days until the exam, filled with what is weak and what is due."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill import Bank
from essaydrill.bank import KIND_NAMES, Entry
from essaydrill.cli.app import run
from essaydrill.errors import StoreError
from essaydrill.history import Attempt, Card, History
from essaydrill.practice.cards import AGAIN, first_meeting, study_day
from essaydrill.practice.plan import OVERRUN, REVIEW_SHARE, Plan, Task, make_plan, open_tasks
from essaydrill.practice.plan_file import NAME, load_plan, save_plan
from test_cards import attempt, result

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY = study_day(NOON)


def entry(id: str, topic: str = "a", kind: str = "summary", minutes: int | None = 30, difficulty: int = 3) -> Entry:
    return Entry(id, topic, kind, None, id, 20, minutes, difficulty, None, "", "builtin")


BANK = [
    entry(f"{topic}-{kind}-{n}", topic, kind, 60 if kind == "essay" else 25)
    for topic in ("a", "b")
    for kind in KIND_NAMES
    for n in (1, 2)
]


def plan(
    entries: Sequence[Entry] = BANK,
    attempts: Sequence[Attempt] = (),
    cards: Sequence[Card] = (),
    days: int = 28,
    minutes: int = 40,
) -> Plan:
    return make_plan(entries, attempts, cards, TODAY, TODAY + timedelta(days=days - 1), minutes)


def cards(count: int, day: date = TODAY) -> list[Card]:
    return [
        first_meeting(AGAIN, day, prompt="p", point=str(n), topic="a", kind="summary", text="") for n in range(count)
    ]


def tasks(made: Plan) -> list[Task]:
    return [task for day in made.days for task in day.tasks]


def test_a_plan_has_every_day_and_ends_with_reviews() -> None:
    made = plan(days=10)
    assert [day.day for day in made.days] == [TODAY + timedelta(days=n) for n in range(10)]
    assert made.days[-1].tasks == ()
    assert all(day.tasks for day in made.days[:-1])
    assert made.on(TODAY) == made.days[0]
    assert made.on(TODAY - timedelta(days=1)) is None
    assert plan(days=1).days[0].tasks == ()


@settings(max_examples=40, deadline=None)
@given(
    days=st.integers(1, 60),
    minutes=st.integers(10, 200),
    due=st.integers(0, 200),
    lengths=st.lists(st.one_of(st.none(), st.integers(5, 150)), min_size=0, max_size=12),
)
def test_no_day_is_overfull_and_every_prompt_is_finished(
    days: int, minutes: int, due: int, lengths: list[int | None]
) -> None:
    entries = [entry(f"p{n}", f"t{n % 3}", minutes=length) for n, length in enumerate(lengths)]
    made = plan(entries, cards=cards(due, TODAY - timedelta(days=3)), days=days, minutes=minutes)
    assert plan(entries, cards=cards(due, TODAY - timedelta(days=3)), days=days, minutes=minutes) == made
    for day in made.days:
        assert day.review_minutes <= (minutes if day.day == made.until else minutes * REVIEW_SHARE + 1)
        assert day.review_minutes + sum(task.minutes for task in day.tasks) <= minutes * (1 + OVERRUN) + 1
    needed = {each.id: each.minutes or 40 for each in entries}
    stints: list[Task] = []
    for task in tasks(made):
        stints.append(task)
        assert (task.prompt, task.part, task.parts >= task.part) == (stints[0].prompt, len(stints), True)
        if task.hands_in:
            assert sum(stint.minutes for stint in stints) == needed[task.prompt]
            stints = []
    assert stints == []


def test_reviews_come_first_and_a_pile_is_worked_off() -> None:
    made = plan(cards=cards(100, TODAY - timedelta(days=3)), minutes=20)
    first = made.days[0]
    assert (first.reviews, first.review_minutes) == (20, 10)
    assert sum(day.reviews for day in made.days[:5]) >= 100
    assert made.days[0].tasks == ()  # what is left of the day is too little to open a prompt
    assert plan(minutes=40).days[0].reviews == 0


def test_planned_prompts_bring_reviews_of_their_own() -> None:
    made = plan()
    assert made.days[0].reviews == 0
    assert made.days[1].reviews > 0
    clever = [attempt(["hit"] * 8, NOON - timedelta(days=n + 1), prompt=f"x-{n}") for n in range(4)]
    assert sum(day.reviews for day in plan(attempts=clever).days) == 0


def test_weak_kinds_and_topics_come_first_but_not_only_they() -> None:
    strong = [attempt(["hit"] * 9, NOON - timedelta(days=9), prompt="x") for _ in range(4)]
    weak = [
        replace(each, kind="proposal", topic="b", score=1.0)
        for each in (attempt(["missed"] * 9, NOON - timedelta(days=9), prompt="y") for _ in range(4))
    ]
    made = plan(attempts=[*strong, *weak])
    assert tasks(made)[0].prompt == "b-proposal-1"
    kinds = Counter(task.prompt.split("-")[1] for task in tasks(made) if task.hands_in)
    assert kinds["proposal"] > kinds["summary"]
    assert set(kinds) == set(KIND_NAMES)


def test_new_prompts_come_before_old_ones_and_easy_ones_before_hard_ones() -> None:
    old = attempt(["missed"] * 5, NOON - timedelta(days=2), prompt="b-2")
    entries = [entry("b-2"), entry("b-1", difficulty=4), entry("b-3", difficulty=2)]
    made = plan(entries, attempts=[old], days=4)
    assert [task.prompt for task in tasks(made)] == ["b-3", "b-1", "b-2"]


def test_a_long_prompt_is_parted_and_a_little_overrun_is_not() -> None:
    made = plan([entry("long", minutes=100)], days=4, minutes=40)
    assert [(task.minutes, task.part, task.parts) for task in tasks(made)] == [(40, 1, 3), (40, 2, 3), (20, 3, 3)]
    assert [task.minutes for task in plan([entry("p", minutes=48)], days=2, minutes=40).days[0].tasks] == [48]


def test_an_empty_bank_leaves_reviews() -> None:
    made = plan([], cards=cards(3))
    assert tasks(made) == []
    assert made.days[1].reviews == 3


def test_what_was_not_handed_in_stays_open() -> None:
    made = plan(days=5)
    first, second, *_ = made.days
    today = second.day
    yesterdays, todays = list(first.tasks), list(second.tasks)
    assert open_tasks(made, [], today) == (yesterdays, todays)
    done = attempt(["hit"], NOON, prompt=first.tasks[0].prompt)
    assert open_tasks(made, [done], today) == ([], todays)
    ahead = attempt(["hit"], NOON + timedelta(days=1), prompt=second.tasks[0].prompt)
    assert open_tasks(made, [done, ahead], today) == ([], [])
    before = attempt(["hit"], NOON - timedelta(days=3), prompt=first.tasks[0].prompt)
    assert open_tasks(made, [before], today) == (yesterdays, todays)


def test_the_plan_comes_back_from_disk(tmp_path: Path) -> None:
    assert load_plan(tmp_path / "none") is None
    made = plan()
    save_plan(made, tmp_path / "new")
    assert load_plan(tmp_path / "new") == made
    assert [path.name for path in (tmp_path / "new").iterdir()] == [NAME]
    (tmp_path / "new" / NAME).write_text("{}")
    with pytest.raises(StoreError, match="读不懂"):
        load_plan(tmp_path / "new")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="写不进去"):
        save_plan(made, tmp_path / "file")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path / "data"


def in_days(days: int) -> str:
    return str(study_day(datetime.now(UTC)) + timedelta(days=days))


@pytest.mark.usefixtures("home")
def test_a_plan_is_made_kept_shown_and_started(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["today"]) == 2
    assert run(["plan"]) == 2
    assert capsys.readouterr().err.count("essaydrill plan --until") == 2
    assert run(["plan", "--until", in_days(40), "--minutes", "30"]) == 0
    shown = capsys.readouterr().out
    assert "每天 30 分钟左右" in shown
    assert run(["plan"]) == 0
    assert capsys.readouterr().out == shown
    assert run(["plan", "--all"]) == 0
    assert capsys.readouterr().out.count("周") == 41
    assert run(["plan", "--json"]) == 0
    [first, *_] = json.loads(capsys.readouterr().out)["days"]
    assert run(["today"]) == 0
    assert f"essaydrill practice {first['tasks'][0]['prompt']}" in capsys.readouterr().out


def test_today_plans_anew_what_was_missed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bank = Bank.open()
    day = study_day(datetime.now(UTC))
    made = make_plan(bank.entries(), [], [], day - timedelta(days=3), day + timedelta(days=5), 60)
    save_plan(made, home)
    assert run(["today"]) == 0
    assert "计划重新排过了" in capsys.readouterr().out
    anew = load_plan(home)
    assert anew is not None
    assert (anew.made_on, anew.until, anew.minutes) == (day, made.until, 60)
    assert run(["today", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["missed"], told["day"]) == (0, str(day))
    with History(home / "history.db") as history:
        for task in told["left"]:
            prompt = bank.prompt(task["prompt"])
            history.record(prompt, "一是", result(prompt.id, ["hit"]), started_at=NOON, seconds=60, origin="practice")
    assert run(["today"]) == 0
    assert "今天的都完成了" in capsys.readouterr().out


def test_a_plan_that_is_over_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_plan(plan(), home)
    assert run(["today"]) == 2
    assert "已经过了" in capsys.readouterr().err


@pytest.mark.parametrize("until", ["明年", "2027-13-01", in_days(-1), in_days(500)])
@pytest.mark.usefixtures("home")
def test_a_date_that_cannot_be_is_refused(until: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "--until", until]) == 2
    assert until in capsys.readouterr().err
