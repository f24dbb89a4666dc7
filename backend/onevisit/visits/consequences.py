"""What follows when a record has grown? Projections, signed manifests, locks, to-dos, and the facts for the trail."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from onevisit.core import trail
from onevisit.core.canonical import canonical
from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.dispatches.models import Part
from onevisit.visits.manifest import differences
from onevisit.visits.models import SignedManifest, Todo
from onevisit.visits.record import LATER_STATES, Json, Record
from onevisit.visits.rules import LOCKED_STATES
from onevisit.visits.signed import kept_instead
from onevisit.visits.statements import BEGIN_STATE, MOVE_PART, MOVE_STATE, PART_STATES, asked, written
from onevisit.visits.terms import ConfirmationState, PartState

FAULT = "fault"
MANIFEST_STATES = {ConfirmationState.UNEQUAL: FAULT}


def keep(record: Record, at: datetime) -> None:
    """Fold, keep the projection, and write what turned with it; once per bundle."""
    state = record.refold()
    if _keep_state(record):
        _tell(record, "visit.begun", None)
    confirmed = [_keep_manifest(record, entry, at) for entry in state["confirmations"]]
    before = _part_states(record)
    after = {part: there["state"] for part, there in state["parts"].items() if part in before}
    for part, now in after.items():
        if now != before[part] and before[part] not in LATER_STATES:
            _keep_part_state(record.visit.id, part, now)
    _close_todos(record, at)
    for entry in filter(None, confirmed):
        _tell_confirmed(record, entry)
    for part, now in after.items():
        _tell_part(record, part, before[part], now)


def _keep_state(record: Record) -> bool:
    """True where these are the first operations of the visit."""
    text = json.dumps(record.state, ensure_ascii=False, separators=(",", ":"))
    position = max(place.position for place in record.places)
    if record.visit.kept is not None:
        asked(MOVE_STATE, visit=record.visit.id, text=text, last=position)
        return False
    written(BEGIN_STATE, [{"visit_id": record.visit.id, "state": text, "position": position}])
    return True


def _part_states(record: Record) -> dict[str, str]:
    return {row.department_id: row.state for row in asked(PART_STATES, visit=record.visit.id)}


def _keep_part_state(visit_id: str, part: str, state: str) -> None:
    asked(MOVE_PART, visit=visit_id, part=part, now=state)
    for known in db.session.identity_map.values():
        if isinstance(known, Part) and known.visit_id == visit_id:
            db.session.expire(known, ["state"])


def _keep_manifest(record: Record, entry: Json, at: datetime) -> Json | None:
    """The confirmation's row; returned when its state is new."""
    state = str(MANIFEST_STATES.get(entry["state"], entry["state"]))
    columns = (SignedManifest.id, SignedManifest.state, SignedManifest.locked_at)
    row = db.session.execute(select(*columns).where(SignedManifest.operation_id == entry["id"])).first()
    if row is not None and row.state == state:
        return None
    differs = _differs(record, entry) if state == FAULT else []
    locked_at = at if state == ConfirmationState.LOCKED else None
    if row is None:
        db.session.execute(insert(SignedManifest), [_manifest_row(record, entry, state, differs, locked_at)])
    else:
        changed = {"state": state, "differs": differs, "locked_at": row.locked_at or locked_at}
        db.session.execute(update(SignedManifest).where(SignedManifest.id == row.id).values(changed))
    return {**entry, "first": row is None, "differs": differs}


def _manifest_row(
    record: Record, entry: Json, state: str, differs: list[Json], locked_at: datetime | None
) -> Json:
    signed = _signed(record, entry["id"])
    return {
        "id": new_id(), "visit_id": record.visit.id, "operation_id": entry["id"], "digest": entry["digest"],
        "manifest": canonical(signed).decode(), "parts": entry["parts"], "state": state, "differs": differs,
        "confirmed_at": datetime.fromisoformat(entry["at"]), "locked_at": locked_at,
    }  # fmt: skip


def _signed(record: Record, id_: str) -> Json:
    place = next(place for place in record.places if place.id == id_ and place.operation is not None)
    signed: Json = place.operation.body["manifest"]  # type: ignore[union-attr]
    return signed


def _differs(record: Record, entry: Json) -> list[Json]:
    """Where what was signed is not what is kept, in full for the screen."""
    signed = _signed(record, entry["id"])
    kept = kept_instead(record, entry["id"])
    found = differences({"parts": signed["parts"], "frontier": signed["frontier"]}, kept)
    return [_storable(one) for one in found[:500]]


def _storable(value: Any) -> Any:
    """JSONB keeps no NUL; a forged manifest may carry one."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {name: _storable(member) for name, member in value.items()}
    return [_storable(member) for member in value] if isinstance(value, list) else value


def _close_todos(record: Record, at: datetime) -> None:
    """A returned item that was submitted again is done, and so is a fault that is none any more."""
    parts, confirmations = record.state["parts"].values(), record.state["confirmations"]
    answered = [entry["id"] for part in parts for entry in part["review"]["returned"] if entry["answered"]]
    mended = [entry["id"] for entry in confirmations if entry["state"] != ConfirmationState.UNEQUAL]
    if done := answered + mended:
        owed = (Todo.visit_id == record.visit.id, Todo.operation_id.in_(done), Todo.done_at.is_(None))
        db.session.execute(update(Todo).where(*owed).values(done_at=at))


def _tell_confirmed(record: Record, entry: Json) -> None:
    facts = {
        "operation": entry["id"], "digest": entry["digest"], "parts": entry["parts"], "kind": entry["kind"],
        "refused": entry["refusal"] is not None,
    }  # fmt: skip
    if entry["first"]:
        event = "visit.confirmed" if entry["kind"] == "confirm" else "visit.supplemented"
        _tell(record, event, None, state=entry["state"], **facts)
    if entry["state"] == ConfirmationState.UNEQUAL:
        _tell(record, "visit.confirmation_unequal", None, differs=len(entry["differs"]), **facts)


def _tell_part(record: Record, part: str, before: str, now: str) -> None:
    """One fact per turn of a part; what reviews decide they tell themselves."""
    if before == now or before in LATER_STATES:
        return
    if now in LOCKED_STATES and before not in LOCKED_STATES:
        lock = record.state["parts"][part]["lock"]
        signed = next(one for one in record.state["confirmations"] if one["id"] == lock["chain"][0])
        _tell(
            record,
            "part.locked",
            part,
            digest=lock["digest"],
            confirmation=lock["chain"][0],
            ended_at=signed["at"],
        )
    if now == PartState.READY:
        _tell(record, "part.ready", part)
    elif now == PartState.OPEN and before == PartState.READY:
        _tell(record, "part.reopened", part)
    elif now == PartState.SUBMITTED:
        _tell(record, "part.submitted", part, again=before == PartState.RETURNED)


def _tell(record: Record, event: str, part: str | None, **facts: Any) -> None:
    trail.record(
        event, "visit", record.visit.id, region_id=record.visit.region_id, department_id=part, **facts
    )
