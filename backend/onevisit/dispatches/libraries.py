"""What do the visits know of an entry of the libraries: who hangs on it, and who must hear that it changed?"""

from typing import Any

from flask import Flask
from sqlalchemy import exists, or_, select

from onevisit.core import trail
from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.models import Part, TeamMember, Visit
from onevisit.dispatches.rules import OPEN_PARTS
from onevisit.draws.models import DrawnSubject
from onevisit.subjects import hooks
from onevisit.subjects.models import Subject
from onevisit.subjects.terms import STATE_LABELS, SubjectState
from onevisit.tasks.models import Task

Json = dict[str, Any]


def bring(app: Flask) -> None:
    """The libraries are earlier steps: they ask, this step answers."""
    hooks.bring(app, hooks.USES, uses_of)
    hooks.bring(app, hooks.TEAMS, open_teams_of)
    hooks.bring(app, hooks.CLOSED, closed_visits_of)


def uses_of(subject_id: str) -> list[Json]:
    """Draws and visits that name this subject."""
    drawn = db.session.scalars(select(DrawnSubject.id).where(DrawnSubject.subject_id == subject_id).limit(1))
    visits = db.session.scalars(select(Visit.id).where(Visit.subject_id == subject_id).limit(1))
    return [{"id": one} for one in [*drawn, *visits]]


def open_teams_of(inspector_id: str) -> list[Json]:
    """The visits on whose team this inspector still is, with the own part not confirmed."""
    rows = db.session.execute(
        select(Visit, Task.name, Subject.name)
        .join(TeamMember, TeamMember.visit_id == Visit.id)
        .join(Part, (Part.visit_id == Visit.id) & (Part.department_id == TeamMember.department_id))
        .join(Task, Task.id == Visit.task_id).join(Subject, Subject.id == Visit.subject_id)
        .where(
            TeamMember.inspector_id == inspector_id, TeamMember.removed_at.is_(None), Part.state.in_(OPEN_PARTS)
        )
        .order_by(Visit.no)
    )  # fmt: skip
    return [
        {
            "visit_id": visit.id,
            "visit_no": visit.no,
            "task_id": visit.task_id,
            "task_name": task,
            "subject": subject,
        }
        for visit, task, subject in rows
    ]


def closed_visits_of(department_id: str) -> list[Json]:
    """Open visits of a department to subjects that the library says do not operate any more."""
    rows = db.session.execute(
        select(Visit, Task.name, Subject)
        .join(Part, Part.visit_id == Visit.id).join(Task, Task.id == Visit.task_id)
        .join(Subject, Subject.id == Visit.subject_id)
        .where(
            Part.department_id == department_id, Part.state.in_(OPEN_PARTS), Visit.ended_at.is_(None),
            Subject.state != SubjectState.OPERATING,
        )
        .order_by(Visit.no)
    )  # fmt: skip
    return [
        {
            "visit_id": visit.id, "visit_no": visit.no, "task_id": visit.task_id, "task_name": task,
            "subject": subject.name, "state_label": STATE_LABELS[SubjectState(subject.state)],
        }
        for visit, task, subject in rows
    ]  # fmt: skip


def tell_open_visits(entry: TrailEntry) -> None:
    """A state changed: every open visit to the subject, or to a thing it is responsible for, hears of it.

    The fact makes the phones fetch the visit again, whose pre-check then says so; nothing takes it off the list.
    """
    meant = or_(Subject.id == entry.object_id, Subject.responsible_id == entry.object_id)
    waiting = exists().where(Part.visit_id == Visit.id, Part.state.in_(OPEN_PARTS))
    visits = db.session.scalars(
        select(Visit).join(Subject, Subject.id == Visit.subject_id)
        .where(meant, Visit.ended_at.is_(None), waiting).order_by(Visit.id)
    )  # fmt: skip
    for visit in list(visits):
        trail.record(
            "visit.subject_changed", "visit", visit.id, region_id=visit.region_id,
            before=entry.facts["before"], after=entry.facts["after"],
        )  # fmt: skip
