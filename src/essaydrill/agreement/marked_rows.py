"""Rows of a table with marked answers: which column holds what, and which rows can be used."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from essaydrill.bank import Bank, Item
from essaydrill.errors import EssaydrillError, UsageError

Field = Literal["prompt", "question", "reference", "answer", "score", "marker_1", "marker_2", "stratum", "max_score"]

# Headings by field, compared in lower case without spaces, brackets and their content; the first that is there counts.
HEADINGS: dict[Field, tuple[str, ...]] = {
    "prompt": ("prompt", "prompt_id", "promptid", "question_id", "questionid", "题目编号", "题号", "题目", "题目id"),
    "question": ("question", "task", "题干", "问题", "试题"),
    "reference": ("references", "reference", "参考答案", "标准答案", "范文"),
    "answer": ("answer", "response", "text", "student_answer", "作答", "作答内容", "考生作答", "学生答案", "答案"),
    "score": ("score", "human", "human_score", "mark", "total", "得分", "分数", "人工分", "人工评分", "评分", "总分"),
    "marker_1": ("marker_1", "marker1", "rater_1", "rater1", "h1", "阅卷人1", "阅卷人一", "评分1", "一评"),
    "marker_2": ("marker_2", "marker2", "rater_2", "rater2", "h2", "阅卷人2", "阅卷人二", "评分2", "二评"),
    "stratum": ("stratum", "group", "level", "组别", "层次", "类别", "分组"),
    "max_score": ("max_score", "maxscore", "full_mark", "满分"),
}
NAMES: dict[Field, str] = {
    "prompt": "题目",
    "question": "题干",
    "reference": "参考答案",
    "answer": "作答",
    "score": "得分",
    "marker_1": "阅卷人1",
    "marker_2": "阅卷人2",
    "stratum": "层次",
    "max_score": "满分",
}
_BRACKETS = re.compile(r"\([^)]*\)|\s+")
_NUMBERED = re.compile(r"_?[0-9一二三四五六七八九]$")
_LONGEST_ANSWER = 500_000  # characters
_EXCERPT = 30


@dataclass(frozen=True)
class RawRow:
    """One row of a file: its number there, and its cells by heading; a JSON file may have lists in them."""

    number: int
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class LeftOut:
    """A row that could not be used, and why."""

    number: int
    reason: str
    excerpt: str = ""


@dataclass(frozen=True)
class Script:
    """One answer with people's marks. `question` is what the file calls the question. `mark` is the score given, or the
    mean of the markers where there is none; `markers` are the two markers' where both marked. `credits` are per-point
    credits that the tutor gave."""

    number: int
    question: str
    item: Item
    answer: str
    mark: float
    markers: tuple[float, float] | None = None
    stratum: str = ""
    credits: Mapping[str, float] = field(default_factory=dict)


Columns = Mapping[Field, Sequence[str]]


def read_mapping(pairs: Sequence[str]) -> dict[Field, str]:
    """Read `得分=Q7` and the like: our name for a column, and how the file calls it. Raises `UsageError`."""
    known: dict[str, Field] = {name: name for name in HEADINGS}
    known |= {chinese: name for name, chinese in NAMES.items()}
    chosen: dict[Field, str] = {}
    for pair in pairs:
        name, equals, heading = (part.strip() for part in unicodedata.normalize("NFKC", pair).partition("="))
        if name not in known or not equals or not heading:
            raise UsageError(f"--map 要写成“得分=列名”这样，“{pair}”不对；等号左边可写 {'、'.join(NAMES.values())}")
        chosen[known[name]] = heading
    return chosen


def find_columns(rows: Sequence[RawRow], chosen: Mapping[Field, str]) -> Columns:
    """The headings of every field that the rows have; several for the references. Raises `UsageError` where one that
    was chosen is missing."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row.cells))
    columns: dict[Field, list[str]] = {}
    for name, wanted in HEADINGS.items():
        if name in chosen:
            found = [heading for heading in headings if _bare(heading) == _bare(chosen[name])]
            if not found:
                raise UsageError(f"表里没有“{chosen[name]}”这一列，有的列是：{'、'.join(headings[:12])}")
        else:
            found = next(
                ([h for h in headings if _bare(h) == each] for each in wanted if each in map(_bare, headings)), []
            )
        if name == "reference" and name not in chosen:
            found = [h for h in headings if _bare(h) in wanted or _NUMBERED.sub("", _bare(h)) in wanted]
        if found:
            columns[name] = found if name == "reference" else found[:1]
    return columns


def need(columns: Columns, *names: Field) -> None:
    """Raise `UsageError` unless one of these columns is there."""
    if not any(name in columns for name in names):
        wanted = "或".join(f"“{NAMES[name]}”" for name in names)
        usual = HEADINGS[names[0]][0]
        raise UsageError(f"表里没有{wanted}这一列（也可写 {usual}）；列名不同时用 --map {NAMES[names[0]]}=列名 指定")


def read_scripts(
    rows: Sequence[RawRow], columns: Columns, find_item: Callable[[RawRow, Columns], Item]
) -> tuple[list[Script], list[LeftOut]]:
    """The rows that can be used and those that cannot, each with its reason. `find_item` raises an `EssaydrillError`
    for a row without a question."""
    need(columns, "answer")
    need(columns, "score", "marker_1", "marker_2")
    scripts: list[Script] = []
    left_out: list[LeftOut] = []
    for row in rows:
        try:
            scripts.append(_script(row, columns, find_item(row, columns)))
        except EssaydrillError as error:
            left_out.append(LeftOut(row.number, str(error), _text(row, columns, "answer")[:_EXCERPT]))
    return scripts, left_out


def _script(row: RawRow, columns: Columns, item: Item) -> Script:
    answer = _text(row, columns, "answer")
    if not answer.strip():
        raise EssaydrillError("没有作答")
    if len(answer) > _LONGEST_ANSWER:
        raise EssaydrillError(f"作答超过 {_LONGEST_ANSWER} 字，不像是一份作答")
    full = item.prompt.max_score
    score, first, second = (_mark(row, columns, name, full) for name in ("score", "marker_1", "marker_2"))
    given = [mark for mark in (first, second) if mark is not None]
    if score is None and not given:
        raise EssaydrillError("没有人工评分")
    return Script(
        number=row.number,
        question=_text(row, columns, "prompt").strip() or item.prompt.title or item.prompt.id,
        item=item,
        answer=answer,
        mark=score if score is not None else sum(given) / len(given),
        markers=(first, second) if first is not None and second is not None else None,
        stratum=_text(row, columns, "stratum").strip(),
        credits=dict(_credits(row, item)),
    )


def _credits(row: RawRow, item: Item) -> Iterator[tuple[str, float]]:
    """Per-point credits from columns headed by a point's id, in marks."""
    for point in item.reference.points:
        cell = str(row.cells.get(point.id, "")).strip()
        if cell:
            mark = _number(cell, point.id)
            if not 0 <= mark <= point.marks:
                raise EssaydrillError(f"要点 {point.id} 的分数 {mark:g} 不在 0 到 {point.marks:g} 之间")
            yield point.id, mark / point.marks


def _mark(row: RawRow, columns: Columns, name: Field, full: float) -> float | None:
    cell = _text(row, columns, name).strip()
    if not cell:
        return None
    mark = _number(cell, NAMES[name])
    if not 0 <= mark <= full:
        raise EssaydrillError(f"{NAMES[name]} {mark:g} 不在 0 到满分 {full:g} 之间")
    return mark


def _number(cell: str, name: str) -> float:
    try:
        value = float(unicodedata.normalize("NFKC", cell).rstrip("分 "))
    except ValueError:
        raise EssaydrillError(f"{name}“{cell[:_EXCERPT]}”不是数") from None
    if not -1e6 < value < 1e6:
        raise EssaydrillError(f"{name}“{cell[:_EXCERPT]}”不是数")
    return value


class Questions:
    """Finds the question of each row: a prompt of the bank, or a task with reference answers in the row itself."""

    def __init__(self, bank: Bank, max_score: float | None) -> None:
        self._bank = bank
        self._max_score = max_score
        self._known: dict[tuple[object, ...], Item] = {}

    def __call__(self, row: RawRow, columns: Columns) -> Item:
        name, task = _text(row, columns, "prompt").strip(), _text(row, columns, "question").strip()
        references = tuple(_references(row, columns))
        key = (name, task, references, _text(row, columns, "max_score"))
        if key not in self._known:
            self._known[key] = self._find(row, columns, name, task or name, references)
        return self._known[key]

    def _find(self, row: RawRow, columns: Columns, name: str, task: str, references: tuple[str, ...]) -> Item:
        if name in self._bank:
            return self._bank[name]
        if not task:
            raise EssaydrillError("没有写题目")
        if not references:
            raise EssaydrillError(f"题库里没有“{name or task[:_EXCERPT]}”，表里也没有它的参考答案")
        full = _text(row, columns, "max_score").strip()
        max_score = _number(full, "满分") if full else self._max_score
        if max_score is None:
            raise EssaydrillError("不知道满分：加一列“满分”，或用 --max-score 写明")
        item = Item.from_references(task, references, max_score)
        return Item(item.prompt.model_copy(update={"title": name or task}), item.reference)


def _references(row: RawRow, columns: Columns) -> Iterator[str]:
    for heading in columns.get("reference", ()):
        cell = row.cells.get(heading)
        texts = cell if isinstance(cell, list | tuple) else [cell]
        yield from (str(text) for text in texts if text is not None and str(text).strip())


def _text(row: RawRow, columns: Columns, name: Field) -> str:
    heading = next(iter(columns.get(name, ())), None)
    value = row.cells.get(heading) if heading is not None else None
    return "" if value is None else str(value)


def _bare(heading: str) -> str:
    return _BRACKETS.sub("", unicodedata.normalize("NFKC", heading)).lower()
