"""What is new for an inspector's phone? Packages, pinned checklists, every operation of the own visits (sync.md 3)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, func, or_, select

from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.core.safe import safe_now
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.models import Part, TeamMember, Visit
from onevisit.visits.code import code_url
from onevisit.visits.device_keys import keys_of, with_other_phones
from onevisit.visits.models import StoredOperation
from onevisit.visits.package import package_of
from onevisit.visits.record import Json
from onevisit.visits.terms import RefuseReason, VerdictKind

# Facts of the record itself: they travel as operations and change nothing in the package.
SILENT = (
    "bundle.received", "bundle.waiting", "visit.begun", "visit.confirmed", "visit.supplemented", "part.ready", "part.reopened",
    "file.stored",
)  # fmt: skip
_MARK = 6  # bytes of a hash that stand for a visit in the cursor


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a phone has come: operations up to `position`, packages up to the trail's `turn`.

    `known` are its visits; those in `late` it got after their first operations, which follow from `since` on.
    """

    epoch: str
    position: int = 0
    turn: int = 0
    known: frozenset[bytes] = frozenset()
    late: frozenset[bytes] = frozenset()
    since: int = 0

    def text(self) -> str:
        """As it travels; opaque to the phone."""
        plain = [self.epoch, self.position, self.turn, _packed(self.known), _packed(self.late), self.since]
        return (
            base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).rstrip(b"=").decode()
        )


def read_cursor(text: str | None, epoch: str) -> Cursor:
    """The cursor a phone sends; one of another life of the server begins anew."""
    if not text:
        return Cursor(epoch)
    try:
        plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        known, late = _unpacked(plain[3]), _unpacked(plain[4])
        cursor = Cursor(str(plain[0]), int(plain[1]), int(plain[2]), known, late, int(plain[5]))
    except (ValueError, TypeError, IndexError, KeyError, binascii.Error) as error:
        raise Problem("sync.bad_cursor", "续传位置读不懂，请从头同步一次。", 422, "now") from error
    return cursor if cursor.epoch == epoch else Cursor(epoch)


def changes_for(inspector_id: str, cursor: Cursor, limit: int) -> Json:
    """One page for this inspector, and the cursor after it."""
    turn = db.session.scalars(select(func.max(TrailEntry.position))).one() or 0
    mine = {mark_of(row.id): row for row in _visits_of(inspector_id)}
    fresh = {mark: row for mark, row in mine.items() if mark not in cursor.known}
    changed = _changed([row for mark, row in mine.items() if mark in cursor.known], cursor.turn)
    packages = [_package(row.id, inspector_id) for row in fresh.values()]
    checklists = _unpin(packages)
    packages_again = [_package(id_, inspector_id) for id_ in changed]
    _unpin(packages_again)
    late = (cursor.late & mine.keys()) | (fresh.keys() if cursor.position else frozenset())
    since = 0 if cursor.position and fresh else cursor.since
    rows, more = _operations(mine, late, cursor.position, since, limit)
    reached = rows[-1].position if rows else cursor.position
    settled = not more or reached >= cursor.position
    after = Cursor(
        cursor.epoch, max(cursor.position, reached), turn, frozenset(mine),
        frozenset() if settled else frozenset(late), 0 if settled else reached,
    )  # fmt: skip
    return {
        "epoch": cursor.epoch, "cursor": after.text(), "more": more, "visits": [*packages, *packages_again],
        "checklists": checklists, "operations": [_sent(row) for row in rows],
        "removed": _removed(inspector_id, cursor.known, mine), "acknowledged": _acknowledged(),
    }  # fmt: skip


def _acknowledged() -> Json:
    """Up to where everything is in a finished backup; only then a phone may let go of it (sync.md 7)."""
    safe_to, since = safe_now()
    return {"safe_to": safe_to, "safe_at": since.isoformat() if since else None}


def mark_of(visit_id: str) -> bytes:
    """What stands for a visit in a cursor."""
    return hashlib.sha256(visit_id.encode()).digest()[:_MARK]


def _packed(marks: Iterable[bytes]) -> str:
    return base64.b64encode(b"".join(sorted(marks))).decode()


def _unpacked(text: str) -> frozenset[bytes]:
    whole = base64.b64decode(text, validate=True)
    return frozenset(whole[start : start + _MARK] for start in range(0, len(whole), _MARK))


def _visits_of(inspector_id: str) -> Sequence[Any]:
    mine = select(TeamMember.visit_id).where(
        TeamMember.inspector_id == inspector_id, TeamMember.removed_at.is_(None)
    )
    return db.session.execute(
        select(Visit.id, Visit.task_id)
        .where(Visit.id.in_(mine), Visit.merged_into_id.is_(None))
        .order_by(Visit.id)
    ).all()


def _removed(inspector_id: str, known: frozenset[bytes], mine: dict[bytes, Any]) -> list[str]:
    """Visits that were mine and are not any more: replaced there, or merged into another one."""
    left = db.session.scalars(
        select(TeamMember.visit_id).where(
            TeamMember.inspector_id == inspector_id, TeamMember.removed_at.is_not(None)
        )
    )
    merged = db.session.scalars(
        select(TeamMember.visit_id)
        .join(Visit, Visit.id == TeamMember.visit_id)
        .where(TeamMember.inspector_id == inspector_id, Visit.merged_into_id.is_not(None))
    )
    once = [*left, *merged]
    return sorted({id_ for id_ in once if mark_of(id_) in known and mark_of(id_) not in mine})


def _changed(visits: Sequence[Any], turn: int) -> list[str]:
    """Known visits about which (or whose task or part) the trail says something new: schedule, team, claims, to-dos."""
    if not visits:
        return []
    parts = db.session.execute(
        select(Part.id, Part.visit_id).where(Part.visit_id.in_([visit.id for visit in visits]))
    ).all()
    touched = set(
        db.session.scalars(
            select(TrailEntry.object_id).where(
                TrailEntry.position > turn, TrailEntry.event.not_in(SILENT),
                TrailEntry.object_id.in_({
                    *(visit.id for visit in visits), *(visit.task_id for visit in visits), *(part.id for part in parts)
                }),
            )
        )
    )  # fmt: skip
    by_part = {part.visit_id for part in parts if part.id in touched}
    phones = with_other_phones([visit.id for visit in visits], turn)
    again = by_part | phones
    return [visit.id for visit in visits if touched & {visit.id, visit.task_id} or visit.id in again]


def _package(visit_id: str, inspector_id: str) -> Json:
    package = cast(Json, dict(package_of(visit_id, inspector_id)))
    package["code_url"] = code_url(visit_id)
    package.update(keys_of(visit_id))
    return package


def _unpin(packages: list[Json]) -> list[Json]:
    """Takes the checklists out of packages: a version travels once, by its hash."""
    found: dict[str, Json] = {}
    for package in packages:
        package["parts"] = [
            {
                **part,
                "items": [{**item, "checklist": _named(item["checklist"], found)} for item in part["items"]],
                "addable": [
                    {**item, "checklist": _named(item["checklist"], found)} for item in part["addable"]
                ],
            }
            for part in package["parts"]
        ]
    return [found[hash_] for hash_ in sorted(found)]


def _named(checklist: Json, found: dict[str, Json]) -> Json:
    found[checklist["hash"]] = dict(checklist)
    return {word: checklist[word] for word in ("id", "version", "hash")}


def _operations(
    mine: dict[bytes, Any], late: Iterable[bytes], position: int, since: int, limit: int
) -> tuple[Sequence[Any], bool]:
    """Operations in the order of arrival: new ones of all visits, earlier ones of visits that came late."""
    late = set(late)
    on_time = [row.id for mark, row in mine.items() if mark not in late]
    catching_up = [mine[mark].id for mark in late]
    wanted: list[ColumnElement[bool]] = [
        and_(StoredOperation.visit_id.in_(on_time), StoredOperation.position > position)
    ]
    if catching_up:
        wanted.append(and_(StoredOperation.visit_id.in_(catching_up), StoredOperation.position > since))
    columns = (
        StoredOperation.position, StoredOperation.raw, StoredOperation.verdict, StoredOperation.reason,
        StoredOperation.id, StoredOperation.visit_id, StoredOperation.device_id, StoredOperation.seq,
    )  # fmt: skip
    rows = db.session.execute(
        select(*columns).where(or_(*wanted)).order_by(StoredOperation.position).limit(limit + 1)
    ).all()
    return rows[:limit], len(rows) > limit


def _sent(row: Any) -> Json:
    operation = json.loads(row.raw)
    verdict, reason = row.verdict, row.reason
    if reason == RefuseReason.ID_REUSED:
        # Its id is another operation's; what others need of it is only that its place in the log is filled.
        operation = {**operation, "id": f"refused-{row.position}"}
    if verdict == VerdictKind.DUPLICATE:
        verdict, reason = _first_verdict(row)
    return {"operation": operation, "verdict": verdict, "reason": reason, "position": row.position}


def _first_verdict(row: Any) -> tuple[str, str | None]:
    first = db.session.execute(
        select(StoredOperation.verdict, StoredOperation.reason)
        .where(StoredOperation.id == row.id, StoredOperation.visit_id == row.visit_id)
        .order_by(StoredOperation.position)
        .limit(1)
    ).one()
    return first.verdict, first.reason
