"""Who may see, confirm and refuse corrections offered to the library?"""

from typing import Any

from onevisit.core.api import Blueprint, page_of
from onevisit.core.auth import needs
from onevisit.subjects import correction_schemas as schemas
from onevisit.subjects import corrections

bp = Blueprint("corrections", "corrections", url_prefix="/api/subject-corrections")


@bp.get("")
@needs("desk", "joint_office", "deputy_head", "principal_head")
@bp.arguments(schemas.CorrectionQuery, location="query")
@bp.response(200, schemas.SubjectCorrectionPageSchema)
def page(given: dict[str, Any]) -> dict[str, Any]:
    """What inspectors found otherwise and subjects told, for the own library."""
    rows = corrections.page(given["state"], given["limit"], given["after"])
    return {**page_of(rows, given["limit"], lambda row: row["id"]), "waiting": corrections.waiting()}


@bp.post("/<correction_id>/confirm")
@needs("desk", "joint_office")
@bp.arguments(schemas.ConfirmCorrectionSchema)
@bp.response(200, schemas.SubjectCorrectionSchema)
def confirm(given: dict[str, Any], correction_id: str) -> dict[str, Any]:
    """Take it over into the library."""
    return corrections.shown(corrections.confirm(correction_id, given["value"]))


@bp.post("/<correction_id>/refuse")
@needs("desk", "joint_office")
@bp.arguments(schemas.RefuseCorrectionSchema)
@bp.response(200, schemas.SubjectCorrectionSchema)
def refuse(given: dict[str, Any], correction_id: str) -> dict[str, Any]:
    """Leave the library as it is, with a reason."""
    return corrections.shown(corrections.refuse(correction_id, given["reason"]))
