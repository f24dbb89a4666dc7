"""Which values does a register have, and is it in conflict? (sync.md 4) Twin: pwa/src/rules/registers.ts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from onevisit.core.canonical import canonical
from onevisit.visits.operations import Operation, register_of, value_of

Json = dict[str, Any]


def place_in_time(operation: Operation) -> Json:
    """When its author's clock says it was; shown, never decisive."""
    return {"wall": operation.wall, "offset_ms": operation.offset_ms}


def registers_of(operations: Iterable[Operation]) -> Json:
    """Every register that these operations set, with its values and whether they are in conflict."""
    by_name: dict[str, list[Operation]] = {}
    for operation in operations:
        if (name := register_of(operation)) is not None:
            by_name.setdefault(name, []).append(operation)
    return {name: _register(name, by_name[name]) for name in sorted(by_name)}


def _register(name: str, operations: list[Operation]) -> Json:
    """A register's values: those that no other counted operation has seen and replaced (sync.md 4)."""
    if len(operations) == 1:
        (head,) = operations
        return {"values": [{"value": value_of(head), "heads": [_head(head)]}], "conflict": False}
    values: dict[bytes, Json] = {}
    for head in sorted(_heads(name, operations), key=lambda operation: operation.id):
        value = value_of(head)
        entry = values.setdefault(canonical(value), {"value": value, "heads": []})
        entry["heads"].append(_head(head))
    return {"values": list(values.values()), "conflict": len(values) > 1}


def _head(operation: Operation) -> Json:
    return {"id": operation.id, "by": operation.by, "at": place_in_time(operation)}


def _heads(name: str, operations: list[Operation]) -> list[Operation]:
    there = {operation.id: operation for operation in operations}
    seen_by = {
        operation.id: {
            seen for seen in operation.base.get(name, ()) if seen in there and seen != operation.id
        }
        for operation in operations
    }
    named = set().union(*seen_by.values())
    # Nobody can honestly have seen what has seen him: two that name each other are forged, and neither may
    # make the other vanish (I6).
    return [
        operation
        for name_, operation in there.items()
        if name_ not in named
        or all(_reaches(name_, other, seen_by) for other, seen in seen_by.items() if name_ in seen)
    ]


def _reaches(start: str, goal: str, seen_by: Mapping[str, set[str]]) -> bool:
    reached: set[str] = set()
    todo = [start]
    while todo:
        for seen in seen_by[todo.pop()] - reached:
            reached.add(seen)
            todo.append(seen)
    return goal in reached


def only_value(register: Json | None) -> Any:
    """The value of a register without conflict."""
    return register["values"][0]["value"] if register and not register["conflict"] else None
