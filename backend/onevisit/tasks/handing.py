"""What happens when a task goes down: each region below gets a task of its own, with its own offices (市抽县查, 县抽县查)."""

from collections.abc import Mapping

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time
from onevisit.plans.below import localised
from onevisit.plans.intake import next_order
from onevisit.plans.life import EntryOrigin, EntryState, PlanState
from onevisit.plans.models import Plan, PlanEntry
from onevisit.regions.modes import Handing
from onevisit.regions.queries import region_of, regions_below
from onevisit.subjects.queries import read_filter
from onevisit.tasks import rules
from onevisit.tasks.below import below_of
from onevisit.tasks.models import Task, TaskItem
from onevisit.tasks.terms import TaskState

FROM = "handed_from"  # in a lower row's provenance: the row above that it carries out
Chosen = Mapping[tuple[str, str], str]


def open_below(task: Task, chosen: Chosen, left_out: Mapping[str, str]) -> list[Task]:
    """县抽县查: one task in each region below, to be drawn and checked there. The caller's transaction, and its task."""
    shares = {one["region_id"]: one["number"] for one in task.below["shares"]}
    made = []
    for one in task.below["regions"]:
        if shares.get(one["id"]) == 0:
            continue  # its share of a fixed number came to nobody
        made.append(
            hand_down(task, one["id"], number=shares.get(one["id"]), chosen=chosen, left_out=left_out)
        )
    task.state = TaskState.DISPATCHED.value
    return made


def hand_down(
    parent: Task, region_id: str, *, number: int | None = None, state: TaskState = TaskState.OPEN,
    chosen: Chosen | None = None, left_out: Mapping[str, str] | None = None,
) -> Task:  # fmt: skip
    """The task of one region below: the same scope, items and checklists, its own offices and number."""
    offices: dict[str, str] = next(one for one in parent.below["regions"] if one["id"] == region_id)[
        "departments"
    ]
    row = _row_below(parent, region_id, offices)
    task = Task(
        region_id=region_id, plan_entry_id=row.id, parent_id=parent.id, period=parent.period, periods=parent.periods,
        ratio_per=parent.ratio_per, no=free_no(row, parent.period), name=parent.name,
        initiating_department_id=offices[parent.initiating_department_id], scope_text=parent.scope_text,
        scope_filter=row.scope_filter, ratio=parent.ratio if number is None else None,
        sample_size=number if number is not None else parent.sample_size, methods=parent.methods,
        window_start=parent.window_start, window_end=parent.window_end, due=parent.due, sensitive=parent.sensitive,
        state=state.value, opened_at=clock.now(), opened_by=acting().account_id,
        items=[
            TaskItem(order=at, department_id=offices[one.department_id], item_id=one.item_id, checklist_id=one.checklist_id)
            for at, one in enumerate(parent.items)
        ],
    )  # fmt: skip
    if parent.below["then"]:
        upper = list(
            dict.fromkeys([task.initiating_department_id, *(one.department_id for one in task.items)])
        )
        here = {one: why for one, why in (left_out or {}).items() if one in _under(region_id)}
        task.handing, task.below = Handing.DOWN.value, below_of(row, upper, chosen or {}, here)
    db.session.add(task)
    db.session.flush()
    trail.record(
        "task.handed_down", "task", task.id, region_id=region_id, department_id=task.initiating_department_id,
        no=task.no, parent=parent.id, parent_no=parent.no, number=number, due=task.due.isoformat(),
    )  # fmt: skip
    return task


def _under(region_id: str) -> set[str]:
    return {one.id for one in regions_below(region_id)}


def _row_below(parent: Task, region_id: str, offices: Mapping[str, str]) -> PlanEntry:
    """The row that the lower region's task carries out: one for all carryings-out of the row above (上级交办)."""
    above = db.session.get_one(PlanEntry, parent.plan_entry_id)
    plan = _plan_below(above.plan, region_id)
    known = next((one for one in plan.rows if one.provenance.get(FROM) == above.id), None)
    if known is not None:
        return known
    row = PlanEntry(
        order=next_order(plan), seq=above.seq, name=above.name, task_name=above.task_name, field=above.field,
        initiating_department_id=offices[parent.initiating_department_id],
        cooperating_department_ids=[offices[one] for one in above.cooperating_department_ids if one in offices],
        scope_text=above.scope_text, scope_filter=localised(read_filter(above.scope_filter), region_id, offices).as_json(),
        scope_confirmed_at=above.scope_confirmed_at, scope_confirmed_by=above.scope_confirmed_by, ratio=above.ratio,
        ratio_raw=above.ratio_raw, sample_size=above.sample_size, frequency=above.frequency,
        window_start=above.window_start, window_end=above.window_end, window_raw=above.window_raw, methods=above.methods,
        category=above.category, targeting=above.targeting, tier=region_of(region_id).tier,
        draw_mode=parent.below["then"], risk_policy=above.risk_policy, origin=EntryOrigin.ASSIGNED.value,
        sensitive=above.sensitive, problems=[], provenance={FROM: above.id}, kind=above.kind,
        state=EntryState.MERGED.value, revision=1,
    )  # fmt: skip
    plan.rows.append(row)
    db.session.flush()
    return row


def _plan_below(above: Plan, region_id: str) -> Plan:
    """What was handed down to a region in a year; its own plan of the year stays as it published it."""
    one_at_a_time(f"plan|{region_id}|{above.year}")
    known = select(Plan).where(
        Plan.region_id == region_id, Plan.year == above.year, Plan.state == PlanState.ASSIGNED
    )
    plan = db.session.scalars(known).first()
    if plan is None:
        plan = Plan(
            region_id=region_id, year=above.year, name=f"{above.year}年度{region_of(above.region_id).name}下派的抽查任务",
            state=PlanState.ASSIGNED.value, problems=[], made_at=clock.now(), complete_by=above.complete_by, rows=[],
            revision=1, version=0,
        )  # fmt: skip
        db.session.add(plan)
        db.session.flush()
    return plan


def free_no(entry: PlanEntry, period: int) -> str:
    """The task's number: the region's, the year's, the row's and the period's; told apart where rows share a number."""
    twin, seq = 0, entry.seq if entry.seq is not None else entry.order
    while True:
        no = rules.task_no(entry.plan.region_id, entry.plan.year, seq, period, twin)
        taken = db.session.scalars(
            select(Task.id).where(Task.region_id == entry.plan.region_id, Task.no == no)
        ).first()
        if taken is None:
            return no
        twin += 1
