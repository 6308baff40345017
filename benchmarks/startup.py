"""Start-up as ratios, in one run on one machine:

    python benchmarks/startup.py [OBVIOUS.py]

The yardsticks are `python -c "import typer, rich"`, for the exam room `python -c "import textual"`, and, when its path
is given, a plain jieba TF-IDF script marking one answer. The exam room is timed in a pty until its first screen is
there. Commands run in turn (A B C A B C …), so that a slow spell of the machine strikes all alike; medians are taken.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pexpect

from essaydrill import Bank

ROUNDS = 15
PROMPT = "governance-summary-01"


def surroundings(home: str) -> dict[str, str]:
    """The environment of a user: with an own folder, and with compiled modules kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "ESSAYDRILL_HOME": home}


def seconds(command: list[str], home: str) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL, env=surroundings(home))
    return time.perf_counter() - start


def seconds_to_screen(command: list[str], words: str, home: str) -> float:
    """Until the words are on the first screen of the exam room."""
    environment = {**surroundings(home), "TERM": "xterm-256color"}
    start = time.perf_counter()
    terminal = pexpect.spawn(command[0], command[1:], env=environment, encoding="utf-8", dimensions=(40, 120))
    terminal.expect(words)
    taken = time.perf_counter() - start
    terminal.close(force=True)
    return taken


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
            "import textual": [python, "-c", "import textual"],
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
        screens = {
            "menu (exam room)": ([*essaydrill, "practice"], "抽一道"),
            "desk (exam room)": ([*essaydrill, "practice", PROMPT], "要求："),
        }
        times: dict[str, list[float]] = {name: [] for name in (*commands, *screens)}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(seconds(command, home))
            for name, (command, words) in screens.items():
                times[name].append(seconds_to_screen(command, words, home))
    median = {name: statistics.median(found) for name, found in times.items()}
    for name, found in times.items():
        print(f"{name:26s} median {median[name]:.3f} s   {min(found):.3f} … {max(found):.3f}")
    start = median["import typer, rich"]
    print(f"--help / import            {median['essaydrill --help'] / start:.2f}   (at most 1.5)")
    print(f"list / --help              {median['essaydrill list'] / median['essaydrill --help']:.2f}   (at most 1.3)")
    print(f"first prompt / import      {median['first prompt (practice)'] / start:.2f}   (at most 3)")
    for name in screens:
        print(f"{name} / import textual {median[name] / median['import textual']:.2f}   (at most 4)")
    if obvious:
        ratio = median["essaydrill score"] / median["the obvious script"]
        print(f"score / the obvious script {ratio:.2f}   (at most 0.4)")


if __name__ == "__main__":
    main(*sys.argv[1:2])
