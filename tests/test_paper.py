"""Mock papers: the search, saved papers, the command."""

import json
import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill.bank import Bank, Entry
from essaydrill.bank.kinds import KIND_NAMES, Kind
from essaydrill.cli.app import run
from essaydrill.errors import BankError, UsageError
from essaydrill.practice.compose import Composed, Wish, compose
from essaydrill.practice.paper import Paper, Papers

KINDS: tuple[Kind, ...] = tuple(KIND_NAMES)


def entry(number: int, kind: str = "summary", marks: float = 20, minutes: int | None = 30, topic: str = "law") -> Entry:
    name = f"q-{number:02}"
    return Entry(name, topic, kind, None, name, marks, minutes, 3, {"max": 200}, f"/{name}.yaml", "builtin")


def bank_of(*questions: tuple[str, float, str]) -> list[Entry]:
    return [entry(number, kind, marks, topic=topic) for number, (kind, marks, topic) in enumerate(questions)]


VARIED = bank_of(
    *[("summary", 15, topic) for topic in ("law", "rural")],
    *[("summary", 20, topic) for topic in ("law", "safety")],
    *[("analysis", 20, topic) for topic in ("digital", "ageing")],
    *[("proposal", 25, topic) for topic in ("rural", "culture")],
    *[("document", 20, topic) for topic in ("ecology", "conduct")],
    *[("essay", 40, topic) for topic in ("governance", "business")],
)


def chosen(composed: Composed, entries: list[Entry]) -> list[Entry]:
    known = {each.id: each for each in entries}
    return [known[identifier] for identifier in composed.paper.prompts]


# --- the search ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_a_paper_is_worth_100_varied_and_ends_with_the_essay(seed: int) -> None:
    composed = compose(VARIED, Wish(), seed)
    questions = chosen(composed, VARIED)
    assert sum(each.max_score for each in questions) == composed.paper.total == 100
    assert composed.notes == ()
    assert [each.kind for each in questions] == sorted((each.kind for each in questions), key=KINDS.index)
    assert questions[-1].kind == "essay"
    assert len({each.kind for each in questions}) == len({each.topic for each in questions}) == len(questions) == 4
    assert composed.paper.minutes == 30 * len(questions)


def test_the_seed_decides_and_the_order_of_the_bank_does_not() -> None:
    papers = [compose(VARIED, Wish(), seed).paper for seed in range(30)]
    assert papers == [compose(VARIED[::-1], Wish(), seed).paper for seed in range(30)]
    assert len({paper.prompts for paper in papers}) > 10


def test_kinds_are_all_there_and_no_others() -> None:
    for seed in range(10):
        composed = compose(VARIED, Wish(60, kinds=("summary", "proposal", "document")), seed)
        assert {each.kind for each in chosen(composed, VARIED)} == {"summary", "proposal", "document"}
        assert composed.paper.total == 60
    with pytest.raises(UsageError, match="没有符合条件的案例分析题"):
        compose(VARIED, Wish(kinds=("summary", "case")), 0)


def test_topics_limit_the_choice_and_missing_ones_are_told() -> None:
    composed = compose(VARIED, Wish(60, topics=("law", "digital", "ecology")), 3)
    assert {each.topic for each in chosen(composed, VARIED)} == {"law", "digital", "ecology"}
    lacking = compose(VARIED, Wish(40, topics=("law", "digital", "port")), 3)
    assert any("没有选入的专题：port" in note for note in lacking.notes)


def test_the_nearest_total_is_told_with_its_reason() -> None:
    few = compose(VARIED[:3], Wish(), 0)
    assert few.paper.total == 35  # two summaries at most
    assert "凑不出正好 100 分，最接近的是 35 分：符合条件的只有 3 道题，一共 50 分" in few.notes[0]
    odd = compose(VARIED, Wish(101), 0)
    assert odd.paper.total == 100
    assert odd.paper.wanted == 101
    assert "分值是 15、20、25、40" in odd.notes[0]
    hurried = compose(VARIED, Wish(minutes=90), 0)
    assert hurried.paper.total == 90
    assert hurried.paper.minutes == 90
    assert "90 分钟以内只能这样，不限时间可到 100 分" in hurried.notes[0]


def test_a_prompt_without_time_is_estimated_and_told() -> None:
    untimed = [entry(1, minutes=None), entry(2, "analysis", minutes=20)]
    composed = compose(untimed, Wish(40), 0)
    assert composed.paper.minutes == 50
    assert "q-01 没有写建议用时" in composed.notes[0]


@pytest.mark.parametrize("wish", [Wish(minutes=5), Wish(topics=("port",)), Wish(total=1)])
def test_nothing_fitting_is_an_error(wish: Wish) -> None:
    with pytest.raises(UsageError, match="一道题也选不出"):
        compose(VARIED, wish, 0)


small_banks = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from([7.5, 10, 15, 20, 40]), st.sampled_from([10, 25, 40])), max_size=8
)


@settings(deadline=None, max_examples=150)
@given(small_banks, st.sampled_from([30, 47, 60, 100]), st.sampled_from([None, 60, 90]), st.booleans(), st.integers())
def test_no_other_choice_comes_nearer(
    drawn: list[tuple[Kind, float, int]], total: float, minutes: int | None, named: bool, seed: int
) -> None:
    entries = [entry(number, kind, marks, time) for number, (kind, marks, time) in enumerate(drawn)]
    kinds = tuple(dict.fromkeys(kind for kind, *_ in drawn))[:2] if named else ()

    def allowed(questions: tuple[Entry, ...]) -> bool:
        counts = Counter(each.kind for each in questions)
        most_of_one = max(2, -(-int(total / 12.5) // len(kinds))) if kinds else 2
        return (
            0 < len(questions) <= int(total / 12.5)
            and sum(each.max_score for each in questions) <= 2 * total
            and counts["essay"] <= 1
            and max(counts.values()) <= most_of_one
            and (not kinds or set(counts) == set(kinds))
            and (minutes is None or sum(each.minutes or 0 for each in questions) <= minutes)
        )

    sizes = range(len(entries) + 1)
    every = [questions for size in sizes for questions in combinations(entries, size) if allowed(questions)]
    wish = Wish(total, kinds, minutes=minutes)
    if not every:
        with pytest.raises(UsageError):
            compose(entries, wish, seed)
        return
    composed = compose(entries, wish, seed)
    questions = chosen(composed, entries)
    assert allowed(tuple(questions))
    nearest = min(abs(sum(each.max_score for each in other) - total) for other in every)
    assert abs(composed.paper.total - total) == nearest
    assert sum(each.max_score for each in questions) == composed.paper.total
    assert bool(composed.notes) == (nearest > 0)


def test_the_built_in_bank_makes_papers_of_100() -> None:
    entries = Bank.open().entries()
    for seed in range(5):
        composed = compose(entries, Wish(), seed)
        assert composed.paper.total == 100
        assert composed.notes == ()


# --- saved papers ----------------------------------------------------------------------------------------------------

PAPER = Paper(prompts=("a-01", "b-02"), total=60, wanted=60, minutes=75, seed=7)


def test_a_paper_is_saved_and_read_back(tmp_path: Path) -> None:
    papers = Papers(tmp_path / "papers")
    assert papers.names() == []
    path = papers.save("第一周 A-1", PAPER)
    assert path.name == "第一周 A-1.yaml"
    assert "- b-02\n" in path.read_text("utf-8")
    assert papers.load("第一周 A-1") == PAPER
    assert papers.names() == ["第一周 A-1"]


def test_a_saved_paper_is_replaced_only_by_force(tmp_path: Path) -> None:
    papers = Papers(tmp_path)
    papers.save("一", PAPER)
    other = PAPER.model_copy(update={"seed": 8})
    with pytest.raises(UsageError, match="已有名为“一”的试卷"):
        papers.save("一", other)
    assert papers.load("一") == PAPER
    papers.save("一", other, force=True)
    assert papers.load("一") == other


@pytest.mark.parametrize("name", ["", "../一", "a/b", "a\\b", ".a", "x" * 61, "a\n", "a:b"])
def test_a_name_cannot_lead_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="试卷名"):
        Papers(tmp_path / "papers").save(name, PAPER)
    assert list(tmp_path.rglob("*")) == []


def test_what_is_missing_or_broken_is_told(tmp_path: Path) -> None:
    papers = Papers(tmp_path)
    with pytest.raises(UsageError, match="还没有存过试卷"):
        papers.load("一")
    papers.save("一", PAPER)
    with pytest.raises(UsageError, match="没有名为“二”的试卷，现有：一"):
        papers.load("二")
    (tmp_path / "一.yaml").write_text("prompts: []\ntotal: 60\n", "utf-8")
    with pytest.raises(BankError, match="prompts：至少要有 1 项"):
        papers.load("一")


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_compose_save_list_and_show(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["paper", "--list"]) == 0
    assert "还没有存过试卷" in capsys.readouterr().out
    assert run(["paper", "--seed", "5", "--save", "第一周"]) == 0
    shown = capsys.readouterr().out
    assert "100 分 · " in shown
    assert run(["paper", "第一周"]) == 0
    again = capsys.readouterr().out
    assert again.splitlines()[1:] == shown.splitlines()[1:-2]
    assert "以后用 essaydrill paper 第一周 看" in shown
    assert run(["paper", "--list"]) == 0
    assert capsys.readouterr().out.startswith("第一周  100 分  ")
    assert run(["paper", "--seed", "6", "--save", "第一周"]) == 2
    assert run(["paper", "第一周", "--seed", "6"]) == 2
    capsys.readouterr()
    (home / "home" / "data" / "papers" / "坏.yaml").write_text("x", "utf-8")
    assert run(["paper", "--list", "--json"]) == 0
    printed = capsys.readouterr()
    assert [each["name"] for each in json.loads(printed.out)] == ["第一周"]
    assert "坏.yaml" in printed.err


@pytest.mark.usefixtures("home")
def test_json_names_the_questions(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["paper", "--seed", "5", "--kinds", "概括归纳，文章论述", "--total", "60", "--json"]
    assert run(command) == 0
    content = json.loads(capsys.readouterr().out)
    assert [each["kind"] for each in content["questions"]] == ["summary", "essay"]
    assert content["prompts"] == [each["id"] for each in content["questions"]]
    assert (content["total"], content["wanted"], content["seed"], content["notes"]) == (60, 60, 5, [])
    assert run(command) == 0
    assert json.loads(capsys.readouterr().out) == content


def test_todo_leaves_out_what_was_done(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["paper", "--seed", "5", "--kinds", "文章论述", "--total", "40", "--json", "--todo"]
    assert run(command) == 0
    (first,) = json.loads(capsys.readouterr().out)["prompts"]
    (home / "作答.txt").write_text("标题\n观点。", "utf-8")
    assert run(["score", first, "作答.txt", "--save"]) == 0
    capsys.readouterr()
    for seed in range(8):
        assert run([*command[:2], str(seed), *command[3:]]) == 0
        assert first not in json.loads(capsys.readouterr().out)["prompts"]


def test_a_paper_is_printed_with_cover_questions_and_sheets(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["paper", "--seed", "5", "--minutes", "180", "--save", "b", "--print", "卷.html"]) == 0
    capsys.readouterr()
    html = (home / "卷.html").read_text("utf-8")
    saved = Papers.open().load("b")
    assert "满分 100 分 · 时间 180 分钟" in html
    assert "<h1>申论模拟卷（b）</h1>" in html
    assert html.count("class='sheet apart'") == len(saved.prompts)
    order = [
        html.index(word) for word in ("class='cover'", "<h2>第一题（", "<h3>材料1", "<h2>第二题（", "第一题 答题纸")
    ]
    assert order == sorted(order)
    assert re.findall(r"class='facts'>([a-z]+-[a-z]+-\d+) ", html) == list(saved.prompts)
    assert run(["paper", "b", "--print", "卷.html"]) == 2
    assert "没有覆盖" in capsys.readouterr().err
    assert run(["paper", "b", "--print", "卷.html", "--force"]) == 0


@pytest.mark.usefixtures("home")
def test_a_saved_paper_notices_that_the_bank_has_changed(capsys: pytest.CaptureFixture[str]) -> None:
    known = ("governance-summary-01", "governance-essay-01")
    Papers.open().save("旧", PAPER.model_copy(update={"prompts": known, "total": 55.0}))
    assert run(["paper", "旧"]) == 0
    assert "这些题现在一共 60 分，组卷时是 55 分" in capsys.readouterr().out.replace("\n", "")
    Papers.open().save("没了", PAPER)
    assert run(["paper", "没了"]) == 2
    assert "题库里没有试卷要的题 a-01、b-02" in capsys.readouterr().err
