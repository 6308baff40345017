"""Agreement on questions of which only marked answers are known, calibrated on some of them:

    python benchmarks/agreement/science.py FILE.jsonl [N]

FILE has question_id, answer, score and max_score in every line (and marker_1, marker_2 where two people marked). For
each question N random answers (50) are calibrated on and the rest is marked; QWK and MAE are means over five draws.
The obvious way is a ridge regression on TF-IDF character n-grams, fitted on the same answers.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge

from essaydrill import Scorer
from essaydrill.agreement.calibrate import HandMarked, calibrate_own
from essaydrill.agreement.metrics import mae, qwk

DRAWS = 5
# The questions as the answers show them; the data set gives none.
TASKS = {"1": "为什么钻石能划开玻璃？", "2": "为什么红色的衣服看上去是红色的？", "3": "什么是人工智能？"}


def obvious(known: list[dict[str, Any]], others: list[dict[str, Any]]) -> np.ndarray:
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3)).fit([row["answer"] for row in known])
    model = Ridge(1.0).fit(vectorizer.transform([row["answer"] for row in known]), [row["score"] for row in known])
    return np.clip(model.predict(vectorizer.transform([row["answer"] for row in others])), 0, known[0]["max_score"])


def measure(task: str, rows: list[dict[str, Any]], count: int, seed: int) -> dict[str, tuple[float, float]]:
    order = np.random.default_rng(seed).permutation(len(rows))
    known, others = [rows[i] for i in order[:count]], [rows[i] for i in order[count:]]
    full = rows[0]["max_score"]
    found = calibrate_own(task, "question", full, [HandMarked(row["answer"], row["score"]) for row in known])
    item = found.item()
    assert item is not None
    texts = [row["answer"] for row in others]
    human = np.array([row["score"] for row in others]) / full
    marks = {
        "TF-IDF ridge": obvious(known, others),
        "references alone": np.array([result.score for result in Scorer(item).score_many(texts)]),
        "essaydrill": np.array([result.score for result in Scorer(item, calibration=found).score_many(texts)]),
    }
    return {name: (qwk(found / full, human), mae(found / full, human)) for name, found in marks.items()}


def main(path: str, count: int) -> None:
    questions: dict[str, list[dict[str, Any]]] = {}
    for line in Path(path).read_text("utf-8").splitlines():
        row = json.loads(line)
        questions.setdefault(row["question_id"], []).append(row)
    means: dict[str, list[tuple[float, float]]] = {}
    for name, rows in questions.items():
        drawn = [measure(TASKS.get(name, "回答问题。"), rows, count, seed) for seed in range(DRAWS)]
        for way in drawn[0]:
            figures = np.mean([each[way] for each in drawn], axis=0)
            means.setdefault(way, []).append((figures[0], figures[1]))
            print(f"question {name}  {way:18s} QWK {figures[0]:.3f}  MAE {figures[1]:.3f}")
        if "marker_2" in rows[0]:
            people = qwk([row["marker_2"] for row in rows], [row["marker_1"] for row in rows])
            print(f"question {name}  {'two people':18s} QWK {people:.3f}")
    for way, figures in means.items():
        average = np.mean(figures, axis=0)
        print(f"all questions, {count} marked answers  {way:18s} QWK {average[0]:.3f}  MAE {average[1]:.3f}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit((__doc__ or "").strip())
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 50)
