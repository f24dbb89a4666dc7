"""What is kept of a subject: who it is, what it is allowed, how risky it is, what happened to it, who answers for it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core import clock
from onevisit.core.db import Model, Revised, WithId


def _in_c(length: int) -> String:
    """Text in the order of its characters, so that a beginning is a range of the index on every database."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Subject(WithId, Revised, Model):
    """检查对象. `number` is its place in the bitmaps by which it is found (bitmaps.py); nobody sets it by hand."""

    __tablename__ = "subjects"
    __table_args__ = (
        UniqueConstraint("region_id", "credit_code"),
        UniqueConstraint("number"),
        Index("ix_subjects_region_name_number", "region_id", "name", "number"),
        Index("ix_subjects_region_updated_number", "region_id", "updated_at", "number"),
        Index(
            "ix_subjects_responsible", "responsible_id",
            sqlite_where=text("responsible_id IS NOT NULL"), postgresql_where=text("responsible_id IS NOT NULL"),
        ),
    )  # fmt: skip
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"))
    number: Mapped[int]
    credit_code: Mapped[str | None] = mapped_column(_in_c(18))
    name: Mapped[str] = mapped_column(_in_c(200))
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
    departments: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    grades: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    import_id: Mapped[str | None] = mapped_column(String(36))
    unsuitable_hours: Mapped[str | None] = mapped_column(String(200))
    code_doubtful: Mapped[bool] = mapped_column(default=False, server_default=false())
    updated_at: Mapped[datetime | None] = mapped_column(default=clock.now)


class SubjectBitmap(Model):
    """Which subjects of a block of 65,536 numbers carry a term: a label, or two neighbouring characters of the name."""

    __tablename__ = "subject_bitmaps"
    __table_args__ = ({"sqlite_with_rowid": False},)
    region_id: Mapped[str] = mapped_column(String(12), primary_key=True)
    term: Mapped[str] = mapped_column(_in_c(160), primary_key=True)
    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    held: Mapped[int]
    bits: Mapped[bytes]


class LibraryImport(WithId, Revised, Model):
    """One list on its way into a library: what came, how far it is, what it would change, who confirmed or undid it."""

    __tablename__ = "library_imports"
    __table_args__ = (Index("ix_library_imports_region_library", "region_id", "library", "made_at"),)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"))
    library: Mapped[str] = mapped_column(String(12))
    scale_id: Mapped[str | None] = mapped_column(String(36))
    department_id: Mapped[str | None] = mapped_column(String(40))
    account_id: Mapped[str | None] = mapped_column(String(36))
    actor_name: Mapped[str] = mapped_column(String(80))
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12))
    made_up: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(String(80))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(80))
    purpose: Mapped[str | None] = mapped_column(String(200))
    headings: Mapped[list[Any]]
    mapping: Mapped[dict[str, Any]]
    sample: Mapped[list[Any]]
    counts: Mapped[dict[str, Any]]
    rows_read: Mapped[int] = mapped_column(default=0)
    bytes_read: Mapped[int] = mapped_column(BigInteger, default=0)
    fault: Mapped[dict[str, Any] | None]
    first_block: Mapped[int | None]


class LibraryImportRow(Model):
    """What a confirmed import changed in a thing that was there: field -> [old, new], and the revision it left."""

    __tablename__ = "library_import_rows"
    import_id: Mapped[str] = mapped_column(
        ForeignKey("library_imports.id", ondelete="CASCADE"), primary_key=True
    )
    object_id: Mapped[str] = mapped_column(String(36), primary_key=True, index=True)
    revision: Mapped[int]
    fields: Mapped[dict[str, Any]]


class LibraryHeading(Model):
    """What a heading means to a department (or to the joint office of a region), as somebody once said."""

    __tablename__ = "library_headings"
    owner: Mapped[str] = mapped_column(String(40), primary_key=True)
    library: Mapped[str] = mapped_column(String(12), primary_key=True)
    heading: Mapped[str] = mapped_column(String(120), primary_key=True)
    meaning: Mapped[str] = mapped_column(String(40))


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
    import_id: Mapped[str | None] = mapped_column(String(36))


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
