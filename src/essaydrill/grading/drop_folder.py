"""A drop folder: scripts are marked as they arrive."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from essaydrill.grading.run import Finished, Plan, Progress, grade
from essaydrill.grading.submissions import files

State = dict[Path, tuple[int, int]]


def watch(
    plan: Plan, wait: Callable[[], bool], tell: Callable[[Progress], None] = lambda _: None
) -> Iterator[Finished]:
    """Grade whenever something has changed below the inputs; a file counts once it stays as it is between two looks.

    `wait` sleeps between looks and tells whether to go on. The output folder always shows what the inputs hold now.
    """
    before: State = {}
    graded: State = {}
    while True:
        now = _look(plan)
        arriving = frozenset(path for path, state in now.items() if before.get(path) != state)
        settled = {path: state for path, state in now.items() if path not in arriving}
        if settled != graded:
            yield grade(replace(plan, ignored=plan.ignored | arriving), tell)
            plan, graded = replace(plan, force=False), settled
        before = now
        if not wait():
            return


def _look(plan: Plan) -> State:
    """Size and time of every file."""
    state: State = {}
    for found, _, _ in files(plan.inputs, plan.skips):
        try:
            stat = found.path.lstat()
        except OSError:
            continue  # gone between two looks
        state[found.path] = (stat.st_size, stat.st_mtime_ns)
    return state
