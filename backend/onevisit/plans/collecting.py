"""What happens until the plan is one: departments submit their rows, the office reminds, returns and merges (S2 art. 7)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.departments.queries import departments_of
from onevisit.plans import rules
from onevisit.plans.actions import lacking_in
from onevisit.plans.intake import complete_by
from onevisit.plans.life import EntryKind, EntryState, PlanState, SubmissionState
from onevisit.plans.models import Plan, PlanEntry, PlanSubmission
from onevisit.plans.queries import days_of, draft_of, own_by_department, published_plan
from onevisit.subjects.queries import region_meant

IN_HANDS = (EntryState.DRAFTED, EntryState.RETURNED)


def open_plan(
    year: int, *, submit_by: date | None = None, collecting: bool = True, region_id: str | None = None
) -> Plan:
    """Begin the draft of a year, or find it. Collecting: departments are asked for their rows by a day."""
    region = region_meant(region_id)
    with transaction():
        one_at_a_time(f"plan|{region}|{year}")
        if published_plan(region, year) is not None:
            raise Problem("plans.already_published", f"{year} 年的计划已经公布，没有新建。", 409)
        plan, made = draft_of(region, year), False
        if plan is None:
            made, plan = True, Plan(
                region_id=region, year=year, name=rules.plan_name(None, year), problems=[], made_at=clock.now(),
                complete_by=complete_by(region, year), rows=[], revision=1, version=0,
            )  # fmt: skip
            db.session.add(plan)
        asked = collecting and plan.submit_by is None
        if asked:
            plan.submit_by, plan.publish_by = submit_by or days_of(region, year)[0], days_of(region, year)[1]
        db.session.flush()
        if made or asked:
            trail.record(
                "plan.opened", "plan", plan.id, region_id=region, year=year,
                submit_by=plan.submit_by.isoformat() if plan.submit_by else None,
            )  # fmt: skip
    return plan


def change_plan(plan_id: str, given: dict[str, Any]) -> Plan:
    """The plan's name, document and days; after the publication only what a person looks it up by."""
    with transaction():
        plan = _plan(plan_id)
        if plan.state == PlanState.PUBLISHED and set(given) - {"document_no"}:
            raise Problem(
                "plans.already_published", "计划已经公布，名称和日期不能再改，没有保存。只能补登文号。", 409
            )
        before = {name: str(getattr(plan, name)) for name in given}
        for name, value in given.items():
            setattr(plan, name, value)
        plan.revision += 1
        trail.record(
            "plan.changed", "plan", plan.id, region_id=plan.region_id,
            changed={name: [before[name], str(value)] for name, value in given.items()},
        )  # fmt: skip
    return plan


def submit(plan_id: str, department_id: str) -> Plan:
    """A department hands in what it drafted and what it amended; a row that nobody could carry out stays with it."""
    with transaction():
        plan = _open(plan_id)
        rows = _own_rows(plan, department_id, IN_HANDS)
        if not rows:
            raise Problem(
                "plans.nothing_to_submit", "没有起草中的任务，没有报送。请先起草，或声明本年度不发起。", 409
            )
        if lacking := lacking_in(rows):
            raise Problem(
                "plans.not_complete", f"还不能报送：{'；'.join(lacking)}。请补齐后再报送。", rows=lacking
            )
        for one in rows:
            _move(one, EntryState.SUBMITTED)
        _note(plan, department_id, SubmissionState.SUBMITTED)
        _told(plan, "plan.rows_submitted", rows, department_id)
    return plan


def declare_none(plan_id: str, department_id: str, note: str) -> Plan:
    """A department says that it initiates nothing this year, and why."""
    with transaction():
        plan = _open(plan_id)
        here = [one for one in plan.rows if one.initiating_department_id == department_id]
        if any(one.state not in (EntryState.REMOVED, EntryState.WITHDRAWN) for one in here):
            raise Problem(
                "plans.rows_there",
                "本部门在计划里已有任务，没有声明。请先删除起草中的任务，或联系联席办。",
                409,
            )
        _note(plan, department_id, SubmissionState.NONE, note)
        _told(plan, "plan.none_declared", [], department_id, note=note)
    return plan


def remind(plan_id: str, department_ids: Sequence[str]) -> Plan:
    """The office reminds those who have not submitted; their desks see it at once."""
    with transaction():
        plan = _open(plan_id)
        known = {one.id for one in departments_of(plan.region_id) if not one.joint_office}
        if not department_ids or set(department_ids) - known:
            raise Problem("plans.department_unknown", "请选择要提醒的部门。没有发出提醒。")
        for id_ in department_ids:
            row = _submission(plan, id_)
            row.reminded_at, row.reminders = clock.now(), (row.reminders or 0) + 1
        _told(plan, "plan.reminded", [], departments=sorted(department_ids))
    return plan


def merge(plan_id: str, entry_ids: Sequence[str] | None = None) -> Plan:
    """Submitted rows become rows of the one plan; all of them, or those that are named."""
    with transaction():
        plan = _open(plan_id)
        rows = [
            one for one in plan.rows
            if one.state == EntryState.SUBMITTED and (entry_ids is None or one.id in set(entry_ids))
        ]  # fmt: skip
        if not rows:
            raise Problem("plans.nothing_to_merge", "没有待汇总的任务。请等部门报送。", 409)
        for one in rows:
            _move(one, EntryState.MERGED)
        _told(plan, "plan.rows_merged", rows)
    return plan


def unmerge(plan_id: str, entry_ids: Sequence[str]) -> Plan:
    """Taken back: the rows wait to be merged again."""
    with transaction():
        plan = _open(plan_id)
        wanted = set(entry_ids)
        rows = [one for one in plan.entries if one.id in wanted and one.drafted_by and not one.published_at]
        if {one.id for one in rows} != wanted:
            raise Problem("plans.not_merged", "有任务不是部门报送后汇总的，没有撤回。请刷新后重试。", 409)
        for one in rows:
            _move(one, EntryState.SUBMITTED)
        _told(plan, "plan.merge_undone", rows)
    return plan


def return_entry(entry_id: str, reason: str) -> PlanEntry:
    """A single row goes back to its department with what is wrong; the others stay."""
    with transaction():
        entry = _entry(entry_id)
        plan = _open(entry.plan_id)
        if entry.drafted_by is None or entry.state not in (EntryState.SUBMITTED, EntryState.MERGED):
            raise Problem("plans.not_returnable", "只有部门报送的任务可以退回。这一行请直接修改。", 409)
        _move(entry, EntryState.RETURNED)
        entry.returned_reason = reason
        _told(plan, "plan_entry.returned", [entry], entry.drafted_by, reason=reason)
    return entry


def remove_entry(entry_id: str) -> PlanEntry:
    """A row that is not public goes; it can be brought back."""
    with transaction():
        entry = _entry(entry_id)
        if entry.in_force or entry.state in (EntryState.REMOVED, EntryState.WITHDRAWN):
            raise Problem("plans.row_public", "已公布的任务不能删除。确需取消请撤销，并写明理由。", 409)
        if entry.state == EntryState.SUBMITTED and not acting().has("joint_office"):
            raise row_submitted()
        entry.state_before = entry.state
        _move(entry, EntryState.REMOVED)
        _told(entry.plan, "plan_entry.removed", [entry])
    return entry


def restore_entry(entry_id: str) -> PlanEntry:
    """Back where it was."""
    with transaction():
        entry = _entry(entry_id)
        if entry.state != EntryState.REMOVED:
            raise Problem("plans.not_removed", "这一行没有删除，不用恢复。请刷新后查看。", 409)
        if entry.plan.state == PlanState.PUBLISHED and entry.state_before == EntryState.MERGED:
            raise Problem(
                "plans.already_published", "计划已经公布，不能再恢复旧草稿里的任务。请作为新任务增加。", 409
            )
        _move(entry, EntryState(entry.state_before or EntryState.MERGED))
        entry.removed_with = None
        _told(entry.plan, "plan_entry.restored", [entry])
    return entry


def remove_plan(plan_id: str) -> Plan:
    """A draft goes, whole; it can be brought back as long as no other was begun."""
    with transaction():
        plan = _open(plan_id)
        if any(one.published_at for one in plan.entries):
            raise Problem("plans.row_public", "计划里有部门已公布的任务，不能删除。", 409)
        plan.removed_at, plan.revision = clock.now(), plan.revision + 1
        _told(plan, "plan.removed", [])
    return plan


def restore_plan(plan_id: str) -> Plan:
    """The draft is back."""
    with transaction():
        plan = _plan(plan_id)
        if plan.removed_at is None:
            raise Problem("plans.not_removed", "这份计划没有删除，不用恢复。请刷新后查看。", 409)
        if draft_of(plan.region_id, plan.year) or published_plan(plan.region_id, plan.year):
            raise Problem(
                "plans.year_taken", f"{plan.year} 年另有一份计划，没有恢复。请先删除那一份草稿。", 409
            )
        plan.removed_at, plan.revision = None, plan.revision + 1
        _told(plan, "plan.restored", [])
    return plan


def row_submitted() -> Problem:
    """A department's row is in the office's hands."""
    return Problem(
        "plans.row_submitted", "这一行已经报送，正等联席办汇总，不能再改。需要修改请联系联席办退回。", 409
    )


def _plan(plan_id: str) -> Plan:
    plan = db.session.get_one(Plan, plan_id)
    one_at_a_time(f"plan|{plan.region_id}|{plan.year}")
    db.session.refresh(plan, ["state", "removed_at", "version"])
    return plan


def _open(plan_id: str) -> Plan:
    """Only a draft is collected."""
    plan = _plan(plan_id)
    if plan.state == PlanState.PUBLISHED:
        raise Problem("plans.already_published", "计划已经公布，不能再报送和汇总。需要调整请走报备。", 409)
    if plan.removed_at is not None:
        raise Problem("plans.plan_removed", "这份计划草稿已经删除。请先恢复。", 409)
    return plan


def _entry(entry_id: str) -> PlanEntry:
    return db.session.get_one(PlanEntry, entry_id, with_for_update={"of": PlanEntry})


def _own_rows(plan: Plan, department_id: str, states: Sequence[EntryState]) -> list[PlanEntry]:
    """What it drafted for the one plan; its own checks too, unless it publishes those itself (S1)."""
    apart = own_by_department(plan.region_id)
    return [
        one for one in plan.rows
        if one.drafted_by == department_id and one.state in states and not (apart and one.kind == EntryKind.OWN)
    ]  # fmt: skip


def _move(entry: PlanEntry, state: EntryState) -> None:
    entry.state, entry.revision = state.value, entry.revision + 1
    if state != EntryState.RETURNED:
        entry.returned_reason = None


def _submission(plan: Plan, department_id: str) -> PlanSubmission:
    found = db.session.scalars(
        select(PlanSubmission).where(
            PlanSubmission.plan_id == plan.id, PlanSubmission.department_id == department_id
        )
    ).first()
    if found is None:
        found = PlanSubmission(
            plan_id=plan.id, department_id=department_id, state=SubmissionState.DRAFTING.value, reminders=0
        )
        db.session.add(found)
    return found


def _note(plan: Plan, department_id: str, state: SubmissionState, note: str | None = None) -> None:
    row = _submission(plan, department_id)
    row.state, row.note = state.value, note
    row.submitted_at, row.submitted_by = clock.now(), acting().account_id


def _told(
    plan: Plan, event: str, rows: Sequence[PlanEntry], department_id: str | None = None, **facts: Any
) -> None:
    """One entry of the trail; what readers hold of the plan's rows is read again."""
    db.session.flush()
    db.session.expire(plan, ["entries"])
    one = rows[0] if event.startswith("plan_entry.") else None
    trail.record(
        event, "plan_entry" if one else "plan", one.id if one else plan.id, region_id=plan.region_id,
        department_id=department_id, plan=plan.id, rows=[row.id for row in rows], **facts,
    )  # fmt: skip
