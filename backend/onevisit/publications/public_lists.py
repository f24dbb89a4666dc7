"""Which plans and items may anybody read, and which office answers for them?"""

from typing import Any

from sqlalchemy import or_, select

from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.models import Department
from onevisit.items.basis_queries import basis_states
from onevisit.items.models import Checklist, Item
from onevisit.items.terms import (
    ITEM_CATEGORY_LABELS,
    ITEM_STATE_LABELS,
    ITEM_TIER_LABELS,
    LIVE_STATES,
    ItemCategory,
    ItemState,
    ItemTier,
)
from onevisit.plans.differences import frequency_words, ratio_words
from onevisit.plans.models import Plan, PlanEntry
from onevisit.regions.models import Region


def public_regions() -> list[dict[str, Any]]:
    """Whose checks are published here, and which offices answer for them (the joint office first)."""
    places: dict[str, dict[str, Any]] = {}
    rows = select(Region, Department).join(Department, Department.region_id == Region.id)
    for region, one in db.session.execute(
        rows.order_by(Region.id, Department.joint_office.desc(), Department.id)
    ):
        place = places.setdefault(
            region.id, {"id": region.id, "name": region.name, "made_up": region.made_up, "departments": []}
        )
        place["departments"].append(one)
    return list(places.values())


def public_plans(region: str) -> list[dict[str, Any]]:
    """The published plans, the newest first; also one of which so far only departments published own checks (S1)."""
    some = select(PlanEntry.plan_id).where(PlanEntry.published_at.is_not(None), PlanEntry.state == "merged")
    rows = select(Plan, Region).join(Region, Region.id == Plan.region_id)
    rows = rows.where(or_(Plan.state == "published", Plan.id.in_(some)))
    if region:
        rows = rows.where(Plan.region_id == region)
    return [
        {
            "id": plan.id, "name": plan.name, "year": plan.year, "document_no": plan.document_no,
            "region": {"id": place.id, "name": place.name}, "published_at": plan.published_at,
            "shifted_from": plan.shifted_from, "made_up": place.made_up,
            "entries": sum(one.in_force for one in plan.entries),
        }
        for plan, place in db.session.execute(rows.order_by(Plan.year.desc(), Plan.id.desc()))
    ]  # fmt: skip


def public_plan(plan_id: str) -> dict[str, Any]:
    """One published plan with its rows, as the notice's table shows them."""
    plan = db.session.get(Plan, plan_id)
    if plan is None or not (plan.state == "published" or any(one.in_force for one in plan.entries)):
        raise not_found("抽查计划")
    region = db.session.get_one(Region, plan.region_id)
    names = {
        one.id: one.short_name
        for one in db.session.scalars(select(Department).where(Department.region_id == plan.region_id))
    }
    return {
        "id": plan.id, "name": plan.name, "year": plan.year, "document_no": plan.document_no,
        "region": {"id": region.id, "name": region.name}, "shifted_from": plan.shifted_from, "published_at": plan.published_at,
        "entries": [_public_entry(entry, names) for entry in plan.entries if entry.in_force],
    }  # fmt: skip


def _public_entry(entry: PlanEntry, names: dict[str, str]) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "field": entry.field,
        "name": entry.name,
        "initiating_department": names.get(entry.initiating_department_id or ""),
        "cooperating_departments": [names[one] for one in entry.cooperating_department_ids if one in names],
        "items": [
            {"department": names.get(one.department_id or ""), "text": one.text} for one in entry.items
        ],
        "scope": entry.scope_text,
        "ratio": "；".join(
            filter(None, (ratio_words(entry.ratio, entry.sample_size), frequency_words(entry.frequency)))
        )
        or entry.ratio_raw,
        "window_start": entry.window_start.isoformat() if entry.window_start else None,
        "window_end": entry.window_end.isoformat() if entry.window_end else None,
    }


def public_items(region: str, limit: int, after: str | None) -> list[dict[str, Any]]:
    """The item list 抽查事项清单 of a region (一单), by code; one more than the limit."""
    rows = (
        select(Item, Department, Region).join(Department, Department.id == Item.department_id)
        .join(Region, Region.id == Item.region_id).where(Item.state.in_(LIVE_STATES))
    )  # fmt: skip
    if region:
        rows = rows.where(Item.region_id == region)
    if after:
        place, _, code = after.partition("~")
        rows = rows.where(or_(Item.region_id > place, (Item.region_id == place) & (Item.code > code)))
    found = db.session.execute(rows.order_by(Item.region_id, Item.code).limit(limit + 1)).all()
    ids = [item.id for item, *_ in found]
    lists, flagged = _checklists(ids), basis_states(ids)
    names = {one.id: one.short_name for one in db.session.scalars(select(Department))}
    return [
        _public_item(item, department, place, lists.get(item.id))
        | {
            "basis_state": flagged.get(item.id),
            "body": item.inspecting_body,
            "subject_kinds": item.subject_kinds,
            "together": [names[one] for one in item.joint_with if one in names],
        }
        for item, department, place in found
    ]


def _checklists(item_ids: list[str]) -> dict[str, Checklist]:
    """Item -> its current checklist."""
    rows = (
        select(Checklist)
        .where(Checklist.item_id.in_(item_ids))
        .order_by(Checklist.item_id, Checklist.version)
    )
    return {one.item_id: one for one in db.session.scalars(rows)}


def _public_item(
    item: Item, department: Department, region: Region, checklist: Checklist | None
) -> dict[str, Any]:
    return {
        "id": item.id, "code": item.code, "name": item.name, "legal_basis": item.legal_basis,
        "department": {"id": department.id, "name": department.name}, "region": {"id": region.id, "name": region.name},
        "tier_label": ITEM_TIER_LABELS[ItemTier(item.tier)],
        "category_label": ITEM_CATEGORY_LABELS[ItemCategory(item.category)] if item.category else None,
        "state_label": ITEM_STATE_LABELS[ItemState(item.state)],
        "checklist_version": checklist.version if checklist else None,
        "entries": [
            {"no": one["no"], "text": one["text"], "method": one["method"], "basis": one["basis"]}
            for one in (checklist.entries if checklist else [])
        ],
        "cursor": f"{item.region_id}~{item.code}",
    }  # fmt: skip
