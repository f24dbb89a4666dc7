"""What did a statement read beside the database? A confirmed list's staging tables, kept with the journal's entry.

On SQLite the staging file gets a second name, on PostgreSQL its tables are copied out by a connection of their own while
the confirming one writes: neither makes the confirming transaction longer than the disk needs.
"""

import json
import os
import shutil
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine

Made = Callable[[Path], None]
_LENGTH: Final = struct.Struct(">I")


class _Beside(threading.Thread):
    """Work on the disk that has begun; what went wrong is said to whoever waits for it."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(name="onevisit-kept", daemon=True)
        self.work, self.error = work, None
        self.start()

    error: BaseException | None

    def run(self) -> None:
        try:
            self.work()
        except BaseException as error:
            self.error = error

    def wait(self) -> None:
        """Until it is done."""
        self.join()
        if self.error is not None:
            raise OSError(f"the list's staging tables could not be kept: {self.error}") from self.error


def file_beside(path: Path) -> Made:
    """SQLite: the file itself under another name; its bytes begin to go to the disk now."""

    def settle() -> None:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    begun = _Beside(settle)

    def made(kept: Path) -> None:
        begun.wait()
        kept.unlink(missing_ok=True)
        try:
            os.link(path, kept)
        except OSError:  # another disk
            shutil.copyfile(path, kept)
            _settled(kept)

    return made


def tables_beside(engine: Engine, tables: list[str], path: Path) -> Made:
    """PostgreSQL: the tables begin to be copied into `path` now."""

    def copy() -> None:
        raw = engine.raw_connection()
        try:
            driver: Any = raw.driver_connection
            with path.open("wb") as into, driver.cursor() as cursor:
                for table in tables:
                    cursor.execute(
                        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                        " WHERE attrelid = CAST(%s AS regclass) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                        (table,),
                    )
                    _write(into, json.dumps([table, cursor.fetchall()]).encode())
                    with cursor.copy(f"COPY {table} TO STDOUT") as rows:
                        for block in rows:
                            _write(into, bytes(block))
                    _write(into, b"")
            _settled(path)
        finally:
            raw.rollback()
            raw.close()

    begun = _Beside(copy)

    def made(kept: Path) -> None:
        begun.wait()
        shutil.move(path, kept)

    return made


def _write(into: Any, block: bytes) -> None:
    into.write(_LENGTH.pack(len(block)) + block)


def _settled(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def there_again(connection: Connection, folder: Path, kept: Mapping[str, str]) -> Iterator[None]:
    """The tables stand beside the database as they did then; on PostgreSQL they go again afterwards."""
    raw: Any = connection.connection
    made: list[str] = []
    for name, file in kept.items():
        if connection.dialect.name == "sqlite":
            raw.driver_connection.execute(f"ATTACH ? AS {name}", (str(folder / file),))
            raw.info.setdefault("onevisit.attached", []).append(name)
        else:
            made += _loaded(raw, folder / file)
    yield
    for table in made:
        raw.driver_connection.execute(f"DROP TABLE {table}")


def _loaded(raw: Any, path: Path) -> list[str]:
    tables = []
    with path.open("rb") as kept, raw.driver_connection.cursor() as cursor:
        while head := _block(kept):
            table, columns = json.loads(head)
            tables.append(table)
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
            cursor.execute(f"CREATE UNLOGGED TABLE {table} ({', '.join(f'{n} {t}' for n, t in columns)})")
            with cursor.copy(f"COPY {table} FROM STDIN") as rows:
                while block := _block(kept):
                    rows.write(block)
            cursor.execute(f"ANALYZE {table}")
    return tables


def _block(kept: Any) -> bytes:
    length = kept.read(_LENGTH.size)
    return bytes(kept.read(_LENGTH.unpack(length)[0])) if length else b""
