"""How is each region below with what was handed down to it: drawn, claimed, checked, with which results?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select

from onevisit.core import clock
from onevisit.core.calendar import Calendar
from onevisit.core.db import db
from onevisit.dispatches import ledger, rules
from onevisit.dispatches.models import Visit
from onevisit.dispatches.terms import Standing
from onevisit.draws.models import Draw
from onevisit.draws.queries import card_of as draw_card
from onevisit.draws.queries import drawn_at, last_draw
from onevisit.draws.states import DrawKind, DrawState
from onevisit.regions.limits import due_text
from onevisit.regions.modes import Handing
from onevisit.regions.queries import calendar, region_of
from onevisit.subjects.models import SubjectHistory
from onevisit.tasks.below import all_below
from onevisit.tasks.models import Task, TaskItem
from onevisit.tasks.terms import STATE_LABELS, TaskState

Json = dict[str, Any]


def below_shown(task: Task) -> Json | None:
    """Every region's task with its draw, its offices' standing and its results; None for a task of one region."""
    if task.handing == Handing.OWN:
        return None
    tasks, days = all_below(task.id), calendar()
    rows = ledger.rows_of_tasks([one.id for one in tasks])
    outcomes = _outcomes([one.id for one in tasks])
    lines = [_line(one, rows.get(one.id, []), outcomes.get(one.id, Counter()), days) for one in tasks]
    return {
        "regions": lines,
        "without": [
            {"id": one["id"], "name": region_of(one["id"]).name}
            for one in task.below["regions"] if one["id"] not in {line.region_id for line in tasks}
        ] if tasks else [],
        "left_out": [{**one, "name": region_of(one["id"]).name} for one in task.below["left_out"]],
        "shares": [{**one, "name": region_of(one["region_id"]).name} for one in task.below["shares"]],
        "totals": {
            key: sum(line[key] for line in lines) for key in ("visits", "parts", "claimed", "submitted", "formed", "found")
        },
    }  # fmt: skip


def _line(task: Task, rows: Sequence[Json], outcomes: Mapping[str, int], days: Calendar) -> Json:
    draw, region = last_draw(task.id), region_of(task.region_id)
    visits = db.session.scalar(select(func.count()).select_from(Visit).where(Visit.task_id == task.id)) or 0
    counted = {key: sum(row[key] for row in rows) for key in ("parts", "claimed", "submitted", "formed")}
    return {
        "region": {"id": region.id, "name": region.name},
        "task": {"id": task.id, "no": task.no, "state": task.state, "state_label": STATE_LABELS[TaskState(task.state)]},
        "draw": draw_card(draw) if draw else None,
        "public_no": drawn_at(draw).no if draw and draw.commit_hash else None,
        "offices": [
            {key: row[key] for key in ("department", "parts", "claimed", "formed", "state", "state_label", "due", "due_text")}
            for row in rows
        ],
        "visits": visits, **counted, "outcomes": dict(outcomes),
        "found": sum(count for code, count in outcomes.items() if code not in rules.NOTHING_FOUND),
        "due": task.due, "due_text": due_text(task.due, clock.today(), days), "findings": _findings(task, draw, rows, days),
    }  # fmt: skip


def _findings(task: Task, draw: Draw | None, rows: Sequence[Json], days: Calendar) -> list[str]:
    """What the region above would want to ask about, in words; nothing where all is as it should be."""
    said = []
    voided = db.session.scalar(
        select(func.count()).select_from(Draw).where(Draw.task_id == task.id, Draw.state == DrawState.VOIDED)
    )
    if voided:
        said.append(f"作废过 {voided} 次抽取")
    if draw is not None and draw.kind != DrawKind.HANDED_DOWN:
        if reason := draw.remarks.get("above_plan"):
            said.append(f"抽取户数多于计划：{reason}")
        if reason := draw.remarks.get("over_cap"):
            said.append(f"超过年度检查次数上限抽取：{reason}")
    if task.handing == Handing.OWN and task.state == TaskState.OPEN:
        said.append(f"还没有抽取，{due_text(task.due, clock.today(), days)}")
    if task.state == TaskState.DRAWN:
        said.append("已抽取，还没有派发")
    late = [
        row["department"]["short_name"]
        for row in rows
        if row["state"] in (Standing.CLAIM_OVERDUE, Standing.OVERDUE)
    ]
    if late:
        said.append(f"逾期：{'、'.join(late)}")
    return said


def _outcomes(task_ids: Sequence[str]) -> dict[str, Counter[str]]:
    """Task -> how often each outcome was formed, each department's part of a visit once."""
    rows = db.session.execute(
        select(Visit.task_id, SubjectHistory.outcomes)
        .join(SubjectHistory, SubjectHistory.visit_id == func.coalesce(Visit.merged_into_id, Visit.id))
        .join(Task, Task.id == Visit.task_id)
        .where(
            Visit.task_id.in_(task_ids),
            or_(
                SubjectHistory.department_id == Task.initiating_department_id,
                SubjectHistory.department_id.in_(
                    select(TaskItem.department_id).where(TaskItem.task_id == Task.id).correlate(Task)
                ),
            ),
        )
    )
    found: dict[str, Counter[str]] = {}
    for task_id, outcomes in rows:
        found.setdefault(task_id, Counter()).update(dict.fromkeys(outcomes, 1))
    return found
