"""How far is the plan: who has submitted, what changed in which version, what was reported, and what waits for whom?"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from onevisit.core import clock
from onevisit.core.auth import Actor, acting
from onevisit.core.calendar import Calendar, working_days_between
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.queries import departments_of
from onevisit.plans.life import (
    CHANGE_KIND_LABELS,
    REPORT_KIND_LABELS,
    REPORT_STATE_LABELS,
    SUBMISSION_STATE_LABELS,
    ChangeKind,
    EntryKind,
    EntryState,
    PlanState,
    ReportKind,
    ReportState,
    SubmissionState,
)
from onevisit.plans.models import Plan, PlanChange, PlanEntry, PlanReport, PlanSubmission
from onevisit.plans.queries import days_of, own_by_department, plan_of
from onevisit.regions.limits import due_text
from onevisit.regions.queries import calendar, profile_of

Named = dict[str, str]


def due_shown(day: date, days: Calendar, sentence: str | None, from_notice: bool) -> dict[str, Any]:
    """A day to be kept, with working days left; provisional while that year has no published calendar."""
    today = clock.today()
    left = working_days_between(today, day, days)
    return {
        "day": day, "working_days_left": left, "text": due_text(day, today, days),
        "state": "overdue" if day < today else "soon" if left <= 2 else "open",
        "provisional": not days.knows(min(today, day), max(today, day)), "sentence": sentence,
        "from_notice": from_notice,
    }  # fmt: skip


def dues_of(plan: Plan, days: Calendar | None = None) -> dict[str, dict[str, Any]]:
    """By when departments submit and the office publishes."""
    profile, days = profile_of(plan.region_id), days or calendar()
    submit, publish = days_of(plan.region_id, plan.year)
    found = {}
    for key, rule, day in (
        ("submit", "plan.submit_due", plan.submit_by or submit), ("publish", "plan.publish_due", plan.publish_by or publish)
    ):  # fmt: skip
        said = profile.value(rule)
        found[key] = due_shown(day, days, said.sentence, said.from_notice)
    return found


def submissions_of(plan: Plan) -> dict[str, Any]:
    """Every department that may initiate: what it has handed in, what it has not (S2 art. 7)."""
    rows = _submissions(plan)
    offices = [one for one in departments_of(plan.region_id) if not one.joint_office]
    shown = [
        _submission(plan, {"id": one.id, "name": one.name}, rows.get(one.id), acting()) for one in offices
    ]
    order = list(SubmissionState)
    return {
        "collecting": plan.submit_by is not None, **{f"{key}_due": due for key, due in dues_of(plan).items()},
        "items": sorted(shown, key=lambda one: (order.index(SubmissionState(one["state"])), one["department"]["id"])),
    }  # fmt: skip


def _submissions(plan: Plan) -> dict[str, PlanSubmission]:
    found = db.session.scalars(select(PlanSubmission).where(PlanSubmission.plan_id == plan.id))
    return {one.department_id: one for one in found}


def _submission(plan: Plan, department: Named, row: PlanSubmission | None, reader: Actor) -> dict[str, Any]:
    apart = own_by_department(plan.region_id)
    own = [
        one for one in plan.rows
        if (one.drafted_by or one.initiating_department_id) == department["id"]
        and not (apart and one.kind == EntryKind.OWN)
    ]  # fmt: skip
    counts = {state.value: sum(one.state == state for one in own) for state in EntryState}
    state = _state_of(counts, row)
    mine = reader.has("joint_office") or reader.department_id == department["id"]
    return {
        "department": department, "state": state.value, "state_label": SUBMISSION_STATE_LABELS[state],
        "drafted": counts["drafted"] if mine else 0, "submitted": counts["submitted"],
        "returned": counts["returned"] if mine else 0, "merged": counts["merged"],
        "submitted_at": row.submitted_at if row else None, "reminded_at": row.reminded_at if row else None,
        "reminders": row.reminders if row else 0, "note": row.note if row else None,
    }  # fmt: skip


def _state_of(counts: dict[str, int], row: PlanSubmission | None) -> SubmissionState:
    """What is still open comes first."""
    for state in ("returned", "submitted", "drafted", "merged"):
        if counts[state]:
            return SubmissionState("drafting" if state == "drafted" else state)
    none = row is not None and row.state == SubmissionState.NONE
    return SubmissionState.NONE if none else SubmissionState.WAITING


def versions_of(plan: Plan, after: str | None, limit: int) -> list[dict[str, Any]]:
    """The public changes of the plan, newest first; one more than `limit`."""
    rows = select(PlanChange).where(PlanChange.plan_id == plan.id, PlanChange.version.is_not(None))
    if after and after.isascii() and after.isdigit() and len(after) < 10:
        rows = rows.where(PlanChange.version < int(after))
    found = db.session.scalars(rows.order_by(PlanChange.version.desc()).limit(limit + 1))
    return changes_shown(list(found), plan.region_id)


def changes_of(entry: PlanEntry) -> list[dict[str, Any]]:
    """Everything that was changed in a row, newest first, drafts too."""
    rows = select(PlanChange).where(PlanChange.plan_entry_id == entry.id)
    found = db.session.scalars(rows.order_by(PlanChange.at.desc(), PlanChange.id.desc()))
    return changes_shown(list(found), entry.plan.region_id)


def changes_shown(changes: Sequence[PlanChange], region_id: str) -> list[dict[str, Any]]:
    """Who, when, which row, from what to what, and why."""
    names = {one.id: {"id": one.id, "name": one.name} for one in departments_of(region_id)}
    entries = _entries({one.plan_entry_id for one in changes if one.plan_entry_id})
    columns = (
        "version",
        "revision",
        "kind",
        "at",
        "by_name",
        "differences",
        "reason",
        "report_no",
        "report_id",
    )
    return [
        {name: getattr(one, name) for name in columns}
        | {
            "id": one.id, "kind_label": CHANGE_KIND_LABELS[ChangeKind(one.kind)],
            "department": names.get(one.department_id or ""), "entry": _row_named(entries.get(one.plan_entry_id or "")),
        }
        for one in changes
    ]  # fmt: skip


def _entries(ids: set[str]) -> dict[str, PlanEntry]:
    if not ids:
        return {}
    return {one.id: one for one in db.session.scalars(select(PlanEntry).where(PlanEntry.id.in_(ids)))}


def _row_named(entry: PlanEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {"id": entry.id, "seq": entry.seq or entry.order, "name": entry.name, "kind": entry.kind}


def report_of(report_id: str) -> PlanReport:
    """A report of the actor's region."""
    report = db.session.get(PlanReport, report_id)
    if report is None:
        raise not_found("报备")
    plan_of(report.plan_id)
    return report


def reports_of(plan: Plan) -> list[dict[str, Any]]:
    """The reports of a plan, newest first; a department sees its own, the office all."""
    who = acting()
    rows = select(PlanReport).where(PlanReport.plan_id == plan.id).order_by(PlanReport.filed_at.desc())
    if not who.has("joint_office"):
        rows = rows.where(PlanReport.department_id == who.department_id)
    return [report_shown(one, plan) for one in db.session.scalars(rows)]


def report_shown(report: PlanReport, plan: Plan | None = None) -> dict[str, Any]:
    """What is wanted, why, and what the office said."""
    plan = plan or db.session.get_one(Plan, report.plan_id)
    names = {one.id: {"id": one.id, "name": one.name} for one in departments_of(plan.region_id)}
    entry = db.session.get(PlanEntry, report.plan_entry_id) if report.plan_entry_id else None
    columns = ("id", "plan_id", "no", "kind", "state", "reason", "filed_at", "filed_by_name", "decided_at",
               "decided_by_name", "decision")  # fmt: skip
    return {name: getattr(report, name) for name in columns} | {
        "kind_label": REPORT_KIND_LABELS[ReportKind(report.kind)],
        "state_label": REPORT_STATE_LABELS[ReportState(report.state)],
        "department": names.get(report.department_id or ""), "entry": _row_named(entry),
        "name": entry.name if entry else str(report.proposed.get("facts", {}).get("name", "")),
        "differences": report.proposed.get("differences", []),
        "outdated": entry is not None and report.state == ReportState.FILED and entry.revision != report.base,
    }  # fmt: skip


def waiting_for(who: Actor) -> list[dict[str, Any]]:
    """What of the plans waits for whoever asks, each with its day where it has one."""
    plans = db.session.scalars(
        select(Plan)
        .where(Plan.region_id == who.region_id, Plan.removed_at.is_(None))
        .options(selectinload(Plan.rows))
        .order_by(Plan.year.desc())
        .limit(4)
    ).all()
    found: list[dict[str, Any]] = []
    days = calendar()
    for plan in plans:
        if (
            plan.state == PlanState.DRAFT
            and who.has("desk")
            and who.department_id
            and not who.has("joint_office")
        ):
            found += _for_desk(plan, who.department_id, days)
        if plan.state == PlanState.DRAFT and who.has("joint_office"):
            found += _for_office(plan, days)
        found += _reports_waiting(plan, who)
    return found


def _work(plan: Plan, kind: str, count: int, about: str, beside: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": kind, "plan_id": plan.id, "count": count, "about": about, "beside": beside, "due": None, "to": "",
        **more,
    }  # fmt: skip


def _for_desk(plan: Plan, department_id: str, days: Calendar) -> list[dict[str, Any]]:
    """Rows returned, drafted, or none at all while the office waits for them."""
    row = _submissions(plan).get(department_id)
    own = [one for one in plan.rows if one.drafted_by == department_id]
    returned = [one for one in own if one.state == EntryState.RETURNED]
    apart = own_by_department(plan.region_id)
    alone = [one for one in own if one.state == EntryState.DRAFTED and apart and one.kind == EntryKind.OWN]
    drafted = [one for one in own if one.state == EntryState.DRAFTED and one not in alone]
    due = dues_of(plan, days)["submit"] if plan.submit_by else None
    told = f"联席办已提醒 {row.reminders} 次" if row and row.reminders else ""
    found = [
        _work(plan, "rows_returned", 1, one.name, f"退回理由：{one.returned_reason}", due=due, to=f"?entry={one.id}")
        for one in returned
    ]  # fmt: skip
    if alone:
        found.append(
            _work(plan, "own_to_publish", len(alone), plan.name, f"本部门抽查 {len(alone)} 项未公布")
        )
    if drafted:
        found.append(
            _work(plan, "rows_to_submit", len(drafted), plan.name, "　".join(filter(None, (f"起草中 {len(drafted)} 项", told))), due=due)
        )  # fmt: skip
    state = _submission(plan, {"id": department_id, "name": ""}, row, acting())["state"]
    if plan.submit_by and state == SubmissionState.WAITING:
        found.append(
            _work(
                plan,
                "rows_missing",
                1,
                plan.name,
                "　".join(filter(None, ("本部门还没有报送", told))),
                due=due,
            )
        )
    return found


def _for_office(plan: Plan, days: Calendar) -> list[dict[str, Any]]:
    dues = dues_of(plan, days)
    submitted = [one for one in plan.rows if one.state == EntryState.SUBMITTED]
    found = []
    if submitted:
        offices = len({one.drafted_by for one in submitted})
        found.append(
            _work(plan, "rows_to_merge", len(submitted), plan.name, f"{offices} 个部门报送 {len(submitted)} 项，待汇总", due=dues["publish"])
        )  # fmt: skip
    missing = [
        one for one in submissions_of(plan)["items"] if one["state"] in ("waiting", "drafting", "returned")
    ]
    if plan.submit_by and missing:
        found.append(
            _work(plan, "submissions_missing", len(missing), plan.name, f"{len(missing)} 个部门没有报齐", due=dues["submit"], to="/submissions")
        )  # fmt: skip
    counted = f"{len(plan.entries)} 项任务已汇总"
    found.append(_work(plan, "publish_due", 1, plan.name, counted, due=dues["publish"]))
    return found


def _reports_waiting(plan: Plan, who: Actor) -> list[dict[str, Any]]:
    rows = select(PlanReport).where(PlanReport.plan_id == plan.id)
    if who.has("joint_office"):
        filed = db.session.scalars(rows.where(PlanReport.state == ReportState.FILED))
        return [
            _work(plan, "report_to_answer", 1, report_shown(one, plan)["name"],
                  f"{one.no}　{REPORT_KIND_LABELS[ReportKind(one.kind)]}", to="/reports")
            for one in filed
        ]  # fmt: skip
    return []
