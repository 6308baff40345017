"""Reading bank files: what is valid survives unchanged, what is not is named by file, line and field."""

import pickle
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essaydrill.bank import GENRE_NAMES, KIND_NAMES, InvalidFileError, Item, Length, Material, Prompt, Reference
from essaydrill.bank.load import load_prompt, load_reference
from essaydrill.errors import EssaydrillError, UsageError

PROMPT = """\
id: q1
topic: rural
kind: summary
task: 概括某镇的做法。
requirements: 不超过200字。
max_score: 20
materials:
  - label: 材料1
    text: |
      某镇推进治理。
"""
REFERENCE = """\
prompt: q1
presentation: 2
points:
  - id: p1
    text: 健全机制
    marks: 10
    keywords:
      - [机制, 制度]
  - id: p2
    text: 发动群众
    marks: 8
references:
  - {label: A, text: 健全机制，发动群众。}
specimens:
  - label: 三类卷
    answer: 健全机制。
    credits: {p1: 1, p2: 0.5}
    presentation: 1
    total: 15
"""


def write(folder: Path, text: str | bytes, name: str = "q1.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def prompt_error(folder: Path, text: str | bytes) -> str:
    with pytest.raises(InvalidFileError) as caught:
        load_prompt(write(folder, text))
    return str(caught.value).replace(str(folder / "q1.yaml"), "q1.yaml")


def reference_error(folder: Path, text: str) -> str:
    with pytest.raises(InvalidFileError) as caught:
        load_reference(write(folder, text))
    return str(caught.value).replace(str(folder / "q1.yaml"), "q1.yaml")


# --- round trip ------------------------------------------------------------------------------------------------------

texts = st.text(min_size=1, max_size=30).filter(lambda text: text.strip() != "")
marks = st.integers(1, 200).map(lambda half: half / 2)
identifiers = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,12}", fullmatch=True)
lengths = st.one_of(
    st.builds(Length, about=st.integers(1, 3000)),
    st.builds(Length, max=st.integers(1, 3000)),
    st.builds(lambda low, more: Length(min=low, max=low + more), st.integers(1, 900), st.integers(0, 900)),
)
prompts = st.builds(
    Prompt,
    id=st.just("q1"),
    topic=identifiers,
    kind=st.sampled_from(list(KIND_NAMES)),
    genre=st.none() | st.sampled_from(list(GENRE_NAMES)),
    title=st.text(max_size=20),
    task=texts,
    requirements=st.text(max_size=20),
    length=st.none() | lengths,
    max_score=marks,
    minutes=st.none() | st.integers(1, 600),
    difficulty=st.integers(1, 5),
    materials=st.lists(st.builds(Material, label=texts, text=texts), max_size=2).map(tuple),
)


@st.composite
def references(draw: st.DrawFn) -> Reference:
    ids = draw(st.lists(identifiers, max_size=3, unique=True))
    points = [
        {"id": name, "text": draw(texts), "marks": draw(marks), "keywords": draw(st.lists(st.lists(texts), max_size=2))}
        for name in ids
    ]
    specimen = {
        "label": draw(texts),
        "answer": draw(texts),
        "credits": {name: draw(st.sampled_from([0, 0.5, 1])) for name in ids},
        "presentation": draw(marks),
        "total": draw(marks),
        "level": draw(st.sampled_from([None, "weak", "paraphrase"])),
    }
    answers = draw(st.lists(st.fixed_dictionaries({"label": texts, "text": texts}), min_size=1, max_size=2))
    return Reference.model_validate(
        {"prompt": "q1", "points": points, "references": answers, "specimens": [specimen], "framework": [draw(texts)]}
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prompt=prompts, reference=references(), unicode=st.booleans())
def test_models_survive_yaml(tmp_path: Path, prompt: Prompt, reference: Reference, unicode: bool) -> None:
    def dump(model: Prompt | Reference) -> str:
        # PyYAML writes these three raw and reads them back as line ends.
        raw = unicode and not set("\x85\u2028\u2029") & set(model.model_dump_json())
        return yaml.safe_dump(model.model_dump(mode="json", exclude_none=True), allow_unicode=raw)

    assert load_prompt(write(tmp_path, dump(prompt))).model == prompt
    assert load_reference(write(tmp_path, dump(reference))).model == reference


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60) | st.text(alphabet="id: q1\n-[]{}&*!|>'\"\t#,：", max_size=60).map(str.encode))
def test_no_bytes_give_another_kind_of_error(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InvalidFileError) as caught:
        load_prompt(write(tmp_path, data))
    assert str(caught.value).startswith(str(tmp_path / "q1.yaml"))


def test_bom_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    plain = load_prompt(write(tmp_path, PROMPT)).model
    assert load_prompt(write(tmp_path, b"\xef\xbb\xbf" + PROMPT.replace("\n", "\r\n").encode())).model == plain


# --- errors of the file as such --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (PROMPT.encode("gb18030"), "q1.yaml：文件像是 GBK（GB18030）编码，请另存为 UTF-8"),
        (PROMPT.encode("utf-16"), "q1.yaml：文件是 UTF-16 编码，请另存为 UTF-8"),
        (b"\x00\xff\xd8", "q1.yaml：不是文本文件"),
        (b"\xff\xff\x81", "q1.yaml：不是 UTF-8 编码的文本，请另存为 UTF-8"),
        (b"", "q1.yaml 第 1 行：文件是空的"),
        (b"# nothing\n", "文件是空的"),
        ("只有一句话", "q1.yaml 第 1 行：内容应为“键: 值”的形式"),
        ("- 甲\n- 乙\n", "内容应为“键: 值”的形式"),
        (PROMPT + "---\n" + PROMPT, "第 11 行：一个文件只能放一道题"),
        ("id: q1\ntitle: 甲\x07乙\n", "q1.yaml 第 2 行第 9 列：有看不见的控制字符（U+0007）"),
        ("id: q1\n" + "x" * 2_000_001, "文件超过 2 MB"),
    ],
)
def test_unreadable_files(tmp_path: Path, data: str | bytes, told: str) -> None:
    assert told in prompt_error(tmp_path, data)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match="文件不存在"):
        load_prompt(tmp_path / "none.yaml")
    with pytest.raises(InvalidFileError, match="读不出来"):
        load_prompt(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("topic: rural", "\ttopic: rural", "q1.yaml 第 2 行：用了制表符（Tab）缩进"),
        ("    text: |", "\t  text: |", "第 9 行：用了制表符"),
        ("task: 概", "task：概", "第 4 行：键后面是全角冒号"),
        ("task: 概括", "task: '概括", "引号没有成对"),
        ("task: 概括", "task: 甲: 概括", "q1.yaml 第 4 行第 8 列：这里不该有冒号"),
        ("task: 概括", "task: @概括", "值不能直接以“@”开头"),
        ("materials:", "materials: [", "方括号或花括号没有成对"),
        ("topic: rural", "topic: rural\n  kind: essay", "第 3 行"),
        ("    text: |\n", "   text: |\n", "第 9 行第 4 列：缩进没有对齐"),
        ("topic: rural", "topic: &a rural", "q1.yaml 第 2 行：不支持锚点和引用"),
        ("topic: rural", "topic: *a", "第 2 行：不支持锚点和引用"),
        ("topic: rural", "topic: !rural x", "第 2 行：不支持 ! 标签"),
        ("topic: rural", "topic: " + "[" * 5000, "嵌套太深"),
        ("topic: rural", "? [a]\n: b", "键不能是列表"),
    ],
)
def test_syntax_errors_name_the_line_and_the_usual_cause(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in prompt_error(tmp_path, PROMPT.replace(old, new, 1))


# --- errors of fields ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("task: 概括某镇的做法。\n", "", "q1.yaml 第 1 行第 1 列，task：缺少这一项"),
        ("topic:", "topick:", "q1.yaml 第 2 行第 1 列，topick：没有“topick”这个键，是不是想写 topic"),
        (
            "  - label: 材料1\n",
            "  - lable: 材料1\n    label: 材料1\n",
            "第 8 行第 5 列，materials[材料1].lable：",
        ),
        ("topic:", "作者: 我\ntopic:", "没有“作者”这个键，可用的有 id、topic"),
        ("topic: rural", "topic: rural\ntopic: law", "第 3 行第 1 列，topic：这个键写了两遍（第 2 行已有）"),
        ("task: 概括某镇的做法。", "task: 2024", "第 4 行第 1 列，task：“2024”被当成了数字，要当文字用请加引号"),
        ("task: 概括某镇的做法。", "task: yes", "task：“True”被当成了是非值"),
        ("task: 概括某镇的做法。", "task:", "task：后面没有写值，要写文字"),
        ("task: 概括某镇的做法。", "task: '  '", "task：是空的，请写上内容"),
        ("task: 概括某镇的做法。", "task: [甲]", "task：要写文字，现在是一组列表"),
        ("max_score: 20", "max_score: '20'", "第 6 行第 1 列，max_score：要写数字，不加引号，现在是“20”"),
        ("max_score: 20", "max_score: 二十", "max_score：要写数字，不加引号，现在是“二十”"),
        ("max_score: 20", "max_score: true", "max_score：要写数字，现在是“True”"),
        ("max_score: 20", "max_score: 0", "max_score：要大于 0，现在是 0"),
        ("max_score: 20", "max_score: 2000", "max_score：不能大于 1000，现在是 2000"),
        ("max_score: 20", "max_score: .nan", "max_score："),
        ("max_score: 20", "max_score: 20\ndifficulty: 2.5", "difficulty：要写整数，现在是“2.5”"),
        ("max_score: 20", "max_score: 20\ndifficulty: 0", "difficulty：不能小于 1，现在是 0"),
        ("kind: summary", "kind: 概括归纳", "kind：不能是“概括归纳”，可选：summary（概括归纳）、analysis（综合分析）"),
        ("topic: rural", "topic: 乡村振兴", "topic：“乡村振兴”不合格式"),
        ("topic: rural", "topic: " + "a" * 81, "topic：太长，最多 80 个字符"),
        (
            "max_score: 20",
            "max_score: 20\nlength: {about: 100, max: 200}",
            "第 7 行第 1 列，length：length 的 about",
        ),
        ("max_score: 20", "max_score: 20\nlength: 200", "length：要写“键: 值”的形式，现在是“200”"),
        ("  - label: 材料1\n    text: |\n      某镇推进治理。\n", "  某镇推进治理。\n", "materials：要写列表"),
        ("id: q1", "id: q2", "第 1 行第 1 列，id：id 是 q2，与文件名不一致，请把文件名改为 q2.yaml"),
    ],
)
def test_prompt_errors_name_line_and_field(tmp_path: Path, old: str, new: str, told: str) -> None:
    error = prompt_error(tmp_path, PROMPT.replace(old, new, 1))
    assert told in error
    assert not any(word in error.lower() for word in ("input should", "valid", "field required", "pydantic"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("id: p2", "id: p1", "第 9 行第 5 列，points[p1].id：采分点 p1 出现了 2 次"),
        ("p2: 0.5", "p3: 0.5", "第 17 行第 22 列，specimens[三类卷].credits.p3：没有采分点 p3"),
        ("p2: 0.5", "p2: 1.5", "specimens[三类卷].credits.p2：不能大于 1，现在是 1.5"),
        ("marks: 8", "marks: -1", "第 11 行第 5 列，points[p2].marks：要大于 0，现在是 -1"),
        ("      - [机制, 制度]", "      - 机制", "第 8 行第 9 列，points[p1].keywords[第 1 项]：要写列表"),
        ("      - [机制, 制度]", "      - [机制, 12345]", "keywords[第 1 项][第 2 项]：“12345”被当成了数字"),
        ("  - {label: A, text: 健全机制，发动群众。}", "  []", "references：至少要有 1 项"),
        ("prompt: q1", "prompt: q9", "prompt 是 q9，与文件名不一致"),
        ("    total: 15", "    total: 15\n    level: best", "level：不能是“best”，可选：excellent、good"),
    ],
)
def test_reference_errors_name_line_and_field(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in reference_error(tmp_path, REFERENCE.replace(old, new, 1))


def test_all_problems_of_a_file_are_told_and_many_are_cut_short(tmp_path: Path) -> None:
    first, *others = prompt_error(tmp_path, "id: q1\nmax_score: x\n" + "".join(f"key{n}: 1\n" for n in range(8))).split(
        "\n"
    )
    assert first.startswith("q1.yaml 第 1 行")
    assert len(others) == 6
    assert others[-1] == "……这个文件另有 4 处问题"


def test_errors_survive_a_worker_process(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError) as caught:
        load_prompt(write(tmp_path, "id: q1\n"))
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.problems) == (str(caught.value), caught.value.problems)


# --- items -----------------------------------------------------------------------------------------------------------


def item(**changes: Any) -> Item:
    return Item.from_references(**{"task": "简述做法。", "references": ["健全机制。", "发动群众。"], **changes})


def test_an_item_from_references_alone() -> None:
    made = item(max_score=15, requirements="不超过100字。", kind="proposal", id="own", materials=["材料文字"])
    assert (made.prompt.id, made.prompt.kind, made.prompt.max_score) == ("own", "proposal", 15)
    assert made.prompt.limit == Length(max=100)
    assert made.prompt.materials == (Material(label="材料1", text="材料文字"),)
    assert [(reference.label, reference.text) for reference in made.reference.references] == [
        ("A", "健全机制。"),
        ("B", "发动群众。"),
    ]
    assert made.reference.points == ()
    assert made.reference.prompt == "own"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"references": []}, "references：至少要有 1 项"),
        ({"references": ["  "]}, "references.0.text：是空的"),
        ({"references": "一份答案"}, "references 要写成列表"),
        ({"task": ""}, "task：是空的"),
        ({"max_score": 0}, "max_score：要大于 0"),
        ({"id": "题目一"}, "id：“题目一”不合格式"),
    ],
)
def test_values_that_make_no_item(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        item(**changes)
    assert isinstance(caught.value, EssaydrillError)


def test_the_digest_follows_the_content_and_nothing_else() -> None:
    assert item().digest == item().digest == pickle.loads(pickle.dumps(item())).digest
    assert len(item().digest) == 8
    assert int(item().digest, 16) >= 0
    different = {item(**change).digest for change in ({}, {"task": "其他"}, {"max_score": 11}, {"references": ["甲"]})}
    assert len(different) == 4
