"""What is kept of the record: operations as they came, logs, signed manifests, and rebuildable projections."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, WithId


class StoredOperation(Model):
    """One place of one log with the bytes that stand there (sync.md 1); verdict and position are the server's.

    The same `id` may stand in two logs (re-chained after a cloned storage): the later place is a `duplicate`.
    """

    __tablename__ = "operations"
    __table_args__ = (
        UniqueConstraint("visit_id", "device_id", "seq"),
        Index("ix_operations_visit_position", "visit_id", "position"),
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(60), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    device_id: Mapped[str] = mapped_column(String(60))
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    part: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    by: Mapped[str | None] = mapped_column(String(36))
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    verdict: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(30))
    received_at: Mapped[datetime]


class Log(Model):
    """How far one device's log of one visit is here, and the hash of its last operation."""

    __tablename__ = "logs"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    device_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    accepted_to: Mapped[int] = mapped_column(default=0)
    head: Mapped[str | None] = mapped_column(String(64))
    last_received_at: Mapped[datetime]


class KeptBundle(WithId, Model):
    """A bundle with its signature, as it came: the proof for a court, and what waits past a gap."""

    __tablename__ = "bundles"
    __table_args__ = (
        # Logs with a gap: few rows of many, asked for by the fleet page.
        Index(
            "ix_bundles_past_gap", "device_id", sqlite_where=text("waiting IS NOT NULL"),
            postgresql_where=text("waiting IS NOT NULL"),
        ),
    )  # fmt: skip
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    device_id: Mapped[str] = mapped_column(String(60))
    first: Mapped[int]
    last: Mapped[int]
    last_hash: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(120))
    waiting: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]


class VisitState(Model):
    """The fold of a visit's counted operations: a projection, rebuilt at will."""

    __tablename__ = "visit_states"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    position: Mapped[int]


class SignedManifest(WithId, Model):
    """What a subject signed: the manifest's bytes, and whether the server's own fold equals it."""

    __tablename__ = "signed_manifests"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    operation_id: Mapped[str] = mapped_column(String(36), unique=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    manifest: Mapped[str] = mapped_column(Text)
    parts: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(12))
    differs: Mapped[list[Any]]
    confirmed_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]


class Todo(WithId, Model):
    """Something an inspector or a department still has to do about a visit; reviews write them by calling back."""

    __tablename__ = "todos"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    department_id: Mapped[str] = mapped_column(String(40), index=True)
    inspector_id: Mapped[str | None] = mapped_column(String(36), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    item_id: Mapped[str | None] = mapped_column(String(64))
    operation_id: Mapped[str | None] = mapped_column(String(36))
    text: Mapped[str]
    due: Mapped[date | None]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class SampleResult(WithId, Model):
    """What a laboratory found in a sample; `operation_id` is the `sample.add`, `formed_on` the report's day."""

    __tablename__ = "sample_results"
    __table_args__ = (UniqueConstraint("visit_id", "operation_id"),)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    operation_id: Mapped[str] = mapped_column(String(36))
    department_id: Mapped[str] = mapped_column(String(40))
    report_no: Mapped[str] = mapped_column(String(100))
    verdict: Mapped[str] = mapped_column(String(20))
    formed_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(String(1000))
    entered_by: Mapped[str | None] = mapped_column(String(36))
    entered_at: Mapped[datetime]


class ServerEpoch(Model):
    """Which life of this server it is: a restore from a backup begins a new one, and phones offer again."""

    __tablename__ = "server_epochs"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(36))
    since: Mapped[datetime]
