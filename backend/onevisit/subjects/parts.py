"""Is each department's part of the libraries attested, what changed since, and are all its people enrolled?"""

from typing import Any

from flask import current_app

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.departments.queries import departments_of
from onevisit.regions.queries import profile_of
from onevisit.subjects.changes import note_change, part_of
from onevisit.subjects.health import people_found
from onevisit.subjects.hooks import closed_visits_of
from onevisit.subjects.models import LibraryPart
from onevisit.subjects.queries import latest_attestations, library_count
from onevisit.subjects.terms import LIBRARY_LABELS, ChangeKind, Finding, LibraryName

Json = dict[str, Any]
_ENROLLED = "onevisit.enrolled_counts"


def attestations_shown(region_id: str) -> list[Json]:
    """Every department of the region with both libraries: who vouched, for how many, what changed since."""
    parts = _parts([one.id for one in departments_of(region_id)])
    latest = {library: latest_attestations(region_id, library) for library in LibraryName}
    return [
        _shown(library, one.id, one.name, latest[library].get(one.id), parts.get((one.id, library.value)))
        for one in departments_of(region_id)
        if not one.joint_office
        for library in LibraryName
    ]


def _shown(library: LibraryName, id_: str, name: str, done: Any, part: LibraryPart | None) -> Json:
    changed_at = part.changed_at if part else None
    holds = done is not None and (changed_at is None or changed_at <= done.at)
    return {
        "department": {"id": id_, "name": name},
        "library": library.value,
        "library_label": LIBRARY_LABELS[library],
        "at": done.at if done else None,
        "count": done.count if done else None,
        "count_now": library_count(library, id_),
        "changed_at": changed_at,
        "changes": part.changes if part else 0,
        "holds": holds,
    }


def _parts(department_ids: list[str]) -> dict[tuple[str, str], LibraryPart]:
    rows = db.session.query(LibraryPart).filter(LibraryPart.department_id.in_(department_ids))
    return {(row.department_id, row.library): row for row in rows}


def note_staff(expected: int) -> LibraryPart:
    """应入库人数: how many of the department's staff should be enrolled; the department itself says so (S1: 100 %)."""
    with transaction():
        actor = acting()
        if actor.department_id is None:
            raise Problem("subjects.no_department", "您的账号没有所属部门，不能填报应入库人数。", 403)
        part = part_of(actor.department_id, LibraryName.INSPECTORS)
        before, part.staff_expected, part.staff_noted_at = part.staff_expected, expected, clock.now()
        region = actor.department_id.partition("-")[0]
        note_change(
            LibraryName.INSPECTORS, ChangeKind.CHANGED, (region, actor.department_id, "应入库人数"),
            {"staff_expected": [before, expected]}, [],
        )  # fmt: skip
        trail.record(
            "library.staff_noted", "library", f"{region}:{LibraryName.INSPECTORS.value}", region_id=region,
            department_id=actor.department_id, expected=expected,
        )  # fmt: skip
    return part


def enrolment(region_id: str) -> Json:
    """入库率: enrolled people against those who should be, per department, with the profile's target."""
    target = profile_of(region_id).value("libraries.enrolment_target_percent")
    count: Any = current_app.extensions.get(_ENROLLED, lambda _region: {})
    enrolled: dict[str, int] = count(region_id)
    departments = [one for one in departments_of(region_id) if not one.joint_office]
    parts = _parts([one.id for one in departments])
    rows: list[Json] = []
    for one in departments:
        part = parts.get((one.id, LibraryName.INSPECTORS.value))
        expected, here = part.staff_expected if part else None, enrolled.get(one.id, 0)
        rows.append(
            {
                "department": {"id": one.id, "name": one.name}, "expected": expected, "enrolled": here,
                "noted_at": part.staff_noted_at if part else None, "percent": percent_of(here, expected),
            }
        )  # fmt: skip
    told = [row for row in rows if row["expected"] is not None]
    return {
        "target_percent": target.value, "sentence": target.sentence, "from_notice": target.from_notice,
        "departments": rows, "silent": len(rows) - len(told),
        "percent": percent_of(sum(row["enrolled"] for row in told), sum(row["expected"] for row in told)) if told else None,
    }  # fmt: skip


def waiting(region_id: str, department_id: str | None) -> Json:
    """What of the libraries waits for a department: parts to attest, certificates, subjects that closed."""
    own = [one for one in attestations_shown(region_id) if one["department"]["id"] == department_id]
    return {
        "attest": [one for one in own if not one["holds"] and one["count_now"]],
        "certificates_expired": len(people_found(Finding.CERTIFICATE_EXPIRED, region_id, department_id)),
        "certificates_ending": len(people_found(Finding.CERTIFICATE_ENDING, region_id, department_id)),
        "closed": closed_visits_of(department_id) if department_id else [],
        "staff_unsaid": bool(own) and not _staff_said(department_id),
    }


def _staff_said(department_id: str | None) -> bool:
    part = db.session.get(LibraryPart, (department_id, LibraryName.INSPECTORS.value))
    return part is not None and part.staff_expected is not None


def percent_of(enrolled: int, expected: int | None) -> int | None:
    """Whole percent, never rounded up to 100 while somebody is missing."""
    if expected is None:
        return None
    return 100 if expected == 0 else enrolled * 100 // expected


def bring_enrolled(extensions: dict[str, Any], count: Any) -> None:
    """The inspector library brings region -> {department: people enrolled}."""
    extensions[_ENROLLED] = count
