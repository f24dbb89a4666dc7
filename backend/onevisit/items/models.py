"""What is kept of the one list: items, and their checklists whose versions never change once used."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, Revised, WithId


class Item(WithId, Revised, Model):
    """抽查事项 of one department."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("region_id", "code"),)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(300))
    tier: Mapped[str] = mapped_column(String(12))
    category: Mapped[str | None] = mapped_column(String(12))
    legal_basis: Mapped[str]
    joint: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(String(12), default="in_force")
    subject_kinds: Mapped[list[Any]]


class Checklist(WithId, Model):
    """检查表 of an item, one version. `entries` as in visits/package_shape; `hash` names the content."""

    __tablename__ = "checklists"
    __table_args__ = (UniqueConstraint("item_id", "version"),)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    version: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    entries: Mapped[list[Any]]
    generic: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
