"""A folder of answers, each figure a ratio within one run on one machine:

    python benchmarks/grading.py [--answers 10000] [--obvious OBVIOUS.py] [--only speed,cores,growth,stages,kills]

speed   a whole run (all but a file for each student) on two processes against a plain jieba TF-IDF script on one core
cores   the same run on one process against two
growth  a tenth of the answers, all of them, ten times as many: time beyond a run of one answer, and peak memory
stages  where the time goes, and what segmentation alone would allow
kills   killed twenty times at random moments and resumed: the same bytes?

Seconds are of wall time; beside them stands the processor time of all processes, which other work on the machine
lengthens less. Answers are made from the specimens of one prompt by leaving out, mixing and misspelling sentences; no
two are alike.
"""

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Marked here as the command marks: one thread for matrices in each process.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

from grading_steps import LOOKED_AT, SEGMENTING, best, steps  # noqa: E402 - numpy reads the variables

from essaydrill import Bank  # noqa: E402

PROMPT = "governance-summary-01"
FORMATS = "csv,xlsx,report"  # all but a file for each student
ROUNDS = 3
KILLS = 20
COMMAND = [sys.executable, "-c", "from essaydrill.cli.app import main; main()"]


@dataclass(frozen=True)
class Measured:
    """Wall time and processor time in seconds; the peak memory of all processes in megabytes (0: not measured)."""

    seconds: float
    cpu: float
    megabytes: float


def make_answers(folder: Path, count: int) -> Path:
    """A folder of `count` answers."""
    folder.mkdir(parents=True)
    specimens = [specimen.answer for specimen in Bank.open()[PROMPT].reference.specimens]
    sentences = [sentence for text in specimens for sentence in text.split("。") if sentence.strip()]
    letters = "".join(sentences)
    rng = random.Random(1)
    for number in range(count):
        base = rng.choice(specimens).split("。")
        kept = [rng.choice(sentences) if rng.random() < 0.2 else sentence for sentence in base if rng.random() < 0.85]
        text = list("。".join(kept) + "。")
        for _ in range(len(text) // 40):
            text[rng.randrange(len(text))] = rng.choice(letters)
        (folder / f"{number:06}_考生{number}.txt").write_text("".join(text), "utf-8")
    return folder


def measure(command: list[str], home: Path, *, memory: bool = False) -> Measured:
    """Run a command to its end."""
    environment = {**os.environ, "ESSAYDRILL_HOME": str(home)}
    before, started = children_cpu(), time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    with peak_memory(process.pid) if memory else no_memory() as peak:
        code = process.wait()
    if code:
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    return Measured(time.perf_counter() - started, children_cpu() - before, peak())


def children_cpu() -> float:
    """Of all processes that this one started and that have ended, with theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def no_memory() -> Iterator[Callable[[], float]]:
    yield lambda: 0.0


@contextmanager
def peak_memory(session: int) -> Iterator[Callable[[], float]]:
    """Look ten times a second at what the processes of a session hold (shared pages counted once: PSS)."""
    peak = 0.0
    over = threading.Event()

    def look() -> None:
        nonlocal peak
        while not over.wait(0.1):
            peak = max(peak, sum(map(held, members(session))))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield lambda: peak
    finally:
        over.set()
        watcher.join()


def members(session: int) -> list[Path]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            found.append(folder)
    return found


def held(process: Path) -> float:
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def grade(answers: Path, out: Path, jobs: int) -> list[str]:
    options = {"--prompt": PROMPT, "--out": str(out), "--jobs": str(jobs), "--format": FORMATS}
    return [*COMMAND, "grade", str(answers), "--quiet", *(word for option in options.items() for word in option)]


class Bench:
    """Everything happens in one temporary folder; answers are made once for each number."""

    def __init__(self, folder: Path, answers: int) -> None:
        self.folder = folder
        self.count = answers
        self._runs = 0

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def answers(self, count: int) -> Path:
        folder = self.folder / f"answers-{count}"
        return folder if folder.exists() else make_answers(folder, count)

    def run(self, count: int, jobs: int, *, memory: bool = False) -> Measured:
        """A whole run into a new folder."""
        self._runs += 1
        return measure(grade(self.answers(count), self.folder / f"out-{self._runs}", jobs), self.home, memory=memory)

    def in_turn(self, runs: dict[str, Callable[[], Measured]]) -> dict[str, Measured]:
        """The quickest of each over some rounds, run in turn so that a slow spell strikes all alike."""
        found: dict[str, list[Measured]] = {name: [] for name in runs}
        for _ in range(ROUNDS):
            for name, run in runs.items():
                found[name].append(run())
        quickest = {name: min(each, key=lambda run: run.seconds) for name, each in found.items()}
        print(f"| n = {self.count} | seconds | answers a second | processor ms an answer |\n|---|---|---|---|")
        for name, least in quickest.items():
            rate, cpu = self.count / least.seconds, 1000 * least.cpu / self.count
            print(f"| {name} | {least.seconds:.1f} | {rate:.0f} | {cpu:.3f} |")
        return quickest

    def speed(self, obvious: Path) -> None:
        item = Bank.open()[PROMPT]
        points = [{"id": p.id, "marks": p.marks, "keywords": [*map(list, p.keywords)]} for p in item.reference.points]
        references = [reference.text for reference in item.reference.references]
        content = {"max_score": item.prompt.max_score, "limit": 400, "points": points, "references": references}
        bank = self.folder / "bank.json"
        bank.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        script = [sys.executable, "-W", "ignore", str(obvious), str(bank), str(self.answers(self.count))]
        runs = self.in_turn(
            {"the obvious script": lambda: measure(script, self.home), "grade": lambda: self.run(self.count, 2)}
        )
        plain, own = runs["the obvious script"], runs["grade"]
        print(f"\nratio {plain.seconds / own.seconds:.2f} (wanted: 5)")
        print(f"by processor time, were both cores always at work: {2 * plain.cpu / own.cpu:.2f}")

    def cores(self) -> None:
        one, two = self.in_turn(
            {"one": lambda: self.run(self.count, 1), "two": lambda: self.run(self.count, 2)}
        ).values()
        print(f"\nratio {one.seconds / two.seconds:.2f} (wanted: 1.7)")

    def growth(self) -> None:
        start = self.run(1, 2)
        print(
            f"A run of one answer takes {start.seconds:.1f} s ({start.cpu:.1f} s of processors), which is taken off.\n"
        )
        print("| answers | seconds | ms an answer | processor ms an answer | peak MB |\n|---|---|---|---|---|")
        for count in (self.count // 10, self.count, self.count * 10):
            run = self.run(count, 2, memory=True)
            each, cpu = (1000 * spent / count for spent in (run.seconds - start.seconds, run.cpu - start.cpu))
            print(f"| {count} | {run.seconds:.1f} | {each:.3f} | {cpu:.3f} | {run.megabytes:.0f} |", flush=True)

    def stages(self) -> None:
        answers, out = self.answers(self.count), self.folder / "stages"
        start, run = self.run(1, 2), measure(grade(answers, out, 2), self.home)
        found = {name: 1000 * best(step, ROUNDS) / LOOKED_AT for name, step in steps(answers, out, PROMPT).items()}
        print("| step | processor ms an answer |\n|---|---|")
        for name, milliseconds in found.items():
            print(f"| {name} | {milliseconds:.3f} |")
        whole = 1000 * (run.cpu - start.cpu) / self.count
        print(f"| the whole run, without its start ({start.cpu:.1f} s) | {whole:.3f} |")
        print(f"\nNothing but segmenting, two cores would do {2000 / found[SEGMENTING]:.0f} answers a second.")

    def kills(self) -> None:
        answers, out, whole = self.answers(self.count), self.folder / "killed", self.folder / "whole"
        seconds = measure(grade(answers, whole, 2), self.home).seconds
        rng = random.Random(3)
        killed = 0
        while killed < KILLS:
            process = subprocess.Popen(
                grade(answers, out, 2), env={**os.environ, "ESSAYDRILL_HOME": str(self.home)}, start_new_session=True
            )
            try:
                process.wait(rng.uniform(0.3, max(1.0, seconds / 4)))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                killed += 1
                process.wait()
            else:
                out.rename(self.folder / f"done-{killed}")  # it came to its end: begin anew, so that kills go on
        measure(grade(answers, out, 2), self.home)
        same = settled(out) == settled(whole)
        print(f"killed {killed} times; the same bytes: {'yes' if same else 'NO'}")
        if not same:
            raise SystemExit(1)


def settled(out: Path) -> dict[str, bytes]:
    """All files but what `run.json` says of this very run."""
    files = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    run = json.loads(files["run.json"])
    del run["run"]
    return {**files, "run.json": json.dumps(run).encode()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=10_000)
    parser.add_argument("--obvious", type=Path)
    parser.add_argument("--only", default="speed,cores,growth,stages,kills")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options.answers)
        for name in options.only.split(","):
            print(f"\n## {name}", flush=True)
            if name != "speed":
                getattr(bench, name)()
            elif options.obvious:
                bench.speed(options.obvious)


if __name__ == "__main__":
    main()
