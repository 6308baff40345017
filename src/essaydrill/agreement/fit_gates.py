"""The judgements of the whole answer: small logistic regressions that tell flawed answers from honest ones."""

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from essaydrill.agreement.table import STRANGE, Floats, Mask, Table
from essaydrill.scoring.features import ANSWER_FEATURES
from essaydrill.scoring.gate import FOREIGN_FROM, FOREIGN_TO

# How sentences are made, whatever they are about: a scrambled answer has the right words in the right number.
SENTENCE_FEATURES = ("naturalness", "sequence", "function_words", "clause_length", "clause_spread", "word_length")
GATES: Mapping[str, tuple[str, ...]] = {
    "keyword_stuffing": ANSWER_FEATURES,
    "empty_talk": ANSWER_FEATURES,
    "reversed": ANSWER_FEATURES,
    "off_task": ANSWER_FEATURES,
    "scrambled": SENTENCE_FEATURES,
}
# C of the judgements, chosen by cross-validation among 0.07, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, 1: what looks like a
# reversal is said by honest candidates too.
GATE_STRENGTH = {"keyword_stuffing": 0.3, "empty_talk": 0.1, "reversed": 0.1, "off_task": 0.3, "scrambled": 0.12}
GATE_FROM, GATE_TO = 0.65, 0.85  # the lowest at which few honest answers are hurt
# Withheld references are honest, but say little of how candidates write. Made-up answers count for less than written
# ones, but for scrambled words, of which all examples are made up. Answers to other questions are many.
REAL_WEIGHTS = {"marked": 1.0, "specimen": 1.0, "drill": 0.2, "reference": 0.3}
MADE_UP_WEIGHT, STRANGER_WEIGHT = 0.2, 0.1


def fit_gates(
    table: Table, chosen: Mask, gates: Mapping[str, Sequence[str]] = GATES
) -> dict[str, tuple[float, Floats]]:
    """Intercept and coefficients on raw features of each judgement."""
    fitted = {}
    for code, names in gates.items():
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
        head = LogisticRegression(C=GATE_STRENGTH[code], max_iter=5000)
        real = np.array([REAL_WEIGHTS[answer.source] for answer in table.answers])[mask]
        head.fit(scaler.transform(rows), guilty, sample_weight=np.concatenate([real, weights]))
        coefficients = head.coef_[0] / scaler.scale_
        fitted[code] = (float(head.intercept_[0] - (coefficients * scaler.mean_).sum()), coefficients)
    return fitted


def gate_probabilities(
    rows: Floats, fitted: Mapping[str, tuple[float, Floats]], gates: Mapping[str, Sequence[str]] = GATES
) -> Floats:
    """From answers' features, shape (n, answer features), to what each judgement says, shape (n, gates)."""
    columns = []
    for code, (intercept, coefficients) in fitted.items():
        chosen = rows[:, [ANSWER_FEATURES.index(name) for name in gates[code]]]
        columns.append(1 / (1 + np.exp(-np.clip(intercept + chosen @ coefficients, -50, 50))))
    return np.stack(columns, axis=1)


def gate_factor(probabilities: Floats, rows: Floats) -> Floats:
    """What the judgements leave of the points: from `gate_probabilities` and the same answers' features, shape (n,)."""
    cost = np.clip((probabilities - GATE_FROM) / (GATE_TO - GATE_FROM), 0, 1)
    contrast = rows[:, ANSWER_FEATURES.index("contrast")]
    foreign = np.clip((FOREIGN_FROM - contrast) / (FOREIGN_FROM - FOREIGN_TO), 0, 1)
    factor: Floats = np.prod(1 - cost, axis=1) * (1 - foreign)
    return factor
