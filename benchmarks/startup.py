"""Start-up as ratios, in one run on one machine:

    python benchmarks/startup.py [OBVIOUS.py]

The yardsticks are `python -c "import typer, rich"` and, when its path is given, a plain jieba TF-IDF script marking one
answer. Commands run in turn (A B C A B C …), so that a slow spell of the machine strikes all alike; medians are taken.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from essaydrill import Bank

ROUNDS = 15
PROMPT = "governance-summary-01"


def seconds(command: list[str], home: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        command, check=True, capture_output=True, stdin=subprocess.DEVNULL, env={**os.environ, "ESSAYDRILL_HOME": home}
    )
    return time.perf_counter() - start


def main(obvious: str | None = None) -> None:
    python = sys.executable
    item = Bank.open()[PROMPT]
    answer = item.reference.specimens[1].answer
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder, "answers")
        answers.mkdir()
        Path(answers, "one.txt").write_text(answer, "utf-8")
        essaydrill = [python, "-c", "from essaydrill.cli.app import main; main()"]
        commands = {
            "import typer, rich": [python, "-c", "import typer, rich"],
            "essaydrill --help": [*essaydrill, "--help"],
            "essaydrill list": [*essaydrill, "list"],
            "first prompt (practice)": [*essaydrill, "practice", PROMPT],
            "essaydrill score": [*essaydrill, "score", PROMPT, str(answers / "one.txt")],
        }
        if obvious:
            bank = {
                "max_score": item.prompt.max_score,
                "limit": 400,
                "points": [
                    {"id": p.id, "marks": p.marks, "keywords": [list(g) for g in p.keywords]}
                    for p in item.reference.points
                ],
                "references": [reference.text for reference in item.reference.references],
            }
            Path(folder, "bank.json").write_text(json.dumps(bank, ensure_ascii=False), "utf-8")
            commands["the obvious script"] = [python, obvious, str(Path(folder, "bank.json")), str(answers)]
        home = str(Path(folder, "home"))
        for command in commands.values():
            seconds(command, home)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(seconds(command, home))
    median = {name: statistics.median(found) for name, found in times.items()}
    for name, found in times.items():
        print(f"{name:26s} median {median[name]:.3f} s   {min(found):.3f} … {max(found):.3f}")
    start = median["import typer, rich"]
    print(f"--help / import            {median['essaydrill --help'] / start:.2f}   (at most 1.5)")
    print(f"list / --help              {median['essaydrill list'] / median['essaydrill --help']:.2f}   (at most 1.3)")
    print(f"first prompt / import      {median['first prompt (practice)'] / start:.2f}   (at most 3)")
    if obvious:
        ratio = median["essaydrill score"] / median["the obvious script"]
        print(f"score / the obvious script {ratio:.2f}   (at most 0.4)")


if __name__ == "__main__":
    main(*sys.argv[1:2])
