"""Agreement on short answers without a marking scheme, on questions left out of the fit:

    python benchmarks/agreement/short_answers.py FILE.jsonl…

A FILE has question_id, question, references, answer, score and max_score in every line. Printed are QWK and MAE on
marks as shares of the full mark, all answers of a file together: of the obvious way (TF-IDF cosine of words with the
nearest reference), of the marking with one question left out at a time, and of it with a part switched off.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from essaydrill.agreement.fit_short import (
    LISTED_POWER,
    Held,
    ShortAnswer,
    cross_validate,
    fit_share,
    hold,
    off_task,
    read_short_answers,
)
from essaydrill.agreement.metrics import mae, qwk
from essaydrill.scoring.short_answer import item_credits
from essaydrill.text import default_segmenter, normalise


def cosine(answers: Sequence[ShortAnswer]) -> np.ndarray:
    """Cosine of TF-IDF word vectors with the nearest reference."""
    segmenter = default_segmenter()

    def words(text: str) -> list[str]:
        return [token.word for token in segmenter.cut(normalise(text).text)]

    found = []
    for answer in answers:
        vectorizer = TfidfVectorizer(analyzer=words).fit(answer.references)
        rows = vectorizer.transform([answer.text]) @ vectorizer.transform(answer.references).T
        found.append(rows.toarray().max())
    return np.array(found)


def literal(held: Held) -> float:
    """The points' literal coverage alone, nothing fitted but its power."""
    pairs = zip(held.references, held.features, strict=True)
    return max((float((item_credits(LISTED_POWER, f) * r.shares).sum()) for r, f in pairs), default=0.0)


def without(answers: Sequence[ShortAnswer], held: Sequence[Held], *, rules: bool, listed: bool) -> np.ndarray:
    """Left-out predictions of the fitted share, without the two rules or without marking enumerations item by item."""
    questions = np.array([answer.question for answer in answers])
    predicted = np.zeros(len(answers))
    made_up = off_task(answers, held)
    for question in dict.fromkeys(questions.tolist()):
        model = fit_share(answers, held, made_up, question)
        for i in np.flatnonzero(questions == question).tolist():
            if not held[i].references:
                continue
            best = held[i].features[held[i].nearest]
            share = float(np.clip(model.predict(best.row[None])[0], 0, 1))
            if listed and held[i].listed:
                share = literal(held[i])
            elif rules and best.contradicts:
                share = 0.0
            predicted[i] = share
    return predicted


def main(paths: Sequence[str]) -> None:
    answers = [answer for path in paths for answer in read_short_answers(Path(path))]
    held = hold(answers)
    ways: dict[str, Callable[[], np.ndarray]] = {
        "TF-IDF cosine": lambda: cosine(answers),
        "literal coverage of the points": lambda: np.array([literal(each) for each in held]),
        "without item by item, without rules": lambda: without(answers, held, rules=False, listed=False),
        "without the two rules": lambda: without(answers, held, rules=False, listed=True),
        "without the rule for values": lambda: without(answers, held, rules=True, listed=True),
        "essaydrill, question left out": lambda: cross_validate(answers, held),
    }
    sources = np.array([answer.source for answer in answers])
    human = np.array([answer.share for answer in answers])
    for name, compute in ways.items():
        found = compute()
        figures = [
            f"{source} QWK {qwk(found[sources == source], human[sources == source]):.3f} "
            f"MAE {mae(found[sources == source], human[sources == source]):.3f}"
            for source in dict.fromkeys(sources.tolist())
        ]
        print(f"{name:38s} {'   '.join(figures)}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit((__doc__ or "").strip())
    main(sys.argv[1:])
