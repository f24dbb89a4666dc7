"""Who may open and list tasks? (One task with its draw and visits is asked of the dispatches.)"""

from typing import Any

from onevisit.core.api import blueprint, page_of
from onevisit.core.auth import acting, needs
from onevisit.core.problems import forbidden
from onevisit.tasks import actions, below, queries, schemas

bp = blueprint("tasks")


@bp.post("")
@needs("desk")
@bp.arguments(schemas.OpeningSchema)
@bp.response(201, schemas.TaskSchema)
def open_task(given: dict[str, Any]) -> dict[str, Any]:
    """Open a task; only the initiating department's desk may."""
    entry = queries.entry_in(acting().region_id, given["plan_entry_id"])
    if entry.initiating_department_id not in (None, acting().department_id):
        raise forbidden("只有这一行计划的发起部门可以开任务。")
    chosen = {
        (one["region_id"], one["department_id"]): one["counterpart_id"] for one in given["counterparts"]
    }
    left_out = {one["region_id"]: one["reason"] for one in given["left_out"]}
    return queries.card_of(actions.open_task(entry.id, given["period"], chosen, left_out))


@bp.get("/opening")
@needs("desk")
@bp.arguments(schemas.OpeningQuery, location="query")
@bp.response(200, schemas.OpeningShownSchema)
def opening(given: dict[str, Any]) -> dict[str, Any]:
    """What an opening would hand down, before anybody decides."""
    return below.opening_shown(queries.entry_in(acting().region_id, given["plan_entry_id"]))


@bp.get("")
@needs("desk", "deputy_head", "principal_head", "joint_office")
@bp.arguments(schemas.TaskQuery, location="query")
@bp.response(200, schemas.TaskPageSchema)
def tasks(given: dict[str, Any]) -> dict[str, Any]:
    """The tasks my department takes part in; the joint office sees all of its region."""
    who = acting()
    found = queries.tasks_seen_by(
        who.region_id, None if who.has("joint_office") else who.department_id or "",
        state=given["state"], entry_id=given["plan_entry_id"], after=given["after"], limit=given["limit"],
    )  # fmt: skip
    page = page_of(found, given["limit"], lambda task: task.id)
    return {**page, "items": queries.cards_of(page["items"])}
