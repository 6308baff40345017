"""The same run on a Dask cluster, one of whose workers is killed in the middle."""

import importlib.util
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from essaydrill.errors import EssaydrillError
from essaydrill.grading import Progress, grade
from grading_samples import GOOD, HALF, make_plan, put, settled_bytes

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason='dask is not installed: pip install "essaydrill[cluster]"'
)


def start(*arguments: str) -> "subprocess.Popen[str]":
    code = f"from distributed.cli import dask_{arguments[0]} as d; d.main()"
    command = [sys.executable, "-W", "ignore", "-c", code, *arguments[1:]]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)


def read_until(process: "subprocess.Popen[str]", pattern: str) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(pattern, line):
            return found[0]
    raise AssertionError(f"{pattern} never came")


@pytest.fixture
def cluster() -> Iterator[tuple[str, list["subprocess.Popen[str]"]]]:
    """The address of a scheduler with two workers of one thread each, and their processes."""
    scheduler = start("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard")
    address = read_until(scheduler, r"tcp://127\.0\.0\.1:\d+")
    options = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--memory-limit", "0")
    workers = [start("worker", address, *options) for _ in range(2)]
    for worker in workers:
        read_until(worker, "Registered to")
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


@needs_dask
@pytest.mark.filterwarnings("ignore")
def test_a_killed_worker_costs_nothing(tmp_path: Path, cluster: tuple[str, list["subprocess.Popen[str]"]]) -> None:
    address, workers = cluster
    put(tmp_path / "in", {f"{n:03}.txt": (GOOD if n % 2 else HALF) + f"第{n}份。" * 20 for n in range(320)})
    grade(make_plan(tmp_path, out=tmp_path / "alone"))
    killed: list[float] = []

    def tell(progress: Progress) -> None:
        if progress.done >= 64 and not killed:
            workers[0].send_signal(signal.SIGKILL)
            killed.append(time.perf_counter())

    finished = grade(make_plan(tmp_path, cluster=address), tell)
    assert killed
    assert finished.summary.counts == {"marked": 320}
    assert settled_bytes(tmp_path / "out") == settled_bytes(tmp_path / "alone")
    assert json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["run"]["cluster"] == address


@needs_dask
@pytest.mark.filterwarnings("ignore")
def test_no_scheduler_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("essaydrill.grading.engine._CONNECT_SECONDS", 1)
    put(tmp_path / "in", {"a.txt": GOOD})
    with pytest.raises(EssaydrillError, match="连不上集群"):
        grade(make_plan(tmp_path, cluster="tcp://127.0.0.1:9"))


def test_without_dask_it_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    put(tmp_path / "in", {"a.txt": GOOD})
    with pytest.raises(EssaydrillError, match=r"essaydrill\[cluster\]"):
        grade(make_plan(tmp_path, cluster="tcp://127.0.0.1:9"))
