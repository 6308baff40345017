"""The gradebook's columns: one row for each script and for each student who handed in none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from essaydrill.grading.model import STATUS_NAMES, Record
from essaydrill.grading.review import review_reasons
from essaydrill.scoring.result import Result

Cell = str | float | None

LENGTH_NAMES = {"ok": "合要求", "under": "偏短", "over": "超长"}


@dataclass(frozen=True)
class Point:
    """A scoring point as a column: its id, its wording and what it is worth."""

    id: str
    text: str
    marks: float


@dataclass(frozen=True)
class Sheet:
    """What a gradebook needs to know of a prompt. `points` is empty where they are derived from the references, and so
    differ from script to script."""

    title: str
    points: tuple[Point, ...] = ()


Sheets = Mapping[str, Sheet]


def title_of(prompt: str | None, sheets: Sheets) -> str:
    """The title of a prompt, its id where nothing is known of it."""
    if prompt is None:
        return "题目不明"
    return sheets[prompt].title if prompt in sheets else prompt


@dataclass(frozen=True)
class Column:
    heading: str
    width: int  # characters of an Excel column
    cell: Callable[[Record], Cell]


def _of_result(cell: Callable[[Result], Cell]) -> Callable[[Record], Cell]:
    return lambda record: cell(record.result) if record.result is not None else None


BEFORE: tuple[Column, ...] = (
    Column("学号", 14, lambda r: r.student.id),
    Column("姓名", 12, lambda r: r.student.name),
    Column("班级", 10, lambda r: r.student.group),
    Column("状态", 9, lambda r: STATUS_NAMES[r.status]),
    Column("得分", 7, _of_result(lambda r: r.score)),
    Column("满分", 6, _of_result(lambda r: r.max_score)),
    Column("档次", 6, _of_result(lambda r: r.band)),
    Column("区间低", 7, _of_result(lambda r: r.interval[0])),
    Column("区间高", 7, _of_result(lambda r: r.interval[1])),
    Column("人工分", 7, lambda r: r.hand_mark),
    Column("复核原因", 30, lambda r: "；".join(review_reasons(r))),
)
"""What stands before the points."""

AFTER: tuple[Column, ...] = (
    Column("卷面条理", 9, _of_result(lambda r: r.presentation.score)),
    Column("条理说明", 30, _of_result(lambda r: "；".join(r.presentation.findings))),
    Column("字数", 7, _of_result(lambda r: r.length.cells)),
    Column("字数情况", 9, _of_result(lambda r: LENGTH_NAMES[r.length.status])),
    Column("字数扣分", 9, _of_result(lambda r: r.length.deduction)),
    Column("备注", 30, lambda r: r.reason),
    Column("来源", 30, lambda r: r.source.shown),
)
"""What stands behind them."""


def awarded(record: Record, points: Sequence[Point]) -> list[Cell]:
    """What each of the points earned; nothing where there is no mark."""
    if record.result is None:
        return [None] * len(points)
    marks = {point.id: point.awarded for point in record.result.points}
    return [marks.get(point.id) for point in points]


def points_in_words(record: Record) -> str:
    """`p1 3/3；p2 0/3`: the points of any prompt in one cell."""
    if record.result is None:
        return ""
    return "；".join(f"{point.id} {point.awarded:g}/{point.marks:g}" for point in record.result.points)
