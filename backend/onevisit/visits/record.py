"""What is so of one visit's record right now? The working copy of a bundle's transaction; no ORM objects here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.dispatches.merges import task_ids_of
from onevisit.dispatches.models import Part, TeamMember, Visit
from onevisit.tasks.models import TaskItem
from onevisit.visits.addable import entries_of, listed_versions
from onevisit.visits.fold import Held, fold
from onevisit.visits.models import StoredOperation, VisitState
from onevisit.visits.on_site import visit_must_be_on_site
from onevisit.visits.operations import CONFIRM_KINDS, REVIEW_KINDS, Operation
from onevisit.visits.rules import Context, Verdict, context_of
from onevisit.visits.terms import Kind, PartState, VerdictKind

Json = dict[str, Any]
# What later steps wrote into a part is theirs: the fold ends at `accepted`.
LATER_STATES = frozenset({PartState.FINAL, PartState.PUBLISHED, PartState.WITHHELD, PartState.ARCHIVED})
OVER_STATES = frozenset({PartState.PUBLISHED, PartState.WITHHELD, PartState.ARCHIVED})
# After one of these the next operation may be judged otherwise than the one before.
TURNING_KINDS = (
    CONFIRM_KINDS | REVIEW_KINDS | {Kind.ITEM_ADD, Kind.LEAD_TAKE, Kind.SETTLE, Kind.ADOPT, Kind.SUBMIT}
)


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a log as it is kept; `operation` is None where it cannot be read."""

    device: str
    seq: int
    id: str
    hash: str
    verdict: str
    reason: str | None
    position: int
    operation: Operation | None


@dataclass
class Record:
    """A visit's places, the state folded from them, and what verdicts need to know."""

    visit: Any
    places: list[Place]
    state: Json
    stale: bool = False
    held_parts: dict[str, str | None] = field(default_factory=dict)
    _context: Context | None = None

    def add(self, place: Place) -> None:
        """One more place; the state is folded again only before it is needed."""
        self.places.append(place)
        if place.operation is None:
            return
        if place.verdict == VerdictKind.HELD:
            self.held_parts[place.id] = place.operation.part
        elif place.operation.kind in TURNING_KINDS or self._completes(place):
            self.stale, self._context = True, None

    def _completes(self, place: Place) -> bool:
        """Whether a waiting confirmation may have waited for this one."""
        return any(
            missing["device"] == place.device and missing["to"] <= place.seq
            for entry in self.state["confirmations"]
            for missing in entry["missing"]
        )

    def refold(self) -> Json:
        """Fold everything that counts now."""
        self.state = state_of(self.places)
        self.stale, self._context = False, None
        return self.state

    def context(self) -> Context:
        """What a verdict needs, up to date."""
        if self.stale:
            self.refold()
        if self._context is None:
            self._context = self._made_context()
        return self._context

    def _made_context(self) -> Context:
        """Teams, leaders, items and locks as verdicts need them (sync.md 2)."""
        columns = (Part.department_id, Part.initiating, Part.leader_id, Part.state)
        parts = db.session.execute(
            select(*columns).where(Part.visit_id == self.visit.id).order_by(Part.order)
        ).all()
        later = {part.department_id: part.state for part in parts if part.state in LATER_STATES}
        over = bool(parts) and all(part.state in OVER_STATES for part in parts)
        self.held_parts.update({entry["id"]: entry["part"] for entry in self.state["held"]})
        self.held_parts.update(
            {
                place.id: place.operation.part
                for place in self.places
                if place.verdict == VerdictKind.HELD and place.operation is not None
            }
        )
        return context_of(_plan(self.visit, parts, self.state), self.state, later, over, self.held_parts)


def visit_row(visit_id: str) -> Any | None:
    """The visit as planned, plain columns only."""
    columns = (Visit.id, Visit.region_id, Visit.task_id, Visit.leader_id, Visit.state, Visit.no)
    return db.session.execute(select(*columns).where(Visit.id == visit_id)).first()


def record_of(visit: Any) -> Record:
    """The record of a visit with the state kept of it."""
    places = places_of(visit.id)
    kept = db.session.scalars(select(VisitState.state).where(VisitState.visit_id == visit.id)).first()
    return Record(visit, places, json.loads(kept) if kept is not None else state_of(places))


def places_of(visit_id: str) -> list[Place]:
    """Every place of every log of the visit, in the order of arrival."""
    columns = (
        StoredOperation.device_id, StoredOperation.seq, StoredOperation.id, StoredOperation.hash,
        StoredOperation.verdict, StoredOperation.reason, StoredOperation.position, StoredOperation.raw,
    )  # fmt: skip
    rows = db.session.execute(
        select(*columns).where(StoredOperation.visit_id == visit_id).order_by(StoredOperation.position)
    )
    return [
        Place(*row[:7], None if row.verdict == VerdictKind.REFUSED else read_again(row.raw)) for row in rows
    ]


def read_again(raw: bytes) -> Operation:
    """An operation that was checked when it came; checking it again would cost a bundle's time."""
    value = json.loads(raw)
    at, base = value.pop("at"), value.pop("base")
    seen = {register: tuple(ids) for register, ids in base.items()}
    return Operation(**value, base=seen, wall=at["wall"], offset_ms=at["offset_ms"])


def state_of(places: Iterable[Place]) -> Json:
    """`state = fold(operations)`; a re-chained copy counts as the operation it repeats, and fills its place."""
    places = list(places)
    first = {place.id: place for place in reversed(places) if place.verdict != VerdictKind.DUPLICATE}
    counted, held, filled = [], [], []
    for place in places:
        verdict = first[place.id].verdict if place.verdict == VerdictKind.DUPLICATE else place.verdict
        if place.verdict in (VerdictKind.DUPLICATE, VerdictKind.REFUSED) or place.operation is None:
            filled.append((place.device, place.seq))
        if place.operation is not None and verdict == VerdictKind.APPLIED:
            counted.append(place.operation)
        elif place.operation is not None and verdict == VerdictKind.HELD:
            held.append(Held(place.operation, str(first[place.id].reason)))
    return fold(counted, held, filled)


def given_again(record: Record, place: Place) -> tuple[Verdict, int]:
    """The first verdict of what is already there, with its position."""
    first = place
    if place.verdict == VerdictKind.DUPLICATE:
        first = next(other for other in record.places if other.id == place.id)
    return Verdict(_verdict_kind(first.verdict), first.reason), first.position


def _verdict_kind(code: str) -> VerdictKind:
    return next(kind for kind in VerdictKind if kind == code)


def _plan(visit: Any, parts: Iterable[Any], state: Json) -> Json:
    """The part of the visit package that decides; removed members are not of the team any more."""
    team: dict[str, list[Json]] = {}
    members = select(TeamMember.department_id, TeamMember.inspector_id)
    for row in db.session.execute(
        members.where(TeamMember.visit_id == visit.id, TeamMember.removed_at.is_(None)).order_by(
            TeamMember.order
        )
    ):
        team.setdefault(row.department_id, []).append({"id": row.inspector_id})
    items: dict[str, list[Json]] = {}
    listed = select(TaskItem.department_id, TaskItem.item_id, TaskItem.checklist_id).order_by(TaskItem.order)
    known: set[tuple[str, str]] = set()
    for task_id in task_ids_of(visit.id, visit.task_id):
        for item in db.session.execute(listed.where(TaskItem.task_id == task_id)):
            if (item.department_id, item.item_id) in known:
                continue
            known.add((item.department_id, item.item_id))
            checklist = {"entries": entries_of(item.checklist_id)}
            items.setdefault(item.department_id, []).append({"id": item.item_id, "checklist": checklist})
    addable = listed_versions([part.department_id for part in parts], state)
    return {
        "leader": visit.leader_id or "",
        "profile": {"check_on_site": {"required": visit_must_be_on_site(visit.id)}},
        "parts": [
            {
                "department": {"id": part.department_id}, "initiating": part.initiating,
                "leader": part.leader_id or "", "team": team.get(part.department_id, []),
                "items": items.get(part.department_id, []), "addable": addable.get(part.department_id, []),
            }
            for part in parts
        ],
    }  # fmt: skip
