"""Chunks of work on all cores or on a cluster, and what becomes of them when a worker process dies."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from essaydrill.grading.isolation import end_with_parent, interrupts_ignored
from essaydrill.grading.problems import GradingError, optional
from essaydrill.grading.worker import Fault

if TYPE_CHECKING:
    from essaydrill.grading.forking import ForkedBackend

_CONNECT_SECONDS = 20
DIED = "处理这份作答的进程异常退出（可能太占内存或时间），已跳过"


@dataclass(frozen=True)
class Task:
    """`function(shared, items)` gives one outcome for each item, in order; `keys` are the caller's names for them."""

    function: Callable[[Any, Sequence[Any]], list[Any]]
    shared: Any
    items: Sequence[Any]
    keys: Sequence[Any]

    def alone(self) -> list["Task"]:
        """A task for each item."""
        return [replace(self, items=(item,), keys=(key,)) for item, key in zip(self.items, self.keys, strict=True)]


class Engine:
    """Runs tasks by joblib: on `jobs` processes of this machine (1: in this process), or by a Dask `cluster`.

    The processes are forked from this one where that is safe, and started anew elsewhere and after one has died.
    """

    def __init__(self, jobs: int, cluster: str | None = None) -> None:
        self.jobs = jobs
        self.cluster = cluster
        self._open = ExitStack()
        self._deaths: tuple[type[BaseException], ...] = ()
        self._forked: ForkedBackend | None = None

    def __enter__(self) -> Self:
        from concurrent.futures.process import BrokenProcessPool  # joblib's own is a kind of it

        self._deaths = (BrokenProcessPool,)
        self._open.enter_context(warnings.catch_warnings())
        # Stopped half-way, joblib gives advice on its iterator: whoever stops a run has no use for it.
        warnings.filterwarnings("ignore", r".*You could benefit from adjusting the input task", UserWarning, "joblib")
        if self.cluster is not None:
            self._join(self.cluster)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        if self._forked and self._forked.is_open:
            self._forked.close(at_once=kind is not None)

    @property
    def will_fork(self) -> bool:
        """Whether the next call of `run` starts processes with all that this one has loaded."""
        from essaydrill.grading.forking import can_fork

        return self.jobs > 1 and not self.cluster and self._forked is None and can_fork()

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, list[Any]]]:
        """Each task with its outcomes, as they are done. The work begins at once (with one job, as it is asked for);
        all outcomes must have been taken before the next call.

        When a worker dies, the tasks that were not done are run one by one; one that fells its worker again is run item
        by item, and an item that does so alone gets a `Fault`.
        """
        if not tasks:
            return iter(())
        try:
            outcomes = self._begin(tasks)
        except self._deaths:
            outcomes = iter(())
        return self._finish(tasks, outcomes)

    def _begin(self, tasks: Sequence[Task]) -> Iterator[tuple[int, list[Any]]]:
        """The number of each task with its outcomes, as they are done."""
        import joblib

        if self.will_fork:
            self._fork()
        # Where workers start here, an interrupt of all must stay this process's to answer.
        with nullcontext() if self._forked and self._forked.is_open else interrupts_ignored():
            with joblib.parallel_config(**self._backend()):
                parallel = joblib.Parallel(return_as="generator_unordered", batch_size=1, max_nbytes=None)
            outcomes = parallel(joblib.delayed(_numbered)(number, task) for number, task in enumerate(tasks))
        self._open.callback(outcomes.close)
        return cast("Iterator[tuple[int, list[Any]]]", outcomes)

    def _fork(self) -> None:
        from essaydrill.grading.forking import ForkedBackend

        self._forked = ForkedBackend(self.jobs, end_with_parent)
        with interrupts_ignored():
            self._forked.fork()

    def _backend(self) -> dict[str, Any]:
        """Where the next tasks run, as joblib takes it."""
        if self.cluster:
            return {"backend": "dask", "n_jobs": -1}
        if self._forked and self._forked.is_open:
            return {"backend": self._forked, "n_jobs": self.jobs}
        return {"backend": "loky", "n_jobs": self.jobs, "initializer": end_with_parent}

    def _finish(
        self, tasks: Sequence[Task], outcomes: Iterator[tuple[int, list[Any]]]
    ) -> Iterator[tuple[Task, list[Any]]]:
        left = dict(enumerate(tasks))
        with suppress(*self._deaths):
            for number, done in outcomes:
                yield left.pop(number), done
        again = list(left.values())
        if len(again) == 1:
            (task,) = again
            if len(task.items) == 1:
                yield task, [Fault(DIED)]
                return
            again = task.alone()
        for task in again:
            yield from self.run([task])

    def _join(self, address: str) -> None:
        distributed = optional("distributed", "cluster", "用 --cluster ")
        try:
            client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=True)
        except (OSError, ValueError):
            raise GradingError(f"连不上集群 {address}，请检查地址和调度器是否在运行") from None
        self._open.enter_context(client)
        self._deaths += (distributed.scheduler.KilledWorker,)
        try:
            versions = set(client.run(_signature).values())
        except ModuleNotFoundError:
            raise GradingError("集群的机器上没有装 essaydrill，请先在每台机器上安装同一版本") from None
        if not versions:
            raise GradingError(f"集群 {address} 上没有工作进程，请先启动 dask worker")
        if versions != {_signature()}:
            raise GradingError("集群各机器上 essaydrill 或分词程序的版本和本机不同，评分会不一致，请先统一版本")


def _numbered(number: int, task: Task) -> tuple[int, list[Any]]:
    return number, task.function(task.shared, task.items)


def _signature() -> str:
    """What marks depend on besides the prompt."""
    from essaydrill import __version__
    from essaydrill.scoring.model import default_model
    from essaydrill.text import default_segmenter

    return f"{__version__}|{default_segmenter().name}|{default_model().version}"
