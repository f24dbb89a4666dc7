"""What does taking in a bundle ask and write? Each statement made once: making one costs three times what running it does."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import BindParameter, Table, and_, bindparam, exists, func, insert, or_, select, update

from onevisit.accounts.models import Account, Device
from onevisit.core.db import running
from onevisit.dispatches.models import Part, TeamMember, Visit
from onevisit.tasks.models import TaskItem
from onevisit.visits.models import KeptBundle, Log, StoredOperation, VisitState

_VISITS, _PARTS, _TEAM, _ITEMS, _STATES, _LOGS, _PLACES, _BUNDLES, _DEVICES, _ACCOUNTS = (
    cast(Table, model.__table__)
    for model in (
        Visit,
        Part,
        TeamMember,
        TaskItem,
        VisitState,
        Log,
        StoredOperation,
        KeptBundle,
        Device,
        Account,
    )
)
_VISIT: BindParameter[Any] = bindparam("visit")
_DEVICE: BindParameter[Any] = bindparam("device")

SENDER = (
    select(
        _DEVICES.c.public_key,
        _DEVICES.c.revoked_at,
        _ACCOUNTS.c.id,
        _ACCOUNTS.c.inspector_id,
        _ACCOUNTS.c.region_id,
    )
    .join_from(_DEVICES, _ACCOUNTS, _ACCOUNTS.c.id == _DEVICES.c.account_id)
    .where(_DEVICES.c.id == _DEVICE)
)
# The visit as planned, the state kept of it, and whether anything was ever taken in.
VISIT = (
    select(
        _VISITS.c.id, _VISITS.c.region_id, _VISITS.c.task_id, _VISITS.c.leader_id, _VISITS.c.state, _VISITS.c.no,
        _STATES.c.state.label("kept"), exists().where(_LOGS.c.visit_id == _VISITS.c.id).label("has_logs"),
    )
    .join_from(_VISITS, _STATES, _STATES.c.visit_id == _VISITS.c.id, isouter=True)
    .where(_VISITS.c.id == _VISIT)
)  # fmt: skip
PLACES = (
    select(
        _PLACES.c.device_id, _PLACES.c.seq, _PLACES.c.id, _PLACES.c.hash, _PLACES.c.verdict, _PLACES.c.reason,
        _PLACES.c.position, _PLACES.c.raw,
    )
    .where(_PLACES.c.visit_id == _VISIT)
    .order_by(_PLACES.c.position)
)  # fmt: skip
_this_log = and_(_LOGS.c.visit_id == _VISIT, _LOGS.c.device_id == _DEVICE)
_waits = and_(_BUNDLES.c.visit_id == _VISIT, _BUNDLES.c.device_id == _DEVICE, _BUNDLES.c.waiting.is_not(None))
LOG = select(
    select(_LOGS.c.accepted_to).where(_this_log).scalar_subquery().label("accepted_to"),
    select(_LOGS.c.head).where(_this_log).scalar_subquery().label("head"),
    exists().where(_waits).label("waits"),
)
NEXT_WAITING = (
    select(_BUNDLES.c.id, _BUNDLES.c.waiting)
    .where(_waits, _BUNDLES.c.first <= bindparam("next"))
    .order_by(_BUNDLES.c.first, _BUNDLES.c.last.desc(), _BUNDLES.c.id)
    .limit(1)
)
# Each part with its team, removed members left out; a part without anybody stands there once.
PARTS = (
    select(
        _PARTS.c.department_id, _PARTS.c.initiating, _PARTS.c.leader_id, _PARTS.c.state,
        _TEAM.c.inspector_id.label("member"),
    )
    .join_from(
        _PARTS, _TEAM, isouter=True,
        onclause=and_(
            _TEAM.c.visit_id == _PARTS.c.visit_id, _TEAM.c.department_id == _PARTS.c.department_id,
            _TEAM.c.removed_at.is_(None),
        ),
    )
    .where(_PARTS.c.visit_id == _VISIT)
    .order_by(_PARTS.c.order, _TEAM.c.order)
)  # fmt: skip
# The items of the visit's own task, then of those that it carries out as well.
ITEMS = (
    select(_ITEMS.c.department_id, _ITEMS.c.item_id, _ITEMS.c.checklist_id)
    .join_from(_VISITS, _ITEMS, _ITEMS.c.task_id == _VISITS.c.task_id)
    .where(or_(_VISITS.c.id == _VISIT, _VISITS.c.merged_into_id == _VISIT))
    .order_by(_VISITS.c.id != _VISIT, _VISITS.c.dispatched_at, _VISITS.c.no, _ITEMS.c.order)
)
LAST_POSITION = select(func.max(_PLACES.c.position))
ELSEWHERE = select(_PLACES.c.id).where(
    _PLACES.c.id.in_(bindparam("ids", expanding=True)), _PLACES.c.visit_id != _VISIT
)
PART_STATES = select(_PARTS.c.department_id, _PARTS.c.state).where(_PARTS.c.visit_id == _VISIT)

KEEP_PLACES, KEEP_BUNDLE = insert(_PLACES), insert(_BUNDLES)
BEGIN_LOG, BEGIN_STATE = insert(_LOGS), insert(_STATES)
MOVE_LOG = (
    update(_LOGS)
    .where(_this_log)
    .values(accepted_to=bindparam("to"), head=bindparam("hash"), last_received_at=bindparam("at"))
)
MOVE_STATE = (
    update(_STATES)
    .where(_STATES.c.visit_id == _VISIT)
    .values(state=bindparam("text"), position=bindparam("last"))
)
MOVE_PART = (
    update(_PARTS)
    .where(_PARTS.c.visit_id == _VISIT, _PARTS.c.department_id == bindparam("part"))
    .values(state=bindparam("now"))
)
SEEN = update(_DEVICES).where(_DEVICES.c.id == _DEVICE).values(last_seen_at=bindparam("at"))


def asked(statement: Any, **values: Any) -> Any:
    """Run one of them in the running transaction, without the ORM."""
    return running().execute(statement, values)


def written(statement: Any, rows: list[dict[str, Any]]) -> None:
    """Write rows."""
    running().execute(statement, rows)
