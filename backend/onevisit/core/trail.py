"""Who did what, when? The hash-chained audit log, and the source of all follow-on work."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from flask import current_app, has_request_context
from sqlalchemy import String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core import clock
from onevisit.core.auth import Actor, acting
from onevisit.core.canonical import canonical
from onevisit.core.db import Model, WithId, db, one_at_a_time, running
from onevisit.core.ids import new_id

log = logging.getLogger(__name__)
When = Literal["now", "later"]
Follower = Callable[["TrailEntry"], None]


class TrailEntry(WithId, Model):
    """One past fact. `position` has no gaps; `hash` covers everything before it."""

    __tablename__ = "trail_entries"
    position: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime]
    actor: Mapped[str | None] = mapped_column(String(64))
    actor_name: Mapped[str]
    region_id: Mapped[str | None] = mapped_column(String(12), index=True)
    department_id: Mapped[str | None] = mapped_column(String(40))
    event: Mapped[str] = mapped_column(String(60), index=True)
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(64), index=True)
    facts: Mapped[dict[str, Any]]
    request_id: Mapped[str | None] = mapped_column(String(64))
    prev: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    def sealed_content(self) -> dict[str, Any]:
        """What the hash covers."""
        return {
            "position": self.position, "at": self.at.isoformat(), "actor": self.actor,
            "actor_name": self.actor_name, "region": self.region_id, "department": self.department_id,
            "event": self.event, "object_kind": self.object_kind, "object_id": self.object_id,
            "facts": self.facts, "prev": self.prev,
        }  # fmt: skip

    def computed_hash(self) -> str:
        """SHA-256 over the canonical content, which names the hash before it."""
        return hashlib.sha256(canonical(self.sealed_content())).hexdigest()


COLUMNS = tuple(column.key for column in TrailEntry.__table__.columns)
WRITTEN = insert(TrailEntry.__table__)  # type: ignore[arg-type]
_ENTRIES = TrailEntry.__table__.c
LAST = select(_ENTRIES.position, _ENTRIES.hash).order_by(_ENTRIES.position.desc()).limit(1)


class OwedWork(WithId, Model):
    """A follow-on work that a fact made due; done exactly once per (fact, handler)."""

    __tablename__ = "owed_works"
    trail_id: Mapped[str] = mapped_column(String(36), index=True)
    handler: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12), default="owed", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None]


def record(
    event: str,
    object_kind: str,
    object_id: str,
    *,
    region_id: str | None = None,
    department_id: str | None = None,
    actor: Actor | None = None,
    **facts: Any,
) -> TrailEntry:
    """Write one fact in the running transaction and let `flow` say what follows.

    Facts are JSON without floats, and name things by id: no phone numbers, no identity numbers.
    """
    db.session.flush()
    position, prev = _last()
    who = actor or acting()
    entry = TrailEntry(
        id=new_id(),
        position=position + 1,
        at=clock.now(),
        actor=who.account_id,
        actor_name=who.name,
        region_id=region_id or who.region_id,
        department_id=department_id or who.department_id,
        event=event,
        object_kind=object_kind,
        object_id=object_id,
        facts=facts,
        request_id=_request_id(),
        prev=prev,
    )
    entry.hash = entry.computed_hash()
    running().execute(WRITTEN, [{name: getattr(entry, name) for name in COLUMNS}])
    db.session.info["onevisit.trail"] = (_running(), entry.position, entry.hash)
    _let_follow(entry)
    return entry


def _last() -> tuple[int, str | None]:
    """The end of the chain: what this transaction wrote itself, or, once nobody else may write, what is kept."""
    begun, *end = db.session.info.get("onevisit.trail", (None,))
    if begun is not None and begun is _running():
        return end[0], end[1]
    one_at_a_time("trail")
    row = running().execute(LAST).first()
    return (row.position, row.hash) if row else (0, None)


def _running() -> Any:
    """The transaction that runs; None inside a savepoint, which may be taken back alone."""
    session = db.session()
    return None if session.in_nested_transaction() else session.get_transaction()


def _request_id() -> str | None:
    from flask import g

    return g.get("request_id") if has_request_context() else None


def _let_follow(entry: TrailEntry) -> None:
    followers: list[tuple[str, When, Follower]] = current_app.extensions["onevisit.flow"].get(entry.event, [])
    for name, when, follower in followers:
        if when == "now":
            follower(entry)
        else:
            db.session.add(OwedWork(trail_id=entry.id, handler=name, not_before=clock.now()))


def broken_links() -> list[int]:
    """Positions where the chain does not hold; empty when nobody touched the log."""
    wrong, prev, expected = [], None, 1
    for entry in db.session.scalars(select(TrailEntry).order_by(TrailEntry.position)).yield_per(500):
        if entry.prev != prev or entry.hash != entry.computed_hash() or entry.position != expected:
            wrong.append(entry.position)
        prev, expected = entry.hash, entry.position + 1
    return wrong
