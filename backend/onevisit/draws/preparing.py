"""What is frozen for a draw, and who may bring chance to it? (draw.md §1, 3)"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import normalize

from sqlalchemy import func, select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.departments.queries import departments_of
from onevisit.draws import lot
from onevisit.draws.kept import compact, pool_of
from onevisit.draws.models import Draw, DrawSource
from onevisit.draws.pool import Candidates, candidates, match_rules_of, refuse_unattested, rules_of
from onevisit.draws.quota import Rules, compared_with_plan
from onevisit.draws.sources import LEAST_SOURCES
from onevisit.draws.states import DrawState
from onevisit.draws.terms import SourceKind
from onevisit.tasks.models import Task
from onevisit.tasks.terms import TaskState


def prepare(
    task_id: str, sources: Sequence[Mapping[str, Any]], class_ratios: Mapping[str, str] | None = None,
    above_plan_reason: str | None = None, over_cap_reason: str | None = None,
) -> Draw:  # fmt: skip
    """Freeze the libraries for a task's draw; from here on only who brings chance decides (draw.md §1)."""
    with transaction():
        one_at_a_time(f"draws:{task_id}")
        task = db.session.get_one(Task, task_id)
        _refuse_second(task)
        refuse_unattested(task)
        drum = candidates(task, clock.today().year, over_cap=bool(over_cap_reason))
        if not drum.subjects:
            raise Problem(
                "draws.pool_empty", "对象范围里没有可抽取的检查对象，不能抽取。请核对对象范围，或先更新名录库。", 409,
                excluded=drum.counts()["excluded"],
            )  # fmt: skip
        rules = rules_of(task, class_ratios)
        _refuse_above_plan(rules, drum, above_plan_reason)
        draw = _draw_of(task, drum, rules)
        draw.remarks = {"above_plan": above_plan_reason, "over_cap": over_cap_reason}
        draw.sources = _sources_of(task, sources)
        db.session.add(draw)
        db.session.flush()
        trail.record(
            "draw.prepared", "draw", draw.id, region_id=task.region_id, department_id=task.initiating_department_id,
            task=task.id, no=draw.no, counts=draw.counts, remarks=draw.remarks, rules=draw.rules,
        )  # fmt: skip
    return draw


def _refuse_second(task: Task) -> None:
    live = db.session.scalars(
        select(Draw).where(Draw.task_id == task.id, Draw.state != DrawState.VOIDED)
    ).first()
    if live is not None:
        raise Problem(
            "draws.already_prepared",
            f"这个任务已经有一次抽取（{live.no}），没有重复建立。请打开它继续。",
            409,
            draw_id=live.id,
        )
    if task.state != TaskState.OPEN:
        raise Problem("draws.task_not_open", "这个任务已经抽取或派发，名单一经产生不得更改。", 409)


def _refuse_above_plan(rules: Rules, drum: Candidates, reason: str | None) -> None:
    compared = compared_with_plan(rules, drum.counts()["risk"])
    if compared is not None and compared.needs_report_in_advance and not reason:
        raise Problem(
            "draws.above_plan",
            f"按填写的分类比例要抽 {compared.resulting_number} 户，比计划的 {compared.planned_number} 户多。"
            "请先报备，并写明报备文号或理由。",
            409, planned=compared.planned_number, resulting=compared.resulting_number,
        )  # fmt: skip


def _draw_of(task: Task, drum: Candidates, rules: Rules) -> Draw:
    salts = secrets.token_bytes(
        lot.SALT_BYTES * (len(drum.subjects) + len(drum.excluded) + len(drum.inspectors))
    )
    frozen = lot.freeze(drum.subjects, drum.excluded, drum.inspectors, salts)
    match = match_rules_of(task)
    number = db.session.scalar(select(func.count()).select_from(Draw).where(Draw.task_id == task.id)) or 0
    return Draw(
        task_id=task.id, region_id=task.region_id, no=f"{task.no}-{number + 1}", frozen=compact(frozen.as_json()),
        rules=rules.as_json(), match=match.as_json(), counts=drum.counts(), changes=_changes(task, frozen),
        made_at=clock.now(), made_by=acting().account_id,
    )  # fmt: skip


def _changes(task: Task, now: lot.FrozenPool) -> dict[str, Any]:
    """What changed since the row's previous draw: editing the pool is the attack that remains."""
    before = db.session.scalars(
        select(Draw).join(Task, Task.id == Draw.task_id).where(Task.plan_entry_id == task.plan_entry_id)
        .order_by(Draw.made_at.desc()).limit(1)
    ).first()  # fmt: skip
    if before is None:
        return {"since": None, "added": [], "removed": [], "changed": []}
    difference = lot.differences(_everybody(pool_of(before)), _everybody(now))
    return {
        "since": before.no, "added": list(difference.added), "removed": list(difference.removed),
        "changed": list(difference.changed),
    }  # fmt: skip


def _everybody(frozen: lot.FrozenPool) -> list[lot.Subject | lot.Inspector]:
    return [one.entry for part in (frozen.subjects, frozen.excluded, frozen.inspectors) for one in part]


def _sources_of(task: Task, given: Sequence[Mapping[str, Any]]) -> list[DrawSource]:
    """The parties of chance: at least two, each commit–reveal by another department."""
    names = [normalize("NFC", one["name"].strip()) for one in given]
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
