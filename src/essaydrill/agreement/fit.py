"""Fit the marking model: python -m essaydrill.agreement.fit OUT [--marked FOLDER] [--no-specimens]

The credit of a point is learnt from genuine answers only; three small judgements of the whole answer (keyword heap,
reversed facts, off the task) are learnt beside it and multiply what the points earn. Everything is chosen and measured
by cross-validation that leaves out whole questions; the figures go into the file with the hash of the data.
"""

import argparse
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler

from essaydrill.agreement.corpus import GENUINE, MarkedAnswer, marked_questions, specimens
from essaydrill.agreement.metrics import mae, qwk
from essaydrill.bank import Bank
from essaydrill.scoring.features import ANSWER_FEATURES, POINT_FEATURES, compute_features
from essaydrill.scoring.lexicon import default_lexicon
from essaydrill.scoring.presentation import presentation_features, read_structure
from essaydrill.scoring.question import compile_question
from essaydrill.scoring.reading import Reading
from essaydrill.text import default_segmenter, normalise

Floats = NDArray[np.float64]

VERSION = "2026.11"
FOLDS = 7
GATES: dict[str, tuple[str, ...]] = {
    "keyword_stuffing": ANSWER_FEATURES,
    "reversed": ANSWER_FEATURES,
    "off_task": ANSWER_FEATURES,
}
GATE_STRENGTH = 0.1  # C of the judgements: chosen by cross-validation among 0.03, 0.1, 0.3, 1
GATE_FROM, GATE_TO = 0.3, 0.6
LOW, HIGH = 0.3, 0.75
BOOSTING: dict[str, Any] = {
    "n_estimators": 150,
    "max_depth": 3,
    "learning_rate": 0.05,
    "subsample": 0.7,
    "min_samples_leaf": 15,
    "random_state": 0,
}


@dataclass(frozen=True)
class Table:
    """All answers as numbers: n answers, m points of all answers together."""

    answers: Sequence[MarkedAnswer]
    point_rows: Floats  # (m, point features)
    credits: Floats  # (m,) people's
    marks: Floats  # (m,)
    owner: NDArray[np.int64]  # (m,) place of the answer
    answer_rows: Floats  # (n, answer features)
    forms: Floats  # (n, presentation features) with content 0; see `with_content`
    form_names: tuple[str, ...]

    @property
    def questions(self) -> NDArray[np.str_]:
        return np.array([answer.item.prompt.id for answer in self.answers])

    @property
    def genuine(self) -> NDArray[np.bool_]:
        return np.array([answer.stratum in GENUINE for answer in self.answers])


def tabulate(answers: Sequence[MarkedAnswer]) -> Table:
    """Compute every feature of every answer."""
    segmenter, lexicon = default_segmenter(), default_lexicon()
    compiled: dict[str, Any] = {}
    rows: list[Floats] = []
    credits: list[float] = []
    marks: list[float] = []
    owner: list[int] = []
    answer_rows: list[Floats] = []
    forms: list[dict[str, float]] = []
    for number, answer in enumerate(answers):
        item = answer.item
        key = item.prompt.id
        if key not in compiled:
            texts = [reference.text for reference in item.reference.references]
            compiled[key] = compile_question(item, item.reference.points, texts, segmenter, lexicon)
        question = compiled[key]
        reading = Reading.of(normalise(answer.text), segmenter)
        features = compute_features(question, reading, question.matcher.match(reading))
        form = presentation_features(read_structure(reading, item.prompt, item.prompt.limit), 0.0)
        rows.extend(features.points)
        credits.extend(answer.credits[point.id] for point in item.reference.points)
        marks.extend(point.marks for point in item.reference.points)
        owner.extend([number] * len(item.reference.points))
        answer_rows.append(features.answer)
        forms.append(form)
    return Table(
        answers=answers,
        point_rows=np.array(rows),
        credits=np.array(credits),
        marks=np.array(marks),
        owner=np.array(owner),
        answer_rows=np.array(answer_rows),
        forms=np.array([list(form.values()) for form in forms]),
        form_names=tuple(forms[0]),
    )


def folds(questions: NDArray[np.str_], count: int = FOLDS) -> list[NDArray[np.bool_]]:
    """Masks of the answers to leave out, whole questions at a time, the same in every run."""
    unique = np.unique(questions)
    shuffled = np.random.default_rng(0).permutation(unique)
    return [np.isin(questions, shuffled[start::count]) for start in range(count)]


def fit_credit(table: Table, chosen: NDArray[np.bool_]) -> GradientBoostingRegressor:
    mask = (chosen & table.genuine)[table.owner]
    return GradientBoostingRegressor(**BOOSTING).fit(table.point_rows[mask], table.credits[mask])


def fit_gates(table: Table, chosen: NDArray[np.bool_]) -> dict[str, tuple[float, Floats]]:
    """Intercept and coefficients on raw features of each judgement."""
    flaws = np.array([answer.flaw or "" for answer in table.answers])
    fitted = {}
    for code, names in GATES.items():
        columns = [ANSWER_FEATURES.index(name) for name in names]
        mask = chosen & (table.genuine | (flaws == code))
        scaler = StandardScaler().fit(table.answer_rows[mask][:, columns])
        head = LogisticRegression(C=GATE_STRENGTH, max_iter=5000)
        head.fit(scaler.transform(table.answer_rows[mask][:, columns]), flaws[mask] == code)
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


def fit_presentation(table: Table, content: Floats, chosen: NDArray[np.bool_]) -> Ridge:
    marked = np.array([a.item.reference.presentation > 0 and a.item.prompt.kind != "essay" for a in table.answers])
    mask = chosen & marked & table.genuine
    target = np.array([a.presentation / max(1e-9, a.item.reference.presentation) for a in table.answers])
    return Ridge(1.0).fit(with_content(table, content)[mask], target[mask])


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
    for left_out in folds(table.questions):
        chosen = ~left_out
        points_out = left_out[table.owner]
        credits[points_out] = np.clip(fit_credit(table, chosen).predict(table.point_rows[points_out]), 0, 1)
        factor[left_out] = gate_factor(gate_probabilities(table, fit_gates(table, chosen)))[left_out]
        human = share_by_answer(table, table.credits)
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
    full = np.array([a.item.prompt.max_score for a in table.answers])
    presentation = np.array([a.item.reference.presentation for a in table.answers])
    result: Floats = (content * (full - presentation) + form * factor * presentation) / full
    return result


def report(table: Table, predicted: Prediction) -> dict[str, dict[str, float]]:
    """Agreement per stratum on totals as shares of the full mark."""
    human = np.array([a.total / a.item.prompt.max_score for a in table.answers])
    strata = np.array([a.stratum for a in table.answers])
    figures = {}
    for name, mask in (("all", strata != ""), *((s, strata == s) for s in ("ordinary", "paraphrase", "adversarial"))):
        m, h = predicted.totals[mask], human[mask]
        figures[name] = {
            "n": int(mask.sum()),
            "qwk": round(qwk(m, h), 3),
            "mae": round(mae(m, h), 3),
            "mean_machine": round(float(m.mean()), 3),
            "mean_human": round(float(h.mean()), 3),
        }
    return figures


def confidence_table(table: Table, predicted: Floats) -> list[list[float]]:
    """How often a prediction of this size was missed / partial / hit, on questions left out; add-one smoothed."""
    mask = table.genuine[table.owner]
    values, credits = predicted[mask], table.credits[mask]
    rows = []
    edges = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    for lower, upper in zip([-1.0, *edges[:-1]], edges, strict=True):
        inside = credits[(values > lower) & (values <= upper)]
        counts = [1 + (inside == credit).sum() for credit in (0.0, 0.5, 1.0)]
        rows.append([upper, *(round(float(count / sum(counts)), 3) for count in counts)])
    return rows


def interval_figures(
    table: Table, predicted: Prediction, rows: list[list[float]], level: float = 0.80
) -> tuple[float, float]:
    """Base and scale of the interval: half-width = scale · (base + standard error of the content), as shares.

    Split-conformal with a normalised residual (Papadopoulos et al. 2002): `scale` is the 80 % quantile of
    |machine − human| / (base + spread) over answers whose questions were left out.
    """
    bounds = np.array([row[0] for row in rows])
    shares = np.array([row[1:] for row in rows])[np.minimum(np.searchsorted(bounds, predicted.credits), len(rows) - 1)]
    mean = shares[:, 1] / 2 + shares[:, 2]
    variance = shares[:, 1] / 4 + shares[:, 2] - mean**2
    count = len(table.answers)
    full = np.array([a.item.prompt.max_score for a in table.answers])
    spread = np.sqrt(np.bincount(table.owner, table.marks**2 * variance, count)) / full
    human = np.array([a.total for a in table.answers]) / full
    residual = np.abs(predicted.totals - human)
    base = 0.02
    return base, float(np.quantile(residual / (base + spread), level))


def export_boosting(model: GradientBoostingRegressor, features: Sequence[str]) -> dict[str, Any]:
    """The trees as plain numbers; a leaf points to itself."""
    trees = []
    for (estimator,) in model.estimators_:
        tree = estimator.tree_
        here = np.arange(tree.node_count)
        leaf = tree.children_left < 0
        trees.append(
            {
                "feature": np.where(leaf, 0, tree.feature).tolist(),
                "threshold": [round(float(t), 6) for t in np.where(leaf, 0, tree.threshold)],
                "left": np.where(leaf, here, tree.children_left).tolist(),
                "right": np.where(leaf, here, tree.children_right).tolist(),
                "value": [round(float(v), 6) for v in tree.value[:, 0, 0]],
            }
        )
    return {
        "features": list(features),
        "initial": float(model.init_.constant_[0, 0]),
        "rate": model.learning_rate,
        "depth": model.max_depth,
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
        log(f"{name:12s} " + "  ".join(f"{key} {value}" for key, value in row.items()))
    hurt = (predicted.factor[table.genuine] < 0.9).mean()
    log(f"genuine answers that lose more than a tenth to a judgement: {hurt:.1%}")
    everything = np.ones(len(answers), bool)
    rows = confidence_table(table, predicted.credits)
    base, scale = interval_figures(table, predicted, rows)
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
        "interval_base": base,
        "interval_scale": round(scale, 4),
        "derived": {},
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
    model = build(answers, print)
    arguments.out.write_text(json.dumps(model, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
