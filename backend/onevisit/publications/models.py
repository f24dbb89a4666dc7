"""What is kept of a publication: which allow-listed facts were shown, since when, by whom."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, Revised, WithId


class Publication(WithId, Revised, Model):
    """公示 of one department's part: `facts` holds only allow-listed fields, frozen when published."""

    __tablename__ = "publications"
    __table_args__ = (
        UniqueConstraint("visit_id", "department_id", "version"),
        Index("ix_publications_newest", "state", "number"),
    )
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    due: Mapped[date | None]
    number: Mapped[int | None] = mapped_column(unique=True)
    """The place among all published results, given when published: lists go newest first by it."""
    searched: Mapped[str] = mapped_column(String(200), default="")
    subject_name: Mapped[str] = mapped_column(String(200), index=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), index=True)
    facts: Mapped[dict[str, Any]]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(String(36))
    withheld_ground: Mapped[str | None]
    shown_until: Mapped[date | None]
    corrects_id: Mapped[str | None] = mapped_column(ForeignKey("publications.id"), index=True)
    erratum: Mapped[str | None] = mapped_column(Text)


class ResultGram(Model):
    """A pair of characters in the name of a standing result."""

    __tablename__ = "result_grams"
    __table_args__ = ({"sqlite_with_rowid": False},)
    gram: Mapped[str] = mapped_column(String(2), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class PublicationRequest(WithId, Model):
    """Somebody asks that a result be withheld or put right; who asks never decides (S2 art. 22)."""

    __tablename__ = "publication_requests"
    publication_id: Mapped[str] = mapped_column(ForeignKey("publications.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)
    asked_by: Mapped[str | None] = mapped_column(String(36))
    asked_by_name: Mapped[str] = mapped_column(String(100))
    asked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(String(60))
    facts: Mapped[dict[str, Any] | None]
    erratum: Mapped[str | None] = mapped_column(Text)
    changed_by: Mapped[str | None] = mapped_column(String(36))
    decided_by: Mapped[str | None] = mapped_column(String(36))
    decided_by_name: Mapped[str | None] = mapped_column(String(100))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
