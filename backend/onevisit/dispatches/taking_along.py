"""What happens when somebody takes the own schedule along to another calendar?"""

from urllib.parse import quote

from flask import Response
from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import Actor
from onevisit.core.db import db, transaction
from onevisit.dispatches.calendars import subjects_of
from onevisit.dispatches.ics import Event, calendar_text
from onevisit.dispatches.merges import tasks_of
from onevisit.dispatches.models import Part, Visit
from onevisit.dispatches.queries import visits_of_inspector
from onevisit.subjects.models import Subject
from onevisit.tasks.queries import named_departments


def schedule_file(actor: Actor) -> Response:
    """An inspector's own visits, a department's for its offices; that it left the house stands on the trail."""
    visits = [one for one in _own(actor) if one.scheduled_day and one.ended_at is None]
    subjects = subjects_of(visits)
    events = [_event(one, subjects[one.subject_id]) for one in visits]
    text = calendar_text(f"联合检查日程（{actor.name}）", events, clock.now())
    with transaction():
        trail.record(
            "list.exported", "list", "schedule", region_id=actor.region_id, purpose="带入本人日历", form="ics",
            filters={}, rows=len(events),
        )  # fmt: skip
    named = f"attachment; filename=schedule.ics; filename*=UTF-8''{quote('联合检查日程.ics')}"
    return Response(text, mimetype="text/calendar", headers={"Content-Disposition": named})


def _own(actor: Actor) -> list[Visit]:
    if actor.inspector_id is not None:
        return list(visits_of_inspector(actor.inspector_id))
    own = select(Part.visit_id).where(Part.department_id == actor.department_id)
    wanted = select(Visit).where(
        Visit.id.in_(own), Visit.merged_into_id.is_(None), Visit.region_id == actor.region_id
    )
    return list(db.session.scalars(wanted.order_by(Visit.scheduled_day, Visit.no)))


def _event(visit: Visit, subject: Subject) -> Event:
    """A calendar lies with strangers: of a sensitive task it does not say to whom, nor where."""
    assert visit.scheduled_day is not None
    tasks = tasks_of(visit)
    sensitive = any(one.sensitive for one in tasks)
    names = named_departments([part.department_id for part in visit.parts])
    told = "事先告知" if visit.announced else "不事先告知"
    words = [
        f"上门编号：{visit.no}", f"抽查任务：{'；'.join(one.name for one in tasks)}",
        f"部门：{'、'.join(names[part.department_id]['short_name'] for part in visit.parts)}", told,
    ]  # fmt: skip
    return Event(
        visit.id, visit.revision, visit.scheduled_day, visit.scheduled_time,
        "联合检查（敏感任务）" if sensitive else f"联合检查：{subject.name}", "\n".join(words),
        None if sensitive else subject.address,
    )  # fmt: skip
