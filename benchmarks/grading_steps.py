"""What is done for each answer of a run of `essaydrill grade`, step by step; `grading.py` measures it."""

import dataclasses
import gc
import itertools
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from essaydrill import Bank, Scorer
from essaydrill.grading import Results
from essaydrill.grading.columns import ColumnRules
from essaydrill.grading.engine import Engine
from essaydrill.grading.gradebook_csv import grade_row, table_rows
from essaydrill.grading.gradebook_xlsx import workbook_row
from essaydrill.grading.identify import Prompts
from essaydrill.grading.intake import Intake
from essaydrill.grading.questions import Questions
from essaydrill.grading.sheet_rows import Rows
from essaydrill.grading.submissions import discover
from essaydrill.grading.tally import Tally
from essaydrill.text import default_segmenter, normalise
from essaydrill.text.decode import decode

LOOKED_AT = 1000  # answers
CHUNK = 32
SEGMENTING = "mark: segment"


def steps(answers: Path, out: Path, prompt: str) -> dict[str, Callable[[], object]]:
    """What is done for each of the first `LOOKED_AT` answers of a folder, whose results lie in `out`."""
    bank = Bank.open()
    prompts, rules, results = Prompts(bank), ColumnRules(), Results(out / "results.jsonl")
    wave = [*itertools.islice(discover([answers], rules), LOOKED_AT)]
    scorer, segmenter = Scorer(bank[prompt]), default_segmenter()
    texts = [decode(submission.data) for submission in wave]
    normal = [normalise(text).text for text in texts]
    (part,) = results.parts(LOOKED_AT)[:1]
    records = [*results.of(part)]
    marked = [record.result for record in records if record.result]
    sheets = {prompt: Questions(bank, 30.0).sheet(prompt)}
    cells = [workbook_row(record, sheets) for record in records]

    def take_in() -> None:
        with Engine(1) as engine:
            intake = Intake(prompts, Questions(bank, 30.0), engine, None, prompt)
            intake.scripts([dataclasses.replace(submission) for submission in wave])

    def mark() -> None:
        for start in range(0, LOOKED_AT, CHUNK):
            scorer.score_many(texts[start : start + CHUNK])

    def write_rows() -> None:
        for record in records:
            workbook_row(record, sheets)
        Rows.of(cells)

    return {
        "read: walk, read the file": lambda: drop(itertools.islice(discover([answers], rules), LOOKED_AT)),
        "read: decode, whose it is, which prompt": take_in,
        "mark: normalise": lambda: drop(map(normalise, texts)),
        SEGMENTING: lambda: drop(map(segmenter.cut, normal)),
        "mark: everything (with the two above)": mark,
        "write: JSON": lambda: drop(result.model_dump_json() for result in marked),
        "write: JSON read back": lambda: drop(results.of(part)),
        "write: statistics, likeness": lambda: drop([Tally.of(records)]),
        "write: grades.csv": lambda: drop([table_rows(grade_row(record, sheets) for record in records)]),
        "write: grades.xlsx": write_rows,
    }


def drop(items: Iterable[object]) -> None:
    for _ in items:
        pass


def best(step: Callable[[], object], rounds: int) -> float:
    """The least seconds of processor time of some rounds."""
    gc.collect()
    gc.freeze()  # what is held here for the steps is not there in a run
    seconds = []
    for _ in range(rounds):
        started = time.process_time()
        step()
        seconds.append(time.process_time() - started)
    return min(seconds)
