"""Cards: what becomes one, when it comes back, and that the log always gives the same cards again."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import fsrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill.bank.models import Prompt
from essaydrill.history import Attempt, Card, History, Review, ReviewLog
from essaydrill.history.schema import MIGRATIONS
from essaydrill.history.store import attempt_row
from essaydrill.practice import cards as scheduling
from essaydrill.practice.cards import AGAIN, EASY, GOOD, HARD, RULES, forecast, is_due, queue, replay, retention
from essaydrill.practice.deck import Deck, load_cards
from essaydrill.scoring.result import LengthResult, PointResult, PresentationResult, Result, Status

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY = scheduling.study_day(NOON)


def result(prompt: str, statuses: Sequence[Status]) -> Result:
    credits = {"hit": 1.0, "partial": 0.5, "missed": 0.0}
    points = tuple(
        PointResult(
            id=f"p{k}",
            text=f"要点{k}",
            marks=2,
            credit=credits[status],
            status=status,
            awarded=2 * credits[status],
            confidence=1,
        )
        for k, status in enumerate(statuses, 1)
    )
    return Result(
        prompt=prompt,
        score=sum(point.awarded for point in points),
        max_score=2 * len(points) + 2,
        band="二类",
        points=points,
        presentation=PresentationResult(score=0, max=2),
        length=LengthResult(cells=100),
        interval=(0, 10),
        signature="essaydrill:0|seg:x|model:y|prompt:z",
    )


def attempt(statuses: Sequence[Status], at: datetime = NOON, prompt: str = "a-1", answer: str = "一是") -> Attempt:
    marked = result(prompt, statuses)
    return Attempt(
        id=1,
        prompt=prompt,
        topic="a",
        kind="summary",
        started_at=at,
        finished_at=at,
        seconds=600,
        answer=answer,
        result_json=marked.model_dump_json(),
        score=marked.score,
        max_score=marked.max_score,
        signature=marked.signature,
        origin="practice",
    )


def review(rating: int, at: datetime, point: str = "p1", prompt: str = "a-1") -> Review:
    return Review(prompt, point, at, 20, "财政困难", "hit", rating)


def record(history: History, statuses: Sequence[Status], prompt: str = "a-1") -> None:
    asked = Prompt.model_validate({"id": prompt, "topic": "a", "task": "概述问题。", "max_score": 20})
    history.record(asked, "一是", result(prompt, statuses), started_at=NOON, seconds=60, origin="practice")


class Clock:
    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time

    def sleep(self, days: float) -> None:
        self.time += timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def history(tmp_path: Path, clock: Clock) -> History:
    return History(tmp_path / "history.db", clock)


def test_missed_and_half_hit_points_become_cards_and_hit_ones_do_not() -> None:
    cards = replay([attempt(["hit", "partial", "missed"])], [])
    assert list(cards) == [("a-1", "p2"), ("a-1", "p3")]
    half, missed = cards.values()
    assert (half.text, half.topic, half.kind, half.rating, half.made_on) == ("要点2", "a", "summary", HARD, TODAY)
    assert missed.rating == AGAIN
    assert half.stability > missed.stability
    assert {card.due for card in cards.values()} == {TODAY + timedelta(days=1)}


def test_every_meeting_counts_as_fsrs_counts_it() -> None:
    """The figures are py-fsrs's own, card by card, on midnights of the learner's days."""
    days = [0, 1, 3, 3, 12, 30]
    ratings = [AGAIN, GOOD, HARD, AGAIN, EASY, GOOD]
    events = [review(rating, NOON + timedelta(days=day)) for rating, day in zip(ratings[1:], days[1:], strict=True)]
    [card] = replay([attempt(["missed"])], events).values()
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=365, enable_fuzzing=False)
    theirs = fsrs.Card(card_id=1)
    for rating, day in zip(ratings, days, strict=True):
        midnight = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day)
        theirs, _ = scheduler.review_card(theirs, fsrs.Rating(rating), midnight)
    assert (card.stability, card.difficulty, card.due) == (theirs.stability, theirs.difficulty, theirs.due.date())
    assert (card.reviews, card.lapses, card.reviewed_on) == (6, 1, TODAY + timedelta(days=30))


def test_a_later_attempt_is_a_meeting_too() -> None:
    week = NOON + timedelta(days=7)
    [better, same] = replay([attempt(["missed", "missed"]), attempt(["hit", "missed"], week)], []).values()
    assert (better.rating, same.rating) == (GOOD, AGAIN)
    assert better.due > same.due
    assert (better.lapses, same.lapses) == (0, 1)


def test_what_was_found_with_a_hint_is_half_known() -> None:
    helped = replace(attempt(["hit", "hit", "missed"]), help=("framework", "word:p1", "material:p3"))
    cards = replay([helped], [])
    assert {point: card.rating for (_, point), card in cards.items()} == {"p1": HARD, "p3": AGAIN}


def test_a_day_of_study_ends_at_four_in_the_morning() -> None:
    local = NOON.astimezone().tzinfo
    midnight = datetime(2026, 3, 3, tzinfo=local)
    assert scheduling.study_day(midnight + timedelta(hours=3, minutes=59)) == date(2026, 3, 2)
    assert scheduling.study_day(midnight + timedelta(hours=4)) == date(2026, 3, 3)


def test_a_result_nobody_can_read_is_passed_over() -> None:
    broken = replace(attempt(["missed"]), result_json='{"schema": 9}')
    assert list(replay([broken, attempt(["missed"], prompt="b-1")], [])) == [("b-1", "p1")]


def test_a_review_of_an_unknown_card_changes_nothing() -> None:
    assert replay([], [review(GOOD, NOON)]) == {}


def test_a_card_comes_back_on_its_day_and_once_more_when_forgotten() -> None:
    [card] = replay([attempt(["missed"])], []).values()
    tomorrow = TODAY + timedelta(days=1)
    assert not is_due(card, TODAY)
    assert is_due(card, tomorrow)
    assert is_due(card, tomorrow + timedelta(days=400))
    forgotten = scheduling.meet_again(card, AGAIN, tomorrow)
    assert is_due(forgotten, tomorrow)
    assert not is_due(scheduling.meet_again(forgotten, AGAIN, tomorrow), tomorrow)
    assert not is_due(scheduling.meet_again(card, GOOD, tomorrow), tomorrow)


def test_the_queue_asks_what_waited_longest_and_repeats_last() -> None:
    old = attempt(["missed", "missed"], NOON - timedelta(days=9), prompt="b-1")
    cards = replay([attempt(["missed", "missed"]), old], [])
    tomorrow = TODAY + timedelta(days=1)
    forgotten = scheduling.meet_again(cards["b-1", "p1"], AGAIN, tomorrow)
    keys = [card.key for card in queue({**cards, forgotten.key: forgotten}.values(), tomorrow)]
    assert keys == [("b-1", "p2"), ("a-1", "p1"), ("a-1", "p2"), ("b-1", "p1")]


def test_retention_falls_to_the_target_when_a_card_is_due() -> None:
    [card] = replay([attempt(["partial"])], [review(GOOD, NOON + timedelta(days=1))]).values()
    curve = [retention(card, card.reviewed_on + timedelta(days=day)) for day in range(30)]
    assert curve[0] == 1
    assert curve == sorted(curve, reverse=True)
    assert retention(card, card.due) == pytest.approx(scheduling.TARGET_RETENTION, abs=0.03)


def test_the_forecast_counts_the_cards_as_they_come_back() -> None:
    [card] = replay([attempt(["missed"])], []).values()
    expected, day = [0] * 60, card.due
    after = card
    while (day - TODAY).days < 60:
        expected[(day - TODAY).days] += 1
        after = scheduling.meet_again(after, GOOD, day)
        day = after.due
    assert forecast([card], TODAY, 60) == expected
    overdue = forecast([card], TODAY + timedelta(days=40), 5)
    assert overdue[0] == 1


def test_the_forecast_of_today_is_what_is_due_today() -> None:
    cards = replay([attempt(["missed", "missed", "partial"])], [])
    tomorrow = TODAY + timedelta(days=1)
    forgotten = scheduling.meet_again(cards["a-1", "p1"], AGAIN, tomorrow)
    today = list({**cards, forgotten.key: forgotten}.values())
    assert forecast(today, tomorrow, 5)[0] == len(queue(today, tomorrow)) > 0


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_log_gives_the_same_cards_in_any_order(data: st.DataObject) -> None:
    statuses = st.lists(st.sampled_from(["hit", "partial", "missed"]), min_size=3, max_size=3)
    hours = st.integers(0, 24 * 60)
    attempts = [
        attempt(data.draw(statuses), NOON + timedelta(hours=data.draw(hours)), answer=str(k))
        for k in range(data.draw(st.integers(1, 3)))
    ]
    reviews = [
        review(
            data.draw(st.integers(1, 4)), NOON + timedelta(hours=data.draw(hours)), f"p{data.draw(st.integers(1, 3))}"
        )
        for _ in range(data.draw(st.integers(0, 6)))
    ]
    cards = replay(attempts, reviews)
    rng = Random(data.draw(st.integers(0, 99)))
    assert replay(rng.sample(attempts, len(attempts)), rng.sample(reviews, len(reviews))) == cards
    for card in cards.values():
        assert card.due > card.reviewed_on >= card.made_on
        assert 1 <= card.difficulty <= 10
        assert card.stability > 0
        assert (card.due - card.reviewed_on).days <= scheduling.LONGEST_DAYS


def test_kept_cards_are_what_a_replay_gives(history: History, clock: Clock) -> None:
    record(history, ["missed", "partial", "missed"])
    rng = Random(5)
    for _ in range(8):
        clock.sleep(rng.choice([0.2, 1, 3]))
        deck = Deck(history, now=clock)
        for card in deck.due()[:2]:
            deck.answer(card, "财政困难", "partial", rng.choice([AGAIN, HARD, GOOD, EASY]), 12.4)
    log = ReviewLog(history.database)
    kept = log.cards(RULES)
    assert kept
    assert kept == replay(history.attempts(), log.reviews()) == load_cards(history)
    assert max(card.reviews for card in kept.values()) > 2
    assert {review.seconds for review in log.reviews()} == {12}


def test_a_new_attempt_and_new_rules_make_the_cards_anew(history: History) -> None:
    record(history, ["missed", "hit"])
    assert len(load_cards(history)) == 1
    record(history, ["missed"], prompt="b-1")
    log = ReviewLog(history.database)
    assert log.cards(RULES) is None
    assert len(load_cards(history)) == 2
    assert log.cards(RULES)
    assert log.cards("other rules") is None


def test_undo_takes_back_the_last_review_and_keeps_it_in_the_log(history: History, clock: Clock) -> None:
    record(history, ["missed", "missed"])
    clock.sleep(1)
    deck = Deck(history, now=clock)
    first, second = deck.due()
    deck.answer(first, "甲", "hit", GOOD, 5)
    before = load_cards(history)
    deck.answer(second, "乙", "missed", AGAIN, 5)
    assert deck.take_back() == second
    assert load_cards(history) == before
    assert [card.key for card in deck.due()] == [second.key]
    log = ReviewLog(history.database)
    assert [entry.answer for entry in log.reviews()] == ["甲"]
    assert [entry.answer for entry in log.reviews(taken_back=True)] == ["乙"]
    assert deck.take_back() == first
    assert deck.take_back() is None
    assert deck.reviewed == 0


def test_the_log_cannot_be_changed(history: History, clock: Clock) -> None:
    record(history, ["missed"])
    clock.sleep(1)
    deck = Deck(history, now=clock)
    deck.answer(deck.due()[0], "甲", "hit", GOOD, 5)
    deck.take_back()
    history.close()
    connection = sqlite3.connect(history.path)
    for change in ("DELETE FROM reviews", "UPDATE reviews SET rating = 4", "DELETE FROM undone"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(change)
    connection.close()


def test_a_history_of_the_first_version_gets_its_cards(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "history.db"
    connection = sqlite3.connect(path)
    for statement in MIGRATIONS[0]:
        connection.execute(statement)
    connection.execute("PRAGMA user_version = 1")
    first_columns = attempt_row(attempt(["missed"]))[:12]
    connection.execute(f"INSERT INTO attempts VALUES (1{', ?' * 12})", first_columns)
    connection.commit()
    connection.close()
    with History(path, clock) as old:
        assert list(load_cards(old)) == [("a-1", "p1")]
        assert old.attempts()[0].answer == "一是"


def test_no_history_no_cards_and_no_file(tmp_path: Path) -> None:
    with History(tmp_path / "none" / "history.db") as empty:
        assert load_cards(empty) == {}
        deck = Deck(empty)
        assert (deck.due(), deck.upcoming()) == ([], None)
    assert not (tmp_path / "none").exists()


def test_cards_of_one_topic(history: History, clock: Clock) -> None:
    record(history, ["missed"])
    clock.sleep(1)
    assert len(Deck(history, topic="a", now=clock).due()) == 1
    assert Deck(history, topic="b", now=clock).due() == []
    assert Deck(history, topic="b", now=clock).upcoming() is None


def test_a_card_is_its_fields(history: History) -> None:
    record(history, ["missed"])
    [card] = load_cards(history).values()
    assert isinstance(card, Card)
    assert ReviewLog(history.database).cards(RULES) == {card.key: card}
