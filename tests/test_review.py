"""`review`: a point is asked, a sentence judged, the card rated; nothing that was answered is lost."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from essaydrill import Bank, Scorer
from essaydrill.cli.app import run
from essaydrill.cli.review_dialogue import ReviewDialogue
from essaydrill.errors import UsageError
from essaydrill.history import Card, History, ReviewLog
from essaydrill.practice.deck import Deck
from essaydrill.practice.recall import PASSAGE_LENGTH, Question
from test_practice_cli import add

ID = "village-summary-01"
NOTHING, KNOWS_MONEY = "今天天气好。", "基层财政困难，投入不足"
KNOWS_PEOPLE = "网格员年龄偏大，队伍不强"


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    add(tmp_path / "bank", ID)
    return Bank.open(tmp_path / "bank", builtin=False)


@pytest.fixture
def history(bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[History]:
    """Both points were missed two days ago."""
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    long_ago = datetime.now(UTC) - timedelta(days=2)
    with History(tmp_path / "home" / "data" / "history.db", lambda: long_ago) as store:
        result = Scorer(bank[ID]).score(NOTHING)
        store.record(bank.prompt(ID), NOTHING, result, started_at=long_ago, seconds=60, origin="practice")
        yield store


class Learner:
    """Types what is given, line by line; then the input ends, or the key Ctrl-C is pressed."""

    def __init__(self, *lines: str, at_end: type[BaseException] = EOFError) -> None:
        self.lines = list(lines)
        self.asked: list[str] = []
        self._at_end = at_end

    def __call__(self, question: str) -> str:
        self.asked.append(question)
        if not self.lines:
            raise self._at_end
        return self.lines.pop(0)


Sitting = Callable[..., tuple[int, str]]


@pytest.fixture
def sit(bank: Bank, history: History) -> Sitting:
    """Review with the lines typed; returns the exit code and what stood on the screen."""
    scorer = Scorer(bank[ID])

    def question(card: Card) -> Question:
        return Question.of(bank[card.prompt], scorer, card.point)

    def review(*lines: str, limit: int = 20, learner: Learner | None = None) -> tuple[int, str]:
        screen = io.StringIO()
        ask = learner or Learner(*lines)
        code = ReviewDialogue(Deck(history), question, Console(file=screen, width=80), ask, limit).run()
        return code, screen.getvalue()

    return review


def ratings(history: History) -> Sequence[tuple[str, str, int]]:
    return [(entry.point, entry.judged, entry.rating) for entry in ReviewLog(history.database).reviews()]


def test_a_sentence_is_judged_and_rates_the_card(sit: Sitting, history: History) -> None:
    code, screen = sit(KNOWS_MONEY, "", "不知道", "", "", "", "")
    assert code == 0
    # What was forgotten is asked once more the same day.
    assert ratings(history) == [("p1", "hit", 3), ("p2", "missed", 1), ("p2", "missed", 1)]
    asked, first, second, *_ = screen.split("判定")
    assert "概括村里治理存在的问题" in asked
    assert "钱只够发工资" in asked
    assert "财政困难，投入不足" not in asked  # neither the point nor a reference before the sentence
    assert "命中" in first
    assert "基层财政困难，投入不足" in first
    assert "一是财政困难，投入不足" not in first
    assert "财政困难，投入不足" in first
    assert "网格员年龄偏大" in second
    assert "复习了 3 张，今天的都完成了" in screen
    assert max(cell_len(line) for line in asked.splitlines()) <= 80


def test_the_learner_has_the_last_word(sit: Sitting, history: History) -> None:
    sit(NOTHING, "9", "好", "4", "", "2", "")
    assert ratings(history) == [("p1", "missed", 4), ("p2", "missed", 2)]


def test_leaving_at_any_question_keeps_what_was_answered(sit: Sitting, history: History) -> None:
    assert sit("q") == (0, sit("退出")[1])
    assert ratings(history) == []
    code, screen = sit(KNOWS_MONEY, "", KNOWS_PEOPLE, "q")
    assert code == 0
    assert "今天还剩 1 张" in screen
    assert ratings(history) == [("p1", "hit", 3)]
    interrupted = Learner(at_end=KeyboardInterrupt)
    assert sit(learner=interrupted)[0] == 130
    code, screen = sit(KNOWS_PEOPLE, "", "")  # the next time goes on where this one stopped
    assert ratings(history) == [("p1", "hit", 3), ("p2", "hit", 3)]
    assert "今天有 1 个要点要复习" in screen


def test_skipping_puts_a_card_at_the_end(sit: Sitting, history: History) -> None:
    sit("s", KNOWS_PEOPLE, "", "跳过", KNOWS_MONEY, "", "")
    assert [point for point, *_ in ratings(history)] == ["p2", "p1"]


def test_the_last_answer_can_be_taken_back(sit: Sitting, history: History) -> None:
    _, screen = sit("u", NOTHING, "", "u", KNOWS_MONEY, "", KNOWS_PEOPLE, "", "撤销", KNOWS_PEOPLE, "4", "")
    assert "还没有可撤销的" in screen
    assert ratings(history) == [("p1", "hit", 3), ("p2", "hit", 4)]
    taken_back = ReviewLog(history.database).reviews(taken_back=True)
    assert [entry.answer for entry in taken_back] == [NOTHING, KNOWS_PEOPLE]


def test_the_limit_ends_the_sitting(sit: Sitting, history: History) -> None:
    _, screen = sit(KNOWS_MONEY, "", "", limit=1)
    assert "有 2 个要点要复习，先来 1 个" in screen
    assert "今天还剩 1 张" in screen
    assert len(ratings(history)) == 1


def test_cards_whose_point_is_gone_are_not_asked(history: History) -> None:
    screen = io.StringIO()

    def gone(card: Card) -> Question:
        raise UsageError(f"没有 {card.point}")

    assert ReviewDialogue(Deck(history), gone, Console(file=screen), Learner(), 20).run() == 0
    assert "有 2 张卡片的题目或采分点已不在题库里" in screen.getvalue()


def test_the_situation_is_where_the_materials_speak_of_the_point() -> None:
    item = Bank.open(builtin=True)["governance-summary-01"]
    question = Question.of(item, Scorer(item), "p3")
    [passage] = question.passages()
    assert (passage.label, question.number, question.count) == ("材料1", 3, len(item.reference.points))
    assert "综治中心" in passage.text
    assert len(passage.text) <= PASSAGE_LENGTH
    for wording, reference in zip(question.wordings(), item.reference.references, strict=True):
        assert wording.label == reference.label
        assert wording.text in reference.text
        assert "综治中心" in wording.text


def test_every_passage_is_a_piece_of_its_material() -> None:
    bank = Bank.open()
    for id in list(bank)[::15]:
        item = bank[id]
        scorer = Scorer(item)
        texts = {material.label: material.text for material in item.prompt.materials}
        for point in item.reference.points:
            found = Question.of(item, scorer, point.id).passages()
            assert 0 < len(found) <= 2
            for passage in found:
                assert passage.text in texts[passage.label]
                assert not point.found_in or passage.label in point.found_in


def test_an_unknown_point_is_no_question() -> None:
    item = Bank.open()["governance-summary-01"]
    with pytest.raises(UsageError):
        Question.of(item, Scorer(item), "p99")


def review(tmp_path: Path, *arguments: str) -> int:
    return run(["review", "--bank", str(tmp_path / "bank"), *arguments])


@pytest.mark.usefixtures("history")
def test_without_a_terminal_the_cards_due_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert review(tmp_path) == 0
    listed = capsys.readouterr().out
    assert listed.count("村里的问题") == 2
    assert "今天到期 2 张" in listed
    assert "财政困难" not in listed
    assert review(tmp_path, "--json") == 0
    cards = json.loads(capsys.readouterr().out)
    assert [(card["prompt"], card["point"], card["title"]) for card in cards] == [
        (ID, "p1", "村里的问题"),
        (ID, "p2", "村里的问题"),
    ]
    assert all(0 < card["retention"] < 1 for card in cards)
    assert review(tmp_path, "--topic", "governance") == 0
    assert "还没有要复习的要点" in capsys.readouterr().out


def test_before_the_first_attempt_nothing_is_due(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review"]) == 0
    assert "做一题再来" in capsys.readouterr().out
    assert run(["review", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX terminal")
@pytest.mark.usefixtures("history")
def test_in_a_real_terminal(history: History, tmp_path: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    history.close()
    code = "from essaydrill.cli.app import main; main()"
    environment = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "PYTHONIOENCODING": "utf-8"}
    terminal = pexpect.spawn(
        sys.executable,
        ["-c", code, "review", "--bank", str(tmp_path / "bank")],
        env=environment,
        encoding="utf-8",
        codec_errors="replace",
        dimensions=(24, 80),
        timeout=20,
    )
    terminal.expect("今天有 2 个要点要复习")
    terminal.expect("写出要点：")
    terminal.send("财政错\x7f困难，投入不足\r")  # backspace takes the whole wide character
    terminal.expect("命中")
    terminal.expect("要点")
    terminal.expect("很容易：")
    terminal.send("\r")
    terminal.expect("再问")
    terminal.expect("写出要点：")
    terminal.send("\x04")
    terminal.expect("今天还剩 1 张")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    [entry] = ReviewLog(history.database).reviews()
    assert (entry.answer, entry.rating) == ("财政困难，投入不足", 3)
