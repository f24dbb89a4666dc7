"""What is kept of a file: its hash, who named it where, whether it is here, and what of it is on its way."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, WithId


class EvidenceFile(Model):
    """A photo or other file named by an operation; `stored_at` is set once its whole hash was checked."""

    __tablename__ = "evidence_files"
    __table_args__ = (
        # What phones still owe: few rows of many, asked for by the fleet page (sync.md 5).
        Index(
            "ix_evidence_files_owed", "device_id", sqlite_where=text("stored_at IS NULL"),
            postgresql_where=text("stored_at IS NULL"),
        ),
    )  # fmt: skip
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    part: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    size: Mapped[int | None]
    mime: Mapped[str] = mapped_column(String(60))
    device_id: Mapped[str] = mapped_column(String(60))
    by: Mapped[str | None] = mapped_column(String(36))
    announced_at: Mapped[datetime]
    stored_at: Mapped[datetime | None]
    stored_size: Mapped[int | None]
    problem: Mapped[str | None] = mapped_column(String(60))
    thumb_at: Mapped[datetime | None]


class EvidenceUse(WithId, Model):
    """One naming of a file: by which operation, for which part (None: the whole visit), from whose device."""

    __tablename__ = "evidence_uses"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), index=True)
    part: Mapped[str | None] = mapped_column(String(40))
    operation_id: Mapped[str] = mapped_column(String(36))
    account_id: Mapped[str | None] = mapped_column(String(36))


class Upload(WithId, Model):
    """A tus upload under way; its bytes lie in pieces in the store, so that any process can go on."""

    __tablename__ = "uploads"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    hash: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    offset: Mapped[int] = mapped_column(default=0)
    account_id: Mapped[str] = mapped_column(String(36), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]


class UploadPiece(Model):
    """A stretch of an upload that is safely in the store: `key` is where, `start` its first byte."""

    __tablename__ = "upload_pieces"
    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    length: Mapped[int]
    key: Mapped[str] = mapped_column(String(120))
