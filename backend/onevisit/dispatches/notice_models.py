"""What is kept of a subject's proposal of another time, made by the link of its notice?"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, WithId


class NoticeProposal(WithId, Model):
    """Two half days and a reason (announced checks only); the leader's answer stands beside it."""

    __tablename__ = "notice_proposals"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    name: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(String(200))
    slots: Mapped[list[Any]]
    made_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(36))
