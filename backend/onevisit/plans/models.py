"""What is kept of a plan: its rows and where each stands, who has submitted, every change, what was reported in advance."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onevisit.core.db import Json, Model, Revised, WithId


class Plan(WithId, Revised, Model):
    """年度抽查计划 of a region: its joint rows and the departments' own (S1's two annexes).

    `rows` are all there ever were, `entries` only those that are in the plan: what a department still drafts, what was
    returned, withdrawn or removed is none of a reader's business. `version` counts from the publication (1); before it
    is 0. `shifted_from` is set when a demonstration moved the plan to another year.
    """

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
    submit_by: Mapped[date | None]
    publish_by: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[datetime | None]
    rows: Mapped[list["PlanEntry"]] = relationship(
        back_populates="plan", order_by="PlanEntry.order", cascade="all, delete-orphan"
    )
    entries: Mapped[list["PlanEntry"]] = relationship(
        primaryjoin=lambda: and_(Plan.id == PlanEntry.plan_id, PlanEntry.state == "merged"),
        order_by="PlanEntry.order", viewonly=True,
    )  # fmt: skip


class PlanEntry(WithId, Revised, Model):
    """计划表的一行. `ratio`, `frequency` as in the reader; the scope filter is confirmed by the initiator.

    `drafted_by` is the department that drafted it, None where the office's own table brought it; `intake` names the
    import that brought it and `removed_with` the one that replaced it, so that an import can be undone.
    """

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
    kind: Mapped[str] = mapped_column(String(8), default="joint")
    state: Mapped[str] = mapped_column(String(12), default="merged", index=True)
    state_before: Mapped[str | None] = mapped_column(String(12))
    drafted_by: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    published_at: Mapped[datetime | None]
    returned_reason: Mapped[str | None]
    record_no: Mapped[str | None] = mapped_column(String(80))
    intake: Mapped[str | None] = mapped_column(String(36))
    removed_with: Mapped[str | None] = mapped_column(String(36))
    plan: Mapped[Plan] = relationship(back_populates="rows")
    items: Mapped[list["PlanEntryItem"]] = relationship(
        order_by="PlanEntryItem.order", cascade="all, delete-orphan"
    )

    @property
    def in_force(self) -> bool:
        """May it be carried out? Published with the plan, or (a department's own row) by its department."""
        with_plan = self.plan.state == "published" and self.kind == "joint"
        return self.state == "merged" and (self.published_at is not None or with_plan)


class PlanEntryItem(WithId, Model):
    """One item named in the row, matched to the item list or flagged."""

    __tablename__ = "plan_entry_items"
    plan_entry_id: Mapped[str] = mapped_column(ForeignKey("plan_entries.id", ondelete="CASCADE"), index=True)
    order: Mapped[int]
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    text: Mapped[str]
    item_id: Mapped[str | None] = mapped_column(ForeignKey("items.id"))
    match: Mapped[str] = mapped_column(String(12), default="missing")


class PlanSubmission(WithId, Model):
    """报送: how far one department is with its rows of a plan; `none` is its word that it initiates nothing (S2 art. 7)."""

    __tablename__ = "plan_submissions"
    __table_args__ = (UniqueConstraint("plan_id", "department_id"),)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    state: Mapped[str] = mapped_column(String(12), default="drafting")
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None] = mapped_column(String(36))
    note: Mapped[str | None]
    reminded_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)


class PlanChange(WithId, Model):
    """One change of one row: who, when, which field from what to what; `version` is the plan's once it is published."""

    __tablename__ = "plan_changes"
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    plan_entry_id: Mapped[str | None] = mapped_column(
        ForeignKey("plan_entries.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(12))
    version: Mapped[int | None]
    revision: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(String(36))
    by_name: Mapped[str] = mapped_column(String(80))
    department_id: Mapped[str | None] = mapped_column(String(40))
    differences: Mapped[list[Any]]
    reason: Mapped[str | None]
    report_no: Mapped[str | None] = mapped_column(String(80))
    report_id: Mapped[str | None] = mapped_column(String(36))


class PlanReport(WithId, Model):
    """报备 of a change, or 备案 of an ad-hoc task: what is wanted and why, and what the office said to it (S0, S2 art. 8)."""

    __tablename__ = "plan_reports"
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    plan_entry_id: Mapped[str | None] = mapped_column(
        ForeignKey("plan_entries.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(12))
    no: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12), default="filed")
    reason: Mapped[str]
    proposed: Mapped[dict[str, Any]]
    base: Mapped[int]
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    filed_at: Mapped[datetime]
    filed_by: Mapped[str | None] = mapped_column(String(36))
    filed_by_name: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(36))
    decided_by_name: Mapped[str | None] = mapped_column(String(80))
    decision: Mapped[str | None]
