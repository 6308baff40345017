"""`bank new`: the files it writes, the options, the questions it asks in a terminal."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from essaydrill.bank import Bank, Item, Length, Material, Prompt, Reference, ReferenceText, ScoringPoint
from essaydrill.bank.authoring import next_id, usual_presentation, write_item
from essaydrill.bank.authoring_draft import Draft
from essaydrill.bank.authoring_reading import (
    clean,
    read_difficulty,
    read_genre,
    read_identifier,
    read_keywords,
    read_kind,
    read_labels,
    read_length,
    read_long_text,
    read_marks,
    read_minutes,
    read_presentation,
    stated_full_mark,
)
from essaydrill.bank.authoring_yaml import prompt_yaml, reference_yaml
from essaydrill.bank.load import load_prompt, load_reference
from essaydrill.cli import bank_new
from essaydrill.cli.app import run
from essaydrill.errors import BankError, EssaydrillError, UsageError

PIECES = [
    *"甲，。#:-?!'\"[]{}&*|>%@` \t\n\r\x0b\x1b\x7f\x85\u2028\ufeff\u3000😀",
    "- ",
    ": ",
    " #",
    "yes",
    "1",
    "\n\n  ",
]
texts = (st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=20)).filter(str.strip)


def item(identifier: str = "law-summary-01", **fields: object) -> Item:
    prompt = {"id": identifier, "topic": "law", "task": "概括困难。", "max_score": 15, **fields}
    reference = Reference(prompt=identifier, references=(ReferenceText(label="A", text="一是经费不足。"),))
    return Item(Prompt.model_validate(prompt), reference)


# --- the files -------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=120)
@given(text=texts, other=texts, marks=st.sampled_from([0.5, 3, 12.25]))
def test_whatever_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, text: str, other: str, marks: float
) -> None:
    folder = tmp_path_factory.mktemp("bank")
    prompt = Prompt(
        id="x-01",
        kind="document",
        genre="speech",
        title=text,
        task=other,
        requirements=text,
        length=Length(min=5, max=9),
        max_score=marks,
        minutes=5,
        materials=(Material(label=text, text=other), Material(label=other, text=f"{text}\n{other}\n")),
    )
    point = ScoringPoint(id="p1", text=other, marks=marks, keywords=((text, other), (other,)), found_in=(text,))
    references = (ReferenceText(label=other, text=text),)
    reference = Reference(prompt="x-01", presentation=marks, points=(point,), references=references)
    path = folder / "x-01.yaml"
    path.write_bytes(prompt_yaml(prompt, "s.json").encode())
    assert load_prompt(path).model == prompt
    path.write_bytes(reference_yaml(reference).encode())
    assert load_reference(path).model == reference


def test_a_bare_question_is_commented_so_that_it_can_be_filled_in() -> None:
    bare = item()
    text, reference = prompt_yaml(bare.prompt), reference_yaml(bare.reference)
    uncommented = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert uncommented[0] == "id: law-summary-01"
    assert [line.split(":")[0] for line in uncommented] == [
        "id", "topic", "kind", "title", "task", "requirements", "max_score", "difficulty"
    ]  # fmt: skip
    assert all(f"\n# {example}" in text for example in ("materials:", "length: {max: 200}", "minutes: 30"))
    assert all(f"\n# {example}" in reference for example in ("points:", "specimens:", "framework: ["))
    assert "# yaml-language-server" not in text


def test_what_is_commented_out_can_be_put_in(tmp_path: Path) -> None:
    bare = item()
    path = tmp_path / "law-summary-01.yaml"
    text = prompt_yaml(bare.prompt).replace("# length: {max: 200}", "length: {max: 200}")
    head, _, example = text.partition("# materials:\n")
    path.write_text(f"{head}materials:\n{example.replace('# ', '')}", "utf-8")
    loaded = load_prompt(path).model
    assert loaded.limit == Length(max=200)
    assert loaded.materials[0].label == "材料1"
    lines = reference_yaml(bare.reference).splitlines()
    examples = ("points:", "specimens:", "framework:", "  - ", "    ", "      ")
    opened = [line[2:] if line.startswith("# ") and line[2:].startswith(examples) else line for line in lines]
    path.write_text("\n".join(opened).replace(", p2: 0.5, p3: 0", ""), "utf-8")
    reference = load_reference(path).model
    assert reference.points[0].keywords[1] == ("基层", "乡镇", "社区")
    assert reference.specimens[0].credits == {"p1": 1}
    assert reference.framework


def test_an_existing_file_is_never_touched(tmp_path: Path) -> None:
    first, second = write_item(item(), tmp_path)
    before = first.read_bytes(), second.read_bytes()
    for topic in ("law", "rural"):
        with pytest.raises(UsageError, match="已有题目 law-summary-01"):
            write_item(item(topic=topic, task="别的"), tmp_path)
    assert (first.read_bytes(), second.read_bytes()) == before
    assert len(list(tmp_path.rglob("*.yaml"))) == 2


def test_either_both_files_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "reference_answers").mkdir()
    (tmp_path / "reference_answers" / "law").write_text("在路上", "utf-8")
    with pytest.raises(BankError, match=r"law-summary-01\.yaml：写不进去"):
        write_item(item(), tmp_path)
    assert list(tmp_path.rglob("*.yaml")) == []


@pytest.mark.parametrize("schemas", ["schema", "docs/schema"])
def test_a_schema_is_named_only_where_it_lies(tmp_path: Path, schemas: str) -> None:
    folder = tmp_path / schemas
    folder.mkdir(parents=True)
    (folder / "prompt.schema.json").write_text("{}", "utf-8")
    first, second = write_item(item(), tmp_path / "题库")
    named = first.read_text("utf-8").splitlines()[0]
    assert named == f"# yaml-language-server: $schema=../../../{schemas}/prompt.schema.json"
    assert (first.parent / named.partition("=")[2]).is_file()
    assert "yaml-language-server" not in second.read_text("utf-8")


# --- reading answers -------------------------------------------------------------------------------------------------


def test_pasted_text_is_cleaned() -> None:
    assert (
        clean("　　第一段。\r\n\r\n\t 第二段\u200b。\u2028第三段 \x1b[31m红\n\n") == "第一段。\n第二段。\n第三段 红\n"
    )
    assert clean(" 一行 \n") == "一行"
    assert clean(" \n\u3000") == ""


def test_answers_are_read_as_people_type_them(tmp_path: Path) -> None:
    assert read_kind("4") == read_kind("贯彻执行") == read_kind("document") == "document"
    assert (read_genre("3"), read_genre("倡议书"), read_genre(" ")) == ("briefing", "initiative", None)
    assert read_length("400") == Length(about=400)
    assert read_length("不超过200") == Length(max=200)
    assert read_length("800-1000字") == Length(min=800, max=1000)
    assert read_keywords("经费、财政，钱；不足/短缺；；") == (("经费", "财政", "钱"), ("不足", "短缺"))
    assert read_labels("1、材料2 2", ["材料1", "材料2"]) == ("材料1", "材料2")
    assert (read_marks(" 2.5分"), read_presentation(""), read_minutes(" "), read_minutes("３０")) == (2.5, 0, None, 30)
    assert stated_full_mark("概括做法。（15分）", "要求：（1）全面") == 15
    assert stated_full_mark("概括（1）（2）") is None
    (tmp_path / "材料.txt").write_bytes("第一段。\n第二段。".encode("gb18030"))
    assert read_long_text(f"@{tmp_path / '材料.txt'}") == "第一段。\n第二段。\n"
    assert read_long_text("@某人说：\n好") == "@某人说：\n好\n"


@pytest.mark.parametrize(
    ("read", "typed", "told"),
    [
        (read_kind, "诗歌", "没有题型“诗歌”"),
        (read_kind, "", "不能空着"),
        (read_genre, "诗", "没有文种“诗”，可选：speech"),
        (read_length, "很多", "读不出字数"),
        (read_marks, "0", "要大于 0"),
        (read_marks, "nan", "要大于 0"),
        (read_marks, "五", "不是数"),
        (read_presentation, "-1", "0 到 1000"),
        (read_minutes, "1.5", "整数"),
        (read_difficulty, "6", "1 到 5"),
        (read_identifier, "题目 1", "只用英文字母"),
        (lambda typed: read_labels(typed, ["材料1"]), "2", "没有名为“2”的材料"),
        (read_long_text, "@没有这个文件.txt", "没有这个文件"),
    ],
)
def test_wrong_answers_are_told(read: Callable[[str], object], typed: str, told: str) -> None:
    with pytest.raises(EssaydrillError, match=told):
        read(typed)


def test_ids_and_usual_marks() -> None:
    assert next_id("law", "summary", {"law-summary-01", "law-summary-02", "law-case-03"}) == "law-summary-03"
    assert (usual_presentation("summary", 15), usual_presentation("essay", 40)) == (1.5, 10)


# --- by options ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Command = Callable[..., Done]
GIVEN = [
    "-t",
    "法治",
    "-k",
    "概括归纳",
    "--task",
    "概括困难。（15分）",
    "--requirements",
    "全面，不超过100字。",
    "--yes",
]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def ran(capsys: pytest.CaptureFixture[str]) -> Command:
    def run_command(*arguments: str | Path) -> Done:
        code = run(["bank", "new", *map(str, arguments)])
        return Done(code, *capsys.readouterr())

    return run_command


def test_a_script_writes_a_question_that_passes_the_check(ran: Command, tmp_path: Path) -> None:
    (tmp_path / "m.txt").write_text("山区经费很紧。\n人员老化，六成过了五十岁。", "utf-8")
    (tmp_path / "a.txt").write_text("一是经费不足，投入少。二是人员老化，年龄偏大。", "utf-8")
    points = ["--point", "经费不足=6=经费、财政；不足、短缺=1", "--point", "人员老化=7.5=老化、年龄偏大"]
    done = ran("--into", "我的题库", *GIVEN, "--max-score", "15", "-m", "m.txt", "-r", "a.txt", *points)
    assert done.code == 0
    assert "读出的字数要求：不超过 100 字。" in done.out
    bank = Bank.open("我的题库", builtin=False)
    written = bank["law-summary-01"]
    assert written.prompt.limit == Length(max=100)
    assert written.prompt.materials[0].text == "山区经费很紧。\n人员老化，六成过了五十岁。\n"
    assert written.reference.points[0].keywords == (("经费", "财政"), ("不足", "短缺"))
    assert written.reference.points[0].found_in == ("材料1",)
    assert written.reference.presentation == 1.5
    assert run(["bank", "check", "我的题库"]) == 0


def test_the_next_question_gets_the_next_id_in_the_own_bank(ran: Command, home: Path) -> None:
    for _ in range(2):
        assert ran(*GIVEN, "--max-score", "15").code == 0
    written = sorted(path.stem for path in (home / "data" / "bank" / "prompts" / "law").iterdir())
    taken = set(Bank.open()) - set(written)
    assert len(written) == 2
    assert not taken & set(written)
    before = {path: path.read_bytes() for path in (home / "data" / "bank").rglob("*.yaml")}
    done = ran(*GIVEN, "--max-score", "15", "--id", written[0])
    assert done.code == 2
    assert f"--id：{home / 'data' / 'bank'} 里已有题目 {written[0]}" in done.err
    assert {path: path.read_bytes() for path in (home / "data" / "bank").rglob("*.yaml")} == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--yes"], "要写明 --topic"),
        ([*GIVEN[:2], "--yes"], "要写明 --kind"),
        ([*GIVEN, "--max-score", "0"], "--max-score：要大于 0"),
        ([*GIVEN, "--max-score", "15", "--point", "没有分值"], "--point 要写成"),
        ([*GIVEN, "--max-score", "15", "-m", "没有.txt"], "--material：没有.txt"),
        ([*GIVEN, "--max-score", "15", "-k", "诗歌"], "--kind：没有题型“诗歌”"),
        ([*GIVEN, "--max-score", "15", "-t", "诗歌专题"], "新专题要写英文代号"),
        ([*GIVEN, "--resume", "x"], "只能用一个"),
        (GIVEN[:-1], "这里不是交互终端"),
    ],
)
def test_what_a_script_gets_wrong_is_told_and_writes_nothing(
    ran: Command, home: Path, arguments: list[str], told: str
) -> None:
    done = ran(*arguments)
    assert done.code in (1, 2)
    assert told in done.err
    assert not (home / "data").exists()


def test_a_full_mark_in_the_task_is_enough_and_marks_that_do_not_add_up_are_told(ran: Command) -> None:
    done = ran(*GIVEN, "--point", "经费不足=6", "--presentation", "2")
    assert done.code == 0
    assert "采分点共 6 分，加条理 2 分是 8 分，满分是 15 分" in done.out
    assert "TODO" in next(Path().rglob("reference_answers/law/*.yaml")).read_text("utf-8")


# --- in a terminal ---------------------------------------------------------------------------------------------------

CTRL_C, CTRL_D, CTRL_U, ENTER = "\x03", "\x04", "\x15", "\r"


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[PipeInput]:
    monkeypatch.setattr(bank_new, "_has_terminal", lambda: True)
    with create_pipe_input() as typed, create_app_session(input=typed, output=DummyOutput()):
        yield typed


def paste(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


def drafts(home: Path) -> list[Path]:
    return list((home / "data" / "authoring").glob("*"))


def test_a_question_is_asked_for_step_by_step(ran: Command, keyboard: PipeInput, home: Path) -> None:
    steps = ["法治", "4", "简报", "普法", "写一篇简报。（25分）", "准确，400-500字。", "", "", "", CTRL_U + "2"]
    keyboard.send_text("".join(step + ENTER for step in steps))
    keyboard.send_text(paste("第一段。\n第二段。") + CTRL_D + CTRL_D)
    point = ["宣传到位", "22", "宣传、普法；到位", "1", ""]
    keyboard.send_text("".join(step + ENTER for step in [*point, ""]))
    keyboard.send_text(paste("一是宣传。\n二是到位。") + CTRL_D + CTRL_D + CTRL_U + "my-briefing" + ENTER)
    done = ran()
    assert done.code == 0
    assert "读出的字数要求：400–500 字。" in done.out
    written = Bank.open()["my-briefing"]
    prompt, (only,) = written.prompt, written.reference.points
    assert (prompt.kind, prompt.genre, prompt.title) == ("document", "briefing", "普法")
    assert (prompt.max_score, prompt.minutes, prompt.difficulty) == (25, None, 2)
    assert prompt.materials == (Material(label="材料1", text="第一段。\n第二段。\n"),)
    assert (only.marks, only.keywords, only.found_in) == (22, (("宣传", "普法"), ("到位",)), ("材料1",))
    assert written.reference.presentation == 3
    assert drafts(home) == []


def test_ctrl_c_keeps_every_word_and_resuming_asks_only_for_the_rest(
    ran: Command, keyboard: PipeInput, home: Path
) -> None:
    keyboard.send_text(f"法治{ENTER}1{ENTER}{ENTER}概括困难。{ENTER}全面，不超过" + CTRL_C)
    done = ran()
    (draft,) = drafts(home)
    assert done.code == 130
    assert f"essaydrill bank new --resume {draft}" in done.out
    kept = json.loads(draft.read_text("utf-8"))
    assert kept["answers"] == {"topic": "法治", "kind": "1", "title": "", "task": "概括困难。"}
    assert kept["unfinished"] == {"requirements": "全面，不超过"}
    # The half-written line is finished; then a material is broken off in the middle.
    keyboard.send_text(f"200字。{ENTER}{ENTER}15{ENTER}{ENTER}{ENTER}" + paste("第一段。\n第二") + CTRL_C)
    assert ran("--resume", draft).code == 130
    keyboard.send_text("段。" + CTRL_D + CTRL_D + ENTER + ENTER + CTRL_D + ENTER)
    done = ran("--resume", draft)
    assert done.code == 0
    written = next(iter(Bank.open(home / "data" / "bank", builtin=False)))
    prompt = Bank.open().prompt(written)
    assert prompt.requirements == "全面，不超过200字。"
    assert prompt.materials[0].text == "第一段。\n第二段。\n"
    assert drafts(home) == []


def test_wrong_answers_are_asked_again_with_what_was_typed(ran: Command, keyboard: PipeInput, home: Path) -> None:
    keyboard.send_text(f"goverment{ENTER}{CTRL_U}law{ENTER}诗歌{ENTER}{CTRL_U}1{ENTER}题{CTRL_C}")
    done = ran()
    assert "没有专题“goverment”，相近的有 governance" in done.out
    assert "没有题型“诗歌”" in done.out
    (draft,) = drafts(home)
    assert Draft.open(draft).answers == {"topic": "law", "kind": "1"}
    assert Draft.open(draft).unfinished == {"title": "题"}


def test_a_new_topic_is_taken_when_the_author_insists(ran: Command, keyboard: PipeInput, home: Path) -> None:
    keyboard.send_text(f"port{ENTER}{ENTER}{CTRL_C}")
    assert "要新建专题 port，就再写一遍" in ran().out
    (draft,) = drafts(home)
    assert Draft.open(draft).answers == {"topic": "port"}


def test_an_unfinished_draft_is_mentioned(ran: Command, keyboard: PipeInput, home: Path) -> None:
    keyboard.send_text(f"law{ENTER}{CTRL_C}")
    ran()
    (draft,) = drafts(home)
    keyboard.send_text(CTRL_C)
    assert f"上次有一份没写完，接着写用：essaydrill bank new --resume {draft}" in ran().out
    assert drafts(home) == [draft]  # nothing was typed, nothing is left behind


def test_what_cannot_be_kept_is_shown(ran: Command, keyboard: PipeInput, home: Path) -> None:
    home.mkdir()
    (home / "data").write_text("不是文件夹", "utf-8")
    keyboard.send_text(f"law{ENTER}1{ENTER}我的题目{CTRL_C}")
    out = ran().out
    assert "草稿存不下来" in out
    assert "我的题目" in out


def test_what_is_no_draft_is_told(ran: Command, keyboard: PipeInput, tmp_path: Path) -> None:
    keyboard.send_text(CTRL_C)
    (tmp_path / "x.json").write_text("[]", "utf-8")
    assert "不是 bank new 存下的草稿" in ran("--resume", "x.json").err
    assert "没有这份草稿" in ran("--resume", "y.json").err
