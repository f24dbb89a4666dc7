"""Who offers a record on the subject's own phone, and who reads and signs it there?"""

from typing import Any

from flask import Response

from onevisit.core.api import Blueprint
from onevisit.core.auth import acting, needs, public
from onevisit.visits import link_schemas as schemas
from onevisit.visits import subject_links
from onevisit.visits.queries import visit_seen

bp = Blueprint("subject_links", "subject_links", url_prefix="/api")


@bp.post("/visits/<visit_id>/subject-link")
@needs("inspector")
@bp.arguments(schemas.SubjectOfferSchema)
@bp.response(200, schemas.OfferedSchema)
def offer(given: dict[str, Any], visit_id: str) -> dict[str, Any]:
    """A QR code for what the leader's phone shows."""
    return subject_links.offer(acting(), visit_seen(acting(), visit_id), given)


@bp.get("/visits/<visit_id>/subject-link")
@needs("inspector")
@bp.response(200, schemas.NewestLinkSchema)
def newest(visit_id: str) -> dict[str, Any]:
    """How far the subject is on the phone of his own."""
    link = subject_links.newest_of(visit_seen(acting(), visit_id).id)
    return {"link": subject_links.state_of_link(link) if link else None}


@bp.post("/visits/<visit_id>/subject-link/withdraw")
@needs("inspector")
@bp.response(204)
def withdraw(visit_id: str) -> None:
    """Take the code back."""
    subject_links.withdraw(visit_seen(acting(), visit_id))


@bp.post("/public/subject-links/begin")
@public
@bp.arguments(schemas.BeginSchema)
@bp.response(200, schemas.ToReadSchema)
def begin(given: dict[str, Any]) -> dict[str, Any]:
    """Open it in this browser; the token came in the fragment, so no server log has it."""
    return subject_links.begin(given["token"], given["browser"])


@bp.post("/public/subject-links/sign")
@public
@bp.arguments(schemas.SubjectSignSchema)
@bp.response(200, schemas.ToReadSchema)
def sign(given: dict[str, Any]) -> dict[str, Any]:
    """本人手机签署: the one request that uses the link up."""
    return subject_links.sign(given["token"], given["browser"], given)


@bp.get("/public/subject-links/<link_id>/<key>/record.pdf")
@public
@bp.response(200, content_type="application/pdf")
def record(link_id: str, key: str) -> Response:
    """The record for keeping."""
    named = {"Content-Disposition": "inline; filename=record.pdf"}
    return Response(subject_links.record_pdf(link_id, key), mimetype="application/pdf", headers=named)
