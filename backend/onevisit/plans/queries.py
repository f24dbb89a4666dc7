"""What is so in the plans: what a file says, which rows, what they mean for the year?"""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.models import DepartmentAlias
from onevisit.departments.queries import departments_of, names_of
from onevisit.departments.register import DepartmentRegister, Spelling
from onevisit.items.basis_queries import basis_states
from onevisit.items.queries import items_of
from onevisit.items.terms import LIVE_STATES
from onevisit.plans import rules
from onevisit.plans.below import modes_of, tier_of, total_of_row, vocabulary_over
from onevisit.plans.learnt import learnt_of
from onevisit.plans.life import (
    ENTRY_KIND_LABELS,
    ENTRY_ORIGIN_LABELS,
    ENTRY_STATE_LABELS,
    ITEM_MATCH_LABELS,
    PLAN_STATE_LABELS,
    EntryKind,
    EntryOrigin,
    EntryState,
    ItemMatch,
    PlanState,
)
from onevisit.plans.matching import ItemList, Listed
from onevisit.plans.models import Plan, PlanEntry, PlanEntryItem
from onevisit.plans.sheet import read_plan
from onevisit.plans.terms import DOUBT_LABELS, DOUBTS_TO_DECIDE, METHOD_LABELS, Doubt, Method
from onevisit.regions.modes import HANDING_LABELS
from onevisit.regions.queries import profile_of, region_of
from onevisit.subjects.queries import listed_names, read_filter
from onevisit.subjects.scope import Proposal, proposed_filter

Named = dict[str, str]


def register_of(region_id: str) -> DepartmentRegister:
    """The known spellings with those this region's office has taught."""
    region = region_of(region_id)
    names = {one.id: one.name for one in departments_of(region_id)}
    aliases = db.session.scalars(select(DepartmentAlias).where(DepartmentAlias.region_id == region_id))
    learnt = [Spelling(region.name, one.name, names[one.department_id], "department") for one in aliases]
    return DepartmentRegister.load(*learnt)


def reading_of(filename: str, content: bytes, year: int | None, region_id: str) -> dict[str, Any]:
    """What a plan file says, read for this region."""
    region, register = region_of(region_id), register_of(region_id)
    return read_plan(
        filename, content, year=year, region=region.name, register=register, learnt=learnt_of(region_id)
    )


def plan_of(plan_id: str) -> Plan:
    """A plan of the actor's region."""
    plan = db.session.get(Plan, plan_id)
    if plan is None or plan.region_id != acting().region_id:
        raise not_found("计划")
    return plan


def entry_of(entry_id: str) -> PlanEntry:
    """A row of a plan of the actor's region."""
    entry = db.session.get(PlanEntry, entry_id)
    if entry is None or entry.plan.region_id != acting().region_id:
        raise not_found("计划条目")
    return entry


def plans_of(region_id: str) -> list[Plan]:
    """The region's plans, newest year first; removed drafts among them, to be brought back.

    What a higher region handed down is carried out as its tasks say; it is no plan of this region's.
    """
    rows = select(Plan).where(Plan.region_id == region_id, Plan.state != PlanState.ASSIGNED)
    rows = rows.options(selectinload(Plan.entries))
    return list(db.session.scalars(rows.order_by(Plan.year.desc(), Plan.made_at.desc())))


def published_plan(region_id: str, year: int) -> Plan | None:
    """The plan that holds in a year."""
    rows = select(Plan).where(
        Plan.region_id == region_id, Plan.year == year, Plan.state == PlanState.PUBLISHED
    )
    return db.session.scalars(rows).first()


def draft_of(region_id: str, year: int) -> Plan | None:
    """The draft that a year's rows come together in."""
    rows = select(Plan).where(
        Plan.region_id == region_id,
        Plan.year == year,
        Plan.state == PlanState.DRAFT,
        Plan.removed_at.is_(None),
    )
    return db.session.scalars(rows.order_by(Plan.made_at)).first()


def days_of(region_id: str, year: int) -> tuple[date, date]:
    """By when departments submit and the office publishes: the profile's days, else S2's."""
    profile = profile_of(region_id)
    return (
        rules.day_in(profile.value("plan.submit_due").value, year, rules.SUBMIT_DUE),
        rules.day_in(profile.value("plan.publish_due").value, year, rules.PUBLISH_DUE),
    )


def ask_of(region_id: str, *, adhoc: bool = False) -> dict[str, Any]:
    """What a change of the published plan asks for here, in whose words: a reason, or a report in advance (S0)."""
    profile = profile_of(region_id)
    changes, tasks = profile.value("plan.changes"), profile.value("plan.adhoc_joint_tasks")
    in_advance = rules.reason_needed(True, changes.value, [], new=True) == "report_in_advance"
    report = rules.record_needed(tasks.value, changes.value) if adhoc else in_advance
    rule = tasks if adhoc and tasks.sentence else changes
    return {"report": report, "sentence": rule.sentence, "from_notice": rule.from_notice}


def own_by_department(region_id: str) -> bool:
    """Does each department publish its own-department rows itself (S1)?"""
    profile = profile_of(region_id)
    return rules.own_published_by_department(
        profile.value("plan.kinds").value, profile.value("plan.publish_at").value
    )


def listed_items(region_id: str) -> ItemList:
    """The item list as matching sees it."""
    return ItemList.of(
        Listed(one.id, one.department_id, one.name) for one in items_of(region_id) if one.state in LIVE_STATES
    )


def proposal_of(region_id: str, scope_text: str) -> Proposal:
    """The filter that a scope text means in this region's library."""
    return proposed_filter(scope_text, vocabulary_over(region_id), names_of(region_id))


def scope_shown(entry: PlanEntry) -> dict[str, Any]:
    """The filter of a row, confirmed or proposed, with its live count and the words nothing answers to."""
    proposal = proposal_of(entry.plan.region_id, entry.scope_text)
    wanted = read_filter(entry.scope_filter) if entry.scope_confirmed_at else proposal.filter
    empty = wanted.empty and not entry.scope_confirmed_at
    count = {"count": 0, "by_risk": {}, "not_operating": 0} if empty else total_of_row(entry, wanted)
    return {
        "scope_text": entry.scope_text, "filter": wanted.as_json(), "unknown_words": list(proposal.unknown),
        "confirmed_at": entry.scope_confirmed_at, "named": listed_names(entry.plan.region_id, wanted), **count,
    }  # fmt: skip


def plan_brief(plan: Plan) -> dict[str, Any]:
    """A plan in a list."""
    columns = ("id", "year", "name", "document_no", "state", "shifted_from", "source_name", "complete_by", "made_at",
               "published_at", "revision", "version", "submit_by", "publish_by", "removed_at")  # fmt: skip
    return {name: getattr(plan, name) for name in columns} | {
        "own_count": sum(one.kind == EntryKind.OWN for one in plan.entries),
        "state_label": PLAN_STATE_LABELS[PlanState(plan.state)],
        "entry_count": len(plan.entries),
        "scopes_confirmed": sum(one.scope_confirmed_at is not None for one in plan.entries),
        "problems": [_doubt(one) for one in plan.problems],
        "asked": sum(_doubt(text)["asks"] for one in plan.entries for text in one.problems),
    }


def _doubt(text: str) -> dict[str, Any]:
    """`code: explanation` -> code, its label, the explanation, and whether a clerk must decide."""
    code, _, words = text.partition(": ")
    known = Doubt(code) if code in set(Doubt) else None
    label = DOUBT_LABELS[known] if known else code
    return {"code": code, "label": label, "text": words or code, "asks": known in DOUBTS_TO_DECIDE}


class _Names:
    """The names of what rows point to, fetched once per answer."""

    def __init__(self, region_id: str) -> None:
        self.departments = {one.id: {"id": one.id, "name": one.name} for one in departments_of(region_id)}
        self.listed = listed_items(region_id)
        self.items = {one.id: one for one in items_of(region_id)}
        self.flagged = basis_states(list(self.items))

    def item(self, one: PlanEntryItem) -> dict[str, Any]:
        near = self.listed.match(one.text, one.department_id).candidates if one.item_id is None else ()
        listed = self.items.get(one.item_id or "")
        suggested = self.items.get(near[0].item_id) if near else None
        return {
            "id": one.id, "text": one.text, "department": self.departments.get(one.department_id or ""),
            "match": one.match, "match_label": ITEM_MATCH_LABELS[ItemMatch(one.match)],
            "item": {"id": listed.id, "name": listed.name} if listed else None,
            "suggestion": {"id": suggested.id, "name": suggested.name} if suggested else None,
            "basis_state": self.flagged.get(shown.id) if (shown := listed or suggested) else None,
        }  # fmt: skip


def plan_shown(plan: Plan) -> dict[str, Any]:
    """A plan with the rows that this reader may see; a plan has tens of them, so no paging."""
    names, adhoc = _Names(plan.region_id), ask_of(plan.region_id, adhoc=True)
    return plan_brief(plan) | {
        "entries": [_entry_shown(one, plan, names) for one in rows_seen(plan)],
        "own_by_department": own_by_department(plan.region_id),
        "asks": {"change": ask_of(plan.region_id), "adhoc": adhoc},
        "draw_modes": modes_shown(plan.region_id),
    }


def rows_seen(plan: Plan) -> list[PlanEntry]:
    """The plan's rows; the office sees what is on its way to it, a department what it has in its own hands."""
    who = acting()
    office = who.has("joint_office")

    def seen(one: PlanEntry) -> bool:
        if one.state in (EntryState.MERGED, EntryState.WITHDRAWN):
            return True
        if one.state == EntryState.DRAFTED:
            return one.drafted_by == who.department_id
        if one.state == EntryState.REMOVED:
            mine = one.drafted_by == who.department_id if one.drafted_by else office
            return mine and one.removed_with is None and plan.state == PlanState.DRAFT
        return office or one.drafted_by == who.department_id

    return [one for one in plan.rows if seen(one)]


def modes_shown(region_id: str) -> list[dict[str, str]]:
    """Who draws and who checks, as a row may say it here; none where no region lies below."""
    tier = tier_of(region_id)
    return [
        {"mode": one.words, "label": f"{one.words}（{HANDING_LABELS[one.handing(tier)[0]]}）"}
        for one in modes_of(region_id)
    ]


def entry_shown(entry: PlanEntry) -> dict[str, Any]:
    """One row."""
    return _entry_shown(entry, entry.plan, _Names(entry.plan.region_id))


def _entry_shown(entry: PlanEntry, plan: Plan, names: _Names) -> dict[str, Any]:
    columns = (
        "id", "plan_id", "order", "seq", "name", "task_name", "field", "scope_text", "scope_filter", "scope_confirmed_at",
        "ratio", "ratio_raw", "sample_size", "frequency", "window_start", "window_end", "window_raw", "methods",
        "category", "targeting", "tier", "draw_mode", "risk_policy", "origin", "sensitive", "provenance", "revision",
        "kind", "state", "published_at", "returned_reason", "record_no", "in_force",
    )  # fmt: skip
    parts = _periods(entry)
    return {name: getattr(entry, name) for name in columns} | {
        "initiating_department": names.departments.get(entry.initiating_department_id or ""),
        "cooperating_departments": [
            names.departments[one] for one in entry.cooperating_department_ids if one in names.departments
        ],
        "items": [names.item(one) for one in entry.items],
        "problems": [_doubt(one) for one in entry.problems],
        "method_labels": [METHOD_LABELS[Method(one)] for one in entry.methods],
        "origin_label": ENTRY_ORIGIN_LABELS[EntryOrigin(entry.origin)],
        "due": rules.due_of(entry.window_end, plan.complete_by) if entry.window_end else None,
        "kind_label": ENTRY_KIND_LABELS[EntryKind(entry.kind)],
        "entry_state_label": ENTRY_STATE_LABELS[EntryState(entry.state)],
        "drafted_by": names.departments.get(entry.drafted_by or ""),
        "carryings_out": len(parts),
        "periods": [{"number": one.number, "start": one.start, "end": one.end} for one in parts],
        "ratio_per_open": rules.ratio_per_open(entry.frequency, len(parts)),
    }


def _periods(entry: PlanEntry) -> list[rules.Period]:
    if entry.window_start is None or entry.window_end is None or entry.window_end < entry.window_start:
        return []
    return rules.periods(entry.frequency, entry.window_start, entry.window_end)
