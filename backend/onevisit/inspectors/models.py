"""What is kept of an inspector: department, certificate, specialities, recusals."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core import clock
from onevisit.core.db import Model, Revised, WithId


class Inspector(WithId, Revised, Model):
    """执法检查人员. Supervision staff without certificate are enrolled but never drawn."""

    __tablename__ = "inspectors"
    __table_args__ = (UniqueConstraint("region_id", "certificate_no"),)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    certificate_no: Mapped[str | None] = mapped_column(String(40))
    valid_to: Mapped[date | None]
    specialities: Mapped[list[Any]]
    expert: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default="active")
    recusals: Mapped[list[Any]]
    phone: Mapped[str | None] = mapped_column(String(40))
    made_up: Mapped[bool] = mapped_column(default=False)
    qualification: Mapped[str | None] = mapped_column(String(120))
    recusal_reasons: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    left_on: Mapped[date | None]
    left_reason: Mapped[str | None] = mapped_column(String(200))
    updated_at: Mapped[datetime | None] = mapped_column(default=clock.now)
    import_id: Mapped[str | None] = mapped_column(String(36))
