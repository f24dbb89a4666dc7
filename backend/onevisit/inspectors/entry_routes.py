"""Who may enrol and correct one inspector, let one leave, and take the list along?"""

from typing import Any

from flask import Response
from flask.blueprints import BlueprintSetupState

from onevisit.core.api import Blueprint, check_revision
from onevisit.core.auth import needs
from onevisit.core.exporting import leave as leave_house
from onevisit.inspectors import editing, queries, whole
from onevisit.inspectors import entry_schemas as schemas
from onevisit.subjects import health, parts
from onevisit.subjects.queries import region_meant

bp = Blueprint("inspector_entry", "inspector_entry", url_prefix="/api/inspectors")
OFFICE = ("desk", "joint_office", "deputy_head", "principal_head")


@bp.record
def _bring(state: BlueprintSetupState) -> None:
    """The earlier step subjects asks about both libraries and cannot look ahead to this one."""
    health.bring_people(state.app.extensions, whole.health_of)
    parts.bring_enrolled(state.app.extensions, whole.enrolled_in)


@bp.get("/<inspector_id>")
@needs(*OFFICE)
@bp.response(200, schemas.WholeInspectorSchema)
def inspector(inspector_id: str) -> dict[str, Any]:
    """One inspector with recusals and history."""
    return whole.whole(queries.inspector_of(inspector_id))


@bp.post("")
@needs("desk", "joint_office")
@bp.arguments(schemas.NewInspectorSchema)
@bp.response(201, schemas.WholeInspectorSchema)
def add(given: dict[str, Any]) -> dict[str, Any]:
    """A new person."""
    return whole.whole(editing.add(given))


@bp.put("/<inspector_id>")
@needs("desk", "joint_office")
@bp.arguments(schemas.InspectorEntrySchema)
@bp.response(200, schemas.WholeInspectorSchema)
def change(given: dict[str, Any], inspector_id: str) -> dict[str, Any]:
    """Correct a person; If-Match says which state was seen."""
    check_revision(editing.own_person(inspector_id).revision)
    return whole.whole(editing.change(inspector_id, given))


@bp.post("/<inspector_id>/leave")
@needs("desk", "joint_office")
@bp.arguments(schemas.LeaveSchema)
@bp.response(200, schemas.WholeInspectorSchema)
def leave(given: dict[str, Any], inspector_id: str) -> dict[str, Any]:
    """Transferred or left; refused while on the team of an open visit."""
    return whole.whole(editing.leave(inspector_id, given["state"], given["day"], given["reason"]))


@bp.post("/<inspector_id>/undo")
@needs("desk", "joint_office")
@bp.response(200, schemas.UndonePersonSchema)
def undo(inspector_id: str) -> dict[str, Any]:
    """Take the own last change back."""
    left = editing.undo_last(inspector_id)
    return {"inspector": whole.whole(left) if left else None}


@bp.get("/export")
@needs(*OFFICE)
@bp.arguments(schemas.InspectorExportQuery, location="query")
@bp.alt_response(200, success=True)
def export(wanted: dict[str, Any]) -> Response:
    """The filtered list as a file, its purpose on the trail (S2 art. 25)."""
    count, rows = queries.inspectors_count(wanted), whole.exported(wanted)
    return leave_house("inspectors", "执法检查人员名录", wanted, whole.HEADINGS, rows, count, region_meant())
