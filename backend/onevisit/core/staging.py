"""Where do a list's rows wait until somebody confirms them? In tables of their own, away from everybody's work.

On SQLite a file of its own beside the database: reading a million rows never takes the one writer's lock, and
only the confirming transaction attaches it. On PostgreSQL unlogged tables filled by COPY. Taking an area away
is deleting a file or dropping tables: nothing is left behind.
"""

import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import current_app
from sqlalchemy import Pool, event, text
from sqlalchemy.orm import Session

from onevisit.core import kept_beside, redo
from onevisit.core.db import db

TEXT, INTEGER, JSON, DAY, TRUTH, BYTES = "text", "integer", "json", "day", "truth", "bytes"
_SQLITE = {TEXT: "TEXT", INTEGER: "INTEGER", JSON: "TEXT", DAY: "TEXT", TRUTH: "INTEGER", BYTES: "BLOB"}
_POSTGRESQL = {TEXT: "TEXT", INTEGER: "BIGINT", JSON: "JSONB", DAY: "DATE", TRUTH: "BOOLEAN", BYTES: "BYTEA"}
_OTHER = ".other"
MUCH, PAGES = 32 << 20, 1000  # bytes of a list, pages of SQLite's log that a commit brings in itself
Columns = Sequence[Sequence[Any]]
_NAMED = re.compile(r"(?<!:):([a-z_]+)")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r"[\\\n\r\t]")
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Table:
    """A staging table: the first column is its key where `keyed`."""

    name: str
    columns: Mapping[str, str]
    keyed: bool = True


def folder() -> Path:
    """Where uploaded lists and SQLite's staging files lie until they are no longer needed."""
    place: Path = current_app.config["ONEVISIT"].var / "imports"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def area(name: str) -> "Area":
    """The staging area with this name (an import's id)."""
    plain = re.sub(r"[^0-9a-f]", "", name)
    return PostgresArea(plain) if db.engine.dialect.name == "postgresql" else SqliteArea(plain)


def leftovers() -> list[str]:
    """Areas in PostgreSQL that nobody is filling just now; SQLite's are files, which say their own age."""
    if db.engine.dialect.name != "postgresql":
        return []
    asked = text(
        "SELECT DISTINCT split_part(tablename, '_', 2) FROM pg_tables t WHERE schemaname = current_schema()"
        " AND starts_with(tablename, 'staged_') AND NOT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_class c"
        " ON c.oid = l.relation WHERE c.relname = t.tablename)"
    )
    with db.engine.connect() as connection:
        return list(connection.scalars(asked))


def _copied(values: Sequence[Any], kind: str) -> list[str]:
    """A column in the words of COPY."""
    if kind == INTEGER:
        return ["\\N" if one is None else str(one) for one in values]
    if kind == TRUTH:
        return ["\\N" if one is None else "t" if one else "f" for one in values]
    if _ESCAPED.search("".join(filter(None, values))):
        values = [one and _ESCAPED.sub(lambda found: _ESCAPES[found[0]], one) for one in values]
    return ["\\N" if one is None else one for one in values]


class Area:
    """Tables that wait; `{rows}` in a statement is the staging table, `{kept.subjects}` would be the library's."""

    alone = False  # has the other hand a place of its own, where it makes its tables?

    def __init__(self, name: str) -> None:
        self.name = name

    def sql(self, statement: str) -> str:
        """The statement with the names of this area's tables; `{kept_x}` is the stored table x."""
        return _PLACE.sub(lambda found: self.table(found[1]), statement)

    def table(self, name: str) -> str:
        """How a table is called here."""
        raise NotImplementedError

    def make(self, tables: Sequence[Table]) -> None:
        """Make the tables, empty."""
        raise NotImplementedError

    def load(self, table: Table, rows: Iterable[Sequence[Any]], more: bool = False) -> None:
        """Many rows into a table, as quick as the database can."""
        raise NotImplementedError

    def load_columns(self, table: Table, parcels: Iterable[Columns]) -> None:
        """Many rows that come some at a time, column beside column; `ready` says that there will be no more."""
        raise NotImplementedError

    def ready(self, table: Table) -> None:
        """No more rows come into this table."""

    def other_hand(self) -> "Area":
        """Where a forked child may load rows of its own into the same tables at the same time."""
        raise NotImplementedError

    def join(self, tables: Sequence[Table], shift: int, place: int) -> None:
        """What the other hand loaded comes to ours; the numbers of its rows (the first table) are moved from `place` on."""
        raise NotImplementedError

    def run(self, statement: str, **values: Any) -> int:
        """One statement; how many rows it touched."""
        raise NotImplementedError

    def ask(self, statement: str, **values: Any) -> Iterator[tuple[Any, ...]]:
        """The rows of a question, one after another."""
        raise NotImplementedError

    def other(self) -> "Area":
        """The same area for reading what is settled while something is being loaded."""
        return self

    def apart(self) -> "Area":
        """The same area in a forked child, with a connection of its own: reads what was settled before the fork."""
        raise NotImplementedError

    def one(self, statement: str, **values: Any) -> Any:
        """The first value of a question."""
        for row in self.ask(statement, **values):
            return row[0]
        return None

    def remove(self, tables: Sequence[Table]) -> None:
        """Take these tables away, if they are there."""
        for one in tables:
            self.run(f"DROP TABLE IF EXISTS {self.table(one.name)}")
        self.settle()

    def settle(self) -> None:
        """What was loaded stays."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the connection."""
        raise NotImplementedError

    def exists(self) -> bool:
        """Is there such an area?"""
        raise NotImplementedError

    def drop(self) -> None:
        """Take the area away with all it holds."""
        raise NotImplementedError

    @contextmanager
    def beside(self, session: Session) -> Iterator["Beside"]:
        """The area within the session's own transaction: what is confirmed is copied from here in one go."""
        raise NotImplementedError
        yield


@dataclass(frozen=True)
class Beside:
    """The area as the confirming transaction sees it."""

    session: Session
    area: Area
    prefix: str

    def table(self, name: str) -> str:
        """How a table is called in this transaction."""
        return name.removeprefix("kept_") if name.startswith("kept_") else f"{self.prefix}{name}"

    def run(self, statement: str, **values: Any) -> int:
        """One statement in the confirming transaction."""
        ready = _PLACE.sub(lambda found: self.table(found[1]), statement)
        done = self.session.connection().execute(text(ready), values)
        return int(done.rowcount)  # type: ignore[attr-defined]

    def ask(self, statement: str, **values: Any) -> list[Any]:
        """The rows of a question in the confirming transaction."""
        ready = _PLACE.sub(lambda found: self.table(found[1]), statement)
        return list(self.session.connection().execute(text(ready), values))


class SqliteArea(Area):
    """A file of its own; the database is attached read-only for comparing."""

    alone = True

    def __init__(self, name: str, settled: bool = False, suffix: str = ".staged") -> None:
        super().__init__(name)
        self.path = folder() / f"{name}{suffix}"
        self.settled = settled
        self._connection: sqlite3.Connection | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        """The one connection to the file."""
        if self._connection is None:
            # Settled rows never move while others are added: they are read without asking for the file's lock.
            file = f"file:{quote(str(self.path))}{'?immutable=1' if self.settled else ''}"
            self._connection = sqlite3.connect(file, isolation_level=None, uri=True, check_same_thread=False)
            few = (
                self.settled or self.path.suffix == _OTHER
            )  # read or added to in order: nothing is looked for
            cache = -2000 if few else -8000
            for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size={cache}", "temp_store=FILE"):
                self._connection.execute(f"PRAGMA {pragma}")
            database = db.engine.url.database
            self._connection.execute("ATTACH ? AS kept", (f"file:{database}?mode=ro",))
            self._connection.execute(f"PRAGMA kept.cache_size={cache * 2}")
        return self._connection

    def table(self, name: str) -> str:
        return f"kept.{name.removeprefix('kept_')}" if name.startswith("kept_") else f"main.{name}"

    def make(self, tables: Sequence[Table]) -> None:
        for one in tables:
            columns = ", ".join(
                f"{name} {_SQLITE[kind]}{' PRIMARY KEY' if one.keyed and at == 0 else ''}"
                for at, (name, kind) in enumerate(one.columns.items())
            )
            self.connection.execute(f"CREATE TABLE {one.name} ({columns})")

    def load(self, table: Table, rows: Iterable[Sequence[Any]], more: bool = False) -> None:
        marks = ", ".join("?" * len(table.columns))
        self.connection.execute("BEGIN")
        self.connection.executemany(
            f"INSERT INTO main.{table.name} ({', '.join(table.columns)}) VALUES ({marks})", rows
        )
        self.connection.execute("COMMIT")

    def load_columns(self, table: Table, parcels: Iterable[Columns]) -> None:
        self.load(table, chain.from_iterable(zip(*columns, strict=True) for columns in parcels))

    def other_hand(self) -> Area:
        return SqliteArea(self.name, suffix=_OTHER)

    def join(self, tables: Sequence[Table], shift: int, place: int) -> None:
        other = self.path.with_suffix(_OTHER)
        self.connection.execute("ATTACH ? AS other", (str(other),))
        for at, one in enumerate(tables):
            first, *rest = one.columns
            moved = f"{first} + {shift}, {', '.join(rest)}" if shift and not at else "*"
            self.connection.execute(f"INSERT INTO main.{one.name} SELECT {moved} FROM other.{one.name}")
        self.connection.execute("DETACH other")
        other.unlink()

    def run(self, statement: str, **values: Any) -> int:
        return self.connection.execute(self.sql(statement), values).rowcount

    def ask(self, statement: str, **values: Any) -> Iterator[tuple[Any, ...]]:
        yield from self.connection.execute(self.sql(statement), values)

    def settle(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            self._connection.execute("COMMIT")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def exists(self) -> bool:
        return self.path.exists()

    def apart(self) -> Area:
        return SqliteArea(self.name, settled=True)

    def drop(self) -> None:
        self.close()
        for suffix in (self.path.suffix, _OTHER):
            self.path.with_suffix(suffix).unlink(missing_ok=True)

    @contextmanager
    def beside(self, session: Session) -> Iterator[Beside]:
        self.close()
        proxied = session.connection().connection
        raw: Any = proxied.driver_connection
        name = f"staged_{self.name}"
        if redo.gathered_of(session.connection()) is not None:
            redo.keep_beside(session.connection(), name, kept_beside.file_beside(self.path))
        raw.execute(f"ATTACH ? AS {name}", (str(self.path),))
        proxied.info.setdefault("onevisit.attached", []).append(name)
        before = raw.execute("PRAGMA main.cache_size").fetchone()[0]
        raw.execute("PRAGMA main.cache_size=-32000")
        if self.path.stat().st_size > MUCH:
            raw.execute("PRAGMA wal_autocheckpoint=0")
            proxied.info["onevisit.log_grew"] = True
        try:
            yield Beside(session, self, f"{name}.")
        finally:
            raw.execute(f"PRAGMA main.cache_size={before}")


@event.listens_for(Pool, "checkin")
def _forget_attached(raw: Any, record: Any) -> None:
    """SQLite lets go of a file only outside of a transaction: when the connection comes back to the pool."""
    if raw is None:
        return
    for name in record.info.pop("onevisit.attached", ()):
        raw.execute(f"DETACH {name}")
    if record.info.pop("onevisit.log_grew", False):
        raw.execute(f"PRAGMA wal_autocheckpoint={PAGES}")
        [file] = [file for _, name, file in raw.execute("PRAGMA database_list") if name == "main"]
        threading.Thread(target=_bring_in, args=(file,), name="onevisit-checkpoint").start()


def _bring_in(file: str) -> None:
    """What a confirmed list added to SQLite's log goes into the database, in nobody's way and at nobody's cost: the
    list is already kept, and whoever commits next would have to do it instead."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{quote(file)}?mode=rw", uri=True)) as own:
        own.execute("PRAGMA wal_checkpoint(PASSIVE)")


class PostgresArea(Area):
    """Unlogged tables: a list that waits is not worth the write-ahead log, and can be sent again."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._raw: Any = None

    @property
    def connection(self) -> Any:
        """One psycopg connection of the pool, in a transaction until `settle`."""
        if self._raw is None:
            self._raw = db.engine.raw_connection()
            self._raw.driver_connection.execute("SET work_mem = '64MB'")
        return self._raw.driver_connection

    def table(self, name: str) -> str:
        return name.removeprefix("kept_") if name.startswith("kept_") else f"staged_{self.name}_{name}"

    def make(self, tables: Sequence[Table]) -> None:
        for one in tables:
            columns = ", ".join(f"{name} {_POSTGRESQL[kind]}" for name, kind in one.columns.items())
            self.connection.execute(f"CREATE UNLOGGED TABLE {self.table(one.name)} ({columns})")
        self.settle()

    def load(self, table: Table, rows: Iterable[Sequence[Any]], more: bool = False) -> None:
        place = f"COPY {self.table(table.name)} ({', '.join(table.columns)}) FROM STDIN"
        with self.connection.cursor() as cursor, cursor.copy(place) as copy:
            for row in rows:
                copy.write_row(row)
        if not more:
            self.ready(table)

    def load_columns(self, table: Table, parcels: Iterable[Columns]) -> None:
        place = f"COPY {self.table(table.name)} ({', '.join(table.columns)}) FROM STDIN"
        kinds = list(table.columns.values())
        with self.connection.cursor() as cursor, cursor.copy(place) as copy:
            for columns in parcels:
                written = map(_copied, columns, kinds)
                copy.write("\n".join(map("\t".join, zip(*written, strict=True))) + "\n")

    def other_hand(self) -> Area:
        return self.apart()

    def join(self, tables: Sequence[Table], shift: int, place: int) -> None:
        first, where = next(iter(tables[0].columns)), self.table(tables[0].name)
        if shift:
            self.run(
                f"UPDATE {where} SET {first} = {first} + :shift WHERE place >= :place",
                shift=shift,
                place=place,
            )

    def ready(self, table: Table) -> None:
        first = next(iter(table.columns))
        if table.keyed:
            self.connection.execute(f"CREATE UNIQUE INDEX ON {self.table(table.name)} ({first})")
        self.connection.execute(f"ANALYZE {self.table(table.name)}")

    def _ready(self, statement: str) -> str:
        return _NAMED.sub(r"%(\1)s", self.sql(statement).replace("%", "%%"))

    def other(self) -> Area:
        return PostgresArea(self.name)

    def apart(self) -> Area:
        db.engine.dispose(close=False)  # the parent's connections are not ours to speak on
        return PostgresArea(self.name)

    def run(self, statement: str, **values: Any) -> int:
        return int(self.connection.execute(self._ready(statement), values or None).rowcount)

    def ask(self, statement: str, **values: Any) -> Iterator[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            yield from cursor.stream(self._ready(statement), values or None, size=500)

    def settle(self) -> None:
        if self._raw is not None:
            self.connection.commit()

    def close(self) -> None:
        if self._raw is not None:
            self.connection.rollback()
            self.connection.execute("RESET work_mem")
            self.connection.commit()
            self._raw.close()
            self._raw = None

    def _tables(self) -> list[str]:
        rows = self.connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND starts_with(tablename, %s)",
            (f"staged_{self.name}_",),
        )
        return [row[0] for row in rows]

    def exists(self) -> bool:
        return bool(self._tables())

    def drop(self) -> None:
        self.connection.rollback()
        for one in self._tables():
            self.connection.execute(f"DROP TABLE IF EXISTS {one}")
        self.settle()
        self.close()

    @contextmanager
    def beside(self, session: Session) -> Iterator[Beside]:
        tables, name = self._tables(), f"staged_{self.name}"
        self.close()
        if redo.gathered_of(session.connection()) is not None:
            made = kept_beside.tables_beside(db.engine, tables, folder() / f"{self.name}.kept")
            redo.keep_beside(session.connection(), name, made)
        yield Beside(session, self, f"{name}_")
