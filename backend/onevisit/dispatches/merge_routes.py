"""Who may see and decide whether a subject drawn twice is visited once?"""

from typing import Any

from onevisit.core.api import Blueprint
from onevisit.core.auth import acting, needs
from onevisit.core.db import db
from onevisit.core.problems import forbidden, not_found
from onevisit.dispatches import merge_schemas, merges, merging
from onevisit.dispatches.models import VisitMerge

bp = Blueprint("merges", "merges", url_prefix="/api/dispatches/merges")
OFFICES = ("desk", "deputy_head", "principal_head", "joint_office")


def _to_decide(merge_id: str) -> VisitMerge:
    """Either initiating department, or the joint office for both."""
    merge = db.session.get(VisitMerge, merge_id)
    if merge is None or merge.region_id != acting().region_id:
        raise not_found("合并建议")
    shown = merges.merge_shown(merge)
    initiating = {shown[side]["initiating_department_id"] for side in ("into", "leaving")}
    if not acting().has("joint_office") and acting().department_id not in initiating:
        raise forbidden("是否合并上门，由两个任务的发起部门或联席会议办公室决定。")
    return merge


@bp.get("")
@needs(*OFFICES)
@bp.arguments(merge_schemas.MergesQuery, location="query")
@bp.response(200, merge_schemas.MergesSchema)
def proposals(given: dict[str, Any]) -> dict[str, Any]:
    """Subjects drawn in several open tasks: one visit proposed."""
    own = None if acting().has("joint_office") else acting().department_id or ""
    return {"items": merges.merges_seen(acting().region_id, own, given["state"], given["visit_id"])}


@bp.post("/<merge_id>/accept")
@needs("desk", "joint_office")
@bp.response(200, merge_schemas.MergeSchema)
def accept(merge_id: str) -> dict[str, Any]:
    """Go once for both tasks."""
    return merges.merge_shown(merging.accept(_to_decide(merge_id).id))


@bp.post("/<merge_id>/refuse")
@needs("desk", "joint_office")
@bp.arguments(merge_schemas.MergeReasonSchema)
@bp.response(200, merge_schemas.MergeSchema)
def refuse(given: dict[str, str], merge_id: str) -> dict[str, Any]:
    """Go twice, for a reason."""
    return merges.merge_shown(merging.refuse(_to_decide(merge_id).id, given["reason"]))


@bp.post("/<merge_id>/undo")
@needs("desk", "joint_office")
@bp.arguments(merge_schemas.MergeReasonSchema)
@bp.response(200, merge_schemas.MergeSchema)
def undo(given: dict[str, str], merge_id: str) -> dict[str, Any]:
    """Take the decision back while nobody has stood at the door."""
    return merges.merge_shown(merging.undo(_to_decide(merge_id).id, given["reason"]))
