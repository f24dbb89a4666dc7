"""Who may ask that a result be withheld or put right, and who decides it?"""

from typing import Any

from onevisit.core.api import Blueprint
from onevisit.core.auth import needs, public
from onevisit.publications import queries, request_schemas, requests, schemas
from onevisit.publications.models import PublicationRequest
from onevisit.publications.terms import REQUEST_STATE_LABELS, RequestKind, RequestState

bp = Blueprint("publication_requests", "publication_requests", url_prefix="/api")
ASKERS = ("desk", "deputy_head", "principal_head")


@bp.post("/publications/<publication_id>/requests")
@needs(*ASKERS)
@bp.arguments(request_schemas.AskSchema)
@bp.response(200, schemas.PublicationSchema)
def ask(given: dict[str, Any], publication_id: str) -> dict[str, Any]:
    """Ask that a result be withheld, or that what was published be put right."""
    asked = requests.ask(publication_id, RequestKind(given["kind"]), given["reason"], given["changes"])
    return _shown(asked)


@bp.put("/publications/requests/<request_id>/changes")
@needs(*ASKERS)
@bp.arguments(request_schemas.FilledInSchema)
@bp.response(200, schemas.PublicationSchema)
def fill_in(given: dict[str, Any], request_id: str) -> dict[str, Any]:
    """Say what a subject's request would change."""
    return _shown(requests.fill_in(request_id, given, given["erratum"]))


@bp.post("/publications/requests/<request_id>/grant")
@needs("deputy_head", "principal_head")
@bp.arguments(request_schemas.GrantSchema)
@bp.response(200, schemas.PublicationSchema)
def grant(given: dict[str, Any], request_id: str) -> dict[str, Any]:
    """Yes: withholding by the deputy head, a correction by the principal head's signature (S2 art. 22)."""
    return _shown(requests.grant(request_id, given["password"], given["answer"]))


@bp.post("/publications/requests/<request_id>/refuse")
@needs(*ASKERS)
@bp.arguments(request_schemas.RefuseSchema)
@bp.response(200, schemas.PublicationSchema)
def refuse(given: dict[str, str], request_id: str) -> dict[str, Any]:
    """No, with the reason that the asker reads."""
    return _shown(requests.refuse(request_id, given["answer"]))


@bp.post("/publications/requests/<request_id>/withdraw")
@needs(*ASKERS)
@bp.response(200, schemas.PublicationSchema)
def withdraw(request_id: str) -> dict[str, Any]:
    """Who asked thinks better of it."""
    return _shown(requests.withdraw(request_id))


@bp.post("/public/results/<publication_id>/requests")
@public
@bp.arguments(request_schemas.SubjectAskSchema)
@bp.response(200, request_schemas.SubjectAnswerSchema)
def ask_as_subject(given: dict[str, Any], publication_id: str) -> dict[str, Any]:
    """The subject asks for a correction, with the code on its own copy of the record."""
    return _told(requests.ask_as_subject(publication_id, given["code"], given["text"], given["contact"]))


@bp.post("/public/results/<publication_id>/requests/answers")
@public
@bp.arguments(request_schemas.SubjectCodeSchema)
@bp.response(200, request_schemas.SubjectAnswersSchema)
def answers(given: dict[str, str], publication_id: str) -> dict[str, Any]:
    """What became of the subject's requests."""
    return {"items": [_told(one) for one in requests.answers_to_subject(publication_id, given["code"])]}


def _shown(asked: PublicationRequest) -> dict[str, Any]:
    return queries.shown(queries.publication_of(asked.publication_id), asked)


def _told(asked: PublicationRequest) -> dict[str, Any]:
    label = REQUEST_STATE_LABELS[RequestState(asked.state)]
    return {
        "asked_at": asked.asked_at, "state": asked.state, "state_label": label, "reason": asked.reason,
        "answer": asked.answer,
    }  # fmt: skip
