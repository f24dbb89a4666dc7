"""How does a bundle become part of the record? Checked before the lock; judged, placed and stored under it (sync.md 3)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import delete, insert, select

from onevisit.accounts.rules import public_key_of
from onevisit.core.canonical import canonical
from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.evidence.announcing import Announced, announce
from onevisit.evidence.terms import FileKind
from onevisit.visits.bundles import BadBundle, Bundle, Link, is_signed, parse_bundle
from onevisit.visits.models import KeptBundle, StoredOperation
from onevisit.visits.operations import CONFIRM_KINDS, BadOperation, Operation, parse_operation
from onevisit.visits.record import Place, Record, given_again
from onevisit.visits.rules import Device as Writer
from onevisit.visits.rules import Verdict, verdict, verdict_of_known, verdict_of_unreadable
from onevisit.visits.shapes import is_key, is_uuid7
from onevisit.visits.statements import (
    BEGIN_LOG,
    ELSEWHERE,
    KEEP_BUNDLE,
    KEEP_PLACES,
    LAST_POSITION,
    LOG,
    MOVE_LOG,
    NEXT_WAITING,
    SENDER,
    asked,
    written,
)
from onevisit.visits.terms import Kind, RefuseReason, VerdictKind
from onevisit.visits.wire import MOST_BUNDLE_BYTES, size_of

MOST_WAITING = 50  # bundles past a gap, per log: more than a day of work without an answer
MOST_KEPT_RAW = 512 * 1024
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose device made a bundle; any phone may carry it (sync.md 1)."""

    account_id: str | None
    writer: Writer
    region_id: str | None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A bundle that proved itself."""

    bundle: Bundle
    sender: Sender


@dataclass(frozen=True, slots=True)
class Turned:
    """Why a whole bundle is turned away; nothing of it is kept."""

    code: str
    detail: str
    retry: str = "later"
    kept: bool = False


@dataclass
class Taken:
    """What became of the places of a bundle."""

    verdicts: list[Json] = field(default_factory=list)
    fresh: list[Place] = field(default_factory=list)
    announced: list[Announced] = field(default_factory=list)
    accepted_to: int = 0
    waits: bool = False  # whether bundles past a gap of this log are kept

    def say(self, id_: Any, found: Verdict, position: int, duplicate: bool = False) -> None:
        """One line of the answer; a repetition is told the first verdict again."""
        reason = str(found.reason) if found.reason else None
        told = {
            "id": id_,
            "verdict": str(found.kind),
            "reason": reason,
            "position": position,
            "duplicate": duplicate,
        }
        self.verdicts.append(told)


def check_bundle(value: Any, small: bool = False) -> Incoming | Turned:
    """Shape, size, chain and signature; before the lock, because it is slow and needs nobody's agreement.

    `small`: the whole request was within the limit of one bundle, so nobody has to measure this one.
    """
    try:
        if not small and size_of(value) > MOST_BUNDLE_BYTES:
            return Turned("sync.too_large", "这一包超过 1 MiB，没有写入。请分几次传。", "now")
        bundle = parse_bundle(value)
    except BadBundle as found:
        return Turned(f"sync.{found.code.partition('.')[2]}", found.detail, "now")
    except RecursionError:
        return Turned("sync.unreadable", "不是一个传送包")
    known = _sender_of(bundle.device)
    if known is None:
        return Turned(
            "sync.unknown_device",
            "服务器不认识这台设备。记录都在手机里，请重新登记设备后再传。",
            "after_login",
        )
    sender, spki = known
    if not is_signed(bundle, spki):
        return Turned(
            "sync.bad_signature",
            "签名核对不上，没有写入。记录都在手机里，会再传一次；仍不行请用“救援文件”。",
            "now",
        )
    return Incoming(bundle, sender)


def _sender_of(device_id: str) -> tuple[Sender, bytes] | None:
    row = asked(SENDER, device=device_id).first()
    if row is None:
        return None
    spki = _spki_of(json.dumps(row.public_key))
    return Sender(row.id, Writer(row.inspector_id, row.revoked_at is not None), row.region_id), spki


@lru_cache(maxsize=1024)
def _spki_of(jwk: str) -> bytes:
    return public_key_of(json.loads(jwk)).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def log_of(visit_id: str, device_id: str) -> tuple[int, str | None]:
    """How far a log is here, and the hash of its last place."""
    row = asked(LOG, visit=visit_id, device=device_id).one()
    return row.accepted_to or 0, row.head


def take(record: Record, incoming: Incoming, at: datetime) -> Taken | Turned:
    """Put what is new of a bundle into its log; under the lock, in the running transaction."""
    bundle = incoming.bundle
    log = asked(LOG, visit=bundle.visit, device=bundle.device).one()
    accepted_to, head = log.accepted_to or 0, log.head
    if bundle.first > accepted_to + 1:
        detail = f"前面还缺第 {accepted_to + 1} 条起的记录，这一包先留着，补上后一起写入。"
        return Turned("sync.gap", detail, "now", kept=_keep_waiting(bundle, at))
    old = [link for link in bundle.links if link.seq <= accepted_to]
    there = {place.seq: place for place in record.places if place.device == bundle.device} if old else {}
    new = bundle.links[len(old) :]
    if any(there[link.seq].hash != link.hash for link in old) or (new and new[0].value["prev"] != head):
        return Turned(
            "sync.log_forked", "这台设备的记录与服务器上的接不上，需要换新的设备密钥后重传。", "now"
        )
    taken = Taken(accepted_to=max(accepted_to, bundle.last), waits=bool(log.waits))
    for link in old:
        found, position = given_again(record, there[link.seq])
        taken.say(there[link.seq].id or _id_of(link), found, position, True)
    if new:
        _take_new(record, incoming, new, taken, at)
        _move_log(bundle, head is None, at)
        _keep(bundle, at)
    return taken


def take_waiting(record: Record, incoming: Incoming, at: datetime) -> Taken:
    """Take in what waited for this log's gap to close."""
    taken, device = Taken(), incoming.bundle.device
    taken.accepted_to = log_of(record.visit.id, device)[0]
    while (row := _next_waiting(record.visit.id, device)) is not None:
        db.session.execute(delete(KeptBundle).where(KeptBundle.id == row.id))
        found = take(record, Incoming(parse_bundle(json.loads(row.waiting)), incoming.sender), at)
        if isinstance(found, Taken):
            taken.fresh += found.fresh
            taken.announced += found.announced
            taken.accepted_to = found.accepted_to
    return taken


def _next_waiting(visit_id: str, device_id: str) -> Any | None:
    accepted_to, _ = log_of(visit_id, device_id)
    return asked(NEXT_WAITING, visit=visit_id, device=device_id, next=accepted_to + 1).first()


def _take_new(record: Record, incoming: Incoming, links: Sequence[Link], taken: Taken, at: datetime) -> None:
    position = next_position()
    elsewhere = _known_elsewhere(record, links)
    record.judges(link.operation for link in links if link.operation is not None)
    rows = []
    for link in links:
        found, known = _judge(record, link, incoming.sender.writer, elsewhere)
        place = _place(link, found, position)
        record.add(place)
        rows.append(_row(record.visit.id, link, place, at))
        taken.fresh.append(place)
        if known is None:
            taken.say(place.id or _id_of(link), found, position)
        else:
            taken.say(place.id, *given_again(record, place), True)
        if link.operation is not None and found.kind in (VerdictKind.APPLIED, VerdictKind.HELD):
            taken.announced += files_of(link.operation, incoming.sender.account_id)
        position += 1
    written(KEEP_PLACES, rows)


def _judge(record: Record, link: Link, writer: Writer, elsewhere: set[str]) -> tuple[Verdict, Place | None]:
    if link.operation is None:
        return verdict_of_unreadable(link.refusal or BadOperation("unreadable", "读不出来")), None
    operation = link.operation
    if operation.id in elsewhere:
        return Verdict(VerdictKind.REFUSED, RefuseReason.ID_REUSED), None
    known = record.by_id.get(operation.id)
    if known is not None:
        there = known.operation or _read_refused(known.position)
        if there is None or (found := verdict_of_known(operation, there)).kind == VerdictKind.REFUSED:
            return Verdict(VerdictKind.REFUSED, RefuseReason.ID_REUSED), None
        return found, known
    return verdict(operation, record.context(), writer), None


def _known_elsewhere(record: Record, links: Iterable[Link]) -> set[str]:
    """Ids that another visit uses already: an id is one fact, wherever it stands."""
    ids = [link.operation.id for link in links if link.operation is not None]
    return set(asked(ELSEWHERE, ids=ids, visit=record.visit.id).scalars()) if ids else set()


def _read_refused(position: int) -> Operation | None:
    raw = db.session.scalars(select(StoredOperation.raw).where(StoredOperation.position == position)).one()
    try:
        return parse_operation(json.loads(raw))
    except ValueError:
        return None


def _id_of(link: Link) -> str | None:
    """How the phone named it, as far as that can be said back."""
    name = link.value.get("id")
    return name if isinstance(name, str) and len(name) <= 60 else None


def _place(link: Link, found: Verdict, position: int) -> Place:
    named = link.value.get("id")
    readable = link.operation if found.kind != VerdictKind.REFUSED else None
    return Place(
        link.value["device"], link.seq, named if isinstance(named, str) and is_uuid7(named) else "", link.hash,
        str(found.kind), str(found.reason) if found.reason else None, position, readable,
    )  # fmt: skip


def _row(visit_id: str, link: Link, place: Place, at: datetime) -> Json:
    value = link.value
    kind, part, by = (value.get(name) for name in ("kind", "part", "by"))
    return {
        "position": place.position, "id": place.id, "visit_id": visit_id, "device_id": place.device, "seq": place.seq,
        "hash": place.hash, "part": part if isinstance(part, str) and is_key(part) and len(part) <= 40 else None,
        "kind": kind if isinstance(kind, str) and kind.isascii() and kind.isprintable() and len(kind) <= 40 else "",
        "by": by if isinstance(by, str) and is_key(by) and len(by) <= 36 else None,
        "raw": _raw(link), "verdict": place.verdict, "reason": place.reason, "received_at": at,
    }  # fmt: skip


def _raw(link: Link) -> bytes:
    """The bytes under the hash; of what is too large to be an operation only where it stands."""
    raw, value = link.raw, link.value
    if len(raw) <= MOST_KEPT_RAW + 1024:
        return raw
    return canonical(
        {name: value[name] for name in ("device", "visit", "seq", "prev")} | {"id": "", "cut": len(raw)}
    )


def next_position() -> int:
    """The next place in the order of arrival; only under the lock."""
    return (asked(LAST_POSITION).scalar_one() or 0) + 1


def _move_log(bundle: Bundle, begins: bool, at: datetime) -> None:
    """The log is here up to the end of the bundle."""
    here = {"visit": bundle.visit, "device": bundle.device}
    if not begins:
        asked(MOVE_LOG, **here, to=bundle.last, hash=bundle.hash, at=at)
        return
    moved = {"accepted_to": bundle.last, "head": bundle.hash, "last_received_at": at}
    written(BEGIN_LOG, [{"visit_id": bundle.visit, "device_id": bundle.device, **moved}])


def _keep(bundle: Bundle, at: datetime) -> None:
    """The signature stays, as the proof of the whole stretch."""
    written(KEEP_BUNDLE, [_kept(bundle, at, None)])


def _keep_waiting(bundle: Bundle, at: datetime) -> bool:
    same = (
        KeptBundle.visit_id == bundle.visit,
        KeptBundle.device_id == bundle.device,
        KeptBundle.waiting.is_not(None),
    )
    hashes = db.session.scalars(select(KeptBundle.last_hash).where(*same)).all()
    if bundle.hash in hashes or len(hashes) >= MOST_WAITING:
        return False
    db.session.execute(insert(KeptBundle), [_kept(bundle, at, canonical(_as_sent(bundle)))])
    return True


def _as_sent(bundle: Bundle) -> Json:
    return {
        "format": "onevisit-bundle/1", "device": bundle.device, "visit": bundle.visit, "from": bundle.first,
        "to": bundle.last, "hash": bundle.hash, "signature": bundle.signature,
        "operations": [link.value for link in bundle.links],
    }  # fmt: skip


def _kept(bundle: Bundle, at: datetime, waiting: bytes | None) -> Json:
    return {
        "id": new_id(), "visit_id": bundle.visit, "device_id": bundle.device, "first": bundle.first,
        "last": bundle.last, "last_hash": bundle.hash, "signature": bundle.signature, "waiting": waiting,
        "received_at": at,
    }  # fmt: skip


def files_of(operation: Operation, account_id: str | None) -> list[Announced]:
    """The files an operation names: photos, audio, clips, signatures, the photo of a stamp."""
    body = operation.body

    def named(hash_: str, kind: FileKind, mime: str, size: int | None = None) -> Announced:
        return Announced(
            hash_, kind, mime, size, operation.part, operation.id, operation.device, operation.by, account_id
        )

    if operation.kind == Kind.PHOTO_ADD:
        return [named(body["hash"], FileKind.PHOTO, body["mime"], body["size"])]
    if operation.kind == Kind.AUDIO_ADD:
        return [named(body["hash"], FileKind.AUDIO, body["mime"], body["size"])]
    if operation.kind == Kind.CLIP_ADD:
        return [named(body["hash"], FileKind.CLIP, body["mime"], body["size"])]
    if operation.kind == Kind.SIGN:
        return [named(body["png_hash"], FileKind.SIGNATURE, "image/png")]
    if operation.kind not in CONFIRM_KINDS:
        return []
    drawn = [body["marks"]["signature"], (body["witness"] or {}).get("signature")]
    found = [named(mark["png_hash"], FileKind.SIGNATURE, "image/png") for mark in drawn if mark]
    if body["marks"]["stamp"]:
        found.append(named(body["marks"]["stamp"]["photo_hash"], FileKind.STAMP, "image/jpeg"))
    return found


def store_announced(visit_id: str, taken: Taken, at: datetime) -> None:
    """Tell evidence which files to expect."""
    announce(visit_id, taken.announced, at)
