"""Answers per second as a ratio, in one process on one core:

    python benchmarks/throughput.py OBVIOUS.py

Both mark the same answers (the bank's specimens, repeated), prompt by prompt, in turn; medians of the rounds are taken.
"""

import os
import statistics
import sys
import time
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # one core for both

from obvious import load, plain  # noqa: E402 - numpy reads the variables when it is imported

from essaydrill import Bank, Scorer  # noqa: E402

ROUNDS, REPEATS, PROMPTS = 5, 20, 6


def main(path: str) -> None:
    obvious = load(path)
    bank = Bank.open()
    items = [bank[prompt] for prompt in list(bank)[:: len(bank) // PROMPTS][:PROMPTS]]
    answers = [[specimen.answer for specimen in item.reference.specimens] * REPEATS for item in items]
    count = sum(map(len, answers))
    ours = [Scorer(item) for item in items]
    theirs = [obvious.Obvious(plain(item)) for item in items]
    for scorer, script, texts in zip(ours, theirs, answers, strict=True):
        scorer.score_many(texts[:6])
        script.score(texts[0])
    rates: dict[str, list[float]] = {"essaydrill": [], "obvious": []}
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for scorer, texts in zip(ours, answers, strict=True):
            scorer.score_many(texts)
        middle = time.perf_counter()
        for script, texts in zip(theirs, answers, strict=True):
            for text in texts:
                script.score(text)
        rates["essaydrill"].append(count / (middle - start))
        rates["obvious"].append(count / (time.perf_counter() - middle))
    for name, found in rates.items():
        print(f"{name:12s} {statistics.median(found):8.0f} answers per second")
    ratio = statistics.median(rates["essaydrill"]) / statistics.median(rates["obvious"])
    print(f"ratio        {ratio:8.2f}   (at least 3)")


if __name__ == "__main__":
    main(str(Path(sys.argv[1])))
