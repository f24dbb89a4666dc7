"""What happens when bundles come, when a review writes into a record, when somebody is owed a to-do?"""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from onevisit.config import Config
from onevisit.core import clock, trail
from onevisit.core.db import db, one_at_a_time, running, transaction
from onevisit.core.ids import new_id
from onevisit.core.problems import Problem, not_found
from onevisit.visits import consequences
from onevisit.visits.intake import (
    Incoming,
    Sender,
    Taken,
    Turned,
    check_bundle,
    log_of,
    store_announced,
    take,
    take_waiting,
)
from onevisit.visits.models import ServerEpoch, Todo
from onevisit.visits.operations import register_of
from onevisit.visits.record import Json, Record, record_of, visit_row
from onevisit.visits.rules import Device as Writer
from onevisit.visits.server_log import server_bundle, server_device
from onevisit.visits.shapes import is_device, is_uuid7
from onevisit.visits.statements import SEEN, asked
from onevisit.visits.terms import VerdictKind

log = logging.getLogger(__name__)


def take_bundles(values: list[Any], small: bool = False) -> list[Json]:
    """One answer per bundle; each is taken in as a whole or not at all, and one bad one stops no other.

    `small`: all of them together are no larger than one may be.
    """
    return [_take_one(value, small) for value in values]


def _take_one(value: Any, small: bool) -> Json:
    incoming = check_bundle(value, small)
    if isinstance(incoming, Turned):
        return _turned(value, incoming)
    try:
        return _take_in(incoming)
    except (Problem, OperationalError):
        raise
    except Exception:
        log.exception("bundle %s %s", incoming.bundle.device, incoming.bundle.hash)
        return _turned(value, Turned("sync.unexpected", "服务器没能处理这一包，没有写入，会再传。", "later"))


def _take_in(incoming: Incoming) -> Json:
    bundle, at = incoming.bundle, clock.now()
    with transaction():
        one_at_a_time("operations")
        visit = visit_row(bundle.visit)
        if visit is None or visit.region_id != incoming.sender.region_id:
            return _turned(
                None, Turned("sync.unknown_visit", "服务器上没有这次任务，记录先留在手机里。"), bundle
            )
        record = record_of(visit)
        found = take(record, incoming, at)
        if isinstance(found, Turned):
            if found.kept:
                _tell_received(record, incoming, [], waiting=True)
            return _turned(None, found, bundle)
        later = take_waiting(record, incoming, at) if found.fresh and found.waits else Taken()
        if fresh := found.fresh + later.fresh:
            store_announced(visit.id, Taken(announced=found.announced + later.announced), at)
            asked(SEEN, device=bundle.device, at=at)
            _tell_received(record, incoming, fresh)
            consequences.keep(record, at)
        return _answer(incoming, found, max(found.accepted_to, later.accepted_to))


def _tell_received(record: Record, incoming: Incoming, fresh: list[Any], waiting: bool = False) -> None:
    bundle = incoming.bundle
    counts = {kind.value: sum(place.verdict == kind for place in fresh) for kind in VerdictKind}
    trail.record(
        "bundle.waiting" if waiting else "bundle.received", "visit", record.visit.id, region_id=record.visit.region_id,
        device=bundle.device, first=bundle.first, last=fresh[-1].seq if fresh else bundle.last, hash=bundle.hash,
        by=incoming.sender.account_id, **{name: count for name, count in counts.items() if count},
    )  # fmt: skip


def _answer(incoming: Incoming, taken: Taken, accepted_to: int) -> Json:
    bundle = incoming.bundle
    answer = {
        "device": bundle.device, "visit": bundle.visit, "accepted_to": accepted_to, "expected": accepted_to + 1,
        "code": None, "detail": None, "retry": None, "verdicts": taken.verdicts,
    }  # fmt: skip
    if incoming.sender.writer.revoked:
        detail = "这台设备已停用：收到的记录都留着，等组长采纳。请重新登记设备。"
        answer |= {"code": "sync.device_revoked", "detail": detail, "retry": "after_login"}
    return answer


def _turned(value: Any, turned: Turned, bundle: Any = None) -> Json:
    """The answer to a bundle that was not taken in; `expected` says where a gap begins."""
    expected = log_of(bundle.visit, bundle.device)[0] + 1 if turned.code == "sync.gap" else None
    named = {"device": bundle.device, "visit": bundle.visit} if bundle else _named(value)
    return {
        **named, "accepted_to": expected - 1 if expected else 0, "expected": expected, "code": turned.code,
        "detail": turned.detail, "retry": turned.retry, "verdicts": [],
    }  # fmt: skip


def _named(value: Any) -> Json:
    """Whose and of what it claims to be; text that is no name is not said back (half a character could not travel)."""
    given = value if isinstance(value, dict) else {}
    device, visit = given.get("device"), given.get("visit")
    return {"device": device if is_device(device) else None, "visit": visit if is_uuid7(visit) else None}


def append_server_operation(visit_id: str, kind: str, part: str | None, body: Json, by: str) -> str:
    """Write into the server's own log of a visit, in the running transaction; the operation's id.

    Call it before anything is written to the trail: the lock on operations comes before that of the trail.
    """
    config: Config = current_app.config["ONEVISIT"]
    with transaction():
        one_at_a_time("operations")
        visit, at = visit_row(visit_id), clock.now()
        if visit is None:
            raise not_found("检查")
        record, device = record_of(visit), server_device(visit.region_id)
        base = _seen(record, part, body)
        written = {"kind": kind, "part": part, "body": body, "base": base, "by": by}
        bundle = server_bundle(config.secret, device, visit_id, log_of(visit_id, device), written)
        if (refusal := bundle.links[0].refusal) is not None:
            raise Problem("visits.bad_operation", f"这一步的内容不对，没有写入：{refusal.detail}。", 422)
        taken = take(record, Incoming(bundle, Sender(None, Writer(None), visit.region_id)), at)
        if isinstance(taken, Turned) or taken.verdicts[0]["verdict"] != VerdictKind.APPLIED:
            raise Problem("visits.not_applied", "这一步现在不能写入记录。请刷新后再试。", 409)
        store_announced(visit_id, taken, at)
        consequences.keep(record, at)
        return str(taken.verdicts[0]["id"])


def _seen(record: Record, part: str | None, body: Json) -> dict[str, list[str]]:
    """The values that the writer saw in the register it sets, so that nothing vanishes unseen (sync.md 4)."""
    register = f"review/{part}/{body.get('item') or 'all'}"
    found = [
        place.id
        for place in record.places
        if place.operation is not None
        and place.verdict == VerdictKind.APPLIED
        and place.operation.part == part
        and register_of(place.operation) == register
    ]
    return {register: found[-100:]} if found else {}


def make_todo(
    visit_id: str, department_id: str, kind: str, text: str, *, inspector_id: str | None = None,
    item_id: str | None = None, operation_id: str | None = None, due: date | None = None,
) -> str:  # fmt: skip
    """Somebody owes something to a visit; without an inspector the whole team of the part. In the running transaction."""
    name = new_id()
    row = {
        "id": name, "visit_id": visit_id, "department_id": department_id, "kind": kind, "text": text,
        "inspector_id": inspector_id, "item_id": item_id, "operation_id": operation_id, "due": due,
        "made_at": clock.now(),
    }  # fmt: skip
    with transaction():
        db.session.execute(insert(Todo), [row])
    return name


_EPOCHS = ServerEpoch.__table__.c
EPOCH = select(_EPOCHS.name).order_by(_EPOCHS.number.desc()).limit(1)


def epoch() -> str:
    """Which life of this server it is; begun by the first who asks."""
    if (name := running().execute(EPOCH).scalar()) is not None:
        return str(name)
    try:
        with transaction():
            db.session.execute(insert(ServerEpoch), [{"number": 1, "name": new_id(), "since": clock.now()}])
    except IntegrityError:
        db.session.rollback()
    return str(running().execute(EPOCH).scalar_one())
