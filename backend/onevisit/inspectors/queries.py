"""What is so in the inspector library: who is in it, who can be drawn?"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import Problem, not_found
from onevisit.departments.queries import departments_of
from onevisit.inspectors.models import Inspector
from onevisit.inspectors.rules import Certificate, expiry_warning, urgent, why_not_drawn
from onevisit.inspectors.terms import (
    GONE,
    INSPECTOR_KIND_LABELS,
    INSPECTOR_STATE_LABELS,
    InspectorKind,
    InspectorState,
)


def inspector_of(inspector_id: str) -> Inspector:
    """An inspector of the actor's region."""
    inspector = db.session.get(Inspector, inspector_id)
    if inspector is None or inspector.region_id != acting().region_id:
        raise not_found("执法人员")
    return inspector


def inspectors_of(department_ids: list[str]) -> list[Inspector]:
    """Everybody enrolled in these departments, by id: what a draw freezes."""
    return list(
        db.session.scalars(
            select(Inspector).where(Inspector.department_id.in_(department_ids)).order_by(Inspector.id)
        )
    )


def can_be_drawn(inspector: Inspector, window_end: date) -> bool:
    """Active, with a certificate that lasts through the window (draw.md 5)."""
    return why_not_drawn(certificate_of(inspector), window_end) is None


def certificate_of(inspector: Inspector) -> Certificate:
    """What of the row decides."""
    return Certificate(inspector.certificate_no, inspector.valid_to, inspector.state, inspector.kind)


def count_in(department_id: str) -> int:
    """How many people a department vouches for; who left is history."""
    rows = select(func.count()).select_from(Inspector).where(
        Inspector.department_id == department_id, Inspector.state.not_in([one.value for one in GONE])
    )  # fmt: skip
    return db.session.scalar(rows) or 0


def inspectors_page(wanted: dict[str, Any]) -> list[Inspector]:
    """A page of the region's inspectors in the order asked for, one more than asked; the cursor is the place."""
    first = place_of(wanted.get("after"))
    sort = getattr(Inspector, wanted.get("sort") or "department_id")
    order = [sort.is_(None), sort.desc() if wanted.get("desc") else sort]
    rows = select(Inspector).where(*_conditions(wanted))
    rows = rows.order_by(*order, Inspector.department_id, Inspector.name, Inspector.id)
    return list(db.session.scalars(rows.offset(first).limit(wanted["limit"] + 1)))


def place_of(cursor: str | None) -> int:
    """Where a page begins; a region has some thousands of inspectors, so the place is quick enough."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 9):
        raise Problem("api.bad_cursor", "翻页位置读不懂，请从第一页开始。", 422)
    return int(cursor or 0)


def inspectors_count(wanted: dict[str, Any]) -> int:
    """How many there are in all."""
    return db.session.scalar(select(func.count()).select_from(Inspector).where(*_conditions(wanted))) or 0


def _conditions(wanted: dict[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Inspector.region_id == acting().region_id]
    if text := (wanted.get("q") or "").strip():
        name = Inspector.name.contains(text, autoescape=True)
        found.append(or_(name, Inspector.certificate_no.contains(text, autoescape=True)))
    for column in ("department_id", "state", "kind"):
        if wanted.get(column):
            found.append(getattr(Inspector, column) == wanted[column])
    if not wanted.get("state"):
        found.append(Inspector.state.not_in([one.value for one in GONE]))
    if days := wanted.get("ending"):
        found.append(Inspector.valid_to < clock.today() + timedelta(days=days))
    return found


def shown(inspectors: list[Inspector]) -> list[dict[str, Any]]:
    """Inspectors with labels and a word about certificates that run out."""
    if not inspectors:
        return []
    names = {one.id: {"id": one.id, "name": one.name} for one in departments_of(inspectors[0].region_id)}
    columns = (
        "id",
        "name",
        "kind",
        "certificate_no",
        "valid_to",
        "specialities",
        "expert",
        "state",
        "made_up",
        "phone",
    )
    return [
        {name: getattr(one, name) for name in columns}
        | {
            "department": names[one.department_id],
            "kind_label": INSPECTOR_KIND_LABELS[InspectorKind(one.kind)],
            "state_label": INSPECTOR_STATE_LABELS[InspectorState(one.state)],
            "warning": expiry_warning(certificate_of(one), clock.today()),
            "urgent": urgent(certificate_of(one), clock.today()),
            "recusal_count": len(one.recusals),
        }
        for one in inspectors
    ]
