"""By when must a part be entered and published? From the signed record's own events, never from the day of arrival."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from onevisit.core import clock
from onevisit.core.calendar import Calendar
from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.merges import merged_into
from onevisit.dispatches.models import Part, Visit
from onevisit.dispatches.terms import VisitState
from onevisit.regions.limits import DueDay, due_of, limit_of
from onevisit.regions.profiles import Profile
from onevisit.regions.queries import calendar, profile_of
from onevisit.regions.terms import LimitKey
from onevisit.visits.rules import LOCKED_STATES
from onevisit.visits.samples import formed_on, waiting_samples

SHOWN = (LimitKey.ENTRY, LimitKey.PUBLICATION, LimitKey.REFERRAL, LimitKey.CHECK_REPORT)
TASK_ENDS = ("task_completed", "check_task_ended")  # a task ends with its last visit (process.md 7)
_DAY_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Ground:
    """What limits are counted on: read once for all parts of a task."""

    profile: Profile
    days: Calendar


def ground_of(region_id: str) -> Ground:
    """The region's rules and the calendar as they stand today."""
    return Ground(profile_of(region_id), calendar())


def start_limits(part: Part, start: str, day: date, ground: Ground | None = None, **beside: Any) -> None:
    """Note that `start` (check_ended, entry, result_formed …) happened on `day`, and count out what follows."""
    limits = part.limits or {"starts": {}}
    starts = {start: day.isoformat(), **limits["starts"]}  # an event that happened once does not happen again
    part.limits = {**limits, **beside, "starts": starts}
    count_out(part, ground or _ground_of_part(part))


def count_out(part: Part, ground: Ground) -> None:
    """The due days as the calendar stands today; counted again when a calendar is published."""
    due = {limit.limit.key: limit.day for limit in due_days(part, ground)}
    part.entry_due, part.publication_due = due.get(LimitKey.ENTRY), due.get(LimitKey.PUBLICATION)


def due_days(part: Part, ground: Ground) -> list[DueDay]:
    """Every limit of a part that has begun."""
    starts = (part.limits or {"starts": {}})["starts"]
    limits = [limit_of(ground.profile, key) for key in SHOWN]
    found = [
        due_of(limit, date.fromisoformat(starts[limit.start]), ground.days)
        for limit in limits
        if limit.start in starts
    ]
    return [due for due in found if due is not None]


def limits_shown(part: Part) -> list[dict[str, Any]]:
    """The limits as a screen shows them, with the sentence each comes from."""
    ground = _ground_of_part(part)
    return [due.as_json(clock.today(), ground.days) for due in due_days(part, ground)]


def _ground_of_part(part: Part) -> Ground:
    return ground_of(db.session.get_one(Visit, part.visit_id).region_id)


def begin_with_lock(entry: TrailEntry) -> None:
    """`part.locked`: the check of this part ended when the signed record says; perhaps the task ended with it."""
    ended = datetime.fromisoformat(entry.facts["ended_at"])
    part = db.session.scalars(
        select(Part).where(Part.visit_id == entry.object_id, Part.department_id == entry.department_id)
    ).one()
    late = abs((entry.at - ended).total_seconds())
    beside = {
        "ended_at": entry.facts["ended_at"], "received_at": entry.at.isoformat(),
        "more_than_a_day_apart": late > _DAY_SECONDS,
    }  # fmt: skip
    if waiting_samples(part.visit_id, part.department_id):
        # A part that waits for a laboratory has its limits from the day of the result (process.md 7).
        part.limits = {**(part.limits or {"starts": {}}), **beside}
    else:
        formed = formed_on(part.visit_id, part.department_id)
        day = clock.law_day(ended)
        start_limits(part, "check_ended", max(day, formed) if formed else day, **beside)
    visit = db.session.get_one(Visit, part.visit_id)
    ends = [(one.limits or {}).get("ended_at") for one in visit.parts]
    if all(ends) and all(one.state in LOCKED_STATES for one in visit.parts):
        visit.state = VisitState.ENDED.value
        visit.ended_at = max(datetime.fromisoformat(end) for end in ends if end)
        others = merged_into(visit.id)
        for other in others:
            other.ended_at = visit.ended_at
        for task_id in dict.fromkeys([visit.task_id, *(other.task_id for other in others)]):
            _end_task(task_id)


def begin_with_result(entry: TrailEntry) -> None:
    """`sample.result_entered`: the last result is here, and what waited for it begins on its day."""
    day = formed_on(entry.object_id, str(entry.department_id))
    part = db.session.scalars(
        select(Part).where(Part.visit_id == entry.object_id, Part.department_id == entry.department_id)
    ).one()
    ended = (part.limits or {}).get("ended_at")
    if day is None or ended is None:
        return
    for start in ("check_ended", "result_formed"):
        start_limits(part, start, max(day, clock.law_day(datetime.fromisoformat(ended))))


def begin_with_acceptance(entry: TrailEntry) -> None:
    """`review.accepted`: the result is formed and entered; S1 pushes it on the same day, S2 refers within seven."""
    part = db.session.scalars(
        select(Part).where(Part.visit_id == entry.object_id, Part.department_id == entry.department_id)
    ).one()
    for start in ("entry", "result_formed"):
        start_limits(part, start, clock.law_day(entry.at))


def _end_task(task_id: str) -> None:
    db.session.flush()
    going = select(Visit.id).where(Visit.task_id == task_id, Visit.ended_at.is_(None)).limit(1)
    if db.session.scalars(going).first() is not None:
        return
    visits = db.session.scalars(select(Visit).where(Visit.task_id == task_id)).all()
    day = clock.law_day(max(visit.ended_at for visit in visits if visit.ended_at))
    ground = ground_of(visits[0].region_id)
    made = {visit.merged_into_id or visit.id for visit in visits}
    for part in db.session.scalars(select(Part).where(Part.visit_id.in_(made))):
        for start in TASK_ENDS:
            start_limits(part, start, day, ground)


def count_again(_: TrailEntry) -> None:
    """A calendar was published: provisional days become real ones."""
    begun = (
        select(Part, Visit.region_id).join(Visit, Visit.id == Part.visit_id).where(Part.limits.is_not(None))
    )
    grounds: dict[str, Ground] = {}
    for part, region_id in db.session.execute(begun).all():
        if part.limits:
            ground = grounds.setdefault(region_id, grounds.get(region_id) or ground_of(region_id))
            count_out(part, ground)
