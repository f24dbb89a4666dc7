"""Which visits stand on whose calendar, on which days could they be, and what stands against a day?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from onevisit.core import clock
from onevisit.core.auth import Actor
from onevisit.core.calendar import Calendar
from onevisit.core.db import db
from onevisit.dispatches import scheduling
from onevisit.dispatches.hours import read_hours
from onevisit.dispatches.merges import UNDECIDED, tasks_of
from onevisit.dispatches.models import Part, ScheduleBatch, TeamMember, Visit, VisitMerge
from onevisit.dispatches.notices import has_reached
from onevisit.dispatches.queries import members_of
from onevisit.dispatches.scheduling import Slot, Taken, ToPlace
from onevisit.dispatches.terms import UNPLACED_LABELS, WARNED_LABELS, Warned
from onevisit.inspectors.models import Inspector
from onevisit.regions.models import CalendarDay
from onevisit.regions.queries import calendar
from onevisit.subjects.models import Subject
from onevisit.subjects.rules import place_of
from onevisit.tasks.models import Task
from onevisit.tasks.queries import named_departments

MOST_DAYS = 400


@dataclass(frozen=True)
class Chosen:
    """A day that somebody chose for a visit."""

    visit_id: str
    day: date
    time: str | None


def may_lead(actor: Actor, visit: Visit) -> bool:
    """The leader schedules for all; the initiating department's desk may do it for him."""
    initiating = next((part.department_id for part in visit.parts if part.initiating), None)
    if actor.has("desk") and actor.department_id is not None and actor.department_id == initiating:
        return True
    return actor.inspector_id is not None and actor.inspector_id == visit.leader_id


def visits_on_calendar(actor: Actor, task: Task | None) -> list[Visit]:
    """The visits of a task that are still to be made; without a task all that this account leads."""
    wanted = select(Visit).where(
        Visit.region_id == actor.region_id, Visit.ended_at.is_(None), Visit.merged_into_id.is_(None)
    )
    if task is not None:
        wanted = wanted.where(Visit.task_id == task.id)
    else:
        own = select(Part.visit_id).where(Part.initiating, Part.department_id == actor.department_id)
        led = Visit.leader_id == actor.inspector_id
        wanted = wanted.where(or_(Visit.id.in_(own), led) if actor.has("desk") else led)
        if actor.inspector_id is None and not actor.has("desk"):
            return []
    whole = (selectinload(Visit.parts), selectinload(Visit.team), selectinload(Visit.notice))
    return list(db.session.scalars(wanted.order_by(Visit.due, Visit.no).options(*whole).limit(1000)))


def calendar_of(actor: Actor, task: Task | None) -> dict[str, Any]:
    """Everything that the page shows: days, visits, who is where else."""
    visits = visits_on_calendar(actor, task)
    subjects, days = subjects_of(visits), calendar()
    wanted = {one.id: _to_place(one, subjects[one.subject_id]) for one in visits}
    shown = _days(visits, days)
    people = _people(visits)
    names = named_departments(list({one.department_id for one in people}))
    undecided = _undecided(visits)
    titles = {
        one.id: one.name
        for one in db.session.scalars(select(Task).where(Task.id.in_({visit.task_id for visit in visits})))
    }
    return {
        "task": {"id": task.id, "no": task.no, "name": task.name} if task else None,
        "today": clock.today(), "days": shown, "per_day": scheduling.PER_DAY, "most_per_day": scheduling.MOST_PER_DAY,
        "known": days.knows(shown[0]["day"], shown[-1]["day"]) if shown else True,
        "departments": list(names.values()),
        "people": [{"id": one.id, "name": one.name, "department_id": one.department_id} for one in people],
        "visits": [
            _row(one, subjects[one.subject_id], wanted[one.id], actor, one.id in undecided, titles[one.task_id]) for one in visits
        ],
        "elsewhere": [
            {"day": one.day, "time": one.time, "people": sorted(one.people)}
            for one in taken_elsewhere(visits, shown[0]["day"] if shown else clock.today())
        ],
        "undoable": _undoable(actor, visits),
    }  # fmt: skip


def _row(
    visit: Visit, subject: Subject, wanted: ToPlace, actor: Actor, undecided: bool, task: str
) -> dict[str, Any]:
    why_not = _why_not(visit, actor, undecided)
    return {
        "id": visit.id, "no": visit.no, "order": visit.order, "revision": visit.revision, "task_id": visit.task_id, "task": task,
        "subject": subject.name, "address": subject.address, "place": wanted.place, "unsuitable_hours": subject.unsuitable_hours,
        "unread_hours": read_hours(subject.unsuitable_hours)[1], "first": wanted.first, "due": wanted.due,
        "day": visit.scheduled_day, "time": visit.scheduled_time, "announced": visit.announced,
        "people": sorted(wanted.people), "movable": why_not is None, "why_not": why_not,
        "claimed": all(part.claimed_at is not None for part in visit.parts),
    }  # fmt: skip


def _why_not(visit: Visit, actor: Actor, undecided: bool) -> str | None:
    if visit.begun_at is not None:
        return "已开始检查"
    if visit.leader_id is None:
        return "检查人员还没有抽取"
    if undecided:
        return "合并上门还没有决定"
    return None if may_lead(actor, visit) else "由组长或发起部门经办排日程"


def _undecided(visits: Sequence[Visit]) -> set[str]:
    ids = {one.id for one in visits}
    rows = db.session.execute(
        select(VisitMerge.into_id, VisitMerge.from_id).where(
            VisitMerge.state == UNDECIDED, or_(VisitMerge.into_id.in_(ids), VisitMerge.from_id.in_(ids))
        )
    )
    return {id_ for row in rows for id_ in row} & ids


def subjects_of(visits: Iterable[Visit]) -> dict[str, Subject]:
    """The visits' subjects by id."""
    found = db.session.scalars(select(Subject).where(Subject.id.in_({one.subject_id for one in visits})))
    return {one.id: one for one in found}


def _people(visits: Iterable[Visit]) -> list[Inspector]:
    ids = {one.inspector_id for visit in visits for one in members_of(visit)}
    wanted = select(Inspector).where(Inspector.id.in_(ids)).order_by(Inspector.department_id, Inspector.name)
    return list(db.session.scalars(wanted))


def _to_place(visit: Visit, subject: Subject) -> ToPlace:
    """From tomorrow on, within the window of every task it carries out, up to the earliest due day."""
    tasks = tasks_of(visit)
    first = max(clock.today() + timedelta(days=1), *(one.window_start for one in tasks))
    due = min(visit.due, *(one.window_end for one in tasks))
    place = place_of(subject.address)
    people = frozenset(one.inspector_id for one in members_of(visit))
    return ToPlace(visit.id, visit.order, people, place, first, due, subject.unsuitable_hours)


def _days(visits: Sequence[Visit], days: Calendar) -> list[dict[str, Any]]:
    """From this week's Monday to two weeks after the week of the last due or scheduled day: who is late goes too."""
    today = clock.today()
    ends = [*(one.due for one in visits), *(one.scheduled_day for one in visits if one.scheduled_day)]
    first = min([today, *(one.scheduled_day for one in visits if one.scheduled_day)])
    first -= timedelta(days=first.weekday())
    last = max([today, *ends])
    last = min(last + timedelta(days=20 - last.weekday()), first + timedelta(days=MOST_DAYS))
    named = {
        one.day: one.name
        for one in db.session.scalars(select(CalendarDay).where(CalendarDay.day.between(first, last)))
    }
    due = {one.due for one in visits}
    whole = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        {
            "day": day, "working": days.is_working_day(day), "name": named.get(day), "makeup": day in days.makeup_days,
            "due": day in due,
        }
        for day in whole
    ]  # fmt: skip


def taken_elsewhere(visits: Sequence[Visit], since: date) -> list[Taken]:
    """Where the same people are in other visits."""
    ids, people = (
        {one.id for one in visits},
        {one.inspector_id for visit in visits for one in members_of(visit)},
    )
    on_team = select(TeamMember.visit_id).where(
        TeamMember.inspector_id.in_(people), TeamMember.removed_at.is_(None)
    )
    others = db.session.scalars(
        select(Visit).options(selectinload(Visit.team))
        .where(
            Visit.id.in_(on_team), Visit.id.not_in(ids), Visit.scheduled_day >= since, Visit.merged_into_id.is_(None),
            Visit.ended_at.is_(None),
        ).order_by(Visit.scheduled_day, Visit.no)
    ).all()  # fmt: skip
    subjects = subjects_of(others)
    return [
        Taken(
            one.scheduled_day, one.scheduled_time,
            frozenset(member.inspector_id for member in members_of(one) if member.inspector_id in people),
            place_of(subjects[one.subject_id].address), one.id,
        )
        for one in others if one.scheduled_day
    ]  # fmt: skip


def proposal_of(
    actor: Actor, task: Task | None, wanted: Sequence[str], kept: Sequence[Chosen], per_day: int
) -> dict[str, Any]:
    """Days for the wanted visits beside those that were chosen already, and what stands against the chosen ones."""
    visits = visits_on_calendar(actor, task)
    subjects, days = subjects_of(visits), calendar()
    places = {one.id: _to_place(one, subjects[one.subject_id]) for one in visits}
    undecided = _undecided(visits)
    asked = {id_ for id_ in wanted if id_ in places}
    movable = [one for one in visits if one.id in asked and _why_not(one, actor, one.id in undecided) is None]
    chosen = {one.visit_id: one for one in kept if one.visit_id in places and one.visit_id not in asked}
    taken = taken_elsewhere(visits, clock.today()) + _standing(visits, places, chosen, asked)
    spare = [
        date.fromordinal(n) for n in range(clock.today().toordinal(), clock.today().toordinal() + MOST_DAYS)
    ]
    found = scheduling.propose(
        [places[one.id] for one in movable],
        taken,
        [day for day in spare if days.is_working_day(day)],
        per_day,
    )
    for id_, slot in found.placed.items():
        chosen[id_] = Chosen(id_, slot.day, slot.time)
        taken.append(Taken(slot.day, slot.time, places[id_].people, places[id_].place, id_))
    return {
        "placed": [{"visit_id": id_, "day": slot.day, "time": slot.time} for id_, slot in found.placed.items()],
        "unplaced": [
            {"visit_id": id_, "why": why.value, "why_label": UNPLACED_LABELS[why]} for id_, why in found.unplaced.items()
        ],
        "warnings": [
            {"visit_id": id_, "kind": kind.value, "label": WARNED_LABELS[kind], "words": words}
            for id_, one in chosen.items() for kind, words in warnings(places[id_], one, taken, days, per_day)
        ],
    }  # fmt: skip


def _standing(
    visits: Sequence[Visit], places: Mapping[str, ToPlace], chosen: Mapping[str, Chosen], asked: set[str]
) -> list[Taken]:
    """The visits of this calendar that stay: where they were chosen to be, else where they are."""
    found = []
    for one in visits:
        at = chosen.get(one.id)
        day, time = (at.day, at.time) if at else (one.scheduled_day, one.scheduled_time)
        if day is not None and one.id not in asked:
            found.append(Taken(day, time, places[one.id].people, places[one.id].place, one.id))
    return found


def warnings(
    visit: ToPlace, chosen: Chosen, taken: Iterable[Taken], days: Calendar, per_day: int
) -> list[tuple[Warned, str | None]]:
    """What a leader should know before going on that day."""
    found: list[tuple[Warned, str | None]] = []
    length = scheduling.length_of(per_day)
    span = scheduling.span_of(chosen.time, length)
    same_day = [
        one for one in taken if one.day == chosen.day and one.id != visit.id and one.people & visit.people
    ]
    if any(scheduling.overlap(span, scheduling.span_of(one.time, length)) for one in same_day):
        found.append((Warned.PERSON_TWICE, None))
    if any(sum(person in one.people for one in same_day) >= per_day for person in visit.people):
        found.append((Warned.TOO_MANY, None))
    if (words := scheduling.against(visit, Slot(chosen.day, chosen.time or "全天"), length)) is not None:
        found.append((Warned.HOURS, words))
    if not days.is_working_day(chosen.day):
        found.append((Warned.HOLIDAY, None))
    if chosen.day > visit.due:
        found.append((Warned.LATE, None))
    if chosen.day < visit.first and chosen.day > clock.today():
        found.append((Warned.BEFORE_WINDOW, None))
    return found


def _undoable(actor: Actor, visits: Sequence[Visit]) -> dict[str, Any] | None:
    """The last calendar that this account accepted, while it can be taken back as a whole."""
    batch = db.session.scalars(
        select(ScheduleBatch)
        .where(ScheduleBatch.accepted_by == actor.account_id, ScheduleBatch.undone_at.is_(None))
        .order_by(ScheduleBatch.accepted_at.desc()).limit(1)
    ).first()  # fmt: skip
    by_id = {one.id: one for one in visits}
    if batch is None or any(
        line["visit_id"] not in by_id or moved_on(by_id[line["visit_id"]], line) for line in batch.lines
    ):
        return None
    return {"id": batch.id, "accepted_at": batch.accepted_at, "visits": len(batch.lines)}


def moved_on(visit: Visit, line: Mapping[str, Any]) -> bool:
    """Has something happened to the visit since the calendar was accepted: told, begun, moved again?"""
    day = visit.scheduled_day.isoformat() if visit.scheduled_day else None
    now = [day, visit.scheduled_time, visit.announced]
    return (
        has_reached(visit.notice)
        or visit.begun_at is not None
        or visit.ended_at is not None
        or now != line["after"]
    )
