"""What did a transaction do, so that it can be done again? Its writing statements with their values, in order.

Ids and moments come from Python, so the same statements on the same rows give the same rows. Where PostgreSQL lets two
writers run beside each other, the number of rows each statement touched is kept too and compared when it is done again.
"""

import io
import pickle
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import Any, Final
from uuid import UUID

from psycopg import Binary
from psycopg.types.json import Json, Jsonb
from sqlalchemy import Connection

from onevisit.core.kept_beside import Made

WRITES: Final = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|WITH\b.*?\b(?:INSERT|UPDATE|DELETE))\b", re.I | re.S
)
RETURNING: Final = re.compile(r"\bRETURNING\b", re.I)
MANY: Final = (
    2000  # rows; from there on they are packed at once, so that nobody holds a million of them twice
)
IN_MEMORY: Final = 8 << 20
_silent: ContextVar[bool] = ContextVar("onevisit_journal_silent", default=False)
Step = tuple[str, str, Any, int | None]  # how, statement, values, rows touched


class Differs(Exception):
    """A statement touched another number of rows than it did then."""


class Gathered:
    """What one running transaction wrote so far."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.parcels: list[tuple[int, int]] = []
        self.kept: dict[str, Made] = {}
        self._rows = 0
        self._marks: list[int] = []
        self._spool: SpooledTemporaryFile[bytes] | None = None

    def add(self, how: str, statement: str, values: Any, touched: int | None) -> None:
        """One more statement; many rows leave the memory at once."""
        self.steps.append((how, statement, values, touched))
        self._rows += len(values) if how != "one" else 1
        if self._rows >= MANY and not self._marks:
            self._pack()

    def _pack(self) -> None:
        if self._spool is None:
            self._spool = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115, lives as long as the transaction
        parcel = zlib.compress(dumped(self.steps), 1)
        at = self._spool.seek(0, io.SEEK_END)
        self._spool.write(parcel)
        self.parcels.append((at, len(parcel)))
        self.steps, self._rows = [], 0

    def parcel(self, at: int, length: int) -> bytes:
        """What was packed."""
        assert self._spool
        self._spool.seek(at)
        return self._spool.read(length)

    def mark(self) -> None:
        """A savepoint: what follows may be taken back. (They have no names yet when they begin; the last ends first.)"""
        self._marks.append(len(self.steps))

    def back(self) -> None:
        """It is taken back."""
        del self.steps[self._marks.pop() :]

    def settle(self) -> None:
        """It stays."""
        self._marks.pop()

    def __bool__(self) -> bool:
        return bool(self.steps or self.parcels)


@contextmanager
def silent() -> Iterator[None]:
    """What is written meanwhile is not for the journal: migrations, and what is done again from it."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def is_silent() -> bool:
    """Is nothing to be journalled now?"""
    return _silent.get()


def gathered_of(connection: Connection) -> Gathered | None:
    """What this connection's transaction wrote; None where nobody keeps a journal of it."""
    found: Gathered | None = connection.info.get("onevisit.gathered")
    return found


class _Pickler(pickle.Pickler):
    """Values as plain as they are: a word of a StrEnum is its text, JSON for PostgreSQL its value."""

    def reducer_override(self, one: Any) -> Any:
        if isinstance(one, str):
            return str, (str.__str__(one),)
        if isinstance(one, Json):  # Jsonb too is one of its kind
            return type(one), (one.obj,)
        if isinstance(one, memoryview | Binary):
            return bytes, (bytes(one.obj),)
        return NotImplemented


_KNOWN: Final = {
    (one.__module__, one.__name__): one
    for one in (
        str,
        bytes,
        datetime,
        date,
        time,
        timedelta,
        timezone,
        Decimal,
        UUID,
        Json,
        Jsonb,
    )
}


class _Unpickler(pickle.Unpickler):
    """Reads values and nothing else: a journal brings no code."""

    def find_class(self, module: str, name: str) -> Any:
        found = _KNOWN.get((module, name))
        if found is None:
            raise pickle.UnpicklingError(f"{module}.{name} is no value")
        return found


def dumped(value: Any) -> bytes:
    """Plain values as bytes."""
    into = io.BytesIO()
    _Pickler(into, 5).dump(value)
    return into.getvalue()


def loaded(content: bytes) -> Any:
    """The values again."""
    return _Unpickler(io.BytesIO(content)).load()


def unpacked(parcel: bytes) -> list[Step]:
    """The statements of a parcel."""
    steps: list[Step] = loaded(zlib.decompress(parcel))
    return steps


def gather(
    connection: Connection, cursor: Any, statement: str, values: Any, _context: Any, _many: bool
) -> None:
    """After every statement: keep it if it wrote."""
    gathered = gathered_of(connection)
    if gathered is None or not WRITES.match(statement) or statement.startswith("UPDATE journal_places"):
        return
    if isinstance(values, list) and values and isinstance(values[0], tuple | list | dict):
        gathered.add("many", statement, list(values), None)
        return
    touched = cursor.rowcount if cursor.rowcount >= 0 and not RETURNING.search(statement) else None
    gathered.add("one", statement, values, touched)


def note_copied(connection: Connection, place: str, rows: Sequence[Sequence[Any]]) -> None:
    """Rows that went into PostgreSQL by COPY, past every statement."""
    if (gathered := gathered_of(connection)) is not None:
        gathered.add("copy", f"COPY {place} FROM STDIN", list(rows), None)


def keep_beside(connection: Connection, name: str, kept: Made) -> None:
    """Statements of this transaction read tables beside the database; `kept` makes a copy of them when it commits."""
    if (gathered := gathered_of(connection)) is not None:
        gathered.kept[name] = kept


def do_again(connection: Connection, steps: Sequence[Step], loose: bool = False) -> int:
    """The statements once more; how many."""
    raw: Any = connection.connection
    cursor = raw.cursor()
    try:
        for how, statement, values, touched in steps:
            if how == "copy":
                with cursor.copy(statement) as copy:
                    for row in values:
                        copy.write_row(row)
            elif how == "many":
                cursor.executemany(statement, values)
            else:
                cursor.execute(statement, values)
                if touched is not None and cursor.rowcount != touched and not loose:
                    raise Differs(f"{cursor.rowcount} rows instead of {touched}: {statement[:120]}")
    finally:
        cursor.close()
    return len(steps)
