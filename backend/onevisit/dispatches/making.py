"""How do visits come out of a list? Parts, teams, leaders and claim limits of every drawn subject, all of them or none."""

from collections.abc import Sequence

from onevisit.core import clock, trail
from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.dispatches import rules
from onevisit.dispatches.models import Part, TeamMember, Visit
from onevisit.draws.models import Draw, DrawnSubject
from onevisit.draws.queries import teams_of, to_visit
from onevisit.regions.limits import DueDay, due_of, limit_of
from onevisit.regions.queries import calendar, profile_of
from onevisit.regions.terms import LimitKey
from onevisit.tasks.models import Task

Teams = dict[tuple[str, str], list[str]]


def keep_visits(task: Task, draw: Draw) -> Sequence[Visit]:
    """The visits of a list, with the claim's limit of the region; part of the caller's transaction."""
    drawn, teams = to_visit(draw), teams_of(draw)
    claim = due_of(limit_of(profile_of(task.region_id), LimitKey.CLAIM), clock.today(), calendar())
    made = []
    for one in drawn:
        visit = _visit_of(task, draw, one, len(drawn), teams, claim)
        one.visit_id = visit.id
        db.session.add(visit)
        made.append(visit)
    trail.record(
        "task.dispatched", "task", task.id, region_id=task.region_id,
        department_id=task.initiating_department_id, no=task.no, draw=draw.no, visits=len(drawn),
        claim_due=claim.day.isoformat() if claim else None,
    )  # fmt: skip
    return made


def _visit_of(
    task: Task,
    draw: Draw,
    one: DrawnSubject,
    of: int,
    teams: dict[tuple[str, str], list[str]],
    claim: DueDay | None,
) -> Visit:
    departments: list[str] = draw.match["departments"]
    members = [
        (department, person) for department in departments for person in teams.get((one.leaf, department), ())
    ]
    return Visit(
        id=new_id(), region_id=task.region_id, task_id=task.id, draw_id=draw.id, subject_id=one.subject_id, order=one.order,
        no=rules.visit_no(task.no, one.order, of), subject_leaf=one.leaf,
        leader_id=next(iter(teams.get((one.leaf, draw.match["lead"]), ())), None), dispatched_at=clock.now(), due=task.due,
        parts=[
            Part(
                department_id=department, order=at, initiating=department == draw.match["lead"],
                leader_id=next(iter(teams.get((one.leaf, department), ())), None), claim_due=claim.day if claim else task.due,
                claim_provisional=claim.provisional if claim else False,
            )
            for at, department in enumerate(departments)
        ],
        team=[
            TeamMember(department_id=department, inspector_id=person, order=at)
            for at, (department, person) in enumerate(members)
        ],
    )  # fmt: skip
