"""What is so in the subject library: who is in a scope, what happened to a subject, who vouched for it?"""

from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, distinct, exists, func, literal_column, not_, or_, select

from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import Problem, not_found
from onevisit.departments.models import Department
from onevisit.departments.queries import departments_of
from onevisit.regions.models import Region
from onevisit.subjects.finding import (
    LABELS,
    among,
    label_counts,
    numbers_at,
    own_part_count,
    scope_count,
    vocabulary,
)
from onevisit.subjects.models import Attestation, GradeScale, Subject, SubjectHistory
from onevisit.subjects.rules import Condition, ScopeFilter, check_digit_warning, scope_filter
from onevisit.subjects.terms import (
    KIND_LABELS,
    LABEL_KIND_LABELS,
    RISK_LABELS,
    STATE_LABELS,
    LabelKind,
    LibraryName,
    Risk,
    SubjectKind,
    SubjectState,
)

__all__ = ["label_counts", "own_part_count", "scope_count", "vocabulary"]
SHOWN_COLUMNS = (
    "id", "credit_code", "name", "kind", "fields", "tags", "address", "state", "risk", "made_up", "lat_e7", "lon_e7",
    "legal_representative", "phone", "contact", "contact_phone", "risk_issuer", "risk_day", "licences", "revision",
    "updated_at", "departments",
)  # fmt: skip
_COLUMNS = {
    LabelKind.SUBJECT_KIND: Subject.kind,
    LabelKind.STATE: Subject.state,
    LabelKind.RISK: Subject.risk,
}
_COLUMN_KINDS = (LabelKind.SUBJECT_KIND.value, LabelKind.RISK.value)
_CODE_NAMES = {
    **{(LabelKind.SUBJECT_KIND.value, one.value): label for one, label in KIND_LABELS.items()},
    **{(LabelKind.RISK.value, one.value): label for one, label in RISK_LABELS.items()},
}
_LISTS = {
    LabelKind.FIELD: Subject.fields,
    LabelKind.TAG: Subject.tags,
    LabelKind.LICENCE: Subject.licences,
    LabelKind.DEPARTMENT: Subject.departments,
    LabelKind.GRADE: Subject.grades,
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
    """SQL for: the subject has one of these values. Right wherever it stands; a count is quicker from `finding`."""
    if kind in _COLUMNS:
        return _COLUMNS[kind].in_(values)
    column = _LISTS[kind]
    if db.session.get_bind().dialect.name == "postgresql":
        licences = kind == LabelKind.LICENCE
        read = func.jsonb_array_elements if licences else func.jsonb_array_elements_text
        part = read(column).table_valued("value")
        value: ColumnElement[Any] = part.c.value.op("->>")("name") if licences else part.c.value
    else:
        part = func.json_each(column).table_valued("value")
        value = func.json_extract(part.c.value, "$.name") if kind == LabelKind.LICENCE else part.c.value
    return exists(select(literal_column("1")).select_from(part).where(value.in_(values)))


def scope_condition(region_id: str, wanted: ScopeFilter) -> ColumnElement[bool]:
    """SQL for a scope filter; the pure twin is rules.fits. Where an address lies only the rule can say: the bitmaps
    keep its answer, so that a draw means the same subjects that were counted when the scope was confirmed."""

    def one(condition: Condition) -> ColumnElement[bool]:
        if condition.kind == LabelKind.PLACE:
            return among(numbers_at(region_id, condition.any))
        if condition.kind == LabelKind.SUBJECT:
            return Subject.id.in_(condition.any)
        return label_condition(condition.kind, condition.any)

    return (
        and_(*map(one, wanted.all), *(not_(one(c)) for c in wanted.none)) if not wanted.empty else and_(True)
    )


def in_scope(region_id: str, wanted: ScopeFilter) -> Select[Subject]:
    """Every subject in the scope whatever its state (a draw leaves closed ones out with the reason), by id."""
    return (
        select(Subject)
        .where(Subject.region_id == region_id, scope_condition(region_id, wanted))
        .order_by(Subject.id)
    )


def listed_names(region_id: str, wanted: ScopeFilter) -> dict[str, str]:
    """The subjects a filter lists one by one (定向): id -> name, those of this region."""
    asked = [
        value for one in (*wanted.all, *wanted.none) if one.kind == LabelKind.SUBJECT for value in one.any
    ]
    rows = select(Subject.id, Subject.name).where(Subject.region_id == region_id, Subject.id.in_(asked))
    return {row.id: row.name for row in db.session.execute(rows)} if asked else {}


def read_filter(given: dict[str, Any] | None) -> ScopeFilter:
    """The filter of a request."""
    try:
        return scope_filter(given)
    except (ValueError, KeyError, TypeError) as error:
        raise Problem("subjects.filter_wrong", f"筛选条件不对：{error}。请重新选择条件。") from error


def list_conditions(wanted: dict[str, Any]) -> list[ColumnElement[bool]]:
    """The filters of a list as SQL; a page comes quicker from `finding.subjects_page`."""
    found: list[ColumnElement[bool]] = [Subject.region_id == acting().region_id]
    if text := wanted.get("q", "").strip():
        found.append(or_(Subject.name.contains(text, autoescape=True), Subject.credit_code == text.upper()))
    for kind in ("field", "tag", "licence", "department", "grade"):
        if wanted.get(kind):
            found.append(label_condition(LabelKind(kind), (wanted[kind],)))
    for column in ("kind", "risk", "state"):
        if wanted.get(column):
            found.append(getattr(Subject, column) == wanted[column])
    return found


def departments_over(subject_ids: list[str]) -> dict[str, list[str]]:
    """subject -> the departments in whose library it is."""
    rows = db.session.execute(select(Subject.id, Subject.departments).where(Subject.id.in_(subject_ids)))
    return {subject_id: sorted(departments) for subject_id, departments in rows if departments}


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


def labels_shown(region_id: str) -> list[dict[str, Any]]:
    """Every label a filter may ask for, with its count, in words."""
    names = {one.id: one.name for one in departments_of(region_id)} | grade_names(region_id)
    return [
        one
        | {
            "kind_label": LABEL_KIND_LABELS[LabelKind(one["kind"])],
            "value_label": _CODE_NAMES.get((one["kind"], one["value"]))
            or names.get(one["value"], one["value"]),
        }
        for one in label_counts(region_id, (*LABELS, *_COLUMN_KINDS))
    ]


def grade_names(region_id: str) -> dict[str, str]:
    """`scale:grade` -> how a department calls it."""
    scales = db.session.scalars(select(GradeScale).where(GradeScale.region_id == region_id))
    return {f"{one.id}:{grade}": f"{one.name} {grade}" for one in scales for grade in one.grades}
