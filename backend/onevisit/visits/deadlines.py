"""By when must a part be entered and published? From the signed record's own events, never from the day of arrival."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.models import Part, Visit
from onevisit.dispatches.terms import VisitState
from onevisit.regions.limits import DueDay, due_of, limit_of
from onevisit.regions.queries import calendar, profile_of
from onevisit.regions.terms import LimitKey
from onevisit.visits.rules import LOCKED_STATES

SHOWN = (LimitKey.ENTRY, LimitKey.PUBLICATION, LimitKey.REFERRAL, LimitKey.CHECK_REPORT)
TASK_ENDS = ("task_completed", "check_task_ended")  # a task ends with its last visit (process.md 7)
_DAY_SECONDS = 24 * 3600


def start_limits(part: Part, start: str, day: date, **beside: Any) -> None:
    """Note that `start` (check_ended, entry, result_formed …) happened on `day`, and count out what follows."""
    limits = part.limits or {"starts": {}}
    starts = {start: day.isoformat(), **limits["starts"]}  # an event that happened once does not happen again
    part.limits = {**limits, **beside, "starts": starts}
    count_out(part)


def count_out(part: Part) -> None:
    """The due days as the calendar stands today; counted again when a calendar is published."""
    due = {limit.limit.key: limit.day for limit in due_days(part)}
    part.entry_due, part.publication_due = due.get(LimitKey.ENTRY), due.get(LimitKey.PUBLICATION)


def due_days(part: Part) -> list[DueDay]:
    """Every limit of a part that has begun."""
    visit = db.session.get_one(Visit, part.visit_id)
    profile, days = profile_of(visit.region_id), calendar()
    starts = (part.limits or {"starts": {}})["starts"]
    limits = [limit_of(profile, key) for key in SHOWN]
    found = [
        due_of(limit, date.fromisoformat(starts[limit.start]), days)
        for limit in limits
        if limit.start in starts
    ]
    return [due for due in found if due is not None]


def limits_shown(part: Part) -> list[dict[str, Any]]:
    """The limits as a screen shows them, with the sentence each comes from."""
    days, today = calendar(), clock.today()
    return [due.as_json(today, days) for due in due_days(part)]


def begin_with_lock(entry: TrailEntry) -> None:
    """`part.locked`: the check of this part ended when the signed record says; perhaps the task ended with it."""
    ended = datetime.fromisoformat(entry.facts["ended_at"])
    part = db.session.scalars(
        select(Part).where(Part.visit_id == entry.object_id, Part.department_id == entry.department_id)
    ).one()
    late = (entry.at - ended).total_seconds()
    start_limits(
        part, "check_ended", clock.law_day(ended), ended_at=entry.facts["ended_at"], received_at=entry.at.isoformat(),
        more_than_a_day_apart=abs(late) > _DAY_SECONDS,
    )  # fmt: skip
    visit = db.session.get_one(Visit, part.visit_id)
    if all(one.state in LOCKED_STATES for one in visit.parts):
        visit.state = VisitState.ENDED.value
        visit.ended_at = max(
            datetime.fromisoformat(one.limits["ended_at"]) for one in visit.parts if one.limits
        )
        _end_task(visit.task_id)


def _end_task(task_id: str) -> None:
    visits = db.session.scalars(select(Visit).where(Visit.task_id == task_id)).all()
    if any(visit.ended_at is None for visit in visits):
        return
    day = clock.law_day(max(visit.ended_at for visit in visits if visit.ended_at))
    for part in (part for visit in visits for part in visit.parts):
        for start in TASK_ENDS:
            start_limits(part, start, day)


def count_again(_: TrailEntry) -> None:
    """A calendar was published: provisional days become real ones."""
    for part in db.session.scalars(
        select(Part).where(Part.entry_due.is_not(None) | Part.publication_due.is_not(None))
    ):
        count_out(part)
