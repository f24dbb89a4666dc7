"""What was kept in the place of what was signed? For showing a fault; whether there is one, the fold decides."""

from __future__ import annotations

from onevisit.visits.fold import Held, parts_of
from onevisit.visits.manifest import exactly
from onevisit.visits.record import Json, Record
from onevisit.visits.terms import Kind, VerdictKind


def kept_instead(record: Record, confirmation: str) -> Json:
    """The parts and the frontier as they follow from exactly the operations that the signed manifest saw."""
    operation = next(
        place.operation for place in record.places if place.id == confirmation and place.operation
    )
    signed, supplement = operation.body["manifest"], operation.kind == Kind.SUPPLEMENT
    counted = [
        place.operation for place in record.places if place.operation and place.verdict == VerdictKind.APPLIED
    ]
    held = [
        Held(place.operation, str(place.reason))
        for place in record.places
        if place.operation and place.verdict == VerdictKind.HELD
    ]
    refused = [(place.device, place.seq) for place in record.places if place.verdict == VerdictKind.REFUSED]
    state = exactly(signed, supplement, counted, held, refused)
    words = {part["department"]["id"]: part for part in signed["parts"]}
    parts = [
        {**words[name], "record": state["parts"][name]["record"] if name in state["parts"] else {}}
        for name in parts_of(signed)
    ]
    return {"parts": parts, "frontier": _frontier(record, signed)}


def _frontier(record: Record, signed: Json) -> list[Json]:
    """The same places, with the operations that stand there here."""
    there = {
        (place.device, place.seq): place.id for place in record.places if place.verdict != VerdictKind.REFUSED
    }
    return [{**log, "id": there.get((log["device"], log["seq"]), log["id"])} for log in signed["frontier"]]
