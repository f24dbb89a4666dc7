"""What do a part's operations come to, as plain values that a manifest carries? Twin: pwa/src/rules/record.ts."""

from __future__ import annotations

from typing import Any

from onevisit.visits.operations import LATER_SHELVES, SETS, WITHDRAWALS, Operation
from onevisit.visits.registers import only_value

Json = dict[str, Any]


def record_of(content: list[Operation], registers: Json) -> Json:
    """The plain values of a part, as a manifest carries them; a register in conflict has none."""
    record: Json = {
        "answers": {},
        "findings": {},
        "transcript": None,
        "facts": {},
        "experts": {},
        "items": {},
    }
    for name, register in registers.items():
        value = only_value(register)
        if value is not None:
            _put(record, name.split("/"), value)
    gone = _withdrawals(content)
    for shelf in sorted(set(SETS.values()) - LATER_SHELVES):
        record[shelf] = []
    for operation in content:
        if operation.kind in SETS and operation.id not in gone:
            entry = {"id": operation.id, "by": operation.by, **operation.body}
            record.setdefault(SETS[operation.kind], []).append(entry)
    return record


def _put(record: Json, name: list[str], value: Any) -> None:
    prefix = name[0]
    if prefix == "answer":
        if value["value"] is not None or value["note"] is not None or value["phrases"]:
            record["answers"].setdefault(name[1], {})[name[2]] = value
    elif prefix == "finding":
        record["findings"][name[1]] = value
    elif prefix in ("transcript", "method"):  # a method stands there only when one was set
        record[prefix] = value
    else:
        record[f"{prefix}s"][name[2]] = value


def _withdrawals(content: list[Operation]) -> dict[str, list[Operation]]:
    """target -> its withdrawals; one of another kind withdraws nothing."""
    shelves = {operation.id: SETS[operation.kind] for operation in content if operation.kind in SETS}
    gone: dict[str, list[Operation]] = {}
    for operation in content:
        target = operation.body.get("target") if operation.kind in WITHDRAWALS else None
        if target in shelves and shelves[target] == WITHDRAWALS[operation.kind]:
            gone.setdefault(target, []).append(operation)
    return gone


def withdrawn_of(content: list[Operation]) -> list[Json]:
    """What was taken back, with the reason; the bytes stay."""
    gone = _withdrawals(content)
    return [
        {
            "id": operation.id,
            "kind": operation.kind,
            "by": operation.by,
            "body": dict(operation.body),
            "withdrawals": [
                {"id": taken.id, "by": taken.by, "reason": taken.body["reason"]}
                for taken in gone[operation.id]
            ],
        }
        for operation in content
        if operation.id in gone
    ]
