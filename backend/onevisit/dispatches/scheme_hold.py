"""Does an objection to a task's scheme hold its dispatch back, and who may let it go all the same? (S2 art. 12: 会同参与部门)"""

from sqlalchemy import select

from onevisit.core import clock, trail
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


def refuse_objected(task: Task) -> None:
    """No dispatch over an objection that nobody has answered, unless the joint office said so for this version."""
    against = objecting(task)
    if not against or _overruled(task):
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


def _overruled(task: Task) -> bool:
    """For this version: a new one is asked about anew."""
    rows = select(TrailEntry).where(TrailEntry.event == OVERRULED, TrailEntry.object_id == task.id)
    return any(one.facts["version"] == _version(task) for one in db.session.scalars(rows))


def _version(task: Task) -> int:
    scheme = schemes.scheme_of(task.id)
    return scheme.version if scheme else 0
