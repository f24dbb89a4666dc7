"""What happens to the subject library: departments vouch for it, history grows."""

from datetime import date

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.subjects.changes import part_of
from onevisit.subjects.models import Attestation, SubjectHistory
from onevisit.subjects.queries import library_count
from onevisit.subjects.terms import LibraryName


def attest(library: str, department_id: str | None = None) -> Attestation:
    """A department vouches that its part of a library is up to date (S2 art. 11)."""
    actor = acting()
    department = department_id or actor.department_id
    if department is None:
        raise Problem(
            "subjects.no_department", "您的账号没有所属部门，不能确认名录库。请由部门经办人确认。", 403
        )
    with transaction():
        kind = LibraryName(library)
        region = department.partition("-")[0]
        done = Attestation(
            region_id=region, department_id=department, library=kind.value, at=clock.now(),
            by=actor.account_id, count=library_count(kind, department),
        )  # fmt: skip
        db.session.add(done)
        part_of(department, kind).changes = 0
        db.session.flush()
        trail.record(
            "library.attested", "library", f"{region}:{kind.value}", region_id=region, department_id=department,
            library=kind.value, count=done.count,
        )  # fmt: skip
    return done


def remember_check(
    subject_id: str, visit_id: str, department_id: str, day: date, task_name: str, outcomes: list[str]
) -> None:
    """Add a past check to the subject's history; called by the flow, in the fact's own transaction.

    The fact itself (part.final …) is already on the trail, so this writes none of its own.
    """
    with transaction():
        db.session.add(
            SubjectHistory(
                subject_id=subject_id, visit_id=visit_id, department_id=department_id, day=day,
                task_name=task_name, outcomes=outcomes,
            )
        )  # fmt: skip
