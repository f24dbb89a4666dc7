"""Who may take which part in a draw, and what is open to everybody?"""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Response

from onevisit.core import clock
from onevisit.core.api import Blueprint, page_of
from onevisit.core.auth import acting, needs, public
from onevisit.core.db import db
from onevisit.core.problems import Problem, forbidden, not_found
from onevisit.draws import (
    actions,
    appending,
    preparing,
    public_queries,
    queries,
    readiness_queries,
    room_queries,
    schemas,
    underway,
)
from onevisit.draws.issuing import certificate_of
from onevisit.draws.kept import full_text, public_text
from onevisit.draws.keys import draw_key
from onevisit.draws.models import Draw, DrawSource
from onevisit.draws.states import DrawKind
from onevisit.draws.terms import SourceKind
from onevisit.inspectors.models import Inspector
from onevisit.papers.issued import pdf_of
from onevisit.tasks.queries import task_in

bp = Blueprint("draws", "draws", url_prefix="/api")
OFFICES = ("desk", "deputy_head", "principal_head", "joint_office")


def seen(draw_id: str) -> Draw:
    """The draw, for somebody who is in the room."""
    draw = queries.draw_in(acting().region_id, draw_id)
    if not queries.takes_part(acting(), draw):
        raise forbidden("贵单位没有参加这次抽取。公开文件可以在公示页面查看。")
    return draw


def led(draw_id: str, *others: str) -> Draw:
    """The draw, for the initiating department or one of `others`."""
    draw = seen(draw_id)
    if acting().department_id != draw.match["lead"] and not acting().has(*others):
        raise forbidden("这一步由发起部门办理。")
    return draw


def held(draw_id: str, *others: str) -> Draw:
    """The draw, for the department that holds it: of its own inspectors its own, else the initiating one."""
    draw = seen(draw_id)
    own = draw.kind == DrawKind.INSPECTORS and draw.match["departments"] == [acting().department_id]
    return draw if own else led(draw_id, *others)


def _refuse_other_party(draw: Draw, name: str) -> None:
    source = next((one for one in draw.sources if one.name == name), None)
    if source is not None and not _answers_for(source, draw):
        raise forbidden(f"“{name}”由别的单位负责，您不能代交。")


def _answers_for(source: DrawSource, draw: Draw) -> bool:
    """A commitment is its department's alone; a public result may be typed by anybody in the room."""
    if source.kind == SourceKind.COMMIT_REVEAL or source.department_id is not None:
        return source.department_id == acting().department_id
    return queries.takes_part(acting(), draw)


def _room(draw: Draw, names: bool = False) -> dict[str, Any]:
    return room_queries.room_of(draw, names and queries.may_see_names(acting(), draw))


def _as_file(
    outline: str | None, text_of: Callable[[Draw], Iterator[bytes]], draw: Draw, name: str
) -> Response:
    if outline is None:
        raise not_found("抽取文件")
    response = Response(text_of(draw), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


@bp.get("/draws")
@needs(*OFFICES)
@bp.arguments(schemas.DrawQuery, location="query")
@bp.response(200, schemas.DrawPageSchema)
def draws(given: dict[str, Any]) -> dict[str, Any]:
    """The region's draws, voided ones too: all offices watch each other."""
    found = queries.draws_of(
        acting().region_id, task_id=given["task_id"], after=given["after"], limit=given["limit"]
    )
    page = page_of(found, given["limit"], lambda draw: draw.id)
    return {**page, "items": [queries.card_of(draw) for draw in page["items"]]}


@bp.get("/draws/readiness")
@needs(*OFFICES)
@bp.arguments(schemas.ReadinessQuery, location="query")
@bp.response(200, schemas.ReadinessSchema)
def readiness(given: dict[str, Any]) -> dict[str, Any]:
    """What a draw of this task would find now."""
    task = task_in(acting().region_id, given["task_id"])
    return readiness_queries.readiness_of(task, clock.today().year, preparing.offered(task))


@bp.get("/draws/freezing")
@needs(*OFFICES)
@bp.arguments(schemas.ReadinessQuery, location="query")
@bp.response(200, schemas.FreezingSchema)
def freezing(given: dict[str, Any]) -> dict[str, Any]:
    """How far the freeze of this task is."""
    return underway.how_far(task_in(acting().region_id, given["task_id"]).id)


@bp.delete("/draws/freezing")
@needs("desk")
@bp.arguments(schemas.ReadinessQuery, location="query")
@bp.response(204)
def give_up_freezing(given: dict[str, Any]) -> None:
    """Let the freeze of this task go; nothing of it stays."""
    task = task_in(acting().region_id, given["task_id"])
    if task.initiating_department_id != acting().department_id:
        raise forbidden("只有任务的发起部门可以取消冻结。")
    underway.give_up(task.id)


@bp.post("/draws")
@needs("desk")
@bp.arguments(schemas.PreparingSchema)
@bp.response(201, schemas.RoomSchema)
def prepare(given: dict[str, Any]) -> dict[str, Any]:
    """Freeze the libraries for a task's draw."""
    task = task_in(acting().region_id, given["task_id"])
    if task.initiating_department_id != acting().department_id:
        raise forbidden("只有任务的发起部门可以组织抽取。")
    return _room(preparing.prepare(**given))


@bp.get("/draws/<draw_id>")
@needs(*OFFICES)
@bp.arguments(schemas.RoomQuery, location="query")
@bp.response(200, schemas.RoomSchema)
def room(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """The draw room."""
    return _room(seen(draw_id), given["names"])


@bp.post("/draws/<draw_id>/commitments")
@needs("desk", "deputy_head")
@bp.arguments(schemas.CommitmentSchema)
@bp.response(200, schemas.RoomSchema)
def give_commitment(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """A party hands in its commitment."""
    draw = seen(draw_id)
    _refuse_other_party(draw, given["source"])
    return _room(actions.give_commitment(draw.id, given["source"], given["commitment"]))


@bp.post("/draws/<draw_id>/commit")
@needs("desk", "deputy_head")
@bp.arguments(schemas.CommitSchema)
@bp.response(200, schemas.RoomSchema)
def commit(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """Publish the commit hash; from here on nothing can be chosen any more."""
    return _room(actions.commit(held(draw_id).id, given["closes_at"]))


@bp.post("/draws/<draw_id>/reveals")
@needs("desk", "deputy_head", "joint_office")
@bp.arguments(schemas.RevealSchema)
@bp.response(200, schemas.RoomSchema)
def reveal(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """A party reveals; the last reveal draws."""
    draw = seen(draw_id)
    _refuse_other_party(draw, given["source"])
    return _room(actions.reveal(draw.id, given["source"], given["value"]))


@bp.post("/draws/<draw_id>/void")
@needs("deputy_head", "joint_office")
@bp.arguments(schemas.DrawReasonSchema)
@bp.response(200, schemas.RoomSchema)
def void(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """Give a draw up, as the second person."""
    return _room(actions.void(held(draw_id, "joint_office").id, given["reason"]))


@bp.post("/draws/<draw_id>/appointments")
@needs("deputy_head")
@bp.arguments(schemas.AppointmentSchema)
@bp.response(200, schemas.RoomSchema)
def appoint(given: dict[str, Any], draw_id: str) -> dict[str, Any]:
    """Fill a shortfall of my own department."""
    draw, person = seen(draw_id), db.session.get(Inspector, given["inspector_id"])
    if person is None or person.region_id != acting().region_id:
        raise not_found("执法人员")
    if person.department_id != acting().department_id:
        raise forbidden("只能指定本部门的执法人员。")
    return _room(appending.appoint(draw.id, given["leaf"], person.id, given["reason"]), names=True)


@bp.get("/draws/<draw_id>/proofs")
@needs("desk", "deputy_head", "joint_office")
@bp.response(200, schemas.ProofListSchema)
def proofs(draw_id: str) -> dict[str, Any]:
    """Each drawn subject's proof."""
    draw = seen(draw_id)
    if not queries.may_see_names(acting(), draw):
        raise forbidden()
    queries.refuse_unverifiable(draw)
    return {"items": queries.proofs_of(draw)}


@bp.get("/draws/<draw_id>/bundle")
@needs("desk", "deputy_head", "joint_office")
@bp.response(200, content_type="application/json")
def full_bundle(draw_id: str) -> Response:
    """The full bundle, for supervision and the initiating department."""
    draw = held(draw_id, "joint_office")
    return _as_file(draw.bundle, full_text, draw, f"{draw.no}-full")


@bp.get("/draws/<draw_id>/certificate.pdf")
@needs(*OFFICES)
@bp.response(200, content_type="application/pdf")
def certificate(draw_id: str) -> Response:
    """The draw certificate; the job runner makes it right after the last reveal."""
    draw = seen(draw_id)
    queries.refuse_without_certificate(draw)
    paper = certificate_of(draw.id)
    if paper is None:
        raise Problem(
            "draws.certificate_not_ready",
            "抽取证明还没有生成，抽取完成后几秒钟就好。请稍后再打开。",
            404,
            "later",
        )
    return Response(pdf_of(paper), mimetype="application/pdf")


@bp.get("/public/draws")
@public
@bp.arguments(schemas.PublicQuery, location="query")
@bp.response(200, schemas.PublicDrawPageSchema)
def public_draws(given: dict[str, Any]) -> dict[str, Any]:
    """All draws that were committed to, voided ones too."""
    found = public_queries.public_draws(given["region"], given["task"], given["after"], given["limit"])
    page = page_of(found, given["limit"], lambda row: str(row[0].id))
    return {**page, "items": [public_queries.public_card_of(draw, task) for draw, task in page["items"]]}


@bp.get("/public/draws/key")
@public
@bp.response(200, schemas.DrawKeySchema)
def public_key() -> dict[str, Any]:
    """The key with which the bundles are signed."""
    key = draw_key()
    return {"kid": key.kid, "pem": key.public_pem, "jwk": key.public_jwk}


@bp.get("/public/draws/<no>")
@public
@bp.response(200, schemas.PublicDrawSchema)
def public_draw(no: str) -> dict[str, Any]:
    """One draw."""
    return public_queries.public_card_of(*public_queries.public_draw(no))


@bp.get("/public/draws/<no>/bundle")
@public
@bp.response(200, content_type="application/json")
def public_bundle(no: str) -> Response:
    """The bundle that everybody can recompute."""
    draw, _ = public_queries.public_draw(no)
    return _as_file(draw.public_bundle, public_text, draw, draw.no)
