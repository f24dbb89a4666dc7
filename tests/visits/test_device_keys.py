"""Does every phone know the keys of the team's other phones, also of one that was brought later?"""

from collections.abc import Callable
from typing import Any

from flask import Flask

from onevisit.accounts.actions import take_right_away
from onevisit.accounts.models import Device
from onevisit.core import trail
from onevisit.core.db import db, transaction
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
