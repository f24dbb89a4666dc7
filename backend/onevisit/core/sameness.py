"""Are two databases the same? One hash over every row of every table, whatever order the rows lie in."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, Table

from onevisit.core.db import db


def hash_of_everything(connection: Connection, without: Iterable[str] = ()) -> str:
    """SHA-256 over the sorted hashes of all rows, table after table."""
    whole = hashlib.sha256()
    for name, found in sorted(hashes_of_tables(connection, without).items()):
        whole.update(f"{name} {found}\n".encode())
    return whole.hexdigest()


def hashes_of_tables(connection: Connection, without: Iterable[str] = ()) -> dict[str, str]:
    """The same for each table, so that a difference has a place."""
    left_out = set(without)
    tables = [one for one in db.metadata.sorted_tables if one.name not in left_out]
    return {one.name: _hash_of(connection, one) for one in tables}


def _hash_of(connection: Connection, table: Table) -> str:
    rows = connection.execute(table.select().execution_options(yield_per=2000))
    hashes = sorted(hashlib.sha256(repr(tuple(row)).encode()).digest() for row in rows)
    return hashlib.sha256(b"".join(hashes)).hexdigest()
