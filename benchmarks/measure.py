"""How is something measured? In a process of its own: wall time, and memory above what it needed before."""

import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any


def pss(pid: int) -> float:
    """Proportional memory of a process in MB; what it shares with others counts in part."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0.0
    return 0.0


def with_children(pid: int) -> float:
    """The same of a process and those that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    with suppress(OSError):
        return pss(pid) + sum(map(with_children, map(int, children.read_text().split())))
    return pss(pid)


class Peak:
    """The most memory that this process and its children held while the block ran, above what it held before."""

    def __init__(self, every: float = 0.1) -> None:
        self.every, self.most, self.before = every, 0.0, 0.0
        self._stop = threading.Event()

    def __enter__(self) -> "Peak":
        self.before = self.most = with_children(os.getpid())
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._stop.wait(self.every):
            self.most = max(self.most, with_children(os.getpid()))

    def __exit__(self, *_: Any) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def above(self) -> float:
        """MB above the beginning."""
        return self.most - self.before


def timed(act: Callable[[], Any]) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def spent(act: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock, and seconds of work of this process and its children: noise of others shows between them."""
    before, began = _worked(), time.perf_counter()
    act()
    return time.perf_counter() - began, _worked() - before


def _worked() -> float:
    """Seconds of work of this process and of its children that came to their end."""
    both = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def median(act: Callable[[], Any], times: int = 5) -> float:
    """The median of several runs, in seconds."""
    return statistics.median(timed(act) for _ in range(times))


def in_child(module: str, *arguments: str, **environment: str) -> str:
    """What a benchmark's part prints that runs in a fresh process: its memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], check=False, text=True, stdout=subprocess.PIPE,
        env=os.environ | environment,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{module} {' '.join(arguments)}: exit {done.returncode}")
    return done.stdout


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
