"""The records of each student together: for what is handed back, where nobody may see another's."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from essaydrill.grading.model import Record, Student
from essaydrill.grading.names import file_names, fold
from essaydrill.grading.results import Results


@dataclass(frozen=True)
class StudentRecords:
    """One student's scripts in the order of submission. `file_name` (no suffix) is safe on every system and is not that
    of any other student."""

    file_name: str
    student: Student
    records: tuple[Record, ...]


def students(results: Results) -> Iterator[StudentRecords]:
    """Each student who handed in something, one at a time in memory, in the order of their first scripts.

    Only a number makes two scripts surely the same student's. Without one, a second script under the same name on the
    same prompt is taken for a namesake's, and a script without a name stands alone.
    """
    groups: dict[tuple[str, ...], list[int]] = {}
    labels: list[str] = []
    for number, record in enumerate(results):
        if record.status == "missing":
            continue
        key = _key(record, number)
        if key not in groups:
            groups[key] = []
            labels.append(_label(record))
        groups[key].append(number)
    for name, numbers in zip(file_names(labels), groups.values(), strict=True):
        picked = results.at(numbers)
        yield StudentRecords(name, picked[0].student, tuple(picked))


def _key(record: Record, number: int) -> tuple[str, ...]:
    student = record.student
    if student.id:
        return ("id", fold(student.id))
    if student.name and record.prompt:
        return ("name", fold(student.name), fold(student.group or ""), str(record.repeat))
    return ("alone", str(number))


def _label(record: Record) -> str:
    student = record.student
    if student.id or student.name:
        return "_".join(filter(None, (student.id, student.name)))
    stem = PurePosixPath(record.source.member or record.source.path).stem
    return f"{stem}_{record.source.row}" if record.source.row is not None else stem
