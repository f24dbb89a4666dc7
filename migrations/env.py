"""How does alembic reach the database? Through the application, so that there is one address."""

from logging import getLogger

import sqlalchemy as sa
from alembic import context
from flask import current_app

import onevisit.models  # noqa: F401
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
    """Migrate in one transaction; SQLite alters tables by copying them (batch)."""
    with target.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
