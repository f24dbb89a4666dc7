"""What is so in the item list: which items, which checklist, which versions?"""

from typing import Any

from sqlalchemy import Select, func, select

from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.queries import departments_of
from onevisit.items.basis_queries import basis_flags, basis_states, flagged_by
from onevisit.items.comparing import compared
from onevisit.items.models import Checklist, ChecklistDraft, Item, ItemChange
from onevisit.items.rules import faults
from onevisit.items.terms import (
    ITEM_CATEGORY_LABELS,
    ITEM_CHANGE_LABELS,
    ITEM_STATE_LABELS,
    ITEM_TIER_LABELS,
    LIVE_STATES,
    ItemCategory,
    ItemChangeKind,
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
    """A page of the region's items by code, one more than asked."""
    rows = _wanted(wanted).order_by(Item.code, Item.id)
    if wanted.get("after"):
        rows = rows.where(Item.code > wanted["after"])
    return list(db.session.scalars(rows.limit(wanted["limit"] + 1)))


def items_count(wanted: dict[str, Any]) -> int:
    """How many items the filters find."""
    return db.session.scalar(select(func.count()).select_from(_wanted(wanted).subquery())) or 0


def items_to_export(wanted: dict[str, Any]) -> list[Item]:
    """Everything that the filters find, by code."""
    return list(db.session.scalars(_wanted(wanted).order_by(Item.code, Item.id)))


def _wanted(wanted: dict[str, Any]) -> Select[Item]:
    rows = select(Item).where(Item.region_id == acting().region_id)
    if text := wanted.get("q", "").strip():
        rows = rows.where(
            Item.name.contains(text, autoescape=True)
            | Item.code.contains(text, autoescape=True)
            | Item.legal_basis.contains(text, autoescape=True)
        )
    if wanted.get("department_id"):
        rows = rows.where(Item.department_id == wanted["department_id"])
    if wanted.get("category"):
        rows = rows.where(Item.category == wanted["category"])
    if state := wanted.get("state"):
        rows = rows.where(Item.state.in_(LIVE_STATES) if state == "listed" else Item.state == state)
    if wanted.get("basis"):
        rows = rows.where(flagged_by(wanted["basis"]))
    if wanted.get("joint") is not None:
        rows = rows.where(Item.joint == wanted["joint"])
    if wanted.get("checklist") == "generic":
        rows = rows.where(Item.id.not_in(select(Checklist.item_id).where(Checklist.generic.is_(False))))
    return rows


_SHOWN = (
    "id", "code", "name", "tier", "category", "legal_basis", "joint", "state", "subject_kinds", "revision", "inspecting_body",
    "superior_code", "joint_with", "speciality",
)  # fmt: skip


def shown(items: list[Item]) -> list[dict[str, Any]]:
    """Items with labels, department names, how long the current checklist is, and whether their basis still holds."""
    if not items:
        return []
    names = {one.id: {"id": one.id, "name": one.name} for one in departments_of(items[0].region_id)}
    ids = [one.id for one in items]
    newest, flagged = _newest(ids), basis_states(ids)
    drafts = set(db.session.scalars(select(ChecklistDraft.item_id).where(ChecklistDraft.item_id.in_(ids))))
    return [
        {name: getattr(one, name) for name in _SHOWN}
        | {
            "department": names[one.department_id],
            "joint_departments": [names[other] for other in one.joint_with if other in names],
            "tier_label": ITEM_TIER_LABELS[ItemTier(one.tier)],
            "category_label": ITEM_CATEGORY_LABELS[ItemCategory(one.category)] if one.category else None,
            "state_label": ITEM_STATE_LABELS[ItemState(one.state)],
            "basis_state": flagged.get(one.id),
            "checklist": newest.get(one.id),
            "has_draft": one.id in drafts,
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


def checklists_of(item_ids: list[str]) -> dict[str, Checklist]:
    """Item -> its current checklist."""
    rows = (
        select(Checklist)
        .where(Checklist.item_id.in_(item_ids))
        .order_by(Checklist.item_id, Checklist.version)
    )
    return {one.item_id: one for one in db.session.scalars(rows)}


def shown_whole(item: Item) -> dict[str, Any]:
    """An item with its current checklist, all versions, its history and what of its basis no longer holds."""
    versions = versions_of(item.id)
    return shown([item])[0] | {
        "entries": versions[0].entries,
        "versions": versions,
        "flags": basis_flags([item.id]).get(item.id, []),
        "history": history_of(item),
    }


def history_of(item: Item) -> list[dict[str, Any]]:
    """What happened to the item in the list, newest first."""
    rows = (
        select(ItemChange)
        .where(ItemChange.item_id == item.id)
        .order_by(ItemChange.at.desc(), ItemChange.id.desc())
    )
    return [
        {
            "kind": one.kind, "kind_label": ITEM_CHANGE_LABELS[ItemChangeKind(one.kind)], "at": one.at, "by": one.by_name,
            "reason": one.reason, "fields": one.fields,
        }
        for one in db.session.scalars(rows)
    ]  # fmt: skip


def version_of(item_id: str, version: int) -> Checklist:
    """One version of an item's checklist."""
    rows = select(Checklist).where(Checklist.item_id == item_id, Checklist.version == version)
    found = db.session.scalars(rows).first()
    if found is None:
        raise not_found("检查表版本")
    return found


def checklist_of(item_id: str, checklist_id: str) -> Checklist:
    """A version by its id."""
    found = db.session.get(Checklist, checklist_id)
    if found is None or found.item_id != item_id:
        raise not_found("检查表版本")
    return found


def comparison(item_id: str, before: int, after: int | None) -> dict[str, Any]:
    """What differs between two versions; without the second, between a version and the draft."""
    old = version_of(item_id, before)
    if after is not None:
        entries = version_of(item_id, after).entries
    else:
        draft = draft_of(item_id)
        entries = [
            _readable(one, at) for at, one in enumerate(draft.entries if draft else old.entries, start=1)
        ]
    found = compared(old.entries, entries)
    return {
        "before": before, "after": after,
        "differences": [
            {"kind": one.kind, "id": one.id, "before": one.before, "after": one.after, "fields": one.fields, "moved": one.moved}
            for one in found
        ],
    }  # fmt: skip


def _readable(entry: dict[str, Any], number: int) -> dict[str, Any]:
    """A draft's entry in the shape of a version's, however unfinished; wrong words stay as they are."""
    blank: dict[str, Any] = {
        "choices": [], "required": True, "evidence": "none", "phrases": [], "condition": None, "unit": None, "content": None,
        "method": None, "basis": None, "answer": "pass_fail", "text": "",
    }  # fmt: skip
    whole = (
        blank
        | {"id": f"e{number}", "no": str(number)}
        | {key: value for key, value in entry.items() if value is not None}
    )
    limits = whole.pop("limits", None)
    return whole | ({"limits": limits} if limits and any(limits.values()) else {})


def draft_of(item_id: str) -> ChecklistDraft | None:
    """What is being written."""
    return db.session.get(ChecklistDraft, item_id)


def draft_shown(item: Item) -> dict[str, Any]:
    """The editor's beginning: the draft or, without one, the current version; and what stands in the way of publishing."""
    draft, current = draft_of(item.id), current_checklist(item.id)
    entries = draft.entries if draft else current.entries
    return {
        "entries": entries, "faults": [one.as_json() for one in faults(entries)], "revision": draft.revision if draft else 0,
        "from_version": draft.from_version if draft else current.version, "newest": current.version,
        "saved_at": draft.saved_at if draft else None, "saved_by": draft.saved_by_name if draft else None, "drafted": draft is not None,
    }  # fmt: skip
