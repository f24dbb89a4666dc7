"""What is kept of a plan: the table as read, row by row, with what was in doubt."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onevisit.core.db import Json, Model, Revised, WithId


class Plan(WithId, Revised, Model):
    """年度抽查计划 of a region. `shifted_from` is set when a demonstration moved it to another year."""

    __tablename__ = "plans"
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    year: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    document_no: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    shifted_from: Mapped[int | None]
    source_name: Mapped[str | None] = mapped_column(String(200))
    source_hash: Mapped[str | None] = mapped_column(String(64))
    complete_by: Mapped[date | None]
    problems: Mapped[list[Any]]
    made_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(String(36))
    entries: Mapped[list["PlanEntry"]] = relationship(
        back_populates="plan", order_by="PlanEntry.order", cascade="all, delete-orphan"
    )


class PlanEntry(WithId, Revised, Model):
    """计划表的一行. `ratio`, `frequency` as in the reader; the scope filter is confirmed by the initiator."""

    __tablename__ = "plan_entries"
    __table_args__ = (UniqueConstraint("plan_id", "order"),)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    order: Mapped[int]
    seq: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(300))
    task_name: Mapped[str] = mapped_column(String(300))
    field: Mapped[str | None] = mapped_column(String(200))
    initiating_department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    cooperating_department_ids: Mapped[list[Any]]
    scope_text: Mapped[str]
    scope_filter: Mapped[dict[str, Any]]
    scope_confirmed_at: Mapped[datetime | None]
    scope_confirmed_by: Mapped[str | None] = mapped_column(String(36))
    ratio: Mapped[Any] = mapped_column(Json, nullable=True)
    ratio_raw: Mapped[str | None]
    sample_size: Mapped[int | None]
    frequency: Mapped[Any] = mapped_column(Json, nullable=True)
    window_start: Mapped[date | None]
    window_end: Mapped[date | None]
    window_raw: Mapped[str | None]
    methods: Mapped[list[Any]]
    category: Mapped[str | None] = mapped_column(String(12))
    targeting: Mapped[str | None] = mapped_column(String(12))
    tier: Mapped[str | None] = mapped_column(String(12))
    draw_mode: Mapped[str | None] = mapped_column(String(20))
    risk_policy: Mapped[Any] = mapped_column(Json, nullable=True)
    origin: Mapped[str] = mapped_column(String(20), default="annual_plan")
    sensitive: Mapped[bool] = mapped_column(default=False)
    problems: Mapped[list[Any]]
    provenance: Mapped[dict[str, Any]]
    plan: Mapped[Plan] = relationship(back_populates="entries")
    items: Mapped[list["PlanEntryItem"]] = relationship(
        order_by="PlanEntryItem.order", cascade="all, delete-orphan"
    )


class PlanEntryItem(WithId, Model):
    """One item named in the row, matched to the item list or flagged."""

    __tablename__ = "plan_entry_items"
    plan_entry_id: Mapped[str] = mapped_column(ForeignKey("plan_entries.id", ondelete="CASCADE"), index=True)
    order: Mapped[int]
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    text: Mapped[str]
    item_id: Mapped[str | None] = mapped_column(ForeignKey("items.id"))
    match: Mapped[str] = mapped_column(String(12), default="missing")
