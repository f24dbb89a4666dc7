"""What exactly does the subject sign, and is it what is kept? (sync.md 6)

A manifest carries the words that are read (items, entries, people) and per part the `record` of the fold;
screen and PDF are templates over it. Twin: pwa/src/rules/manifest.ts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from onevisit.core.canonical import canonical, digest
from onevisit.visits.added import with_added
from onevisit.visits.fold import Held, fold, frontier_of, in_frontier, parts_of
from onevisit.visits.gaps import off_site
from onevisit.visits.operations import CONFIRM_KINDS, Operation
from onevisit.visits.package_shape import VisitPackage
from onevisit.visits.shapes import MANIFEST_FORMAT
from onevisit.visits.terms import CheckMethod, Kind, PartState

Json = dict[str, Any]

_METHODS = {one.value: one.label for one in CheckMethod}
_ENTRY_WORDS = ("id", "no", "text", "answer", "unit", "method", "basis")
_SUBJECT_WORDS = (
    "id",
    "name",
    "credit_code",
    "kind",
    "address",
    "legal_representative",
    "phone",
    "contact",
    "contact_phone",
)


def manifest(package: VisitPackage, state: Json, at: str) -> Json:
    """What is to be confirmed now: every part ready and not yet locked; `at` is the end of the check."""
    return _build(package, state, at, parts_to_confirm(package, state), None, state["logs"])


def supplement_manifest(package: VisitPackage, state: Json, at: str) -> Json:
    """What is to be confirmed again: the locked parts with a change that needs a signature."""
    parts = parts_to_supplement(package, state)
    changes = [
        {"part": part, "id": amend["id"], "register": amend["register"], "reason": amend["reason"]}
        for part in parts
        for amend in state["parts"][part]["amendments"]
        if amend["signed_in"] is None
    ]
    of = sorted({state["parts"][part]["lock"]["digest"] for part in parts})
    return _build(package, state, at, parts, {"of": of, "changes": changes}, state["logs"])


def parts_to_confirm(package: VisitPackage, state: Json) -> list[str]:
    """The parts a first confirmation made now would cover, in the order of the package."""
    return [part for part in _order(package) if _part_state(state, part) == PartState.READY]


def parts_to_supplement(package: VisitPackage, state: Json) -> list[str]:
    """The locked parts with settled changes that the subject has not signed yet."""
    return [
        part
        for part in _order(package)
        if (there := state["parts"].get(part))
        and there["lock"]
        and there["to_sign_again"]
        and not there["conflicts"]
    ]


def short_code(whole: str) -> str:
    """The first half of a digest as 8 × 4 hex, to be compared by eye."""
    return " ".join(whole[start : start + 4] for start in range(0, 32, 4))


def manifest_digest(signed: Mapping[str, Any]) -> str:
    """H(manifest)."""
    return digest(dict(signed))


def exactly(
    signed: Mapping[str, Any],
    supplement: bool,
    operations: Iterable[Operation],
    held: Iterable[Held] = (),
    refused: Iterable[tuple[str, int]] = (),
) -> Json:
    """The state of exactly the operations up to the frontier (and of the adoptions made since).

    A first confirmation stands on its own: an earlier one of the same parts that never locked them does not
    count here, as in the fold.
    """
    frontier, parts = frontier_of(signed), set(parts_of(signed))
    within = [
        operation
        for operation in operations
        if (in_frontier(operation, frontier) or operation.kind == Kind.ADOPT)
        and (supplement or not (operation.kind in CONFIRM_KINDS and parts & _covered(operation)))
    ]
    waiting = [entry for entry in held if in_frontier(entry.operation, frontier)]
    return fold(
        within, waiting, [place for place in refused if place[1] <= frontier.get(place[0], (0, ""))[0]]
    )


def kept_manifest(package: VisitPackage, signed: Mapping[str, Any], state: Json) -> Json:
    """The manifest as it follows from a state made by `exactly`, to be compared with the signed one."""
    at, parts = signed.get("header", {}).get("to"), parts_of(signed)
    order = [*(part for part in _order(package) if part in parts), *sorted(set(parts) - set(_order(package)))]
    return _build(package, state, at, order, signed.get("supplement"), signed["frontier"])


def differences(signed: Any, kept: Any, path: str = "") -> list[Json]:
    """Where two manifests (or records) differ: path, what was signed, what is kept. Members with an id or a
    department are matched by it, so that one added photo is one difference."""
    if isinstance(signed, dict) and isinstance(kept, dict):
        pairs = [(name, signed.get(name), kept.get(name)) for name in sorted({*signed, *kept})]
    elif isinstance(signed, list) and isinstance(kept, list):
        one, other = _by_name(signed), _by_name(kept)
        pairs = [(name, one.get(name), other.get(name)) for name in sorted({*one, *other})]
    else:
        same = canonical(signed) == canonical(kept)
        return [] if same else [{"path": path or "/", "signed": signed, "kept": kept}]
    return [found for name, left, right in pairs for found in differences(left, right, f"{path}/{name}")]


def _by_name(members: Sequence[Any]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for place, member in enumerate(members):
        name = f"{place:04d}"
        if isinstance(member, dict):
            department = member.get("department")
            inner = department.get("id") if isinstance(department, dict) else None
            name = str(inner or member.get("id") or member.get("device") or member.get("code") or name)
        names[name if name not in names else f"{name}~{place:04d}"] = member
    return names


def _covered(operation: Operation) -> set[str]:
    return set(parts_of(operation.body["manifest"]))


def _order(package: VisitPackage) -> list[str]:
    return [part["department"]["id"] for part in package["parts"]]


def _part_state(state: Json, part: str) -> str:
    there = state["parts"].get(part)
    return str(there["state"]) if there else str(PartState.OPEN)


def _build(
    package: VisitPackage,
    state: Json,
    at: Any,
    parts: Sequence[str],
    supplement: Any,
    frontier: Sequence[Json],
) -> Json:
    whole = with_added(package, state)
    planned = {part["department"]["id"]: part for part in whole["parts"]}
    built = [_part(planned[part], state["parts"].get(part)) for part in parts if part in planned]
    return {
        "format": MANIFEST_FORMAT,
        "visit": {"id": package["id"], "visit_no": package["visit_no"]},
        "header": _header(package, state, at, built),
        "parts": built,
        "frontier": list(frontier),
        "supplement": supplement,
    }


def _header(package: VisitPackage, state: Json, at: Any, parts: list[Json]) -> Json:
    codes = {
        code
        for part in parts
        for found in part["record"].get("findings", {}).values()
        for code in found["outcomes"]
    }
    subject: Mapping[str, Any] = package["subject"]
    return {
        "issuer": package["issuer"],
        "form_name": package.get("form_name"),
        "region": dict(package["region"]),
        "task": dict(package["task"]),
        **({"tasks": [dict(task) for task in package["tasks"]]} if package.get("tasks") else {}),
        "subject": {word: subject[word] for word in _SUBJECT_WORDS}
        | ({"responsible": dict(subject["responsible"])} if subject.get("responsible") else {}),
        "methods": _methods(package, parts),
        "year_count": package["year_count"],
        "cap": package["cap"],
        "from": arrived_at(state),
        "to": at,
        "outcomes": [dict(code) for code in package["profile"]["outcomes"]["codes"] if code["code"] in codes],
    }


def _methods(package: VisitPackage, parts: list[Json]) -> list[Json]:
    """How the task says it is checked, and how a part was checked where nobody went there."""
    nobody_went = bool(parts) and all(off_site(part["record"]) for part in parts)
    planned = [
        dict(method) for method in package["methods"]
        if not (nobody_went and method["code"] == CheckMethod.ON_SITE)
    ]  # fmt: skip
    known = {method["code"] for method in planned}
    used = {part["record"]["method"]["method"] for part in parts if part["record"].get("method")}
    return planned + [{"code": code, "label": _METHODS[code]} for code in sorted(used - known)]


def arrived_at(state: Json) -> str | None:
    """When the first of the team arrived, by his own phone's clock (times of one offset compare as text)."""
    walls = [
        value["value"]["at"]
        for name, register in state["registers"].items()
        if name.startswith("arrive/")
        for value in register["values"]
    ]
    return min(walls, default=None)


def _part(planned: Any, there: Json | None) -> Json:
    record: Json = there["record"] if there else {}
    return {
        "department": dict(planned["department"]),
        "initiating": planned["initiating"],
        "inspectors": [
            {"id": member["id"], "name": member["name"], "certificate": member["certificate"]}
            for member in planned["team"]
        ],
        "items": [
            {
                "id": item["id"],
                "code": item["code"],
                "name": item["name"],
                "legal_basis": item["legal_basis"],
                "checklist": {word: item["checklist"][word] for word in ("id", "version", "hash")},
                "entries": [
                    {word: entry[word] for word in _ENTRY_WORDS}
                    | ({"limits": entry["limits"]} if entry.get("limits") else {})
                    for entry in item["checklist"]["entries"]
                ],
            }
            for item in planned["items"]
        ],
        "record": record,
    }
