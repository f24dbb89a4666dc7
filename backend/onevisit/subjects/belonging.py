"""To whose libraries does a subject belong, in which way, and who may change it? (谁审批、谁监管，谁主管、谁监管)"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select

from onevisit.core import clock, trail
from onevisit.core.auth import Actor, acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem, forbidden, not_found
from onevisit.departments.models import Department
from onevisit.departments.queries import departments_of
from onevisit.subjects.changes import note_change
from onevisit.subjects.models import Subject, SubjectBelonging
from onevisit.subjects.queries import subject_of
from onevisit.subjects.terms import DUTY_LABELS, LEVEL_LABELS, ChangeKind, Duty, Level, LibraryName

Json = dict[str, Any]


def may_change(actor: Actor, subject: Subject) -> bool:
    """The office may correct every subject; a department those of its library, and those in nobody's."""
    if actor.has("joint_office"):
        return True
    return not subject.departments or actor.department_id in subject.departments


def refuse_foreign(subject: Subject) -> None:
    """A department keeps its own part of the library."""
    if not may_change(acting(), subject):
        raise forbidden("这个对象不在本部门名录里。请先把它纳入本部门名录，或由监管部门修改。")


def belongings_of(subject: Subject) -> list[Json]:
    """Every department in whose library it is, with level and kind; nothing said means it came with a list."""
    return belongings_of_all([subject])[subject.id]


def belongings_of_all(subjects: Sequence[Subject]) -> dict[str, list[Json]]:
    """The same for a page of subjects, in one question."""
    rows = db.session.scalars(
        select(SubjectBelonging)
        .where(SubjectBelonging.subject_id.in_([one.id for one in subjects]))
        .order_by(SubjectBelonging.department_id, SubjectBelonging.duty)
    )
    told: dict[tuple[str, str], list[Json]] = {}
    for row in rows:
        told.setdefault((row.subject_id, row.department_id), []).append(
            {"duty": row.duty, "level": row.level, "since": row.since}
        )
    nothing = [{"duty": None, "level": None, "since": None}]
    return {
        one.id: [
            {"department_id": department, **how}
            for department in one.departments
            for how in told.get((one.id, department), nothing)
        ]
        for one in subjects
    }


def shown(subject: Subject) -> list[Json]:
    """The belongings with labels."""
    names = {one.id: {"id": one.id, "name": one.name} for one in departments_of(subject.region_id)}
    return [
        one
        | {
            "department": names.get(one["department_id"], {"id": one["department_id"], "name": one["department_id"]}),
            "duty_label": DUTY_LABELS[Duty(one["duty"])] if one["duty"] else None,
            "level_label": LEVEL_LABELS[Level(one["level"])] if one["level"] else None,
        }
        for one in belongings_of(subject)
    ]  # fmt: skip


def take_in(
    subject_id: str, department_id: str | None, duties: list[str], level: str, reason: str | None
) -> Subject:
    """Into a department's library, with why it answers for it; told again, the kinds and the level are corrected."""
    with transaction():
        subject = subject_of(subject_id)
        department = own_department(department_id, subject.region_id)
        before = kept(subject)
        put(subject, department, duties, level)
        if kept(subject) == before:
            raise Problem("subjects.already_in", "已经在这个部门的名录里，级别和种类也一样，没有改动。", 409)
        _note(subject, ChangeKind.TAKEN_IN, before, department, reason)
        trail.record(
            "subject.taken_in", "subject", subject.id, region_id=subject.region_id, department_id=department,
            duties=duties, level=level,
        )  # fmt: skip
    return subject


def let_go(subject_id: str, department_id: str | None, reason: str) -> Subject:
    """Out of a department's library, with the reason; the other departments keep it."""
    with transaction():
        subject = subject_of(subject_id)
        department = own_department(department_id, subject.region_id)
        if department not in subject.departments:
            raise Problem("subjects.not_in", "这个对象不在该部门的名录里，没有改动。请刷新后再看。", 409)
        before = kept(subject)
        subject.departments = [one for one in subject.departments if one != department]
        _forget(subject.id, department)
        _note(subject, ChangeKind.LET_GO, before, department, reason)
        trail.record(
            "subject.let_go", "subject", subject.id, region_id=subject.region_id, department_id=department,
            reason=reason,
        )  # fmt: skip
    return subject


def own_department(given: str | None, region_id: str) -> str:
    """The department somebody acts for: the own one; the office may name another of its region."""
    actor = acting()
    wanted = given or actor.department_id
    if wanted is None:
        raise Problem("subjects.department_needed", "请选择是哪个部门的名录。")
    if wanted != actor.department_id and not actor.has("joint_office"):
        raise forbidden("只能办理本部门的名录。")
    department = db.session.get(Department, wanted)
    if department is None or department.region_id != region_id:
        raise not_found("部门")
    return wanted


def put(subject: Subject, department_id: str, duties: Sequence[str], level: str) -> None:
    """Write how a department answers for a subject."""
    subject.departments = sorted({*subject.departments, department_id})
    _forget(subject.id, department_id)
    for duty in dict.fromkeys(duties):
        db.session.add(
            SubjectBelonging(
                subject_id=subject.id, department_id=department_id, duty=Duty(duty).value, level=Level(level).value,
                since=clock.today(),
            )
        )  # fmt: skip
    db.session.flush()


def put_back(subject: Subject, rows: list[Json]) -> None:
    """The belongings as they were before a change that is taken back."""
    db.session.execute(delete(SubjectBelonging).where(SubjectBelonging.subject_id == subject.id))
    subject.departments = sorted({one["department_id"] for one in rows})
    for department in subject.departments:
        hows = [one for one in rows if one["department_id"] == department and one["duty"]]
        if hows:
            put(subject, department, [one["duty"] for one in hows], hows[0]["level"])


def kept(subject: Subject) -> list[Json]:
    """The belongings as the history keeps them: with the department's name, without the day."""
    names = {one.id: one.name for one in departments_of(subject.region_id)}
    return [
        {"department_id": one["department_id"], "department": names.get(one["department_id"]),
         "duty": one["duty"], "level": one["level"]}
        for one in belongings_of(subject)
    ]  # fmt: skip


def _forget(subject_id: str, department_id: str) -> None:
    db.session.execute(
        delete(SubjectBelonging).where(
            SubjectBelonging.subject_id == subject_id, SubjectBelonging.department_id == department_id
        )
    )


def _note(
    subject: Subject, kind: ChangeKind, before: list[Json], department: str, reason: str | None
) -> None:
    subject.revision += 1
    note_change(
        LibraryName.SUBJECTS, kind, (subject.region_id, subject.id, subject.name),
        {"belongings": [before, kept(subject)]}, [department], reason,
    )  # fmt: skip
