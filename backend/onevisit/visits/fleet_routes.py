"""Who sees how the phones stand, takes the list along, and stops a lost one?"""

from typing import Any

from flask import Response

from onevisit.core.api import Blueprint
from onevisit.core.auth import needs
from onevisit.core.exporting import leave
from onevisit.visits import fleet, fleet_schemas

bp = Blueprint("fleet", "fleet", url_prefix="/api/fleet")
READERS = ("desk", "deputy_head", "principal_head", "joint_office", "system_admin", "security_admin")
STOPPERS = ("desk", "joint_office", "system_admin", "security_admin")


def _found(given: dict[str, Any]) -> dict[str, Any]:
    wanted = fleet.FleetFilter(given["state"], given["lateness"], given["department_id"], given["q"])
    return fleet.fleet_of(fleet.scope_of_actor(), wanted)


@bp.get("")
@needs(*READERS)
@bp.arguments(fleet_schemas.FleetQuery, location="query")
@bp.response(200, fleet_schemas.FleetSchema)
def phones(given: dict[str, Any]) -> dict[str, Any]:
    """The phones of my department (the joint office: of the region), the most pressing first."""
    found = _found(given)
    first, last = given["after"], given["after"] + given["limit"]
    return {
        "items": fleet.with_acknowledged(found["rows"][first:last]), "total": len(found["rows"]),
        "next": str(last) if last < len(found["rows"]) else None, "counts": found["counts"], "late": found["late"],
    }  # fmt: skip


@bp.get("/export")
@needs(*READERS)
@bp.arguments(fleet_schemas.FleetExportQuery, location="query")
@bp.response(200)
def export(given: dict[str, Any]) -> Response:
    """The list as a file; why it is taken out stands on the trail."""
    found = fleet.with_acknowledged(_found(given)["rows"])
    return leave("fleet", "执法手机", given, fleet.HEADINGS, fleet.lines_of(found), len(found))


@bp.get("/<device_id>")
@needs(*READERS)
@bp.response(200, fleet_schemas.FleetOneSchema)
def phone(device_id: str) -> dict[str, Any]:
    """One phone with the visits it wrote in."""
    return fleet.phone_in(fleet.scope_of_actor(), device_id)


@bp.post("/<device_id>/revoke")
@needs(*STOPPERS)
@bp.arguments(fleet_schemas.FleetRevokeSchema)
@bp.response(200, fleet_schemas.FleetOneSchema)
def revoke(given: dict[str, Any], device_id: str) -> dict[str, Any]:
    """Take a lost phone's right to write away, with the reason on the trail."""
    return fleet.revoke(fleet.scope_of_actor(), device_id, given["reason"].strip())
