"""What is kept of a file: its hash, its size, where it belongs, whether it is here."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, WithId


class EvidenceFile(Model):
    """A photo or other file named by an operation; `stored_at` is set once its whole hash was checked."""

    __tablename__ = "evidence_files"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    part: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    mime: Mapped[str] = mapped_column(String(60))
    device_id: Mapped[str] = mapped_column(String(36))
    by: Mapped[str | None] = mapped_column(String(36))
    announced_at: Mapped[datetime]
    stored_at: Mapped[datetime | None]


class Upload(WithId, Model):
    """A tus upload under way; its bytes lie in parts in the store, so that any process can go on."""

    __tablename__ = "uploads"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    hash: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    offset: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[int] = mapped_column(default=0)
    account_id: Mapped[str] = mapped_column(String(36))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
