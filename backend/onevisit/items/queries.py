"""What is so in the item list: which items, which checklist, which versions?"""

from typing import Any

from sqlalchemy import select

from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.queries import departments_of
from onevisit.items.models import Checklist, Item
from onevisit.items.terms import (
    ITEM_CATEGORY_LABELS,
    ITEM_STATE_LABELS,
    ITEM_TIER_LABELS,
    ItemCategory,
    ItemState,
    ItemTier,
)


def item_of(item_id: str) -> Item:
    """An item of the actor's region."""
    item = db.session.get(Item, item_id)
    if item is None or item.region_id != acting().region_id:
        raise not_found("抽查事项")
    return item


def items_of(region_id: str, department_id: str | None = None) -> list[Item]:
    """The region's items by department and code."""
    rows = select(Item).where(Item.region_id == region_id).order_by(Item.department_id, Item.code)
    return list(
        db.session.scalars(rows.where(Item.department_id == department_id) if department_id else rows)
    )


def versions_of(item_id: str) -> list[Checklist]:
    """The checklists of an item, newest first; every item has at least one."""
    return list(
        db.session.scalars(
            select(Checklist).where(Checklist.item_id == item_id).order_by(Checklist.version.desc())
        )
    )


def current_checklist(item_id: str) -> Checklist:
    """The version that a task opened now will use."""
    return versions_of(item_id)[0]


def items_page(wanted: dict[str, Any]) -> list[Item]:
    """A page of the region's items, one more than asked."""
    rows = select(Item).where(Item.region_id == acting().region_id).order_by(Item.code, Item.id)
    if text := wanted.get("q", "").strip():
        rows = rows.where(Item.name.contains(text, autoescape=True))
    for column in ("department_id", "state"):
        if wanted.get(column):
            rows = rows.where(getattr(Item, column) == wanted[column])
    if wanted.get("after"):
        rows = rows.where(Item.code > wanted["after"])
    return list(db.session.scalars(rows.limit(wanted["limit"] + 1)))


def shown(items: list[Item]) -> list[dict[str, Any]]:
    """Items with labels, department names and how long the current checklist is."""
    if not items:
        return []
    names = {one.id: {"id": one.id, "name": one.name} for one in departments_of(items[0].region_id)}
    newest = _newest([one.id for one in items])
    columns = (
        "id",
        "code",
        "name",
        "tier",
        "category",
        "legal_basis",
        "joint",
        "state",
        "subject_kinds",
        "revision",
    )
    return [
        {name: getattr(one, name) for name in columns}
        | {
            "department": names[one.department_id],
            "tier_label": ITEM_TIER_LABELS[ItemTier(one.tier)],
            "category_label": ITEM_CATEGORY_LABELS[ItemCategory(one.category)] if one.category else None,
            "state_label": ITEM_STATE_LABELS[ItemState(one.state)],
            "checklist": newest.get(one.id),
        }
        for one in items
    ]


def _newest(item_ids: list[str]) -> dict[str, dict[str, Any]]:
    rows = db.session.scalars(
        select(Checklist)
        .where(Checklist.item_id.in_(item_ids))
        .order_by(Checklist.item_id, Checklist.version)
    )
    return {
        one.item_id: {
            "id": one.id,
            "version": one.version,
            "generic": one.generic,
            "entry_count": len(one.entries),
        }
        for one in rows
    }


def shown_whole(item: Item) -> dict[str, Any]:
    """An item with its current checklist and all versions."""
    versions = versions_of(item.id)
    return shown([item])[0] | {"entries": versions[0].entries, "versions": versions}
