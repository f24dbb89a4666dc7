"""Does an objection to a task's scheme hold its dispatch back, and who may let it go all the same? (S2 art. 12: 会同参与部门)"""

from typing import Any

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import Actor
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry
from onevisit.dispatches import schemes
from onevisit.dispatches.rules import scheme_standing
from onevisit.dispatches.terms import SchemeStanding
from onevisit.tasks.models import Task
from onevisit.tasks.queries import named_departments
from onevisit.tasks.terms import TaskState

OVERRULED = "scheme.overruled"


def objecting(task: Task) -> list[str]:
    """The partners whose objection to the newest version has no reply yet."""
    scheme = schemes.scheme_of(task.id)
    if scheme is None or not scheme.version:
        return []
    today = clock.today()
    return [
        id_
        for id_, one in schemes.answers_of(scheme, scheme.version).items()
        if scheme_standing(one.agrees, bool(one.reply), today, today) == SchemeStanding.OBJECTED
    ]


def page_of(task: Task, actor: Actor) -> dict[str, Any]:
    """The scheme's page, with what the joint office decided on the newest version, and whether it is to decide."""
    said, against = _overruling(task), objecting(task)
    open_ = task.state not in (TaskState.DISPATCHED, TaskState.DONE)
    names = named_departments(said.facts["departments"] if said else against)
    return {
        **schemes.view_of_scheme(task, actor),
        "held": bool(against) and open_ and said is None,
        "may_overrule": bool(against) and open_ and said is None and actor.has("joint_office"),
        "overruled": {
            "reason": said.facts["reason"], "at": said.at, "departments": [one["short_name"] for one in names.values()],
        } if said else None,
    }  # fmt: skip


def refuse_objected(task: Task) -> None:
    """No dispatch over an objection that nobody has answered, unless the joint office said so for this version."""
    against = objecting(task)
    if not against or _overruling(task):
        return
    names = named_departments(against)
    said = "、".join(names[one]["short_name"] for one in against)
    raise Problem(
        "dispatches.scheme_objected", f"{said}对抽查方案有异议，还没有答复，不能派发。请先在抽查方案里答复异议或修改方案；确需先派发的，请联席会议办公室写明理由决定。", 409,
        departments=against,
    )  # fmt: skip


def overrule(task: Task, reason: str) -> None:
    """The joint office lets the task go out over the objections; they and its reason stay on record."""
    with transaction():
        against = objecting(task)
        if not against or task.state in (TaskState.DISPATCHED, TaskState.DONE):
            raise Problem(
                "dispatches.nothing_objected",
                "这个任务没有待答复的异议，或已经派发，不需要决定。请刷新页面。",
                409,
            )
        trail.record(
            OVERRULED, "task", task.id, region_id=task.region_id, departments=against, reason=reason, version=_version(task),
        )  # fmt: skip


def _overruling(task: Task) -> TrailEntry | None:
    """The decision on this version: a new one is asked about anew."""
    rows = select(TrailEntry).where(TrailEntry.event == OVERRULED, TrailEntry.object_id == task.id)
    version = _version(task)
    found = [
        one
        for one in db.session.scalars(rows.order_by(TrailEntry.position))
        if one.facts["version"] == version
    ]
    return found[-1] if found else None


def _version(task: Task) -> int:
    scheme = schemes.scheme_of(task.id)
    return scheme.version if scheme else 0
