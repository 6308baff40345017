"""Fit the marking model: python -m essaydrill.agreement.fit OUT [--marked FOLDER] [--no-specimens]

The credit of a point is learnt from honest answers only; small judgements of the whole answer (keyword heap, reversed
facts, off the task, scrambled words) are learnt beside it and multiply what the points earn. Everything is chosen and
measured by cross-validation that leaves out whole questions; the figures go into the file with the hash of the data.
"""

import argparse
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler

from essaydrill.agreement.corpus import MarkedAnswer, marked_questions, specimens, withheld_references
from essaydrill.agreement.metrics import mae, qwk
from essaydrill.agreement.table import STRANGE, Floats, Mask, Table, tabulate
from essaydrill.bank import Bank
from essaydrill.scoring.features import ANSWER_FEATURES, POINT_FEATURES

VERSION = "2026.11"
FOLDS = 7
# How sentences are made, whatever they are about: a scrambled answer has the right words in the right number.
SENTENCE_FEATURES = ("naturalness", "function_words", "clause_length", "clause_spread", "listing", "word_length")
GATES: dict[str, tuple[str, ...]] = {
    "keyword_stuffing": ANSWER_FEATURES,
    "reversed": ANSWER_FEATURES,
    "off_task": ANSWER_FEATURES,
    "scrambled": SENTENCE_FEATURES,
}
GATE_STRENGTH = 0.3  # C of the judgements: chosen by cross-validation among 0.05, 0.1, 0.3, 1
GATE_FROM, GATE_TO = 0.5, 0.7
LOW, HIGH = 0.35, 0.7
FRAGMENT_WEIGHT = 0.1
# Answers to real papers count in full; specimens were written to be extreme (all in other words, style against level),
# and count for this much in the credit of points; so do withheld references.
SPECIMEN_WEIGHT = 0.3
# In the judgements: withheld references are honest, but say little of how candidates write; made-up answers, of which
# all examples of scrambled words are and count in full; answers to other questions, there and in the credit of points,
# where a weight that taught them better would take good paraphrases for them.
REFERENCE_WEIGHT = 0.3
MADE_UP_WEIGHT, STRANGER_WEIGHT, STRANGER_CREDIT_WEIGHT = 0.2, 0.1, 0.0075
INTERVAL_BASE = 0.02

# More evidence for a point never lowers its credit, and more against it never raises it.
RISING = frozenset(
    (
        "text", "keywords", "keyword_min", "keyword_max", "precision", "passage_max", "passage_mean", "bits", "total",
        "margin", "whole_text", "whole_keywords", "sense", "sense_best", "sense_any", "share_best", "share", "joint",
        "joint_margin", "peak", "ngrams",
    )
)  # fmt: skip
FALLING = frozenset(("rank", "copied", "negation", "reversal", "restriction", "fine", "opposed"))


def new_boosting(monotonic: Sequence[int]) -> HistGradientBoostingRegressor:
    """Small trees with monotonic constraints (1 rising, −1 falling, 0 free), the same in every run."""
    return HistGradientBoostingRegressor(
        max_iter=150,
        learning_rate=0.06,
        max_leaf_nodes=8,
        min_samples_leaf=20,
        l2_regularization=1.0,
        monotonic_cst=list(monotonic),
        early_stopping=False,
        random_state=0,
    )


def folds(table: Table, count: int = FOLDS) -> list[Mask]:
    """Masks of the answers to leave out, whole questions at a time, the same in every run."""
    shuffled = np.random.default_rng(0).permutation(np.unique(table.questions))
    return [np.isin(table.questions, shuffled[start::count]) for start in range(count)]


def fit_credit(table: Table, chosen: Mask) -> HistGradientBoostingRegressor:
    mask = (chosen & table.honest)[table.owner]
    made_up = chosen[table.fragment_owner]
    strange = np.isin(table.stranger_questions, table.questions[chosen])
    rows = np.vstack([table.point_rows[mask], table.fragment_rows[made_up], table.stranger_rows[strange]])
    credits = np.concatenate([table.credits[mask], table.fragment_credits[made_up], np.zeros(strange.sum())])
    worth = np.array([1.0 if answer.source == "marked" else SPECIMEN_WEIGHT for answer in table.answers])
    weights = np.concatenate(
        [
            worth[table.owner[mask]],
            worth[table.fragment_owner[made_up]] * FRAGMENT_WEIGHT,
            np.full(strange.sum(), STRANGER_CREDIT_WEIGHT),
        ]
    )
    monotonic = [int(name in RISING) - int(name in FALLING) for name in POINT_FEATURES]
    return new_boosting(monotonic).fit(rows, credits, sample_weight=weights)


def fit_gates(table: Table, chosen: Mask) -> dict[str, tuple[float, Floats]]:
    """Intercept and coefficients on raw features of each judgement."""
    fitted = {}
    for code, names in GATES.items():
        columns = [ANSWER_FEATURES.index(name) for name in names]
        mask = chosen & (table.genuine | (table.flaws == code))
        strange = (table.made_up_flaws == STRANGE) & (code == "off_task")
        made_up = np.isin(table.made_up_questions, table.questions[chosen]) & (
            np.isin(table.made_up_flaws, [code, ""]) | strange
        )
        rows = np.vstack([table.answer_rows[mask], table.made_up_rows[made_up]])[:, columns]
        guilty = np.concatenate([table.flaws[mask] == code, table.made_up_flaws[made_up] != ""])
        weights = np.where(strange, STRANGER_WEIGHT, 1.0 if code == "scrambled" else MADE_UP_WEIGHT)[made_up]
        scaler = StandardScaler().fit(rows)
        head = LogisticRegression(C=GATE_STRENGTH, max_iter=5000)
        real = np.array([REFERENCE_WEIGHT if a.source == "reference" else 1.0 for a in table.answers])[mask]
        head.fit(scaler.transform(rows), guilty, sample_weight=np.concatenate([real, weights]))
        coefficients = head.coef_[0] / scaler.scale_
        fitted[code] = (float(head.intercept_[0] - (coefficients * scaler.mean_).sum()), coefficients)
    return fitted


def gate_probabilities(table: Table, fitted: dict[str, tuple[float, Floats]]) -> Floats:
    """Shape (answers, gates)."""
    columns = []
    for code, (intercept, coefficients) in fitted.items():
        rows = table.answer_rows[:, [ANSWER_FEATURES.index(name) for name in GATES[code]]]
        columns.append(1 / (1 + np.exp(-np.clip(intercept + rows @ coefficients, -50, 50))))
    return np.stack(columns, axis=1)


def gate_factor(probabilities: Floats) -> Floats:
    cost = np.clip((probabilities - GATE_FROM) / (GATE_TO - GATE_FROM), 0, 1)
    factor: Floats = np.prod(1 - cost, axis=1)
    return factor


def fit_presentation(table: Table, content: Floats, chosen: Mask) -> Ridge:
    essays = np.array([answer.item.prompt.kind == "essay" for answer in table.answers])
    mask = chosen & table.genuine & (table.presentation_marks > 0) & ~essays
    given = np.array([answer.presentation for answer in table.answers])
    return Ridge(1.0).fit(with_content(table, content)[mask], given[mask] / table.presentation_marks[mask])


def with_content(table: Table, content: Floats) -> Floats:
    rows = table.forms.copy()
    rows[:, table.form_names.index("content")] = content
    rows[:, table.form_names.index("content_root")] = np.sqrt(content)
    return rows


def share_by_answer(table: Table, credits: Floats) -> Floats:
    """The share of the points' marks that each answer earns, shape (answers,)."""
    count = len(table.answers)
    earned = np.bincount(table.owner, credits * table.marks, count)
    shares: Floats = earned / np.bincount(table.owner, table.marks, count)
    return shares


@dataclass(frozen=True)
class Prediction:
    credits: Floats  # (m,) predicted, before judgements
    factor: Floats  # (n,)
    totals: Floats  # (n,) marks as a share of the full mark


def cross_validate(table: Table) -> Prediction:
    """Predict every answer with models that have not seen its question."""
    credits = np.zeros(len(table.credits))
    factor = np.ones(len(table.answers))
    form = np.zeros(len(table.answers))
    human = share_by_answer(table, table.credits)
    for left_out in folds(table):
        chosen = ~left_out
        points_out = left_out[table.owner]
        credits[points_out] = np.clip(fit_credit(table, chosen).predict(table.point_rows[points_out]), 0, 1)
        factor[left_out] = gate_factor(gate_probabilities(table, fit_gates(table, chosen)))[left_out]
        machine = share_by_answer(table, decide(credits * factor[table.owner]))
        fitted = fit_presentation(table, human, chosen)
        form[left_out] = np.clip(fitted.predict(with_content(table, machine)), 0, 1)[left_out]
    return Prediction(credits, factor, totals(table, credits, factor, form))


def decide(predicted: Floats) -> Floats:
    """Hit, partial, missed as 1, 0.5, 0."""
    decided: Floats = np.where(predicted >= HIGH, 1.0, np.where(predicted >= LOW, 0.5, 0.0))
    return decided


def totals(table: Table, credits: Floats, factor: Floats, form: Floats) -> Floats:
    content = share_by_answer(table, decide(credits * factor[table.owner]))
    marks = table.presentation_marks
    result: Floats = (content * (table.full - marks) + form * factor * marks) / table.full
    return result


def report(table: Table, predicted: Prediction) -> dict[str, dict[str, float]]:
    """Agreement per source and stratum on totals as shares of the full mark."""
    strata = np.array([answer.stratum for answer in table.answers])
    sources = np.array([answer.source for answer in table.answers])
    groups = {
        f"{source} {stratum}": (sources == source) & ((strata == stratum) | (stratum == "all"))
        for source in dict.fromkeys(sources.tolist())
        for stratum in ("all", "ordinary", "paraphrase", "adversarial")
        if np.any((sources == source) & ((strata == stratum) | (stratum == "all")))
    }
    figures = {}
    for name, mask in groups.items():
        machine, human = predicted.totals[mask], table.human[mask]
        figures[name] = {
            "n": int(mask.sum()),
            "qwk": round(qwk(machine, human), 3),
            "mae": round(mae(machine, human), 3),
            "mean_machine": round(float(machine.mean()), 3),
            "mean_human": round(float(human.mean()), 3),
        }
    return figures


def confidence_table(table: Table, predicted: Floats) -> list[list[float]]:
    """How often a prediction of this size was missed / partial / hit, on questions left out; add-one smoothed."""
    mask = table.honest[table.owner]
    values, credits = predicted[mask], table.credits[mask]
    rows = []
    edges = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    for lower, upper in zip([-1.0, *edges[:-1]], edges, strict=True):
        inside = credits[(values > lower) & (values <= upper)]
        counts = [1 + (inside == credit).sum() for credit in (0.0, 0.5, 1.0)]
        rows.append([upper, *(round(float(count / sum(counts)), 3) for count in counts)])
    return rows


def interval_scale(table: Table, predicted: Prediction, rows: list[list[float]], level: float = 0.80) -> float:
    """Scale of the interval: half-width = scale · (base + standard error of the content), as shares of the full mark.

    Split-conformal with a normalised residual (Papadopoulos et al. 2002): the 80 % quantile of
    |machine − human| / (base + spread) over answers whose questions were left out.
    """
    bounds = np.array([row[0] for row in rows])
    shares = np.array([row[1:] for row in rows])[np.minimum(np.searchsorted(bounds, predicted.credits), len(rows) - 1)]
    mean = shares[:, 1] / 2 + shares[:, 2]
    variance = shares[:, 1] / 4 + shares[:, 2] - mean**2
    spread = np.sqrt(np.bincount(table.owner, table.marks**2 * variance, len(table.answers))) / table.full
    return float(np.quantile(np.abs(predicted.totals - table.human) / (INTERVAL_BASE + spread), level))


def export_boosting(model: HistGradientBoostingRegressor, features: Sequence[str]) -> dict[str, Any]:
    """The trees as plain numbers; a leaf points to itself."""
    trees = []
    depth = 0
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        here = np.arange(len(nodes))
        depth = max(depth, int(nodes["depth"].max()))
        trees.append(
            {
                "feature": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
                "threshold": [round(float(t), 7) for t in np.where(leaf, 0, nodes["num_threshold"])],
                "left": np.where(leaf, here, nodes["left"]).tolist(),
                "right": np.where(leaf, here, nodes["right"]).tolist(),
                "value": [round(float(value), 8) for value in np.where(leaf, nodes["value"], 0)],
            }
        )
    return {
        "features": list(features),
        "initial": float(np.ravel(model._baseline_prediction)[0]),
        "depth": depth,
        "trees": trees,
    }


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
        log(f"{name:22s} " + "  ".join(f"{key} {value}" for key, value in row.items()))
    hurt = (predicted.factor[table.genuine] < 0.9).mean()
    log(f"genuine answers that lose more than a tenth to a judgement: {hurt:.1%}")
    everything = np.ones(len(answers), bool)
    rows = confidence_table(table, predicted.credits)
    form = fit_presentation(table, share_by_answer(table, table.credits), everything)
    gates = {
        code: {
            "intercept": round(intercept, 6),
            "coefficients": {n: round(float(c), 6) for n, c in zip(GATES[code], coefficients, strict=True)},
        }
        for code, (intercept, coefficients) in fit_gates(table, everything).items()
    }
    return {
        "version": VERSION,
        "provenance": {
            "answers": len(answers),
            "questions": sorted(set(table.questions.tolist())),
            "data": digest(answers),
            "cross_validation": f"{FOLDS} folds by question",
            "agreement": figures,
            "genuine_hurt_by_gate": round(float(hurt), 4),
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
        "credit": export_boosting(fit_credit(table, everything), POINT_FEATURES),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--marked", type=Path, action="append", default=[], help="folder of marked questions (JSON)")
    parser.add_argument("--no-specimens", action="store_true", help="leave the bank's own specimens out")
    arguments = parser.parse_args()
    answers = [answer for folder in arguments.marked for answer in marked_questions(folder)]
    if not arguments.no_specimens:
        answers += specimens(Bank.open())
    answers += withheld_references({answer.item.digest: answer.item for answer in answers}.values())
    model = build(answers, print)
    arguments.out.write_text(json.dumps(model, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
