"""A whole run: what is there, marked chunk by chunk, kept on the way, written out whole."""

import hashlib
import os
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from essaydrill.bank import Bank
from essaydrill.errors import UsageError
from essaydrill.grading.columns import ColumnRules, Field
from essaydrill.grading.engine import Engine, Task
from essaydrill.grading.estimate import estimate
from essaydrill.grading.identify import Prompts
from essaydrill.grading.intake import Intake, Script, waves
from essaydrill.grading.limits import SCRIPT_SECONDS
from essaydrill.grading.lock import locked
from essaydrill.grading.model import FAILURES, STATUS_NAMES, Status
from essaydrill.grading.names import readable
from essaydrill.grading.outputs import (
    FORMATS,
    Folder,
    Publication,
    Publisher,
    check_formats,
    write_outputs,
    write_run,
)
from essaydrill.grading.questions import Questions
from essaydrill.grading.results import Results, write_results
from essaydrill.grading.roster import Roster, read_roster
from essaydrill.grading.shelf import RESULTS, WORKING, Shelf
from essaydrill.grading.submissions import discover
from essaydrill.grading.summary import ClassSummary
from essaydrill.grading.timing import Stopwatch
from essaydrill.grading.worker import Fault, mark_chunk, prepare
from essaydrill.scoring.calibration import Calibration

_CHUNK = 64  # answers: what a killed run loses at most for each core, and some tenths of a second of work


def default_jobs() -> int:
    """All cores, and at least two processes, so that no script can bring down the run itself."""
    return max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@dataclass(frozen=True)
class Plan:
    """What to grade and how. `prompt` is that of scripts which name none; `columns` maps fields to headings; `seconds`
    bounds the marking of one script; `ignored` names paths below the inputs that are not (yet) scripts; `publishers`
    write further formats."""

    inputs: Sequence[Path]
    out: Path
    bank: Bank
    prompt: str | None = None
    roster: Path | None = None
    columns: Mapping[Field, str] = field(default_factory=dict)
    formats: Sequence[str] = FORMATS
    jobs: int = field(default_factory=default_jobs)
    cluster: str | None = None
    force: bool = False
    seconds: float = SCRIPT_SECONDS
    calibrations: Sequence[Calibration] = ()
    ignored: frozenset[Path] = frozenset()
    publishers: Mapping[str, Publisher] = field(default_factory=dict)

    def skips(self, path: Path) -> bool:
        """Whether a path is no script: one of `ignored`, or the output folder or the roster lying among the scripts."""
        return (path.name in self._own_names and path.resolve() in self._own) or (
            bool(self.ignored) and path in self.ignored
        )

    @cached_property
    def _own(self) -> frozenset[Path]:
        return frozenset(path.resolve() for path in filter(None, (self.out, self.roster)))

    @cached_property
    def _own_names(self) -> frozenset[str]:
        return frozenset(path.name for path in filter(None, (self.out, self.roster)))


@dataclass(frozen=True)
class Progress:
    """How far a run is, in scripts."""

    done: int
    reused: int
    failed: int
    estimate: Callable[[], int]

    @property
    def total(self) -> int:
        """About how many there are, counted when it is first asked; exact when all are done."""
        return max(self.done, self.estimate())


@dataclass(frozen=True)
class Finished:
    """What a run came to: the summary of all scripts, the names of the files written, how many scripts had their marks
    from before, seconds by stage."""

    summary: ClassSummary
    files: Sequence[str]
    reused: int
    seconds: Mapping[str, float]

    @property
    def failed(self) -> int:
        return sum(self.summary.counts.get(status, 0) for status in FAILURES)


def grade(plan: Plan, tell: Callable[[Progress], None] = lambda _: None) -> Finished:
    """Mark all scripts and write `plan.out`. Interrupted, the next call goes on where this one was.

    Raises UsageError before anything is marked where the plan cannot be carried out.
    """
    check_formats(plan.formats, plan.publishers)
    prompts, questions, rules, roster = _prepare(plan)
    watch, started = Stopwatch(), datetime.now(UTC)
    with locked(plan.out / WORKING / "lock"), ExitStack() as stack:
        here = stack.enter_context(Engine(plan.jobs))
        engine = stack.enter_context(Engine(plan.jobs, plan.cluster)) if plan.cluster else here
        with Shelf(plan.out, force=plan.force) as shelf:
            intake = Intake(prompts, questions, engine, roster, plan.prompt)
            marking = _Marking(shelf, engine, questions, tell, watch, cache(lambda: estimate(plan.inputs, plan.skips)))
            digest = hashlib.sha256()
            places = array("q")
            for wave in watch.each("reading", waves(discover(plan.inputs, rules, plan.skips))):
                if intake.needs_workers(wave):
                    places.extend(marking.finish())
                with watch.stage("reading"):
                    scripts = intake.scripts(wave, shelf)
                    digest.update("".join(submission.key for submission in wave).encode())
                places.extend(marking.finish())
                marking.begin(scripts)  # goes on while the next wave is read
            places.extend(marking.finish())
            marking.tell_all()
            with watch.stage("writing"):
                write_results(plan.out, shelf, places, intake.missing())
                shelf.discard_journal()
        with watch.stage("writing"):
            sheets = {prompt: questions.sheet(prompt) for prompt in intake.prompts}

            def publish(summary: ClassSummary) -> list[str]:
                publication = Publication(plan.out, Results(plan.out / RESULTS), summary, questions.item)
                return [write(publication) for name, write in plan.publishers.items() if name in plan.formats]

            summary, files = write_outputs(Folder(plan.out, sheets), plan.formats, here, publish)
        volatile = {
            "started": started.isoformat(timespec="seconds"),
            "seconds": {name: round(seconds, 3) for name, seconds in {**watch.seconds, "total": watch.total}.items()},
            "jobs": plan.jobs,
            "cluster": plan.cluster,
            "reused": marking.reused,
        }
        inputs = {"names": [readable(path.name) for path in plan.inputs], "sha256": digest.hexdigest()}
        write_run(plan.out, {**_settled(plan, summary), "inputs": inputs}, volatile, files)
    return Finished(summary, files, marking.reused, watch.seconds)


def preview(plan: Plan) -> Iterator[Script]:
    """What would be read as what: every script as `grade` would take it in; nothing is marked or written."""
    prompts, questions, rules, roster = _prepare(plan)
    with Engine(plan.jobs, plan.cluster) as engine:
        intake = Intake(prompts, questions, engine, roster, plan.prompt)
        for wave in waves(discover(plan.inputs, rules, plan.skips)):
            yield from intake.scripts(wave)


class _Marking:
    """Marks waves of scripts, one after the other, and keeps every chunk as it is done."""

    def __init__(
        self,
        shelf: Shelf,
        engine: Engine,
        questions: Questions,
        tell: Callable[[Progress], None],
        watch: Stopwatch,
        estimate: Callable[[], int],
    ) -> None:
        self._shelf = shelf
        self._engine = engine
        self._questions = questions
        self._tell = tell
        self._watch = watch
        self._estimate = estimate
        self._counts: Counter[Status] = Counter()
        self._scripts: Sequence[Script] = ()
        self._places: dict[int, int] = {}
        self._outcomes: Iterator[tuple[Task, list[Any]]] = iter(())
        self.reused = 0

    def begin(self, scripts: Sequence[Script]) -> None:
        """Have the workers mark these; what was begun before must be finished."""
        self._scripts = scripts
        tasks = self._tasks(scripts)
        if self._engine.will_fork:
            prepare(task.shared for task in tasks)
        self._outcomes = self._engine.run(tasks)
        with self._watch.stage("keeping"):
            self._places = self._settle(scripts)
        self._report()

    def finish(self) -> list[int]:
        """The places of the lines of what was begun, in order; nothing where nothing was."""
        scripts, places = self._scripts, self._places
        for task, outcomes in self._watch.each("marking", self._outcomes):
            with self._watch.stage("keeping"):
                lines = [self._line(scripts[n], outcome) for n, outcome in zip(task.keys, outcomes, strict=True)]
                places |= zip(task.keys, self._shelf.append(lines), strict=True)
            self._report()
        self._scripts, self._places = (), {}
        return [places[n] for n in range(len(scripts))]

    def _settle(self, scripts: Sequence[Script]) -> dict[int, int]:
        """The places of those that need no marking: no answer to mark, or marked before."""
        places: dict[int, int] = {}
        new: dict[int, bytes] = {}
        for n, script in enumerate(scripts):
            if script.status == "marked" and script.result is None:
                continue
            self._counts[script.status] += 1
            self.reused += script.result is not None
            line = script.line(script.result)
            if script.place is not None and self._shelf.read(script.place) == line:
                places[n] = script.place
            else:
                new[n] = line
        return places | dict(zip(new, self._shelf.append(new.values()), strict=True))

    def _tasks(self, scripts: Sequence[Script]) -> list[Task]:
        waiting = [(s.prompt or "", n) for n, s in enumerate(scripts) if s.status == "marked" and s.result is None]
        tasks = []
        for prompt, group in groupby(sorted(waiting), key=lambda pair: pair[0]):
            numbers = [n for _, n in group]
            for start in range(0, len(numbers), _CHUNK):
                keys = numbers[start : start + _CHUNK]
                tasks.append(Task(mark_chunk, self._questions[prompt], [scripts[n].answer for n in keys], keys))
        return tasks

    def _line(self, script: Script, outcome: str | Fault) -> bytes:
        self._counts["failed" if isinstance(outcome, Fault) else "marked"] += 1
        if isinstance(outcome, Fault):
            return script.line(fault=outcome.reason)
        return script.line(outcome.encode())

    def tell_all(self) -> None:
        """To be called when nothing more will come."""
        done = self._counts.total()
        self._estimate = lambda: done
        self._report()

    def _report(self) -> None:
        done = self._counts.total()
        failed = sum(self._counts[status] for status in FAILURES)
        self._tell(Progress(done, self.reused, failed, self._estimate))


def _prepare(plan: Plan) -> tuple[Prompts, Questions, ColumnRules, Roster | None]:
    for given in plan.inputs:
        if not given.exists():
            raise UsageError(f"{readable(str(given))}：找不到这个文件或文件夹，请检查路径")
    questions = Questions(plan.bank, plan.seconds, plan.calibrations)
    for prompt in {calibration.prompt for calibration in plan.calibrations} | {*filter(None, [plan.prompt])}:
        questions.check(prompt)
    prompts = Prompts(plan.bank, [each.prompt for each in plan.calibrations if each.question])
    rules = ColumnRules(plan.columns, prompts.find)
    return prompts, questions, rules, read_roster(plan.roster) if plan.roster else None


def _settled(plan: Plan, summary: ClassSummary) -> dict[str, Any]:
    """What of a run is the same whenever it is run on the same input."""
    return {
        "signatures": {each.prompt: each.signature for each in summary.prompts if each.prompt and each.signature},
        "settings": {
            "prompt": plan.prompt,
            "columns": dict(plan.columns),
            "calibrations": {each.prompt: each.hash for each in plan.calibrations},
            "seconds": plan.seconds,
            "formats": sorted(plan.formats),
            "roster": hashlib.sha256(plan.roster.read_bytes()).hexdigest() if plan.roster else None,
        },
        "counts": {status: summary.counts.get(status, 0) for status in STATUS_NAMES},
    }
