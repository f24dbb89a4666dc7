"""Which phones does a team carry, when were they last heard of, and who may take a lost one's right to write away? (sync.md 1, 7)"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from onevisit.accounts.actions import take_right_away
from onevisit.accounts.models import Account, Device
from onevisit.core.auth import Actor, acting
from onevisit.core.db import db
from onevisit.core.problems import forbidden, not_found
from onevisit.dispatches.models import TeamMember, Visit
from onevisit.evidence.models import EvidenceFile
from onevisit.inspectors.models import Inspector
from onevisit.visits.queries import visit_seen
from onevisit.visits.record import record_of, visit_row
from onevisit.visits.rules import Context

Json = dict[str, Any]


def phones_of_team(visit: Visit) -> list[Json]:
    """Each member of the team with the phones that write in that name."""
    context = _context(visit.id)
    missing = _missing(visit.id)
    rows = db.session.execute(
        select(TeamMember.inspector_id, TeamMember.department_id, Inspector.name, Device)
        .join(Inspector, Inspector.id == TeamMember.inspector_id)
        .outerjoin(Account, Account.inspector_id == TeamMember.inspector_id)
        .outerjoin(Device, Device.account_id == Account.id)
        .where(TeamMember.visit_id == visit.id, TeamMember.removed_at.is_(None))
        .order_by(TeamMember.department_id, TeamMember.order, Device.enrolled_at.desc())
    ).all()
    people: dict[str, Json] = {}
    for row in rows:
        may = _may_revoke(acting(), row.inspector_id, row.department_id, context)
        person = people.setdefault(
            row.inspector_id,
            {
                "inspector": row.inspector_id, "name": row.name, "department": row.department_id, "may_revoke": may,
                "phones": [],
            },
        )  # fmt: skip
        if row.Device is not None:
            count, since = missing.get(row.Device.id, (0, None))
            person["phones"].append(
                {
                    "id": row.Device.id, "label": row.Device.label, "enrolled_at": row.Device.enrolled_at,
                    "last_seen_at": row.Device.last_seen_at, "revoked_at": row.Device.revoked_at,
                    "missing": count, "missing_since": since,
                }
            )  # fmt: skip
    return list(people.values())


def revoke_phone(visit_id: str, device_id: str, reason: str) -> Visit:
    """The leader takes a lost phone's right away: what it still sends is held, not lost."""
    actor = acting()
    visit = visit_seen(actor, visit_id)
    owner = db.session.execute(
        select(Device, TeamMember)
        .join(Account, Account.id == Device.account_id)
        .join(TeamMember, TeamMember.inspector_id == Account.inspector_id)
        .where(Device.id == device_id, TeamMember.visit_id == visit.id, TeamMember.removed_at.is_(None))
    ).first()
    if owner is None:
        raise not_found("手机")
    member = owner.TeamMember
    if not _may_revoke(actor, member.inspector_id, member.department_id, _context(visit.id)):
        raise forbidden("只有组长、该部门的带队人和手机主人能停用这部手机。请联系组长。")
    take_right_away(owner.Device, visit=visit.id, reason=reason)
    return visit_seen(actor, visit_id)


def _may_revoke(actor: Actor, owner: str, department: str, context: Context) -> bool:
    mine = actor.inspector_id
    return mine is not None and (
        mine == owner or mine in context.leaders or context.part_leaders.get(department) == mine
    )


def _context(visit_id: str) -> Context:
    return record_of(visit_row(visit_id)).context()


def _missing(visit_id: str) -> dict[str, tuple[int, Any]]:
    """Originals that were named and have not come: device -> how many, since when."""
    rows = db.session.execute(
        select(EvidenceFile.device_id, func.count(), func.min(EvidenceFile.announced_at))
        .where(EvidenceFile.visit_id == visit_id, EvidenceFile.stored_at.is_(None))
        .group_by(EvidenceFile.device_id)
    )
    return {device: (count, since) for device, count, since in rows}
