"""What is frozen when only inspectors are drawn? By department (S2 art. 15), after the claim, or over a pool widened by
a neighbour's library (S1): each has its own commit and sources and rests on the subjects' draw (draw.md §5)."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry
from onevisit.draws import lot
from onevisit.draws.drum import inspectors_frozen
from onevisit.draws.kept import keep_frozen, pool_of
from onevisit.draws.match import Shortfall
from onevisit.draws.models import Draw, DrawnInspector, DrawnSubject, DrawOpening
from onevisit.draws.pool import (
    match_rules_of,
    neighbours_of,
    refuse_nobody_qualified,
    refuse_unattested,
)
from onevisit.draws.preparing import keep_new, sources_of
from onevisit.draws.showing import shown_of
from onevisit.draws.states import LISTS_WITHOUT_TEAMS, DrawKind, DrawOrder, DrawState
from onevisit.subjects.terms import LibraryName
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task, named_departments


def prepare_inspectors(
    subjects_draw_id: str, departments: Sequence[str], sources: Sequence[Mapping[str, Any]]
) -> Draw:
    """Freeze the inspectors of these departments for the visits that were drawn."""
    base = db.session.get_one(Draw, subjects_draw_id)
    task = db.session.get_one(Task, base.task_id)
    wanted = [one for one in departments_of_task(task) if one in set(departments)]
    _refuse_early(base, wanted)
    _refuse_drawn(base, wanted)
    draw, pool = _frozen(task, base, base, wanted, sources, widened=False)
    visits = select(func.count()).select_from(DrawnSubject).where(DrawnSubject.draw_id == base.id)
    draw.counts = {**draw.counts, "visits": db.session.scalar(visits) or 0}
    return _kept(draw, pool, base, wanted)


def prepare_widened(draw_id: str, department_id: str, sources: Sequence[Mapping[str, Any]]) -> Draw:
    """Freeze a department's inspectors and its declared neighbours' for what the draw could not find (S1)."""
    rests_on = db.session.get_one(Draw, draw_id)
    base = db.session.get_one(Draw, rests_on.subjects_draw_id or rests_on.id)
    task = db.session.get_one(Task, base.task_id)
    if rests_on.state != DrawState.DRAWN:
        raise Problem("draws.not_drawn", "还没有抽取完成，不能扩大人员范围再抽。", 409)
    short = shortfalls_of(rests_on, department_id)
    if not short:
        raise Problem("draws.no_shortfall", "这个部门没有缺额，不需要再抽。", 409)
    if not neighbours_of(department_id):
        raise Problem(
            "draws.no_neighbour", "还没有登记相邻区域的部门，不能扩大人员范围。请联席会议办公室先登记，或由分管负责人指定补足。", 409
        )  # fmt: skip
    _refuse_filled(base, department_id, short)
    _refuse_drawn(base, [department_id], rests_on)
    draw, pool = _frozen(task, base, rests_on, [department_id], sources, widened=True)
    draw.counts = {**draw.counts, "visits": len(short)}
    return _kept(draw, pool, base, [department_id])


def shortfalls_of(draw: Draw, department_id: str | None = None) -> list[Shortfall]:
    """Whom the draw could not find."""
    found = [Shortfall.from_json(one) for one in shown_of(draw)["shortfalls"]]
    return [one for one in found if department_id in (None, one.department)]


def _refuse_early(base: Draw, departments: Sequence[str]) -> None:
    if base.state != DrawState.DRAWN or base.kind not in LISTS_WITHOUT_TEAMS or base.counts.get("regions"):
        raise Problem(
            "draws.no_subjects_draw",
            "要先抽取检查对象，并且规则允许分别抽取执法人员，才能单独抽取执法人员。",
            409,
        )
    if not departments:
        raise Problem("draws.department_not_in_task", "这个部门没有参加这个任务。请重新选择。", 409)
    if base.order == DrawOrder.AFTER_CLAIM:
        open_ = opened(base)
        waiting = [one for one in departments if one not in open_]
        if waiting:
            names = named_departments(waiting)
            words = "、".join(names[one]["short_name"] for one in waiting)
            raise Problem(
                "draws.not_claimed", f"认领、比对、确认之后才能抽取执法人员，还没有全部认领的：{words}。请催办后再抽。", 409,
                departments=waiting,
            )  # fmt: skip


def _refuse_drawn(base: Draw, departments: Sequence[str], rests_on: Draw | None = None) -> None:
    """A department's inspectors are drawn once; the widened draw of a shortfall likewise."""
    on = rests_on or base
    live = db.session.scalars(select(Draw).where(Draw.rests_on_id == on.id, Draw.state != DrawState.VOIDED))
    for one in live:
        if set(one.match["departments"]) & set(departments):
            raise Problem(
                "draws.already_prepared", f"这个部门的执法人员已经有一次抽取（{one.no}），没有重复建立。请打开它继续。", 409,
                draw_id=one.id,
            )  # fmt: skip


def _refuse_filled(base: Draw, department_id: str, short: Sequence[Shortfall]) -> None:
    appointed = db.session.scalar(
        select(func.count()).select_from(DrawnInspector).where(
            DrawnInspector.draw_id == base.id, DrawnInspector.department_id == department_id,
            DrawnInspector.appointed_reason.is_not(None), DrawnInspector.leaf.in_([one.visit for one in short]),
        )
    )  # fmt: skip
    if appointed:
        raise Problem(
            "draws.already_appointed", "这个部门已经指定过人员补足，不能再扩大范围抽取。请继续指定补足。", 409
        )


def _frozen(
    task: Task, base: Draw, rests_on: Draw, departments: Sequence[str], sources: Sequence[Mapping[str, Any]],
    widened: bool,
) -> tuple[Draw, lot.FrozenPool]:  # fmt: skip
    refuse_unattested(task, (LibraryName.INSPECTORS,), departments)
    homes = [one for department in departments for one in neighbours_of(department)] if widened else []
    people = inspectors_frozen(task.region_id, departments, homes)
    if not widened:
        refuse_nobody_qualified(departments, people, task.window_end)
    if not people:
        raise Problem("draws.nobody_qualified", "名录库里没有执法人员，不能抽取。请先更新名录库。", 409)
    frozen = lot.freeze([], [], people, secrets.token_bytes)
    counts: dict[str, int] = {}
    for one in people:
        counts[one.department] = counts.get(one.department, 0) + 1
    draw = Draw(
        task_id=task.id, region_id=task.region_id, kind=DrawKind.INSPECTORS.value, order=base.order,
        subjects_draw_id=base.id, rests_on_id=rests_on.id, rules=base.rules,
        match=match_rules_of(task, departments, widened).as_json(),
        counts={"risk": {}, "excluded": {}, "inspectors": counts}, changes=_changes(base, departments, widened, frozen),
        remarks={"above_plan": None, "over_cap": None}, made_at=clock.now(), made_by=acting().account_id,
        sources=sources_of(task, sources),
    )  # fmt: skip
    return draw, frozen


def _changes(base: Draw, departments: Sequence[str], widened: bool, now: lot.FrozenPool) -> dict[str, Any]:
    """What changed among these departments' inspectors since they were last frozen for this row of the plan."""
    entry = select(Task.plan_entry_id).where(Task.id == base.task_id).scalar_subquery()
    rows = db.session.scalars(
        select(Draw).join(Task, Task.id == Draw.task_id)
        .where(Task.plan_entry_id == entry, Draw.kind == DrawKind.INSPECTORS).order_by(Draw.made_at.desc())
    )  # fmt: skip
    before = next((one for one in rows if set(one.match["departments"]) == set(departments)), None)
    if before is None or widened != bool(before.match.get("neighbours")):
        return {"since": None, "added": [], "removed": [], "changed": []}
    difference = lot.pool_differences(pool_of(before), now)
    return {
        "since": before.no, "added": list(difference.added), "removed": list(difference.removed),
        "changed": list(difference.changed),
    }  # fmt: skip


def _kept(draw: Draw, pool: lot.FrozenPool, base: Draw, departments: Sequence[str]) -> Draw:
    rests_on_id = draw.rests_on_id
    with transaction():
        one_at_a_time(f"draws:{draw.task_id}")
        again, rests_on = db.session.get_one(Draw, base.id), db.session.get_one(Draw, rests_on_id)
        if rests_on.id == again.id and draw.match.get("neighbours") is None:
            _refuse_early(again, departments)
        _refuse_drawn(again, departments, rests_on)
        keep_new(draw)
        keep_frozen(draw, pool)
        trail.record(
            "draw.prepared", "draw", draw.id, region_id=draw.region_id, department_id=acting().department_id,
            task=draw.task_id, no=draw.no, kind=draw.kind, order=draw.order, subjects_draw=base.id,
            departments=list(departments), counts=draw.counts,
        )  # fmt: skip
    return draw


def opened(base: Draw) -> set[str]:
    """The departments that have claimed all their parts."""
    return set(db.session.scalars(select(DrawOpening.department_id).where(DrawOpening.draw_id == base.id)))


def note_claimed(entry: TrailEntry) -> None:
    """A department has claimed, compared and confirmed: its inspectors may be drawn now (S1)."""
    task_id, department_id = entry.facts["task"], entry.department_id or ""
    base = db.session.scalars(
        select(Draw).where(
            Draw.task_id == task_id, Draw.state == DrawState.DRAWN, Draw.order == DrawOrder.AFTER_CLAIM,
            Draw.kind.in_(LISTS_WITHOUT_TEAMS),
        )
    ).first()  # fmt: skip
    if base is not None and department_id not in opened(base):
        db.session.add(DrawOpening(draw_id=base.id, department_id=department_id, opened_at=clock.now()))
