"""A folder of answers in, a gradebook out: `grade(plan)` marks every script and loses none."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from essaydrill.grading.drop_folder import watch
    from essaydrill.grading.model import STATUS_NAMES, Record, Source, Status, Student
    from essaydrill.grading.results import Results
    from essaydrill.grading.run import Finished, Plan, Progress, grade, preview
    from essaydrill.grading.student_records import StudentRecords, students
    from essaydrill.grading.summary import ClassSummary, summarise

_HOMES = {
    "STATUS_NAMES": "model",
    "ClassSummary": "summary",
    "Finished": "run",
    "Plan": "run",
    "Progress": "run",
    "Record": "model",
    "Source": "model",
    "Status": "model",
    "Student": "model",
    "StudentRecords": "student_records",
    "grade": "run",
    "preview": "run",
    "students": "student_records",
    "Results": "results",
    "summarise": "summary",
    "watch": "drop_folder",
}

__all__ = [
    "STATUS_NAMES",
    "ClassSummary",
    "Finished",
    "Plan",
    "Progress",
    "Record",
    "Results",
    "Source",
    "Status",
    "Student",
    "StudentRecords",
    "grade",
    "preview",
    "students",
    "summarise",
    "watch",
]


def __getattr__(name: str) -> Any:
    # Resolved on first use: a worker process that marks needs none of the readers and writers.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"essaydrill.grading.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'essaydrill.grading' has no attribute {name!r}")
