"""What waits for whose review, and what does the reviewer need to see?"""

from typing import Any

from sqlalchemy import Select, or_, select

from onevisit.core import clock
from onevisit.core.auth import Actor, acting
from onevisit.core.db import db
from onevisit.core.paging import after_day, by_day, day_cursor
from onevisit.core.problems import forbidden, not_found
from onevisit.departments.models import Department
from onevisit.dispatches.models import Part, TeamMember, Visit
from onevisit.regions.limits import due_text
from onevisit.regions.queries import calendar
from onevisit.reviews.rules import ReviewedPart, Reviewer, may_review, recorders_of
from onevisit.reviews.terms import QUEUE_STATE_LABELS, QueueState
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task
from onevisit.visits.on_site import done_from_afar, visit_must_be_on_site
from onevisit.visits.queries import missing_files, state_of_visit


def reviewer() -> Reviewer:
    """The one who asks, as the rules see him."""
    actor = acting()
    return Reviewer(actor.roles, actor.department_id, actor.inspector_id)


def readable(actor: Actor) -> Select[Part, Visit, Subject, Task, Department]:
    """The parts this actor may read: his department's, those of visits he leads, the office its region's."""
    rows = (
        select(Part, Visit, Subject, Task, Department)
        .join(Visit, Visit.id == Part.visit_id)
        .join(Subject, Subject.id == Visit.subject_id)
        .join(Task, Task.id == Visit.task_id)
        .join(Department, Department.id == Part.department_id)
        .where(Visit.region_id == actor.region_id)
    )
    if actor.has("joint_office"):
        return rows
    led = select(TeamMember.visit_id).where(
        TeamMember.inspector_id == (actor.inspector_id or ""), TeamMember.removed_at.is_(None)
    )
    return rows.where(or_(Part.department_id == actor.department_id, Visit.id.in_(led)))


def queue(state: str, limit: int, after: str | None) -> list[dict[str, Any]]:
    """Parts in a state of review, the most urgent first; one row more than the limit tells of a next page."""
    rows = (
        readable(acting())
        .where(Part.state == state)
        .order_by(*by_day(Part.entry_due, Part.id))
        .limit(limit + 1)
    )
    if after:
        rows = rows.where(after_day(Part.entry_due, Part.id, after))
    days, today = calendar(), clock.today()
    return [
        {
            "id": part.id,
            "visit_id": visit.id,
            "visit_no": visit.no,
            "subject": subject.name,
            "task": task.name,
            "department": {"id": department.id, "name": department.short_name},
            "state": part.state,
            "state_label": QUEUE_STATE_LABELS[QueueState(part.state)],
            "due": part.entry_due.isoformat() if part.entry_due else None,
            "due_text": due_text(part.entry_due, today, days) if part.entry_due else None,
            "mine": may_review(
                reviewer(), ReviewedPart(part.department_id, part.leader_id, part.state, frozenset(), 0)
            ),
            "missing_photos": len(missing_files(visit.id, part.department_id)),
            "cursor": day_cursor(part.entry_due, part.id),
        }
        for part, visit, subject, task, department in db.session.execute(rows).all()
    ]


def counts() -> dict[str, int]:
    """How many parts stand in each state of review, for the numbers beside the filter."""
    found = {state.value: 0 for state in QueueState}
    for part, *_ in db.session.execute(readable(acting()).where(Part.state.in_(list(found)))):
        found[part.state] += 1
    return found


def part_of(visit_id: str, department_id: str) -> Part:
    """A part that the actor may read and, as the rules go, review; 404 outside, 403 without the right."""
    row = db.session.execute(
        readable(acting()).where(Part.visit_id == visit_id, Part.department_id == department_id)
    ).first()
    if row is None:
        raise not_found("检查记录")
    return row[0]


def reviewed(part: Part) -> ReviewedPart:
    """The part as the rules see it."""
    state = state_of_visit(part.visit_id)
    folded = state["parts"].get(part.department_id)
    return ReviewedPart(
        part.department_id, part.leader_id, part.state,
        recorders_of(folded) if folded else frozenset(),
        len(missing_files(part.visit_id, part.department_id)),
        done_from_afar(state, part.department_id) and visit_must_be_on_site(part.visit_id),
    )  # fmt: skip


def check_may_review(part: Part) -> None:
    """403 unless the part's own department asks."""
    if not may_review(
        reviewer(), ReviewedPart(part.department_id, part.leader_id, part.state, frozenset(), 0)
    ):
        raise forbidden("只有本部门能审核自己的部分：谁检查、谁负责。请由该部门的组长或经办人处理。")
