"""What is an operation, is this one well formed, and which register does it set? (sync.md 1)

Bodies are in shapes.py; the twin is pwa/src/rules/operations.ts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from onevisit.core.canonical import canonical, digest
from onevisit.visits.shapes import (
    SHAPES,
    is_device,
    is_hash,
    is_instant,
    is_int,
    is_key,
    is_uuid7,
    wrong_field,
)
from onevisit.visits.terms import Kind, RefuseReason

MOST_BYTES: Final = 64 * 1024
MOST_BYTES_CONFIRM: Final = 512 * 1024  # carries its manifest
MOST_SEQ: Final = 2**31

KINDS: Final = frozenset(kind.value for kind in Kind)
FIELDS: Final = ("at", "base", "body", "by", "device", "id", "kind", "part", "prev", "seq", "visit")
_FIELDS: Final = frozenset(FIELDS)

# Kinds of a whole visit carry no part; these may go either way, all others belong to one part.
VISIT_KINDS: Final = frozenset({Kind.SCHEDULE_SET, Kind.LEAD_TAKE, Kind.CONFIRM, Kind.SUPPLEMENT})
EITHER_KINDS: Final = frozenset({Kind.SETTLE, Kind.ADOPT})

# The sets of a record: what adds to them, and under which name they stand in it.
SETS: Final[dict[str, str]] = {
    Kind.NOTE_ADD: "notes",
    Kind.PHOTO_ADD: "photos",
    Kind.AUDIO_ADD: "audio",
    Kind.PAPER_ADD: "papers",
    Kind.SAMPLE_ADD: "samples",
    Kind.EVIDENCE_TAKE: "evidence",
    Kind.MEASURE_ISSUE: "measures",
    Kind.CLIP_ADD: "clips",
    Kind.RECORDING_ADD: "recordings",
    Kind.MARKING_ADD: "markings",
}
# Shelves that came later stand in a record only when something is on them: what was signed before stays equal.
LATER_SHELVES: Final = frozenset({"clips", "recordings", "markings"})
WITHDRAWALS: Final[dict[str, str]] = {
    Kind.NOTE_WITHDRAW: "notes",
    Kind.PHOTO_WITHDRAW: "photos",
    Kind.AUDIO_WITHDRAW: "audio",
    Kind.PAPER_WITHDRAW: "papers",
    Kind.SAMPLE_WITHDRAW: "samples",
    Kind.EVIDENCE_WITHDRAW: "evidence",
    Kind.MEASURE_WITHDRAW: "measures",
    Kind.CLIP_WITHDRAW: "clips",
    Kind.RECORDING_WITHDRAW: "recordings",
    Kind.MARKING_WITHDRAW: "markings",
}
# Registers with a value of their own: the kind whose body is the value, its fields that name the register.
VALUED: Final[dict[str, tuple[Kind, tuple[str, ...]]]] = {
    "answer": (Kind.ANSWER_SET, ("item", "entry")),
    "finding": (Kind.FINDING_SET, ("item",)),
    "transcript": (Kind.TRANSCRIPT_SET, ()),
    "item": (Kind.ITEM_ADD, ("item",)),
    "fact": (Kind.FACT_DIFFERS, ("key",)),
    "expert": (Kind.EXPERT_ADD, ("expert",)),
    "method": (Kind.METHOD_SET, ()),
    "schedule": (Kind.SCHEDULE_SET, ()),
}
_PREFIX_OF: Final[dict[str, str]] = {kind: prefix for prefix, (kind, _) in VALUED.items()}
_WITH_PART: Final = frozenset({"transcript", "item", "fact", "expert", "method"})

# What a record consists of: only these are frozen by a confirmation.
CONTENT_KINDS: Final = frozenset(
    {*SETS, *WITHDRAWALS, *(kind for kind, _ in VALUED.values() if kind != Kind.SCHEDULE_SET), Kind.SETTLE}
)
REVIEW_KINDS: Final = frozenset({Kind.SEND_BACK, Kind.ACCEPT})
CONFIRM_KINDS: Final = frozenset({Kind.CONFIRM, Kind.SUPPLEMENT})


class BadOperation(ValueError):
    """Why it is none: a stable code, the field, a Chinese sentence, and how the server answers it."""

    def __init__(self, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(f"{code}: {field or ''} {detail}")
        self.code, self.detail, self.field = f"operation.{code}", detail, field

    @property
    def reason(self) -> RefuseReason:
        """The reason of the `refused` verdict."""
        named = {
            "operation.too_large": RefuseReason.TOO_LARGE,
            "operation.digest_mismatch": RefuseReason.DIGEST_MISMATCH,
            "operation.bad_body": RefuseReason.BAD_BODY,
            "operation.unknown_register": RefuseReason.BAD_BODY,
            "operation.marks_missing": RefuseReason.BAD_BODY,
        }
        return named.get(self.code, RefuseReason.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Operation:
    """One fact of the record, as a phone or the server wrote it."""

    id: str
    device: str
    visit: str
    seq: int
    prev: str | None
    part: str | None
    kind: str
    body: Mapping[str, Any]
    base: Mapping[str, tuple[str, ...]]
    by: str
    wall: str
    offset_ms: int | None

    def as_json(self) -> dict[str, Any]:
        """The operation as it travels; hashing this gives its hash."""
        return {
            "id": self.id,
            "device": self.device,
            "visit": self.visit,
            "seq": self.seq,
            "prev": self.prev,
            "part": self.part,
            "kind": self.kind,
            "body": dict(self.body),
            "base": {register: list(ids) for register, ids in self.base.items()},
            "by": self.by,
            "at": {"wall": self.wall, "offset_ms": self.offset_ms},
        }

    @property
    def known(self) -> bool:
        """Whether this version knows the kind; unknown ones are kept and held."""
        return self.kind in KINDS

    @property
    def of_server(self) -> bool:
        """Whether it stands in the server's own log."""
        return self.device.startswith("server:")


def parse_operation(value: object, raw: bytes | None = None) -> Operation:
    """Reads one operation (`raw`: its canonical bytes, where they are known); raises BadOperation where it is not one."""
    if not isinstance(value, dict):
        raise BadOperation("unreadable", "不是一条操作")
    try:
        size = len(canonical(value) if raw is None else raw)
    except (ValueError, TypeError) as found:
        raise BadOperation("not_canonical", "含有小数、非 ASCII 字段名或不成对的字符") from found
    operation = _envelope(value)
    most = MOST_BYTES_CONFIRM if operation.kind in CONFIRM_KINDS else MOST_BYTES
    if size > most:
        raise BadOperation("too_large", f"一条操作最多 {most // 1024} KB")
    if operation.known:
        _check_part(operation)
        _check_body(operation)
    return operation


def operation_hash(value: Operation | Mapping[str, Any]) -> str:
    """H(JCS(operation)), the `prev` of the next one in its log."""
    return digest(value.as_json() if isinstance(value, Operation) else dict(value))


def same_content(one: Operation, other: Operation) -> bool:
    """Whether both are the same fact, perhaps re-chained in another log (all but device, seq, prev)."""
    return _content(one) == _content(other)


def register_of(operation: Operation) -> str | None:
    """The register it sets; None where it adds to a set or says something once."""
    kind, part, body = operation.kind, operation.part, operation.body
    if kind in _PREFIX_OF:
        prefix = _PREFIX_OF[kind]
        names = [str(body[field]) for field in VALUED[prefix][1]]
        return "/".join([prefix, *([str(part)] if prefix in _WITH_PART else []), *names])
    if kind in (Kind.VISIT_ARRIVE, Kind.VISIT_LEAVE):
        return f"{kind.split('.')[1]}/{part}/{operation.by}"
    if kind == Kind.LEAD_TAKE:
        return "lead"
    if kind in (Kind.PART_READY, Kind.PART_REOPEN):
        return f"ready/{part}"
    if kind in REVIEW_KINDS:
        return f"review/{part}/{body['item'] or 'all'}"
    if kind in (Kind.SETTLE, Kind.AMEND):
        register: str | None = body["register"]
        return register
    return None


def value_of(operation: Operation) -> Any:
    """The value it gives its register."""
    kind, body = operation.kind, operation.body
    if kind in _PREFIX_OF:
        routing = VALUED[_PREFIX_OF[kind]][1]
        return {field: value for field, value in body.items() if field not in routing}
    if kind in (Kind.VISIT_ARRIVE, Kind.VISIT_LEAVE):
        return {"at": operation.wall, **body}
    if kind == Kind.LEAD_TAKE:
        return {"inspector": operation.by, "reason": body["reason"]}
    if kind in (Kind.PART_READY, Kind.PART_REOPEN):
        return {"ready": kind == Kind.PART_READY, "reason": body.get("reason")}
    if kind in REVIEW_KINDS:
        verdict = "returned" if kind == Kind.SEND_BACK else "accepted"
        return {"verdict": verdict, "reason": body.get("reason")}
    return body["value"]


def _content(operation: Operation) -> dict[str, Any]:
    return {
        field: member
        for field, member in operation.as_json().items()
        if field not in ("device", "seq", "prev")
    }


def _envelope(value: dict[str, Any]) -> Operation:
    if value.keys() != _FIELDS:
        odd = sorted(set(value) ^ set(FIELDS))[0]
        raise BadOperation("bad_envelope", "字段不齐或多余", f"/{odd}")
    at, base = value["at"], value["base"]
    checks = {
        "/id": is_uuid7(value["id"]),
        "/device": is_device(value["device"]),
        "/visit": is_uuid7(value["visit"]),
        "/seq": is_int(value["seq"], 1, MOST_SEQ),
        "/prev": value["prev"] is None or is_hash(value["prev"]),
        "/part": value["part"] is None or is_key(value["part"]),
        "/kind": isinstance(value["kind"], str) and 0 < len(value["kind"]) <= 30 and value["kind"].isascii(),
        "/body": isinstance(value["body"], dict),
        "/base": isinstance(base, dict) and all(_is_seen(ids) for ids in base.values()),
        "/by": is_key(value["by"]),
        "/at": isinstance(at, dict)
        and at.keys() == {"wall", "offset_ms"}
        and is_instant(at["wall"])
        and (at["offset_ms"] is None or is_int(at["offset_ms"], -(10**12), 10**12)),
    }
    for field, good in checks.items():
        if not good:
            raise BadOperation("bad_envelope", "字段的形式不对", field)
    if (value["seq"] == 1) != (value["prev"] is None):
        raise BadOperation("bad_envelope", "第一条没有前一条，其余都有", "/prev")
    return operation_of(value)


def operation_of(value: Mapping[str, Any]) -> Operation:
    """The operation of a value whose envelope is known to be good."""
    at, base = value["at"], value["base"]
    return Operation(
        value["id"], value["device"], value["visit"], value["seq"], value["prev"], value["part"], value["kind"],
        value["body"], {register: tuple(ids) for register, ids in base.items()}, value["by"], at["wall"], at["offset_ms"],
    )  # fmt: skip


def _is_seen(ids: object) -> bool:
    return isinstance(ids, list) and len(ids) <= 100 and all(is_uuid7(seen) for seen in ids)


def _check_part(operation: Operation) -> None:
    if operation.kind in VISIT_KINDS and operation.part is not None:
        raise BadOperation("part_not_allowed", "这种操作属于整次任务", "/part")
    if operation.kind not in VISIT_KINDS | EITHER_KINDS and operation.part is None:
        raise BadOperation("part_missing", "缺少所属部门", "/part")


def _check_body(operation: Operation) -> None:
    if (wrong := wrong_field(SHAPES[operation.kind], operation.body, "/body")) is not None:
        raise BadOperation("bad_body", "内容缺少、多余或形式不对", wrong)
    if operation.kind in (Kind.SETTLE, Kind.AMEND):
        _check_register(operation)
    if operation.kind in CONFIRM_KINDS:
        _check_confirmation(operation)


def _check_register(operation: Operation) -> None:
    """settle and amend carry the whole value of the register that they name."""
    register, value = operation.body["register"], operation.body["value"]
    if register is None:
        if value is not None or not operation.body["takes"]:
            raise BadOperation("bad_body", "没有改动内容", "/body/register")
        return
    prefix, *names = register.split("/")
    if operation.kind == Kind.SETTLE and register == "lead":
        if wrong_field({"inspector": "key", "reason": "text:500"}, value) is not None:
            raise BadOperation("bad_body", "值的形式不对", "/body/value")
    elif not _names_register(operation, prefix, names):
        raise BadOperation("unknown_register", "没有这样的栏目", "/body/register")
    else:
        kind, routing = VALUED[prefix]
        shape = {field: word for field, word in SHAPES[kind].items() if field not in routing}
        if (wrong := wrong_field(shape, value, "/body/value")) is not None:
            raise BadOperation("bad_body", "值的形式不对", wrong)
    if (register in ("lead", "schedule")) != (operation.part is None):
        raise BadOperation("bad_body", "栏目不属于这个部门", "/part")


def _names_register(operation: Operation, prefix: str, names: list[str]) -> bool:
    if prefix not in VALUED or not all(is_key(name) for name in names):
        return False
    if prefix == "schedule" and operation.kind == Kind.AMEND:
        return False
    if prefix in _WITH_PART and names[:1] != [operation.part]:
        return False
    return len(names) == len(VALUED[prefix][1]) + (prefix in _WITH_PART)


def _check_confirmation(operation: Operation) -> None:
    body = operation.body
    manifest, marks = body["manifest"], body["marks"]
    if manifest["visit"].get("id") != operation.visit:
        raise BadOperation("bad_body", "确认的不是这次任务", "/body/manifest")
    if (operation.kind == Kind.SUPPLEMENT) != (manifest.get("supplement") is not None):
        raise BadOperation("bad_body", "补充确认与首次确认不能混用", "/body/manifest")
    if digest(manifest) != body["digest"]:
        raise BadOperation("digest_mismatch", "核对码与记录不一致", "/body/digest")
    marked = marks["signature"] is not None or marks["stamp"] is not None
    if body["refusal"] is None and not (marked and body["signer"] is not None):
        raise BadOperation("marks_missing", "没有签字或盖章，也没有写明拒绝", "/body/marks")
    if body["refusal"] is not None and marked:
        raise BadOperation("marks_missing", "拒绝签字的记录不能带签字或盖章", "/body/marks")
