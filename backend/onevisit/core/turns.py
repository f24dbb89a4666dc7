"""Who writes next? SQLite lets one write, and whoever finds it taken sleeps longer and longer: here they queue instead.

A lock among the threads of this process, then one on a file beside the database among processes; the kernel lets the file
go when its process dies. Programs that know nothing of it are still kept out by SQLite's own lock.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

_threads = threading.Lock()
_turns: dict[str, "Turn"] = {}


class Turn:
    """The turn to write one database file."""

    def __init__(self, database: str) -> None:
        self.file = Path(f"{database}-turn")
        self.threads = threading.Lock()
        self.opened: tuple[int, int] | None = None  # the process, and its handle: a fork would share the lock

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Nobody else who asks writes meanwhile."""
        with self.threads:
            handle = self._handle()
            fcntl.flock(handle, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(handle, fcntl.LOCK_UN)

    def _handle(self) -> int:
        if self.opened is None or self.opened[0] != os.getpid():
            self.opened = os.getpid(), os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self.opened[1]


@contextmanager
def turn_to_write(engine: Engine) -> Iterator[None]:
    """Wait for the turn on a SQLite file; elsewhere there is nothing to wait for."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or file == ":memory:":
        yield
        return
    with _threads:
        turn = _turns.setdefault(file, Turn(file))
    with turn.taken():
        yield


def forget_turns() -> None:
    """A forked process begins with locks of its own: one that another thread held would never be given back."""
    global _threads
    _threads = threading.Lock()
    _turns.clear()


os.register_at_fork(after_in_child=forget_turns)
