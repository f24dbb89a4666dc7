"""Who reads a check notice, who says 我已收到, who proposes another time, and who answers?"""

from typing import Any
from urllib.parse import quote

from flask import Response

from onevisit.core.api import Blueprint
from onevisit.core.auth import needs, public
from onevisit.dispatches import notice_page, notices, proposals
from onevisit.dispatches import notice_schemas as schemas
from onevisit.dispatches.models import Visit
from onevisit.dispatches.notice_paper import issued_notice
from onevisit.dispatches.routes import OFFICES, led, visit_seen
from onevisit.papers.issued import pdf_of

bp = Blueprint("notices", "notices", url_prefix="/api")


@bp.get("/public/notices/<token>")
@public
@bp.response(200, schemas.NoticePageSchema)
def notice(token: str) -> dict[str, Any]:
    """The newest version; reading it here is no receipt."""
    return notice_page.shown_to_subject(token)


@bp.post("/public/notices/<token>/receipt")
@public
@bp.arguments(schemas.ReceiptSchema)
@bp.response(200, schemas.NoticePageSchema)
def receipt(given: dict[str, Any], token: str) -> dict[str, Any]:
    """我已收到."""
    notices.acknowledge(token, given["version"], given["name"])
    return notice_page.shown_to_subject(token)


@bp.post("/public/notices/<token>/proposals")
@public
@bp.arguments(schemas.ProposeSchema)
@bp.response(200, schemas.NoticePageSchema)
def propose(given: dict[str, Any], token: str) -> dict[str, Any]:
    """Another time would suit better."""
    proposals.propose(token, given["name"], given["reason"], given["slots"])
    return notice_page.shown_to_subject(token)


@bp.post("/public/notices/<token>/hours")
@public
@bp.arguments(schemas.HoursSchema)
@bp.response(200, schemas.NoticePageSchema)
def hours(given: dict[str, Any], token: str) -> dict[str, Any]:
    """At these hours a check does not suit; the department confirms it."""
    proposals.tell_hours(token, given["name"], given["hours"])
    return notice_page.shown_to_subject(token)


@bp.get("/public/notices/<token>/notice.pdf")
@public
@bp.response(200, content_type="application/pdf")
def subject_pdf(token: str) -> Response:
    """The sealed paper, for the subject to keep."""
    visit = notices.visit_of_link(token)
    notices.notice_now(visit)
    return _pdf(visit)


@bp.get("/dispatches/visits/<visit_id>/notice.pdf")
@needs(*OFFICES, "inspector")
@bp.response(200, content_type="application/pdf")
def desk_pdf(visit_id: str) -> Response:
    """The same for printing."""
    return _pdf(visit_seen(visit_id))


@bp.get("/dispatches/visits/<visit_id>/notice")
@needs(*OFFICES, "inspector")
@bp.response(200, schemas.DeskNoticeSchema)
def desk_notice(visit_id: str) -> dict[str, Any]:
    """Link, versions, receipt and proposals."""
    return notice_page.for_the_desk(visit_seen(visit_id))


@bp.post("/dispatches/visits/<visit_id>/proposals/<proposal_id>/accept")
@needs("desk", "inspector")
@bp.arguments(schemas.AcceptProposalSchema)
@bp.response(200, schemas.DeskNoticeSchema)
def accept(given: dict[str, int], visit_id: str, proposal_id: str) -> dict[str, Any]:
    """One of the two half days becomes the schedule."""
    return notice_page.for_the_desk(proposals.accept(led(visit_id).id, proposal_id, given["slot"]))


@bp.post("/dispatches/visits/<visit_id>/proposals/<proposal_id>/decline")
@needs("desk", "inspector")
@bp.arguments(schemas.DeclineProposalSchema)
@bp.response(200, schemas.DeskNoticeSchema)
def decline(given: dict[str, str], visit_id: str, proposal_id: str) -> dict[str, Any]:
    """The time stays, with the reason."""
    return notice_page.for_the_desk(proposals.decline(led(visit_id).id, proposal_id, given["reason"]))


def _pdf(visit: Visit) -> Response:
    paper = issued_notice(visit)
    named = f"inline; filename=notice.pdf; filename*=UTF-8''{quote(paper.number)}.pdf"
    return Response(pdf_of(paper), mimetype="application/pdf", headers={"Content-Disposition": named})
