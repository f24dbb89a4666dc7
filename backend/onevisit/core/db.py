"""How do we keep things? One database object, portable types, and `transaction()` around every action."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, MetaData, String, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from onevisit.core.ids import new_id
from onevisit.core.turns import turn_to_write

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
Json = JSON().with_variant(JSONB(), "postgresql")
_writing: ContextVar[bool] = ContextVar("onevisit_writing", default=False)


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite forgets zones, so we give them back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


class Base(DeclarativeBase):
    """The declarative base; the naming convention keeps both databases' migrations the same."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: Moment(), dict[str, Any]: Json, list[Any]: Json},
    )


db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class WithId:
    """A thing with a name of its own."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)


class Revised:
    """A thing that two people may edit: `revision` is its ETag and is checked on write."""

    revision: Mapped[int] = mapped_column(default=1)


@event.listens_for(Engine, "connect")
def _set_up_sqlite(connection: Any, _record: Any) -> None:
    if type(connection).__module__.split(".")[0] != "sqlite3":
        return
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_on_sqlite(connection: Any) -> None:
    """SQLite upgrades no read transaction safely, so a writer says at once that it writes."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def transaction() -> Iterator[None]:
    """Everything inside happens, or nothing; inside another one it joins it (one per action).

    What the request read before is read again inside, so a decision never rests on an old snapshot.
    """
    if _writing.get():
        yield
        return
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("changes before the transaction began")
    db.session.rollback()
    with turn_to_write(db.engine):
        token = _writing.set(True)
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _writing.reset(token)


def running() -> Connection:
    """The connection of the running transaction, for statements without the ORM; the session takes as long to find it as
    a small statement to run."""
    session = db.session()
    begun, found = session.info.get("onevisit.running", (None, None))
    if begun is None or begun is not session.get_transaction():
        found = session.connection()
        session.info["onevisit.running"] = (session.get_transaction(), found)
    return cast(Connection, found)


LOCK = text("SELECT pg_advisory_xact_lock(hashtext(:name))")


def one_at_a_time(name: str) -> None:
    """Hold the lock `name` until the transaction ends; SQLite's single writer is that lock already."""
    if db.session.get_bind().dialect.name == "postgresql":
        running().execute(LOCK, {"name": name})


def is_clash(error: IntegrityError) -> bool:
    """Is there already one with the same key? (A missing value or reference would be a fault of ours.)"""
    return getattr(error.orig, "sqlstate", None) == "23505" or "UNIQUE constraint" in str(error.orig)
