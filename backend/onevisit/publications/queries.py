"""What is published, what waits to be, and what may the public find?"""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_, select, tuple_

from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.paging import after_day, by_day, day_cursor
from onevisit.core.problems import not_found
from onevisit.departments.models import Department
from onevisit.dispatches.merges import visits_carrying_out
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
from onevisit.publications.models import Publication
from onevisit.publications.rules import PlanWords, national_row
from onevisit.publications.terms import NATIONAL_FIELDS, PUBLICATION_STATE_LABELS, PublicationState
from onevisit.regions.limits import due_text
from onevisit.regions.models import Region
from onevisit.regions.queries import calendar
from onevisit.tasks.models import Task


def plan_words(task: Task) -> PlanWords:
    """The plan a task carries out."""
    plan, entry = db.session.execute(
        select(Plan, PlanEntry)
        .join(PlanEntry, PlanEntry.plan_id == Plan.id)
        .where(PlanEntry.id == task.plan_entry_id)
    ).one()
    return PlanWords(plan.name, plan.document_no, entry.targeting)


def _readable() -> Select[Publication]:
    actor = acting()
    rows = select(Publication).where(Publication.region_id == actor.region_id)
    return rows if actor.has("joint_office") else rows.where(Publication.department_id == actor.department_id)


def publication_of(publication_id: str) -> Publication:
    """A publication of one's own department (the joint office reads its region's)."""
    found = db.session.scalars(_readable().where(Publication.id == publication_id)).first()
    if found is None:
        raise not_found("公示")
    return found


def publications(state: str, limit: int, after: str | None) -> list[dict[str, Any]]:
    """The publications in a state, the most urgent first; one more than the limit."""
    rows = (
        _readable()
        .where(Publication.state == state)
        .order_by(*by_day(Publication.due, Publication.id))
        .limit(limit + 1)
    )
    if after:
        rows = rows.where(after_day(Publication.due, Publication.id, after))
    return [shown(row) for row in db.session.scalars(rows)]


def counts() -> dict[str, int]:
    """How many publications stand in each state."""
    found = {state.value: 0 for state in PublicationState}
    for publication in db.session.scalars(_readable()):
        found[publication.state] += 1
    return found


def shown(publication: Publication) -> dict[str, Any]:
    """A publication as the desk sees it."""
    due = publication.due
    return {
        "id": publication.id,
        "visit_id": publication.visit_id,
        "department": {"id": publication.department_id, "name": publication.facts["department"]["name"]},
        "subject": publication.subject_name,
        "state": publication.state,
        "state_label": PUBLICATION_STATE_LABELS[PublicationState(publication.state)],
        "due": due.isoformat() if due else None,
        "due_text": due_text(due, clock.today(), calendar())
        if due and publication.state == "waiting"
        else None,
        "facts": publication.facts,
        "published_at": publication.published_at,
        "withheld_ground": publication.withheld_ground,
        "revision": publication.revision,
        "cursor": day_cursor(due, publication.id),
    }


def public_results(q: str, region: str, task: str, limit: int, after: str | None) -> list[dict[str, Any]]:
    """Published results by name, credit code or task, the newest first; sensitive ones name nobody and are
    not found by name."""
    rows = select(Publication).where(Publication.state == "published")
    if region:
        rows = rows.where(Publication.region_id == region)
    if task:
        rows = rows.where(
            tuple_(Publication.visit_id, Publication.department_id).in_(visits_carrying_out(task))
        )
    if q:
        like = f"%{q.replace('%', '').replace('_', '')}%"
        rows = rows.where(
            or_(Publication.subject_name.like(like), Publication.credit_code == q.upper()),
            Publication.facts["subject"]["name"].as_string().is_not(None),
        )
    if after:
        rows = rows.where(Publication.id < after)
    rows = rows.order_by(Publication.id.desc()).limit(limit + 1)
    return [public_result(row) for row in db.session.scalars(rows)]


def public_result(publication: Publication) -> dict[str, Any]:
    """What the public reads of a result: the frozen allow-listed facts and when they were published."""
    return {
        "id": publication.id,
        "region": publication.region_id,
        "published": clock.law_day(publication.published_at).isoformat()
        if publication.published_at
        else None,
        **publication.facts,
    }


def published(publication_id: str) -> dict[str, Any]:
    """One published result."""
    found = db.session.get(Publication, publication_id)
    if found is None or found.state != "published":
        raise not_found("检查结果")
    return public_result(found)


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


def national_rows(region_id: str) -> list[dict[str, str]]:
    """Every published result of a region in the national field set; sensitive ones name nobody, so stay out."""
    rows = select(Publication).where(Publication.region_id == region_id, Publication.state == "published")
    return [
        national_row(row.facts, clock.law_day(row.published_at).isoformat() if row.published_at else "")
        for row in db.session.scalars(rows.order_by(Publication.published_at, Publication.id))
        if row.facts["subject"]["name"] is not None
    ]


def as_csv(rows: Sequence[dict[str, str]]) -> str:
    """The rows as CSV that spreadsheet programs open in Chinese (BOM), formulas defused."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [name for name, _ in NATIONAL_FIELDS])
    writer.writeheader()
    writer.writerows(
        {key: f"'{cell}" if cell[:1] in tuple("=+-@\t") else cell for key, cell in row.items()}
        for row in rows
    )
    return "\ufeff" + out.getvalue()


def as_json(rows: Sequence[dict[str, str]]) -> str:
    """The rows as JSON."""
    return json.dumps(
        {"fields": [name for name, _ in NATIONAL_FIELDS], "rows": list(rows)}, ensure_ascii=False, indent=1
    )
