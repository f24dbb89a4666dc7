"""What is kept of a publication: which allow-listed facts were shown, since when, by whom."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, Revised, WithId


class Publication(WithId, Revised, Model):
    """公示 of one department's part: `facts` holds only allow-listed fields, frozen when published."""

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("visit_id", "department_id", "version"),)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    due: Mapped[date | None]
    subject_name: Mapped[str] = mapped_column(String(200), index=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), index=True)
    facts: Mapped[dict[str, Any]]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(String(36))
    withheld_ground: Mapped[str | None]
