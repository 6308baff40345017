"""What an author types, read as the fields of a question; a wrong answer is a `UsageError` that says what to write."""

import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from essaydrill.bank.kinds import GENRE_NAMES, KIND_NAMES, Genre, Kind, resolve_kind
from essaydrill.bank.limits import read_limit
from essaydrill.bank.messages import message
from essaydrill.bank.models import Identifier, Length, Prompt
from essaydrill.errors import UsageError
from essaydrill.text.characters import UNSEEN
from essaydrill.text.decode import read_answer

_FULL_MARK = re.compile(r"[（(]\s*(?:本题)?(?:满分)?\s*(\d{1,3}(?:\.5)?)\s*分\s*[)）]")
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Typed or pasted text as a bank file keeps it: one paragraph a line, no blanks around it, nothing invisible.

    Several lines end with a line end, a single line does not.
    """
    visible = _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", UNSEEN.sub("", text))
    lines = [line.strip() for line in visible.replace("\t", " ").splitlines()]
    kept = [line for line in lines if line]
    return "\n".join(kept) + "\n" if len(kept) > 1 else "".join(kept)


def read_line(typed: str) -> str:
    """The text on one line, perhaps empty."""
    return " ".join(clean(typed).split())


def read_needed(typed: str) -> str:
    """A text that must not be empty."""
    if not (text := clean(typed)):
        raise UsageError("这一项不能空着")
    return text


def read_long_text(typed: str) -> str:
    """The text itself, or that of the file named behind an @; ends with a line end unless it is empty.

    Raises `UsageError`, and the errors of `read_answer`.
    """
    name = typed.strip()
    if name.startswith("@") and "\n" not in name:
        typed = read_answer(Path(name[1:]).expanduser())
        if not typed.strip():
            raise UsageError(f"{name[1:]}：文件里没有文字")
    text = clean(typed)
    return f"{text.rstrip()}\n" if text else ""


def read_kind(typed: str) -> Kind:
    """A kind by its slug, Chinese name or number in the list of kinds."""
    return resolve_kind(_chosen(read_needed(typed), list(KIND_NAMES)))


def read_genre(typed: str) -> Genre | None:
    """A genre by its slug, Chinese name or number in the list of genres; None where nothing was typed."""
    if not (wanted := _chosen(typed.strip().casefold(), list(GENRE_NAMES))):
        return None
    for genre, chinese in GENRE_NAMES.items():
        if wanted in (genre, chinese):
            return genre
    choices = "、".join(f"{genre}（{chinese}）" for genre, chinese in GENRE_NAMES.items())
    raise UsageError(f"没有文种“{typed.strip()}”，可选：{choices}")


def read_length(typed: str) -> Length:
    """The length requirement in an author's words; a bare number is 左右."""
    limit = read_limit(typed) or read_limit(f"{typed}字")
    if limit is None:
        raise UsageError(f"从“{typed}”读不出字数，请写成 400字左右、不超过200字 或 1000-1200字 的样子")
    return limit


def read_marks(typed: str) -> float:
    """Marks above 0."""
    if not 0 < (value := _number(read_needed(typed))) <= 1000:
        raise UsageError(f"要大于 0，不超过 1000，现在是 {value:g}")
    return value


def read_presentation(typed: str) -> float:
    """Marks from 0; nothing typed is 0."""
    if not 0 <= (value := _number(typed.strip() or "0")) <= 1000:
        raise UsageError(f"要在 0 到 1000 之间，现在是 {value:g}")
    return value


def read_minutes(typed: str) -> int | None:
    """Whole minutes, 1..600; None where nothing was typed."""
    if not typed.strip():
        return None
    if not 0 < (value := _number(typed)) <= 600 or value % 1:
        raise UsageError(f"要写 1 到 600 的整数，现在是 {typed.strip()}")
    return int(value)


def read_difficulty(typed: str) -> int:
    """1..5."""
    if typed.strip() not in ("1", "2", "3", "4", "5"):
        raise UsageError(f"难度写 1 到 5，现在是“{typed.strip()}”")
    return int(typed)


def read_keywords(typed: str) -> tuple[tuple[str, ...], ...]:
    """Keyword groups: groups are parted by ；, the wordings in a group by 、 or ，."""
    groups = (re.split("[、，,/]", group) for group in re.split("[；;\n]", clean(typed)))
    found = (tuple(dict.fromkeys(word.strip() for word in group if word.strip())) for group in groups)
    return tuple(group for group in found if group)


def read_labels(typed: str, labels: Sequence[str]) -> tuple[str, ...]:
    """Some of `labels`, by name or number."""
    found = [_chosen(word, labels) for word in re.split(r"[\s、，,；;]+", typed) if word]
    if unknown := [word for word in found if word not in labels]:
        raise UsageError(f"没有名为“{unknown[0]}”的材料，可写：{'、'.join(labels)}")
    return tuple(dict.fromkeys(found))


def read_identifier(typed: str) -> str:
    """The id of a prompt or a topic."""
    try:
        return TypeAdapter(Identifier).validate_python(typed.strip())
    except ValidationError as error:
        raise UsageError(f"编号{message(error.errors(include_url=False)[0], Prompt)}") from None


def stated_full_mark(*texts: str) -> float | None:
    """The full mark that a task or its requirements state, as in （20分）."""
    found = [float(match[1]) for text in texts for match in _FULL_MARK.finditer(text)]
    return next((mark for mark in found if mark > 0), None)


def _chosen(typed: str, choices: Sequence[str]) -> str:
    """The choice behind a number of the list; anything else as it was typed."""
    number = int(typed) if typed.strip().isdecimal() else 0
    return choices[number - 1] if 0 < number <= len(choices) else typed


def _number(typed: str) -> float:
    try:
        return float(typed.strip().removesuffix("分"))
    except ValueError:
        raise UsageError(f"要写一个数，“{typed}”不是数") from None
