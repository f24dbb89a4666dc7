"""How does alembic reach the database? Through the application, so that there is one address."""

from logging import getLogger

import sqlalchemy as sa
from alembic import context
from flask import current_app

import onevisit.models  # noqa: F401
from onevisit.core import redo
from onevisit.core.db import Moment

log = getLogger("alembic.env")
target = current_app.extensions["migrate"].db


def render(kind: str, thing: object, autogen: object) -> str | bool:
    """Write our own types as what they are, so that a migration never depends on code that may move."""
    if kind == "type" and isinstance(thing, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, sa.JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run() -> None:
    """Migrate in one transaction; SQLite alters tables by copying them (batch).

    A copied table is dropped in its old form, and with foreign keys on SQLite would take everything along that
    belongs to its rows: so they are off meanwhile, and whatever then points to nothing stops the migration.
    """
    with redo.silent(), target.engine.connect() as connection:
        copies = connection.dialect.name == "sqlite"
        if copies:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=target.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render,
        )
        with context.begin_transaction():
            context.run_migrations()
            if copies and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)):
                raise RuntimeError(f"rows that point to nothing: {lost}")
        connection.commit()
        if copies:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run()
