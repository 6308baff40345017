"""joblib's work on processes that are forked from this one: they begin at once, with all that it has loaded."""

import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from typing import Any

from joblib.parallel import ParallelBackendBase

_MOMENT = 2.0  # seconds


def can_fork() -> bool:
    """Whether a process forked now would work. What another thread holds at that moment is held in it for ever, and
    only on Linux do the system's own libraries put up with it."""
    return sys.platform == "linux" and threading.active_count() == 1


class ForkedBackend(ParallelBackendBase):  # type: ignore[misc]
    """Keeps its processes from one call of joblib to the next; when one dies or a call is broken off, all end."""

    supports_retrieve_callback = True
    supports_return_generator = True

    def __init__(self, jobs: int, initializer: Callable[[], None]) -> None:
        super().__init__()
        self.is_open = True
        self._jobs = jobs
        self._processes: frozenset[BaseProcess] = frozenset()
        self._pool = ProcessPoolExecutor(jobs, get_context("fork"), initializer)

    def effective_n_jobs(self, n_jobs: int) -> int:  # noqa: ARG002 - joblib's signature
        return self._jobs

    def submit(self, func: Callable[[], Any], callback: Callable[[Future[Any]], object]) -> Future[Any]:
        future = self._pool.submit(func)
        future.add_done_callback(callback)
        return future

    def retrieve_result_callback(self, future: Future[Any]) -> Any:
        return future.result()

    def abort_everything(self, ensure_ready: bool = True) -> None:  # noqa: ARG002 - joblib's signature
        self.close(at_once=True)

    def fork(self) -> None:
        """Start the processes. They share the memory that this one has filled, so long as nothing in it is moved."""
        others = frozenset(active_children())
        gc.freeze()
        try:
            with _one_thread_for_matrices():
                self._pool.submit(int).result()
        except BaseException:
            self.close(at_once=True)
            raise
        finally:
            gc.unfreeze()
            self._processes = frozenset(active_children()) - others

    def close(self, *, at_once: bool = False) -> None:
        """End the processes when they have done what they are at; `at_once`: those that are not done in a moment are
        killed. (Nobody waits longer than that, but one that was killed while it sends its outcomes would leave half of
        them in the pipe, and whoever reads them waiting for the rest for ever.)
        """
        self.is_open = False
        self._pool.shutdown(wait=not at_once, cancel_futures=True)
        if at_once:
            until = time.monotonic() + _MOMENT
            for process in self._processes:
                process.join(max(0.0, until - time.monotonic()))
            for process in self._processes:
                process.kill()


def _one_thread_for_matrices() -> AbstractContextManager[object]:
    """Forked processes go on with the number of threads that was set when they began; the command sets it for all."""
    if os.environ.get("OPENBLAS_NUM_THREADS") == "1":
        return nullcontext()
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits
