"""What is kept of a subject: who it is, what it is allowed, how risky it is, what happened to it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, Revised, WithId


class Subject(WithId, Revised, Model):
    """检查对象. `labels` (field, tag, licence) are repeated in SubjectLabel so that a scope filter is one query."""

    __tablename__ = "subjects"
    __table_args__ = (
        UniqueConstraint("region_id", "credit_code"),
        Index("ix_subjects_region_name", "region_id", "name"),
    )
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    credit_code: Mapped[str | None] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    fields: Mapped[list[Any]]
    tags: Mapped[list[Any]]
    address: Mapped[str] = mapped_column(String(300))
    lat_e7: Mapped[int | None]
    lon_e7: Mapped[int | None]
    legal_representative: Mapped[str | None] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(String(40))
    contact: Mapped[str | None] = mapped_column(String(60))
    contact_phone: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20), default="operating")
    risk: Mapped[str] = mapped_column(String(2), default="-")
    risk_issuer: Mapped[str | None] = mapped_column(String(80))
    risk_day: Mapped[date | None]
    licences: Mapped[list[Any]]
    responsible_id: Mapped[str | None] = mapped_column(ForeignKey("subjects.id"))
    made_up: Mapped[bool] = mapped_column(default=False)


class SubjectLabel(WithId, Model):
    """One label of a subject: kind is field, tag, licence or department."""

    __tablename__ = "subject_labels"
    __table_args__ = (Index("ix_subject_labels_kind_value", "kind", "value"),)
    subject_id: Mapped[str] = mapped_column(ForeignKey("subjects.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(String(120))


class SubjectHistory(WithId, Model):
    """One past check of a subject, written by the flow; draws and pre-check read it."""

    __tablename__ = "subject_history"
    subject_id: Mapped[str] = mapped_column(ForeignKey("subjects.id"), index=True)
    visit_id: Mapped[str] = mapped_column(String(36), index=True)
    department_id: Mapped[str] = mapped_column(String(40))
    day: Mapped[date] = mapped_column(index=True)
    task_name: Mapped[str] = mapped_column(String(300))
    outcomes: Mapped[list[Any]]


class Attestation(WithId, Model):
    """库的确认: a department vouches that its part of a library is up to date (S2 art. 11)."""

    __tablename__ = "attestations"
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"))
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), index=True)
    library: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(String(36))
    count: Mapped[int]
