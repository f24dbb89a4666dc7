"""Which visits are planned, how do their parts stand, and what becomes of a task?"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from onevisit.core import clock
from onevisit.core.auth import Actor
from onevisit.core.calendar import Calendar
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.dispatches import below, merges, rules, schemes
from onevisit.dispatches.hours import read_hours
from onevisit.dispatches.models import CheckNotice, Part, TeamMember, Visit
from onevisit.dispatches.terms import (
    CLAIM_STATE_LABELS,
    COMPARED_LABELS,
    DELIVERY_LABELS,
    VISIT_STATE_LABELS,
    ClaimState,
    Compared,
    DeliveryWay,
    VisitState,
)
from onevisit.draws.queries import card_of as draw_card
from onevisit.draws.queries import last_draw
from onevisit.inspectors.models import Inspector
from onevisit.regions.limits import DueDay, limit_of
from onevisit.regions.profiles import Profile
from onevisit.regions.queries import calendar, profile_of
from onevisit.regions.terms import LimitKey
from onevisit.subjects.models import Subject, SubjectHistory
from onevisit.tasks import queries as tasks
from onevisit.tasks.below import all_below
from onevisit.tasks.models import Task


def visit_in(region_id: str | None, visit_id: str) -> Visit:
    """The visit, if it is of this region."""
    visit = db.session.get(Visit, visit_id)
    if visit is None or visit.region_id != region_id:
        raise not_found("检查任务")
    return visit


def departments_of_visit(visit: Visit) -> list[str]:
    """Whose parts the visit has."""
    return [part.department_id for part in visit.parts]


def members_of(visit: Visit) -> list[TeamMember]:
    """Who goes there now, without those who were replaced."""
    return [one for one in visit.team if one.removed_at is None]


def takes_part(actor: Actor, visit: Visit) -> bool:
    """Its departments and the joint office; an inspector only where he is on the team."""
    if actor.has("joint_office"):
        return True
    if actor.has("desk", "deputy_head", "principal_head"):
        return actor.department_id in departments_of_visit(visit)
    return any(one.inspector_id == actor.inspector_id for one in members_of(visit))


def visits_of_task(task_id: str) -> Sequence[Visit]:
    """The visits of a task in the order of the draw."""
    whole = (selectinload(Visit.parts), selectinload(Visit.team), selectinload(Visit.notice))
    wanted = select(Visit).where(Visit.task_id == task_id).order_by(Visit.order).options(*whole)
    return db.session.scalars(wanted).all()


def visits_made(task: Task) -> int:
    """How many visits a task came to, in all regions that carry it out."""
    ids = [task.id, *(one.id for one in all_below(task.id))]
    return db.session.scalar(select(func.count()).select_from(Visit).where(Visit.task_id.in_(ids))) or 0


def visits_of_inspector(inspector_id: str) -> Sequence[Visit]:
    """The visits whose team the inspector is on, soonest due first."""
    on_team = select(TeamMember.visit_id).where(
        TeamMember.inspector_id == inspector_id, TeamMember.removed_at.is_(None)
    )
    going = select(Visit).where(Visit.id.in_(on_team), Visit.merged_into_id.is_(None))
    return db.session.scalars(going.order_by(Visit.due, Visit.id)).all()


def numbers_in_year(visits: Sequence[Visit]) -> dict[str, int]:
    """Visit -> 本年度第 N 次: earlier checks of the same subject this year, and this one; a joint visit counts once."""
    subject_ids = list({visit.subject_id for visit in visits})
    known: dict[tuple[str, int], list[str]] = {}
    planned = select(Visit.id, Visit.subject_id, Visit.dispatched_at, Visit.no).where(
        Visit.subject_id.in_(subject_ids), Visit.merged_into_id.is_(None)
    )
    order: dict[str, tuple[str, int]] = {}
    for id_, subject_id, at, _ in db.session.execute(planned.order_by(Visit.dispatched_at, Visit.no)):
        key = (subject_id, clock.law_day(at).year)
        known.setdefault(key, []).append(id_)
        order[id_] = key
    past = select(SubjectHistory.visit_id, SubjectHistory.subject_id, SubjectHistory.day).where(
        SubjectHistory.subject_id.in_(subject_ids)
    )
    elsewhere: dict[tuple[str, int], set[str]] = {}
    for visit_id, subject_id, day in db.session.execute(past):
        if visit_id not in order:
            elsewhere.setdefault((subject_id, day.year), set()).add(visit_id)

    def number(id_: str) -> int:
        return len(elsewhere.get(order[id_], ())) + known[order[id_]].index(id_) + 1

    return {visit.id: number(visit.merged_into_id or visit.id) for visit in visits}


def cap_of(profile: Profile) -> int | None:
    """上限 M 次, only where the profile has one."""
    cap: int | None = (profile.value("draw.joint_checks_per_subject_and_year").value or {}).get("max")
    return cap


def claim_limit(visit: Visit, part: Part, days: Calendar) -> dict[str, Any]:
    """The claim's limit as screens show it, with the sentence it comes from."""
    limit = limit_of(profile_of(visit.region_id), LimitKey.CLAIM)
    due = DueDay(limit, clock.law_day(visit.dispatched_at), part.claim_due, part.claim_provisional)
    shown = due.as_json(clock.today(), days)
    return {
        **shown,
        "day": part.claim_due,
        "started": due.started,
        "state": "done" if part.claimed_at else shown["state"],
    }


def board_of(task: Task) -> dict[str, Any]:
    """派发: visits × departments with everybody's state, the load of the inspectors, the limit."""
    visits, days, today = visits_of_task(task.id), calendar(), clock.today()
    subjects = _subjects(visits)
    people = _people(visits)
    numbers = numbers_in_year(visits)
    departments = tasks.named_departments(tasks.departments_of_task(task))
    parts = [part for visit in visits for part in visit.parts]
    rows = [_row(visit, subjects[visit.subject_id], people, numbers[visit.id], today) for visit in visits]
    first = visits[0] if visits else None
    open_parts = [(visit, part) for visit in visits for part in visit.parts if part.claimed_at is None]
    shown = open_parts[0] if open_parts else (first, first.parts[0]) if first else None
    return {
        "task": tasks.card_of(task),
        "draw": draw_card(draw) if (draw := last_draw(task.id)) else None,
        "claim_limit": claim_limit(*shown, days) if shown else None,
        "departments": [
            {
                **named, "initiating": id_ == task.initiating_department_id,
                "total": sum(part.department_id == id_ for part in parts),
                "claimed": sum(part.department_id == id_ and part.claimed_at is not None for part in parts),
                "people": _load(id_, visits, people),
            }
            for id_, named in departments.items()
        ],
        "counts": _counts(rows), "visits": rows, "scheme": schemes.brief_of(task),
        "scheme_demanded": schemes.demanded_of(task),
    }  # fmt: skip


def _row(
    visit: Visit, subject: Subject, people: dict[str, Inspector], number: int, today: date
) -> dict[str, Any]:
    return {
        "id": visit.id, "no": visit.no, "order": visit.order, "revision": visit.revision, "state": visit.state,
        "state_label": VISIT_STATE_LABELS.get(VisitState(visit.state)) if visit.state in set(VisitState) else visit.state,
        "subject": {
            "id": subject.id, "name": subject.name, "credit_code": subject.credit_code, "address": subject.address,
            "risk": subject.risk, "state": subject.state,
        },
        "year_count": number, "due": visit.due,
        "parts": [_part(part, visit, people, today) for part in visit.parts],
        "scheduled_day": visit.scheduled_day, "scheduled_time": visit.scheduled_time, "announced": visit.announced,
        "unannounced_items": visit.unannounced_items, "notice": _notice(visit.notice),
        "schedulable": _schedulable(visit), "merged_into": _merged_into(visit), "begun_at": visit.begun_at,
    }  # fmt: skip


def _schedulable(visit: Visit) -> bool:
    """All have claimed, and nobody has stood at the door yet."""
    open_ = visit.begun_at is None and visit.ended_at is None and visit.merged_into_id is None
    return open_ and all(part.claimed_at is not None for part in visit.parts)


def _merged_into(visit: Visit) -> dict[str, Any] | None:
    if visit.merged_into_id is None:
        return None
    into = db.session.get_one(Visit, visit.merged_into_id)
    return {"id": into.id, "no": into.no, "task_id": into.task_id, "scheduled_day": into.scheduled_day}


def _part(part: Part, visit: Visit, people: dict[str, Inspector], today: date) -> dict[str, Any]:
    state = rules.claim_state(part.compared, part.claim_due, today)
    return {
        "department_id": part.department_id, "initiating": part.initiating, "state": part.state,
        "claim_state": state.value, "claim_state_label": CLAIM_STATE_LABELS[state], "claim_due": part.claim_due,
        "claimed_at": part.claimed_at, "compared": part.compared,
        "compared_label": COMPARED_LABELS[Compared(part.compared)] if part.compared else None,
        "compare_note": part.compare_note,
        "team": [_member(one, part, people) for one in visit.team if one.department_id == part.department_id],
    }  # fmt: skip


def _member(one: TeamMember, part: Part, people: dict[str, Inspector]) -> dict[str, Any]:
    person = people[one.inspector_id]
    return {
        "id": person.id, "name": person.name, "certificate": person.certificate_no,
        "leads": part.leader_id == person.id and one.removed_at is None, "removed_at": one.removed_at,
        "removed_reason": one.removed_reason,
    }  # fmt: skip


def _notice(notice: CheckNotice | None) -> dict[str, Any] | None:
    if notice is None:
        return None
    return {
        "no": notice.no, "papers": notice.papers, "issued_at": notice.issued_at, "way": notice.way,
        "way_label": DELIVERY_LABELS[DeliveryWay(notice.way)] if notice.way else None,
        "receiver": notice.receiver, "delivered_at": notice.delivered_at, "version": notice.version,
        "read_at": notice.read_at, "read_by": notice.read_by,
    }  # fmt: skip


def _counts(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """What the board's filters count."""
    states = [{part["claim_state"] for part in row["parts"]} for row in rows]
    waiting = {ClaimState.WAITING.value, ClaimState.OVERDUE.value}
    return {
        "all": len(rows),
        "to_claim": sum(bool(one & waiting) for one in states),
        "attention": sum(ClaimState.ATTENTION.value in one for one in states),
        "schedulable": sum(row["schedulable"] and row["scheduled_day"] is None for row in rows),
        "scheduled": sum(row["scheduled_day"] is not None for row in rows),
    }


def _load(department_id: str, visits: Sequence[Visit], people: dict[str, Inspector]) -> list[dict[str, Any]]:
    load = Counter(
        one.inspector_id
        for visit in visits
        for one in members_of(visit)
        if one.department_id == department_id
    )
    return [{"id": id_, "name": people[id_].name, "visits": count} for id_, count in load.most_common()]


def _subjects(visits: Sequence[Visit]) -> dict[str, Subject]:
    found = db.session.scalars(select(Subject).where(Subject.id.in_({visit.subject_id for visit in visits})))
    return {one.id: one for one in found}


def _people(visits: Sequence[Visit]) -> dict[str, Inspector]:
    ids = {one.inspector_id for visit in visits for one in visit.team}
    return {one.id: one for one in db.session.scalars(select(Inspector).where(Inspector.id.in_(ids)))}


def view_of(visit: Visit) -> dict[str, Any]:
    """One planned visit for the offices."""
    task, subject = db.session.get_one(Task, visit.task_id), db.session.get_one(Subject, visit.subject_id)
    days, number = calendar(), numbers_in_year([visit])[visit.id]
    names = tasks.named_departments(departments_of_visit(visit))
    return {
        **_row(visit, subject, _people([visit]), number, clock.today()),
        "task": {"id": task.id, "no": task.no, "name": task.name, "sensitive": task.sensitive},
        "departments": [names[one] for one in departments_of_visit(visit)],
        "cap": cap_of(profile_of(visit.region_id)), "items": items_of_visit(visit),
        "claim_limits": [
            {"department_id": part.department_id, **claim_limit(visit, part, days)} for part in visit.parts
        ],
        "papers_proposed": rules.papers_proposed(subject.licences),
        "unsuitable_hours": subject.unsuitable_hours, "unread_hours": read_hours(subject.unsuitable_hours)[1],
        "draw_id": visit.draw_id, "subject_leaf": visit.subject_leaf,
    }  # fmt: skip


def items_of_visit(visit: Visit) -> list[dict[str, Any]]:
    """The items of every task that the visit carries out, each once."""
    found = [one for task in merges.tasks_of(visit) for one in tasks.items_of(task)]
    return list({(one["department_id"], one["id"]): one for one in found}.values())


def task_in_full(task: Task) -> dict[str, Any]:
    """A task with everything that has become of it: items, draw, visits, deadlines."""
    visits = visits_of_task(task.id)
    deadlines = tasks.deadlines_of_task(task, calendar())
    unclaimed = [(visit, part) for visit in visits for part in visit.parts if part.claimed_at is None]
    if visits:
        deadlines.append(
            claim_limit(*(unclaimed[0] if unclaimed else (visits[0], visits[0].parts[0])), calendar())
        )
    states = Counter(visit.state for visit in visits)
    parts = db.session.execute(
        select(Part.state, func.count()).join(Visit, Visit.id == Part.visit_id)
        .where(Visit.task_id == task.id).group_by(Part.state)
    )  # fmt: skip
    return {
        **tasks.card_of(task), "items": tasks.items_of(task), "scope_filter": task.scope_filter,
        "draw": draw_card(draw) if (draw := last_draw(task.id)) else None,
        "visits": {
            "total": len(visits), "by_state": dict(states), "parts_unclaimed": len(unclaimed),
            "parts_by_state": {row[0]: row[1] for row in parts},
        },
        "deadlines": deadlines, "scheme": schemes.brief_of(task), "scheme_demanded": schemes.demanded_of(task),
        "below": below.below_shown(task),
    }  # fmt: skip
