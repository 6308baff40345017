"""From a key to the screen, in a real terminal's stead: the exam room runs behind a pty, an answer of 1,500 characters
stands on the sheet, and every key is timed from its write until its character comes back.

    python benchmarks/keys.py [KEYS]

Two answers: one of 20 paragraphs, and one that is a single paragraph, which is the worst case of word wrap. Keys come
about every 0.2 s at irregular times, so that autosave (every second) and the clock fall between and onto them. At the
end: what the room costs when nobody types. Linux only.
"""

import os
import random
import select
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pexpect

PROMPT = "governance-summary-01"
SENTENCE = "基层治理存在诸多问题，财政困难。"
CHARACTERS = 1500
FIRST_KEY = 0x7532  # every key types another character, none of which stands anywhere else on the screen
SIZES = ((24, 80), (40, 140))


def room(home: str, size: tuple[int, int]) -> pexpect.spawn:
    environment = {**os.environ, "ESSAYDRILL_HOME": home, "TERM": "xterm-256color"}
    code = "from essaydrill.cli.app import main; main()"
    command = [sys.executable, "-c", code, "practice", PROMPT]
    return pexpect.spawn(command[0], command[1:], env=environment, encoding="utf-8", dimensions=size, timeout=20)


def drain(terminal: pexpect.spawn, seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if select.select([terminal.child_fd], [], [], left)[0]:
            os.read(terminal.child_fd, 65536)


def echo(terminal: pexpect.spawn, character: str) -> float:
    """Seconds until a typed character is on the screen."""
    wanted, seen = character.encode(), b""
    start = time.perf_counter()
    os.write(terminal.child_fd, wanted)
    while wanted not in seen:
        if time.perf_counter() - start > 5:
            raise SystemExit(f"{character} never came")
        if select.select([terminal.child_fd], [], [], 1)[0]:
            seen += os.read(terminal.child_fd, 65536)
    return time.perf_counter() - start


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(text: str, size: tuple[int, int], keys: int) -> tuple[list[float], float, str]:
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as home:
        terminal = room(home, size)
        try:
            terminal.expect("答题纸 0 行")
            drain(terminal, 3)
            terminal.send(f"\x1b[200~{text}\x1b[201~")
            terminal.expect(f"{len(text.replace(chr(10), ''))} 格")
            drain(terminal, 2)
            times = []
            for number in range(keys):
                times.append(echo(terminal, chr(FIRST_KEY + number)))
                drain(terminal, rng.uniform(0.1, 0.3))
            program = int(Path(f"/proc/{terminal.pid}/task/{terminal.pid}/children").read_text().split()[0])
            before = cpu_seconds(program)
            drain(terminal, 10)
            idle = (cpu_seconds(program) - before) / 10
            status = Path(f"/proc/{program}/status").read_text()
            memory = status.partition("VmRSS:")[2].split("\n")[0].strip()
        finally:
            terminal.close(force=True)
    return times, idle, memory


def main(keys: int = 100) -> None:
    sentences = -(-CHARACTERS // len(SENTENCE))
    answers = {
        "20 paragraphs": "\n".join(SENTENCE * (sentences // 20 + (n < sentences % 20)) for n in range(20)),
        "1 paragraph": SENTENCE * sentences,
    }
    for rows, columns in SIZES:
        for name, text in answers.items():
            times, idle, memory = measure(text, (rows, columns), keys)
            milliseconds = sorted(1000 * each for each in times)
            print(
                f"{columns}x{rows} {name:14s} median {statistics.median(milliseconds):5.1f} ms   "
                f"95th {milliseconds[int(0.95 * len(milliseconds))]:5.1f}   max {milliseconds[-1]:5.1f}   "
                f"idle {idle:.1%} of a core, {memory}",
                flush=True,
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
