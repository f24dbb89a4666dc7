"""What is kept of a correction that somebody offers to the library and its department has yet to confirm?"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, WithId


class SubjectCorrection(WithId, Model):
    """更正建议: what the library says, what was found instead and by whom; it changes nothing until it is confirmed.

    `source_id` names the visit it came from, `key` what of it, so that the same finding is offered once.
    """

    __tablename__ = "subject_corrections"
    __table_args__ = (UniqueConstraint("source_id", "department_id", "key"),)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    subject_id: Mapped[str] = mapped_column(ForeignKey("subjects.id"), index=True)
    department_id: Mapped[str | None] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(String(12))
    source_id: Mapped[str] = mapped_column(String(36))
    source: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(100))
    column: Mapped[str | None] = mapped_column(String(40))
    before: Mapped[str]
    found: Mapped[str]
    note: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(12), default="offered", index=True)
    offered_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(80))
    answer: Mapped[str | None] = mapped_column(String(200))
