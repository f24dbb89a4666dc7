"""Who may read the papers of a visit? Its team, its departments and the joint office."""

from typing import Any
from urllib.parse import quote

from flask import Response

from onevisit.core.api import Blueprint
from onevisit.core.auth import acting, needs
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.papers.issued import IssuedPaper, pdf_of
from onevisit.visits import printing
from onevisit.visits.paper_schemas import PaperListSchema
from onevisit.visits.photo_copies import copy_of
from onevisit.visits.queries import visit_seen

bp = Blueprint("visit_papers", "visit_papers", url_prefix="/api")
READERS = ("inspector", "desk", "deputy_head", "principal_head", "joint_office")


@bp.get("/visits/<visit_id>/papers")
@needs(*READERS)
@bp.response(200, PaperListSchema)
def papers(visit_id: str) -> dict[str, Any]:
    """The papers of a visit, newest first."""
    return {"items": printing.papers_of_visit(visit_seen(acting(), visit_id).id)}


@bp.get("/visits/<visit_id>/photos/<operation_id>/copy.jpg")
@needs(*READERS)
@bp.response(200, content_type="image/jpeg")
def photo_copy(visit_id: str, operation_id: str) -> Response:
    """A photo with its marks, and time, place, inspector and item at its foot."""
    actor = acting()
    content = copy_of(actor, visit_seen(actor, visit_id), operation_id)
    return Response(
        content, mimetype="image/jpeg", headers={"Content-Disposition": "inline; filename=photo.jpg"}
    )


@bp.get("/papers/files/<paper_id>.pdf")
@needs(*READERS)
@bp.response(200, content_type="application/pdf")
def file(paper_id: str) -> Response:
    """One paper as it was issued."""
    paper = db.session.get(IssuedPaper, paper_id)
    if paper is None or paper.subject_kind != "visit":
        raise not_found("文书")
    visit_seen(acting(), paper.subject_id)
    named = f"inline; filename={paper.kind}.pdf; filename*=UTF-8''{quote(paper.number)}.pdf"
    return Response(pdf_of(paper), mimetype="application/pdf", headers={"Content-Disposition": named})
