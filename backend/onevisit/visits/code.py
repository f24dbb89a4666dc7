"""Who is at the door? The visit code 亮码: a token that anybody at hand may scan, and what it tells (process.md 5.1)."""

from typing import Any

from flask import current_app

from onevisit.config import Config
from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.core.sealed import id_under, sealed
from onevisit.dispatches.models import Visit
from onevisit.dispatches.notices import is_sensitive, parts_told
from onevisit.draws.keys import draw_key
from onevisit.subjects.words import spoken_for
from onevisit.visits.package import build_package
from onevisit.visits.signed_code import LONGEST, code_text

KIND = "visit-code"


def code_token(visit_id: str) -> str:
    """The visit's id under a seal of this installation: to be shown without a network, not to be guessed."""
    return sealed(KIND, visit_id)


def code_url(visit_id: str) -> str:
    """What the QR on the inspector's screen says: where the server tells more, and behind # what is signed.

    What stands behind # never reaches a server; of a sensitive task nothing stands there.
    """
    config: Config = current_app.config["ONEVISIT"]
    where, visit, key = (
        f"{config.public_url}/public/visits/{code_token(visit_id)}",
        db.session.get(Visit, visit_id),
        draw_key(),
    )
    if visit is None or is_sensitive(visit):
        return where
    day, room = clock.today().isoformat(), LONGEST - len(where) - 1
    said = code_text(_door(visit), day, key.kid, key.sign, room)
    return f"{where}#{said}" if said else where


def visit_of_token(token: str) -> Visit:
    """The visit a token names; a false one names nothing."""
    visit_id = id_under(KIND, token)
    visit = db.session.get(Visit, visit_id) if visit_id else None
    if visit is None:
        raise Problem(
            "visits.code_unknown", "没有找到这次检查。请核对执法人员出示的二维码，或拨打联系电话核实。", 404
        )
    return visit


def shown_at_the_door(visit: Visit) -> dict[str, Any]:
    """Inspectors with certificate numbers, items, check no. N of this year; of a sensitive task nothing.

    Before the first record of the visit is here (`begun_at`, its arrival) only what the notice tells is said: a code that
    went round beforehand must not announce a check, nor an item, that is not to be announced. Where the inspectors are
    at the door without a network, the signed text behind the # of the code they hold out says it instead: only their
    phone has it, and it shows it only once it has recorded the arrival.
    """
    if is_sensitive(visit):
        raise Problem("visits.code_withheld", "这次检查的情况不在网上公开。请查验执法人员的执法证件。", 403)
    if visit.begun_at is not None:
        return _door(visit)
    if visit.notice is None:
        raise Problem(
            "visits.code_not_yet",
            "平台还没有收到检查人员到达的记录。请核对二维码里的签名内容和执法证件。",
            403,
        )
    return _told(visit)


def _told(visit: Visit) -> dict[str, Any]:
    """The door as far as the notice tells of it."""
    told, door = {one["name"]: one["items"] for one in parts_told(visit)}, _door(visit)
    parts = [{**one, "items": told[one["department"]]} for one in door["parts"] if one["department"] in told]
    return {**door, "parts": parts}


def _door(visit: Visit) -> dict[str, Any]:
    package = build_package(visit, None)
    party = package["subject"].get("responsible")
    return {
        "visit_no": package["visit_no"], "task": package["task"]["name"], "plan": package["task"]["plan_name"],
        "region": package["region"]["name"], "issuer": package["issuer"],
        "subject": {
            "name": spoken_for(package["subject"]["name"], party["name"] if party else None),
            "credit_code": package["subject"]["credit_code"] or (party["credit_code"] if party else None),
        },
        "year_count": package["year_count"], "cap": package["cap"], "window": package["window"],
        "parts": [
            {
                "department": part["department"]["name"], "initiating": part["initiating"],
                "inspectors": [
                    {"name": one["name"], "certificate": one["certificate"], "leads": one["id"] == package["leader"]}
                    for one in part["team"]
                ],
                "items": [item["name"] for item in part["items"]],
            }
            for part in package["parts"]
        ],
    }  # fmt: skip
