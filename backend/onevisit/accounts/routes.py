"""Who may ask about accounts and devices, and where?"""

from typing import Any

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from onevisit.accounts import actions, queries, schemas
from onevisit.accounts.actions import Entrance
from onevisit.accounts.models import Account
from onevisit.config import Config
from onevisit.core.api import blueprint
from onevisit.core.auth import acting, needs, public
from onevisit.core.db import db

bp = blueprint("accounts")
COOKIE = "onevisit_refresh"
COOKIE_PATH = "/api/accounts"


def _with_cookies(entrance: Entrance) -> Response:
    config: Config = current_app.config["ONEVISIT"]
    body = schemas.EntranceSchema().dump(
        {
            "access_token": entrance.access_token, "expires_in": entrance.expires_in, "csrf": entrance.csrf,
            "account": queries.profile_of_account(entrance.account),
        }
    )  # fmt: skip
    response = make_response(body)
    kept: dict[str, Any] = {
        "samesite": "Strict",
        "secure": config.secure_cookies or request.is_secure,
        "max_age": config.refresh_days * 86400,
    }
    response.set_cookie(COOKIE, entrance.refresh_token, httponly=True, path=COOKIE_PATH, **kept)
    response.set_cookie("onevisit_csrf", entrance.csrf, path="/", **kept)
    return response


@bp.post("/login")
@public
@bp.arguments(schemas.LoginSchema)
@bp.response(200, schemas.EntranceSchema)
def log_in(given: dict[str, str]) -> ResponseReturnValue:
    """Sign in with name and password."""
    return _with_cookies(actions.log_in(given["username"].strip(), given["password"]))


@bp.post("/refresh")
@public
@bp.response(200, schemas.EntranceSchema)
def go_on() -> ResponseReturnValue:
    """A new access token for the refresh cookie; the header proves that our own page asks (CSRF)."""
    return _with_cookies(
        actions.go_on(request.cookies.get(COOKIE, ""), request.headers.get("X-CSRF-Token", ""))
    )


@bp.post("/logout")
@public
@bp.response(204)
def log_out() -> ResponseReturnValue:
    """End this session."""
    actions.log_out(request.cookies.get(COOKIE))
    response = make_response("", 204)
    response.delete_cookie(COOKIE, path=COOKIE_PATH)
    response.delete_cookie("onevisit_csrf", path="/")
    return response


@bp.get("/me")
@needs()
@bp.response(200, schemas.AccountSchema)
def me() -> dict[str, object]:
    """Who am I?"""
    return queries.profile_of_account(db.session.get_one(Account, acting().account_id))


@bp.post("/devices/nonce")
@needs()
@bp.response(201, schemas.NonceSchema)
def ask_device() -> dict[str, str]:
    """The question a new device must sign."""
    return {"nonce": actions.ask_device().id}


@bp.post("/devices")
@needs()
@bp.arguments(schemas.EnrolmentSchema)
@bp.response(201, schemas.EnrolledSchema)
def enrol_device(given: dict[str, Any]) -> dict[str, Any]:
    """Enrol this device with a key of its own."""
    device = actions.enrol_device(**given)
    return {"device": device, "recovery_secret": device.recovery_secret}


@bp.get("/devices")
@needs()
@bp.response(200, schemas.DeviceListSchema)
def devices() -> dict[str, Any]:
    """My devices."""
    return {"items": queries.devices_of(acting().account_id or "")}


@bp.delete("/devices/<device_id>")
@needs()
@bp.response(200, schemas.DeviceSchema)
def revoke_device(device_id: str) -> Any:
    """Take one of my devices' right to write away."""
    return actions.revoke_device(device_id)


@bp.get("/devices/<device_id>/recovery")
@needs()
@bp.response(200, schemas.RecoverySchema)
def recovery(device_id: str) -> dict[str, str]:
    """The recovery secret of one of my own devices, for a forgotten PIN."""
    return {"recovery_secret": queries.device_of(acting().account_id or "", device_id).recovery_secret}
