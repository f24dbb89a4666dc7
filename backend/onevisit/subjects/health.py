"""How healthy are the libraries: who is in none, who was not looked at for long, who was found closed? (S4: 入库不全、建库不管)"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select, tuple_

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.regions.queries import profile_of
from onevisit.subjects.models import Subject, SubjectHistory
from onevisit.subjects.terms import FINDING_LABELS, LEGAL_PERSONS, STATE_LABELS, Finding, SubjectState

Json = dict[str, Any]
PEOPLE = frozenset({Finding.CERTIFICATE_EXPIRED, Finding.CERTIFICATE_ENDING})
_CLOSED_OUTCOMES = (
    "not_found_at_address", "activity_not_found", "deregistered", "revoked", "annulled", "moved_out", "suspended", "closed",
)  # fmt: skip
_PEOPLE_ASKED = "onevisit.health_of_people"
PeopleAsked = Callable[[Finding, str, str | None], list[Json]]
WHY = {
    Finding.UNLISTED: "登记了，但没有部门把它纳入名录，谁也抽不到它",
    Finding.FOUND_CLOSED: "检查记录写着停业、注销或查无下落，名录里还是在营",
    Finding.DUPLICATE: "名称和地址都一样，可能录了两次",
    Finding.NO_CODE: "企业、个体工商户、合作社和其他组织应有代码",
    Finding.WRONG_CODE: "录入时按原样保留了，请核对证照",
    Finding.NO_ADDRESS: "没有地址，检查人员找不到",
    Finding.NO_RESPONSIBLE: "产品、项目、场所、行为没有写责任主体，通知和签字没有着落",
    Finding.CERTIFICATE_EXPIRED: "到期的执法证不参加抽取",
    Finding.CERTIFICATE_ENDING: "请提前换证，抽查期内到期的也不参加抽取",
}


def stale_months(region_id: str) -> int:
    """After how many months without an update an entry is stale: the profile's number, else ours."""
    months: int = profile_of(region_id).value("libraries.stale_months").value
    return months


def months_ago(today: date, months: int) -> datetime:
    """The moment before which an update is too old."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return datetime.combine(date(year, month + 1, min(today.day, 28)), time.min, clock.LAW_ZONE)


def report(region_id: str, department_id: str | None) -> Json:
    """Every finding with its number, of the whole region or of one department's part."""
    subjects = [one for one in Finding if one not in PEOPLE]
    apart = (Finding.FOUND_CLOSED, Finding.DUPLICATE)  # these ask other tables, the rest is one walk
    inside = [one for one in subjects if one not in apart]
    base = _base(region_id, department_id)
    row = db.session.execute(
        select(func.count(), *(func.count().filter(_condition(one, region_id)) for one in inside)).where(
            *base
        )
    ).one()
    counts = dict(zip(inside, row[1:], strict=True))
    closed = (
        select(func.count()).select_from(Subject).where(*base, _condition(Finding.FOUND_CLOSED, region_id))
    )
    counts[Finding.FOUND_CLOSED] = db.session.scalar(closed) or 0
    counts[Finding.DUPLICATE] = _twins(region_id, base)
    for one in PEOPLE:
        counts[one] = len(people_found(one, region_id, department_id))
    months = stale_months(region_id)
    why = WHY | {Finding.STALE: f"{months} 个月没有修改、导入或确认过"}
    return {
        "day": clock.today(), "subjects": row[0], "months": months,
        "findings": [
            {"code": one.value, "label": FINDING_LABELS[one], "why": why[one], "count": counts[one], "people": one in PEOPLE}
            for one in Finding
        ],
    }  # fmt: skip


def found_page(
    region_id: str, department_id: str | None, finding: Finding, after: str | None, limit: int
) -> list[Json]:
    """A page of those the finding speaks of, one more than asked."""
    if finding in PEOPLE:
        people = sorted(people_found(finding, region_id, department_id), key=lambda one: str(one["id"]))
        return [one for one in people if not after or one["id"] > after][: limit + 1]
    wanted = select(Subject).where(*_base(region_id, department_id), _condition(finding, region_id))
    if finding == Finding.DUPLICATE:  # twins beside each other
        wanted = wanted.order_by(Subject.name, Subject.address, Subject.id)
        if after:
            last = db.session.get_one(Subject, after)
            wanted = wanted.where(
                tuple_(Subject.name, Subject.address, Subject.id) > (last.name, last.address, last.id)
            )
    else:
        wanted = wanted.order_by(Subject.id)
        wanted = wanted.where(Subject.id > after) if after else wanted
    rows = list(db.session.scalars(wanted.limit(limit + 1)))
    seen = _seen_closed([one.id for one in rows]) if finding == Finding.FOUND_CLOSED else {}
    return [_row(one, seen.get(one.id)) for one in rows]


def everybody(region_id: str, department_id: str | None, finding: Finding) -> Iterator[Json]:
    """All of them, page after page: what an export writes."""
    after: str | None = None
    while True:
        rows = found_page(region_id, department_id, finding, after, 1000)
        yield from rows[:1000]
        if len(rows) <= 1000:
            return
        after = rows[999]["id"]


def _base(region_id: str, department_id: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Subject.region_id == region_id,
        Subject.state.in_((SubjectState.OPERATING, SubjectState.SUSPENDED)),
    ]
    return [*found, _held_by(department_id)] if department_id else found


def _held_by(department_id: str) -> ColumnElement[bool]:
    return cast(Subject.departments, String).contains(f'"{department_id}"', autoescape=True)


def _condition(finding: Finding, region_id: str) -> ColumnElement[bool]:
    legal = Subject.kind.in_([one.value for one in LEGAL_PERSONS])
    if finding == Finding.UNLISTED:
        return cast(Subject.departments, String) == "[]"
    if finding == Finding.STALE:
        border = months_ago(clock.today(), stale_months(region_id))
        return or_(Subject.updated_at.is_(None), Subject.updated_at < border)
    if finding == Finding.FOUND_CLOSED:
        return and_(Subject.state == SubjectState.OPERATING, Subject.id.in_(_found_closed()))
    if finding == Finding.DUPLICATE:
        twins = (
            select(Subject.name, Subject.address)
            .where(Subject.region_id == region_id, Subject.state != SubjectState.DEREGISTERED)
            .group_by(Subject.name, Subject.address).having(func.count() > 1)
        )  # fmt: skip
        return tuple_(Subject.name, Subject.address).in_(twins)
    if finding == Finding.NO_CODE:
        return and_(legal, Subject.credit_code.is_(None))
    if finding == Finding.WRONG_CODE:
        return Subject.code_doubtful.is_(True)
    if finding == Finding.NO_ADDRESS:
        return and_(
            Subject.address == "", Subject.responsible_id.is_(None)
        )  # a thing is found at its party's
    return and_(~legal, Subject.responsible_id.is_(None))


def _twins(region_id: str, base: list[ColumnElement[bool]]) -> int:
    """How many are alike in name and address: gathered once, instead of asking for each of a million."""
    alike = (
        select(func.count().filter(*base).label("many"))
        .where(Subject.region_id == region_id, Subject.state != SubjectState.DEREGISTERED)
        .group_by(Subject.name, Subject.address).having(func.count() > 1)
    ).subquery()  # fmt: skip
    return int(db.session.scalar(select(func.sum(alike.c.many))) or 0)


def _found_closed() -> Any:
    """Subjects whose check said so after anybody last looked at the entry."""
    text = cast(SubjectHistory.outcomes, String)
    seen = or_(*(text.contains(f'"{code}"', autoescape=True) for code in _CLOSED_OUTCOMES))
    looked = or_(Subject.updated_at.is_(None), func.date(Subject.updated_at) <= SubjectHistory.day)
    return (
        select(SubjectHistory.subject_id)
        .join(Subject, Subject.id == SubjectHistory.subject_id)
        .where(seen, looked)
    )


def _seen_closed(subject_ids: list[str]) -> dict[str, str]:
    rows = db.session.scalars(
        select(SubjectHistory).where(SubjectHistory.subject_id.in_(subject_ids)).order_by(SubjectHistory.day)
    )
    return {one.subject_id: f"{one.day.isoformat()} {one.task_name}" for one in rows}


def _row(one: Subject, seen: str | None) -> Json:
    return {
        "id": one.id, "name": one.name, "code": one.credit_code, "address": one.address,
        "state_label": STATE_LABELS[SubjectState(one.state)], "departments": one.departments,
        "updated_at": one.updated_at, "seen": seen,
    }  # fmt: skip


def people_found(finding: Finding, region_id: str, department_id: str | None) -> list[Json]:
    """The inspectors' part, which a later step has brought."""
    ask: PeopleAsked | None = current_app.extensions.get(_PEOPLE_ASKED)
    return ask(finding, region_id, department_id) if ask else []


def bring_people(extensions: dict[str, Any], ask: PeopleAsked) -> None:
    """The inspector library brings its own findings."""
    extensions[_PEOPLE_ASKED] = ask


HEADINGS = ("名称", "代码或证号", "地址", "状态", "部门", "最近更新", "依据")


def exported(one: Json, names: dict[str, str]) -> list[str]:
    """A line of the report as it leaves the house."""
    updated = clock.law_day(one["updated_at"]).isoformat() if one["updated_at"] else ""
    return [
        one["name"], one["code"] or "", one["address"], one["state_label"],
        "、".join(names.get(id_, id_) for id_ in one["departments"]), updated, one["seen"] or "",
    ]  # fmt: skip
