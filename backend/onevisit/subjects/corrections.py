"""What becomes of corrections that are offered to the library: found on site or told by the subject, confirmed by its department?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, or_, select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem, not_found
from onevisit.departments.queries import departments_of
from onevisit.subjects import belonging, editing
from onevisit.subjects.correction_models import SubjectCorrection
from onevisit.subjects.models import Subject
from onevisit.subjects.terms import (
    CORRECTION_ORIGIN_LABELS,
    CORRECTION_STATE_LABELS,
    CorrectionOrigin,
    CorrectionState,
)
from onevisit.subjects.words import spoken

Json = dict[str, Any]
# What can be taken over as it was typed; anything else the department enters itself and says so.
TYPED = ("name", "credit_code", "address", "legal_representative", "unsuitable_hours")


@dataclass(frozen=True)
class Offer:
    """One finding: what the library says, what is there instead."""

    origin: CorrectionOrigin
    source_id: str
    source: str
    department_id: str | None
    key: str
    column: str | None
    label: str
    before: str
    found: str
    note: str | None


def offer(subject: Subject, offers: Sequence[Offer]) -> None:
    """Lay findings before the subject's departments, in the running transaction; the same finding again replaces itself.

    The fact itself (a review accepted, hours told) is already on the trail, so this writes none of its own.
    """
    for one in offers:
        kept = last_of(one.source_id, one.department_id, one.key)
        if kept is None:
            kept = SubjectCorrection(source_id=one.source_id, department_id=one.department_id, key=one.key)
            db.session.add(kept)
        elif kept.state != CorrectionState.OFFERED and kept.found == one.found:
            continue  # decided already, and nothing new was found
        kept.region_id, kept.subject_id, kept.origin = subject.region_id, subject.id, one.origin.value
        kept.source, kept.label, kept.column = one.source, one.label, one.column
        kept.before, kept.found, kept.note = one.before, one.found, one.note
        kept.state, kept.offered_at = CorrectionState.OFFERED.value, clock.now()
        kept.decided_at = kept.decided_by = kept.answer = None


def last_of(source_id: str, department_id: str | None, key: str) -> SubjectCorrection | None:
    """What the same source offered before about the same thing."""
    return db.session.scalars(
        select(SubjectCorrection).where(
            SubjectCorrection.source_id == source_id, SubjectCorrection.key == key,
            SubjectCorrection.department_id.is_(None) if department_id is None
            else SubjectCorrection.department_id == department_id,
        )
    ).first()  # fmt: skip


def confirm(correction_id: str, value: str | None) -> SubjectCorrection:
    """The department takes it over: what can be typed is written as it says, the rest it has entered itself."""
    with transaction():
        correction = _to_decide(correction_id)
        subject = db.session.get_one(Subject, correction.subject_id)
        if correction.column in TYPED:
            wanted = value if value is not None else correction.found
            why = f"{CORRECTION_ORIGIN_LABELS[CorrectionOrigin(correction.origin)]}：{correction.source}"
            editing.correct(subject.id, str(correction.column), wanted, why[:200])
        _decide(correction, CorrectionState.CONFIRMED, value)
    return correction


def refuse(correction_id: str, reason: str) -> SubjectCorrection:
    """The library stays as it is, with the reason."""
    with transaction():
        correction = _to_decide(correction_id)
        _decide(correction, CorrectionState.REFUSED, reason)
    return correction


def _to_decide(correction_id: str) -> SubjectCorrection:
    correction = db.session.get(SubjectCorrection, correction_id, with_for_update=True)
    if correction is None or correction.region_id != acting().region_id:
        raise not_found("更正建议")
    belonging.refuse_foreign(db.session.get_one(Subject, correction.subject_id))
    if correction.state != CorrectionState.OFFERED:
        raise Problem("subjects.correction_decided", "这条更正建议已经处理过了。请刷新页面。", 409)
    return correction


def _decide(correction: SubjectCorrection, state: CorrectionState, answer: str | None) -> None:
    correction.state, correction.answer = state.value, answer
    correction.decided_at, correction.decided_by = clock.now(), acting().name
    trail.record(
        f"correction.{state.value}", "subject", correction.subject_id, region_id=correction.region_id,
        correction=correction.id, column=correction.column,
    )  # fmt: skip


def _mine() -> Any:
    """The corrections of the own region; a department sees those of its library and of nobody's."""
    actor = acting()
    rows = (
        select(SubjectCorrection, Subject)
        .join(Subject, Subject.id == SubjectCorrection.subject_id)
        .where(SubjectCorrection.region_id == actor.region_id)
    )
    if actor.has("joint_office"):
        return rows
    own = cast(Subject.departments, String).contains(f'"{actor.department_id}"', autoescape=True)
    return rows.where(or_(own, cast(Subject.departments, String) == "[]"))


def page(state: str, limit: int, after: str | None) -> list[Json]:
    """What is offered (or was decided), the newest first; one more than asked."""
    rows = (
        _mine().where(SubjectCorrection.state == state).order_by(SubjectCorrection.id.desc()).limit(limit + 1)
    )
    if after:
        rows = rows.where(SubjectCorrection.id < after)
    return [shown(correction, subject) for correction, subject in db.session.execute(rows)]


def waiting() -> int:
    """How many wait for the own department."""
    rows = _mine().where(SubjectCorrection.state == CorrectionState.OFFERED.value).subquery()
    return db.session.scalar(select(func.count()).select_from(rows)) or 0


def shown(correction: SubjectCorrection, subject: Subject | None = None) -> Json:
    """One offered correction as a screen shows it."""
    subject = subject or db.session.get_one(Subject, correction.subject_id)
    names = {one.id: one.name for one in departments_of(correction.region_id)}
    column = correction.column
    return {
        "id": correction.id, "subject": {"id": subject.id, "name": subject.name}, "label": correction.label,
        "before": correction.before, "found": correction.found, "note": correction.note,
        "now": _now(subject, column),
        "origin_label": CORRECTION_ORIGIN_LABELS[CorrectionOrigin(correction.origin)], "source": correction.source,
        "department": names.get(correction.department_id or ""), "typed": column in TYPED,
        "state": correction.state, "state_label": CORRECTION_STATE_LABELS[CorrectionState(correction.state)],
        "offered_at": correction.offered_at, "decided_at": correction.decided_at, "decided_by": correction.decided_by,
        "answer": correction.answer, "may_decide": belonging.may_change(acting(), subject),
    }  # fmt: skip


def _now(subject: Subject, column: str | None) -> str | None:
    """What the library says at this moment, where it is one column."""
    if column is None or column not in (*TYPED, "state", "tags"):
        return None
    return spoken(column, getattr(subject, column))
