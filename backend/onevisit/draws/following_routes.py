"""Who may read a draw's long lists, draw inspectors later, and change who goes after the lot?"""

from typing import Any

from onevisit.core import clock
from onevisit.core.api import Blueprint
from onevisit.core.auth import acting, needs
from onevisit.core.db import db
from onevisit.core.problems import forbidden, not_found
from onevisit.draws import (
    appending,
    following_schemas,
    inspecting,
    lists,
    queries,
    replacing,
    room_queries,
    schemas,
    visit_queries,
)
from onevisit.draws.drum import drum_of
from onevisit.draws.models import Draw, Replacement
from onevisit.draws.routes import OFFICES, led, seen
from onevisit.draws.states import WAIVER_EXCEPTION_LABELS, WaiverException
from onevisit.tasks.queries import departments_of_task, task_in

bp = Blueprint("draw_rooms", "draw_rooms", url_prefix="/api/draws")


def _named(draw_id: str) -> Draw:
    """The draw, for somebody who may see names."""
    draw = seen(draw_id)
    if not queries.may_see_names(acting(), draw):
        raise forbidden("名单只给参加这个任务的部门和联席会议办公室看。")
    return draw


def _numbered(rows: list[dict[str, Any]], limit: int, key: str) -> dict[str, Any]:
    return {"items": rows[:limit], "next": rows[limit - 1][key] if len(rows) > limit else None}


@bp.get("/candidates")
@needs(*OFFICES)
@bp.arguments(following_schemas.CandidateQuery, location="query")
@bp.response(200, following_schemas.ListPageSchema)
def candidate_list(given: dict[str, Any]) -> dict[str, Any]:
    """Who would be in the drum, or left out of it, if it were frozen now."""
    task = task_in(acting().region_id, given.pop("task_id"))
    if acting().department_id not in departments_of_task(task) and not acting().has("joint_office"):
        raise forbidden("名单只给参加这个任务的部门和联席会议办公室看。")
    rows = lists.page_of_drum(
        drum_of(task, clock.today().year),
        given["part"],
        reason=given["reason"],
        words=given["q"],
        after=given["after"],
        limit=given["limit"],
    )
    return _numbered(rows, given["limit"], "number")


@bp.get("/<draw_id>/list")
@needs(*OFFICES)
@bp.arguments(following_schemas.ListQuery, location="query")
@bp.response(200, following_schemas.ListPageSchema)
def frozen_list(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """A page of the frozen pool, the exclusions, the inspectors, or what changed in the libraries."""
    rows = lists.page_of_list(
        _named(draw_id), given["part"], reason=given["reason"], words=given["q"], after=given["after"],
        limit=given["limit"],
    )  # fmt: skip
    return _numbered(rows, given["limit"], "number")


@bp.get("/<draw_id>/visits")
@needs(*OFFICES)
@bp.arguments(following_schemas.VisitPageQuery, location="query")
@bp.response(200, following_schemas.DrawnVisitPageSchema)
def visits(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """A page of the drawn subjects with their teams."""
    draw = _named(draw_id)
    rows, open_ = (
        visit_queries.visits_of_draw(draw, given["after"], given["limit"]),
        appending.waivable(draw, "A"),
    )
    labels = (
        None
        if open_ is None
        else [{"code": x, "label": WAIVER_EXCEPTION_LABELS[WaiverException(x)]} for x in open_]
    )
    return {**_numbered(rows, given["limit"], "order"), "waivable": labels}


@bp.post("/<draw_id>/inspectors")
@needs("desk")
@bp.arguments(following_schemas.InspectorDrawGivenSchema)
@bp.response(201, schemas.RoomSchema)
def draw_inspectors(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """Freeze inspectors for what was drawn: my own department's, or, leading, those of all."""
    draw, own = seen(draw_id), acting().department_id or ""
    if own not in queries.going_there(draw):
        raise forbidden("贵单位没有参加这个抽查任务。")
    departments = given["departments"] or [own]
    if departments != [own] and own != draw.match["lead"]:
        raise forbidden("别的部门的执法人员由它们自己或发起部门抽取。")
    made = inspecting.prepare_inspectors(draw.id, departments, given["sources"])
    return room_queries.room_of(made, names=False)


@bp.post("/<draw_id>/widened")
@needs("desk")
@bp.arguments(following_schemas.WidenedDrawGivenSchema)
@bp.response(201, schemas.RoomSchema)
def widen(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """Freeze my department's inspectors and its declared neighbours' for what the draw could not find."""
    draw, own = seen(draw_id), acting().department_id or ""
    if own not in draw.match["departments"]:
        raise forbidden("贵单位的执法人员不在这次抽取里。")
    return room_queries.room_of(inspecting.prepare_widened(draw.id, own, given["sources"]), names=False)


@bp.post("/<draw_id>/assistants")
@needs("desk", "deputy_head")
@bp.arguments(following_schemas.AssistantGivenSchema)
@bp.response(200, schemas.RoomSchema)
def assist(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """An expert or institution assists my department's inspectors on a visit."""
    draw, own = _named(draw_id), acting().department_id or ""
    if own not in queries.going_there(draw):
        raise forbidden("专业人员由被抽中人员所在单位选派。")
    base = draw.subjects_draw_id or draw.id
    return room_queries.room_of(appending.assist(base, department_id=own, **given), names=True)


@bp.post("/<draw_id>/waivers")
@needs("deputy_head")
@bp.arguments(following_schemas.WaiverGivenSchema)
@bp.response(200, schemas.RoomSchema)
def waive(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """Nobody goes to a drawn subject of low risk; it stays on the list."""
    return room_queries.room_of(appending.waive(led(draw_id).id, **given), names=True)


@bp.get("/<draw_id>/replacements")
@needs(*OFFICES)
@bp.response(200, following_schemas.DrawReplacementListSchema)
def replacements(draw_id: str) -> dict[str, Any]:
    """Who was to be replaced by whom, and what was decided."""
    return {"items": visit_queries.replacements_of(_named(draw_id), acting().account_id)}


@bp.post("/<draw_id>/replacements")
@needs("desk", "deputy_head")
@bp.arguments(following_schemas.ReplacementGivenSchema)
@bp.response(201, following_schemas.DrawReplacementListSchema)
def ask_replacement(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """Ask that another of my department goes."""
    draw = _named(draw_id)
    base = db.session.get_one(Draw, draw.subjects_draw_id or draw.id)
    if not visit_queries.is_on_team(base, given["leaf"], given["out_id"], acting().department_id):
        raise forbidden("只能更换本部门的执法人员。")
    replacing.ask_replacement(base.id, **given)
    return {"items": visit_queries.replacements_of(base, acting().account_id)}


@bp.post("/replacements/<replacement_id>/decision")
@needs("deputy_head")
@bp.arguments(following_schemas.DecisionSchema)
@bp.response(200, following_schemas.DrawReplacementListSchema)
def decide_replacement(given: dict[str, Any], replacement_id: str) -> dict[str, Any]:
    """My department's deputy head decides."""
    asked = db.session.get(Replacement, replacement_id)
    if asked is None or db.session.get_one(Draw, asked.draw_id).region_id != acting().region_id:
        raise not_found("更换申请")
    if asked.department_id != acting().department_id:
        raise forbidden("更换由本部门分管负责人审批。")
    done = replacing.decide_replacement(asked.id, given["approved"], given["answer"])
    return {
        "items": visit_queries.replacements_of(db.session.get_one(Draw, done.draw_id), acting().account_id)
    }
