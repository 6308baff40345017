"""Chunks on several processes, and what becomes of those that kill, hang or eat up their process."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from joblib.externals.loky import get_reusable_executor

from essaydrill.grading.engine import DIED, Engine, Task
from essaydrill.grading.forking import can_fork
from essaydrill.grading.isolation import TookTooLongError, limited
from essaydrill.grading.worker import Fault

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="kills its own processes"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),  # see `processes`
]


def work(shared: str, items: Sequence[str]) -> list[str]:
    return [_do(item, shared) for item in items]


def _do(item: str, shared: str) -> str:
    if item == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "hang":
        _hang()
    return item + shared


def _hang() -> None:
    """A loop that hears no signal, as in a library's C code."""
    with limited(0.2):
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        while True:
            time.sleep(0.05)


def greedy(_shared: None, items: Sequence[int]) -> list[str]:
    outcomes = []
    for size in items:
        try:
            with limited(10):
                outcomes.append(str(len(bytearray(size))))
        except MemoryError:
            outcomes.append("MemoryError")
    return outcomes


def run(engine: Engine, chunks: list[list[str]]) -> dict[str, object]:
    tasks = [Task(work, "!", chunk, [f"{n}:{item}" for item in chunk]) for n, chunk in enumerate(chunks)]
    return {key: outcome for task, outs in engine.run(tasks) for key, outcome in zip(task.keys, outs, strict=True)}


@pytest.fixture(params=["forked", "started anew"], autouse=True)
def processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """How worker processes come to be, whatever threads other tests have left behind."""
    forks = request.param == "forked"
    if forks and sys.platform != "linux":
        pytest.skip("only Linux forks")
    _end_joblibs_workers()
    monkeypatch.setattr("essaydrill.grading.forking.can_fork", lambda: forks)
    yield request.param
    _end_joblibs_workers()


def _end_joblibs_workers() -> None:
    """They stay for a while otherwise, with a thread that watches them."""
    get_reusable_executor().shutdown(wait=True)


def test_a_process_with_several_threads_is_not_forked() -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    assert not can_fork()
    over.set()
    thread.join()


def test_every_item_gets_its_outcome() -> None:
    with Engine(2) as engine:
        assert run(engine, [["a", "b"], ["c"], []]) == {"0:a": "a!", "0:b": "b!", "1:c": "c!"}


@pytest.mark.parametrize("killer", ["die", "hang"])
def test_one_that_kills_its_process_is_the_only_one_lost(killer: str) -> None:
    with Engine(2) as engine:
        outcomes = run(engine, [["a", "b"], ["c", killer, "d"], ["e"]])
    assert outcomes.pop(f"1:{killer}") == Fault(DIED)
    assert outcomes == {"0:a": "a!", "0:b": "b!", "1:c": "c!", "1:d": "d!", "2:e": "e!"}


def bulky(_shared: None, items: Sequence[int]) -> list[str]:
    return ["文" * size for size in items]


def test_a_run_can_be_broken_off_while_outcomes_are_on_their_way() -> None:
    """More than a pipe holds: a worker killed now would leave half an outcome in it."""
    tasks = [Task(bulky, None, [1_000_000] * 3, [0, 1, 2]) for _ in range(12)]

    def break_off(after: int) -> None:
        with Engine(2) as engine:
            for number, _ in enumerate(engine.run(tasks)):
                if number == after:
                    raise KeyboardInterrupt

    for after in range(3):
        with pytest.raises(KeyboardInterrupt):
            break_off(after)


def own_pid(_shared: None, items: Sequence[int]) -> list[int]:
    return [os.getpid() for _ in items]


STARTER = """
import sys, threading, time
sys.path.insert(0, sys.argv[1])
if sys.argv[2] == "started anew":
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
from test_grading_engine import own_pid
from essaydrill.grading.engine import Engine, Task
if __name__ == "__main__":
    with Engine(2) as engine:
        print(*(pid for _, (pid,) in engine.run([Task(own_pid, None, [0], [0])])), flush=True)
        time.sleep(60)
"""


def test_workers_end_with_a_run_that_is_killed(processes: str) -> None:
    command = [sys.executable, "-c", STARTER, str(Path(__file__).parent), processes]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        os.kill(worker, 0)
        process.kill()
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    for _ in range(100):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("the worker lives on")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound a process's memory")
def test_what_eats_memory_gets_an_error() -> None:
    with Engine(2) as engine:
        ((_, outcomes),) = engine.run([Task(greedy, None, [1000, 10**11, 2000], [0, 1, 2])])
    assert outcomes == ["1000", "MemoryError", "2000"]


def swallow_errors(seconds: float) -> None:
    with limited(seconds):
        while True:
            try:
                time.sleep(5)
            except Exception:
                continue


def test_what_takes_too_long_is_stopped_even_where_errors_are_swallowed() -> None:
    started = time.perf_counter()
    with pytest.raises(TookTooLongError):
        swallow_errors(0.1)
    assert time.perf_counter() - started < 3


def test_the_limit_ends_with_its_block(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGALRM)
    with limited(0.05):
        (tmp_path / "x").touch()
    time.sleep(0.1)
    assert signal.getsignal(signal.SIGALRM) is before
