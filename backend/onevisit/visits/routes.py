"""Who may send, fetch and read records? Phones under /api/sync, offices under /api/visits, the public by visit code."""

from typing import Any

from flask import Response

from onevisit.accounts.actions import note_contact
from onevisit.accounts.rules import said_by
from onevisit.core.api import Blueprint
from onevisit.core.auth import acting, needs, public
from onevisit.core.problems import Problem
from onevisit.visits import actions, queries, schemas
from onevisit.visits.addable import addable_for, checklists_by_hash
from onevisit.visits.changes import changes_for, read_cursor
from onevisit.visits.code import shown_at_the_door, visit_of_token
from onevisit.visits.wire import SYNC_TYPE, bundles_sent, in_our_type

bp = Blueprint("visits", "visits", url_prefix="/api")


@bp.post("/sync/bundles")
@needs("inspector", "desk")
@bp.response(200, schemas.BundlesAnswerSchema, content_type=SYNC_TYPE)
def bundles() -> Response:
    """Take in bundles of operations, of this phone or carried for another (the request has our content type)."""
    bundles_, small = bundles_sent()
    epoch = actions.epoch()
    return in_our_type({"epoch": epoch, "answers": actions.take_bundles(bundles_, small)})


@bp.get("/sync/changes")
@needs("inspector")
@bp.arguments(schemas.ChangesQuery, location="query")
@bp.response(200, schemas.ChangesSchema, content_type=SYNC_TYPE)
def changes(given: dict[str, Any]) -> Response:
    """What is new for my phone, page by page."""
    inspector = acting().inspector_id
    if inspector is None:
        raise Problem("sync.not_an_inspector", "这个账号没有关联执法人员，请联系本单位管理员。", 403)
    if given["device"]:
        note_contact(given["device"], said_by(given["version"], given["unsent"], given["waited"]))
    return in_our_type(changes_for(inspector, read_cursor(given["after"], actions.epoch()), given["limit"]))


@bp.get("/sync/checklists")
@needs("inspector")
@bp.arguments(schemas.ChecklistsQuery, location="query")
@bp.response(200, schemas.ChecklistsSchema, content_type=SYNC_TYPE)
def checklists(given: dict[str, Any]) -> Response:
    """Checklists by the hashes that packages name and my phone has not got yet."""
    return in_our_type(
        {"checklists": checklists_by_hash(acting().region_id or "", given["hashes"].split(","))}
    )


@bp.get("/sync/addable")
@needs("inspector")
@bp.response(200, schemas.AddableSchema, content_type=SYNC_TYPE)
def addable() -> Response:
    """What the departments of my visits may add on the spot, without the checklists' entries."""
    return in_our_type({"addable": addable_for(acting().inspector_id or "")})


@bp.get("/visits")
@needs("inspector", "desk", "deputy_head", "principal_head", "joint_office")
@bp.arguments(schemas.VisitsQuery, location="query")
@bp.response(200, schemas.VisitsSchema)
def visits(given: dict[str, Any]) -> dict[str, Any]:
    """The visits I have to do with."""
    found: dict[str, Any] = queries.visits_for(acting(), given)
    return found


@bp.get("/visits/<visit_id>")
@needs("inspector", "desk", "deputy_head", "principal_head", "joint_office")
@bp.response(200, schemas.VisitSchema)
def visit(visit_id: str) -> dict[str, Any]:
    """One visit with its whole record."""
    whole: dict[str, Any] = queries.visit_in_full(queries.visit_seen(acting(), visit_id))
    return whole


@bp.get("/public/visits/<token>")
@public
@bp.response(200, schemas.CodeSchema)
def code(token: str) -> dict[str, Any]:
    """Who is at the door?"""
    return shown_at_the_door(visit_of_token(token))
