"""Which column of a table holds what, as class lists and survey tools head them."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from essaydrill.errors import UsageError
from essaydrill.grading.limits import COLUMNS
from essaydrill.grading.names import fold

Field = Literal["id", "name", "group", "prompt", "answer", "mark"]

FIELDS: dict[Field, str] = {
    "id": "学号",
    "name": "姓名",
    "group": "班级",
    "prompt": "题目",
    "answer": "答案",
    "mark": "人工分",
}

# Headings by field, the likelier first; compared after `_bare` has taken off numbers, brackets and polite words.
_HEADINGS: dict[Field, tuple[str, ...]] = {
    "id": ("学号", "考号", "准考证号", "考生号", "学生编号", "编号", "工号", "studentid", "student_id", "sid", "id"),
    "name": ("姓名", "学生姓名", "考生姓名", "名字", "学生", "考生", "name", "studentname", "student_name", "student"),
    "group": ("班级", "班", "组别", "单位", "class", "group"),
    "prompt": ("题目", "题目编号", "题号", "题目id", "prompt", "promptid", "prompt_id", "question", "questionid"),
    "answer": (
        "答案", "作答", "作答内容", "答题", "答题内容", "我的作答", "你的作答", "回答", "正文", "作文", "答卷",
        "answer", "answers", "response", "essay", "text", "content",
    ),
    "mark": (
        "人工分", "人工评分", "教师评分", "老师评分", "阅卷评分", "手工分", "得分", "评分", "分数", "成绩",
        "handmark", "hand_mark", "human", "humanscore", "human_score", "mark", "score",
    ),
}  # fmt: skip

_NUMBERING = re.compile(r"^(?:第?\d+[题、.．:：)）]|q\d+[、.．:：])+")
_BRACKETED = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_POLITE = re.compile(r"^(?:请输入|请填写|请写出|请在此|填写|输入|您的|你的)+")
_MARKS = re.compile(r"[*＊:：?？。.、]+$")


@dataclass(frozen=True)
class Columns:
    """Indexes of the columns; `answers` holds one or more, each with the prompt its heading names."""

    answers: tuple[tuple[int, str | None], ...]
    others: Mapping[Field, int]

    @property
    def last(self) -> int:
        """The number of columns from the first to the last that is used."""
        return max((*(index for index, _ in self.answers), *self.others.values()), default=-1) + 1


@dataclass(frozen=True)
class ColumnRules:
    """How columns are recognised. `chosen` maps fields to headings that the user gave; `find_prompt` knows a prompt by
    its id or title: a column headed by one holds the answers to it."""

    chosen: Mapping[Field, str] = field(default_factory=dict)
    find_prompt: Callable[[str], str | None] = lambda _: None

    def recognise(self, headings: Sequence[str], *, answers: bool = True) -> Columns | None:
        """The columns of a table with these headings; None where it has no answers, or with `answers=False` no
        students."""
        shown = headings[:COLUMNS]
        others = {name: index for name in FIELDS if (index := self._place(name, shown)) is not None}
        single = others.pop("answer", None)
        if not answers:
            return Columns((), others) if others.keys() & {"id", "name"} else None
        wide = [(n, prompt) for n, heading in enumerate(shown) if (prompt := self._prompt(heading)) is not None]
        found = ((single, None),) if single is not None else tuple(wide)
        return Columns(found, others) if found else None

    def _place(self, name: Field, headings: Sequence[str]) -> int | None:
        wanted: tuple[str, ...]
        if name in self.chosen:
            wanted = (fold(self.chosen[name]),)
            folded = [fold(heading) for heading in headings]
        else:
            wanted = _HEADINGS[name]
            folded = [_bare(heading) for heading in headings]
        return next((folded.index(heading) for heading in wanted if heading in folded), None)

    def _prompt(self, heading: str) -> str | None:
        return self.find_prompt(heading) if heading.strip() else None


def choose_columns(pairs: Sequence[str]) -> dict[Field, str]:
    """Read `答案=Q3` and the like; raises UsageError."""
    names: dict[str, Field] = {chinese: name for name, chinese in FIELDS.items()} | {name: name for name in FIELDS}
    chosen: dict[Field, str] = {}
    for pair in pairs:
        name, equals, heading = unicodedata.normalize("NFKC", pair).partition("=")
        if name.strip() not in names or not equals or not heading.strip():
            listed = "、".join(FIELDS.values())
            raise UsageError(f"--column 要写成“答案=列名”这样，“{pair}”不对；等号左边可写 {listed}")
        chosen[names[name.strip()]] = heading.strip()
    return chosen


def _bare(heading: str) -> str:
    plain = fold(heading)
    for pattern in (_NUMBERING, _BRACKETED, _MARKS, _POLITE):
        plain = pattern.sub("", plain)
    return plain
