"""What may still happen after the lot? Appointments and replacements: appended with a reason, never an edit (S2 art. 16)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.draws import bundle as bundles
from onevisit.draws.kept import draw_to_change, keep_bundles, moment_text, refuse_unless
from onevisit.draws.models import Draw, DrawnInspector, DrawnSubject
from onevisit.draws.states import DrawState
from onevisit.draws.terms import EventKind
from onevisit.inspectors.models import Inspector
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task
from onevisit.tasks.terms import TaskState


def appoint(draw_id: str, leaf: str, inspector_id: str, reason: str) -> Draw:
    """Fill a shortfall by appointment, with a reason (S1); an event appended, the lot stays as it was."""
    with transaction():
        draw = draw_to_change(draw_id)
        refuse_unless(draw, DrawState.DRAWN, "draws.not_drawn", "还没有抽取完成，不能指定补足。")
        person, task = db.session.get_one(Inspector, inspector_id), db.session.get_one(Task, draw.task_id)
        team = list(
            db.session.scalars(
                select(DrawnInspector).where(DrawnInspector.draw_id == draw.id, DrawnInspector.leaf == leaf)
            )
        )
        own = [one for one in team if one.department_id == person.department_id]
        if task.state != TaskState.DRAWN:
            raise Problem("draws.already_dispatched", "任务已经派发。请在派发页面按更换办理。", 409)
        if len(own) >= draw.match["k"] or person.department_id not in draw.match["departments"]:
            raise Problem("draws.no_shortfall", "这个部门在这一户没有缺额，不需要指定。", 409)
        subject = db.session.get_one(Subject, _drawn(draw, leaf).subject_id)
        refuse_unfit(person, subject, [one.inspector_id for one in team], task)
        db.session.add(
            DrawnInspector(
                draw_id=draw.id, leaf=leaf, department_id=person.department_id, inspector_id=person.id,
                order=max((one.order for one in own), default=-1) + 1, appointed_reason=reason,
            )
        )  # fmt: skip
        append_event(draw, EventKind.APPOINTED, reason, {"visit": leaf, "department": person.department_id})
        trail.record(
            "draw.inspector_appointed", "draw", draw.id, region_id=draw.region_id, department_id=person.department_id,
            leaf=leaf, inspector=person.id, reason=reason,
        )  # fmt: skip
    return draw


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


def append_event(draw: Draw, kind: EventKind, reason: str, detail: Mapping[str, Any]) -> None:
    """Append what happened after the lot to the bundles and sign them anew; part of the caller's transaction."""
    event = bundles.Event(kind, moment_text(clock.now()), reason, (acting().account_id or "server",), detail)
    keep_bundles(draw, bundles.with_event(json.loads(draw.bundle or "{}"), event))


def _drawn(draw: Draw, leaf: str) -> DrawnSubject:
    found = db.session.scalars(
        select(DrawnSubject).where(DrawnSubject.draw_id == draw.id, DrawnSubject.leaf == leaf)
    ).first()
    if found is None:
        raise Problem("draws.leaf_unknown", "这一户不在抽中名单里。请刷新页面。", 404)
    return found
