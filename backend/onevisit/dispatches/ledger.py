"""工作任务台账: which department is how far with which task, who answers for it, by when? (S4)"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from onevisit.core import clock
from onevisit.core.calendar import Calendar, working_days_between
from onevisit.core.db import db
from onevisit.departments.models import Department
from onevisit.dispatches import rules
from onevisit.dispatches.models import Part, TaskContact, Visit
from onevisit.dispatches.terms import STANDING_LABELS, Standing
from onevisit.regions.limits import due_text
from onevisit.regions.modes import Handing
from onevisit.regions.queries import calendar, region_of
from onevisit.tasks.below import all_below
from onevisit.tasks.models import Task, TaskItem

HEADINGS = (
    "序号", "任务编号", "任务名称", "地区", "部门", "分工", "联络专人", "联系电话", "经办人", "户数", "已认领", "已提交", "已形成结果",
    "到期日", "状态",
)  # fmt: skip


@dataclass(frozen=True)
class LedgerFilter:
    """Which rows; None asks for all."""

    region_id: str | None = None
    department_id: str | None = None
    task_id: str | None = None
    state: Standing | None = None
    words: str | None = None


def contact_of(task_id: str, department_id: str) -> TaskContact | None:
    """Who answers for the task in the department."""
    wanted = select(TaskContact).where(
        TaskContact.task_id == task_id, TaskContact.department_id == department_id
    )
    return db.session.scalars(wanted).first()


def ledger_of(region_id: str | None, seen_by: str | None, wanted: LedgerFilter) -> dict[str, Any]:
    """Every task × department of the region, the most pressing first; a department sees the tasks it takes part in.

    `seen_by` None sees all (the joint office). What went down to other regions stands here too, by their offices: each
    visit once, because a task over several regions has none of its own. The counts are of all rows before the state is
    chosen.
    """
    below = _tasks_below(region_id, seen_by)
    rows = [*_rows(_of_region(region_id, seen_by)), *_rows(Task.id.in_(below)), *_waiting_below(below)]
    rows = [row for row in rows if _fits(row, wanted)]
    counts = {one.value: sum(row["state"] == one for row in rows) for one in Standing}
    shown = [row for row in rows if wanted.state in (None, row["state"])]
    shown.sort(
        key=lambda row: (row["state"] == Standing.DONE, row["due"], row["task"]["no"], not row["initiating"])
    )
    return {"rows": shown, "counts": {"all": len(rows), **counts}}


def rows_of_tasks(task_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Task -> its rows, the initiating department first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(_rows(Task.id.in_(task_ids)), key=lambda row: not row["initiating"]):
        found.setdefault(row["task"]["id"], []).append(row)
    return found


def _rows(condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    today, days, names = clock.today(), calendar(), _Names()
    return [_row(found, today, days, names) for found in db.session.execute(_counted().where(condition))]


class _Names(dict[str, str]):
    """The regions' names, each asked for once."""

    def __missing__(self, region_id: str) -> str:
        self[region_id] = region_of(region_id).name
        return self[region_id]


def _of_region(region_id: str | None, seen_by: str | None) -> ColumnElement[bool]:
    own = Task.region_id == region_id
    if seen_by is None:
        return own
    takes_part = (
        select(Visit.task_id).join(Part, Part.visit_id == Visit.id).where(Part.department_id == seen_by)
    )
    return own & Task.id.in_(takes_part)


def _tasks_below(region_id: str | None, seen_by: str | None) -> list[str]:
    """What the region (or one of its departments) handed down, through every tier."""
    above = select(Task).where(Task.region_id == region_id, Task.handing != Handing.OWN)
    if seen_by is not None:
        own = select(TaskItem.task_id).where(TaskItem.department_id == seen_by)
        above = above.where((Task.initiating_department_id == seen_by) | Task.id.in_(own))
    return [one.id for top in db.session.scalars(above).all() for one in all_below(top.id)]


def _waiting_below(task_ids: Sequence[str]) -> list[dict[str, Any]]:
    """A region that has not drawn or dispatched yet has one row, its initiating department's."""
    visited = select(Visit.task_id).where(Visit.task_id.in_(task_ids))
    rows = db.session.execute(
        select(Task, Department, TaskContact).join(Department, Department.id == Task.initiating_department_id)
        .outerjoin(TaskContact, (TaskContact.task_id == Task.id) & (TaskContact.department_id == Department.id))
        .where(Task.id.in_(task_ids), Task.id.not_in(visited), Task.handing == Handing.OWN)
    )  # fmt: skip
    today, days, names = clock.today(), calendar(), _Names()
    return [
        _shown(
            task,
            department,
            contact,
            rules.PartCounts(0, 0, 0, 0, 0),
            Standing.TO_DRAW,
            task.due,
            today,
            days,
            names,
        )
        for task, department, contact in rows
    ]


def _counted() -> Select[Any]:
    """One line per task and department; the part of a merged visit is the one of the visit that was made, and what
    came with another task's visit stands in that task's lines."""
    planned, made = aliased(Part), aliased(Visit)

    def number(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    wanted = (
        select(
            Task, Department, TaskContact,
            func.count(Part.id), number(Part.claimed_at.isnot(None)), number(made.begun_at.isnot(None) | made.ended_at.isnot(None) | Part.state.in_(("ready", "locked", "returned"))),
            number(Part.state == "submitted"), number(Part.state.in_(rules.FORMED_PARTS)),
            func.min(case((Part.claimed_at.is_(None), Part.claim_due))), func.min(Part.claim_due),
        )
        .join(Visit, Visit.task_id == Task.id)
        .join(planned, (planned.visit_id == Visit.id) & planned.came_with_id.is_(None))
        .join(made, made.id == func.coalesce(Visit.merged_into_id, Visit.id))
        .join(Part, (Part.visit_id == made.id) & (Part.department_id == planned.department_id))
        .join(Department, Department.id == Part.department_id)
        .outerjoin(TaskContact, (TaskContact.task_id == Task.id) & (TaskContact.department_id == Department.id))
        .group_by(Task.id, Department.id, TaskContact.id)
    )  # fmt: skip
    return wanted


def _row(found: Any, today: date, days: Calendar, names: _Names) -> dict[str, Any]:
    task, department, contact, parts, claimed, begun, submitted, formed, claim_due, first_due = found
    counts = rules.PartCounts(parts, claimed, begun, submitted, formed)
    state = rules.standing(counts, claim_due or first_due, task.due, today)
    due = claim_due if state in (Standing.CLAIM_OVERDUE, Standing.TO_CLAIM) else task.due
    return _shown(task, department, contact, counts, state, due, today, days, names)


def _shown(
    task: Task, department: Department, contact: TaskContact | None, counts: rules.PartCounts, state: Standing, due: date,
    today: date, days: Calendar, names: _Names,
) -> dict[str, Any]:  # fmt: skip
    return {
        "parent_id": task.parent_id, "region": {"id": task.region_id, "name": names[task.region_id]},
        "task": {"id": task.id, "no": task.no, "name": task.name},
        "department": {"id": department.id, "name": department.name, "short_name": department.short_name},
        "initiating": department.id == task.initiating_department_id,
        "contact": _contact(contact), "parts": counts.parts, "claimed": counts.claimed,
        "submitted": counts.submitted + counts.formed, "formed": counts.formed,
        "due": due, "due_text": "" if state == Standing.DONE else due_text(due, today, days),
        "working_days_left": working_days_between(today, due, days),
        "state": state.value, "state_label": STANDING_LABELS[state],
    }  # fmt: skip


def _contact(contact: TaskContact | None) -> dict[str, Any] | None:
    if contact is None:
        return None
    return {
        "name": contact.name, "phone": contact.phone, "responsible": contact.responsible, "revision": contact.revision,
    }  # fmt: skip


def _fits(row: dict[str, Any], wanted: LedgerFilter) -> bool:
    words = (wanted.words or "").strip().lower()
    told = f"{row['region']['name']} {row['task']['no']} {row['task']['name']} {row['department']['name']} {(row['contact'] or {}).get('name', '')}"
    return (
        wanted.region_id in (None, row["region"]["id"])
        and wanted.department_id in (None, row["department"]["id"])
        and wanted.task_id in (None, row["task"]["id"], row["parent_id"])
        and all(word in told.lower() for word in words.split())
    )


def lines_of(rows: Sequence[dict[str, Any]]) -> Iterable[Sequence[Any]]:
    """The rows as the printed ledger has them."""
    for number, row in enumerate(rows, start=1):
        contact = row["contact"] or {}
        yield (
            number, row["task"]["no"], row["task"]["name"], row["region"]["name"], row["department"]["name"],
            "发起" if row["initiating"] else "配合", contact.get("name"), contact.get("phone"),
            contact.get("responsible"), row["parts"], row["claimed"], row["submitted"], row["formed"],
            row["due"].isoformat(), row["state_label"],
        )  # fmt: skip
