"""Who is at the door? The visit code 亮码: a token that anybody at hand may scan, and what it tells (process.md 5.1)."""

import base64
import binascii
import hmac
import uuid
from typing import Any

from flask import current_app

from onevisit.config import Config
from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.dispatches.merges import tasks_of
from onevisit.dispatches.models import Visit
from onevisit.draws.keys import draw_key
from onevisit.subjects.words import spoken_for
from onevisit.visits.package import build_package
from onevisit.visits.signed_code import LONGEST, code_text

_MAC = 12


def code_token(visit_id: str) -> str:
    """The visit's id under a seal of this installation: to be shown without a network, not to be guessed."""
    plain = uuid.UUID(visit_id).bytes
    return base64.urlsafe_b64encode(plain + _seal(plain)).rstrip(b"=").decode()


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


def _seal(plain: bytes) -> bytes:
    config: Config = current_app.config["ONEVISIT"]
    return hmac.digest(config.secret.encode(), b"visit-code|" + plain, "sha256")[:_MAC]


def visit_of_token(token: str) -> Visit:
    """The visit a token names; a false one names nothing."""
    try:
        plain = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[:16]
        visit_id = str(uuid.UUID(bytes=plain))
    except (ValueError, binascii.Error):
        visit_id = str(uuid.UUID(int=0))
    # Compared as a whole text, so that every visit has exactly one token.
    genuine = hmac.compare_digest(code_token(visit_id).encode(), token.encode())
    visit = db.session.get(Visit, visit_id) if genuine else None
    if visit is None:
        raise Problem(
            "visits.code_unknown", "没有找到这次检查。请核对执法人员出示的二维码，或拨打联系电话核实。", 404
        )
    return visit


def shown_at_the_door(visit: Visit) -> dict[str, Any]:
    """Inspectors with certificate numbers, items, check no. N of this year; of a sensitive task nothing."""
    if is_sensitive(visit):
        raise Problem("visits.code_withheld", "这次检查的情况不在网上公开。请查验执法人员的执法证件。", 403)
    return _door(visit)


def is_sensitive(visit: Visit) -> bool:
    """Arms, explosives, poisons: nothing of it is said in public."""
    return any(task.sensitive for task in tasks_of(visit))


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
