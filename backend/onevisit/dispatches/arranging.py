"""What happens when a calendar is accepted as a whole, or taken back as a whole?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import Actor, acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem, forbidden, not_found
from onevisit.dispatches import scheduling
from onevisit.dispatches.actions import put_in_calendar, take_from_calendar
from onevisit.dispatches.calendars import may_lead, moved_on, subjects_of, taken_elsewhere
from onevisit.dispatches.models import ScheduleBatch, Visit
from onevisit.dispatches.queries import members_of
from onevisit.dispatches.scheduling import Taken
from onevisit.inspectors.models import Inspector


@dataclass(frozen=True)
class Line:
    """One visit of the calendar; `revision` is the visit as the page showed it."""

    visit_id: str
    revision: int
    day: date
    time: str | None
    announced: bool


def accept(lines: Sequence[Line], per_day: int) -> ScheduleBatch:
    """Every visit gets its day, or none does; whoever would be in two places at once stops it."""
    actor = acting()
    with transaction():
        visits = _locked([one.visit_id for one in lines], actor)
        names = {id_: one.name for id_, one in subjects_of(visits.values()).items()}
        kept = []
        for line in lines:
            visit = visits[line.visit_id]
            if visit.revision != line.revision:
                raise _refused(
                    names[visit.subject_id],
                    "dispatches.visit_changed",
                    "刚刚被别人改过，请刷新日历后再采纳。",
                )
            before = _standing_of(visit)
            try:
                put_in_calendar(visit, line.day, line.time, line.announced, None)
            except Problem as problem:
                raise _refused(
                    names[visit.subject_id], problem.code, problem.detail, problem.status
                ) from problem
            kept.append({"visit_id": visit.id, "before": before, "after": _standing_of(visit)})
        _refuse_twice(list(visits.values()), names, scheduling.length_of(per_day))
        batch = ScheduleBatch(
            region_id=actor.region_id, lines=kept, accepted_at=clock.now(), accepted_by=actor.account_id
        )
        db.session.add(batch)
        db.session.flush()
        _tell("calendar.accepted", batch, visits)
    return batch


def undo(batch_id: str) -> ScheduleBatch:
    """Every visit goes back to where it was, or none does: nothing may have happened since."""
    actor = acting()
    with transaction():
        batch = db.session.execute(
            select(ScheduleBatch).where(ScheduleBatch.id == batch_id).with_for_update()
        ).scalar_one_or_none()
        if batch is None or batch.region_id != actor.region_id:
            raise not_found("日历")
        visits = _locked([line["visit_id"] for line in batch.lines], actor)
        if batch.undone_at is not None:
            raise Problem("dispatches.calendar_undone", "这次采纳已经撤回过了。请刷新页面。", 409)
        names = {id_: one.name for id_, one in subjects_of(visits.values()).items()}
        for line in batch.lines:
            visit = visits[line["visit_id"]]
            if moved_on(visit, line):
                raise _refused(
                    names[visit.subject_id], "dispatches.calendar_moved_on",
                    "采纳以后已经送达告知书、开始检查或又改过日程，不能整体撤回。请逐户修改。",
                )  # fmt: skip
            day, time, announced = line["before"]
            take_from_calendar(visit, date.fromisoformat(day) if day else None, time, announced)
        batch.undone_at = clock.now()
        _tell("calendar.undone", batch, visits)
    return batch


def _locked(ids: Sequence[str], actor: Actor) -> dict[str, Visit]:
    """The visits, in one order for everybody, that this account may schedule."""
    rows = db.session.scalars(
        select(Visit).where(Visit.id.in_(ids)).order_by(Visit.id).with_for_update()
    ).all()
    found = {one.id: one for one in rows if one.region_id == actor.region_id}
    if set(ids) - set(found):
        raise not_found("检查任务")
    if not all(may_lead(actor, one) for one in found.values()):
        raise forbidden("日程由组长或发起部门经办排。")
    return found


def _standing_of(visit: Visit) -> list[Any]:
    return [
        visit.scheduled_day.isoformat() if visit.scheduled_day else None,
        visit.scheduled_time,
        visit.announced,
    ]


def _refuse_twice(visits: Sequence[Visit], names: dict[str, str], length: int) -> None:
    """Nobody is at two doors at one time; also not of another task."""
    own = [
        Taken(one.scheduled_day, one.scheduled_time, frozenset(m.inspector_id for m in members_of(one)), None, one.id)
        for one in visits if one.scheduled_day
    ]  # fmt: skip
    others = taken_elsewhere(visits, min(one.day for one in own))
    by_id = {one.id: one for one in visits}
    for at, one in enumerate(own):
        span = scheduling.span_of(one.time, length)
        for other in (*own[at + 1 :], *others):
            twice = one.people & other.people
            if (
                twice
                and one.day == other.day
                and scheduling.overlap(span, scheduling.span_of(other.time, length))
            ):
                person = db.session.get_one(Inspector, min(twice))
                raise _refused(
                    names[by_id[one.id].subject_id], "dispatches.person_twice",
                    f"{person.name}在 {one.day.month}月{one.day.day}日 {one.time or ''} 同时另有一次上门。请换一个时间。",
                )  # fmt: skip


def _refused(name: str, code: str, detail: str, status: int = 409) -> Problem:
    return Problem(code, f"“{name}”：{detail}日历没有采纳，一户都没有改。", status)


def _tell(event: str, batch: ScheduleBatch, visits: dict[str, Visit]) -> None:
    """One fact per task (as a rule one): the phones of its teams fetch their visits again."""
    by_task: dict[str, list[Any]] = {}
    for line in batch.lines:
        by_task.setdefault(visits[line["visit_id"]].task_id, []).append(line)
    for task_id, lines in by_task.items():
        trail.record(event, "task", task_id, region_id=batch.region_id, batch=batch.id, visits=lines)
