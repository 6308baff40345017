"""Everything that is written from `results.jsonl`, side by side, each file whole or not at all."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from essaydrill.bank import Item
from essaydrill.errors import UsageError
from essaydrill.grading.engine import Engine, Task
from essaydrill.grading.gradebook import Sheets
from essaydrill.grading.gradebook_csv import ERRORS, GRADES, write_errors, write_grades
from essaydrill.grading.gradebook_xlsx import WORKBOOK, write_workbook
from essaydrill.grading.problems import GradingError, optional
from essaydrill.grading.results import Results
from essaydrill.grading.shelf import RESULTS
from essaydrill.grading.summary import ClassSummary, summarise
from essaydrill.grading.whole import whole
from essaydrill.grading.worker import Fault

RUN = "run.json"
FORMATS = ("csv", "xlsx")
"""Formats that are always there to be chosen; `results.jsonl`, `errors.csv` and `run.json` are always written."""

_SUMMARY = "summary"


@dataclass(frozen=True)
class Publication:
    """All that a further format is made from. `item` gives the question that a prompt's answers were marked by."""

    out: Path
    results: Results
    summary: ClassSummary
    item: Callable[[str], Item]


Publisher = Callable[[Publication], str]
"""Writes one further format and tells the name of its file, or of its folder with a slash behind."""


@dataclass(frozen=True)
class Folder:
    """An output folder with its `results.jsonl`, and what the gradebooks need to know of the prompts."""

    out: Path
    sheets: Sheets


def write_outputs(folder: Folder, formats: Sequence[str], jobs: int) -> tuple[ClassSummary, list[str]]:
    """Write `errors.csv` and the files of the `formats`; the summary of the run and the names of its files."""
    files = [ERRORS, *([GRADES] if "csv" in formats else []), *([WORKBOOK] if "xlsx" in formats else [])]
    tasks = [Task(_write, folder, [name], [name]) for name in (_SUMMARY, *files)]
    done: dict[str, Any] = {}
    with Engine(jobs) as engine:
        for task, (outcome,) in engine.run(tasks):
            if isinstance(outcome, Fault):
                raise GradingError(f"{folder.out / task.keys[0]} 没有写成：{outcome.reason}")
            done[task.keys[0]] = outcome
    summary: ClassSummary = done[_SUMMARY]
    return summary, [RESULTS, *files]


def _write(folder: Folder, names: Sequence[str]) -> list[ClassSummary | None]:
    """Runs in a worker process, one file each."""
    return [_write_one(folder, name) for name in names]


def _write_one(folder: Folder, name: str) -> ClassSummary | None:
    results = Results(folder.out / RESULTS)
    path = folder.out / name
    if name == GRADES:
        write_grades(results, path, folder.sheets)
    elif name == ERRORS:
        write_errors(results, path)
    elif name == WORKBOOK:
        write_workbook(results, path, folder.sheets)
    else:
        return summarise(results, folder.sheets)
    return None


def check_formats(formats: Sequence[str], publishers: Mapping[str, Publisher]) -> None:
    """Raises UsageError for a format that there is not, or that needs a package which is not installed."""
    known = (*FORMATS, *publishers)
    for name in formats:
        if name not in known:
            raise UsageError(f"没有“{name}”这种输出，可选：{'、'.join(known)}")
    if "xlsx" in formats:
        optional("xlsxwriter", "grade", "写 grades.xlsx ")


def write_run(out: Path, settled: Mapping[str, Any], volatile: Mapping[str, Any], files: Sequence[str]) -> None:
    """`run.json`: what was marked how, with the hashes of what came out. Only `run` in it differs from one run on the
    same input to the next. Files in folders have no hash."""
    outputs = {name: _sha256(out / name) for name in files if not name.endswith("/")}
    content = {"schema": 1, **settled, "outputs": outputs, "run": volatile}
    with whole(out / RUN) as path:
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
