"""What is so in the inspector library: who is in it, who can be drawn?"""

from datetime import date
from typing import Any

from sqlalchemy import func, select, tuple_

from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.queries import departments_of
from onevisit.inspectors.models import Inspector
from onevisit.inspectors.rules import Certificate, expiry_warning, why_not_drawn
from onevisit.inspectors.terms import (
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
    return Certificate(inspector.certificate_no, inspector.valid_to, inspector.state)


def count_in(department_id: str) -> int:
    """How many people a department vouches for."""
    rows = select(func.count()).select_from(Inspector).where(Inspector.department_id == department_id)
    return db.session.scalar(rows) or 0


def inspectors_page(wanted: dict[str, Any]) -> list[Inspector]:
    """A page of the region's inspectors by department and name, one more than asked."""
    order = (Inspector.department_id, Inspector.name, Inspector.id)
    rows = select(Inspector).where(Inspector.region_id == acting().region_id).order_by(*order)
    if text := wanted.get("q", "").strip():
        rows = rows.where(Inspector.name.contains(text, autoescape=True))
    for column in ("department_id", "state"):
        if wanted.get(column):
            rows = rows.where(getattr(Inspector, column) == wanted[column])
    if wanted.get("after"):
        department, _, rest = wanted["after"].partition("|")
        name, _, ident = rest.rpartition("|")
        rows = rows.where(tuple_(*order) > (department, name, ident))
    return list(db.session.scalars(rows.limit(wanted["limit"] + 1)))


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
            "recusal_count": len(one.recusals),
        }
        for one in inspectors
    ]
