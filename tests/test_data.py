"""`data` and profiles: everything out, everything in, once; and gone when asked."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill import paths
from essaydrill.bank.models import Prompt
from essaydrill.cli.app import run
from essaydrill.errors import UsageError
from essaydrill.history import History
from essaydrill.practice.cards import AGAIN, GOOD, study_day
from essaydrill.practice.data import gather, remove, take_over
from essaydrill.practice.data_lines import DataError, read_lines, to_lines
from essaydrill.practice.deck import Deck
from essaydrill.practice.drafts import Drafts
from essaydrill.practice.plan import make_plan
from essaydrill.practice.plan_file import save_plan
from test_cards import result

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """Forty seconds pass between any two looks at it."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=40)
        return self.now


def make(folder: Path, seed: int, start: datetime) -> None:
    """Some attempts, reviews, one review taken back, drafts and a plan."""
    rng, clock = Random(seed), Clock(start)
    with History(folder / "history.db", clock) as history:
        for n in range(3):
            prompt = Prompt.model_validate({"id": f"p-{n}", "topic": "t", "task": "概述。", "max_score": 20})
            marked = result(prompt.id, rng.choices(["hit", "partial", "missed"], k=4))
            history.record(prompt, f"一是{n}\n\u2028二是", marked, started_at=start, seconds=90, origin="practice")
            clock.now += timedelta(days=2)
            deck = Deck(history, now=clock)
            for card in deck.due():
                deck.answer(card, "财政困难", "hit", rng.choice([AGAIN, GOOD]), 31)
            deck.take_back()
    drafts = Drafts(folder / "drafts")
    drafts.save("p-1", "写了一半\r\n第二行", start, 66.0)
    drafts.save("p-2", "旧稿", start, 5.0)
    drafts.set_aside("p-2")
    save_plan(make_plan([], [], [], study_day(start), study_day(start) + timedelta(days=3), 40), folder)


Practise = Callable[..., None]


@pytest.fixture(scope="module")
def practise(tmp_path_factory: pytest.TempPathFactory) -> Practise:
    """Puts a practised person's files into a folder. They are made once and copied: every write waits for the disk."""
    made: dict[tuple[int, datetime], Path] = {}

    def copy(folder: Path, seed: int = 1, start: datetime = START) -> None:
        if (seed, start) not in made:
            made[seed, start] = tmp_path_factory.mktemp("made")
            make(made[seed, start], seed, start)
        shutil.copytree(made[seed, start], folder, dirs_exist_ok=True)

    return copy


@pytest.fixture(scope="module")
def exported(practise: Practise, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("exported")
    practise(folder)
    return list(to_lines(gather(folder)))


def test_everything_comes_back_and_only_once(practise: Practise, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    practise(here)
    lines = list(to_lines(gather(here)))
    kinds = {json.loads(line)["type"] for line in lines}
    assert kinds == {"essaydrill", "attempt", "review", "card", "file"}
    assert sum('"taken_back": true' in line for line in lines) > 0
    holdings = read_lines(lines, "x")
    done = take_over(holdings, there)
    assert (done.attempts, done.reviews, done.kept) == (3, len(holdings.reviews) + len(holdings.taken_back), 0)
    assert list(to_lines(gather(there))) == lines
    assert (there / "drafts" / "p-1.txt").read_bytes().decode() == "写了一半\r\n第二行"
    assert Drafts(there / "drafts").load("p-1").seconds == 66
    for _ in range(2):
        again = take_over(holdings, there)
        assert (again.attempts, again.reviews, again.files, again.kept) == (0, 0, 0, 0)
    assert list(to_lines(gather(there))) == lines
    assert take_over(holdings, here).attempts == 0


def test_two_machines_come_together_in_any_order(practise: Practise, tmp_path: Path) -> None:
    practise(tmp_path / "a", seed=1)
    practise(tmp_path / "b", seed=2, start=START + timedelta(days=1))
    a, b = gather(tmp_path / "a"), gather(tmp_path / "b")
    for name, order in (("ab", (a, b)), ("ba", (b, a))):
        for holdings in order:
            take_over(holdings, tmp_path / name)
    ab, ba = gather(tmp_path / "ab"), gather(tmp_path / "ba")
    assert len(ab.attempts) == 6
    assert list(to_lines(replace(ab, files=()))) == list(to_lines(replace(ba, files=())))
    assert {card.key for card in ab.cards} == {card.key for card in (*a.cards, *b.cards)}


def test_equal_attempts_are_as_many_as_there_were(tmp_path: Path) -> None:
    with History(tmp_path / "a" / "history.db", lambda: START) as history:
        prompt = Prompt.model_validate({"id": "p", "task": "概述。", "max_score": 20})
        for _ in range(2):
            history.record(
                prompt, "一", result("p", ["hit"]), started_at=START, seconds=1, origin="score", help=["points"]
            )
    holdings = gather(tmp_path / "a")
    assert [take_over(holdings, tmp_path / "b").attempts for _ in range(2)] == [2, 0]
    assert gather(tmp_path / "b").attempts[1].help == ("points",)


def test_the_newer_draft_stays(tmp_path: Path) -> None:
    old, new = Drafts(tmp_path / "old" / "drafts"), Drafts(tmp_path / "new" / "drafts")
    old.save("p", "旧", START, 1)
    for path in (tmp_path / "old" / "drafts").iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))
    new.save("p", "新", START, 2)
    done = take_over(gather(tmp_path / "old"), tmp_path / "new")
    assert (done.files, done.kept) == (0, 2)
    assert new.load("p").text == "新"
    assert take_over(gather(tmp_path / "new"), tmp_path / "old").files == 2
    assert old.load("p").text == "新"


@settings(max_examples=40)
@given(data=st.data())
def test_a_damaged_line_is_named_and_nothing_is_imported(data: st.DataObject, exported: list[str]) -> None:
    number = data.draw(st.integers(1, len(exported) - 1))
    cut = data.draw(st.integers(1, len(exported[number]) - 1))
    damaged = [*exported[:number], exported[number][:cut], *exported[number + 1 :]]
    with pytest.raises(DataError, match=f"第 {number + 1} 行：不是完整的 JSON"):
        read_lines(damaged, "记录.jsonl")


def changed(kind: str, **values: object) -> Callable[[list[str]], tuple[int, str]]:
    """Changes one field of the first line of a kind."""

    def change(lines: list[str]) -> tuple[int, str]:
        number = next(n for n, line in enumerate(lines) if json.loads(line)["type"] == kind)
        return number, json.dumps({**json.loads(lines[number]), **values}, ensure_ascii=False)

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed("attempt", score="高"), "对不上"),
        (changed("attempt", score=99), "对不上"),
        (changed("attempt", result=None), "result"),
        (changed("attempt", seconds=-1), "seconds"),
        (changed("attempt", started_at="昨天"), "started_at"),
        (changed("attempt", started_at="2026-03-01T09:00:00"), "时区"),
        (changed("attempt", origin="heaven"), "origin"),
        (changed("attempt", colour="red"), "没有“colour”这一项"),
        (changed("review", rating=5), "rating"),
        (changed("review", judged="maybe"), "judged"),
        (changed("card", due="2026-13-01"), "due"),
        (changed("file", path="../evil.txt"), "path"),
        (changed("file", path="/etc/evil.txt"), "path"),
        (changed("file", path="drafts/../../evil.txt"), "path"),
        (changed("file", path="drafts/.hidden.txt"), "path"),
        (changed("file", path="bank/prompts/x.txt"), "path"),
        (changed("file", path="history.db"), "path"),
        (changed("file", path="drafts/x.exe"), "path"),
        (changed("file", path="drafts\\..\\x.txt"), "path"),
        (changed("file", path=""), "path"),
        (changed("file", path="plan.json", text="{}"), "不是一个计划"),
        (changed("attempt", type="dream"), "type 要是"),
        (lambda _: (2, "[1]"), "JSON 对象"),
        (lambda _: (0, '{"type": "essaydrill", "version": 99}'), "升级"),
        (lambda _: (0, '{"type": "attempt"}'), "不是 essaydrill data export"),
    ],
)
def test_every_line_is_checked(change: Callable[[list[str]], tuple[int, str]], said: str, exported: list[str]) -> None:
    number, line = change(exported)
    damaged = [*exported[:number], line, *exported[number + 1 :]]
    with pytest.raises(DataError) as caught:
        read_lines(damaged, "记录.jsonl")
    assert f"第 {number + 1} 行：" in str(caught.value)
    assert said in str(caught.value)
    assert "什么都没有导入" in str(caught.value)


def test_all_faults_are_told_up_to_a_limit(exported: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        read_lines([exported[0], "x", exported[1], "", "y"], "f")
    assert str(caught.value).splitlines()[1:] == [
        "第 2 行：不是完整的 JSON，这一行可能被截断或改坏了",
        "第 5 行：不是完整的 JSON，这一行可能被截断或改坏了",
    ]
    with pytest.raises(DataError, match="有 20 行不对"):
        read_lines([exported[0], *["x"] * 50], "f")
    with pytest.raises(DataError, match="是空的"):
        read_lines(["", " "], "f")


def test_a_draft_in_another_encoding_is_exported_as_text(tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "p.txt").write_bytes("一是基层基础薄弱，投入不足。".encode("gb18030"))
    [file] = gather(tmp_path).files
    assert file.text == "一是基层基础薄弱，投入不足。"


def test_what_a_crash_left_behind_is_not_exported(tmp_path: Path) -> None:
    Drafts(tmp_path / "exam" / "answers").save("p", "一是", START, 1)
    for name in ("exam/exam.new", "drafts/.p.txt.7.new", "exam/.x.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("half", "utf-8")
    assert [file.path for file in gather(tmp_path).files] == ["exam/answers/p.json", "exam/answers/p.txt"]


def test_removing_leaves_what_is_shared(practise: Practise, tmp_path: Path) -> None:
    practise(tmp_path)
    (tmp_path / "bank" / "prompts").mkdir(parents=True)
    (tmp_path / "profiles" / "wang").mkdir(parents=True)
    remove(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bank", "profiles"]
    practise(tmp_path / "profiles" / "wang")
    remove(tmp_path / "profiles" / "wang")
    assert not (tmp_path / "profiles" / "wang").exists()
    remove(tmp_path / "profiles" / "wang")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ESSAYDRILL_PROFILE", raising=False)
    monkeypatch.setattr(sys, "stdin", StringIO(""))
    return tmp_path / "home" / "data"


def test_from_one_profile_to_another(
    practise: Practise, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    practise(home)
    file = tmp_path / "我的 记录.jsonl"
    assert run(["data", "export", str(file)]) == 0
    assert "3 次作答" in capsys.readouterr().out
    assert run(["--profile", "小王", "data", "import", str(file)]) == 0
    assert "导入了 3 次作答" in capsys.readouterr().out
    assert (home / "profiles" / "小王" / "history.db").exists()
    assert run(["--profile", "小王", "data", "import", str(file)]) == 0
    assert "没有变化" in capsys.readouterr().out
    assert run(["--profile", "小王", "data", "export", "-"]) == 0
    assert capsys.readouterr().out == file.read_text("utf-8")
    assert run(["data", "where"]) == 0
    assert "小王" in capsys.readouterr().out
    assert run(["--profile", "小王", "data", "where", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["profile"], told["attempts"], told["profiles"]) == ("小王", 3, ["小王"])
    assert told["folder"] == str(home / "profiles" / "小王")
    assert "ESSAYDRILL_PROFILE" not in os.environ
    assert run(["data", "export", str(file)]) == 0  # an earlier export may be written over


def test_an_import_comes_through_a_pipe(
    home: Path, exported: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO("\r\n".join(exported).encode())))
    assert run(["data", "import", "-"]) == 0
    assert "导入了 3 次作答" in capsys.readouterr().out
    assert len(gather(home).attempts) == 3


def test_what_is_no_export_is_refused(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    essay = tmp_path / "作文.txt"
    essay.write_text("一是", "utf-8")
    assert run(["data", "export", str(essay)]) == 2
    assert "换一个文件名" in capsys.readouterr().err
    assert essay.read_text("utf-8") == "一是"
    assert run(["data", "import", str(essay)]) == 1
    assert "第 1 行" in capsys.readouterr().err
    essay.write_bytes(b"\xff\xfe\xff")
    assert run(["data", "import", str(essay)]) == 2
    assert run(["data", "import", str(tmp_path / "none")]) == 1
    assert not home.exists()


def test_deleting_asks_first(
    practise: Practise, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    practise(home)
    assert run(["data", "delete"]) == 2
    assert "--yes" in capsys.readouterr().err

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    for typed, stays in (("n\n", True), ("", True), ("删除\n", False)):
        monkeypatch.setattr(sys, "stdin", Terminal(typed))
        assert run(["data", "delete"]) == 0
        assert (home / "history.db").exists() is stays
    practise(home)
    (home / "history.db").write_bytes(b"rubbish" * 1000)
    assert run(["data", "delete", "--yes"]) == 0
    assert not home.exists()
    capsys.readouterr()
    assert run(["data", "where"]) == 0
    assert "0 次作答" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["小王", "li_lei", "A-1", "一"])
def test_a_profile_has_a_folder_of_its_own(
    practise: Practise, name: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESSAYDRILL_PROFILE", name)
    assert paths.profile_data() == home / "profiles" / name
    assert paths.user_data() == home
    practise(paths.profile_data())
    assert run(["history"]) == 0
    assert not (home / "history.db").exists()


@pytest.mark.parametrize("name", ["..", "a/b", "a\\b", ".hidden", "-a", "x" * 41, "a b", "a\n", "con:"])
def test_a_profile_that_is_no_folder_name_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ESSAYDRILL_PROFILE", name)
    if name.strip() == "a":
        assert paths.profile() == "a"
        return
    with pytest.raises(UsageError, match="档案名"):
        paths.profile_data()
    assert run(["history"]) == 2
    assert "档案名" in capsys.readouterr().err


def test_no_profile_is_the_folder_itself(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert paths.profile_data() == home
    monkeypatch.setenv("ESSAYDRILL_PROFILE", "  ")
    assert paths.profile_data() == home
