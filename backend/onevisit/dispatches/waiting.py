"""What waits for this account in the dispatches, in one answer?"""

from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from onevisit.core import clock
from onevisit.core.auth import Actor
from onevisit.core.calendar import Calendar, working_days_between
from onevisit.core.db import db
from onevisit.dispatches import schemes
from onevisit.dispatches.merges import UNDECIDED
from onevisit.dispatches.models import Part, Visit, VisitMerge
from onevisit.dispatches.notice_models import NoticeProposal
from onevisit.dispatches.terms import DispatchWork, ProposalState
from onevisit.regions.limits import due_text, limit_of
from onevisit.regions.queries import calendar, profile_of
from onevisit.regions.terms import LimitKey
from onevisit.tasks.models import Task

Json = dict[str, Any]


def waiting_for(actor: Actor) -> list[Json]:
    """Parts to claim, visits to schedule, proposals to decide, schemes to answer; the joint office decides proposals."""
    days, own = calendar(), actor.department_id
    found: list[Json] = []
    if own is not None and actor.has("desk", "deputy_head", "principal_head"):
        found += [_claim(row, days) for row in _claims(actor.region_id, own)]
    if own is not None and actor.has("desk", "deputy_head"):
        found += [
            _work(DispatchWork.SCHEME_ANSWER, task, 1, version.answer_due, days)
            for task, version in schemes.waiting_answers(actor.region_id, own)
        ]
    if own is not None and actor.has("desk"):
        found += [
            _work(DispatchWork.SCHEDULE, task, count, due, days)
            for task, count, due in _to_schedule(actor.region_id, own)
        ]
        found += [
            _work(DispatchWork.SCHEME_OBJECTION, task, count, None, days)
            for task, count in schemes.open_objections(actor.region_id, own).values()
        ]
    if own is not None and actor.has("desk"):
        found += [
            _work(DispatchWork.OTHER_TIME, task, 1, visit.scheduled_day, days, visit.id)
            for task, visit in _other_times(actor.region_id, own)
        ]
    found += [
        _work(DispatchWork.MERGE, task, count, due, days, visit)
        for task, count, due, visit in _to_merge(actor)
    ]
    return found


def _claims(region_id: str | None, department_id: str) -> list[Any]:
    wanted = (
        select(Task, func.count(), func.min(Part.claim_due))
        .join(Visit, Visit.task_id == Task.id).join(Part, Part.visit_id == Visit.id)
        .where(
            Task.region_id == region_id, Part.department_id == department_id, Part.claimed_at.is_(None),
            Visit.ended_at.is_(None), Visit.merged_into_id.is_(None),
        ).group_by(Task.id).order_by(Task.no)
    )  # fmt: skip
    return list(db.session.execute(wanted))


def _claim(row: Any, days: Calendar) -> Json:
    task, count, due = row
    limit = limit_of(profile_of(task.region_id), LimitKey.CLAIM)
    return {
        **_work(DispatchWork.CLAIM, task, count, due, days),
        "sentence": limit.sentence, "from_notice": limit.from_notice,
    }  # fmt: skip


def _to_schedule(region_id: str | None, department_id: str) -> list[Any]:
    """Visits of own tasks that all have claimed, with a leader, without a day, and nothing to be decided before."""
    unclaimed = select(Part.visit_id).where(Part.claimed_at.is_(None))
    undecided = [
        select(side).where(VisitMerge.state == UNDECIDED) for side in (VisitMerge.into_id, VisitMerge.from_id)
    ]
    wanted = (
        select(Task, func.count(), func.min(Visit.due)).join(Visit, Visit.task_id == Task.id)
        .where(
            Task.region_id == region_id, Task.initiating_department_id == department_id, Visit.scheduled_day.is_(None),
            Visit.begun_at.is_(None), Visit.ended_at.is_(None), Visit.merged_into_id.is_(None), Visit.leader_id.is_not(None),
            Visit.id.not_in(unclaimed), *(Visit.id.not_in(one) for one in undecided),
        ).group_by(Task.id).order_by(Task.no)
    )  # fmt: skip
    return list(db.session.execute(wanted))


def _other_times(region_id: str | None, department_id: str) -> list[Any]:
    """Visits whose subject asked for another time by the link of its notice; due before the day that still stands."""
    wanted = (
        select(Task, Visit)
        .join(Visit, Visit.task_id == Task.id)
        .join(NoticeProposal, NoticeProposal.visit_id == Visit.id)
        .where(
            Task.region_id == region_id,
            Task.initiating_department_id == department_id,
            NoticeProposal.state == ProposalState.PROPOSED,
            Visit.begun_at.is_(None),
            Visit.ended_at.is_(None),
        )
        .order_by(Visit.scheduled_day, Visit.no)
    )
    return list(db.session.execute(wanted))


def _to_merge(actor: Actor) -> list[tuple[Task, int, date, str]]:
    """Proposals by the task of the visit that would be made; the first of them leads to where it is decided."""
    if not actor.has("desk", "joint_office"):
        return []
    into, leaving, own, other = aliased(Visit), aliased(Visit), aliased(Task), aliased(Task)
    wanted = (
        select(own, into, leaving).select_from(VisitMerge)
        .join(into, into.id == VisitMerge.into_id).join(leaving, leaving.id == VisitMerge.from_id)
        .join(own, own.id == into.task_id).join(other, other.id == leaving.task_id)
        .where(VisitMerge.region_id == actor.region_id, VisitMerge.state == UNDECIDED).order_by(own.no, into.order)
    )  # fmt: skip
    if not actor.has("joint_office"):
        mine = actor.department_id
        wanted = wanted.where(
            or_(own.initiating_department_id == mine, other.initiating_department_id == mine)
        )
    found: dict[str, tuple[Task, int, date, str]] = {}
    for task, one, _ in db.session.execute(wanted):
        _, count, due, first = found.get(task.id, (task, 0, one.due, one.id))
        found[task.id] = (task, count + 1, min(due, one.due), first)
    return list(found.values())


def _work(
    kind: DispatchWork, task: Task, count: int, due: date | None, days: Calendar, visit_id: str | None = None
) -> Json:
    return {
        "kind": kind.value, "task_id": task.id, "task_no": task.no, "task_name": task.name, "count": count,
        "visit_id": visit_id, "due": due, "due_text": due_text(due, clock.today(), days) if due else None,
        "due_state": _state(due, days) if due else None, "sentence": None, "from_notice": False,
    }  # fmt: skip


def _state(due: date, days: Calendar) -> str:
    left = working_days_between(clock.today(), due, days)
    return "overdue" if due < clock.today() else "soon" if left <= 2 else "open"
