"""What else may a department check on the spot? What is on its published list, with the checklists that phones need for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from onevisit.core.db import db
from onevisit.dispatches.models import Part, TeamMember
from onevisit.items.models import Checklist, Item
from onevisit.items.terms import LIVE_STATES
from onevisit.visits.package_shape import ChecklistOf, ItemOf

Json = dict[str, Any]


def addable_for(inspector_id: str) -> dict[str, list[Json]]:
    """Department -> its list as it is published now, for every department of this inspector's visits.

    It is large and needed late, so it is no part of the package: the phone fetches it once for all its visits.
    """
    mine = select(TeamMember.visit_id).where(
        TeamMember.inspector_id == inspector_id, TeamMember.removed_at.is_(None)
    )
    departments = select(Part.department_id).where(Part.visit_id.in_(mine))
    newest = (
        select(Checklist.item_id, func.max(Checklist.version).label("version"))
        .group_by(Checklist.item_id)
        .subquery()
    )
    listed = (
        select(Item, Checklist)
        .join(newest, newest.c.item_id == Item.id)
        .join(Checklist, (Checklist.item_id == Item.id) & (Checklist.version == newest.c.version))
        .where(Item.department_id.in_(departments), Item.state.in_(LIVE_STATES))
        .order_by(Item.code)
    )
    found: dict[str, list[Json]] = {}
    for item, checklist in db.session.execute(listed):
        pinned = {"id": checklist.id, "version": checklist.version, "hash": checklist.hash}
        found.setdefault(item.department_id, []).append(
            {**_item(item, checklist), "checklist": pinned, "kinds": item.subject_kinds}
        )
    return found


def added_items(record: Json | None) -> list[ItemOf]:
    """What was added in a visit, with the very version of its checklist, whatever the list says today."""
    added = record["items"].values() if record else ()
    pinned = {one["checklist"]["id"] for one in added if one["checklist"]}
    rows = (
        select(Item, Checklist).join(Checklist, Checklist.item_id == Item.id).where(Checklist.id.in_(pinned))
    )
    return [_item(item, checklist) for item, checklist in db.session.execute(rows)] if pinned else []


def _item(item: Item, checklist: Checklist) -> ItemOf:
    pinned: ChecklistOf = {
        "id": checklist.id, "version": checklist.version, "hash": checklist.hash, "entries": checklist.entries
    }  # fmt: skip
    return {
        "id": item.id, "code": item.code, "name": item.name, "legal_basis": item.legal_basis or None, "checklist": pinned,
    }  # fmt: skip


def listed_versions(departments: Sequence[str], state: Json) -> dict[str, list[Json]]:
    """Department -> every version of what is on its list, for verdicts; with the entries of what was added."""
    listed = (
        select(Item.department_id, Item.id, Checklist.id.label("checklist_id"), Checklist.hash)
        .join(Checklist, Checklist.item_id == Item.id)
        .where(Item.department_id.in_(departments), Item.state.in_(LIVE_STATES))
    )
    pinned = {
        one["checklist"]["id"] for there in state["parts"].values() for one in there["record"]["items"].values()
        if one["checklist"]
    }  # fmt: skip
    found: dict[str, list[Json]] = {}
    for row in db.session.execute(listed):
        checklist: Json = {"id": row.checklist_id, "hash": row.hash}
        if row.checklist_id in pinned:
            checklist["entries"] = entries_of(row.checklist_id)
        found.setdefault(row.department_id, []).append({"id": row.id, "checklist": checklist})
    return found


@lru_cache(maxsize=512)
def entries_of(checklist_id: str) -> Any:
    """A checklist version never changes, so it is read once per process."""
    return db.session.scalars(select(Checklist.entries).where(Checklist.id == checklist_id)).one()


def checklists_by_hash(region_id: str, hashes: Sequence[str]) -> list[ChecklistOf]:
    """Versions that a package named and the phone has not yet; they are public, of the phone's own region."""
    rows = select(Checklist).join(Item, Item.id == Checklist.item_id)
    found = db.session.scalars(
        rows.where(Item.region_id == region_id, Checklist.hash.in_(hashes)).order_by(Checklist.id)
    )
    return [
        {"id": one.id, "version": one.version, "hash": one.hash, "entries": one.entries} for one in found
    ]  # fmt: skip
