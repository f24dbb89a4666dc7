"""Which tasks are there, whose are they, and by when must they be done?"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from onevisit.core import clock
from onevisit.core.calendar import Calendar, working_days_between
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.models import Department
from onevisit.items.models import Checklist, Item
from onevisit.plans.life import ENTRY_ORIGIN_LABELS, EntryOrigin
from onevisit.plans.models import Plan, PlanEntry
from onevisit.plans.terms import METHOD_LABELS, Method
from onevisit.regions.limits import due_text
from onevisit.regions.modes import HANDING_LABELS, Handing
from onevisit.regions.queries import calendar, profile_of, region_of
from onevisit.tasks import rules
from onevisit.tasks.models import Task, TaskItem
from onevisit.tasks.terms import DEADLINE_LABELS, STATE_LABELS, DeadlineKey, TaskState


def entry_in(region_id: str | None, entry_id: str) -> PlanEntry:
    """The plan's row, if it is of this region."""
    entry = db.session.get(PlanEntry, entry_id)
    if entry is None or entry.plan.region_id != region_id:
        raise not_found("计划条目")
    return entry


def task_in(region_id: str | None, task_id: str) -> Task:
    """The task, if it is of this region."""
    task = db.session.get(Task, task_id)
    if task is None or task.region_id != region_id:
        raise not_found("抽查任务")
    return task


def departments_of_task(task: Task) -> list[str]:
    """Who takes part: the initiating department first (it leads even without an item of its own), then as in the plan."""
    return list(dict.fromkeys([task.initiating_department_id, *(item.department_id for item in task.items)]))


def tasks_seen_by(
    region_id: str | None,
    department_id: str | None,
    *,
    state: str | None = None,
    entry_id: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Sequence[Task]:
    """Tasks of a region, newest first; of a department (None: all) only those it takes part in; one more than `limit`."""
    wanted = select(Task).where(Task.region_id == region_id).order_by(Task.id.desc()).limit(limit + 1)
    wanted = wanted.options(selectinload(Task.items))
    if department_id is not None:
        own_items = select(TaskItem.task_id).where(TaskItem.department_id == department_id)
        wanted = wanted.where(or_(Task.initiating_department_id == department_id, Task.id.in_(own_items)))
    if state:
        wanted = wanted.where(Task.state == state)
    if entry_id:
        wanted = wanted.where(Task.plan_entry_id == entry_id)
    return db.session.scalars(wanted.where(Task.id < after) if after else wanted).all()


def latest_checklists(item_ids: Sequence[str]) -> dict[str, Checklist]:
    """Item -> its newest checklist version."""
    newest = (
        select(Checklist.item_id, func.max(Checklist.version).label("version"))
        .where(Checklist.item_id.in_(item_ids)).group_by(Checklist.item_id).subquery()
    )  # fmt: skip
    both = (Checklist.item_id == newest.c.item_id) & (Checklist.version == newest.c.version)
    return {one.item_id: one for one in db.session.scalars(select(Checklist).join(newest, both))}


def plan_end(plan: Plan) -> date | None:
    """By when the whole plan is to be done: as the plan says, else as the region's profile says."""
    return plan.complete_by or rules.complete_by(
        profile_of(plan.region_id).value("plan.complete_by").value, plan.year
    )


def deadlines_of_task(task: Task, days: Calendar) -> list[dict[str, Any]]:
    """The task's own days with the sentence they come from; limits of its parts are added by later steps."""
    entry = db.session.get_one(PlanEntry, task.plan_entry_id)
    rule = profile_of(task.region_id).value("plan.complete_by")
    shown = [
        _deadline(DeadlineKey.WINDOW_END, task.window_end, days, sentence=entry.window_raw, from_notice=True)
    ]
    if (end := entry.plan.complete_by or rules.complete_by(rule.value, entry.plan.year)) is not None:
        said = {"sentence": rule.sentence, "from_notice": rule.from_notice}
        shown.append(_deadline(DeadlineKey.COMPLETE_BY, end, days, **said))
    return [{**one, "state": "done"} for one in shown] if task.state == TaskState.DONE else shown


def _deadline(key: DeadlineKey, day: date, days: Calendar, **said: Any) -> dict[str, Any]:
    today = clock.today()
    left = working_days_between(today, day, days)
    late = "overdue" if day < today else "soon" if left <= 2 else "open"
    return {
        "key": key.value, "label": DEADLINE_LABELS[key], "day": day, "working_days_left": left,
        "state": late, "text": due_text(day, today, days), "provisional": False, **said,
    }  # fmt: skip


def named_departments(ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Department id -> id and names as screens show them."""
    found = db.session.scalars(select(Department).where(Department.id.in_(ids)))
    return {one.id: {"id": one.id, "name": one.name, "short_name": one.short_name} for one in found}


def named_over(task: Task, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """The same with the region before the name, where a task is over several regions."""
    names = named_departments(ids)
    if task.handing == Handing.OWN:
        return names
    for id_, one in names.items():
        region = region_of(id_.partition("-")[0]).name
        for key in ("name", "short_name"):
            if not one[key].startswith(region):
                one[key] = f"{region}{one[key]}"
    return names


def cards_of(tasks: Sequence[Task]) -> list[dict[str, Any]]:
    """The tasks of a list, with the calendar read once."""
    days = calendar()
    return [card_of(task, days) for task in tasks]


def card_of(task: Task, days: Calendar | None = None) -> dict[str, Any]:
    """What a list and the head of a page show of a task."""
    entry = db.session.get_one(PlanEntry, task.plan_entry_id)
    names = named_departments(departments_of_task(task))
    return {
        "id": task.id, "no": task.no, "name": task.name, "revision": task.revision,
        "plan": {
            "id": entry.plan.id, "name": entry.plan.name, "year": entry.plan.year, "shifted_from": entry.plan.shifted_from
        },
        "plan_entry_id": entry.id, "seq": entry.seq, "field": entry.field, "period": task.period, "periods": task.periods,
        "initiating_department": names[task.initiating_department_id],
        "departments": [{**names[one], "initiating": one == task.initiating_department_id} for one in departments_of_task(task)],
        "scope_text": task.scope_text, "ratio": task.ratio, "ratio_raw": entry.ratio_raw, "ratio_per": task.ratio_per,
        "batch": {"number": task.batch[0], "of": task.batch[1]} if task.batch else None,
        "origin": entry.origin, "origin_label": ENTRY_ORIGIN_LABELS[EntryOrigin(entry.origin)], "kind": entry.kind,
        "sample_size": task.sample_size,
        "methods": [{"code": code, "label": METHOD_LABELS[Method(code)]} for code in task.methods],
        "window": {"start": task.window_start, "end": task.window_end, "raw": entry.window_raw},
        "due": task.due, "sensitive": task.sensitive, "state": task.state,
        "state_label": STATE_LABELS[TaskState(task.state)], "opened_at": task.opened_at,
        "handing": task.handing, "handing_label": HANDING_LABELS[Handing(task.handing)],
        "from_above": _from_above(task), "deadlines": deadlines_of_task(task, days or calendar()),
    }  # fmt: skip


def _region(region_id: str) -> dict[str, str]:
    region = region_of(region_id)
    return {"id": region.id, "name": region.name}


def _from_above(task: Task) -> dict[str, Any] | None:
    """Who handed the task down, and whether its list was drawn there."""
    if task.parent_id is None:
        return None
    parent = db.session.get_one(Task, task.parent_id)
    return {
        "region": _region(parent.region_id), "no": parent.no, "drawn_there": parent.handing == Handing.DOWN,
    }  # fmt: skip


def items_of(task: Task) -> list[dict[str, Any]]:
    """The task's items with the checklist version that is pinned."""
    rows = db.session.execute(
        select(TaskItem, Item, Checklist).join(Item, Item.id == TaskItem.item_id)
        .join(Checklist, Checklist.id == TaskItem.checklist_id).where(TaskItem.task_id == task.id).order_by(TaskItem.order)
    )  # fmt: skip
    return [
        {
            "id": item.id, "code": item.code, "name": item.name, "category": item.category,
            "legal_basis": item.legal_basis, "department_id": pinned.department_id,
            "checklist": {
                "id": checklist.id, "version": checklist.version, "hash": checklist.hash,
                "generic": checklist.generic, "entries": len(checklist.entries),
            },
        }
        for pinned, item, checklist in rows
    ]  # fmt: skip
