"""What is kept of a subject: who it is, what it is allowed, how risky it is, what happened to it, who answers for it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
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
    unsuitable_hours: Mapped[str | None] = mapped_column(String(200))
    code_doubtful: Mapped[bool] = mapped_column(default=False, server_default=false())
    updated_at: Mapped[datetime | None]


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


class SubjectBelonging(WithId, Model):
    """谁审批、谁监管: in which way a department answers for a subject, at which level.

    Whether a subject belongs to a department at all is its label; here is only how, where somebody said so.
    """

    __tablename__ = "subject_belongings"
    __table_args__ = (UniqueConstraint("subject_id", "department_id", "duty"),)
    subject_id: Mapped[str] = mapped_column(ForeignKey("subjects.id", ondelete="CASCADE"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    duty: Mapped[str] = mapped_column(String(12))
    level: Mapped[str] = mapped_column(String(12))
    since: Mapped[date]


class GradeScale(WithId, Revised, Model):
    """部门分级的等级表: a department's own grades, from the least to the most risky; a used scale is ended, not deleted."""

    __tablename__ = "grade_scales"
    __table_args__ = (UniqueConstraint("department_id", "name"),)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    name: Mapped[str] = mapped_column(String(60))
    grades: Mapped[list[Any]]
    valid_months: Mapped[int | None]
    ended_at: Mapped[datetime | None]


class SubjectGrade(WithId, Model):
    """One grade a department gave a subject; the newest of a scale holds, the others are its history."""

    __tablename__ = "subject_grades"
    __table_args__ = (Index("ix_subject_grades_scale_subject", "scale_id", "subject_id"),)
    subject_id: Mapped[str] = mapped_column(ForeignKey("subjects.id", ondelete="CASCADE"), index=True)
    scale_id: Mapped[str] = mapped_column(ForeignKey("grade_scales.id"))
    grade: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str] = mapped_column(String(80))
    day: Mapped[date]
    valid_to: Mapped[date | None]
    at: Mapped[datetime]


class LibraryChange(WithId, Model):
    """Who changed what in a library, when, from what to what; an import is one row per department with its count."""

    __tablename__ = "library_changes"
    __table_args__ = (Index("ix_library_changes_region_library_at", "region_id", "library", "at"),)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"))
    library: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(12))
    object_id: Mapped[str] = mapped_column(String(36), index=True)
    object_name: Mapped[str] = mapped_column(String(200))
    department_id: Mapped[str | None] = mapped_column(String(40))
    departments: Mapped[list[Any]]
    account_id: Mapped[str | None] = mapped_column(String(36))
    actor_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    fields: Mapped[dict[str, Any]]
    reason: Mapped[str | None] = mapped_column(String(200))
    import_id: Mapped[str | None] = mapped_column(String(36))
    count: Mapped[int] = mapped_column(default=1)
    undone_at: Mapped[datetime | None]


class LibraryPart(Model):
    """A department's part of a library: changed when last, how often since it was attested, how many staff there should be."""

    __tablename__ = "library_parts"
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    library: Mapped[str] = mapped_column(String(12), primary_key=True)
    changed_at: Mapped[datetime | None]
    changes: Mapped[int] = mapped_column(default=0)
    staff_expected: Mapped[int | None]
    staff_noted_at: Mapped[datetime | None]
