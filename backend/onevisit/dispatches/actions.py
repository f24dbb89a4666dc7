"""What happens when a drawn task goes to the departments, until they stand at the door?"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.dispatches import notices
from onevisit.dispatches.handing import dispatch_below
from onevisit.dispatches.making import keep_visits
from onevisit.dispatches.merges import undecided_about
from onevisit.dispatches.models import Part, Visit
from onevisit.dispatches.scheme_hold import refuse_objected
from onevisit.dispatches.terms import COMPARED_LABELS, Compared, DeliveryWay, VisitState
from onevisit.draws.models import Draw, DrawnSubject
from onevisit.draws.queries import inspectors_after_claim, subjects_draw_of, teams_of, to_visit
from onevisit.regions.modes import Handing
from onevisit.tasks.models import Task
from onevisit.tasks.queries import named_departments
from onevisit.tasks.terms import TaskState


def dispatch(task_id: str, moved: str | None = None) -> Task:
    """Make the visits of a drawn task: parts, teams, leaders, claim limits; all of them or none.

    A list over several regions goes to the offices there (`moved`: handing.py).
    """
    with transaction():
        task = db.session.execute(select(Task).where(Task.id == task_id).with_for_update()).scalar_one()
        draw = _draw_to_dispatch(task)
        refuse_objected(task)
        if task.handing == Handing.DOWN:
            dispatch_below(task, draw, moved)
            return task
        if not inspectors_after_claim(draw):
            _refuse_short(draw, to_visit(draw), teams_of(draw))
        keep_visits(task, draw)
    return task


def _draw_to_dispatch(task: Task) -> Draw:
    if task.state in (TaskState.DISPATCHED, TaskState.DONE):
        raise Problem(
            "dispatches.already_dispatched", "这个任务已经派发，没有重复派发。请打开派发页面。", 409
        )
    draw = subjects_draw_of(task.id)
    if draw is None:
        raise Problem("dispatches.not_drawn", "这个任务还没有抽取完成，不能派发。请先完成抽取。", 409)
    return draw


def _refuse_short(draw: Draw, drawn: Sequence[DrawnSubject], teams: dict[tuple[str, str], list[str]]) -> None:
    """No part goes out with fewer inspectors than the rules ask for."""
    missing: dict[str, int] = {}
    for one in drawn:
        for department in draw.match["departments"]:
            short = draw.match["k"] - len(teams.get((one.leaf, department), ()))
            if short > 0:
                missing[department] = missing.get(department, 0) + short
    if missing:
        names = named_departments(list(missing))
        words = "、".join(f"{names[one]['short_name']}缺 {count} 人次" for one, count in missing.items())
        raise Problem(
            "dispatches.no_inspectors", f"检查人员不足，不能派发：{words}。请这些部门的分管负责人指定补足并写明理由，或更新人员库后重新抽取。",
            409, missing=missing,
        )  # fmt: skip


def claim(visit_id: str, department_id: str, compared: str, note: str | None) -> Visit:
    """认领、比对、确认 of the own part (S1)."""
    with transaction():
        part = _part_to_change(visit_id, department_id)
        if part.claimed_at is not None:
            raise Problem("dispatches.already_claimed", "这一户的本部门部分已经认领过了。请刷新页面。", 409)
        if compared != Compared.AGREED and not (note or "").strip():
            raise Problem(
                "dispatches.note_needed",
                f"比对结果为“{COMPARED_LABELS[Compared(compared)]}”时，请写明具体情况。",
            )
        _claim(part, compared, note)
        visit = db.session.get_one(Visit, visit_id)
        trail.record(
            "part.claimed", "visit", visit_id, region_id=visit.region_id, department_id=department_id,
            part=part.id, compared=compared, note=part.compare_note,
        )  # fmt: skip
        _note_department_claimed(visit.task_id, visit.region_id, department_id)
    return visit


def claim_all(task_id: str, department_id: str) -> int:
    """Claim every waiting part of a task as agreed; how many that were."""
    with transaction():
        parts = db.session.scalars(
            select(Part).join(Visit, Visit.id == Part.visit_id)
            .where(Visit.task_id == task_id, Part.department_id == department_id, Part.claimed_at.is_(None))
            .with_for_update(of=Part)
        ).all()  # fmt: skip
        if not parts:
            raise Problem(
                "dispatches.nothing_to_claim", "本部门没有待认领的部分，可能已由同事认领。请刷新页面。", 409
            )
        for part in parts:
            _claim(part, Compared.AGREED.value, None)
        task = db.session.get_one(Task, task_id)
        trail.record(
            "task.claimed", "task", task_id, region_id=task.region_id, department_id=department_id,
            parts=[part.id for part in parts],
        )  # fmt: skip
        _note_department_claimed(task_id, task.region_id, department_id)
    return len(parts)


def _note_department_claimed(task_id: str, region_id: str, department_id: str) -> None:
    """All of a department's parts are claimed: where inspectors are drawn after the claim, theirs may be now (S1)."""
    db.session.flush()
    waiting = (
        select(Part.id)
        .join(Visit, Visit.id == Part.visit_id)
        .where(Visit.task_id == task_id, Part.department_id == department_id, Part.claimed_at.is_(None))
    )
    if db.session.scalars(waiting.limit(1)).first() is None:
        trail.record(
            "department.claimed",
            "task",
            task_id,
            region_id=region_id,
            department_id=department_id,
            task=task_id,
        )


def _claim(part: Part, compared: str, note: str | None) -> None:
    part.claimed_at, part.claimed_by, part.compared = clock.now(), acting().account_id, compared
    part.compare_note, part.revision = (note or "").strip() or None, part.revision + 1


def _part_to_change(visit_id: str, department_id: str) -> Part:
    return db.session.execute(
        select(Part).where(Part.visit_id == visit_id, Part.department_id == department_id).with_for_update()
    ).scalar_one()


def schedule(
    visit_id: str,
    day: date,
    time: str | None,
    announced: bool,
    papers: list[str] | None = None,
    unannounced: list[str] | None = None,
) -> Visit:
    """One visit for all departments; announced, it gets its one check notice, else nothing reaches the subject."""
    with transaction():
        visit = _visit_to_change(visit_id)
        put_in_calendar(visit, day, time, announced, papers, unannounced)
        trail.record(
            "visit.scheduled", "visit", visit.id, region_id=visit.region_id, day=day.isoformat(), time=time,
            announced=announced, unannounced=len(visit.unannounced_items),
        )  # fmt: skip
    return visit


def put_in_calendar(
    visit: Visit,
    day: date,
    time: str | None,
    announced: bool,
    papers: list[str] | None,
    unannounced: list[str] | None = None,
) -> None:
    """One visit gets its day, or is refused with what stands against it; the caller has locked it and tells the trail.

    `unannounced` are items kept from the subject until somebody stands at the door; None leaves them as they are.
    """
    _refuse_unschedulable(visit)
    if day < clock.today():
        raise Problem("dispatches.day_past", "上门日期不能早于今天。请重新选择。")
    hidden = list(dict.fromkeys(visit.unannounced_items if unannounced is None else unannounced))
    notices.refuse_untelling(visit, announced, hidden)
    visit.unannounced_items = hidden
    visit.scheduled_day, visit.scheduled_time, visit.announced = day, time, announced
    visit.state, visit.revision = VisitState.SCHEDULED.value, visit.revision + 1
    notices.renew(visit, papers)
    notices.settle_proposals(visit)


def take_from_calendar(visit: Visit, day: date | None, time: str | None, announced: bool) -> None:
    """Back to where the visit was before: on another day, or on none, and then without a notice."""
    visit.scheduled_day, visit.scheduled_time, visit.announced = day, time, announced
    visit.state = (VisitState.SCHEDULED if day else VisitState.DISPATCHED).value
    visit.revision += 1
    if day is None:
        visit.notice = None
    else:
        notices.renew(visit, None)


def _refuse_unschedulable(visit: Visit) -> None:
    if visit.ended_at is not None:
        raise Problem("dispatches.visit_ended", "这次检查已经结束，不能再改日程。", 409)
    if visit.merged_into_id is not None:
        raise Problem("dispatches.visit_merged", "这一户已合并到另一次上门，请在那一次排日程。", 409)
    if visit.leader_id is None:
        raise Problem(
            "dispatches.no_team_yet", "检查人员还没有抽取，请各部门认领后先抽取检查人员，再排日程。", 409
        )
    if undecided_about(visit.id) is not None:
        raise Problem(
            "dispatches.merge_undecided",
            "这一户同时被另一个任务抽中。请先决定合并为一次上门，或写明分开上门的理由，再排日程。", 409,
        )  # fmt: skip


def deliver_notice(visit_id: str, way: DeliveryWay, receiver: str) -> Visit:
    """The notice reached the subject: how, and who took it."""
    with transaction():
        visit = _visit_to_change(visit_id)
        notices.deliver(visit, way, receiver)
    return visit


def _visit_to_change(visit_id: str) -> Visit:
    return db.session.execute(select(Visit).where(Visit.id == visit_id).with_for_update()).scalar_one()
