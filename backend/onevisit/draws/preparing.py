"""What is frozen for a draw, and who may bring chance to it? (draw.md §1, 3)"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any
from unicodedata import category, normalize

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, is_clash, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.departments.queries import departments_of
from onevisit.draws import lot
from onevisit.draws.caps import overrides_of
from onevisit.draws.drum import Drum, drum_of
from onevisit.draws.kept import keep_frozen, pool_of
from onevisit.draws.models import Draw, DrawSource
from onevisit.draws.orders import orders_offered
from onevisit.draws.pool import (
    match_rules_of,
    refuse_nobody_qualified,
    refuse_unattested,
    rules_of,
)
from onevisit.draws.quota import Rules, compared_with_plan, quotas
from onevisit.draws.sources import LEAST_SOURCES
from onevisit.draws.states import ORDER_LABELS, DrawKind, DrawOrder, DrawState
from onevisit.draws.terms import SourceKind
from onevisit.draws.underway import freeze_under_way
from onevisit.regions.modes import Handing
from onevisit.regions.queries import profile_of
from onevisit.subjects.terms import LibraryName
from onevisit.tasks.below import offices_below
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task
from onevisit.tasks.terms import TaskState


def prepare(
    task_id: str, sources: Sequence[Mapping[str, Any]], class_ratios: Mapping[str, str] | None = None,
    above_plan_reason: str | None = None, order: str | None = None,
) -> Draw:  # fmt: skip
    """Freeze the libraries for a task's draw; from here on only who brings chance decides (draw.md §1).

    Reading and hashing a large library takes seconds: that is done before the transaction, so that nobody who writes
    waits for it, says how far it is, and may be given up; inside, everything that could have changed is asked again.
    """
    task = db.session.get_one(Task, task_id)
    when = _order_of(task, order)
    together = when == DrawOrder.TOGETHER
    libraries = tuple(LibraryName) if together else (LibraryName.SUBJECTS,)
    refuse_second(task)
    refuse_unattested(task, libraries)
    drum, rules = drum_of(task, clock.today().year, together), rules_of(task, class_ratios)
    _refuse_unfit_drum(task, drum.counts(), rules)
    _refuse_above_plan(rules, drum.counts(), above_plan_reason)
    if together:
        refuse_nobody_qualified(departments_of_task(task), drum.inspectors, task.window_end)
    given = sources_of(task, sources)
    _refuse_naming(task, drum, given)
    pool, by_region = _frozen(drum)
    counts = {
        "risk": pool.counts(), "excluded": dict(pool.excluded.reasons()), "inspectors": drum.counts()["inspectors"],
        **({"regions": by_region} if task.handing == Handing.DOWN else {}),
    }  # fmt: skip
    _refuse_unfit_drum(task, counts, rules)
    draw = Draw(
        task_id=task.id, region_id=task.region_id, rules=rules.as_json(), match=match_rules_of(task).as_json(),
        counts=counts, changes=_changes(task, pool), made_at=clock.now(), made_by=acting().account_id,
        kind=(DrawKind.TOGETHER if together else DrawKind.SUBJECTS).value, order=when.value,
        remarks={"above_plan": above_plan_reason, "over_cap": _over_cap(task)}, sources=given,
    )  # fmt: skip
    with transaction():
        one_at_a_time(f"draws:{task_id}")
        task = db.session.get_one(Task, task_id)
        refuse_second(task)
        refuse_unattested(task, libraries)
        keep_new(draw)
        keep_frozen(draw, pool)
        trail.record(
            "draw.prepared", "draw", draw.id, region_id=task.region_id, department_id=task.initiating_department_id,
            task=task.id, no=draw.no, kind=draw.kind, order=draw.order, counts=draw.counts, remarks=draw.remarks,
            rules=draw.rules,
        )  # fmt: skip
    return draw


def keep_new(draw: Draw) -> None:
    """Give the draw the task's next number and keep it; a number that is taken is never used again."""
    draw.no = next_no(draw.task_id)
    db.session.add(draw)
    try:
        db.session.flush()
    except IntegrityError as error:
        if not is_clash(error):
            raise
        raise Problem(
            "draws.no_taken", f"抽取编号 {draw.no} 已经用过，每个编号只用一次。请刷新页面后重新冻结。", 409
        ) from error


def next_no(task_id: str) -> str:
    """任务编号-次: voided ones keep their number."""
    task = db.session.get_one(Task, task_id)
    number = db.session.scalar(select(func.count()).select_from(Draw).where(Draw.task_id == task_id)) or 0
    return f"{task.no}-{number + 1}"


def offered(task: Task) -> tuple[DrawOrder, ...]:
    """The orders that the region's rules leave open; where other regions check, each draws its inspectors itself."""
    profile = profile_of(task.region_id)
    orders = orders_offered(
        profile.value("draw.order").value, profile.value("draw.inspectors_drawn_by").value
    )
    if task.handing != Handing.DOWN:
        return orders
    return (DrawOrder.AFTER_CLAIM if orders == (DrawOrder.AFTER_CLAIM,) else DrawOrder.BY_DEPARTMENT,)


def _order_of(task: Task, wanted: str | None) -> DrawOrder:
    orders = offered(task)
    if wanted is None:
        return orders[0]
    if wanted not in orders:
        names = "、".join(f"“{ORDER_LABELS[one]}”" for one in orders)
        raise Problem("draws.order_not_offered", f"本地区的规则只允许{names}。请重新选择。", 409)
    return DrawOrder(wanted)


def refuse_second(task: Task) -> None:
    live = db.session.scalars(
        select(Draw).where(
            Draw.task_id == task.id, Draw.state != DrawState.VOIDED, Draw.kind != DrawKind.INSPECTORS
        )
    ).first()
    if live is not None:
        raise Problem(
            "draws.already_prepared",
            f"这个任务已经有一次抽取（{live.no}），没有重复建立。请打开它继续。",
            409,
            draw_id=live.id,
        )
    if task.handing == Handing.EACH:
        raise Problem(
            "draws.drawn_below",
            "这个任务由下级地区各自抽取，本级不抽取。请在任务页面查看各地区的抽取情况。",
            409,
        )
    if task.state != TaskState.OPEN:
        raise Problem("draws.task_not_open", "这个任务已经抽取或派发，名单一经产生不得更改。", 409)


def _frozen(drum: Drum) -> tuple[lot.FrozenPool, dict[str, int]]:
    """Salts and leaves for everybody, and how many of the pool lie in each region of a draw over several.

    Who waits sees how far it is and may give it up.
    """
    several = drum.task.handing == Handing.DOWN
    by_region = dict.fromkeys(offices_below(drum.task) if several else (), 0)

    def counted() -> Iterator[lot.Subject]:
        for one in drum.subjects():
            by_region[one.region] += 1
            yield one

    with freeze_under_way(drum.task.id, drum.count()) as told:
        drawn_from = counted() if several else drum.subjects()
        pool = lot.freeze(drawn_from, drum.excluded(), drum.inspectors, secrets.token_bytes, told)
    return pool, by_region


def _refuse_unfit_drum(task: Task, counts: Mapping[str, Any], rules: Rules) -> None:
    """Empty, smaller than the number asked for, nothing left for this batch."""
    count, excluded = sum(counts["risk"].values()), counts["excluded"]
    if not count:
        raise Problem(
            "draws.pool_empty", "对象范围里没有可抽取的检查对象，不能抽取。请核对对象范围，或先更新名录库。", 409, excluded=excluded
        )  # fmt: skip
    if rules.number is not None and rules.number > count:
        raise Problem(
            "draws.pool_too_small", f"计划要抽 {rules.number} 户，剔除之后名录里只有 {count} 户，不够抽取。请核对对象范围和名录库，或按规定报备后调整计划的户数。",
            409, wanted=rules.number, pool=count, excluded=excluded,
        )  # fmt: skip
    if not sum(quotas(rules, counts["risk"]).values()):
        raise Problem(
            "draws.nothing_to_draw",
            "按比例计算，这一次应抽 0 户：本年度已抽的户数已经达到，或各类比例太低。这一次不需要抽取。",
            409,
        )


def _over_cap(task: Task) -> str | None:
    """The approved reasons for drawing over a cap; they stand with the draw."""
    return "；".join(one.reason for one in overrides_of(task.id) if one.approved) or None


def _refuse_naming(task: Task, drum: Drum, sources: Sequence[DrawSource]) -> None:
    """Parties stand in the public commit by name: of a sensitive task none of them may give a subject away."""
    if not task.sensitive:
        return
    names = [source.name for source in sources]
    for one in chain(drum.subjects(), (left for left, _ in drum.excluded())):
        for name in (name for name in names if (one.name and one.name in name) or one.id in name):
            raise Problem(
                "draws.source_names_subject",
                f"敏感任务的随机来源“{name}”写出了检查对象的名称，会随承诺公布。请改用不带名称的写法，如“对象代表”。",
            )


def _refuse_above_plan(rules: Rules, counts: Mapping[str, Any], reason: str | None) -> None:
    compared = compared_with_plan(rules, counts["risk"])
    if compared is not None and compared.needs_report_in_advance and not reason:
        raise Problem(
            "draws.above_plan",
            f"按填写的分类比例要抽 {compared.resulting_number} 户，比计划的 {compared.planned_number} 户多。"
            "请先报备，并写明报备文号或理由。",
            409, planned=compared.planned_number, resulting=compared.resulting_number,
        )  # fmt: skip


def _changes(task: Task, now: lot.FrozenPool) -> dict[str, Any]:
    """What changed since the row's previous draw: editing the pool is the attack that remains."""
    before = db.session.scalars(
        select(Draw).join(Task, Task.id == Draw.task_id)
        .where(Task.plan_entry_id == task.plan_entry_id, Draw.kind.in_((DrawKind.TOGETHER, DrawKind.SUBJECTS)))
        .order_by(Draw.made_at.desc()).limit(1)
    ).first()  # fmt: skip
    if before is None:
        return {"since": None, "added": [], "removed": [], "changed": []}
    difference = lot.pool_differences(pool_of(before), now)
    return {
        "since": before.no, "added": list(difference.added), "removed": list(difference.removed),
        "changed": list(difference.changed),
    }  # fmt: skip


def sources_of(task: Task, given: Sequence[Mapping[str, Any]]) -> list[DrawSource]:
    """The parties of chance: at least two, each commit–reveal by another department."""
    names = [normalize("NFC", one["name"].strip()) for one in given]
    if not all(map(_readable, names)):
        raise Problem(
            "draws.source_unnamed",
            "每个随机来源都要有看得见的名称，不能有换行等看不见的字符。请改好名称后重新冻结。",
        )
    parties = [one.get("department_id") for one in given if one["kind"] == SourceKind.COMMIT_REVEAL]
    if len(given) < LEAST_SOURCES or len(set(names)) < len(names):
        raise Problem("draws.sources_too_few", "至少要有两个不同方提供的随机来源，名称不能重复。")
    if None in parties or len(set(parties)) < len(parties):
        raise Problem(
            "draws.parties_not_apart", "每个先承诺后揭示的来源要由不同的部门负责。请给每个来源选一个部门。"
        )
    own = {one.id for one in departments_of(task.region_id)}
    if not {one for one in (source.get("department_id") for source in given) if one} <= own:
        raise Problem("draws.party_unknown", "随机来源的部门不在本地区。请重新选择。")
    return [
        DrawSource(order=order, name=name, kind=one["kind"], department_id=one.get("department_id"))
        for order, (name, one) in enumerate(zip(names, given, strict=True))
    ]


def _readable(name: str) -> bool:
    """Parties stand in the commit by name, parted by a control sign: nothing that nobody sees may stand in one."""
    return bool(name) and {"Cc", "Cf", "Zl", "Zp"}.isdisjoint(map(category, name))
