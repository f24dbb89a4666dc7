"""Who reads the samples of a part, and who enters what the laboratory found?"""

from typing import Any

from onevisit.core.api import Blueprint
from onevisit.core.auth import acting, needs
from onevisit.visits import samples
from onevisit.visits.queries import visit_seen
from onevisit.visits.sample_schemas import SampleResultSchema, SamplesSchema

bp = Blueprint("samples", "samples", url_prefix="/api")


@bp.get("/visits/<visit_id>/parts/<department_id>/samples")
@needs("inspector", "desk", "deputy_head", "principal_head", "joint_office")
@bp.response(200, SamplesSchema)
def samples_of_part(visit_id: str, department_id: str) -> dict[str, Any]:
    """The samples of a part, and which it waits for."""
    return {"items": samples.samples_of(visit_seen(acting(), visit_id).id, department_id)}


@bp.post("/visits/<visit_id>/parts/<department_id>/samples/<operation_id>/result")
@needs("inspector", "desk", "deputy_head")
@bp.arguments(SampleResultSchema)
@bp.response(200, SamplesSchema)
def result(given: dict[str, Any], visit_id: str, department_id: str, operation_id: str) -> dict[str, Any]:
    """Enter the result of one's own department's sample."""
    visit = visit_seen(acting(), visit_id)
    return {"items": samples.enter_result(visit, department_id, operation_id, given)}
