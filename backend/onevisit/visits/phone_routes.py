"""Who may carry in a rescue file, and who sees or stops the phones of a team?"""

from typing import Any

from flask import request

from onevisit.core.api import Blueprint
from onevisit.core.auth import acting, needs
from onevisit.visits import carrying, fleet, fleet_schemas, phone_schemas, team_phones
from onevisit.visits.queries import visit_seen

bp = Blueprint("phones", "phones", url_prefix="/api")


@bp.get("/sync/rescue/key")
@needs("inspector", "desk")
@bp.response(200, phone_schemas.RescueKeySchema)
def rescue_key() -> dict[str, Any]:
    """To whom a phone seals a rescue file."""
    return carrying.public_key()


@bp.post("/sync/rescue")
@needs("inspector", "desk")
@bp.arguments(phone_schemas.RescueQuery, location="query")
@bp.response(200, phone_schemas.RescueAnswerSchema)
def rescue(given: dict[str, Any]) -> dict[str, Any]:
    """Take in a rescue file, or some records of it in order (the body: its first two lines, then records)."""
    return {"taken": carrying.carry_in(request.stream, given["first"])}


@bp.get("/sync/phones/<device_id>")
@needs("inspector")
@bp.response(200, fleet_schemas.FleetOneSchema)
def mine(device_id: str) -> dict[str, Any]:
    """What the server holds of a phone of mine, for whom the browser has emptied it."""
    return fleet.phone_of_mine(device_id)


@bp.get("/visits/<visit_id>/phones")
@needs("inspector")
@bp.response(200, phone_schemas.TeamPhonesSchema)
def phones(visit_id: str) -> dict[str, Any]:
    """The phones of a visit's team."""
    return {"items": team_phones.phones_of_team(visit_seen(acting(), visit_id))}


@bp.post("/visits/<visit_id>/phones/<device_id>/revoke")
@needs("inspector")
@bp.arguments(phone_schemas.RevokeSchema)
@bp.response(200, phone_schemas.TeamPhonesSchema)
def revoke(given: dict[str, Any], visit_id: str, device_id: str) -> dict[str, Any]:
    """Take a lost phone's right to write away."""
    visit = team_phones.revoke_phone(visit_id, device_id, given["reason"])
    return {"items": team_phones.phones_of_team(visit)}
