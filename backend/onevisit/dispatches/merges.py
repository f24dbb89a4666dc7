"""Which planned visits go together, which tasks does one visit carry out, and what is proposed? (进一次门，查多项事)"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from onevisit.core.db import db
from onevisit.dispatches.models import Part, Visit, VisitMerge
from onevisit.dispatches.terms import MERGE_STATE_LABELS, MergeState, VisitState
from onevisit.plans.scheme_queries import entries_together, scheme_names
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task, TaskItem
from onevisit.tasks.queries import named_departments

UNDECIDED = MergeState.PROPOSED.value


def merged_into(visit_id: str) -> Sequence[Visit]:
    """The visits that one carries out as well, in the order they were dispatched."""
    wanted = select(Visit).where(Visit.merged_into_id == visit_id).order_by(Visit.dispatched_at, Visit.no)
    return db.session.scalars(wanted).all()


def task_ids_of(visit_id: str, own_task_id: str) -> list[str]:
    """Every task that the visit carries out, its own first."""
    wanted = select(Visit.task_id).where(Visit.merged_into_id == visit_id)
    others = db.session.scalars(wanted.order_by(Visit.dispatched_at, Visit.no))
    return list(dict.fromkeys([own_task_id, *others]))


def tasks_of(visit: Visit) -> list[Task]:
    """The same as rows."""
    return [db.session.get_one(Task, one) for one in task_ids_of(visit.id, visit.task_id)]


def task_of_part(visit: Visit, department_id: str) -> Task:
    """For which task the department came: the visit's own where it takes part in it, else the one it came with."""
    tasks = tasks_of(visit)
    for task in tasks:
        if department_id == task.initiating_department_id or any(
            item.department_id == department_id for item in task.items
        ):
            return task
    return tasks[0]


def visits_carrying_out(task_no: str) -> Any:
    """A select of (visit id, department id) pairs whose results answer a task, merged ones by the visit that was made."""
    taking_part = select(TaskItem.department_id).where(TaskItem.task_id == Task.id)
    return (
        select(Part.visit_id, Part.department_id)
        .join(Visit, func.coalesce(Visit.merged_into_id, Visit.id) == Part.visit_id)
        .join(Task, Task.id == Visit.task_id)
        .where(
            Task.no == task_no,
            or_(Part.department_id.in_(taking_part), Part.department_id == Task.initiating_department_id),
        )
    )


def merge_between(first: Visit, second: Visit) -> VisitMerge | None:
    """What is proposed or decided about these two, whichever came first."""
    pair = [first.id, second.id]
    wanted = select(VisitMerge).where(VisitMerge.into_id.in_(pair), VisitMerge.from_id.in_(pair))
    return db.session.scalars(wanted).first()


def undecided_about(visit_id: str) -> VisitMerge | None:
    """A proposal that still waits; until it is decided the subject would be visited twice."""
    wanted = select(VisitMerge).where(
        VisitMerge.state == UNDECIDED, or_(VisitMerge.into_id == visit_id, VisitMerge.from_id == visit_id)
    )
    return db.session.scalars(wanted.limit(1)).first()


def merges_seen(
    region_id: str | None, department_id: str | None, state: str | None, visit_id: str | None = None
) -> list[dict[str, Any]]:
    """The proposals of the region, those that wait first; a department sees those it takes part in (None: all)."""
    into, leaving = aliased(Visit), aliased(Visit)
    wanted = (
        select(VisitMerge, into, leaving)
        .join(into, into.id == VisitMerge.into_id)
        .join(leaving, leaving.id == VisitMerge.from_id)
        .where(VisitMerge.region_id == region_id)
        .order_by(VisitMerge.state != UNDECIDED, VisitMerge.proposed_at.desc(), VisitMerge.id)
        .limit(500)
    )
    if state:
        wanted = wanted.where(VisitMerge.state == state)
    if visit_id:
        wanted = wanted.where(or_(VisitMerge.into_id == visit_id, VisitMerge.from_id == visit_id))
    if department_id is not None:
        own = select(Part.visit_id).where(Part.department_id == department_id)
        wanted = wanted.where(or_(VisitMerge.into_id.in_(own), VisitMerge.from_id.in_(own)))
    rows: list[tuple[VisitMerge, Visit, Visit]] = [
        (one[0], one[1], one[2]) for one in db.session.execute(wanted)
    ]
    linked = _linked([visit for _, one, other in rows for visit in (one, other)])
    return [_shown(merge, one, other, linked) for merge, one, other in rows]


def merge_shown(merge: VisitMerge) -> dict[str, Any]:
    """One proposal as a screen shows it."""
    into, leaving = db.session.get_one(Visit, merge.into_id), db.session.get_one(Visit, merge.from_id)
    return _shown(merge, into, leaving, _linked([into, leaving]))


def schemes_by_task(task_ids: Iterable[str]) -> dict[str, str]:
    """Task -> the accepted scheme of its row (统筹制定检查方案): what the plan already said would go together."""
    entries = {
        row.id: row.plan_entry_id
        for row in db.session.execute(select(Task.id, Task.plan_entry_id).where(Task.id.in_(set(task_ids))))
        if row.plan_entry_id
    }
    together = entries_together(list(entries.values()))
    return {task_id: together[entry] for task_id, entry in entries.items() if entry in together}


def _linked(visits: Sequence[Visit]) -> dict[str, dict[str, str]]:
    """Task -> its scheme in words."""
    of_task = schemes_by_task(visit.task_id for visit in visits)
    names = scheme_names(list(of_task.values()))
    return {task_id: names[scheme_id] for task_id, scheme_id in of_task.items()}


def _shown(
    merge: VisitMerge, into: Visit, leaving: Visit, linked: Mapping[str, dict[str, str]]
) -> dict[str, Any]:
    scheme = linked.get(into.task_id)
    subject = db.session.get_one(Subject, into.subject_id)
    return {
        "id": merge.id, "state": merge.state, "state_label": MERGE_STATE_LABELS[MergeState(merge.state)],
        "reason": merge.reason, "proposed_at": merge.proposed_at, "decided_at": merge.decided_at,
        "subject": {"id": subject.id, "name": subject.name, "address": subject.address},
        "into": _side(into), "leaving": _side(leaving),
        "scheme": scheme if scheme is not None and scheme == linked.get(leaving.task_id) else None,
        "undoable": merge.state == MergeState.ACCEPTED and into.ended_at is None,
    }  # fmt: skip


def _side(visit: Visit) -> dict[str, Any]:
    task = db.session.get_one(Task, visit.task_id)
    names = named_departments([part.department_id for part in visit.parts])
    return {
        "visit_id": visit.id, "no": visit.no, "due": visit.due, "scheduled_day": visit.scheduled_day,
        "task": {"id": task.id, "no": task.no, "name": task.name},
        "initiating_department_id": task.initiating_department_id,
        "departments": [names[part.department_id]["short_name"] for part in visit.parts],
    }  # fmt: skip


def visits_saved(task_ids: Sequence[str]) -> int:
    """How many doors were not entered twice."""
    wanted = select(func.count()).where(Visit.task_id.in_(task_ids), Visit.state == VisitState.MERGED.value)
    return db.session.scalars(wanted).one()
