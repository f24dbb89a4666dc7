"""Who may set caps, draw over them, declare neighbours, take over a list, and see how risk is used?"""

from typing import Any

from werkzeug.datastructures import FileStorage

from onevisit.core.api import Blueprint
from onevisit.core.auth import acting, needs
from onevisit.core.db import db
from onevisit.core.problems import Problem, forbidden, not_found
from onevisit.draws import (
    caps,
    caps_schemas,
    following_schemas,
    neighbouring,
    overriding,
    risk_queries,
    schemas,
    takeover,
)
from onevisit.draws.models import CapOverride
from onevisit.draws.routes import OFFICES
from onevisit.tasks.models import Task
from onevisit.tasks.queries import task_in

bp = Blueprint("draw_rules", "draw_rules", url_prefix="/api/draws")


@bp.get("/cap")
@needs(*OFFICES)
@bp.response(200, caps_schemas.OwnCapSchema)
def cap() -> dict[str, Any]:
    """My department's own cap of checks."""
    own = caps.own_cap(acting().department_id or "")
    return (
        {"most": own.most, "ground": own.ground, "set_at": own.set_at}
        if own
        else {"most": None, "ground": None, "set_at": None}
    )


@bp.put("/cap")
@needs("deputy_head")
@bp.arguments(caps_schemas.CapGivenSchema)
@bp.response(200, caps_schemas.OwnCapSchema)
def set_cap(given: dict[str, Any]) -> Any:
    """Set or lift my department's own cap."""
    return overriding.set_cap(acting().department_id or "", given["most"], given["ground"])


@bp.post("/overrides")
@needs("desk", "deputy_head")
@bp.arguments(caps_schemas.OverrideGivenSchema)
@bp.response(201, schemas.OverrideSchema)
def ask_override(given: dict[str, Any]) -> Any:
    """Ask to draw over a cap."""
    task = task_in(acting().region_id, given["task_id"])
    if task.initiating_department_id != acting().department_id:
        raise forbidden("由任务的发起部门申请。")
    return overriding.ask_override(**given)


@bp.post("/overrides/<override_id>/decision")
@needs("deputy_head")
@bp.arguments(following_schemas.DecisionSchema)
@bp.response(200, schemas.OverrideSchema)
def decide_override(given: dict[str, Any], override_id: str) -> Any:
    """The deputy head of the department whose cap it is, for the region's cap of the initiating one, decides."""
    asked = db.session.get(CapOverride, override_id)
    if asked is None or db.session.get_one(Task, asked.task_id).region_id != acting().region_id:
        raise not_found("申请")
    if asked.department_id != acting().department_id:
        raise forbidden("由这项上限所属部门的分管负责人审批。")
    return overriding.decide_override(asked.id, given["approved"], given["answer"])


@bp.get("/neighbours")
@needs(*OFFICES)
@bp.response(200, caps_schemas.NeighbourListSchema)
def neighbours() -> dict[str, Any]:
    """Declared neighbours, and who else could be one."""
    region = acting().region_id
    return {"items": neighbouring.neighbours_in(region), "candidates": neighbouring.candidates_for(region)}


@bp.post("/neighbours")
@needs("joint_office")
@bp.arguments(caps_schemas.NeighbourGivenSchema)
@bp.response(201, caps_schemas.NeighbourListSchema)
def declare(given: dict[str, Any]) -> dict[str, Any]:
    """Declare a neighbour for a department."""
    neighbouring.declare(**given)
    region = acting().region_id
    return {"items": neighbouring.neighbours_in(region), "candidates": neighbouring.candidates_for(region)}


@bp.delete("/neighbours/<neighbour_id>")
@needs("joint_office")
@bp.response(204)
def end(neighbour_id: str) -> None:
    """The agreement with a neighbour ended."""
    neighbouring.end(neighbour_id, acting().region_id)


@bp.get("/risk-use")
@needs(*OFFICES)
@bp.arguments(caps_schemas.RiskUseQuery, location="query")
@bp.response(200, caps_schemas.RiskUseSchema)
def risk_use(given: dict[str, Any]) -> dict[str, Any]:
    """How many of the year's draws used the risk classes."""
    return risk_queries.risk_use(acting().region_id or "", given["year"])


@bp.post("/taken-over")
@needs("desk")
@bp.arguments(caps_schemas.TakeoverQuery, location="query")
@bp.arguments(caps_schemas.TakeoverFileSchema, location="files")
@bp.response(200, caps_schemas.TakeoverPreviewSchema)
def take_over(query: dict[str, Any], files: dict[str, FileStorage]) -> dict[str, Any]:
    """A list drawn on a provincial platform: preview with dry_run=1, else all of it or nothing."""
    task, file = task_in(acting().region_id, query["task_id"]), files["file"]
    if task.initiating_department_id != acting().department_id:
        raise forbidden("只有任务的发起部门可以接收名单。")
    name, content = file.filename or "", file.read()
    shown = takeover.preview_json(task, takeover.read_list(task, name, content))
    if query["dry_run"]:
        return {**shown, "draw_id": None}
    if not query["task_no"] or not query["drawn_on"]:
        raise Problem("draws.origin_missing", "请写明抽取平台的任务编号和抽取日期。")
    made = takeover.take_over(task.id, query["platform"], query["task_no"], query["drawn_on"], name, content)
    return {**shown, "draw_id": made.id}
