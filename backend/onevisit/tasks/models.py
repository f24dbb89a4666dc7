"""What is kept of a task: one carrying-out of a plan entry, with scope, ratio and items frozen."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onevisit.core.db import Json, Model, Revised, WithId


class Task(WithId, Revised, Model):
    """抽查任务. `period` of `periods` counts the carryings-out of an entry with a frequency.

    `ratio_per` says whether the ratio holds for each period or for the whole year (then the draws are batches).
    A task over several regions (市抽县查, 县抽县查) says in `handing` how it goes down and in `below` to which regions and
    offices; what each of them carries out is a task of its own there, with this one as `parent_id`.
    """

    __tablename__ = "tasks"
    __table_args__ = (UniqueConstraint("region_id", "no"), UniqueConstraint("plan_entry_id", "period"))
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    plan_entry_id: Mapped[str] = mapped_column(ForeignKey("plan_entries.id"), index=True)
    period: Mapped[int] = mapped_column(default=1)
    periods: Mapped[int] = mapped_column(default=1)
    ratio_per: Mapped[str] = mapped_column(String(8), default="period")
    no: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(300))
    initiating_department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    scope_text: Mapped[str]
    scope_filter: Mapped[dict[str, Any]]
    ratio: Mapped[Any] = mapped_column(Json, nullable=True)
    sample_size: Mapped[int | None]
    methods: Mapped[list[Any]]
    window_start: Mapped[date]
    window_end: Mapped[date]
    due: Mapped[date]
    sensitive: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default="open")
    parent_id: Mapped[str | None] = mapped_column(String(36), index=True)
    handing: Mapped[str] = mapped_column(String(8), default="own", server_default="own")
    below: Mapped[Any] = mapped_column(Json, nullable=True)
    opened_at: Mapped[datetime]
    opened_by: Mapped[str | None] = mapped_column(String(36))
    items: Mapped[list["TaskItem"]] = relationship(order_by="TaskItem.order", cascade="all, delete-orphan")

    @property
    def batch(self) -> tuple[int, int] | None:
        """(number, of) where a yearly ratio is carried out in several draws (draw.md §2); None where each has its own."""
        return (self.period, self.periods) if self.ratio_per == "year" and self.periods > 1 else None


class TaskItem(WithId, Model):
    """One item of the task with the checklist version that its visits will use."""

    __tablename__ = "task_items"
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), index=True)
    order: Mapped[int]
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"))
    checklist_id: Mapped[str] = mapped_column(ForeignKey("checklists.id"))
