"""Giving the terminal back even where the program could not: killed, or crashed in C.

The program goes on in a child process. Its parent does nothing but wait, and puts the terminal right if the child did
not end by itself. If it is the parent that is killed, the child sees it, saves and ends.
"""

import os
import signal
import sys
from contextlib import suppress
from functools import cache
from typing import Any, NoReturn

# What Textual switches on, switched off: the second screen, the mouse, pasting and focus as events, its keyboard
# protocol, updates held back; and the cursor, colours and line wrap as usual.
_USUAL = "".join(f"\x1b[?{mode}l" for mode in (2026, 1049, 1000, 1002, 1003, 1006, 1015, 1004, 2004, 2048))
_USUAL += "\x1b[<u\x1b[?25h\x1b[?7h\x1b[0m\r\n"
_TOLD = "程序被强行结束了。作答最多少最后两秒，再运行一次就接着写。\n"
GRACE = 10
"""Seconds that the program has to end in order. A terminal that nobody reads from can hold it up for ever."""
_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGINT")


@cache
def guard() -> int | None:
    """Go on in a guarded process. Returns a file descriptor that comes to its end if the guard dies; None where there
    can be no guard. To be called before there are threads or open databases; a second call changes nothing."""
    if not hasattr(os, "fork"):
        return None
    import termios

    usual = termios.tcgetattr(sys.stdin.fileno())
    sys.stdout.flush()
    sys.stderr.flush()
    watched, held = os.pipe()
    if child := os.fork():
        _wait_for(child, usual)
    os.close(held)
    return watched


def _wait_for(child: int, usual: list[Any]) -> NoReturn:
    """All that the guard does; `usual` are the settings of the terminal to go back to."""
    import termios

    def pass_on(number: int, _: object) -> None:
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.kill(child, signal.SIGKILL if number == signal.SIGALRM else number)
        signal.alarm(GRACE)

    signal.signal(signal.SIGALRM, pass_on)
    for name in _PASSED_ON:
        signal.signal(getattr(signal, name), pass_on)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code < 0:
        with suppress(termios.error, OSError):  # the terminal is gone as well
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSAFLUSH, usual)
            os.write(sys.stdout.fileno(), (_USUAL + _TOLD).encode())
    os._exit(code if code >= 0 else 128 - code)
