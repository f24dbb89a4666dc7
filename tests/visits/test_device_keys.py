"""Does every phone know the keys of the team's other phones, also of one that was brought later?"""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from flask import Flask

from onevisit.accounts.actions import take_right_away
from onevisit.accounts.models import Device
from onevisit.accounts.rules import public_key_of
from onevisit.core import trail
from onevisit.core.db import db, transaction
from onevisit.visits.device_keys import enrolment_text
from tests.factories.desk import LEAD, PARTNER
from tests.factories.phone import make_device, make_phone
from tests.factories.visits import make_scene

Clients = Callable[..., Any]


def devices(page: dict[str, Any]) -> dict[str, str]:
    [package] = page["visits"]
    return {one["id"]: one["inspector"] for one in package["devices"]}


def test_a_package_names_the_phones_of_the_team_and_comes_again_when_they_change(
    app: Flask, client_for: Clients
) -> None:
    scene = make_scene()
    lead = make_phone(scene, client_for, LEAD)
    first = lead.changes()
    assert devices(first) == {lead.device: lead.by}
    assert lead.changes(first["cursor"])["visits"] == []
    partner = scene.people[PARTNER][0]
    _, device = make_device(partner)
    with transaction():
        trail.record("device.enrolled", "device", device.id, label="示例手机")
    second = lead.changes(first["cursor"])
    assert devices(second) == {lead.device: lead.by, device.id: partner.inspector_id}
    told = next(one for one in second["visits"][0]["devices"] if one["id"] == device.id)
    assert {told["x"], told["y"]} == {device.public_key["x"], device.public_key["y"]}
    with app.test_request_context():
        take_right_away(db.session.get_one(Device, device.id))
    assert devices(lead.changes(second["cursor"])) == {lead.device: lead.by}


def certified(package: dict[str, Any], **over: str) -> None:
    """Raises unless the key in the package signed what is said of its one phone."""
    told = {**package["devices"][0], **over}
    raw = base64.urlsafe_b64decode(told["certificate"] + "==")
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    text = enrolment_text(told["id"], told["inspector"], told["x"], told["y"], told["enrolled_at"])
    key = public_key_of({"kty": "EC", "crv": "P-256", **package["server_key"]})
    key.verify(signature, text.encode(), ec.ECDSA(hashes.SHA256()))


def test_the_server_signs_for_each_phone_what_it_is_enrolled_as(app: Flask, client_for: Clients) -> None:
    scene = make_scene()
    lead = make_phone(scene, client_for, LEAD)
    [package] = lead.changes()["visits"]
    certified(package)
    assert datetime.fromisoformat(package["devices"][0]["enrolled_at"]) < datetime.fromisoformat(
        package["devices_at"]
    )
    partner = scene.people[PARTNER][0]
    other = {"inspector": str(partner.inspector_id), "id": "another", "enrolled_at": package["devices_at"]}
    for field, value in other.items():
        with pytest.raises(InvalidSignature):
            certified(package, **{field: value})
