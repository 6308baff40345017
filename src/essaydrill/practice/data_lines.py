"""The lines of JSON that hold everything a person has, and the check of every line that comes in.

The first line names the format; every other line has a `type`: `attempt`, `review`, `card` (what follows from the two,
for other programs) or `file` (a draft, the plan and whatever else lies in the person's folder).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from essaydrill.errors import EssaydrillError
from essaydrill.history import Attempt, Card, Review
from essaydrill.practice.plan import Plan
from essaydrill.practice.plan_file import NAME as PLAN

VERSION = 1
# What is a person's own in the folder; the bank beside it is shared with the other people on the machine.
PERSONAL = ("drafts", "exam", PLAN, "look.txt")
_MOST_FAULTS = 20


class DataError(EssaydrillError):
    """A file to be imported is not right; `str` names the lines."""


@dataclass(frozen=True)
class TextFile:
    """A text file in the person's folder; `path` is relative to it, with / between its parts."""

    path: str
    text: str
    saved_at: datetime


@dataclass(frozen=True)
class Holdings:
    """What a file of lines holds; `taken_back` are reviews that were undone."""

    attempts: Sequence[Attempt] = ()
    reviews: Sequence[Review] = ()
    taken_back: Sequence[Review] = ()
    cards: Sequence[Card] = ()
    files: Sequence[TextFile] = ()


def to_lines(holdings: Holdings) -> Iterator[str]:
    """The lines of a file, without line ends; the same holdings give the same lines."""
    yield _line("essaydrill", {"version": VERSION})
    for attempt in holdings.attempts:
        record = asdict(attempt) | {"result": json.loads(attempt.result_json)}
        del record["id"], record["result_json"]
        yield _line("attempt", record)
    for review in holdings.reviews:
        yield _line("review", asdict(review))
    for review in holdings.taken_back:
        yield _line("review", asdict(review) | {"taken_back": True})
    for card in holdings.cards:
        yield _line("card", asdict(card))
    for file in holdings.files:
        yield _line("file", asdict(file))


def _line(kind: str, record: Mapping[str, Any]) -> str:
    return json.dumps({"type": kind, **record}, ensure_ascii=False, default=lambda moment: moment.isoformat())


def read_lines(lines: Iterable[str], name: str) -> Holdings:
    """What the lines hold. Raises DataError that names every line with a fault, up to the twentieth; `name` is the
    file's name in the message."""
    reader = _Reader()
    faults = []
    empty = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            if empty:
                _check_header(line)
            else:
                reader.read(line)
        except DataError as fault:
            faults.append(f"第 {number} 行：{fault}")
        if (empty and faults) or len(faults) == _MOST_FAULTS:
            break
        empty = False
    if empty and not faults:
        faults.append("第 1 行：文件是空的")
    if faults:
        raise DataError(f"{name} 有 {len(faults)} 行不对，什么都没有导入：\n" + "\n".join(faults))
    return reader.holdings()


def _check_header(line: str) -> None:
    match _parsed(line):
        case {"type": "essaydrill", "version": int(version)} if version <= VERSION:
            return
        case {"type": "essaydrill"}:
            raise DataError("是更新版本的 essaydrill 导出的，请先升级 essaydrill")
    raise DataError("不是 essaydrill data export 导出的文件")


def _parsed(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise DataError("不是完整的 JSON，这一行可能被截断或改坏了") from None
    if not isinstance(record, dict):
        raise DataError("要是一个 JSON 对象，以 { 开头")
    return record


_RECORDS: Mapping[str, type[Any]] = {"attempt": Attempt, "review": Review, "card": Card, "file": TextFile}


class _Reader:
    """Turns lines into records, one by one."""

    def __init__(self) -> None:
        from pydantic import TypeAdapter

        self._adapters: dict[str, TypeAdapter[Any]] = {kind: TypeAdapter(record) for kind, record in _RECORDS.items()}
        self._found: dict[str, list[Any]] = {kind: [] for kind in (*self._adapters, "taken back")}

    def holdings(self) -> Holdings:
        found = self._found
        return Holdings(found["attempt"], found["review"], found["taken back"], found["card"], found["file"])

    def read(self, line: str) -> None:
        record = _parsed(line)
        kind = record.pop("type", None)
        if kind not in self._adapters:
            raise DataError(f"type 要是 {'、'.join(self._adapters)} 中的一个，现在是“{kind}”")
        taken_back = kind == "review" and record.pop("taken_back", False) is True
        if kind == "attempt":
            record = _with_result(record)
        value = self._validated(kind, record)
        _check(value)
        self._found["taken back" if taken_back else kind].append(value)

    def _validated(self, kind: str, record: dict[str, Any]) -> Any:
        from pydantic import ValidationError

        known = {field.name for field in fields(_RECORDS[kind])}
        if unknown := sorted(record.keys() - known):
            raise DataError(f"{kind} 没有“{unknown[0]}”这一项")
        try:
            return self._adapters[kind].validate_python(record)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise DataError(_fault(first)) from None


def _with_result(record: dict[str, Any]) -> dict[str, Any]:
    """The fields of an Attempt; its result is checked here."""
    from pydantic import ValidationError

    from essaydrill.scoring.result import Result

    try:
        result = Result.model_validate(record.pop("result", None))
    except ValidationError as error:
        raise DataError(f"result 里的 {_fault(error.errors(include_url=False)[0])}") from None
    if (result.score, result.max_score) != (record.get("score"), record.get("max_score")):
        raise DataError("score 和 max_score 与 result 里的对不上")
    return record | {"id": 0, "result_json": result.model_dump_json()}


def _fault(error: Mapping[str, Any]) -> str:
    from essaydrill.bank.messages import message
    from essaydrill.scoring.result import Result

    field = ".".join(map(str, error["loc"]))
    return f"{field} {message(error, Result)}".strip()


def _check(value: Attempt | Review | Card | TextFile) -> None:
    """What types alone do not tell."""
    moments = [each for each in vars(value).values() if isinstance(each, datetime)]
    if any(moment.tzinfo is None for moment in moments):
        raise DataError("时间要带时区，如 2026-03-01T09:00:00+00:00")
    match value:
        case Attempt(seconds=seconds) | Review(seconds=seconds) if seconds < 0:
            raise DataError("seconds 不能小于 0")
        case Review(rating=rating) | Card(rating=rating) if rating not in (1, 2, 3, 4):
            raise DataError("rating 要是 1 到 4")
        case TextFile():
            _check_file(value)


def is_personal(path: str) -> bool:
    """Whether a path, relative to the person's folder, is that of a text file of hers."""
    pure = PurePosixPath(path)
    odd = any(part.startswith(".") or set(part) & set('\\:*?"<>|\0') for part in pure.parts)
    return bool(pure.parts) and pure.parts[0] in PERSONAL and not odd and pure.suffix in (".txt", ".json")


def _check_file(file: TextFile) -> None:
    from pydantic import TypeAdapter, ValidationError

    if not is_personal(file.path):
        raise DataError(f"path 不能是“{file.path[:60]}”，只能是个人文件夹里的 {'、'.join(PERSONAL)}")
    if file.path == PLAN:
        try:
            TypeAdapter(Plan).validate_json(file.text)
        except ValidationError:
            raise DataError(f"{PLAN} 的内容不是一个计划") from None
