"""Agreement on exam answers, on questions left out of the fit, and what each part buys:

    python benchmarks/agreement/exam_answers.py FOLDER [OBVIOUS.py]

FOLDER holds marked questions in JSON (see CONTRIBUTING.md); the bank's own specimens and drills are measured beside
them. All models are cross-validated by question, with the settings of the shipped model. OBVIOUS.py is the script that
benchmarks/obvious.py describes.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from obvious import load, plain

from essaydrill.agreement.crossed import Prediction, Recipe, cross_validate, groups, report
from essaydrill.agreement.fit import everything
from essaydrill.agreement.fit_gates import GATES
from essaydrill.agreement.metrics import mae, qwk
from essaydrill.agreement.table import Floats, Table, tabulate
from essaydrill.agreement.uncertainty import crossed_intervals
from essaydrill.bank import Bank
from essaydrill.scoring.features import NOVEL_SENSE, POINT_FEATURES

MEANING = ("sense", "sense_best", "sense_any", "share", "share_best", "joint", "joint_margin", "joint_others", "rank")
KEYWORDS = ("keywords", "keyword_min", "keyword_max", "whole_keywords", "keyword_groups")
POLARITY = ("negation", "reversal", "restriction", "fine", "opposed")
PASSAGES = ("passage_max", "passage_mean", "ngrams")
POLARITY_OF_ANSWER = (
    *(f"{name}_{of}" for name in POLARITY[:4] for of in ("excess", "share", "to_references", "to_materials")),
    "opposed_excess",
    "opposed_share",
)
PLAIN_FROM, PLAIN_TO = 0.3, 0.8  # of the weighted sum that ranks windows, for marks without any fitted part


def without(recipe: Recipe, points: Sequence[str] = (), answer: Sequence[str] = ()) -> Recipe:
    return replace(
        recipe,
        points=tuple(name for name in recipe.points if name not in points),
        gates={code: tuple(name for name in names if name not in answer) for code, names in recipe.gates.items()},
    )


def recipes() -> Mapping[str, Recipe]:
    full = Recipe()
    return {
        "without judgements of the whole": replace(full, gates={}),
        "without the judgement of reversal": replace(full, gates={k: v for k, v in GATES.items() if k != "reversed"}),
        "without novel words": without(full, answer=NOVEL_SENSE),
        "without other subjects": without(full, answer=("contrast",)),
        "without polarity": without(full, POLARITY, POLARITY_OF_ANSWER),
        "without meaning": without(full, MEANING, ("mean_joint", "mean_sense", "theme", "direction")),
        "without keyword groups": without(full, KEYWORDS, ("median_keywords",)),
        "without passages of references": without(full, PASSAGES, ("reference_pairs", "reference_ngrams")),
        "without reversed answers in the credit": replace(full, reversed_weight=0.0),
        "essaydrill": full,
    }


def unfitted(table: Table) -> Prediction:
    """Each point by the weighted sum that ranks windows, nothing learnt."""
    sums = table.point_rows[:, POINT_FEATURES.index("total")]
    credits = np.clip((sums - PLAIN_FROM) / (PLAIN_TO - PLAIN_FROM), 0, 1)
    earned = np.bincount(table.owner, credits * table.marks) / np.bincount(table.owner, table.marks)
    ones = np.ones(len(table.answers))
    return Prediction(credits, ones, earned, 0 * ones, np.zeros(1))


def obvious(path: Path, table: Table) -> Floats:
    script = load(str(path))
    scripts = {a.item.prompt.id: script.Obvious(plain(a.item)) for a in table.answers if a.source == "marked"}
    marked = [scripts[a.item.prompt.id].score(a.text) if a.source == "marked" else np.nan for a in table.answers]
    return np.array(marked)


def line(name: str, table: Table, totals: Floats, predicted: Prediction | None) -> str:
    masks = groups(table)
    cells = [
        f"{qwk(totals[masks['marked all']], table.human[masks['marked all']]):.2f}",
        f"{qwk(totals[masks['marked ordinary']], table.human[masks['marked ordinary']]):.2f}",
        f"{mae(totals[masks['marked paraphrase']], table.human[masks['marked paraphrase']]):.2f}",
    ]
    adversarial = masks["marked adversarial"]
    above = totals[adversarial] - table.human[adversarial]
    cells += [f"{totals[adversarial].mean():.2f}", f"{(above > 0.3).mean():.0%}", f"{above.max():.2f}"]
    if predicted and len(predicted.strangers) > 1:
        figures = report(table, predicted)
        cells += [f"{figures['answers to other questions']['above_15_percent']:.1%}"]
        cells += [f"{figures['genuine answers']['lose_to_a_judgement']:.1%}"]
    else:
        cells += ["–", "–"]
    return f"| {name} | {' | '.join(cells)} |"


def strata(table: Table, predicted: Prediction) -> list[str]:
    low, high = crossed_intervals(table, predicted)
    inside = (low <= table.human + 1e-9) & (table.human <= high + 1e-9)
    figures = report(table, predicted)
    rows = []
    for name, mask in groups(table).items():
        source, stratum = name.split()
        if source == "reference" and stratum == "all":
            continue
        row = figures[name]
        rows.append(
            f"| {source} | {stratum} | {row['n']} | {row['qwk']:.2f} | {row['mae']:.2f} | {row['mean_machine']:.2f} | "
            f"{row['mean_human']:.2f} | {row['highest_above']:.2f} | {inside[mask].mean():.2f} | "
            f"{(high - low)[mask].mean():.2f} |"
        )
    return rows


def main(folder: Path, script: Path | None) -> None:
    table = tabulate(everything([folder], Bank.open()))
    print(
        "| marked | QWK all | ordinary | paraphrase MAE | adversarial mean | far above | highest above | "
        "other questions above 15 % | honest that lose |"
    )
    if script:
        print(line("the obvious script", table, obvious(script, table), None))
    plain = unfitted(table)
    print(line("nothing fitted", table, plain.totals, None))
    predicted = plain
    for name, recipe in recipes().items():
        predicted = cross_validate(table, recipe)
        print(line(name, table, predicted.totals, predicted), flush=True)
    print("\n| set | stratum | n | QWK | MAE | machine | marker | highest above | range holds | its width |")
    print("\n".join(strata(table, predicted)))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit((__doc__ or "").strip())
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
