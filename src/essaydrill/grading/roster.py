"""The class list: whose script is whose, and who handed in none."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from essaydrill.grading.columns import ColumnRules
from essaydrill.grading.limits import WORKBOOK_BYTES
from essaydrill.grading.model import Said, Student
from essaydrill.grading.names import fold, readable
from essaydrill.grading.problems import GradingError, UnreadableScriptError
from essaydrill.grading.tables import TABLE_SUFFIXES, Row, student_rows
from essaydrill.grading.walk import open_regular, read_regular

_SEPARATORS = re.compile(r"[\s_\-—–+,，、()（）\[\]【】.]+")
_ID = re.compile(r"[A-Za-z]{0,4}\d{3,}[A-Za-z]?")


@dataclass(frozen=True)
class Roster:
    """The students in the order of the file, and the ways to find one. A name that two students share finds nobody."""

    students: tuple[Student, ...]
    by_id: Mapping[str, Student]
    by_name: Mapping[str, Student]

    @classmethod
    def of(cls, students: Iterable[Student]) -> "Roster":
        """Later entries with an id (or, without ids, a name) that came before are left out."""
        kept: dict[str, Student] = {}
        named: dict[str, list[Student]] = {}
        for student in students:
            if kept.setdefault(fold(student.id or student.name or ""), student) is student and student.name:
                named.setdefault(fold(student.name), []).append(student)
        by_id = {key: student for key, student in kept.items() if student.id}
        by_name = {name: same[0] for name, same in named.items() if len(same) == 1}
        return cls(tuple(kept.values()), by_id, by_name)

    def find(self, labels: Sequence[str]) -> Student | None:
        """The student whom the first label that fits names: `张三`, `2023001`, `2023001_张三`, in any order."""
        for label in labels:
            tokens = [fold(token) for token in (label, *_SEPARATORS.split(label)) if token]
            for known in (self.by_id, self.by_name):
                for token in tokens:
                    if token in known:
                        return known[token]
        return None


def student_of(said: Said, labels: Sequence[str], roster: Roster | None) -> Student:
    """Who wrote a script: as the script says itself, else as the names it lies under do (`labels`, likeliest first)."""
    own = [text for text in (said.student_id, said.student_name) if text]
    if roster is not None:
        if listed := roster.find(own or labels):
            return listed.model_copy(update={"group": listed.group or said.group, "listed": True})
        guess = student_of(said, labels, None)
        return guess.model_copy(update={"listed": False})
    if own:
        return Student(id=said.student_id, name=said.student_name, group=said.group)
    return _from_label(labels[0], said.group) if labels else Student(group=said.group)


def _from_label(label: str, group: str | None) -> Student:
    tokens = [token for token in _SEPARATORS.split(label) if token]
    ids = [token for token in tokens if _ID.fullmatch(token)]
    if len(ids) != 1:
        return Student(name=" ".join(label.split()) or None, group=group)
    rest = " ".join(token for token in tokens if token != ids[0])
    return Student(id=ids[0], name=rest or None, group=group)


def student_key(student: Student) -> str | None:
    """By which two scripts are known to be the same student's; None where nobody is named."""
    return fold(student.id or student.name or "") or None


def read_roster(path: Path) -> Roster:
    """The list of students in a CSV, Excel, JSON Lines or text file (one student a line); raises GradingError."""
    shown = readable(str(path))
    try:
        students = [*(_from_table if path.suffix.lower() in TABLE_SUFFIXES else _from_lines)(path)]
    except UnreadableScriptError as error:
        raise GradingError(f"名册 {shown}：{error}") from None
    if not students:
        raise GradingError(f"名册 {shown}：里面没有学生")
    return Roster.of(students)


def _from_table(path: Path) -> Iterator[Student]:
    with open_regular(path, WORKBOOK_BYTES, follow=True) as file:
        for row in student_rows(file, path.suffix.lower(), ColumnRules()):
            if row.fault:
                raise UnreadableScriptError(f"第 {row.number} 行：{row.fault}")
            if student := _from_row(row):
                yield student


def _from_row(row: Row) -> Student | None:
    id, name = row.said.get("id"), row.said.get("name")
    return Student(id=id, name=name, group=row.said.get("group")) if id or name else None


def _from_lines(path: Path) -> Iterator[Student]:
    from essaydrill.text.decode import UndecodableError, decode

    try:
        text = decode(read_regular(path, WORKBOOK_BYTES, follow=True))
    except UndecodableError as error:
        raise UnreadableScriptError(str(error)) from None
    for line in text.split("\n"):
        if line.strip():
            yield _from_label(line, None)
