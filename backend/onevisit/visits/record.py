"""What is so of one visit's record right now? The working copy of a bundle's transaction; no ORM objects here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from onevisit.visits.addable import entries_of, listed_versions
from onevisit.visits.fold import Held, fold
from onevisit.visits.on_site import visit_must_be_on_site
from onevisit.visits.operations import CONFIRM_KINDS, REVIEW_KINDS, Operation, operation_of, register_of
from onevisit.visits.rules import Context, Verdict, context_of
from onevisit.visits.statements import ITEMS, PARTS, PLACES, VISIT, asked
from onevisit.visits.terms import Kind, PartState, VerdictKind

Json = dict[str, Any]
# What later steps wrote into a part is theirs: the fold ends at `accepted`.
LATER_STATES = frozenset({PartState.FINAL, PartState.PUBLISHED, PartState.WITHHELD, PartState.ARCHIVED})
OVER_STATES = frozenset({PartState.PUBLISHED, PartState.WITHHELD, PartState.ARCHIVED})
ALL_RULES = frozenset({"item", "method"})
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
    # Registers of which a verdict needs more than the plan: the published list for `item`, the rule for `method`.
    rules_for: frozenset[str] = ALL_RULES
    by_id: dict[str, Place] = field(default_factory=dict)
    _context: Context | None = None

    def __post_init__(self) -> None:
        for place in self.places:
            self.by_id.setdefault(place.id, place)

    def add(self, place: Place) -> None:
        """One more place; the state is folded again only before it is needed."""
        self.places.append(place)
        self.by_id.setdefault(place.id, place)
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

    def judges(self, operations: Iterable[Operation]) -> None:
        """These are judged next: what only other ones need is not asked for."""
        named = {
            (register_of(operation) or "").partition("/")[0] for operation in operations if operation.known
        }
        self.rules_for, self._context = frozenset(named) & ALL_RULES, None

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
        parts, team = _parts_of(self.visit.id)
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
        plan = _plan(self.visit, parts, team, self.state, self.rules_for)
        return context_of(plan, self.state, later, over, self.held_parts)


def visit_row(visit_id: str) -> Any | None:
    """The visit as planned and the state kept of it, plain columns only."""
    return asked(VISIT, visit=visit_id).first()


def record_of(visit: Any) -> Record:
    """The record of a visit with the state kept of it."""
    places = places_of(visit.id) if visit.has_logs else []
    return Record(visit, places, json.loads(visit.kept) if visit.kept is not None else state_of(places))


def places_of(visit_id: str) -> list[Place]:
    """Every place of every log of the visit, in the order of arrival."""
    return [
        Place(
            row.device_id, row.seq, row.id, row.hash, row.verdict, row.reason, row.position,
            None if row.verdict == VerdictKind.REFUSED else read_again(row.raw),
        )
        for row in asked(PLACES, visit=visit_id)
    ]  # fmt: skip


def read_again(raw: bytes) -> Operation:
    """An operation that was checked when it came; checking it again would cost a bundle's time."""
    return operation_of(json.loads(raw))


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
        first = record.by_id[place.id]
    return Verdict(_verdict_kind(first.verdict), first.reason), first.position


def _verdict_kind(code: str) -> VerdictKind:
    return next(kind for kind in VerdictKind if kind == code)


def _parts_of(visit_id: str) -> tuple[list[Any], dict[str, list[Json]]]:
    """The parts in their order, and who is on their teams; removed members are not any more."""
    parts: dict[str, Any] = {}
    team: dict[str, list[Json]] = {}
    for row in asked(PARTS, visit=visit_id):
        parts.setdefault(row.department_id, row)
        if row.member is not None:
            team.setdefault(row.department_id, []).append({"id": row.member})
    return list(parts.values()), team


def _plan(
    visit: Any, parts: Iterable[Any], team: dict[str, list[Json]], state: Json, rules: frozenset[str]
) -> Json:
    """The part of the visit package that decides, as far as the rules asked for need it."""
    items: dict[str, dict[str, Json]] = {}
    for item in asked(ITEMS, visit=visit.id):
        there = items.setdefault(item.department_id, {})
        if item.item_id not in there:
            there[item.item_id] = {
                "id": item.item_id,
                "checklist": {"entries": entries_of(item.checklist_id)},
            }
    added = any(there["record"]["items"] for there in state["parts"].values())
    listed = "item" in rules or added
    addable = listed_versions([part.department_id for part in parts], state) if listed else {}
    return {
        "leader": visit.leader_id or "",
        "profile": {"check_on_site": {"required": "method" in rules and visit_must_be_on_site(visit.id)}},
        "parts": [
            {
                "department": {"id": part.department_id}, "initiating": part.initiating,
                "leader": part.leader_id or "", "team": team.get(part.department_id, []),
                "items": list(items.get(part.department_id, {}).values()),
                **({"addable": addable.get(part.department_id, [])} if listed else {}),
            }
            for part in parts
        ],
    }  # fmt: skip
