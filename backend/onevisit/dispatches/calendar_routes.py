"""Who may look at a calendar of visits, ask for a proposal, accept it as a whole, take the own schedule along?"""

from typing import Any

from flask import Response

from onevisit.core.api import Blueprint
from onevisit.core.auth import acting, needs
from onevisit.core.problems import forbidden
from onevisit.dispatches import arranging, calendar_schemas, calendars, taking_along
from onevisit.dispatches.arranging import Line
from onevisit.dispatches.calendars import Chosen
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task, task_in

bp = Blueprint("calendars", "calendars", url_prefix="/api/dispatches")
READERS = ("desk", "deputy_head", "principal_head", "joint_office", "inspector")


def _task(task_id: str | None) -> Task | None:
    if task_id is None:
        return None
    task = task_in(acting().region_id, task_id)
    if not acting().has("joint_office") and acting().department_id not in departments_of_task(task):
        raise forbidden("贵单位没有参加这个抽查任务。")
    return task


@bp.get("/calendar")
@needs(*READERS)
@bp.arguments(calendar_schemas.CalendarQuery, location="query")
@bp.response(200, calendar_schemas.CalendarSchema)
def calendar(given: dict[str, Any]) -> dict[str, Any]:
    """Working days, visits, everybody's load."""
    return calendars.calendar_of(acting(), _task(given["task_id"]))


@bp.post("/calendar/proposal")
@needs("desk", "inspector")
@bp.arguments(calendar_schemas.ProposalQuerySchema)
@bp.response(200, calendar_schemas.CalendarProposalSchema)
def proposal(given: dict[str, Any]) -> dict[str, Any]:
    """Days for these visits beside the chosen ones; nothing is kept."""
    kept = [Chosen(**one) for one in given["kept"]]
    return calendars.proposal_of(acting(), _task(given["task_id"]), given["wanted"], kept, given["per_day"])


@bp.post("/calendar/acceptances")
@needs("desk", "inspector")
@bp.arguments(calendar_schemas.AcceptanceSchema)
@bp.response(201, calendar_schemas.AcceptedSchema)
def accept(given: dict[str, Any]) -> dict[str, Any]:
    """All visits of the calendar get their day, or none."""
    batch = arranging.accept([Line(**one) for one in given["lines"]], given["per_day"])
    return {"id": batch.id, "visits": len(batch.lines)}


@bp.post("/calendar/acceptances/<batch_id>/undo")
@needs("desk", "inspector")
@bp.response(200, calendar_schemas.AcceptedSchema)
def undo(batch_id: str) -> dict[str, Any]:
    """All of them go back."""
    batch = arranging.undo(batch_id)
    return {"id": batch.id, "visits": len(batch.lines)}


@bp.get("/schedule.ics")
@needs(*READERS)
@bp.response(200, content_type="text/calendar")
def ics() -> Response:
    """My own schedule for the calendar of my choice; that it left stands on the trail."""
    return taking_along.schedule_file(acting())
