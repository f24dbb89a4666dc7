"""What is written down when a row changes: the facts before and after, as a version of the plan once it is public?"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.departments.queries import departments_of
from onevisit.plans.differences import differences, whole
from onevisit.plans.life import FIELD_LABELS, ChangeKind
from onevisit.plans.models import Plan, PlanChange, PlanEntry


def facts_of(entry: PlanEntry) -> dict[str, Any]:
    """The facts of a row whose change is told, as JSON keeps them."""
    columns = {name: plain(getattr(entry, name)) for name in FIELD_LABELS if name != "items"}
    return columns | {"items": [[one.department_id, one.text] for one in entry.items]}


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def names_in(region_id: str) -> dict[str, str]:
    """Department id -> its name."""
    return {one.id: one.name for one in departments_of(region_id)}


def note_change(
    entry: PlanEntry,
    kind: ChangeKind,
    before: Mapping[str, Any] | None,
    *,
    public: bool,
    reason: str | None = None,
    report_no: str | None = None,
    report_id: str | None = None,
) -> PlanChange:
    """One change of one row; a public one is the next version of the plan."""
    names, after = names_in(entry.plan.region_id), facts_of(entry)
    told = whole(after, names) if before is None else differences(before, after, names)
    if public:
        entry.plan.version += 1
        entry.plan.revision += 1
    return _written(
        entry.plan, kind, entry=entry, differences=told, version=entry.plan.version if public else None,
        reason=reason, report_no=report_no, report_id=report_id,
    )  # fmt: skip


def note_publication(plan: Plan, entries: list[PlanEntry], department_id: str | None = None) -> PlanChange:
    """The plan, or a department's own rows, become public: a version of its own."""
    plan.version += 1
    told = [{"field": "rows", "label": "公布任务", "from": "", "to": f"{len(entries)} 项"}]
    return _written(
        plan, ChangeKind.PUBLISHED, differences=told, version=plan.version, department_id=department_id
    )


def _written(plan: Plan, kind: ChangeKind, *, entry: PlanEntry | None = None, **more: Any) -> PlanChange:
    who = acting()
    given = {
        "department_id": who.department_id, "reason": None, "report_no": None, "report_id": None,
        "revision": entry.revision if entry else plan.revision, **{key: one for key, one in more.items() if one is not None},
    }  # fmt: skip
    change = PlanChange(
        plan_id=plan.id, plan_entry_id=entry.id if entry else None, kind=kind.value, at=clock.now(), by=who.account_id,
        by_name=who.name, **given,
    )  # fmt: skip
    db.session.add(change)
    return change


def changes_since(entry: PlanEntry, revision: int) -> list[PlanChange]:
    """What others did to a row after somebody looked at it."""
    rows = select(PlanChange).where(PlanChange.plan_entry_id == entry.id, PlanChange.revision > revision)
    return list(db.session.scalars(rows.order_by(PlanChange.at, PlanChange.id)))


def overtaken(entry: PlanEntry, revision: int, fields: set[str]) -> Problem:
    """Somebody else was first: who changed what, which of it the writer was about to change too; nothing is lost."""
    since = changes_since(entry, revision)
    touched = {one["field"] for change in since for one in change.differences}
    both = [FIELD_LABELS[one] for one in FIELD_LABELS if one in touched & fields]
    who = "、".join(dict.fromkeys(change.by_name for change in since)) or "别人"
    clash = f"你们都改了：{'、'.join(both)}。" if both else "改的不是同一处，可以接着保存。"
    return Problem(
        "api.stale", f"{who}刚才改过这一行，您的修改还没有保存，也没有丢。{clash}请核对后再保存。", 412, "never",
        revision=entry.revision, both=both,
        changes=[
            {"by_name": one.by_name, "at": one.at.isoformat(), "reason": one.reason, "differences": one.differences}
            for one in since
        ],
    )  # fmt: skip
