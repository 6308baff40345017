"""Every answer marked by models that have not seen its question, and how that agrees with people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from essaydrill.agreement.fit_credit import REVERSED_WEIGHT, decide, fit_credit
from essaydrill.agreement.fit_gates import GATES, fit_gates, gate_factor, gate_probabilities
from essaydrill.agreement.fit_presentation import fit_presentation, with_content
from essaydrill.agreement.metrics import mae, qwk
from essaydrill.agreement.table import Floats, Mask, Table, share_by_answer
from essaydrill.scoring.features import POINT_FEATURES

FOLDS = 7
STRATA = ("all", "ordinary", "paraphrase", "adversarial")
FAR = 0.3  # of the full mark
HURT = 0.1  # of the full mark: what a judgement may cost an honest answer


@dataclass(frozen=True)
class Recipe:
    """What the models see: the features of a point, the judgements with theirs, the weight of reversed answers."""

    points: Sequence[str] = POINT_FEATURES
    gates: Mapping[str, Sequence[str]] = field(default_factory=lambda: GATES)
    reversed_weight: float = REVERSED_WEIGHT


@dataclass(frozen=True)
class Prediction:
    """Of n answers, m points of all of them, and s points of answers to other questions."""

    credits: Floats  # (m,) predicted, before judgements
    factor: Floats  # (n,) what the judgements leave
    totals: Floats  # (n,) marks as a share of the full mark
    doubt: Floats  # (n,) the highest probability of any judgement
    strangers: Floats  # (number of such answers,) share of the points' marks that they earn


def folds(table: Table, count: int = FOLDS) -> list[Mask]:
    """Masks of the answers to leave out, whole questions at a time, the same in every run."""
    shuffled = np.random.default_rng(0).permutation(np.unique(table.questions))
    return [np.isin(table.questions, shuffled[start::count]) for start in range(count)]


def cross_validate(table: Table, recipe: Recipe | None = None) -> Prediction:
    """Predict every answer with models that have not seen its question."""
    recipe = recipe or Recipe()
    columns = [POINT_FEATURES.index(name) for name in recipe.points]
    credits, stranger_credits = np.zeros(len(table.credits)), np.zeros(len(table.stranger_rows))
    factor, doubt, form = np.ones(len(table.answers)), np.zeros(len(table.answers)), np.zeros(len(table.answers))
    human = share_by_answer(table, table.credits)
    for left_out in folds(table):
        chosen, points_out = ~left_out, left_out[table.owner]
        strange_out = np.isin(table.stranger_questions, table.questions[left_out])
        model = fit_credit(table, chosen, recipe.points, recipe.reversed_weight)
        credits[points_out] = np.clip(model.predict(table.point_rows[points_out][:, columns]), 0, 1)
        stranger = np.clip(model.predict(table.stranger_rows[strange_out][:, columns]), 0, 1)
        stranger_factor = np.ones(len(table.stranger_answer_rows))
        if recipe.gates:
            heads = fit_gates(table, chosen, recipe.gates)
            rows, strange_rows = table.answer_rows[left_out], table.stranger_answer_rows
            probabilities = gate_probabilities(rows, heads, recipe.gates)
            factor[left_out], doubt[left_out] = gate_factor(probabilities, rows), probabilities.max(axis=1)
            stranger_factor = gate_factor(gate_probabilities(strange_rows, heads, recipe.gates), strange_rows)
        stranger_credits[strange_out] = stranger * stranger_factor[table.stranger_owner[strange_out]]
        machine = share_by_answer(table, decide(credits * factor[table.owner]))
        fitted = fit_presentation(table, human, chosen)
        form[left_out] = np.clip(fitted.predict(with_content(table, machine)), 0, 1)[left_out]
    earned = np.bincount(table.stranger_owner, decide(stranger_credits) * table.stranger_marks)
    strangers = earned / np.bincount(table.stranger_owner, table.stranger_marks)
    return Prediction(credits, factor, totals(table, credits, factor, form), doubt, strangers)


def totals(table: Table, credits: Floats, factor: Floats, form: Floats) -> Floats:
    content = share_by_answer(table, decide(credits * factor[table.owner]))
    marks = table.presentation_marks
    result: Floats = (content * (table.full - marks) + form * factor * marks) / table.full
    return result


def report(table: Table, predicted: Prediction) -> dict[str, dict[str, float]]:
    """Agreement per source and stratum on totals as shares of the full mark; answers to other questions by what their
    points earn; genuine answers that a judgement costs something."""
    figures = {name: _agreement(predicted.totals[mask], table.human[mask]) for name, mask in groups(table).items()}
    strangers, hurt = predicted.strangers, lost_to_judgements(table, predicted)[table.genuine] > HURT
    figures["answers to other questions"] = {
        "n": len(strangers),
        "mean_machine": round(float(strangers.mean()), 3),
        "above_15_percent": round(float((strangers > 0.15).mean()), 3),
        "highest": round(float(strangers.max()), 3),
    }
    figures["genuine answers"] = {"n": len(hurt), "lose_to_a_judgement": round(float(hurt.mean()), 4)}
    return figures


def lost_to_judgements(table: Table, predicted: Prediction) -> Floats:
    """What the judgements of the whole answer cost, as a share of the full mark, shape (n,)."""
    before = share_by_answer(table, decide(predicted.credits))
    after = share_by_answer(table, decide(predicted.credits * predicted.factor[table.owner]))
    lost: Floats = (before - after) * (1 - table.presentation_marks / table.full)
    return lost


def groups(table: Table) -> dict[str, Mask]:
    """The answers of each source and stratum that there are."""
    strata = np.array([answer.stratum for answer in table.answers])
    sources = np.array([answer.source for answer in table.answers])
    found = {
        f"{source} {stratum}": (sources == source) & ((strata == stratum) | (stratum == "all"))
        for source in dict.fromkeys(sources.tolist())
        for stratum in STRATA
    }
    return {name: mask for name, mask in found.items() if mask.any()}


def _agreement(machine: Floats, human: Floats) -> dict[str, float]:
    return {
        "n": len(machine),
        "qwk": round(qwk(machine, human), 3),
        "mae": round(mae(machine, human), 3),
        "mean_machine": round(float(machine.mean()), 3),
        "mean_human": round(float(human.mean()), 3),
        "far_above": round(float((machine - human > FAR).mean()), 3),
        "highest_above": round(float((machine - human).max()), 3),
    }
