"""What is kept of a confirmation offered on the subject's own phone: never the token, only its hash."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, WithId


class SubjectLink(WithId, Model):
    """One QR code for one manifest; used up by the signature alone (sync.md 6)."""

    __tablename__ = "subject_links"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64))
    manifest: Mapped[str] = mapped_column(Text)
    signer_name: Mapped[str] = mapped_column(String(50))
    signer_role: Mapped[str] = mapped_column(String(40))
    made_by: Mapped[str] = mapped_column(String(36))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    operation_id: Mapped[str | None] = mapped_column(String(36))
    signed_at: Mapped[datetime | None]
