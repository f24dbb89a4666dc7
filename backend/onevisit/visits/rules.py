"""May this operation count, and who leads the visit? The verdict on what arrives (sync.md 2, 3).

What a part lacks is in gaps.py, which result follows from answers in answers.py; both run on the phone too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from onevisit.visits.added import with_added
from onevisit.visits.answers import answer_fits
from onevisit.visits.fold import parts_of
from onevisit.visits.operations import (
    CONFIRM_KINDS,
    CONTENT_KINDS,
    REVIEW_KINDS,
    BadOperation,
    Operation,
    register_of,
    same_content,
    value_of,
)
from onevisit.visits.terms import (
    CheckMethod,
    ConfirmationState,
    HoldReason,
    Kind,
    PartState,
    RefuseReason,
    VerdictKind,
)

LOCKED_STATES = frozenset(PartState) - {PartState.OPEN, PartState.READY}
# From here on only an erratum with the principal head's signature changes anything (S2 art. 22).
DONE_STATES = LOCKED_STATES - {PartState.LOCKED, PartState.SUBMITTED, PartState.RETURNED}

_CONTEXT_KINDS = CONFIRM_KINDS | {
    Kind.ADOPT,
    Kind.LEAD_TAKE,
    Kind.SETTLE,
    Kind.ITEM_ADD,
    Kind.PART_READY,
    Kind.PART_REOPEN,
    Kind.SUBMIT,
    Kind.SEND_BACK,
    Kind.ACCEPT,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an operation; `reason` is null only for applied and duplicate."""

    kind: VerdictKind
    reason: str | None = None


APPLIED = Verdict(VerdictKind.APPLIED)


@dataclass(frozen=True, slots=True)
class Device:
    """Whose device it is. The server's own log has no owner and is trusted by the code that writes it."""

    owner: str | None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What the verdict needs to know of a visit, as plain values.

    `leaders`: who leads the visit (more than one while `lead.take`s are in conflict); `entries`: item ->
    entry -> its checklist entry, items added on site whose checklist is unknown with {}; `held_parts`: held
    operation -> its part; `addable`: part -> (item, checklist) of its published list, None where nobody knows it.
    """

    teams: Mapping[str, frozenset[str]]
    part_leaders: Mapping[str, str]
    initiating: str
    leaders: frozenset[str]
    part_states: Mapping[str, str]
    item_parts: Mapping[str, str]
    entries: Mapping[str, Mapping[str, Mapping[str, Any]]]
    closed: bool = False
    held_parts: Mapping[str, str | None] = field(default_factory=dict)
    addable: Mapping[str, frozenset[tuple[str, str]]] | None = None
    on_site_required: bool = False


def verdict(operation: Operation, context: Context, device: Device) -> Verdict:
    """Decides an operation that is next in its log (sync.md 3); never looks at a clock."""
    if operation.of_server:
        return APPLIED if operation.known else _held(HoldReason.UNKNOWN_KIND)
    if device.owner != operation.by:
        return _held(HoldReason.NOT_YOUR_DEVICE)
    if device.revoked:
        return _held(HoldReason.DEVICE_REVOKED)
    if not operation.known:
        return _held(HoldReason.UNKNOWN_KIND)
    if operation.kind in REVIEW_KINDS:
        return Verdict(VerdictKind.REFUSED, RefuseReason.SERVER_ONLY)
    reason = _out_of_place(operation, context) or _not_allowed(operation, context)
    if reason is None and _is_wrong_answer(operation, context):
        return Verdict(VerdictKind.REFUSED, RefuseReason.WRONG_ANSWER)
    if reason is None:
        reason = _too_late(operation, context)
    return APPLIED if reason is None else _held(reason)


def verdict_of_known(operation: Operation, known: Operation) -> Verdict:
    """The id is already there: the same fact again (also re-chained), or another one under its id."""
    if same_content(operation, known):
        return Verdict(VerdictKind.DUPLICATE)
    return Verdict(VerdictKind.REFUSED, RefuseReason.ID_REUSED)


def verdict_of_unreadable(refusal: BadOperation) -> Verdict:
    """It stands in a good chain but cannot be read."""
    return Verdict(VerdictKind.REFUSED, refusal.reason)


def context_of(
    package: Any,
    state: Mapping[str, Any],
    part_states: Mapping[str, str] | None = None,
    closed: bool = False,
    held_parts: Mapping[str, str | None] | None = None,
) -> Context:
    """The context from a package and the state so far; `part_states` of later steps win over the fold's."""
    package = with_added(package, state)
    parts = {part["department"]["id"]: part for part in package["parts"]}
    entries = {
        item["id"]: {entry["id"]: entry for entry in item["checklist"]["entries"]}
        for part in parts.values()
        for item in part["items"]
    }
    item_parts = {item["id"]: name for name, part in parts.items() for item in part["items"]}
    for name, there in state["parts"].items():
        for item in there["record"]["items"]:
            item_parts.setdefault(item, name)
            entries.setdefault(item, {})
    states = {name: there["state"] for name, there in state["parts"].items()}
    return Context(
        teams={name: frozenset(member["id"] for member in part["team"]) for name, part in parts.items()},
        part_leaders={name: part["leader"] for name, part in parts.items()},
        initiating=next(name for name, part in parts.items() if part["initiating"]),
        leaders=frozenset(leaders(package, state)),
        part_states={**states, **(part_states or {})},
        item_parts=item_parts,
        entries=entries,
        closed=closed,
        held_parts=held_parts or {},
        addable=_addable(parts),
        on_site_required=bool(package.get("profile", {}).get("check_on_site", {}).get("required")),
    )


def _addable(parts: Mapping[str, Any]) -> dict[str, frozenset[tuple[str, str]]] | None:
    if not any("addable" in part for part in parts.values()):
        return None
    return {
        name: frozenset((one["id"], one["checklist"]["id"]) for one in part.get("addable", ()))
        for name, part in parts.items()
    }


def changes_context(operation: Operation, state: Mapping[str, Any]) -> bool:
    """Whether the next verdict needs a new context: most operations of a bundle leave it as it was.

    While a confirmation waits for other phones, any operation may complete it and lock its parts.
    """
    waits = any(entry["state"] == ConfirmationState.WAITING for entry in state["confirmations"])
    return waits or operation.kind in _CONTEXT_KINDS


def leaders(package: Any, state: Mapping[str, Any]) -> list[str]:
    """Who leads the visit now: the planned leader, or who took the lead (several while in conflict)."""
    register = state["registers"].get("lead")
    if register is None:
        return [package["leader"]]
    return sorted(value["value"]["inspector"] for value in register["values"])


def _held(reason: HoldReason) -> Verdict:
    return Verdict(VerdictKind.HELD, reason)


def _out_of_place(operation: Operation, context: Context) -> HoldReason | None:
    """Who may write what (sync.md 2)."""
    by, kind = operation.by, operation.kind
    everyone = frozenset[str]().union(*context.teams.values())
    if by not in everyone:
        return HoldReason.NOT_ON_TEAM
    if kind == Kind.LEAD_TAKE:
        return None if by in context.teams[context.initiating] else HoldReason.OTHER_PART
    if kind in CONFIRM_KINDS:
        return _not_confirmer(operation, context)
    if operation.part is None and kind != Kind.ADOPT:
        return None if by in context.leaders or _settles_lead(operation, context) else HoldReason.NOT_LEADER
    if kind == Kind.SIGN:
        mine = operation.body["inspector"] in context.teams.get(str(operation.part), frozenset())
        return None if mine else HoldReason.NOT_ON_TEAM
    if kind == Kind.ADOPT:
        return _not_adopter(operation, context)
    if by not in context.teams.get(str(operation.part), frozenset()):
        return HoldReason.OTHER_PART
    return HoldReason.OTHER_PART if _is_foreign_item(operation, context) else None


def _not_allowed(operation: Operation, context: Context) -> HoldReason | None:
    """What the rules of the region keep out: an item that is on no published list, a check from the desk (S0, S2)."""
    prefix, _, name = (register_of(operation) or "").partition("/")
    if prefix == "item" and context.addable is not None:
        pin, item = value_of(operation)["checklist"] or {}, name.split("/")[-1]
        listed = context.addable.get(str(operation.part), frozenset())
        return None if (item, pin.get("id")) in listed else HoldReason.NOT_ON_LIST
    if prefix == "method" and context.on_site_required:
        away = value_of(operation)["method"] != CheckMethod.ON_SITE
        return HoldReason.ON_SITE_REQUIRED if away else None
    return None


def _settles_lead(operation: Operation, context: Context) -> bool:
    """Who leads is settled by the initiating department's team, as any of them may take the lead."""
    settles = operation.kind == Kind.SETTLE and operation.body["register"] == "lead"
    return settles and operation.by in context.teams[context.initiating]


def _not_confirmer(operation: Operation, context: Context) -> HoldReason | None:
    """The leader confirms; a part that comes later may be confirmed by its own part leader."""
    allowed = may_confirm(operation.by, parts_of(operation.body["manifest"]), context)
    return None if allowed else HoldReason.NOT_LEADER


def may_confirm(by: str, parts: Iterable[str], context: Context) -> bool:
    """Whether this inspector may ask the subject to confirm these parts."""
    own = {context.part_leaders.get(part) for part in parts}
    return by in context.leaders or own == {by}


def _not_adopter(operation: Operation, context: Context) -> HoldReason | None:
    """Adopting is the leader's of the part that the held operation touches (I5)."""
    target = operation.body["operation"]
    if target in context.held_parts and context.held_parts[target] != operation.part:
        return HoldReason.OTHER_PART
    if operation.part is None:
        return None if operation.by in context.leaders else HoldReason.NOT_LEADER
    if context.part_leaders.get(operation.part) == operation.by:
        return None
    mine = operation.by in context.teams.get(operation.part, frozenset())
    # Who took the lead of the visit leads the initiating department's part too.
    if mine and operation.part == context.initiating and operation.by in context.leaders:
        return None
    return HoldReason.NOT_LEADER if mine else HoldReason.OTHER_PART


def _names(operation: Operation) -> tuple[str | None, str | None]:
    """The item and entry an operation is about."""
    body = operation.body
    if operation.kind in (Kind.SETTLE, Kind.AMEND):
        prefix, *names = (body["register"] or "").split("/")
        if prefix == "answer":
            return names[0], names[1]
        return (names[0], None) if prefix == "finding" else (None, None)
    if operation.kind == Kind.ITEM_ADD:
        return None, None
    return body.get("item"), body.get("entry")


def _is_foreign_item(operation: Operation, context: Context) -> bool:
    item, entry = _names(operation)
    if item is None:
        return False
    if context.item_parts.get(item) != operation.part:
        return True
    return entry is not None and bool(context.entries[item]) and entry not in context.entries[item]


def _is_wrong_answer(operation: Operation, context: Context) -> bool:
    item, entry = _names(operation)
    if item is None or entry is None or operation.kind not in (Kind.ANSWER_SET, Kind.SETTLE, Kind.AMEND):
        return False
    value = operation.body["value"]
    answer = value if operation.kind == Kind.ANSWER_SET else value["value"]
    planned = context.entries.get(item, {}).get(entry)
    return planned is not None and answer is not None and not answer_fits(planned, answer)


def _too_late(operation: Operation, context: Context) -> HoldReason | None:
    if context.closed:
        return HoldReason.VISIT_CLOSED
    kind = operation.kind
    if kind in CONFIRM_KINDS:
        parts = parts_of(operation.body["manifest"])
        closed_to = LOCKED_STATES if kind == Kind.CONFIRM else DONE_STATES
        late = any(context.part_states.get(part) in closed_to for part in parts)
        return HoldReason.LOCKED if late else None
    state = context.part_states.get(operation.part or "")
    if kind in CONTENT_KINDS or kind in (Kind.PART_READY, Kind.PART_REOPEN):
        return HoldReason.LOCKED if state in LOCKED_STATES else None
    if kind in (Kind.AMEND, Kind.ADOPT):
        return HoldReason.LOCKED if state in DONE_STATES else None
    return None
