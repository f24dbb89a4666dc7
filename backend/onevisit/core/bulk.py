"""How are tens of thousands of rows kept at once? On PostgreSQL by COPY, on SQLite in one statement; all or nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from onevisit.core import redo
from onevisit.core.db import Model, db
from onevisit.core.ids import new_ids

Bind = Callable[[Any], Any]


def keep_many(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of one thing with the same columns, part of the caller's transaction; each gets its id here."""
    if not rows:
        return
    db.session.flush()
    connection, columns = db.session.connection(), ["id", *rows[0]]
    quote = connection.dialect.identifier_preparer.quote
    place = f"{quote(model.__tablename__)} ({', '.join(map(quote, columns))})"
    given = {name: [row[name] for row in rows] for name in columns[1:]}
    if connection.dialect.name != "postgresql":
        for name, values in given.items():
            if bind := _bind(connection, model, name):
                given[name] = list(map(bind, values))
        places = ", ".join("?" * len(columns))
        connection.exec_driver_sql(
            f"INSERT INTO {place} VALUES ({places})",
            list(zip(new_ids(len(rows)), *given.values(), strict=True)),
        )
        return
    driver: Any = connection.connection.driver_connection
    lines = list(zip(new_ids(len(rows)), *given.values(), strict=True))
    with driver.cursor() as cursor, cursor.copy(f"COPY {place} FROM STDIN") as copy:
        for row in lines:
            copy.write_row(row)
    redo.note_copied(connection, place, lines)


def _bind(connection: Connection, model: type[Model], name: str) -> Bind | None:
    """How a column's values are written, where the driver does not take them as they are."""
    kind = model.__table__.columns[name].type
    bind: Bind | None = kind.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return bind
