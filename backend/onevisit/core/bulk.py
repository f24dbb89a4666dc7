"""How are tens of thousands of rows kept at once? On PostgreSQL by COPY, on SQLite in one statement; all or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from onevisit.core.db import Model, db
from onevisit.core.ids import new_id


def keep_many(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of one thing with the same columns, part of the caller's transaction; each gets its id here."""
    if not rows:
        return
    db.session.flush()
    connection, columns = db.session.connection(), ["id", *rows[0]]
    if connection.dialect.name != "postgresql":
        connection.execute(insert(model.__table__), [{"id": new_id(), **row} for row in rows])  # type: ignore[arg-type]
        return
    quote = connection.dialect.identifier_preparer.quote
    place = f"COPY {quote(model.__tablename__)} ({', '.join(map(quote, columns))}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(place) as copy:
        for row in rows:
            copy.write_row((new_id(), *row.values()))
