"""Who changed what in the libraries, when, from what to what, and which parts must be attested again?"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import String, cast, or_, select

from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.departments.queries import departments_of
from onevisit.subjects.models import LibraryChange, LibraryPart, Subject
from onevisit.subjects.terms import CHANGE_KIND_LABELS, COLUMN_LABELS, ChangeKind, LibraryName
from onevisit.subjects.words import spoken


def note_change(
    library: LibraryName,
    kind: ChangeKind,
    thing: tuple[str, str, str],
    fields: Mapping[str, Any],
    departments: Iterable[str],
    reason: str | None = None,
) -> LibraryChange:
    """Keep one change of (region, id, name); every department whose part it touches has to attest again."""
    region_id, object_id, name = thing
    actor, touched = acting(), sorted(set(departments))
    change = LibraryChange(
        region_id=region_id, library=library.value, kind=kind.value, object_id=object_id, object_name=name,
        department_id=actor.department_id, account_id=actor.account_id, actor_name=actor.name, at=clock.now(),
        fields=dict(fields), reason=reason, count=1, departments=touched,
    )  # fmt: skip
    db.session.add(change)
    touch(library, dict.fromkeys(touched, 1))
    return change


def note_import(
    library: LibraryName, region_id: str, import_id: str, filename: str, counts: Mapping[str, int]
) -> None:
    """An import is one row per department with its number of rows; the rows themselves stand with the import."""
    actor = acting()
    for department, count in counts.items():
        db.session.add(
            LibraryChange(
                region_id=region_id, library=library.value, kind=ChangeKind.IMPORTED.value, object_id=import_id,
                object_name=filename[:200], department_id=department or None, account_id=actor.account_id,
                actor_name=actor.name, at=clock.now(), fields={}, import_id=import_id, count=count,
                departments=[department] if department else [],
            )
        )  # fmt: skip
    touch(library, {one: count for one, count in counts.items() if one})


def note_undone(import_id: str) -> None:
    """An import was taken back as a whole: its rows say so, and the parts changed once more."""
    rows = list(db.session.scalars(select(LibraryChange).where(LibraryChange.import_id == import_id)))
    for row in rows:
        row.undone_at = clock.now()
        touch(LibraryName(row.library), dict.fromkeys(row.departments, row.count))


def touch(library: LibraryName, counts: Mapping[str, int]) -> None:
    """These departments' parts changed: what they attested before no longer holds (S2 art. 11)."""
    for department, count in counts.items():
        part = part_of(department, library)
        part.changed_at, part.changes = clock.now(), part.changes + count


def part_of(department_id: str, library: LibraryName) -> LibraryPart:
    """The department's part of a library, begun when first asked for."""
    part = db.session.get(LibraryPart, (department_id, library.value))
    if part is None:
        part = LibraryPart(department_id=department_id, library=library.value, changes=0)
        db.session.add(part)
    return part


def changed_at(department_id: str, library: LibraryName) -> datetime | None:
    """When a department's part last changed; a draw wants an attestation after it."""
    part = db.session.get(LibraryPart, (department_id, library.value))
    return part.changed_at if part else None


def changes_page(region_id: str, wanted: Mapping[str, Any]) -> list[LibraryChange]:
    """The changes of a library, newest first, one more than asked."""
    rows = select(LibraryChange).where(LibraryChange.region_id == region_id)
    for column in ("library", "kind", "object_id"):
        if wanted.get(column):
            rows = rows.where(getattr(LibraryChange, column) == wanted[column])
    if department := wanted.get("department"):
        touched = cast(LibraryChange.departments, String).contains(f'"{department}"', autoescape=True)
        rows = rows.where(or_(LibraryChange.department_id == department, touched))
    if text := (wanted.get("q") or "").strip():
        like = LibraryChange.object_name.contains(text, autoescape=True)
        rows = rows.where(or_(like, LibraryChange.actor_name.contains(text, autoescape=True)))
    if since := wanted.get("since"):
        rows = rows.where(LibraryChange.at >= _begin(since))
    if until := wanted.get("until"):
        rows = rows.where(LibraryChange.at < _begin(until + timedelta(days=1)))
    if wanted.get("after"):
        rows = rows.where(LibraryChange.id < wanted["after"])
    return list(db.session.scalars(rows.order_by(LibraryChange.id.desc()).limit(wanted["limit"] + 1)))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.LAW_ZONE)


def last_change_of(object_id: str) -> LibraryChange | None:
    """The newest change of a thing that nobody took back."""
    return db.session.scalars(
        select(LibraryChange)
        .where(
            LibraryChange.object_id == object_id,
            LibraryChange.undone_at.is_(None),
            LibraryChange.kind != ChangeKind.UNDONE,
        )
        .order_by(LibraryChange.id.desc())
        .limit(1)
    ).first()


def changes_of(object_id: str, most: int = 100) -> list[LibraryChange]:
    """The whole history of one entry, newest first."""
    rows = select(LibraryChange).where(LibraryChange.object_id == object_id).order_by(LibraryChange.id.desc())
    return list(db.session.scalars(rows.limit(most)))


def shown(changes: list[LibraryChange]) -> list[dict[str, Any]]:
    """Changes with the words that people read."""
    if not changes:
        return []
    names = {one.id: {"id": one.id, "name": one.name} for one in departments_of(changes[0].region_id)}
    parties = _named({str(side) for one in changes for side in one.fields.get("responsible_id", ()) if side})
    return [
        {
            "id": one.id, "library": one.library, "kind": one.kind, "kind_label": CHANGE_KIND_LABELS[ChangeKind(one.kind)],
            "object_id": one.object_id, "object_name": one.object_name, "department": names.get(one.department_id or ""),
            "actor_name": one.actor_name, "at": one.at, "reason": one.reason, "count": one.count,
            "undone_at": one.undone_at,
            "fields": pairs_shown(one.fields, parties),
        }
        for one in changes
    ]  # fmt: skip


def pairs_shown(fields: Mapping[str, Any], parties: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    """Every field with its label, from what to what, in words."""
    return [
        {
            "name": name, "label": COLUMN_LABELS.get(name, name), "before": _words(name, pair[0], parties or {}),
            "after": _words(name, pair[1], parties or {}),
        }
        for name, pair in fields.items() if isinstance(pair, list) and len(pair) == 2
    ]  # fmt: skip


def _named(ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    rows = db.session.execute(select(Subject.id, Subject.name).where(Subject.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _words(name: str, value: Any, parties: Mapping[str, str]) -> str:
    return parties.get(str(value), "") if name == "responsible_id" else spoken(name, value)
