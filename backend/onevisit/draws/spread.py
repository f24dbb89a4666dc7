"""How is reckoning of a million hashes shared by all cores? Forked children see the lists without a copy."""

import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from typing import Final

Job = Callable[[], bytes]
WORTH_IT: Final = 50_000  # below it a child costs more than it saves
PATIENCE: Final = 120.0  # seconds; a child that hangs is given up and its job done here


def cores() -> int:
    """How many processes may work at once; one where the system cannot fork."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "fork") and hasattr(os, "sched_getaffinity") else 1


def at_once(jobs: Sequence[Job]) -> list[bytes]:
    """The answers of all jobs, the first done here and the others in children; whatever a child fails is done here."""
    waiting = [beside(job) for job in jobs[1:]]
    return [jobs[0](), *(answer() for answer in waiting)]


def beside(job: Job, here: bool = False) -> Job:
    """Begin a job in a child and go on; its answer is asked for later. `here` begins nothing: it is done when asked."""
    child = None if here or cores() < 2 else _started(job)
    return job if child is None else lambda: _answer(*child) or job()


def ranges(count: int, parts: int) -> list[tuple[int, int]]:
    """`count` things in `parts` ranges of almost the same length."""
    return [(count * at // parts, count * (at + 1) // parts) for at in range(parts)]


def _started(job: Job) -> tuple[int, int] | None:
    """(process, pipe) of a child that writes one byte for "done" behind its answer and leaves by the short door."""
    try:
        reading, writing = os.pipe()
        pid = os.fork()
    except OSError:
        return None
    if pid:
        os.close(writing)
        return pid, reading
    try:  # pragma: no cover, the child
        os.close(reading)
        answer = memoryview(job() + b"!")
        while answer:
            answer = answer[os.write(writing, answer) :]
    finally:
        os._exit(0)


def _answer(pid: int, reading: int) -> bytes:
    """What the child wrote; nothing where it did not finish."""
    pieces, until = [], time.monotonic() + PATIENCE
    try:
        while select.select([reading], [], [], max(0, until - time.monotonic()))[0]:
            piece = os.read(reading, 1 << 20)
            if not piece:
                break
            pieces.append(piece)
    finally:
        os.close(reading)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    found = b"".join(pieces)
    return found[:-1] if found.endswith(b"!") else b""
