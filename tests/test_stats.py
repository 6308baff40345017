"""`stats`: figures from attempts and reviews, and the same page in a terminal and in a browser."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from essaydrill import Bank, Scorer
from essaydrill.cli.app import run
from essaydrill.cli.stats_page import statistics_page
from essaydrill.history import Attempt, History, Review
from essaydrill.practice.cards import replay, study_day
from essaydrill.practice.statistics import FORECAST_DAYS, STRUCK, Statistics, compute, lost_marks
from essaydrill.reports.charts import Bar, Bars, Heat, HeatMap, Line, Lines, Page, Section, Sentences
from essaydrill.reports.statistics import render_page
from essaydrill.reports.statistics_html import page_html
from essaydrill.scoring.result import Flag, LengthResult, LengthStatus, PointResult, PresentationResult, Result, Status

NOON = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
TODAY = study_day(NOON)
CREDITS: dict[Status, float] = {"hit": 1.0, "partial": 0.5, "missed": 0.0}
TOPICS = {"governance": "基层社会治理", "rural": "乡村振兴"}


def result(
    statuses: Sequence[Status], *, form: float = 2, deduction: float = 0, cap: float = 99, flags: Sequence[str] = ()
) -> Result:
    """Points of two marks each and two marks for form."""
    points = tuple(
        PointResult(id=f"p{k}", text="点", marks=2, credit=CREDITS[s], status=s, awarded=2 * CREDITS[s], confidence=1)
        for k, s in enumerate(statuses, 1)
    )
    status: LengthStatus = "over" if deduction else "ok"
    return Result(
        prompt="p",
        score=max(0.0, min(cap, sum(point.awarded for point in points) + form) - deduction),
        max_score=2 * len(points) + 2,
        band="二类",
        points=points,
        presentation=PresentationResult(score=form, max=2),
        length=LengthResult(cells=100, status=status, deduction=deduction),
        flags=tuple(Flag(code=code, message="") for code in flags),
        interval=(0, 10),
        signature="",
    )


def attempt(
    days_ago: float,
    marked: Result,
    *,
    prompt: str = "a",
    topic: str = "governance",
    kind: str = "summary",
    minutes: float = 20,
) -> Attempt:
    at = NOON - timedelta(days=days_ago)
    return Attempt(
        id=1,
        prompt=prompt,
        topic=topic,
        kind=kind,
        started_at=at,
        finished_at=at,
        seconds=round(60 * minutes),
        answer=f"{days_ago}",
        result_json=marked.model_dump_json(),
        score=marked.score,
        max_score=marked.max_score,
        signature="",
        origin="practice",
    )


def review(days_ago: float, rating: int) -> Review:
    return Review("a", "p1", NOON - timedelta(days=days_ago), 20, "好", "hit", rating)


def figures(attempts: Sequence[Attempt] = (), reviews: Sequence[Review] = (), minutes: int | None = None) -> Statistics:
    newest_first = sorted(attempts, key=lambda each: each.finished_at, reverse=True)
    return compute(newest_first, reviews, replay(attempts, reviews).values(), {"a": minutes}, TODAY)


def test_nothing_practised_is_nothing_told() -> None:
    found = figures()
    assert (found.attempts, found.days, found.streak, found.share, found.memory.recalled) == (0, 0, 0, None, None)
    assert (found.kinds, found.cells, found.losses) == ((), (), ())
    assert sum(found.memory.forecast) == 0


def test_a_streak_counts_days_with_attempts_or_reviews_up_to_yesterday() -> None:
    full = result(["hit"])
    assert figures([attempt(0, full), attempt(0.1, full)], [review(1, 3), review(3, 3)]).streak == 2
    broken = figures([attempt(day, full) for day in (1, 2, 3, 5, 6, 7, 8)])
    assert (broken.streak, broken.longest_streak, broken.days) == (3, 4, 7)
    assert figures([attempt(2, full)]).streak == 0


def test_trends_run_per_kind_in_order_of_time() -> None:
    poor, good = result(["missed"] * 3, form=0), result(["hit"] * 3)
    attempts = [attempt(day, poor if day > 5 else good) for day in range(10)] + [attempt(3, poor, kind="essay")]
    summary, essay = figures(attempts).kinds
    assert (summary.kind, summary.attempts, summary.recent, summary.before) == ("summary", 10, 1.0, pytest.approx(0.2))
    assert summary.shares == (0.0,) * 4 + (1.0,) * 6
    assert (essay.attempts, essay.before) == (1, None)


def test_a_blank_answer_says_nothing_about_length() -> None:
    full = result(["hit"])
    habits = figures([attempt(1, full), replace(attempt(0, full), answer=" \n", seconds=0)]).habits
    assert habits.length_ok + habits.length_over + habits.length_under == 1
    assert habits.minutes == 20


def test_the_heat_map_takes_the_latest_attempt_at_each_prompt() -> None:
    attempts = [
        attempt(9, result(["missed", "missed"])),
        attempt(1, result(["hit", "partial"])),
        attempt(5, result(["missed", "hit"]), prompt="b"),
        attempt(5, result(["hit"]), prompt="c", topic="rural"),
    ]
    governance, rural = figures(attempts).cells
    assert (governance.topic, governance.kind, governance.prompts) == ("governance", "summary", 2)
    assert governance.rate == pytest.approx(5 / 8)
    assert (rural.topic, rural.rate) == ("rural", 1.0)


def test_habits() -> None:
    over = result(["hit"] * 5, deduction=1)
    attempts = [attempt(n, over, minutes=m) for n, m in enumerate([10, 20, 30, 0])]
    habits = figures(attempts, minutes=20).habits
    assert (habits.minutes, habits.timed, habits.pace, habits.late) == (20, 3, 1.0, 1)
    assert (habits.length_ok, habits.length_over, habits.length_under) == (0, 4, 0)
    assert figures(attempts).habits.pace is None


@settings(max_examples=60)
@given(
    statuses=st.lists(st.sampled_from(["hit", "partial", "missed"]), min_size=1, max_size=8),
    form=st.sampled_from([0, 0.5, 1.5, 2]),
    deduction=st.sampled_from([0, 0.5, 2]),
    cap=st.sampled_from([3, 5.5, 99]),
    flags=st.lists(st.sampled_from([*STRUCK, "fragment"]), max_size=2),
)
def test_every_lost_mark_has_one_cause(
    statuses: list[Status], form: float, deduction: float, cap: float, flags: list[str]
) -> None:
    marked = result(statuses, form=form, deduction=deduction, cap=cap, flags=flags)
    lost = lost_marks(marked)
    assert sum(lost.values()) == pytest.approx(marked.max_score - marked.score)
    assert all(marks > 0 for marks in lost.values())


def test_marks_are_lost_where_the_marker_took_them() -> None:
    assert lost_marks(result(["missed", "partial", "hit"], form=1.5)) == {
        "missed": 2,
        "partial": 1,
        "presentation": 0.5,
    }
    assert lost_marks(result(["missed", "missed", "hit"], flags=["off_task"])) == {"off_task": 4}
    assert lost_marks(result(["hit"] * 5, deduction=1)) == {"length": 1}
    assert lost_marks(result(["hit"] * 5, cap=9)) == {"cap": 3}
    assert lost_marks(result(["hit"])) == {}
    causes = [loss.cause for loss in figures([attempt(1, result(["missed", "partial"], form=1.5))]).losses]
    assert causes == ["missed", "partial", "presentation"]


def test_a_marked_answer_loses_what_its_result_says() -> None:
    item = Bank.open()["governance-summary-01"]
    scorer = Scorer(item)
    answers = ["", "哈哈", item.reference.references[0].text * 3, *(s.answer for s in item.reference.specimens)]
    for marked in scorer.score_many(answers):
        assert sum(lost_marks(marked).values()) == pytest.approx(marked.max_score - marked.score, abs=0.02)


def test_memory_looks_ahead_and_back() -> None:
    reviews = [review(40, 1), review(10, 1), review(3, 3), review(1, 4)]
    found = figures([attempt(50, result(["missed", "missed"]))], reviews).memory
    assert (found.cards, found.due, found.reviews, found.recent_reviews) == (2, 1, 4, 3)
    assert found.recalled == pytest.approx(2 / 3)
    assert len(found.forecast) == FORECAST_DAYS
    assert found.forecast[0] == 1


def test_a_result_nobody_can_read_still_counts_with_its_score() -> None:
    unreadable = attempt(1, result(["hit"]))
    object.__setattr__(unreadable, "result_json", "{}")
    found = figures([unreadable])
    assert (found.attempts, found.share, found.cells) == (1, 1.0, ())


def busy() -> Statistics:
    attempts = [
        attempt(n, result(["missed", "partial", "hit"], form=1), prompt=f"p{n}", topic=topic, kind=kind)
        for n, (topic, kind) in enumerate(
            [("governance", "summary"), ("rural", "analysis"), ("own-topic", "essay"), ("governance", "document")] * 3
        )
    ]
    return figures(attempts, [review(2, 3)])


@pytest.mark.parametrize("width", [40, 60, 80, 140])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_the_page_fits_the_terminal_and_its_encoding(width: int, encoding: str) -> None:
    raw = BytesIO()
    screen = TextIOWrapper(raw, encoding=encoding)  # strict: a character that the encoding lacks is an error
    console = Console(file=screen, width=width, emoji=False, highlight=False, markup=False)
    render_page(statistics_page(busy(), TOPICS, ""), console)
    screen.flush()
    text = raw.getvalue().decode(encoding)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    for part in (
        "先做这几件",
        "各题型走势",
        "采分点得分率",
        "分丢在哪",
        "时间和字数",
        "要点复习",
        "漏了要点",
        "own-topic",
    ):
        assert part in text


class Checker(HTMLParser):
    """Tags must be closed in order; nothing may be loaded, and nothing may run."""

    VOID = ("meta", "line", "polyline", "rect", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_web_page_stands_alone_and_escapes_everything() -> None:
    evil = '<script>alert("1")</script>&\x1b[31m'
    page = Page(
        evil,
        evil,
        [
            Section(
                evil,
                evil,
                [
                    Sentences([evil], numbered=True),
                    Sentences([evil]),
                    Bars([Bar(evil, 7.0, evil)]),
                    Lines([Line(evil, [0.5], evil, evil), Line(evil, [], "", evil), Line(evil, [0, -1, 2], "", evil)]),
                    HeatMap([evil], [evil, evil], [[Heat(0.5, evil, evil, evil), None]]),
                ],
            )
        ],
    )
    html = page_html(page)
    checker = Checker()
    checker.feed(html)
    assert checker.open == []
    assert "script" not in checker.seen
    assert "\x1b" not in html
    assert "prefers-color-scheme: dark" in html
    assert {"svg", "rect", "polyline", "ol", "table"} <= checker.seen
    assert "".join(checker.text).count('<script>alert("1")</script>') >= 14
    assert "nan" not in html


@pytest.fixture
def practised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    bank = Bank.open()
    prompt = bank.prompt("governance-summary-01")
    with History(tmp_path / "data" / "history.db") as history:
        for statuses in (["missed", "hit"], ["partial", "hit"]):
            marked = result(statuses)
            history.record(prompt, "一是", marked, started_at=datetime.now(UTC), seconds=1500, origin="practice")
    return tmp_path


def test_the_command_prints_writes_and_gives_json(practised: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stats"]) == 0
    assert "概括归纳" in capsys.readouterr().out
    page = practised / "练习 情况.html"
    assert run(["--profile", "", "stats", "--html", str(page)]) == 0
    assert str(page) in capsys.readouterr().out
    assert "基层社会治理" in page.read_text("utf-8")
    assert run(["stats", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["attempts"], found["prompts"], found["memory"]["cards"]) == (2, 1, 1)
    assert found["habits"]["minutes"] == 25
    assert run(["stats", "--html", str(practised)]) == 1
    assert "文件夹" in capsys.readouterr().err


def test_before_the_first_attempt_the_command_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stats"]) == 0
    assert "essaydrill practice" in capsys.readouterr().out
