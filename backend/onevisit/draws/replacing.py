"""Who goes instead of a drawn inspector? Asked for with a reason, approved by the deputy head, no new draw (S2 art. 16)."""

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.draws.appending import append_event, drawn_on, refuse_unfit, team_on
from onevisit.draws.kept import draw_to_change, refuse_unless
from onevisit.draws.models import Draw, DrawnInspector, Replacement
from onevisit.draws.states import DrawState
from onevisit.draws.terms import REPLACEMENT_CAUSE_LABELS, EventKind, ReplacementCause
from onevisit.inspectors.models import Inspector
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task


def ask_replacement(
    draw_id: str, leaf: str, out_id: str, in_id: str, cause: ReplacementCause, note: str | None
) -> Replacement:
    """Another qualified inspector of the same department for one who cannot go; nothing changes before the approval."""
    with transaction():
        draw = draw_to_change(draw_id)
        refuse_unless(draw, DrawState.DRAWN, "draws.not_drawn", "还没有抽取完成，不能更换。")
        if cause == ReplacementCause.OTHER and not (note or "").strip():
            raise Problem("draws.cause_needed", "选“其他特殊情况”时，请写明是什么情况。")
        leaving, person = _places(draw, leaf, out_id, in_id)
        if _waiting(draw, leaf, out_id) is not None:
            raise Problem(
                "draws.replacement_waiting", "已经申请更换这个人，正等分管负责人审批。请刷新页面。", 409
            )
        asked = Replacement(
            draw_id=draw.id, leaf=leaf, department_id=leaving.department_id, out_id=out_id, in_id=person.id,
            cause=cause.value, note=(note or "").strip() or None, asked_at=clock.now(), asked_by=acting().account_id,
        )  # fmt: skip
        db.session.add(asked)
        db.session.flush()
        trail.record(
            "draw.replacement_asked", "draw", draw.id, region_id=draw.region_id, department_id=leaving.department_id,
            leaf=leaf, out=out_id, into=person.id, cause=cause.value, note=asked.note,
        )  # fmt: skip
    return asked


def decide_replacement(replacement_id: str, approved: bool, answer: str | None) -> Replacement:
    """The deputy head's answer; whoever asked may not be the one who approves."""
    with transaction():
        draw = draw_to_change(db.session.get_one(Replacement, replacement_id).draw_id)
        asked = db.session.get_one(Replacement, replacement_id, with_for_update=True)
        if asked.decided_at is not None:
            raise Problem("draws.already_decided", "这项申请已经有人审批过了。请刷新页面。", 409)
        me = acting().account_id
        if me is None or me == asked.asked_by:
            raise Problem(
                "draws.second_person_needed", "申请人不能自己审批。请由本部门另一位分管负责人办理。", 403
            )
        if not approved and not (answer or "").strip():
            raise Problem("draws.answer_needed", "不同意时请写明理由，申请人看得到。")
        asked.decided_at, asked.decided_by, asked.approved, asked.answer = clock.now(), me, approved, answer
        if approved:
            _replace(draw, asked)
        else:
            trail.record(
                "draw.replacement_refused", "draw", draw.id, region_id=draw.region_id,
                department_id=asked.department_id, leaf=asked.leaf, out=asked.out_id, answer=answer,
            )  # fmt: skip
    return asked


def _replace(draw: Draw, asked: Replacement) -> None:
    """The new one takes the place, and so the lead where the old one had it (S2 art. 17)."""
    leaving, person = _places(draw, asked.leaf, asked.out_id, asked.in_id)
    cause = ReplacementCause(asked.cause)
    leaving.left_at, leaving.left_cause = clock.now(), cause.value
    former = next((one for one in team_on(draw, asked.leaf) if one.inspector_id == person.id), None)
    if former is not None:
        former.left_at = former.left_cause = None
        former.order, former.stands_in_for = leaving.order, leaving.inspector_id
    else:
        db.session.add(
            DrawnInspector(
                draw_id=draw.id, leaf=asked.leaf, department_id=asked.department_id, inspector_id=person.id,
                order=leaving.order, chosen_in=leaving.chosen_in, stands_in_for=leaving.inspector_id,
            )
        )  # fmt: skip
    chosen_in = db.session.get_one(Draw, leaving.chosen_in) if leaving.chosen_in else draw
    by = [one for one in (asked.asked_by, asked.decided_by) if one]
    # The note stays inside: somebody's health is nobody's business outside the office.
    detail = {"visit": asked.leaf, "department": asked.department_id}
    append_event(chosen_in, EventKind.REPLACED, REPLACEMENT_CAUSE_LABELS[cause], detail, by)
    trail.record(
        "draw.inspector_replaced", "draw", draw.id, region_id=draw.region_id, department_id=asked.department_id,
        task=draw.task_id, subjects_draw=draw.id, leaf=asked.leaf, department=asked.department_id, out=asked.out_id,
        into=person.id, reason=REPLACEMENT_CAUSE_LABELS[cause],
    )  # fmt: skip


def _places(draw: Draw, leaf: str, out_id: str, in_id: str) -> tuple[DrawnInspector, Inspector]:
    """Who leaves and who comes, both looked at again: between asking and approving somebody may have moved."""
    subject = db.session.get_one(Subject, drawn_on(draw, leaf).subject_id)
    team = [one for one in team_on(draw, leaf) if one.left_at is None]
    leaving = next((one for one in team if one.inspector_id == out_id), None)
    if leaving is None:
        raise Problem("draws.not_on_team", "被更换的人不在这一户的检查小组里。请刷新页面。", 409)
    person = db.session.get(Inspector, in_id)
    if person is None or person.department_id != leaving.department_id:
        raise Problem(
            "draws.other_department", "更换人员要在本部门其他具备执法资格的人员中选派。请换一个人。", 409
        )
    on_visit = [one.inspector_id for one in team]
    refuse_unfit(person, subject, on_visit, db.session.get_one(Task, draw.task_id))
    return leaving, person


def _waiting(draw: Draw, leaf: str, out_id: str) -> Replacement | None:
    return db.session.scalars(
        select(Replacement).where(
            Replacement.draw_id == draw.id, Replacement.leaf == leaf, Replacement.out_id == out_id,
            Replacement.decided_at.is_(None),
        )
    ).first()  # fmt: skip
