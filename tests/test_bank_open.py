"""Banks: layers laid over one another, near ids, topics, and the index that keeps listing instant."""

import json
import os
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path

import pytest

from essaydrill import paths
from essaydrill.bank import Bank, Entry, InvalidFileError, ShownPrompt, resolve_topic
from essaydrill.bank.models import Frameworks
from essaydrill.errors import BankError, UsageError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def builtin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small bank in the place of the shipped one, with the shipped topics."""
    topics = (paths.shipped_data() / "topics.yaml").read_text(encoding="utf-8")
    folder = tmp_path / "shipped"
    add(folder, "governance-summary-01", title="内置甲")
    add(folder, "rural-case-01", topic="rural", title="内置乙")
    (folder / "topics.yaml").write_text(topics, encoding="utf-8")
    monkeypatch.setattr(paths, "shipped_data", lambda: folder)
    return folder


def add(bank: Path, name: str, *, topic: str = "governance", title: str = "", extra: str = "", where: str = "") -> Path:
    """Write a prompt and its reference; returns the prompt's path. Files are dated back, as settled ones are."""
    folder = where or topic
    prompt = (
        f"id: {name}\ntopic: {topic}\ntitle: '{title}'\ntask: 概括做法。\nrequirements: 不超过200字。\nmax_score: 10\n"
    )
    written = bank / "prompts" / folder / f"{name}.yaml"
    for path, text in (
        (written, prompt + extra),
        (
            bank / "reference_answers" / folder / f"{name}.yaml",
            f"prompt: {name}\nreferences:\n  - {{label: A, text: {title}答案}}\n",
        ),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (time.time() - 60,) * 2)
    return written


def titles(bank: Bank) -> dict[str, str]:
    return {entry.id: entry.title for entry in bank.entries()}


# --- opening ---------------------------------------------------------------------------------------------------------


def test_the_shipped_bank_opens_and_every_entry_has_its_item() -> None:
    bank = Bank.open()
    assert bank.problems() == ()
    assert [entry.id for entry in bank.entries()] == sorted(bank, key=lambda name: (bank.prompt(name).topic, name))
    for name in bank:
        assert bank[name].prompt == bank.prompt(name)


@pytest.mark.usefixtures("builtin")
def test_later_layers_win_by_id(tmp_path: Path, home: Path) -> None:
    own, folder = home / "data" / "bank", tmp_path / "mine"
    assert titles(Bank.open()) == {"governance-summary-01": "内置甲", "rural-case-01": "内置乙"}

    add(own, "rural-case-01", topic="rural", title="自己的")
    add(own, "own-01", title="自己的新题")
    add(folder, "rural-case-01", topic="rural", title="目录里的")
    assert titles(Bank.open()) == {
        "governance-summary-01": "内置甲",
        "own-01": "自己的新题",
        "rural-case-01": "自己的",
    }
    bank = Bank.open(folder)
    assert titles(bank)["rural-case-01"] == "目录里的"
    assert bank["rural-case-01"].reference.references[0].text == "目录里的答案"
    assert list(bank) == ["governance-summary-01", "own-01", "rural-case-01"]
    assert {entry.id: entry.source for entry in bank.entries()} == {
        "governance-summary-01": "builtin",
        "own-01": "user",
        "rural-case-01": str(folder),
    }
    alone = Bank.open(folder, builtin=False)
    assert (list(alone), len(alone), "own-01" in alone) == (["rural-case-01"], 1, False)


@pytest.mark.usefixtures("builtin")
def test_a_higher_layer_may_replace_the_reference_alone(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    add(folder, "rural-case-01", topic="rural", title="新写的").unlink()
    bank = Bank.open(folder)
    assert bank["rural-case-01"].prompt.title == "内置乙"
    assert bank["rural-case-01"].reference.references[0].text == "新写的答案"


@pytest.mark.usefixtures("builtin")
def test_a_replaced_prompt_never_takes_the_reference_of_the_one_below(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    add(folder, "rural-case-01", topic="rural", title="另一道题")
    (folder / "reference_answers" / "rural" / "rural-case-01.yaml").unlink()
    with pytest.raises(BankError, match=r"mine/reference_answers/rural/rural-case-01\.yaml：文件不存在"):
        Bank.open(folder)["rural-case-01"]


def test_prompts_without_a_topic_folder_are_found(tmp_path: Path) -> None:
    add(tmp_path, "q1", title="题", where=".")
    bank = Bank.open(tmp_path, builtin=False)
    assert titles(bank) == {"q1": "题"}
    assert bank["q1"].reference.references[0].text == "题答案"


def test_folders_that_are_no_bank(tmp_path: Path) -> None:
    with pytest.raises(BankError, match="找不到这个题库目录"):
        Bank.open(tmp_path / "none")
    with pytest.raises(BankError, match="不是题库目录，里面应有 prompts/"):
        Bank.open(tmp_path, builtin=False)
    with pytest.raises(UsageError, match="要给出题库目录"):
        Bank.open(builtin=False)


@pytest.mark.usefixtures("builtin")
def test_an_unknown_id_suggests_near_ones() -> None:
    bank = Bank.open()
    with pytest.raises(UsageError) as caught:
        bank["Goverance-sumary-01"]
    assert str(caught.value) == "没有题目“Goverance-sumary-01”，相近的有 governance-summary-01"
    with pytest.raises(UsageError, match="用 essaydrill list 看全部题目"):
        bank.prompt("zzz")
    assert "zzz" not in bank


def test_reading_one_item_leaves_the_other_files_alone(builtin: Path) -> None:
    (builtin / "prompts" / "rural" / "rural-case-01.yaml").write_text("broken: [", encoding="utf-8")
    (builtin / "reference_answers" / "governance" / "governance-summary-01.yaml").write_text("[", encoding="utf-8")
    bank = Bank.open()
    assert bank.prompt("governance-summary-01").title == "内置甲"
    with pytest.raises(InvalidFileError):
        bank["governance-summary-01"]


@pytest.mark.usefixtures("builtin")
def test_a_broken_file_is_told_and_left_out_of_the_listing(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    add(folder, "good", title="好题")
    add(folder, "bad", extra="keyz: 1\n")
    for _ in range(2):  # once read, once from the index
        bank = Bank.open(folder)
        assert set(titles(bank)) == {"good", "governance-summary-01", "rural-case-01"}
        (problem,) = bank.problems()
        assert problem.file == str(folder / "prompts" / "governance" / "bad.yaml")
        assert (problem.line, problem.field) == (7, "keyz")
        assert "bad" in bank


def test_entries_show_what_a_listing_needs(tmp_path: Path) -> None:
    path = add(tmp_path, "q1", extra="kind: document\ngenre: speech\nminutes: 25\ndifficulty: 4\n")
    (entry,) = Bank.open(tmp_path, builtin=False).entries()
    assert entry == Entry(
        id="q1",
        topic="governance",
        kind="document",
        genre="speech",
        title="概括做法。",
        max_score=10,
        minutes=25,
        difficulty=4,
        limit={"max": 200},
        path=str(path),
        source=str(tmp_path),
    )


# --- the index -------------------------------------------------------------------------------------------------------


def index_files(home: Path) -> list[Path]:
    return sorted((home / "cache" / "bank").glob("prompts-*.json"))


def listing(folder: Path) -> dict[str, str]:
    return titles(Bank.open(folder, builtin=False))


def test_an_unchanged_bank_is_listed_without_reading_it(tmp_path: Path, home: Path) -> None:
    path = add(tmp_path, "q1", title="原题")
    assert listing(tmp_path) == {"q1": "原题"}
    (index,) = index_files(home)
    index.write_text(index.read_text(encoding="utf-8").replace("原题", "索引"), encoding="utf-8")
    assert listing(tmp_path) == {"q1": "索引"}
    os.utime(path, (time.time() - 50,) * 2)
    assert listing(tmp_path) == {"q1": "原题"}


def test_edited_added_and_removed_files_are_noticed(tmp_path: Path, home: Path) -> None:
    add(tmp_path, "q1", title="原题")
    first = add(tmp_path, "q2", title="乙")
    assert listing(tmp_path) == {"q1": "原题", "q2": "乙"}
    first.unlink()
    add(tmp_path, "q3", title="丙")
    assert listing(tmp_path) == {"q1": "原题", "q3": "丙"}
    assert "q2" not in index_files(home)[0].read_text(encoding="utf-8")


def test_a_file_written_twice_in_one_moment_is_noticed(tmp_path: Path) -> None:
    path = add(tmp_path, "q1", title="甲甲")
    for title in ("乙乙", "丙丙", "丁丁"):
        path.write_text(f"id: q1\ntitle: {title}\ntask: 概括。\nmax_score: 10\n", encoding="utf-8")
        assert listing(tmp_path) == {"q1": title}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[]",
        b'{"format": 1}',
        b'{"format": 0, "version": "0", "files": {}}',
        b"[" * 100_000,
    ],
)
def test_a_corrupt_index_costs_nothing_but_time(tmp_path: Path, home: Path, content: bytes) -> None:
    add(tmp_path, "q1", title="原题")
    listing(tmp_path)
    (index,) = index_files(home)
    whole = index.read_bytes()
    index.write_bytes(content)
    assert listing(tmp_path) == {"q1": "原题"}
    assert index.read_bytes() == whole


@pytest.mark.parametrize("value", [{}, {"id": "q1"}, {"problems": [{"line": 1}]}, {"other": 1}, [], "x", None])
def test_an_index_with_foreign_values_is_not_believed(tmp_path: Path, home: Path, value: object) -> None:
    path = add(tmp_path, "q1", title="原题")
    listing(tmp_path)
    (index,) = index_files(home)
    content = json.loads(index.read_text(encoding="utf-8"))
    content["files"][str(path)]["value"] = value
    index.write_text(json.dumps(content), encoding="utf-8")
    assert listing(tmp_path) == {"q1": "原题"}


def test_an_unwritable_cache_is_no_error(tmp_path: Path, home: Path) -> None:
    home.write_text("a file where the folder should be", encoding="utf-8")
    add(tmp_path, "q1", title="原题")
    assert listing(tmp_path) == {"q1": "原题"}


def test_listing_five_hundred_prompts_imports_no_parser_and_is_instant(tmp_path: Path) -> None:
    for number in range(500):
        add(tmp_path / "big", f"q{number}", topic=f"topic{number % 12}", title=f"题{number}")
    Bank.open(tmp_path / "big", builtin=False).entries()
    code = (
        "import sys, time\n"
        "from essaydrill.bank import Bank\n"
        "def listing():\n"
        "    start = time.perf_counter()\n"
        f"    assert len(Bank.open({str(tmp_path / 'big')!r}, builtin=False).entries()) == 500\n"
        "    return time.perf_counter() - start\n"
        "print(min(listing() for _ in range(5)))\n"
        "assert not {'pydantic', 'yaml', 'numpy'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.05


def test_importing_the_bank_imports_no_parser() -> None:
    code = "import sys, essaydrill.bank; assert not {'pydantic', 'yaml', 'json'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# --- prompts as they are shown ---------------------------------------------------------------------------------------


def shown_files(home: Path) -> list[Path]:
    return sorted((home / "cache" / "bank").glob("shown-*.json"))


def test_a_shown_prompt_says_what_the_model_says() -> None:
    bank = Bank.open()
    names = [field.name for field in fields(ShownPrompt) if field.name not in ("limit", "materials")]
    for identifier in (*bank, *bank):  # once read, once from the index
        shown, model = bank.shown(identifier), bank.prompt(identifier)
        assert [getattr(shown, name) for name in names] == [getattr(model, name) for name in names]
        assert [(each.label, each.text) for each in shown.materials] == [(m.label, m.text) for m in model.materials]
        assert (shown.limit is None) == (model.limit is None)
        for bound in ("about", "max", "min"):
            assert getattr(shown.limit, bound, None) == getattr(model.limit, bound, None)


@pytest.mark.parametrize("known", [False, True])
def test_an_unchanged_prompt_is_shown_without_reading_it(tmp_path: Path, home: Path, known: bool) -> None:
    path = add(tmp_path, "q1", title="原题")
    if known:
        listing(tmp_path)
    else:
        assert Bank.open(tmp_path, builtin=False).shown("q1").title == "原题"
    (index,) = shown_files(home)
    index.write_text(index.read_text(encoding="utf-8").replace("原题", "索引"), encoding="utf-8")
    assert Bank.open(tmp_path, builtin=False).shown("q1").title == "索引"
    os.utime(path, (time.time() - 50,) * 2)
    assert Bank.open(tmp_path, builtin=False).shown("q1").title == "原题"


@pytest.mark.parametrize("value", [{}, {"id": "q1"}, {"limit": 3}, {"limit": None, "materials": [3]}, [], None])
def test_a_foreign_prompt_in_the_index_is_not_shown(tmp_path: Path, home: Path, value: object) -> None:
    path = add(tmp_path, "q1", title="原题")
    before = Bank.open(tmp_path, builtin=False).shown("q1")
    (index,) = shown_files(home)
    content = json.loads(index.read_text(encoding="utf-8"))
    content["files"][str(path)]["value"] = value
    index.write_text(json.dumps(content), encoding="utf-8")
    assert Bank.open(tmp_path, builtin=False).shown("q1") == before


def test_a_broken_prompt_is_told_as_the_model_tells_it(tmp_path: Path) -> None:
    add(tmp_path / "mine", "bad", extra="keyz: 1\n")
    bank = Bank.open(tmp_path / "mine")
    for _ in range(2):
        with pytest.raises(InvalidFileError) as told:
            bank.shown("bad")
        with pytest.raises(InvalidFileError) as expected:
            bank.prompt("bad")
        assert str(told.value) == str(expected.value)
    with pytest.raises(UsageError, match="没有题目“baad”，相近的有 bad"):
        bank.shown("baad")


# --- topics ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("governance", "governance"),
        ("Governance ", "governance"),
        ("ＧＯＶＥＲＮＡＮＣＥ", "governance"),
        ("基层社会治理", "governance"),
        ("社会治理", "governance"),
        ("基层治理", "governance"),
        ("基層治理", "governance"),
        ("乡村振兴", "rural"),
        ("鄉村振興", "rural"),
        ("新质生产力", "innovation"),
        ("养老", "ageing"),
    ],
)
def test_topics_answer_to_all_their_names(name: str, slug: str) -> None:
    assert resolve_topic(name).slug == slug
    assert Bank.open().topic(name).slug == slug


def test_twelve_topics_share_no_name() -> None:
    topics = Bank.open().topics()
    names = [name for topic in topics for name in (topic.slug, topic.name, *topic.aliases)]
    assert len(topics) >= 12
    assert len(names) == len(set(names))


@pytest.mark.usefixtures("builtin")
def test_an_unknown_topic_suggests_near_ones_or_all() -> None:
    with pytest.raises(UsageError, match="没有专题“goverment”，相近的有 governance（基层社会治理）"):
        resolve_topic("goverment")
    with pytest.raises(UsageError, match=r"可选： governance（基层社会治理）、rural"):
        resolve_topic("%%%")


@pytest.mark.usefixtures("builtin")
def test_a_topic_that_only_a_bank_names_is_its_own_slug(tmp_path: Path) -> None:
    add(tmp_path / "mine", "q1", topic="port-city")
    bank = Bank.open(tmp_path / "mine")
    assert resolve_topic("Port-City", bank).slug == bank.topic("port-city").slug == "port-city"
    assert [topic.slug for topic in bank.topics()][-1] == "port-city"
    with pytest.raises(UsageError):
        resolve_topic("port-city")


# --- frameworks ------------------------------------------------------------------------------------------------------


def test_every_kind_and_genre_has_a_framework_with_substance() -> None:
    from essaydrill.bank import GENRE_NAMES, KIND_NAMES, framework_named, frameworks

    found = [frameworks(kind) for kind in KIND_NAMES] + [frameworks("document", genre) for genre in GENRE_NAMES]
    for framework in found:
        assert 4 <= len(framework.steps) <= 7
        assert min(len(step.does) for step in framework.steps) >= 12
        assert sum(len(step.does) for step in framework.steps) >= 150
        assert sum(len(step.openings) for step in framework.steps) >= 3
    assert framework_named("讲话稿") == framework_named("speech") == frameworks("document", "speech")
    assert framework_named("概括归纳") == frameworks("summary")
    with pytest.raises(UsageError, match="没有“诗歌”的高分框架，可选：summary（概括归纳）"):
        framework_named("诗歌")
    assert set(Frameworks.model_fields) == {"kinds", "genres"}
