"""joblib's work on processes that are forked from this one: they begin at once, with all that it has loaded."""

import gc
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import active_children, get_context
from typing import Any

from joblib.parallel import ParallelBackendBase


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
        self._others = frozenset(active_children())
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
        gc.freeze()
        try:
            self._pool.submit(int).result()
        finally:
            gc.unfreeze()

    def close(self, *, at_once: bool = False) -> None:
        """End the processes, `at_once` whatever they are doing."""
        self.is_open = False
        if at_once:
            for process in frozenset(active_children()) - self._others:
                process.kill()
        self._pool.shutdown(cancel_futures=True)
