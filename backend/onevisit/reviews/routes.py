"""Who may review, and where?"""

from typing import Any

from onevisit.core.api import blueprint, page_of
from onevisit.core.auth import needs
from onevisit.reviews import actions, queries, schemas

bp = blueprint("reviews")
READERS = ("desk", "deputy_head", "principal_head", "inspector", "joint_office")
REVIEWERS = ("desk", "deputy_head", "inspector")


@bp.get("")
@needs(*READERS)
@bp.arguments(schemas.QueueQuery, location="query")
@bp.response(200, schemas.QueueSchema)
def queue(query: dict[str, Any]) -> dict[str, Any]:
    """What waits for review."""
    rows = queries.queue(query["state"], query["limit"], query["after"])
    return {**page_of(rows, query["limit"], lambda row: row["cursor"]), "counts": queries.counts()}


@bp.post("/<visit_id>/parts/<department_id>/accept")
@needs(*REVIEWERS)
@bp.response(200, schemas.ReviewedSchema)
def accept(visit_id: str, department_id: str) -> Any:
    """Accept the part of one's own department."""
    return actions.accept(visit_id, department_id)


@bp.post("/<visit_id>/parts/<department_id>/send-back")
@needs(*REVIEWERS)
@bp.arguments(schemas.SendBackSchema)
@bp.response(200, schemas.ReviewedSchema)
def send_back(given: dict[str, str], visit_id: str, department_id: str) -> Any:
    """Send one item of one's own department's part back."""
    return actions.send_back(visit_id, department_id, **given)
