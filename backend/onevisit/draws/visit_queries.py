"""Who goes to which drawn subject, and who stands in for whom?"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from onevisit.accounts.models import Account
from onevisit.core.db import db
from onevisit.draws.models import (
    Assistant,
    Draw,
    DrawnInspector,
    DrawnSubject,
    Replacement,
)
from onevisit.draws.terms import (
    ASSISTANT_KIND_LABELS,
    REPLACEMENT_CAUSE_LABELS,
    AssistantKind,
    ReplacementCause,
)
from onevisit.inspectors.models import Inspector
from onevisit.subjects.models import Subject


def visits_of_draw(draw: Draw, after: int, limit: int) -> list[dict[str, Any]]:
    """A page of the drawn subjects in the order of the visits, with their teams; one more than `limit`."""
    base_id = draw.subjects_draw_id or draw.id
    drawn = db.session.execute(
        select(DrawnSubject, Subject).join(Subject, Subject.id == DrawnSubject.subject_id)
        .where(DrawnSubject.draw_id == base_id, DrawnSubject.order > after).order_by(DrawnSubject.order).limit(limit + 1)
    ).all()  # fmt: skip
    leaves = [one.leaf for one, _ in drawn]
    teams, helpers = _teams(base_id, leaves), _assistants(base_id, leaves)
    return [
        {
            "order": one.order, "leaf": one.leaf, "ticket": one.ticket, "risk": one.risk, "visit_id": one.visit_id,
            "subject": {"id": subject.id, "name": subject.name, "credit_code": subject.credit_code, "address": subject.address},
            "team": teams.get(one.leaf, []), "assistants": helpers.get(one.leaf, []),
            "waived_at": one.waived_at, "waived_reason": one.waived_reason,
        }
        for one, subject in drawn
    ]  # fmt: skip


def _teams(base_id: str, leaves: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    teams: dict[str, list[dict[str, Any]]] = {}
    rows = db.session.execute(
        select(DrawnInspector, Inspector).join(Inspector, Inspector.id == DrawnInspector.inspector_id)
        .where(DrawnInspector.draw_id == base_id, DrawnInspector.leaf.in_(leaves), DrawnInspector.left_at.is_(None))
        .order_by(DrawnInspector.order)
    )  # fmt: skip
    waiting = {
        (one.leaf, one.out_id): one.id
        for one in db.session.scalars(
            select(Replacement).where(Replacement.draw_id == base_id, Replacement.decided_at.is_(None))
        )
    }
    first: set[tuple[str, str]] = set()
    for one, person in rows:
        leads = (one.leaf, one.department_id) not in first
        first.add((one.leaf, one.department_id))
        teams.setdefault(one.leaf, []).append(
            {"id": one.inspector_id, "name": person.name, "department_id": one.department_id, "leads": leads,
             "appointed_reason": one.appointed_reason, "replaced": one.stands_in_for is not None,
             "from_elsewhere": person.department_id != one.department_id,
             "replacement_asked": (one.leaf, one.inspector_id) in waiting}
        )  # fmt: skip
    return teams


def _assistants(base_id: str, leaves: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    rows = (
        select(Assistant)
        .where(Assistant.draw_id == base_id, Assistant.leaf.in_(leaves))
        .order_by(Assistant.id)
    )
    for one in db.session.scalars(rows):
        found.setdefault(one.leaf, []).append(
            {"kind_label": ASSISTANT_KIND_LABELS[AssistantKind(one.kind)], "name": one.name, "unit": one.unit,
             "speciality": one.speciality, "department_id": one.department_id}
        )  # fmt: skip
    return found


def is_on_team(base: Draw, leaf: str, inspector_id: str, department_id: str | None) -> bool:
    """Is this person on the visit for this department?"""
    found = select(DrawnInspector.id).where(
        DrawnInspector.draw_id == base.id, DrawnInspector.leaf == leaf, DrawnInspector.inspector_id == inspector_id,
        DrawnInspector.department_id == department_id,
    )  # fmt: skip
    return db.session.scalars(found).first() is not None


def replacements_of(draw: Draw, me: str | None) -> list[dict[str, Any]]:
    """Who was to be replaced by whom, why, and what was decided; waiting ones first."""
    base_id, going, coming = draw.subjects_draw_id or draw.id, aliased(Inspector), aliased(Inspector)
    rows = db.session.execute(
        select(Replacement, DrawnSubject.order, Subject.name, going.name, coming.name)
        .join(DrawnSubject, (DrawnSubject.draw_id == Replacement.draw_id) & (DrawnSubject.leaf == Replacement.leaf))
        .join(Subject, Subject.id == DrawnSubject.subject_id).join(going, going.id == Replacement.out_id)
        .join(coming, coming.id == Replacement.in_id)
        .where(Replacement.draw_id == base_id).order_by(Replacement.decided_at.is_not(None), Replacement.id.desc())
    ).all()  # fmt: skip
    people = {one for row in rows for one in (row[0].asked_by, row[0].decided_by) if one}
    names = {
        row[0]: row[1]
        for row in db.session.execute(select(Account.id, Account.name).where(Account.id.in_(people)))
    }
    return [
        {
            "id": one.id, "leaf": one.leaf, "order": order, "subject": subject, "department_id": one.department_id,
            "out": out, "into": into, "cause": one.cause, "cause_label": REPLACEMENT_CAUSE_LABELS[ReplacementCause(one.cause)],
            "note": one.note, "asked_at": one.asked_at, "asked_by": names.get(one.asked_by or ""),
            "mine": one.asked_by == me, "decided_at": one.decided_at, "decided_by": names.get(one.decided_by or ""),
            "approved": one.approved, "answer": one.answer,
        }
        for one, order, subject, out, into in rows
    ]  # fmt: skip
