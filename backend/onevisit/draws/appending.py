"""What may still happen after the lot? Appointing, assisting, waiving a way: appended with a reason, never an edit."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.draws import bundle as bundles
from onevisit.draws.kept import draw_to_change, keep_bundles, lists_of, moment_text, pool_of, refuse_unless
from onevisit.draws.models import Assistant, Draw, DrawnInspector, DrawnSubject
from onevisit.draws.orders import exceptions_of
from onevisit.draws.queries import drawn_at
from onevisit.draws.showing import with_event
from onevisit.draws.states import (
    NOT_DRAWN_HERE,
    WAIVER_EXCEPTION_LABELS,
    DrawKind,
    DrawOrder,
    DrawState,
    WaiverException,
)
from onevisit.draws.terms import AssistantKind, EventKind
from onevisit.inspectors.models import Inspector
from onevisit.regions.queries import profile_of
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task
from onevisit.tasks.terms import TaskState


def appoint(draw_id: str, leaf: str, inspector_id: str, reason: str) -> Draw:
    """Fill a shortfall by appointment, with a reason (S1); an event appended, the lot stays as it was."""
    with transaction():
        draw = draw_to_change(draw_id)
        refuse_unless(draw, DrawState.DRAWN, "draws.not_drawn", "还没有抽取完成，不能指定补足。")
        base = db.session.get_one(Draw, draw.subjects_draw_id or draw.id)
        person, task = db.session.get_one(Inspector, inspector_id), db.session.get_one(Task, draw.task_id)
        late = base.order == DrawOrder.AFTER_CLAIM or base.kind == DrawKind.HANDED_DOWN
        if task.state != TaskState.DRAWN and not late:
            raise Problem("draws.already_dispatched", "任务已经派发。请在派发页面按更换办理。", 409)
        _refuse_widening(draw, person.department_id)
        team = team_on(base, leaf)
        own = [one for one in team if one.department_id == person.department_id and one.left_at is None]
        if len(own) >= draw.match["k"] or person.department_id not in draw.match["departments"]:
            raise Problem("draws.no_shortfall", "这个部门在这一户没有缺额，不需要指定。", 409)
        subject = db.session.get_one(Subject, drawn_on(base, leaf).subject_id)
        refuse_unfit(person, subject, [one.inspector_id for one in team], task)
        last = max((one.order for one in team if one.department_id == person.department_id), default=-1)
        db.session.add(
            DrawnInspector(
                draw_id=base.id, leaf=leaf, department_id=person.department_id, inspector_id=person.id,
                order=last + 1, appointed_reason=reason, chosen_in=draw.id,
            )
        )  # fmt: skip
        append_event(draw, EventKind.APPOINTED, reason, {"visit": leaf, "department": person.department_id})
        trail.record(
            "draw.inspector_appointed", "draw", draw.id, region_id=draw.region_id, department_id=person.department_id,
            task=task.id, subjects_draw=base.id, leaf=leaf, inspector=person.id, reason=reason,
        )  # fmt: skip
    return draw


def _refuse_widening(draw: Draw, department_id: str) -> None:
    """Whoever chose to draw the missing ones over a wider pool waits for that draw."""
    under_way = (DrawState.PREPARING, DrawState.COMMITTED)
    live = db.session.scalars(select(Draw).where(Draw.rests_on_id == draw.id, Draw.state.in_(under_way)))
    for one in live:
        if department_id in one.match["departments"]:
            raise Problem(
                "draws.widening_under_way", f"正在扩大人员范围抽取（{one.no}），抽完仍缺的再指定。请先完成或作废它。", 409,
                draw_id=one.id,
            )  # fmt: skip


def assist(
    draw_id: str, leaf: str, department_id: str, kind: AssistantKind, name: str, unit: str | None,
    speciality: str | None, reason: str,
) -> Draw:  # fmt: skip
    """An expert or institution to assist and guide where the drawn ones cannot do an item alone (S1).

    Chosen by the drawn inspector's own unit; helps and is never one of the two who inspect.
    """
    with transaction():
        draw = draw_to_change(draw_id)
        refuse_unless(draw, DrawState.DRAWN, "draws.not_drawn", "还没有抽取完成，不能增加专业人员。")
        drawn_on(draw, leaf)
        db.session.add(
            Assistant(
                draw_id=draw.id, leaf=leaf, department_id=department_id, kind=kind.value, name=name, unit=unit,
                speciality=speciality, reason=reason, added_at=clock.now(), added_by=acting().account_id,
            )
        )  # fmt: skip
        detail = {"visit": leaf, "department": department_id, "kind": kind.value}
        append_event(draw, EventKind.ASSISTED, reason, detail)
        trail.record(
            "draw.assistant_added", "draw", draw.id, region_id=draw.region_id, department_id=department_id, leaf=leaf,
            kind=kind.value, name=name, unit=unit, reason=reason,
        )  # fmt: skip
    return draw


def waive(draw_id: str, leaf: str, reason: str, none_holds: Sequence[str]) -> Draw:
    """Going to a drawn subject of low risk may be waived, unless one of the profile's exceptions holds (S3).

    It stays in the pool and on the list; the exceptions are each denied by name, and that stands on the record.
    """
    with transaction():
        draw = draw_to_change(draw_id)
        refuse_unless(draw, DrawState.DRAWN, "draws.not_drawn", "还没有抽取完成，不能免予上门。")
        one, task = drawn_on(draw, leaf), db.session.get_one(Task, draw.task_id)
        if task.state != TaskState.DRAWN:
            raise Problem("draws.already_dispatched", "任务已经派发，不能再免予上门。", 409)
        exceptions = waivable(draw, one.risk)
        if exceptions is None:
            raise Problem(
                "draws.not_waivable", "本地区的规则只允许对低风险（A 类）对象不主动上门，这一户要照常检查。", 409
            )  # fmt: skip
        if one.waived_at is not None:
            raise Problem("draws.already_waived", "这一户已经免予上门。请刷新页面。", 409)
        open_ = [WAIVER_EXCEPTION_LABELS[WaiverException(x)] for x in exceptions if x not in set(none_holds)]
        if open_:
            raise Problem(
                "draws.exception_open", f"有下列情形之一的要照常检查，请逐项核实没有：{'、'.join(open_)}。", 409
            )  # fmt: skip
        one.waived_at, one.waived_by, one.waived_reason = clock.now(), acting().account_id, reason
        append_event(draw, EventKind.WAIVED, reason, {"visit": leaf})
        trail.record(
            "draw.visit_waived", "draw", draw.id, region_id=draw.region_id,
            department_id=task.initiating_department_id, leaf=leaf, reason=reason, none_holds=list(none_holds),
        )  # fmt: skip
    return draw


def waivable(draw: Draw, risk: str) -> tuple[str, ...] | None:
    """The profile's exceptions for this class; None where going there may not be waived."""
    return exceptions_of(profile_of(draw.region_id).value("risk.class_rules").value, risk)


def refuse_unfit(person: Inspector, subject: Subject, on_visit: Sequence[str], task: Task) -> None:
    """May this inspector go there? The same conditions as in the lot: active, certified through the window, no recusal."""
    if person.id in on_visit:
        raise Problem("draws.already_on_visit", f"{person.name}已经在这次检查的小组里。请换一个人。", 409)
    if person.state != "active" or not person.certificate_no:
        raise Problem(
            "draws.not_qualified", f"{person.name}不在岗或没有执法证件，不能选派。请换一个人。", 409
        )
    if person.valid_to is None or person.valid_to < task.window_end:
        raise Problem(
            "draws.certificate_expires", f"{person.name}的执法证件在抽查期内到期，不能选派。请换一个人。", 409
        )
    if {subject.id, subject.credit_code} & set(person.recusals):
        raise Problem("draws.recused", f"{person.name}与这个检查对象有回避关系，不能选派。请换一个人。", 409)


def append_event(
    draw: Draw, kind: EventKind, reason: str, detail: Mapping[str, Any], by: Sequence[str] | None = None
) -> None:
    """Append what happened after the lot to the bundles and sign them anew; part of the caller's transaction."""
    persons = tuple(by or (acting().account_id or "server",))
    event = bundles.Event(kind, moment_text(clock.now()), reason, persons, detail)
    made = drawn_at(draw)
    if made.kind not in NOT_DRAWN_HERE:
        made = draw_to_change(made.id)
        outline = bundles.with_event(json.loads(made.bundle or "{}"), event)
        keep_bundles(made, outline, lists_of(made, pool_of(made)))
    with_event(draw, event.as_json())


def team_on(base: Draw, leaf: str) -> list[DrawnInspector]:
    """Everybody who is or was on a visit."""
    return list(
        db.session.scalars(
            select(DrawnInspector)
            .where(DrawnInspector.draw_id == base.id, DrawnInspector.leaf == leaf)
            .order_by(DrawnInspector.order)
        )
    )


def drawn_on(draw: Draw, leaf: str) -> DrawnSubject:
    """The drawn subject with this leaf."""
    found = db.session.scalars(
        select(DrawnSubject).where(DrawnSubject.draw_id == draw.id, DrawnSubject.leaf == leaf)
    ).first()
    if found is None:
        raise Problem("draws.leaf_unknown", "这一户不在抽中名单里。请刷新页面。", 404)
    return found
