"""Whose phone signed what another phone hands over? The team's public keys, so that it is checked without a network.

A phone enrolled after the others last heard the server brings the server's word for itself: a certificate over account's
inspector, key and moment of enrolment, which every phone checks with the server's key in its own package.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from onevisit.accounts.models import Account, Device
from onevisit.config import Config
from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.models import TeamMember
from onevisit.visits.server_log import server_public, sign

TURNS = ("device.enrolled", "device.revoked")


def keys_of(visit_id: str) -> dict[str, Any]:
    """What a phone needs to check others: their keys, when this list was made, and the key behind certificates.

    Whoever was enrolled before `devices_at` and is not on the list has lost the right to write: no certificate helps.
    """
    config: Config = current_app.config["ONEVISIT"]
    made_at = clock.now()
    return {
        "devices": _devices_of(visit_id, config.secret),
        "devices_at": _moment(made_at),
        "server_key": server_public(config.secret),
    }


def enrolment_text(device: str, inspector: str, x: str, y: str, enrolled_at: str) -> str:
    """What the server signs of a phone."""
    return f"onevisit-enrolment/1|{device}|{inspector}|{x}|{y}|{enrolled_at}"


def _devices_of(visit_id: str, secret: str) -> list[dict[str, Any]]:
    """The phones of a visit's team that may write: id, owner, the two halves of the key (P-256), certificate."""
    rows = db.session.execute(
        select(Device.id, Account.inspector_id, Device.public_key, Device.enrolled_at)
        .join(Account, Account.id == Device.account_id)
        .where(Account.inspector_id.in_(_team(visit_id)), Device.revoked_at.is_(None))
        .order_by(Device.id)
    )
    return [_certified(secret, *row) for row in rows]


def _certified(
    secret: str, device: str, inspector: str, key: dict[str, Any], enrolled: datetime
) -> dict[str, Any]:
    x, y, enrolled_at = str(key.get("x")), str(key.get("y")), _moment(enrolled)
    text = enrolment_text(device, inspector, x, y, enrolled_at)
    return {
        "id": device, "inspector": inspector, "x": x, "y": y,
        "enrolled_at": enrolled_at, "certificate": sign(secret, text),
    }  # fmt: skip


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def with_other_phones(visit_ids: Sequence[str], turn: int) -> set[str]:
    """Which of these visits have somebody on the team who brought or lost a phone since `turn`."""
    found = db.session.execute(
        select(TeamMember.visit_id)
        .join(Account, Account.inspector_id == TeamMember.inspector_id)
        .join(Device, Device.account_id == Account.id)
        .join(TrailEntry, TrailEntry.object_id == Device.id)
        .where(
            TeamMember.visit_id.in_(visit_ids), TeamMember.removed_at.is_(None),
            TrailEntry.position > turn, TrailEntry.event.in_(TURNS),
        )
        .distinct()
    )  # fmt: skip
    return set(found.scalars())


def _team(visit_id: str) -> Any:
    return select(TeamMember.inspector_id).where(
        TeamMember.visit_id == visit_id, TeamMember.removed_at.is_(None)
    )
