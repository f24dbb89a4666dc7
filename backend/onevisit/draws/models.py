"""What is kept of a draw: what was frozen, what was promised, what was revealed, what came out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onevisit.core.db import Json, Model, WithId


class Draw(WithId, Model):
    """抽取. `frozen` is the JSON text of pool, exclusions and inspectors with salts; `bundle` the full bundle.

    `rules`, `match`, `counts` and `changes` repeat what the frozen text says, so that a screen need not read it;
    the large texts are fetched only where they are asked for.
    """

    __tablename__ = "draws"
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    no: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(20), default="together")
    state: Mapped[str] = mapped_column(String(12), default="preparing")
    frozen: Mapped[str] = mapped_column(Text, deferred=True)
    rules: Mapped[dict[str, Any]]
    match: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    changes: Mapped[dict[str, Any]]
    remarks: Mapped[dict[str, Any]]
    commit: Mapped[Any] = mapped_column(Json, nullable=True)
    commit_hash: Mapped[str | None] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(64))
    bundle: Mapped[str | None] = mapped_column(Text, deferred=True)
    public_bundle: Mapped[str | None] = mapped_column(Text, deferred=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(String(36))
    committed_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    drawn_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[str | None] = mapped_column(String(36))
    void_reason: Mapped[str | None]
    sources: Mapped[list["DrawSource"]] = relationship(
        order_by="DrawSource.order", cascade="all, delete-orphan"
    )


class DrawSource(WithId, Model):
    """A source of chance and its party; the value is kept only once it is revealed.

    A public result is typed by two people: `typed` waits for the second one.
    """

    __tablename__ = "draw_sources"
    __table_args__ = (UniqueConstraint("draw_id", "name"),)
    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"), index=True)
    order: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    commitment: Mapped[str | None] = mapped_column(String(64))
    value: Mapped[str | None]
    typed: Mapped[str | None]
    typed_by: Mapped[str | None] = mapped_column(String(36))
    committed_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    by: Mapped[str | None] = mapped_column(String(36))


class DrawnSubject(WithId, Model):
    """A drawn subject in the order of its ticket, with its own proof; `visit_id` once it is dispatched."""

    __tablename__ = "drawn_subjects"
    __table_args__ = (UniqueConstraint("draw_id", "leaf"),)
    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"), index=True)
    subject_id: Mapped[str] = mapped_column(ForeignKey("subjects.id"), index=True)
    order: Mapped[int]
    risk: Mapped[str] = mapped_column(String(2))
    leaf: Mapped[str] = mapped_column(String(64))
    ticket: Mapped[str] = mapped_column(String(64))
    proof: Mapped[str] = mapped_column(Text)
    joint: Mapped[bool]
    drawn_on: Mapped[date] = mapped_column(index=True)
    visit_id: Mapped[str | None] = mapped_column(String(36))


class DrawnInspector(WithId, Model):
    """An inspector on a drawn subject's visit, in the order chosen; an appointed one says why (S1)."""

    __tablename__ = "drawn_inspectors"
    __table_args__ = (UniqueConstraint("draw_id", "leaf", "inspector_id"),)
    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"), index=True)
    leaf: Mapped[str] = mapped_column(String(64))
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    inspector_id: Mapped[str] = mapped_column(ForeignKey("inspectors.id"), index=True)
    order: Mapped[int]
    appointed_reason: Mapped[str | None]
