"""Fit the marking model: python -m essaydrill.agreement.fit OUT [--marked FOLDER] [--only-marked]

The credit of a point is learnt from marked points; small judgements of the whole answer (keyword heap, reversed facts,
off the task, scrambled words) are learnt beside it and multiply what the points earn. Everything is chosen and measured
by cross-validation that leaves out whole questions; the figures go into the file with the hash of the data.
"""

import argparse
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from essaydrill.agreement.corpus import MarkedAnswer, drills, marked_questions, specimens, withheld_references
from essaydrill.agreement.crossed import FOLDS, cross_validate, report
from essaydrill.agreement.fit_credit import HIGH, LOW, export_boosting, fit_credit
from essaydrill.agreement.fit_gates import GATE_FROM, GATE_TO, GATES, fit_gates
from essaydrill.agreement.fit_presentation import fit_presentation
from essaydrill.agreement.table import share_by_answer, tabulate
from essaydrill.agreement.uncertainty import INTERVAL_BASE, confidence_table, interval_scale
from essaydrill.bank import Bank
from essaydrill.scoring.features import POINT_FEATURES

VERSION = "2026.11"


def everything(marked: Sequence[Path], bank: Bank | None) -> list[MarkedAnswer]:
    """All answers to learn from: folders of marked questions, the bank's specimens and drills, withheld references."""
    answers = [answer for folder in marked for answer in marked_questions(folder)]
    if bank:
        answers += [*specimens(bank), *drills(bank)]
    return answers + list(withheld_references({answer.item.digest: answer.item for answer in answers}.values()))


def digest(answers: Sequence[MarkedAnswer]) -> str:
    """Hash of the texts and marks that were fitted."""
    content = "\x1e".join(f"{a.item.digest}\x1f{a.text}\x1f{sorted(a.credits.items())}\x1f{a.total}" for a in answers)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def build(answers: Sequence[MarkedAnswer], log: Callable[[str], None]) -> dict[str, Any]:
    """Fit everything and return the model file's content."""
    table = tabulate(answers)
    log(f"{len(answers)} answers, {len(table.credits)} points, {len(np.unique(table.questions))} questions")
    predicted = cross_validate(table)
    figures = report(table, predicted)
    for name, row in figures.items():
        log(f"{name:26s} " + "  ".join(f"{key} {value}" for key, value in row.items()))
    every = np.ones(len(answers), bool)
    rows = confidence_table(table, predicted.credits)
    form = fit_presentation(table, share_by_answer(table, table.credits), every)
    gates = {
        code: {
            "intercept": round(intercept, 6),
            "coefficients": {n: round(float(c), 6) for n, c in zip(GATES[code], coefficients, strict=True)},
        }
        for code, (intercept, coefficients) in fit_gates(table, every).items()
    }
    return {
        "version": VERSION,
        "provenance": {
            "answers": len(answers),
            "questions": sorted(set(table.questions.tolist())),
            "data": digest(answers),
            "cross_validation": f"{FOLDS} folds by question",
            "agreement": figures,
        },
        "thresholds": [LOW, HIGH],
        "confidence": rows,
        "gate_from": GATE_FROM,
        "gate_to": GATE_TO,
        "gates": gates,
        "presentation": {
            "intercept": round(float(form.intercept_), 6),
            **{name: round(float(c), 6) for name, c in zip(table.form_names, form.coef_, strict=True)},
        },
        "interval_base": INTERVAL_BASE,
        "interval_scale": round(interval_scale(table, predicted, rows), 4),
        "credit": export_boosting(fit_credit(table, every), POINT_FEATURES),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--marked", type=Path, action="append", default=[], help="folder of marked questions (JSON)")
    parser.add_argument("--only-marked", action="store_true", help="leave the bank's own answers out")
    arguments = parser.parse_args()
    model = build(everything(arguments.marked, None if arguments.only_marked else Bank.open()), print)
    arguments.out.write_text(json.dumps(model, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
