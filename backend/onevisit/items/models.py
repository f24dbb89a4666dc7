"""What is kept of the one list: items with their history, checklists whose versions never change, and what they rest on."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, Revised, WithId
from onevisit.core.problems import Problem


class Item(WithId, Revised, Model):
    """抽查事项 of one department. `joint_with`: the departments that check it together (联合抽查事项清单, S2 art. 2).

    `speciality`: what one of the inspectors drawn for it must hold (draw.md 5; S2 art. 9).
    """

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
    inspecting_body: Mapped[str] = mapped_column(String(200), default="", server_default="")
    superior_code: Mapped[str] = mapped_column(String(60), default="", server_default="")
    joint_with: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    speciality: Mapped[str | None] = mapped_column(String(60))


class ItemChange(WithId, Model):
    """What happened to an item in the list: added, changed, withdrawn, restored; the list is dynamic and public (S4)."""

    __tablename__ = "item_changes"
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    fields: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(String(80), default="")


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
    made_by: Mapped[str | None] = mapped_column(String(36))
    made_by_name: Mapped[str] = mapped_column(String(80), default="", server_default="")
    note: Mapped[str] = mapped_column(String(300), default="", server_default="")


@event.listens_for(Checklist, "before_update")
def _never_changes(*_: object) -> None:
    raise Problem("items.version_fixed", "检查表的这一版已经存下，不能再改。请做一个新版本。", 409)


class ChecklistDraft(Revised, Model):
    """What the department is writing, whole or not; one per item, thrown away or published as a version."""

    __tablename__ = "checklist_drafts"
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), primary_key=True)
    entries: Mapped[list[Any]]
    from_version: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str | None] = mapped_column(String(36))
    saved_by_name: Mapped[str] = mapped_column(String(80), default="")


class LegalBasis(WithId, Revised, Model):
    """法律依据: a law (article "") or one of its articles, with version and state; what is written names it by its title."""

    __tablename__ = "legal_bases"
    __table_args__ = (UniqueConstraint("region_id", "title", "article"),)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"))
    title: Mapped[str] = mapped_column(String(200))
    article: Mapped[str] = mapped_column(String(40), default="")
    version: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(12), default="in_force")
    since: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    replaced_by: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(80), default="")


class BasisUse(WithId, Model):
    """An item (`entry` "") or an entry of its current checklist rests on this; derived from what is written there."""

    __tablename__ = "basis_uses"
    __table_args__ = (UniqueConstraint("item_id", "entry", "basis_id"),)
    basis_id: Mapped[str] = mapped_column(ForeignKey("legal_bases.id"), index=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"))
    entry: Mapped[str] = mapped_column(String(40), default="")


class BasisReview(WithId, Model):
    """A department looked at an item after its basis was amended (at `basis_revision`) and found it still right."""

    __tablename__ = "basis_reviews"
    __table_args__ = (UniqueConstraint("item_id", "basis_id"),)
    basis_id: Mapped[str] = mapped_column(ForeignKey("legal_bases.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"))
    basis_revision: Mapped[int]
    at: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
