"""pydantic's findings in Chinese."""

import difflib
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from essaydrill.bank.kinds import GENRE_NAMES, KIND_NAMES

_KINDS_OF_VALUE = {"str": "文字", "int": "数", "float": "数", "bool": "是非值", "list": "列表", "dict": "键值"}


def message(error: Mapping[str, Any], model: type[BaseModel]) -> str:
    """One entry of `ValidationError.errors()` of `model` as a Chinese clause: what is wrong and what to do."""
    kind, given, context = error["type"], error.get("input"), error.get("ctx", {})
    wanted = {
        "string_type": "文字",
        "float_type": "数字",
        "int_type": "整数",
        "int_from_float": "整数",
        "tuple_type": "列表，每项前加“- ”，或写成 [甲, 乙]",
        "dict_type": "“键: 值”的形式",
        "model_type": "“键: 值”的形式",
        "dict_attributes_type": "“键: 值”的形式",
        "model_attributes_type": "“键: 值”的形式",
    }
    if kind in wanted:
        return _wrong_type(kind, given, wanted[kind])
    match kind:
        case "missing":
            return "缺少这一项，请补上"
        case "extra_forbidden":
            return _unknown_key(str(error["loc"][-1]), fields_at(model, error["loc"][:-1]))
        case "literal_error":
            return f"不能是“{_short(given)}”，可选：{_choices(str(context['expected']))}"
        case "string_pattern_mismatch" if context["pattern"] == r"\S":
            return "是空的，请写上内容"
        case "string_pattern_mismatch":
            return f"“{_short(given)}”不合格式：只用英文字母、数字和 - _ .，以字母或数字开头"
        case "string_too_long":
            return f"太长，最多 {context['max_length']} 个字符"
        case "too_short":
            return f"至少要有 {context['min_length']} 项"
        case "greater_than":
            return f"要大于 {context['gt']:g}，现在是 {_short(given)}"
        case "greater_than_equal":
            return f"不能小于 {context['ge']:g}，现在是 {_short(given)}"
        case "less_than_equal":
            return f"不能大于 {context['le']:g}，现在是 {_short(given)}"
        case "finite_number":
            return "要写一个具体的数"
        case "value_error":
            return str(context["error"])
    return f"值“{_short(given)}”不合要求"


def fields_at(model: type[BaseModel], path: tuple[Any, ...]) -> tuple[str, ...]:
    """The field names of the model nested at `path` in `model`."""
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = _nested(model.model_fields[step].annotation) or model
    return tuple(model.model_fields)


def _nested(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _nested(part))), None)


def _wrong_type(kind: str, given: Any, wanted: str) -> str:
    if given is None:
        return f"后面没有写值，要写{wanted}"
    if kind == "string_type" and isinstance(given, int | float):
        return f"“{_short(given)}”被当成了{'是非值' if isinstance(given, bool) else '数字'}，要当文字用请加引号"
    if isinstance(given, str) and wanted in ("数字", "整数"):
        return f"要写{wanted}，不加引号，现在是“{_short(given)}”"
    if isinstance(given, list | dict):
        return f"要写{wanted}，现在是一组{_KINDS_OF_VALUE[type(given).__name__]}"
    return f"要写{wanted}，现在是“{_short(given)}”"


def _unknown_key(key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    if near:
        return f"没有“{key}”这个键，是不是想写 {near[0]}"
    return f"没有“{key}”这个键，可用的有 {'、'.join(known)}"


def _choices(expected: str) -> str:
    names: dict[str, str] = dict([*KIND_NAMES.items(), *GENRE_NAMES.items()])
    slugs = expected.replace(" or ", ", ").replace("'", "").split(", ")
    return "、".join(f"{slug}（{names[slug]}）" if slug in names else slug for slug in slugs)


def _short(given: Any) -> str:
    text = " ".join(str(given).split())
    return text if len(text) <= 24 else text[:24] + "…"
