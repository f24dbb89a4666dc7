"""What happens when one inspector is enrolled, corrected, leaves, or a change is taken back?"""

from datetime import date
from typing import Any

from sqlalchemy import select

from onevisit.accounts.models import Account
from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem, forbidden
from onevisit.inspectors import rules
from onevisit.inspectors.models import Inspector
from onevisit.inspectors.queries import inspector_of
from onevisit.inspectors.terms import GONE, InspectorState
from onevisit.regions.queries import region_of
from onevisit.subjects.belonging import own_department
from onevisit.subjects.changes import note_change
from onevisit.subjects.editing import own_last
from onevisit.subjects.entry import differences
from onevisit.subjects.hooks import open_teams_of
from onevisit.subjects.models import Subject
from onevisit.subjects.queries import region_meant
from onevisit.subjects.terms import ChangeKind, LibraryName

Json = dict[str, Any]
ENTERED = (
    "name", "kind", "certificate_no", "valid_to", "qualification", "specialities", "expert", "state", "phone",
    "recusals", "recusal_reasons",
)  # fmt: skip


def add(given: Json) -> Inspector:
    """A new person in a department's library."""
    with transaction():
        region = region_of(region_meant())
        one_at_a_time(f"library|{region.id}|{LibraryName.INSPECTORS}")
        department = own_department(given.get("department_id"), region.id)
        values = _checked(given, region.id, department, None)
        if values["state"] in GONE:
            raise Problem("inspectors.entry_wrong", "已经离岗的人不用新入库。", 422)
        person = Inspector(
            **values,
            region_id=region.id,
            department_id=department,
            made_up=region.made_up,
            updated_at=clock.now(),
        )
        db.session.add(person)
        db.session.flush()
        _note(person, ChangeKind.ADDED, {})
        trail.record("inspector.added", "inspector", person.id, region_id=region.id, department_id=department)
    return person


def change(inspector_id: str, given: Json) -> Inspector:
    """Correct a person's entry; leaving for good has its own way, because open visits need a replacement first."""
    with transaction():
        person = own_person(inspector_id)
        values = _checked(given, person.region_id, person.department_id, person)
        if values["state"] in GONE and person.state not in GONE:
            raise Problem("inspectors.leave_instead", "调离、离职请用“办理离岗”，先处理还没办完的检查。", 422)
        fields = differences({name: getattr(person, name) for name in ENTERED}, values)
        if not fields:
            return person
        for name, value in values.items():
            setattr(person, name, value)
        if person.state not in GONE:
            person.left_on = person.left_reason = None
        _note(person, ChangeKind.CHANGED, fields)
        trail.record(
            "inspector.changed", "inspector", person.id, region_id=person.region_id,
            department_id=person.department_id, fields=sorted(fields),
        )  # fmt: skip
    return person


def leave(inspector_id: str, state: str, day: date, reason: str) -> Inspector:
    """Transferred or left, with the reason; refused while on the team of an open visit."""
    with transaction():
        person = own_person(inspector_id)
        if person.state in GONE:
            raise Problem("inspectors.already_left", f"{person.name}已经办理过离岗。", 409)
        if teams := open_teams_of(person.id):
            raise Problem(
                "inspectors.on_open_visits",
                f"{person.name}还在 {len(teams)} 次没办完的检查的小组里。请先在派发看板更换检查人员，再办理离岗。", 409,
                visits=teams,
            )  # fmt: skip
        if day > clock.today():
            raise Problem("inspectors.entry_wrong", "离岗日期不能晚于今天；到那天再办理。", 422)
        fields = {
            "state": [person.state, state],
            "left_on": [None, day.isoformat()],
            "left_reason": [None, reason],
        }
        person.state, person.left_on, person.left_reason = InspectorState(state).value, day, reason
        _note(person, ChangeKind.LEFT, fields, reason)
        trail.record(
            "inspector.left", "inspector", person.id, region_id=person.region_id, department_id=person.department_id,
            state=state, day=day.isoformat(), reason=reason,
        )  # fmt: skip
    return person


def undo_last(inspector_id: str) -> Inspector | None:
    """Take the own last change back; None when it was the enrolment itself."""
    with transaction():
        person = own_person(inspector_id)
        last = own_last(person.id)
        last.undone_at = clock.now()
        if last.kind == ChangeKind.ADDED:
            _remove(person)
            return None
        pairs = {name: pair for name, pair in last.fields.items() if isinstance(pair, list)}
        for name, (before, _) in pairs.items():
            day = date.fromisoformat(before) if name in ("valid_to", "left_on") and before else before
            setattr(person, name, day)
        _refuse_twin(person.region_id, person.certificate_no, person)
        _note(person, ChangeKind.UNDONE, {name: [pair[1], pair[0]] for name, pair in pairs.items()})
        trail.record(
            "inspector.changed", "inspector", person.id, region_id=person.region_id,
            department_id=person.department_id, fields=sorted(pairs), undone=True,
        )  # fmt: skip
    return person


def own_person(inspector_id: str) -> Inspector:
    """A person of the own department; the office may correct everybody of its region."""
    person = inspector_of(inspector_id)
    actor = acting()
    if not actor.has("joint_office") and actor.department_id != person.department_id:
        raise forbidden("这是别的部门的人员，只能由该部门修改。")
    return person


def _remove(person: Inspector) -> None:
    account = db.session.scalars(select(Account.id).where(Account.inspector_id == person.id)).first()
    if account or open_teams_of(person.id):
        raise Problem(
            "inspectors.in_use", "此人已有账号或检查任务，不能撤销入库。不再执法的请办理离岗。", 409
        )
    _note(person, ChangeKind.UNDONE, {})
    trail.record(
        "inspector.removed",
        "inspector",
        person.id,
        region_id=person.region_id,
        department_id=person.department_id,
    )
    db.session.flush()
    db.session.delete(person)


def _checked(given: Json, region_id: str, department_id: str, person: Inspector | None) -> Json:
    values: Json = {name: given[name] for name in ENTERED}
    for name in ("name", "certificate_no", "qualification", "phone"):
        values[name] = (values[name] or "").strip() or (None if name != "name" else "")
    values["specialities"] = sorted({one.strip() for one in values["specialities"] if one.strip()})
    values["recusals"] = sorted(set(values["recusals"]))
    values["recusal_reasons"] = {
        one: values["recusal_reasons"].get(one, "").strip() for one in values["recusals"]
    }
    if found := rules.faults(values):
        raise Problem(
            "inspectors.entry_wrong", f"还不能保存：{'；'.join(found.values())}。", 422,
            errors={name: [why] for name, why in found.items()},
        )  # fmt: skip
    _refuse_twin(region_id, values["certificate_no"], person)
    there = set(
        db.session.scalars(
            select(Subject.id).where(Subject.id.in_(values["recusals"]), Subject.region_id == region_id)
        )
    )
    if set(values["recusals"]) - there:
        raise Problem("inspectors.recusal_unknown", "有回避对象不在本地区名录里。请重新选择。", 422)
    return values


def _refuse_twin(region_id: str, certificate_no: str | None, person: Inspector | None) -> None:
    if certificate_no is None:
        return
    with db.session.no_autoflush:
        twin = db.session.scalars(
            select(Inspector).where(
                Inspector.region_id == region_id, Inspector.certificate_no == certificate_no
            )
        ).first()
    if twin is not None and twin is not person:
        raise Problem(
            "inspectors.certificate_taken",
            f"执法证号 {certificate_no} 已登记在{twin.name}名下。调入人员请先由原部门办理离岗，再核对证号。", 409,
            inspector={"id": twin.id, "name": twin.name},
        )  # fmt: skip


def _note(person: Inspector, kind: ChangeKind, fields: Json, reason: str | None = None) -> None:
    person.updated_at = clock.now()
    person.revision += 1 if kind != ChangeKind.ADDED else 0
    thing = (person.region_id, person.id, person.name)
    note_change(LibraryName.INSPECTORS, kind, thing, fields, [person.department_id], reason)
