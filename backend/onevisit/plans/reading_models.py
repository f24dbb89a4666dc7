"""What is kept between a table and its plan: the reading, its pages, what a person answered, what stays for next time."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onevisit.core.db import Json, Model, Revised, WithId


class PlanReading(WithId, Revised, Model):
    """A table being taken in: leaving and coming back keeps it. `said` is the reader's answer as corrected."""

    __tablename__ = "plan_readings"
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    department_id: Mapped[str | None] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    stage: Mapped[str] = mapped_column(String(10), default="file")
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_all: Mapped[int] = mapped_column(default=0)
    year: Mapped[int | None]
    sheets: Mapped[list[Any]]
    said: Mapped[Any] = mapped_column(Json, nullable=True)
    refusal: Mapped[Any] = mapped_column(Json, nullable=True)
    plan_id: Mapped[str | None] = mapped_column(String(36))
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(String(36))
    by_name: Mapped[str] = mapped_column(String(80))
    answers: Mapped[list["PlanAnswer"]] = relationship(order_by="PlanAnswer.id", cascade="all, delete-orphan")


class PlanReadingPage(WithId, Model):
    """Some rows of a table as printed, to stand beside the reading; large ones are paged through."""

    __tablename__ = "plan_reading_pages"
    __table_args__ = (UniqueConstraint("plan_reading_id", "sheet", "page"),)
    plan_reading_id: Mapped[str] = mapped_column(ForeignKey("plan_readings.id", ondelete="CASCADE"))
    sheet: Mapped[int]
    page: Mapped[int]
    rows: Mapped[list[Any]]


class PlanAnswer(WithId, Model):
    """What a person decided on the import screen, about this table. `anchor` names a task by its first cell."""

    __tablename__ = "plan_answers"
    plan_reading_id: Mapped[str] = mapped_column(
        ForeignKey("plan_readings.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(10))
    anchor: Mapped[str] = mapped_column(String(160))
    fact: Mapped[str] = mapped_column(String(40))
    raw: Mapped[str]
    value: Mapped[Any] = mapped_column(Json, nullable=True)
    correction_id: Mapped[str | None] = mapped_column(String(36))
    at: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(String(80))


class PlanCorrection(WithId, Model):
    """以后都这样读: what this region's office taught the reader. Revoking keeps the row, so that the trail has a thing."""

    __tablename__ = "plan_corrections"
    __table_args__ = (Index("ix_plan_corrections_region_kind", "region_id", "kind"),)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"))
    kind: Mapped[str] = mapped_column(String(10))
    fact: Mapped[str] = mapped_column(String(40))
    key: Mapped[str]
    raw: Mapped[str]
    value: Mapped[Any] = mapped_column(Json, nullable=True)
    value_words: Mapped[str]
    source: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(String(36))
    by_name: Mapped[str] = mapped_column(String(80))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(36))


class PlanScheme(WithId, Revised, Model):
    """统筹: rows of different initiators over the same scope, taken as one scheme or, with a reason, not (S3)."""

    __tablename__ = "plan_schemes"
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str | None]
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(String(36))
    by_name: Mapped[str] = mapped_column(String(80))
    entries: Mapped[list["PlanSchemeEntry"]] = relationship(
        order_by="PlanSchemeEntry.order", cascade="all, delete-orphan"
    )


class PlanSchemeEntry(WithId, Model):
    """One row of a scheme, with the scope it had when it was decided."""

    __tablename__ = "plan_scheme_entries"
    __table_args__ = (UniqueConstraint("plan_scheme_id", "plan_entry_id"),)
    plan_scheme_id: Mapped[str] = mapped_column(ForeignKey("plan_schemes.id", ondelete="CASCADE"), index=True)
    plan_entry_id: Mapped[str] = mapped_column(ForeignKey("plan_entries.id", ondelete="CASCADE"), index=True)
    order: Mapped[int]
    scope_filter: Mapped[dict[str, Any]]
