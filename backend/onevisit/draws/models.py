"""What is kept of a draw: what was frozen, what was promised, what was revealed, what came out."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onevisit.core.db import Json, Model, WithId


class Draw(WithId, Model):
    """抽取. `frozen` is the JSON text of pool, exclusions and inspectors with salts; `bundle` the full bundle."""

    __tablename__ = "draws"
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    no: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(20), default="together")
    state: Mapped[str] = mapped_column(String(12), default="preparing")
    frozen: Mapped[str] = mapped_column(Text)
    commit: Mapped[Any] = mapped_column(Json, nullable=True)
    commit_hash: Mapped[str | None] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(64))
    bundle: Mapped[str | None] = mapped_column(Text)
    public_bundle: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime]
    committed_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    drawn_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    sources: Mapped[list["DrawSource"]] = relationship(order_by="DrawSource.order", cascade="all, delete-orphan")


class DrawSource(WithId, Model):
    """A source of chance and its party; the value is kept only once it is revealed."""

    __tablename__ = "draw_sources"
    __table_args__ = (UniqueConstraint("draw_id", "name"),)
    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"), index=True)
    order: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    commitment: Mapped[str | None] = mapped_column(String(64))
    value: Mapped[str | None]
    committed_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    by: Mapped[str | None] = mapped_column(String(36))
