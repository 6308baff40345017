"""Keeping the garbage collector out of the candidate's way.

A full collection looks at every object there is. With the scoring libraries loaded that takes a tenth of a second, in
which no key is answered.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """What is loaded inside stays for good: nothing is collected meanwhile, and no later collection looks at it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
