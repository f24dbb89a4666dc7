"""How is work on a million things shared by all cores? Forked children see the lists without a copy."""

import gc
import os
import select
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final

Job = Callable[[], bytes]
Pieces = Callable[[], Iterable[bytes]]
WORTH_IT: Final = 50_000  # below it a child costs more than it saves
_HEAD: Final = 8
_END: Final = b"\xff" * _HEAD
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


@contextmanager
def helped(job: Job) -> Iterator[Callable[[Callable[[], None]], bytes]]:
    """A job in a child as long as the block lasts. Who asks for the answer says what to do meanwhile, several times a
    second; nothing is answered where the child failed. However the block ends, the child ends with it."""
    child, asked = _started(job) if cores() > 1 else None, False

    def answer(meanwhile: Callable[[], None]) -> bytes:
        nonlocal asked
        while child and not select.select([child[1]], [], [], 0.2)[0]:
            meanwhile()
        asked = True
        return _answer(*child) if child else b""

    try:
        yield answer
    finally:
        if child and not asked:
            _end(*child)


def _end(pid: int, reading: int) -> None:
    os.close(reading)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    gc.unfreeze()


def stream_beside(pieces: Pieces) -> Iterator[bytes]:
    """Pieces made in a child while we go on, at most a pipe ahead of whoever reads them; what it fails is made here."""
    child = _begun(lambda writing: _write_framed(writing, pieces())) if cores() > 1 else None
    return _framed(child, pieces) if child else iter(pieces())


def _framed(child: tuple[int, int], pieces: Pieces) -> Iterator[bytes]:
    pid, reading = child
    got, ended = 0, False
    try:
        with os.fdopen(reading, "rb") as pipe:
            while len(head := pipe.read(_HEAD)) == _HEAD:
                if head == _END:
                    ended = True
                    return
                size = int.from_bytes(head, "big")
                if len(piece := pipe.read(size)) < size:
                    break
                got += 1
                yield piece
    finally:
        if not ended:
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        gc.unfreeze()
    yield from islice(pieces(), got, None)


def _write_framed(writing: int, pieces: Iterable[bytes]) -> None:
    with os.fdopen(writing, "wb", closefd=False) as pipe:
        for piece in pieces:
            pipe.write(len(piece).to_bytes(_HEAD, "big") + piece)
            pipe.flush()
        pipe.write(_END)


def ranges(count: int, parts: int) -> list[tuple[int, int]]:
    """`count` things in `parts` ranges of almost the same length."""
    return [(count * at // parts, count * (at + 1) // parts) for at in range(parts)]


def _started(job: Job) -> tuple[int, int] | None:
    """(process, pipe) of a child that writes one byte for "done" behind its answer."""
    return _begun(lambda writing: _write_all(writing, job() + b"!"))


def _begun(work: Callable[[int], None]) -> tuple[int, int] | None:
    """(process, pipe) of a child that writes into the pipe and leaves by the short door."""
    try:
        reading, writing = os.pipe()
        gc.freeze()  # what is shared stays shared: neither walks through it and makes it his own
        pid = os.fork()
    except OSError:
        return None
    if pid:
        os.close(writing)
        return pid, reading
    try:  # pragma: no cover, the child
        os.close(reading)
        work(writing)
    finally:
        os._exit(0)


def _write_all(writing: int, answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(writing, left) :]


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
        _end(pid, reading)
    found = b"".join(pieces)
    return found[:-1] if found.endswith(b"!") else b""
