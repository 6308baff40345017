"""Fit the model for short answers: python -m essaydrill.agreement.fit_short OUT --marked FILE…

A FILE is JSON lines with question_id, question, references, answer, score and max_score. Every figure comes from
models that have not seen the question: one question is left out at a time.
"""

import argparse
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from essaydrill.agreement.fit_credit import export_boosting
from essaydrill.agreement.metrics import mae, qwk
from essaydrill.agreement.seen import task_digest
from essaydrill.scoring.lexicon import default_lexicon
from essaydrill.scoring.reading import Reading
from essaydrill.scoring.short_answer import combined, item_credits
from essaydrill.scoring.short_features import (
    SHORT_FEATURES,
    Floats,
    ShortFeatures,
    ShortReference,
    compile_reference,
    hold_against,
)
from essaydrill.text import default_segmenter

VERSION = "2026.11"
LISTED_POWER = 2.0  # chosen among 1, 1.5, 2, 3 and 4; all are within 0.02 of it
# More of what is said never lowers a mark; the number of points only tells long references from short ones.
_RISING = frozenset(("coverage", "support", "recall", "pairs", "formulas_found", "verdict"))
_FALLING = frozenset(("formulas_missing",))
_LEAST_WIDTH = 0.05
# Nobody in the data answers another question: some of such answers are made up, worth nothing. Their weight, as a share
# of the genuine answers', was chosen among 0, 0.05, 0.1, 0.2 and 0.4: it halves what they get and costs 0.02 of QWK.
OFF_TASK, OFF_TASK_WEIGHT = 20, 0.2
_EDGES = (0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class ShortAnswer:
    """One answer with a person's mark as a share of the full mark."""

    source: str
    question: str
    task: str
    references: tuple[str, ...]
    text: str
    share: float


@dataclass(frozen=True)
class Held:
    """An answer held against each reference; none of either where nothing is written."""

    references: tuple[ShortReference, ...]
    features: tuple[ShortFeatures, ...]

    @property
    def listed(self) -> bool:
        return bool(self.references) and self.references[self.nearest].listed

    @property
    def nearest(self) -> int:
        return max(range(len(self.features)), key=lambda place: self.features[place].nearness)


@dataclass(frozen=True)
class OffTask:
    """An answer to `other` held against the nearest reference of `question`."""

    question: str
    other: str
    row: Floats


def read_short_answers(path: Path) -> Iterator[ShortAnswer]:
    """The answers of one file; its name is their source."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield ShortAnswer(
            source=path.stem,
            question=f"{path.stem} {row['question_id']}",
            task=row["question"],
            references=tuple(row["references"]),
            text=row["answer"],
            share=row["score"] / row["max_score"],
        )


def hold(answers: Sequence[ShortAnswer]) -> list[Held]:
    """Compute every figure of every answer."""
    segmenter, lexicon = default_segmenter(), default_lexicon()
    compiled: dict[tuple[str, str], ShortReference] = {}
    held = []
    for answer in answers:
        reading = Reading.of(answer.text, segmenter)
        references = []
        for text in () if reading.is_empty else answer.references:
            key = (answer.task, text)
            if key not in compiled:
                compiled[key] = compile_reference(text, answer.task, 1.0, segmenter, lexicon)
            references.append(compiled[key])
        held.append(Held(tuple(references), tuple(hold_against(each, reading, lexicon) for each in references)))
    return held


def off_task(answers: Sequence[ShortAnswer], held: Sequence[Held]) -> list[OffTask]:
    """Good answers to other questions of the same source, for every question that is not an enumeration."""
    segmenter, lexicon = default_segmenter(), default_lexicon()
    random = np.random.default_rng(0)
    asked = {a.question: (a.source, each) for a, each in zip(answers, held, strict=True) if each.references}
    made_up = []
    for question, (source, there) in asked.items():
        if there.listed:
            continue
        others = [a for a in answers if a.source == source and a.question != question and a.share >= 0.5]
        for i in random.permutation(len(others))[:OFF_TASK]:
            reading = Reading.of(others[i].text, segmenter)
            if not reading.is_empty:
                features = [hold_against(reference, reading, lexicon) for reference in there.references]
                nearest = max(features, key=lambda each: each.nearness)
                made_up.append(OffTask(question, others[i].question, nearest.row))
    return made_up


def fit_share(
    answers: Sequence[ShortAnswer], held: Sequence[Held], made_up: Sequence[OffTask], left_out: str | None = None
) -> HistGradientBoostingRegressor:
    """Boosting of small trees with monotonic constraints; every question weighs as the root of its answers.

    `left_out` names a question of which nothing may be seen.
    """
    kept = [i for i, a in enumerate(answers) if a.question != left_out and held[i].references and not held[i].listed]
    negatives = [each for each in made_up if left_out not in (each.question, each.other)]
    counts: dict[str, int] = {}
    for i in kept:
        counts[answers[i].question] = counts.get(answers[i].question, 0) + 1
    return HistGradientBoostingRegressor(
        max_iter=80,
        learning_rate=0.06,
        max_leaf_nodes=4,
        min_samples_leaf=20,
        l2_regularization=1.0,
        monotonic_cst=[int(name in _RISING) - int(name in _FALLING) for name in SHORT_FEATURES],
        early_stopping=False,
        random_state=0,
    ).fit(
        np.array([held[i].features[held[i].nearest].row for i in kept] + [each.row for each in negatives]),
        np.array([answers[i].share for i in kept] + [0.0] * len(negatives)),
        sample_weight=np.array(
            [counts[answers[i].question] ** -0.5 for i in kept]
            + [OFF_TASK_WEIGHT * counts[each.question] ** 0.5 / OFF_TASK for each in negatives]
        ),
    )


def cross_validate(answers: Sequence[ShortAnswer], held: Sequence[Held]) -> Floats:
    """The share of every answer as predicted without its question, shape (answers,)."""
    made_up = off_task(answers, held)
    questions = np.array([answer.question for answer in answers])
    predicted = np.zeros(len(answers))
    for question in dict.fromkeys(questions.tolist()):
        here = np.flatnonzero(questions == question).tolist()
        needs_model = any(not reference.listed for i in here for reference in held[i].references)
        model = fit_share(answers, held, made_up, question) if needs_model else None
        predicted[here] = [predict(model, held[i]) for i in here]
    return predicted


def predict(model: HistGradientBoostingRegressor | None, held: Held) -> float:
    """As `share_of` does it, the best over the references; `model` may be None where all are enumerations."""
    shares = [0.0]
    for reference, features in zip(held.references, held.features, strict=True):
        stated = float((item_credits(LISTED_POWER, features) * reference.shares).sum())
        if reference.listed or model is None:
            shares.append(stated)
        else:
            fitted = float(np.clip(model.predict(features.row[None])[0], 0, 1))
            shares.append(combined(max(fitted, stated), features))
    return max(shares)


def report(answers: Sequence[ShortAnswer], predicted: Floats) -> dict[str, dict[str, float]]:
    """Agreement per source, all its questions together."""
    sources, human = np.array([a.source for a in answers]), np.array([a.share for a in answers])
    figures = {}
    for source in dict.fromkeys(sources.tolist()):
        mask = sources == source
        figures[source] = {
            "n": int(mask.sum()),
            "questions": len({a.question for a in answers if a.source == source}),
            "qwk": round(qwk(predicted[mask], human[mask]), 3),
            "mae": round(mae(predicted[mask], human[mask]), 3),
        }
    return figures


def interval_widths(predicted: Floats, human: Floats, level: float = 0.80) -> list[list[float]]:
    """The quantile of |human − machine| by predicted share, on questions left out (split conformal within each bin;
    Vovk 2012, "Conditional validity of inductive conformal predictors")."""
    rows = []
    for lower, upper in zip((-1.0, *_EDGES[:-1]), _EDGES, strict=True):
        distances = np.abs(predicted - human)[(predicted > lower) & (predicted <= upper)]
        rank = min(1.0, level * (1 + 1 / max(1, len(distances))))
        width = float(np.quantile(distances, rank)) if len(distances) else 0.5
        rows.append([upper, round(max(_LEAST_WIDTH, width), 3)])
    return rows


def digest(answers: Sequence[ShortAnswer]) -> str:
    """Hash of the texts and marks that were fitted."""
    content = "\x1e".join(f"{a.task}\x1f{a.references}\x1f{a.text}\x1f{a.share}" for a in answers)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def build(answers: Sequence[ShortAnswer], log: Callable[[str], None]) -> dict[str, Any]:
    """Fit everything and return the model file's content."""
    held = hold(answers)
    predicted = cross_validate(answers, held)
    figures = report(answers, predicted)
    for source, row in figures.items():
        log(f"{source:12s} " + "  ".join(f"{name} {value}" for name, value in row.items()))
    human, listed = np.array([a.share for a in answers]), np.array([each.listed for each in held])
    return {
        "version": VERSION,
        "provenance": {
            "answers": len(answers),
            "sources": sorted(figures),
            "questions": sorted({task_digest(answer.task) for answer in answers}),
            "data": digest(answers),
            "cross_validation": "one question left out at a time",
            "agreement": figures,
        },
        "listed_power": LISTED_POWER,
        "widths": interval_widths(predicted[~listed], human[~listed]),
        "listed_widths": interval_widths(predicted[listed], human[listed]),
        "share": export_boosting(fit_share(answers, held, off_task(answers, held)), SHORT_FEATURES),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--marked", type=Path, action="append", required=True, help="JSON lines with marked answers")
    arguments = parser.parse_args()
    answers = [answer for path in arguments.marked for answer in read_short_answers(path)]
    model = build(answers, print)
    arguments.out.write_text(json.dumps(model, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
