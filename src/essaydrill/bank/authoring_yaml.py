"""The two YAML files of a question as text, with a Chinese comment on every field and examples of what is not there."""

import re
from collections.abc import Iterator, Sequence

from essaydrill.bank.authoring_fields import FIELDS, MODELS
from essaydrill.bank.models import Prompt, Reference, ScoringPoint

TO_WRITE = "TODO 在这里写参考答案，写好后删去这一行"
"""What stands for a reference answer that is still to be written."""

# What a literal block keeps as it is: no blank at its beginning, nothing invisible, nothing that ends a line in YAML.
_INK = r"!-~\xa1-\u2027\u2030-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffd"
_BLOCK_LINE = re.compile(rf"(?:[{_INK}][ \xa0{_INK}]*)?")
_LENGTH_EXAMPLES = ("{about: 400}", "{max: 200}", "{min: 1000, max: 1200}")
_MATERIALS_EXAMPLE = """\
materials:
  - label: 材料1
    text: |
      材料原文，一个自然段一行。"""
_POINTS_EXAMPLE = """\
points:
  - id: p1
    text: 基层基础保障不足，财政投入少
    marks: 3
    found_in: [材料1]
    keywords:
      - [投入不足, 资金短缺, 经费紧张]
      - [基层, 乡镇, 社区]"""
_SPECIMENS_EXAMPLE = """\
specimens:
  - label: 三类卷
    answer: |
      作答全文。
    credits: {p1: 1, p2: 0.5, p3: 0}
    presentation: 1
    total: 9
    comment: 得在哪里、失在哪里。"""
_FRAMEWORK_EXAMPLE = "framework: [总起点题, 分条归纳问题, 每条先总括后展开]"


def prompt_yaml(prompt: Prompt, schema: str = "") -> str:
    """The prompt file; `schema` is the address of the JSON Schema for editors. `load_prompt` reads it back."""

    def entry(name: str) -> Iterator[str]:
        yield from _field("Prompt", name, getattr(prompt, name))

    lines = [*_head("Prompt", "prompt", schema)]
    for name in ("id", "topic", "kind"):
        lines += entry(name)
    if prompt.genre:
        lines += entry("genre")
    for name in ("title", "task", "requirements"):
        lines += entry(name)
    lines += _length(prompt)
    lines += entry("max_score")
    lines += entry("minutes") if prompt.minutes else _absent("Prompt", "minutes", "minutes: 30")
    lines += entry("difficulty")
    if prompt.materials:
        lines += [_comment("Prompt", "materials"), "materials:"]
        for material in prompt.materials:
            lines += [f"  - label: {_inline(material.label)}", *_text("text", material.text, 4)]
    else:
        lines += _absent("Prompt", "materials", _MATERIALS_EXAMPLE)
    return "\n".join(lines) + "\n"


def reference_yaml(reference: Reference, schema: str = "") -> str:
    """The reference file; `schema` is the address of the JSON Schema for editors. `load_reference` reads it back.

    Specimens and framework are what an author adds later: they are written as commented examples.
    """
    lines = [*_head("Reference", "reference", schema), *_field("Reference", "prompt", reference.prompt)]
    lines += _field("Reference", "presentation", reference.presentation)
    if reference.points:
        lines += [_comment("Reference", "points"), *_explained("ScoringPoint", ("text", "keywords")), "points:"]
        for point in reference.points:
            lines += _point(point)
    else:
        lines += _absent("Reference", "points", _POINTS_EXAMPLE)
    lines += [_comment("Reference", "references"), "references:"]
    for text in reference.references:
        lines += [f"  - label: {_inline(text.label)}", *_text("text", text.text, 4)]
    lines += _absent("Reference", "specimens", _SPECIMENS_EXAMPLE)
    lines += _absent("Reference", "framework", _FRAMEWORK_EXAMPLE)
    return "\n".join(lines) + "\n"


def _head(model: str, file: str, schema: str) -> Iterator[str]:
    if schema:
        yield f"# yaml-language-server: $schema={schema}"
    yield f"# {MODELS[model].title}：{MODELS[model].description}"
    yield f"# 以 # 开头的行是说明，可以删去。改完用 essaydrill bank check 检查，字段见 essaydrill bank schema {file}。"
    yield ""


def _length(prompt: Prompt) -> Iterator[str]:
    yield _comment("Prompt", "length")
    if prompt.length:
        yield f"length: {_inline(prompt.length.model_dump())}"
        return
    read = f"现在读出的是 {_inline(prompt.limit.model_dump())}" if prompt.limit else "现在没有读出字数要求"
    yield f"# {read}。要改就写成下面三种之一："
    yield from (f"# length: {example}" for example in _LENGTH_EXAMPLES)


def _point(point: ScoringPoint) -> Iterator[str]:
    yield f"  - id: {_inline(point.id)}"
    yield from _text("text", point.text, 4)
    yield f"    marks: {_inline(point.marks)}"
    if point.found_in:
        yield f"    found_in: {_inline(point.found_in)}"
    if point.keywords:
        yield "    keywords:"
        yield from (f"      - {_inline(group)}" for group in point.keywords)


def _field(model: str, name: str, value: object) -> Iterator[str]:
    yield _comment(model, name)
    yield from _text(name, value, 0) if isinstance(value, str) else [f"{name}: {_inline(value)}"]


def _absent(model: str, name: str, example: str) -> Iterator[str]:
    """A field that has no value yet: what it is for, and how it would be written."""
    yield _comment(model, name)
    yield from (f"# {line}" for line in example.split("\n"))


def _explained(model: str, names: Sequence[str]) -> Iterator[str]:
    yield from (_comment(model, name) for name in names)


def _comment(model: str, name: str) -> str:
    field = FIELDS[model][name]
    return f"# {field.title}：{field.description}"


def _text(key: str, value: str, indent: int) -> Iterator[str]:
    """A text of several lines as a literal block, any other beside its key."""
    margin = " " * indent
    *lines, last = value.split("\n")
    if not lines or last or not all(map(_BLOCK_LINE.fullmatch, lines)) or not lines[0] or not lines[-1]:
        yield f"{margin}{key}: {_inline(value)}"
        return
    yield f"{margin}{key}: |"
    yield from (f"{margin}  {line}" if line else "" for line in lines)


def _inline(value: object) -> str:
    """Any value on one line: a scalar as YAML writes it, a list or mapping in brackets."""
    import yaml

    if isinstance(value, float) and value.is_integer():
        value = int(value)
    words = list(value) if isinstance(value, tuple) else [value]
    hard = any(isinstance(word, str) and not _BLOCK_LINE.fullmatch(word) for word in words)
    text: str = yaml.safe_dump(
        words if isinstance(value, tuple) else value,
        allow_unicode=True,
        default_flow_style=True,
        default_style='"' if hard else None,  # the only style that has a spelling for every character
        sort_keys=False,
        width=1_000_000,
    )
    return text.removesuffix("...\n").rstrip("\n")
