"""Bounds on the time and memory of what runs for one chunk, so that no script can hold up or bring down the run."""

import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from essaydrill.grading.limits import SCRIPT_MEMORY

_LOOK_EVERY = 0.2  # seconds
_GRACE = 2.0  # times the limit after which a process that did not stop by itself is ended


class TookTooLongError(BaseException):
    """The work inside `limited` ran past its time. Like KeyboardInterrupt it passes a library's `except Exception`."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TookTooLongError in what runs past `seconds`, MemoryError in what allocates past `SCRIPT_MEMORY`.

    Work that does not listen (a loop inside a library's C code) ends with its worker process at twice the time. In the
    user's own process, and where the system has no such means, only what the system offers holds.
    """
    with ExitStack() as stack:
        if threading.current_thread() is not threading.main_thread():
            stack.enter_context(_process_ended_by_thread(seconds * _GRACE))
        else:
            stack.enter_context(_process_ended(seconds * _GRACE))
            stack.enter_context(_memory(SCRIPT_MEMORY))
            stack.enter_context(_alarm(seconds))
        yield


def end_with_parent() -> None:
    """To be called once in a worker process: it ends when its run is killed, where it would else wait for minutes."""
    begun_by = multiprocessing.parent_process()
    parent = begun_by.pid if begun_by else os.getppid()  # the parent may be gone already

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_EVERY)
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Ctrl-C does nothing inside the block, nor ever in the processes that are started inside: they inherit it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TookTooLongError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _process_ended(seconds: float) -> Iterator[None]:
    """faulthandler's watchdog needs no interpreter: it ends even a process whose C code never gives control back."""
    if not _is_worker():
        yield
        return
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - faulthandler needs a file of the system
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


@contextmanager
def _process_ended_by_thread(seconds: float) -> Iterator[None]:
    """For a worker that runs several chunks in threads (Dask), each with a time of its own."""
    if not _is_worker():
        yield
        return
    timer = threading.Timer(seconds, os._exit, (1,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _memory(allowance: int) -> Iterator[None]:
    if not (_is_worker() and sys.platform == "linux"):
        yield
        return
    import resource
    from pathlib import Path

    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used + allowance
    if soft != resource.RLIM_INFINITY and wanted > soft:
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _is_worker() -> bool:
    return multiprocessing.parent_process() is not None
