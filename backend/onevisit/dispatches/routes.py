"""Who may dispatch, claim, schedule, replace; and who may look at a task with all that became of it?"""

from typing import Any

from flask.blueprints import BlueprintSetupState

from onevisit.core.api import Blueprint
from onevisit.core.auth import acting, needs
from onevisit.core.problems import forbidden
from onevisit.dispatches import actions, libraries, queries, schemas
from onevisit.dispatches.models import Visit
from onevisit.dispatches.terms import DeliveryWay
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task, task_in

bp = Blueprint("dispatches", "dispatches", url_prefix="/api")
OFFICES = ("desk", "deputy_head", "principal_head", "joint_office")


@bp.record
def _answer_the_libraries(state: BlueprintSetupState) -> None:
    libraries.bring(state.app)  # type: ignore[arg-type]


def _task_seen(task_id: str) -> Task:
    task = task_in(acting().region_id, task_id)
    if not acting().has("joint_office") and acting().department_id not in departments_of_task(task):
        raise forbidden("贵单位没有参加这个抽查任务。")
    return task


def visit_seen(visit_id: str) -> Visit:
    """A visit that the actor takes part in."""
    visit = queries.visit_in(acting().region_id, visit_id)
    if not queries.takes_part(acting(), visit):
        raise forbidden("这次检查不在您的范围内。")
    return visit


def _own_part(visit_id: str) -> tuple[Visit, str]:
    """The visit, and the actor's own department's part in it."""
    visit, own = visit_seen(visit_id), acting().department_id
    if own is None or own not in queries.departments_of_visit(visit):
        raise forbidden("本部门不参加这次检查。")
    return visit, own


def led(visit_id: str) -> Visit:
    """The leader schedules for all; the initiating department's desk may do it for him."""
    visit = visit_seen(visit_id)
    initiating = next((part.department_id for part in visit.parts if part.initiating), None)
    if acting().has("desk") and acting().department_id == initiating:
        return visit
    if acting().inspector_id is None or acting().inspector_id != visit.leader_id:
        raise forbidden("日程和告知由组长或发起部门经办办理。")
    return visit


@bp.get("/tasks/<task_id>")
@needs(*OFFICES)
@bp.response(200, schemas.TaskInFullSchema)
def task(task_id: str) -> dict[str, Any]:
    """A task with items, departments, draw, visits and deadlines."""
    return queries.task_in_full(_task_seen(task_id))


@bp.post("/dispatches")
@needs("desk")
@bp.arguments(schemas.DispatchSchema)
@bp.response(201, schemas.DispatchedSchema)
def dispatch(given: dict[str, str]) -> dict[str, Any]:
    """Send the drawn visits to the departments."""
    task = _task_seen(given["task_id"])
    if task.initiating_department_id != acting().department_id:
        raise forbidden("只有任务的发起部门可以派发。")
    done = actions.dispatch(task.id, given["moved"])
    return {"task_id": done.id, "visits": queries.visits_made(done)}


@bp.get("/dispatches/board")
@needs(*OFFICES)
@bp.arguments(schemas.BoardQuery, location="query")
@bp.response(200, schemas.BoardSchema)
def board(given: dict[str, str]) -> dict[str, Any]:
    """Visits × departments of a task."""
    return queries.board_of(_task_seen(given["task_id"]))


@bp.get("/dispatches/visits/<visit_id>")
@needs(*OFFICES, "inspector")
@bp.response(200, schemas.VisitViewSchema)
def visit(visit_id: str) -> dict[str, Any]:
    """One planned visit."""
    return queries.view_of(visit_seen(visit_id))


@bp.post("/dispatches/visits/<visit_id>/claim")
@needs("desk", "inspector")
@bp.arguments(schemas.ClaimSchema)
@bp.response(200, schemas.VisitViewSchema)
def claim(given: dict[str, Any], visit_id: str) -> dict[str, Any]:
    """Claim my department's part, with what the comparison said."""
    visit, own = _own_part(visit_id)
    return queries.view_of(actions.claim(visit.id, own, given["compared"], given["note"]))


@bp.post("/dispatches/claim-all")
@needs("desk")
@bp.arguments(schemas.TaskIdSchema)
@bp.response(200, schemas.ClaimedSchema)
def claim_all(given: dict[str, str]) -> dict[str, int]:
    """Claim all of my department's waiting parts of a task as agreed."""
    task = _task_seen(given["task_id"])
    return {"claimed": actions.claim_all(task.id, acting().department_id or "")}


@bp.post("/dispatches/visits/<visit_id>/schedule")
@needs("desk", "inspector")
@bp.arguments(schemas.ScheduleSchema)
@bp.response(200, schemas.VisitViewSchema)
def schedule(given: dict[str, Any], visit_id: str) -> dict[str, Any]:
    """Say when all departments go together."""
    return queries.view_of(actions.schedule(led(visit_id).id, **given))


@bp.post("/dispatches/visits/<visit_id>/notice")
@needs("desk", "inspector")
@bp.arguments(schemas.DeliverySchema)
@bp.response(200, schemas.VisitViewSchema)
def deliver(given: dict[str, str], visit_id: str) -> dict[str, Any]:
    """Record that the notice was delivered."""
    return queries.view_of(
        actions.deliver_notice(led(visit_id).id, DeliveryWay(given["way"]), given["receiver"])
    )
