"""Everything that is written from `results.jsonl`, side by side, each file whole or not at all."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from essaydrill.bank import Item
from essaydrill.errors import UsageError
from essaydrill.grading.engine import Engine, Task
from essaydrill.grading.gradebook import Cell, Sheets
from essaydrill.grading.gradebook_csv import ERRORS, GRADES, error_row, errors_file, grade_row, grades_file, table_rows
from essaydrill.grading.gradebook_xlsx import WORKBOOK, workbook_row, write_workbook
from essaydrill.grading.model import Record
from essaydrill.grading.problems import GradingError
from essaydrill.grading.results import Part, Results
from essaydrill.grading.sheet_rows import Rows
from essaydrill.grading.shelf import RESULTS, WORKING
from essaydrill.grading.summary import ClassSummary, summarise
from essaydrill.grading.tally import Tally
from essaydrill.grading.whole import whole
from essaydrill.grading.worker import Fault

RUN = "run.json"
FORMATS = ("csv", "xlsx")
"""Formats that are always there to be chosen; `results.jsonl`, `errors.csv` and `run.json` are always written."""

_PART = 250  # records: some tens of milliseconds of work


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


def write_outputs(
    folder: Folder, formats: Sequence[str], engine: Engine, publish: Callable[[ClassSummary], Sequence[str]]
) -> tuple[ClassSummary, list[str]]:
    """Write `errors.csv` and the files of the `formats`; the summary of the run and the names of its files, with those
    that `publish` makes from the summary.

    Every record is read once, in parts that all cores share; what they make of a part is put together in order.
    """
    results = Results(folder.out / RESULTS)
    tally = Tally()
    with _spooling(folder) as spool:
        with ExitStack() as stack:
            rows = stack.enter_context(spool.path.open("wb"))
            errors = stack.enter_context(errors_file(folder.out / ERRORS))
            grades = stack.enter_context(grades_file(folder.out / GRADES)) if "csv" in formats else None
            for pages in _pages(engine, folder, formats, results.parts(_PART)):
                tally.merge(pages.tally)
                errors.write(pages.errors)
                if grades:
                    grades.write(pages.grades)
                spool.put(pages.rows, rows)
        workbook = engine.run([Task(_write_workbook, folder, [spool], [WORKBOOK])]) if "xlsx" in formats else iter(())
        summary = summarise(tally, results, folder.sheets)  # while a worker writes the workbook
        published = publish(summary)
        for task, (outcome,) in workbook:
            _check(folder, task, outcome)
    own = [RESULTS, ERRORS, *([GRADES] if grades else []), *([WORKBOOK] if "xlsx" in formats else [])]
    return summary, [*own, *published]


@dataclass(frozen=True)
class _Pages:
    """What becomes of a part of the records."""

    tally: Tally
    errors: bytes
    grades: bytes
    rows: dict[str | None, Rows]


def _pages(engine: Engine, folder: Folder, formats: Sequence[str], parts: Sequence[Part]) -> Iterator[_Pages]:
    """Of each part, in order."""
    tasks = [Task(_make_pages, (folder, tuple(formats)), [part], [number]) for number, part in enumerate(parts)]
    done: dict[int, _Pages] = {}
    due = 0
    for task, (outcome,) in engine.run(tasks):
        _check(folder, task, outcome)
        done[task.keys[0]] = outcome
        while due in done:
            yield done.pop(due)
            due += 1


def _make_pages(shared: tuple[Folder, Sequence[str]], parts: Sequence[Part]) -> list[_Pages]:
    """Runs in a worker process; one record is in memory at once."""
    folder, formats = shared
    results = Results(folder.out / RESULTS)
    return [_make_page(results.of(part), part.first, folder.sheets, formats) for part in parts]


def _make_page(records: Iterable[Record], first: int, sheets: Sheets, formats: Sequence[str]) -> _Pages:
    errors: list[list[Cell]] = []
    grades: list[list[Cell]] = []
    rows: dict[str | None, list[list[Cell]]] = {}

    def passing() -> Iterator[Record]:
        for record in records:
            if record.status != "marked":
                errors.append(error_row(record))
            if "csv" in formats:
                grades.append(grade_row(record, sheets))
            if "xlsx" in formats:
                rows.setdefault(record.prompt, []).append(workbook_row(record, sheets))
            yield record

    tally = Tally.of(passing(), first)
    packed = {prompt: Rows.of(each) for prompt, each in rows.items()}
    return _Pages(tally, table_rows(errors), table_rows(grades), packed)


@dataclass(frozen=True)
class _Spool:
    """The rows of the workbook, which can be written only when all are there, in a file: `index` says which these are,
    in order."""

    path: Path
    index: list[tuple[str | None, int, int, int]] = field(default_factory=list)

    def put(self, part: Mapping[str | None, Rows], file: BinaryIO) -> None:
        for prompt, rows in part.items():
            file.write(rows.packed)
            self.index.append((prompt, rows.count, rows.size, len(rows.packed)))

    def __iter__(self) -> Iterator[tuple[str | None, Rows]]:
        with self.path.open("rb") as file:
            for prompt, count, size, length in self.index:
                yield prompt, Rows(count, size, file.read(length))


@contextmanager
def _spooling(folder: Folder) -> Iterator[_Spool]:
    spool = _Spool(folder.out / WORKING / "rows")
    try:
        yield spool
    finally:
        spool.path.unlink(missing_ok=True)


def _write_workbook(folder: Folder, spools: Sequence[_Spool]) -> list[None]:
    """Runs in a worker process."""
    for spool in spools:
        write_workbook(spool, folder.out / WORKBOOK, folder.sheets)
    return [None] * len(spools)


def _check(folder: Folder, task: Task, outcome: object) -> None:
    if isinstance(outcome, Fault):
        raise GradingError(f"{folder.out} 里的 {task.keys[0]} 没有写成：{outcome.reason}")


def check_formats(formats: Sequence[str], publishers: Mapping[str, Publisher]) -> None:
    """Raises UsageError for a format that there is not."""
    known = (*FORMATS, *publishers)
    for name in formats:
        if name not in known:
            raise UsageError(f"没有“{name}”这种输出，可选：{'、'.join(known)}")


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
