"""What is so in the subject library: who is in a scope, what happened to a subject, who vouched for it?"""

from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, distinct, func, not_, or_, select, tuple_

from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import Problem, not_found
from onevisit.departments.models import Department
from onevisit.departments.queries import departments_of
from onevisit.regions.models import Region
from onevisit.subjects.models import Attestation, Subject, SubjectHistory, SubjectLabel
from onevisit.subjects.rules import Condition, ScopeFilter, check_digit_warning, scope_filter
from onevisit.subjects.terms import (
    KIND_LABELS,
    LABEL_KIND_LABELS,
    LIBRARY_LABELS,
    RISK_LABELS,
    STATE_LABELS,
    LabelKind,
    LibraryName,
    Risk,
    SubjectKind,
    SubjectState,
)

SHOWN_COLUMNS = (
    "id", "credit_code", "name", "kind", "fields", "tags", "address", "state", "risk", "made_up", "lat_e7", "lon_e7",
    "legal_representative", "phone", "contact", "contact_phone", "risk_issuer", "risk_day", "licences", "revision",
)  # fmt: skip
_COLUMNS = {
    LabelKind.SUBJECT_KIND: Subject.kind,
    LabelKind.STATE: Subject.state,
    LabelKind.RISK: Subject.risk,
}


def region_meant(region_id: str | None = None) -> str:
    """The region somebody works on: by code or name, else the own one, else (command line) the only one with departments."""
    if given := region_id or acting().region_id:
        region = db.session.scalars(
            select(Region).where(or_(Region.id == given, Region.name == given))
        ).first()
        if region is None:
            raise not_found("地区")
        return region.id
    there = list(db.session.scalars(select(distinct(Department.region_id)).limit(2)))
    if len(there) != 1:
        raise Problem("regions.region_needed", "请说明是哪个地区（--region 行政区划代码）。")
    return there[0]


def subject_of(subject_id: str) -> Subject:
    """A subject of the actor's region; another region's is not there."""
    subject = db.session.get(Subject, subject_id)
    if subject is None or subject.region_id != acting().region_id:
        raise not_found("检查对象")
    return subject


def label_condition(kind: LabelKind, values: tuple[str, ...]) -> ColumnElement[bool]:
    """SQL for: the subject has one of these values."""
    if kind in _COLUMNS:
        return _COLUMNS[kind].in_(values)
    # IN over the labels, not a correlated EXISTS: SQLite would walk all labels of the value for every subject.
    held = select(SubjectLabel.subject_id).where(
        SubjectLabel.kind == kind.value, SubjectLabel.value.in_(values)
    )
    return Subject.id.in_(held)


def scope_condition(wanted: ScopeFilter) -> ColumnElement[bool]:
    """SQL for a scope filter; the pure twin is rules.fits."""

    def one(condition: Condition) -> ColumnElement[bool]:
        return label_condition(condition.kind, condition.any)

    return (
        and_(*map(one, wanted.all), *(not_(one(c)) for c in wanted.none)) if not wanted.empty else and_(True)
    )


def in_scope(region_id: str, wanted: ScopeFilter) -> Select[Subject]:
    """Every subject in the scope whatever its state (a draw leaves closed ones out with the reason), by id."""
    return select(Subject).where(Subject.region_id == region_id, scope_condition(wanted)).order_by(Subject.id)


def read_filter(given: dict[str, Any] | None) -> ScopeFilter:
    """The filter of a request."""
    try:
        return scope_filter(given)
    except (ValueError, KeyError, TypeError) as error:
        raise Problem("subjects.filter_wrong", f"筛选条件不对：{error}。请重新选择条件。") from error


def scope_count(region_id: str, wanted: ScopeFilter) -> dict[str, Any]:
    """How many can be drawn, by risk class, and how many lie in the scope but do not operate."""
    rows = db.session.execute(
        select(Subject.state, Subject.risk, func.count())
        .where(Subject.region_id == region_id, scope_condition(wanted))
        .group_by(Subject.state, Subject.risk)
    ).all()
    by_risk = {risk.value: 0 for risk in Risk}
    not_operating = 0
    for state, risk, count in rows:
        if state == SubjectState.OPERATING:
            by_risk[risk] = by_risk.get(risk, 0) + count
        else:
            not_operating += count
    return {"count": sum(by_risk.values()), "by_risk": by_risk, "not_operating": not_operating}


def vocabulary(region_id: str) -> dict[LabelKind, list[str]]:
    """Which labels the region's library really has: what a scope can be matched with."""
    rows = db.session.execute(
        select(SubjectLabel.kind, SubjectLabel.value)
        .join(Subject, Subject.id == SubjectLabel.subject_id)
        .where(Subject.region_id == region_id, SubjectLabel.kind != LabelKind.DEPARTMENT)
        .group_by(SubjectLabel.kind, SubjectLabel.value)
        .order_by(SubjectLabel.kind, SubjectLabel.value)
    )
    found: dict[LabelKind, list[str]] = {}
    for kind, value in rows:
        found.setdefault(LabelKind(kind), []).append(value)
    return found


def label_counts(region_id: str) -> list[dict[str, Any]]:
    """Every label with how many subjects carry it: what the filter's chips offer."""
    count = func.count()
    rows = db.session.execute(
        select(SubjectLabel.kind, SubjectLabel.value, count)
        .join(Subject, Subject.id == SubjectLabel.subject_id)
        .where(Subject.region_id == region_id)
        .group_by(SubjectLabel.kind, SubjectLabel.value)
        .order_by(SubjectLabel.kind, count.desc(), SubjectLabel.value)
    )
    return [{"kind": kind, "value": value, "count": number} for kind, value, number in rows]


def subjects_page(wanted: dict[str, Any]) -> tuple[list[Subject], int]:
    """A page of the region's subjects by name, one row more than asked, and how many there are in all."""
    conditions = _list_conditions(wanted)
    rows = select(Subject).where(*conditions).order_by(Subject.name, Subject.id)
    if wanted.get("after"):
        name, _, ident = wanted["after"].rpartition("|")
        rows = rows.where(tuple_(Subject.name, Subject.id) > (name, ident))
    total = db.session.scalar(select(func.count()).select_from(Subject).where(*conditions)) or 0
    return list(db.session.scalars(rows.limit(wanted["limit"] + 1))), total


def _list_conditions(wanted: dict[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Subject.region_id == acting().region_id]
    if text := wanted.get("q", "").strip():
        found.append(or_(Subject.name.contains(text, autoescape=True), Subject.credit_code == text.upper()))
    for kind in ("field", "tag", "licence", "department"):
        if wanted.get(kind):
            found.append(label_condition(LabelKind(kind), (wanted[kind],)))
    for column in ("kind", "risk", "state"):
        if wanted.get(column):
            found.append(getattr(Subject, column) == wanted[column])
    return found


def departments_over(subject_ids: list[str]) -> dict[str, list[str]]:
    """subject -> the departments in whose library it is."""
    rows = db.session.execute(
        select(SubjectLabel.subject_id, SubjectLabel.value)
        .where(SubjectLabel.kind == LabelKind.DEPARTMENT, SubjectLabel.subject_id.in_(subject_ids))
        .order_by(SubjectLabel.value)
    )
    found: dict[str, list[str]] = {}
    for subject_id, value in rows:
        found.setdefault(subject_id, []).append(value)
    return found


def history_of(subject_id: str) -> list[SubjectHistory]:
    """The subject's past checks, newest first."""
    return list(
        db.session.scalars(
            select(SubjectHistory)
            .where(SubjectHistory.subject_id == subject_id)
            .order_by(SubjectHistory.day.desc(), SubjectHistory.id)
        )
    )


def checks_in_year(subject_id: str, year: int) -> int:
    """How many visits the subject had in a year: 本年第 N 次; one visit of several departments counts once."""
    return (
        db.session.scalar(
            select(func.count(distinct(SubjectHistory.visit_id))).where(
                SubjectHistory.subject_id == subject_id,
                SubjectHistory.day.between(date(year, 1, 1), date(year, 12, 31)),
            )
        )
        or 0
    )


def own_part_count(department_id: str) -> int:
    """How many subjects a department vouches for."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(SubjectLabel)
            .where(SubjectLabel.kind == LabelKind.DEPARTMENT, SubjectLabel.value == department_id)
        )
        or 0
    )


def library_count(library: LibraryName, department_id: str) -> int:
    """How big a department's part of a library is; a later step's library has brought its own count."""
    if library == LibraryName.SUBJECTS:
        return own_part_count(department_id)
    count: int = current_app.extensions["onevisit.library_counts"][library.value](department_id)
    return count


def latest_attestations(region_id: str, library: LibraryName) -> dict[str, Attestation]:
    """department -> its newest attestation of a library: what a draw asks for (S2 art. 11)."""
    rows = db.session.scalars(
        select(Attestation)
        .where(Attestation.region_id == region_id, Attestation.library == library.value)
        .order_by(Attestation.at, Attestation.id)
    )
    return {one.department_id: one for one in rows}


def unattested(region_id: str, department_ids: list[str], library: LibraryName) -> list[str]:
    """The departments that have not vouched for their part of a library at all."""
    there = latest_attestations(region_id, library)
    return [one for one in department_ids if one not in there]


def shown(subject: Subject) -> dict[str, Any]:
    """A subject with the labels that people read."""
    columns = {name: getattr(subject, name) for name in SHOWN_COLUMNS}
    warning = check_digit_warning(subject.credit_code) if subject.credit_code else None
    return columns | {
        "kind_label": KIND_LABELS[SubjectKind(subject.kind)],
        "state_label": STATE_LABELS[SubjectState(subject.state)],
        "risk_label": RISK_LABELS[Risk(subject.risk)],
        "credit_code_warning": warning,
    }


def shown_whole(subject: Subject) -> dict[str, Any]:
    """A subject with its departments and its history."""
    names = {one.id: {"id": one.id, "name": one.name} for one in departments_of(subject.region_id)}
    over = departments_over([subject.id]).get(subject.id, [])
    history = [
        {
            "visit_id": one.visit_id, "day": one.day, "task_name": one.task_name, "outcomes": one.outcomes,
            "department": names.get(one.department_id, {"id": one.department_id, "name": one.department_id}),
        }
        for one in history_of(subject.id)
    ]  # fmt: skip
    return shown(subject) | {
        "departments": [names[one] for one in over if one in names],
        "history": history,
        "checks_this_year": checks_in_year(subject.id, clock.today().year),
    }


def attestations_shown(region_id: str) -> list[dict[str, Any]]:
    """Every department of the region with both libraries: who vouched, for how many, and how many there are now."""
    latest = {library: latest_attestations(region_id, library) for library in LibraryName}
    return [
        {
            "department": {"id": one.id, "name": one.name},
            "library": library.value,
            "library_label": LIBRARY_LABELS[library],
            "at": done.at if (done := latest[library].get(one.id)) else None,
            "count": done.count if done else None,
            "count_now": library_count(library, one.id),
        }
        for one in departments_of(region_id)
        if not one.joint_office
        for library in LibraryName
    ]


def labels_shown(region_id: str) -> list[dict[str, Any]]:
    """Every label a filter may ask for, with its count, in words."""
    names = {one.id: one.name for one in departments_of(region_id)}
    return [
        one
        | {
            "kind_label": LABEL_KIND_LABELS[LabelKind(one["kind"])],
            "value_label": names.get(one["value"], one["value"]),
        }
        for one in label_counts(region_id)
    ]
