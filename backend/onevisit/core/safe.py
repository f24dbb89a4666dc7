"""How far is everything in a finished backup? What phones wait for before they let go of anything (sync.md 7)."""

from datetime import datetime

from sqlalchemy import BigInteger, String, select
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, WithId, db


class FinishedBackup(WithId, Model):
    """A backup that was read again and found whole; operations up to `safe_to` are in it."""

    __tablename__ = "finished_backups"
    number: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(80))
    safe_to: Mapped[int]
    made_at: Mapped[datetime]


def safe_now() -> tuple[int | None, datetime | None]:
    """Up to which operation everything is in a finished backup, and since when."""
    newest = (
        select(FinishedBackup.safe_to, FinishedBackup.made_at)
        .order_by(FinishedBackup.safe_to.desc(), FinishedBackup.made_at)
        .limit(1)
    )
    row = db.session.execute(newest).first()
    return (row.safe_to, row.made_at) if row else (None, None)
