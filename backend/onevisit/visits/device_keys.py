"""Whose phone signed what another phone hands over? The team's public keys, so that it is checked without a network."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from onevisit.accounts.models import Account, Device
from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.models import TeamMember

TURNS = ("device.enrolled", "device.revoked")


def devices_of(visit_id: str) -> list[dict[str, Any]]:
    """The phones of a visit's team that may write: id, owner, and the two halves of the key (P-256)."""
    rows = db.session.execute(
        select(Device.id, Account.inspector_id, Device.public_key)
        .join(Account, Account.id == Device.account_id)
        .where(Account.inspector_id.in_(_team(visit_id)), Device.revoked_at.is_(None))
        .order_by(Device.id)
    )
    return [
        {
            "id": row.id,
            "inspector": row.inspector_id,
            "x": row.public_key.get("x"),
            "y": row.public_key.get("y"),
        }
        for row in rows
    ]


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
