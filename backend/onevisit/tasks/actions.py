"""What happens when a department opens a task, and when the task comes further?"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry
from onevisit.items.models import Item
from onevisit.plans.below import handing_of
from onevisit.plans.models import PlanEntry
from onevisit.plans.rules import Period, period_for, periods, ratio_per_open
from onevisit.regions.modes import Handing
from onevisit.tasks import rules
from onevisit.tasks.below import below_of
from onevisit.tasks.handing import free_no, open_below
from onevisit.tasks.models import Task, TaskItem
from onevisit.tasks.queries import latest_checklists, plan_end
from onevisit.tasks.terms import TaskState


def open_task(
    entry_id: str,
    period: int | None = None,
    chosen: Mapping[tuple[str, str], str] | None = None,
    left_out: Mapping[str, str] | None = None,
) -> Task:
    """Open a carrying-out of a published plan's row: scope, ratio, items and checklist versions are frozen now.

    A row that regions below carry out freezes them and their offices too (`chosen`, `left_out`: tasks/below.py).
    """
    with transaction():
        one_at_a_time(f"task:{entry_id}")
        entry = db.session.get_one(PlanEntry, entry_id)
        _refuse_unready(entry)
        parts = _carryings_out(entry)
        period = period or period_for(parts, clock.today())
        if not 1 <= period <= len(parts):
            raise Problem("tasks.period_unknown", f"这一行计划全年只做 {len(parts)} 次，没有第 {period} 次。")
        _refuse_second(entry, period)
        task = _task_of(entry, period, parts)
        handing, _ = handing_of(task.region_id, entry.draw_mode)
        if handing != Handing.OWN:
            upper = [task.initiating_department_id, *(one.department_id for one in task.items)]
            task.handing = handing.value
            task.below = below_of(entry, list(dict.fromkeys(upper)), chosen or {}, left_out or {})
        db.session.add(task)
        db.session.flush()
        trail.record(
            "task.opened", "task", task.id, region_id=task.region_id, department_id=task.initiating_department_id,
            no=task.no, plan_entry=entry.id, period=period, items=len(task.items), due=task.due.isoformat(),
            handing=handing.value, below=task.below,
        )  # fmt: skip
        if handing == Handing.EACH:
            open_below(task, chosen or {}, left_out or {})
    return task


def _refuse_unready(entry: PlanEntry) -> None:
    """Say what is missing before the department finds out in the draw."""
    if not entry.in_force:
        raise Problem(
            "tasks.plan_not_published", "这一行计划还没有公布，或已撤销，不能开任务。请先公布计划。", 409
        )
    if entry.initiating_department_id is None:
        raise Problem("tasks.initiator_missing", "这一行计划没有对上发起部门。请先在年度计划里补上。", 409)
    if entry.scope_confirmed_at is None:
        raise Problem(
            "tasks.scope_not_confirmed", "对象范围还没有确认。请先在计划条目里核对范围和户数并确认。", 409
        )
    if entry.ratio is None and entry.sample_size is None:
        raise Problem(
            "tasks.ratio_missing", "这一行计划没有抽查比例，也没有户数。请先在年度计划里补上。", 409
        )


def _carryings_out(entry: PlanEntry) -> list[Period]:
    """The windows of the row; where there are several, somebody said for what the ratio counts (process.md 2)."""
    if entry.window_start is None or entry.window_end is None or entry.window_end < entry.window_start:
        raise Problem(
            "tasks.window_missing", "这一行计划的抽查时间没有写清。请先在年度计划里补上起止日期。", 409
        )
    parts = periods(entry.frequency, entry.window_start, entry.window_end)
    if ratio_per_open(entry.frequency, len(parts)):
        raise Problem(
            "tasks.ratio_per_missing",
            f"这一行计划全年做 {len(parts)} 次，还没有说明比例按每次计还是按全年计。请先在计划条目里选定。", 409,
        )  # fmt: skip
    return parts


def _refuse_second(entry: PlanEntry, period: int) -> None:
    known = db.session.scalars(
        select(Task.no).where(Task.plan_entry_id == entry.id, Task.period == period)
    ).first()
    if known is not None:
        raise Problem(
            "tasks.already_opened",
            f"第 {period} 次的任务已经开过了（{known}），没有重复开。请在抽查任务里打开它。",
            409,
        )


def _task_of(entry: PlanEntry, period: int, parts: list[Period]) -> Task:
    window, plan = parts[period - 1], entry.plan
    ratio: dict[str, Any] = entry.ratio or {}
    return Task(
        region_id=plan.region_id, plan_entry_id=entry.id, period=period, periods=len(parts),
        ratio_per=((entry.frequency or {}).get("ratio_per") or "period") if len(parts) > 1 else "period", no=free_no(entry, period),
        name=entry.task_name, initiating_department_id=entry.initiating_department_id, scope_text=entry.scope_text,
        scope_filter=entry.scope_filter, ratio=None if "sample_size" in ratio else entry.ratio,
        sample_size=entry.sample_size or ratio.get("sample_size"), methods=entry.methods, window_start=window.start,
        window_end=window.end, due=rules.due_day(window.end, plan_end(plan)), sensitive=entry.sensitive,
        opened_at=clock.now(), opened_by=acting().account_id, items=_pinned_items(entry),
    )  # fmt: skip


def _pinned_items(entry: PlanEntry) -> list[TaskItem]:
    """The items with the newest checklist; a version in use never changes (process.md 1)."""
    if not entry.items:
        raise Problem("tasks.items_missing", "这一行计划没有抽查事项。请先在年度计划里补上。", 409)
    unknown = [one.text for one in entry.items if one.item_id is None]
    if unknown:
        raise Problem(
            "tasks.item_not_listed",
            f"这些事项还没有对上事项清单：{'、'.join(unknown)}。请先对应或补进清单。",
            409,
        )
    ids = list(dict.fromkeys(one.item_id for one in entry.items if one.item_id))
    items = {one.id: one for one in db.session.scalars(select(Item).where(Item.id.in_(ids)))}
    checklists = latest_checklists(ids)
    without = [items[id_].name for id_ in ids if id_ not in checklists or not checklists[id_].entries]
    if without:
        raise Problem(
            "tasks.checklist_missing",
            f"这些事项还没有检查表：{'、'.join(without)}。请先由事项所属部门编好检查表。",
            409,
        )
    return [
        TaskItem(
            order=order, department_id=items[id_].department_id, item_id=id_, checklist_id=checklists[id_].id
        )
        for order, id_ in enumerate(ids)
    ]


def refuse_withdrawal(entry: TrailEntry) -> None:
    """A row that is being carried out cannot leave the plan; its task must be ended first."""
    known = db.session.scalars(select(Task.no).where(Task.plan_entry_id == entry.object_id)).first()
    if known is not None:
        raise Problem(
            "tasks.already_opened",
            f"这一行计划已经开了任务（{known}），不能撤销。请在理由里说明并调整这一行。",
            409,
        )


def note_drawn(entry: TrailEntry) -> None:
    """Its draw is done."""
    _advance(entry.facts["task"], TaskState.DRAWN)


def note_voided(entry: TrailEntry) -> None:
    """A drawn list was given up before its dispatch, where the region's rules allow that: the task can be drawn anew."""
    if entry.facts.get("reopens"):
        _advance(entry.facts["task"], TaskState.OPEN)


def note_dispatched(entry: TrailEntry) -> None:
    """Its visits are with the departments."""
    _advance(entry.object_id, TaskState.DISPATCHED)


def _advance(task_id: str, state: TaskState) -> None:
    task = db.session.get_one(Task, task_id)
    task.state, task.revision = state.value, task.revision + 1
