"""What is the record of a visit? `state = fold(operations)`, the same in any order of arrival.

sync.md 4 and 6; the twin is pwa/src/rules/fold.ts. Nothing here reads a clock, and no time decides anything.
The state is plain JSON without floats; its shape is `StateOf` in pwa/src/rules/state.ts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from onevisit.core.canonical import canonical
from onevisit.visits.operations import (
    CONFIRM_KINDS,
    CONTENT_KINDS,
    Operation,
    register_of,
    value_of,
)
from onevisit.visits.part_record import record_of, withdrawn_of
from onevisit.visits.registers import only_value, place_in_time, registers_of
from onevisit.visits.terms import ConfirmationState, HoldReason, Kind, PartState

Json = dict[str, Any]
Frontier = Mapping[str, tuple[int, str]]  # device -> (last seq, id of that operation)

_SIGNED_AGAIN = ("answer/", "finding/")
_SIGNED_AGAIN_KINDS = frozenset(
    {Kind.ANSWER_SET, Kind.FINDING_SET, Kind.MEASURE_ISSUE, Kind.MEASURE_WITHDRAW}
)
_VISIT_REGISTERS = frozenset({Kind.SCHEDULE_SET, Kind.LEAD_TAKE, Kind.VISIT_ARRIVE, Kind.VISIT_LEAVE})


@dataclass(frozen=True, slots=True)
class Held:
    """An operation that is kept but does not count, and why."""

    operation: Operation
    reason: str


def fold(
    operations: Iterable[Operation],
    held: Iterable[Held] = (),
    refused: Iterable[tuple[str, int]] = (),
) -> Json:
    """The state of a visit from its counted operations.

    `held` ones stay out unless adopted, but fill their place in their log; so do the `refused` places
    (device, seq), of which nothing can be read.
    """
    return _Fold(operations, held, refused).state()


def frontier_of(manifest: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """How far each log had come when a manifest was made."""
    return {log["device"]: (log["seq"], log["id"]) for log in manifest["frontier"]}


def in_frontier(operation: Operation, frontier: Frontier) -> bool:
    """Whether the operation was there when the manifest was made."""
    return operation.seq <= frontier.get(operation.device, (0, ""))[0]


def parts_of(manifest: Mapping[str, Any]) -> list[str]:
    """The departments whose parts a manifest confirms."""
    return [part["department"]["id"] for part in manifest["parts"]]


@dataclass
class _Fold:
    operations: Iterable[Operation]
    held_given: Iterable[Held]
    refused: Iterable[tuple[str, int]]
    counted: dict[str, Operation] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    valid: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.operations, self.held_given = list(self.operations), list(self.held_given)
        for operation in self.operations:
            _keep_first(self.counted, operation)
        for held in sorted(self.held_given, key=lambda held: (_place(held.operation), held.reason)):
            if held.operation.id not in self.counted:
                self.held.setdefault(held.operation.id, held)
        self.places = self._places()
        self.adopted = self._adopt()

    # -- what counts

    def _adopt(self) -> list[str]:
        """Moves held operations in; only an adoption of the same part can (I5)."""
        adopted: list[str] = []
        while True:
            found = {
                adopt.body["operation"]
                for adopt in self.counted.values()
                if adopt.kind == Kind.ADOPT
                and (held := self.held.get(adopt.body["operation"])) is not None
                and held.operation.part == adopt.part
                and held.operation.known
            }
            if not found:
                return sorted(adopted)
            for name in found:
                self.counted[name] = self.held.pop(name).operation
                adopted.append(name)

    def _places(self) -> dict[str, dict[int, str | None]]:
        """device -> seq -> operation id (None: refused, unreadable), for every place known here.

        A fact chained anew fills both its places, or the new log would have a hole for ever.
        """
        places: dict[str, dict[int, str | None]] = {}
        for device, seq in self.refused:
            places.setdefault(device, {})[seq] = None
        known = [*self.operations, *(held.operation for held in self.held_given)]
        for operation in sorted(known, key=_place):
            places.setdefault(operation.device, {})[operation.seq] = operation.id
        return places

    def _of_part(self, part: str, within: set[str]) -> list[Operation]:
        return [self.counted[name] for name in sorted(within) if self.counted[name].part == part]

    # -- locks

    def _within(self, confirmation: Operation) -> set[str]:
        frontier = frontier_of(confirmation.body["manifest"])
        return {name for name, operation in self.counted.items() if in_frontier(operation, frontier)}

    def _missing(self, confirmation: Operation) -> list[Json]:
        """Which stretches of which logs the signed manifest saw and this place has not got yet."""
        missing: list[Json] = []
        for device, (last, _) in sorted(frontier_of(confirmation.body["manifest"]).items()):
            there = self.places.get(device, {})
            first = next((seq for seq in range(1, last + 1) if seq not in there), None)
            if first is not None:
                missing.append({"device": device, "from": first, "to": last})
        return missing

    def _unequal(self, confirmation: Operation) -> list[str]:
        """The parts signed with another record than those operations fold to; ["-"]: other operations."""
        manifest = confirmation.body["manifest"]
        for device, (last, name) in frontier_of(manifest).items():
            if self.places.get(device, {}).get(last) not in (name, None):
                return ["-"]
        within = self._within(confirmation)
        if confirmation.id in within:
            return ["-"]
        return [
            part["department"]["id"]
            for part in manifest["parts"]
            if not self._is_as_signed(confirmation, part["department"]["id"], part["record"], within)
        ]

    def _is_as_signed(self, confirmation: Operation, part: str, record: Any, within: set[str]) -> bool:
        again = confirmation.kind == Kind.SUPPLEMENT
        content = self._content(part, within, self._lock(part, within) if again else None)
        registers = registers_of(content)
        if any(register["conflict"] for register in registers.values()):
            return False
        return canonical(record_of(content, registers)) == canonical(record)

    def _is_valid(self, confirmation: Operation) -> bool:
        if confirmation.id not in self.valid:
            self.valid[confirmation.id] = False  # two that claim to contain each other are forged
            self.valid[confirmation.id] = not self._missing(confirmation) and not self._unequal(confirmation)
        return self.valid[confirmation.id]

    def _locks(self, part: str, within: set[str]) -> list[Operation]:
        """The confirmations that hold a part and that no later one contains; rivals are shown."""
        found = [
            self.counted[name]
            for name in sorted(within)
            if self.counted[name].kind in CONFIRM_KINDS
            and part in parts_of(self.counted[name].body["manifest"])
            and self._is_valid(self.counted[name])
        ]
        frontiers = {lock.id: frontier_of(lock.body["manifest"]) for lock in found}
        return [
            lock
            for lock in found
            if not any(other.id != lock.id and in_frontier(lock, frontiers[other.id]) for other in found)
        ]

    def _lock(self, part: str, within: set[str]) -> Operation | None:
        locks = self._locks(part, within)
        return locks[0] if locks else None

    def _chain(self, part: str, lock: Operation) -> list[Operation]:
        """The confirmation that locked the part, then the supplements signed since."""
        if lock.kind == Kind.CONFIRM:
            return [lock]
        before = self._lock(part, self._within(lock))
        return [*(self._chain(part, before) if before else []), lock]

    def _content(self, part: str, within: set[str], lock: Operation | None) -> list[Operation]:
        """The operations of a part's record: what was signed, then only what an amendment takes in."""
        own = self._of_part(part, within)
        amends = [operation for operation in own if operation.kind == Kind.AMEND]
        if lock is None:
            content = [operation for operation in own if operation.kind in CONTENT_KINDS]
        else:
            root = self._chain(part, lock)[0]
            content = self._content(part, self._within(root), None)
        kept = {operation.id: operation for operation in [*content, *amends]}
        for amend in amends:
            for taken in self._taken(amend):
                kept[taken.id] = taken
        return [kept[name] for name in sorted(kept)]

    def _taken(self, amend: Operation) -> list[Operation]:
        """What an amendment takes in: operations of its own part that came too late, or were adopted."""
        late = {name: held.operation for name, held in self.held.items() if held.reason == HoldReason.LOCKED}
        found = [self.counted.get(name) or late.get(name) for name in amend.body["takes"]]
        return [
            operation
            for operation in found
            if operation is not None and operation.part == amend.part and operation.kind in CONTENT_KINDS
        ]

    # -- the state

    def state(self) -> Json:
        every = set(self.counted)
        confirmations = [self._confirmation(operation, every) for operation in self._of_kinds(CONFIRM_KINDS)]
        names = {operation.part for operation in self.counted.values()} | {
            part for confirmation in confirmations for part in confirmation["parts"]
        }
        parts = {
            part: self._part(part, every, confirmations) for part in sorted(names - {None}, key=str) if part
        }
        late = [
            _out(self.counted[name], HoldReason.LOCKED)
            for part in parts.values()
            for name in part["late"]
            if name in self.counted
        ]
        taken = {name for part in parts.values() for amend in part["amendments"] for name in amend["takes"]}
        waiting = [
            _out(held.operation, held.reason) for held in self.held.values() if held.operation.id not in taken
        ]
        visit_level = [operation for operation in self.counted.values() if _is_visit_level(operation)]
        return {
            "format": "onevisit-state/1",
            "visit": min((operation.visit for operation in self.counted.values()), default=None),
            "registers": registers_of(visit_level),
            "parts": parts,
            "confirmations": confirmations,
            "held": sorted([*waiting, *late], key=lambda entry: str(entry["id"])),
            "adopted": self.adopted,
            "logs": self._logs(),
        }

    def _of_kinds(self, kinds: Iterable[str]) -> list[Operation]:
        return [self.counted[name] for name in sorted(self.counted) if self.counted[name].kind in kinds]

    def _logs(self) -> list[Json]:
        """How far each log is here without a gap: the frontier of a manifest made from this state."""
        logs: list[Json] = []
        for device, there in sorted(self.places.items()):
            seq, last = 0, None
            while seq + 1 in there:
                seq += 1
                last = (seq, there[seq]) if there[seq] is not None else last
            if last is not None:
                logs.append({"device": device, "seq": last[0], "id": last[1]})
        return logs

    def _confirmation(self, operation: Operation, every: set[str]) -> Json:
        body = operation.body
        parts = sorted(parts_of(body["manifest"]))
        missing, unequal = self._missing(operation), self._unequal(operation)
        if missing:
            state, unequal = ConfirmationState.WAITING, []
        elif unequal:
            state = ConfirmationState.UNEQUAL
        else:
            state = ConfirmationState.LOCKED
        if not any(
            operation.id in {lock.id for lock in self._all_locks(part, every)} for part in parts
        ) and all(self._lock(part, every) for part in parts):
            state = ConfirmationState.REPLACED
        signs = [sign for sign in self._of_kinds({Kind.SIGN}) if sign.body["digest"] == body["digest"]]
        return {
            "id": operation.id,
            "kind": operation.kind,
            "by": operation.by,
            "at": body["at"],
            "digest": body["digest"],
            "parts": parts,
            "state": str(state),
            "missing": missing,
            "unequal": unequal,
            "marks": sorted(mark for mark in ("signature", "stamp") if body["marks"][mark] is not None),
            "no_stamp_reason": body["marks"]["no_stamp_reason"],
            "signer": body["signer"],
            "objection": body["objection"],
            "refusal": body["refusal"],
            "witness": body["witness"] and body["witness"]["name"],
            "own_phone": operation.of_server,
            "signs": [
                {"id": sign.id, "inspector": sign.body["inspector"], "part": sign.part} for sign in signs
            ],
        }

    def _all_locks(self, part: str, every: set[str]) -> list[Operation]:
        return [link for lock in self._locks(part, every) for link in self._chain(part, lock)]

    def _part(self, part: str, every: set[str], confirmations: list[Json]) -> Json:
        own = self._of_part(part, every)
        locks = self._locks(part, every)
        lock = locks[0] if locks else None
        content = self._content(part, every, lock)
        registers = registers_of(content)
        late = self._late(part, own, {operation.id for operation in content})
        steps = registers_of([operation for operation in own if register_of(operation) == f"ready/{part}"])
        ready = only_value(steps.get(f"ready/{part}"))
        conflicts = sorted(name for name, register in {**registers, **steps}.items() if register["conflict"])
        amendments = self._amendments(part, own, lock)
        review = self._review(part, own)
        is_ready = bool(ready and ready["ready"]) and not conflicts
        return {
            "state": str(_part_state(lock, is_ready, review, self._signed_items(part, lock))),
            "ready": is_ready,
            "conflicts": conflicts,
            "registers": {**registers, **steps},
            "record": record_of(content, registers),
            "withdrawn": withdrawn_of(content),
            "lock": lock
            and {
                "confirmation": lock.id,
                "digest": lock.body["digest"],
                "chain": [link.id for link in self._chain(part, lock)],
                "rivals": [other.id for other in locks[1:]],
            },
            "version": 1 + len(amendments),
            "amendments": amendments,
            "to_sign_again": any(amend["to_sign"] and amend["signed_in"] is None for amend in amendments),
            "faults": [
                entry["id"]
                for entry in confirmations
                if part in entry["parts"] and entry["state"] == ConfirmationState.UNEQUAL
            ],
            "review": review,
            "late": late,
        }

    def _late(self, part: str, own: list[Operation], inside: set[str]) -> list[str]:
        """What came after the signature, whether the server counted or held it: offered as a supplement."""
        held = [entry.operation for entry in self.held.values() if entry.reason == HoldReason.LOCKED]
        found = [*own, *(operation for operation in held if operation.part == part)]
        return sorted(op.id for op in found if op.kind in CONTENT_KINDS and op.id not in inside)

    def _signed_items(self, part: str, lock: Operation | None) -> list[str]:
        parts = lock.body["manifest"]["parts"] if lock else []
        items = [entry.get("items") for entry in parts if entry["department"]["id"] == part]
        return sorted(item["id"] for item in (items[0] if items else None) or [])

    def _amendments(self, part: str, own: list[Operation], lock: Operation | None) -> list[Json]:
        """Changes after locking, each with the value before, so that the difference stays visible."""
        if lock is None:
            return []
        chain = self._chain(part, lock)
        frontiers = [(link.id, frontier_of(link.body["manifest"])) for link in chain]
        found = [op for op in own if op.kind == Kind.AMEND and not in_frontier(op, frontiers[0][1])]
        return [self._amendment(amend, frontiers) for amend in found]

    def _amendment(self, amend: Operation, frontiers: list[tuple[str, dict[str, tuple[int, str]]]]) -> Json:
        register, taken = amend.body["register"], self._taken(amend)
        seen = [self.counted[name] for name in sorted(amend.base.get(register, ())) if name in self.counted]
        before = [value_of(operation) for operation in seen if register_of(operation) == register]
        signed_in = [name for name, frontier in frontiers[1:] if in_frontier(amend, frontier)]
        return {
            "id": amend.id,
            "by": amend.by,
            "at": place_in_time(amend),
            "register": register,
            "reason": amend.body["reason"],
            "before": before if register is not None else [],
            "after": amend.body["value"],
            "takes": sorted(operation.id for operation in taken),
            "to_sign": (register or "").startswith(_SIGNED_AGAIN)
            or any(operation.kind in _SIGNED_AGAIN_KINDS for operation in taken),
            "signed_in": signed_in[0] if signed_in else None,
        }

    def _review(self, part: str, own: list[Operation]) -> Json:
        prefix = f"review/{part}/"
        verdicts = registers_of([op for op in own if (register_of(op) or "").startswith(prefix)])
        submits = [operation for operation in own if operation.kind == Kind.SUBMIT]
        answered = {name for submit in submits for name in submit.body["answers_to"]}
        returned, accepted = [], []
        for name, register in sorted(verdicts.items()):
            item = name.removeprefix(prefix)
            for value in register["values"]:
                if value["value"]["verdict"] == "accepted" and not register["conflict"]:
                    accepted.append(item)
                for head in value["heads"] if value["value"]["verdict"] == "returned" else []:
                    reason = value["value"]["reason"]
                    done = head["id"] in answered
                    returned.append({"item": item, "id": head["id"], "reason": reason, "answered": done})
        return {
            "submitted": [operation.id for operation in submits],
            "returned": sorted(returned, key=lambda entry: str(entry["id"])),
            "accepted": accepted,
        }


def _place(operation: Operation) -> tuple[str, str, int]:
    return operation.id, operation.device, operation.seq


def _keep_first(counted: dict[str, Operation], operation: Operation) -> None:
    """A re-chained duplicate is the same fact: that of the smaller log name stands, whichever came first."""
    there = counted.get(operation.id)
    if there is None or _place(operation) < _place(there):
        counted[operation.id] = operation


def _is_visit_level(operation: Operation) -> bool:
    return operation.kind in _VISIT_REGISTERS or (operation.kind == Kind.SETTLE and operation.part is None)


def _out(operation: Operation, reason: str) -> Json:
    return {
        "id": operation.id,
        "kind": operation.kind,
        "part": operation.part,
        "by": operation.by,
        "reason": str(reason),
    }


def _part_state(lock: Operation | None, is_ready: bool, review: Json, items: list[str]) -> PartState:
    if lock is None:
        return PartState.READY if is_ready else PartState.OPEN
    if not review["submitted"]:
        return PartState.LOCKED
    if any(not entry["answered"] for entry in review["returned"]):
        return PartState.RETURNED
    accepted = set(review["accepted"])
    if review["returned"] or not ("all" in accepted or (items and accepted >= set(items))):
        return PartState.SUBMITTED
    return PartState.ACCEPTED
