"""What happens when one subject is entered, corrected or taken back?"""

from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.regions.queries import region_of
from onevisit.subjects import belonging, entry, grades, importing
from onevisit.subjects.changes import last_change_of, note_change
from onevisit.subjects.hooks import uses_of
from onevisit.subjects.models import LibraryChange, Subject, SubjectGrade, SubjectHistory
from onevisit.subjects.queries import region_meant, subject_of
from onevisit.subjects.terms import LEGAL_PERSONS, ChangeKind, LibraryName, SubjectKind, SubjectState

Json = dict[str, Any]
_PREFIX = 4


def add(given: Json) -> Subject:
    """A new subject, in the library of the department that enters it."""
    with transaction():
        region = region_of(region_meant())
        one_at_a_time(f"library|{region.id}|{LibraryName.SUBJECTS}")
        values = _checked(given, region.id, None)
        how = given.get("belonging") or {}
        department = belonging.own_department(how.get("department_id"), region.id) if how else None
        subject = Subject(
            **values, region_id=region.id, made_up=region.made_up, updated_at=clock.now(), departments=[],
            grades=[], code_doubtful=entry.code_doubt(values["credit_code"]) is not None,
        )  # fmt: skip
        db.session.add(subject)
        db.session.flush()
        if department:
            belonging.put(subject, department, how["duties"], how["level"])
        _note(subject, ChangeKind.ADDED, {}, given.get("reason"))
        trail.record("subject.added", "subject", subject.id, region_id=region.id, department_id=department)
    return subject


def change(subject_id: str, given: Json) -> Subject:
    """Correct a subject; every field goes from something to something, and the history says so."""
    with transaction():
        subject = subject_of(subject_id)
        belonging.refuse_foreign(subject)
        values = _checked(given, subject.region_id, subject)
        fields = entry.differences(_kept(subject), values)
        if not fields:
            subject.updated_at = clock.now()  # looked at and found right: that is up to date, too
            subject.revision += 1
            trail.record("subject.found_right", "subject", subject.id, region_id=subject.region_id)
            return subject
        _write(subject, values)
        _note(subject, ChangeKind.CHANGED, fields, given.get("reason"))
        _tell(subject, fields)
    return subject


def correct(subject_id: str, column: str, value: str, reason: str) -> Subject:
    """One field, confirmed as it was found; what else the entry lacks is no reason to refuse what is right."""
    with transaction():
        subject = subject_of(subject_id)
        belonging.refuse_foreign(subject)
        values = entry.tidied({**_kept(subject), column: value})
        if (why := entry.faults(values).get(column)) is not None:
            raise Problem("subjects.entry_wrong", f"还不能保存：{why}。", 422, errors={column: [why]})
        if column == "credit_code":
            _refuse_twin(values, subject.region_id, subject.id)
        if fields := entry.differences({column: getattr(subject, column)}, {column: values[column]}):
            _write(subject, {column: values[column]})
            _note(subject, ChangeKind.CHANGED, fields, reason)
            _tell(subject, fields)
    return subject


def undo_last(subject_id: str) -> Subject | None:
    """Take the own last change back; None when it was the entry itself, and the subject is gone again."""
    with transaction():
        subject = subject_of(subject_id)
        last = own_last(subject.id)
        if any(one["at"] > last.at for one in importing.changes_of(subject.id)):
            raise Problem(
                "library.imported_since", "之后的导入又改过这个对象，不能撤销。需要时请直接改正。", 409
            )
        if last.kind == ChangeKind.ADDED:
            _remove(subject, last)
            return None
        if last.kind == ChangeKind.GRADED:
            grades.take_back(subject, last)
        pairs = {name: pair for name, pair in last.fields.items() if isinstance(pair, list)}
        fields = {name: [pair[1], pair[0]] for name, pair in pairs.items()}
        _restore(subject, pairs)
        last.undone_at = clock.now()
        _note(subject, ChangeKind.UNDONE, fields, None, belonging_of=last)
        _tell(subject, fields)
    return subject


def own_last(object_id: str) -> LibraryChange:
    """The newest change, if it is the actor's own and may be taken back."""
    last = last_change_of(object_id)
    if last is None:
        raise Problem("library.nothing_to_undo", "没有可以撤销的修改。", 409)
    if last.account_id is None or last.account_id != acting().account_id:
        raise Problem(
            "library.not_yours",
            f"最近一次修改是{last.actor_name}做的，只能由本人撤销。需要时请直接改正。",
            409,
        )
    return last


def same_code(region_id: str, code: str | None, but: str | None) -> Subject | None:
    """Who in the region has this credit code already?"""
    if not code:
        return None
    found = db.session.scalars(
        select(Subject).where(Subject.region_id == region_id, Subject.credit_code == code)
    ).first()
    return None if found is None or found.id == but else found


def likely_duplicates(region_id: str, values: Json, but: str | None) -> list[Subject]:
    """Who is probably the same, by name and address; only names that begin alike are compared."""
    start = values["name"][:_PREFIX]
    near = (
        select(Subject)
        .where(
            Subject.region_id == region_id,
            or_(
                Subject.name == values["name"],
                Subject.name.between(start, start + "\U0010ffff"),
            ),
        )
        .limit(500)
    )
    return [
        one
        for one in db.session.scalars(near)
        if one.id != but
        and not (one.credit_code and values["credit_code"] and one.credit_code != values["credit_code"])
        and entry.likely_same({"name": one.name, "address": one.address}, values)
    ][:5]


def _checked(given: Json, region_id: str, subject: Subject | None) -> Json:
    """The values of a request, after every refusal."""
    values = entry.tidied(given)
    if found := entry.faults(values):
        raise Problem(
            "subjects.entry_wrong", f"还不能保存：{'；'.join(found.values())}。", 422,
            errors={name: [why] for name, why in found.items()},
        )  # fmt: skip
    but = subject.id if subject else None
    _refuse_twin(values, region_id, but)
    _refuse_wrong_party(values, region_id, but)
    new_code = subject is None or values["credit_code"] != subject.credit_code
    if new_code and not given.get("keep_code") and (doubt := entry.code_doubt(values["credit_code"])):
        raise Problem("subjects.code_doubtful", f"{doubt}。核对无误可以照原样保留。", 409, keep="keep_code")
    renamed = subject is None or (subject.name, subject.address) != (values["name"], values["address"])
    if renamed and not given.get("although_similar") and (alike := likely_duplicates(region_id, values, but)):
        raise Problem(
            "subjects.likely_duplicate", f"名录里有名称、地址相同的“{alike[0].name}”，可能是同一个对象。确实不是再保存。", 409,
            keep="although_similar",
            likely=[{"id": one.id, "name": one.name, "address": one.address, "credit_code": one.credit_code} for one in alike],
        )  # fmt: skip
    return values


def _refuse_twin(values: Json, region_id: str, but: str | None) -> None:
    if twin := same_code(region_id, values["credit_code"], but):
        raise Problem(
            "subjects.code_taken", f"这个统一社会信用代码已经登记为“{twin.name}”。请打开它修改，不要重复录入。", 409,
            subject={"id": twin.id, "name": twin.name},
        )  # fmt: skip


def _refuse_wrong_party(values: Json, region_id: str, but: str | None) -> None:
    """A responsible party is a legal person of the region's library, so that notices and signatures have an address."""
    if (party_id := values["responsible_id"]) is None:
        return
    party = db.session.get(Subject, party_id)
    fits = party is not None and party.region_id == region_id and SubjectKind(party.kind) in LEGAL_PERSONS
    if not fits or party_id == but:
        raise Problem(
            "subjects.responsible_wrong",
            "责任主体须是本地区名录里的企业、个体工商户、合作社或其他组织。请重新选择。",
            422,
        )


def _kept(subject: Subject) -> Json:
    return {name: getattr(subject, name) for name in entry.ENTERED}


def _write(subject: Subject, values: Json) -> None:
    for name, value in values.items():
        if getattr(subject, name) != value:
            setattr(subject, name, value)
    subject.code_doubtful = entry.code_doubt(subject.credit_code) is not None


def _restore(subject: Subject, fields: Json) -> None:
    for name, (before, _) in fields.items():
        if name == "belongings":
            belonging.put_back(subject, before)
        elif name in entry.ENTERED:
            setattr(subject, name, date.fromisoformat(before) if name == "risk_day" and before else before)
    if (twin := same_code(subject.region_id, subject.credit_code, subject.id)) is not None:
        raise Problem(
            "subjects.code_taken", f"原来的信用代码现在登记为“{twin.name}”，不能撤销。请直接改正。", 409
        )
    subject.code_doubtful = entry.code_doubt(subject.credit_code) is not None


def _remove(subject: Subject, last: LibraryChange) -> None:
    """An entry made by mistake goes away, while nothing hangs on it."""
    hangs = db.session.scalar(
        select(func.count()).select_from(SubjectHistory).where(SubjectHistory.subject_id == subject.id)
    )
    party = db.session.scalar(
        select(func.count()).select_from(Subject).where(Subject.responsible_id == subject.id)
    )
    graded = db.session.scalar(
        select(func.count()).select_from(SubjectGrade).where(SubjectGrade.subject_id == subject.id)
    )
    if hangs or party or graded or uses_of(subject.id):
        raise Problem(
            "subjects.in_use",
            "这个对象已有检查、分级或归属它的产品场所，不能撤销新增。不再经营的请改经营状态。",
            409,
        )
    last.undone_at = clock.now()
    _note(subject, ChangeKind.UNDONE, {}, None, belonging_of=last)
    trail.record("subject.removed", "subject", subject.id, region_id=subject.region_id)
    db.session.flush()
    db.session.delete(subject)


def _note(
    subject: Subject,
    kind: ChangeKind,
    fields: Json,
    reason: str | None,
    belonging_of: LibraryChange | None = None,
) -> None:
    subject.updated_at = clock.now()
    subject.revision += 1 if kind != ChangeKind.ADDED else 0
    whose = {*subject.departments, *(belonging_of.departments if belonging_of else ())}
    thing = (subject.region_id, subject.id, subject.name)
    note_change(LibraryName.SUBJECTS, kind, thing, fields, whose, reason)


def _tell(subject: Subject, fields: Json) -> None:
    """One fact; a state that ends operation is a fact of its own, because open visits must hear of it."""
    if "state" in fields:
        trail.record(
            "subject.state_changed", "subject", subject.id, region_id=subject.region_id,
            before=fields["state"][0], after=fields["state"][1], operating=subject.state == SubjectState.OPERATING,
            fields=sorted(fields),
        )  # fmt: skip
    else:
        trail.record(
            "subject.changed", "subject", subject.id, region_id=subject.region_id, fields=sorted(fields)
        )
