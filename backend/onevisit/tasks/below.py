"""Which regions carry out a task, by which offices, and what of a task lies below? (市抽县查, 县抽县查)"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.departments.counterparts import counterparts_in
from onevisit.departments.models import Department
from onevisit.departments.queries import departments_of
from onevisit.plans.below import counts_below, handing_of, localised
from onevisit.plans.models import PlanEntry
from onevisit.regions.models import Region
from onevisit.regions.modes import HANDING_LABELS, DrawMode, Handing
from onevisit.regions.queries import regions_below
from onevisit.subjects.queries import read_filter
from onevisit.subjects.rules import ScopeFilter
from onevisit.tasks.apportioning import apportioned
from onevisit.tasks.models import Task

Json = dict[str, Any]


def departments_of_entry(entry: PlanEntry, listed: Sequence[str]) -> list[str]:
    """Whose counterparts are needed below: the initiating office, then the items' as in the plan."""
    first = entry.initiating_department_id
    return list(dict.fromkeys([*([first] if first else []), *listed]))


def regions_for(entry: PlanEntry) -> list[Region]:
    """The regions to which a row's task goes first."""
    handing, tier = handing_of(entry.plan.region_id, entry.draw_mode)
    return [] if handing == Handing.OWN else regions_below(entry.plan.region_id, tier.value)


def opening_shown(entry: PlanEntry) -> Json:
    """What an opening would hand down, before anybody decides: regions, their offices, their counts, the shares."""
    handing, _ = handing_of(entry.plan.region_id, entry.draw_mode)
    upper = departments_of_entry(entry, [one.department_id for one in entry.items if one.department_id])
    names = {one: db.session.get_one(Department, one).name for one in upper}
    counts = _counts(entry)
    shares = {one["region_id"]: one for one in shares_of(entry, counts, ())}
    return {
        "handing": handing.value, "handing_label": HANDING_LABELS[handing], "draw_mode": entry.draw_mode,
        "regions": [
            {
                "id": region.id, "name": region.name, "count": counts.get(region.id, 0), "share": shares.get(region.id),
                "departments": [
                    {"upper": {"id": one, "name": names[one]}, "department_id": found}
                    for one, found in counterparts_in(region.id, upper).items()
                ],
                "choices": [{"id": one.id, "name": one.name} for one in departments_of(region.id) if not one.joint_office],
            }
            for region in regions_for(entry)
        ],
        "sample_size": entry.sample_size,
    }  # fmt: skip


def below_of(
    entry: PlanEntry, upper: Sequence[str], chosen: Mapping[tuple[str, str], str], left_out: Mapping[str, str]
) -> Json:
    """What a task freezes of the regions below at its opening; refused while an office is missing in one of them.

    `chosen`: (region, upper office) -> the office somebody named; `left_out`: region -> why it takes no part.
    """
    regions = regions_for(entry)
    if not regions:
        raise Problem(
            "tasks.nobody_below", f"本地区下面还没有登记要承担“{entry.draw_mode}”的地区，不能开任务。请先由管理员登记下级地区和部门。", 409
        )  # fmt: skip
    unknown = set(left_out) - {one.id for one in regions}
    if unknown:
        raise Problem("tasks.region_unknown", "不参加的地区不在本任务范围内。请刷新后重新选择。")
    taking_part = [one for one in regions if one.id not in left_out]
    if not taking_part:
        raise Problem("tasks.nobody_below", "所有下级地区都不参加，没有可以承担的地区，没有开任务。", 409)
    mapped = {one.id: _offices(one, upper, chosen) for one in taking_part}
    missing = [
        (region, office)
        for region in taking_part
        for office in upper
        if mapped[region.id].get(office) is None
    ]
    if missing:
        _refuse_missing(missing)
    return {
        "then": _then(entry),
        "regions": [{"id": one.id, "departments": mapped[one.id]} for one in taking_part],
        "left_out": [{"id": one.id, "reason": left_out[one.id]} for one in regions if one.id in left_out],
        "shares": shares_of(entry, _counts(entry), tuple(left_out)),
    }


def _offices(
    region: Region, upper: Sequence[str], chosen: Mapping[tuple[str, str], str]
) -> dict[str, str | None]:
    own = {one.id for one in departments_of(region.id)}
    found = counterparts_in(region.id, upper)
    for office in upper:
        named = chosen.get((region.id, office))
        if named is not None and named not in own:
            raise Problem("tasks.counterpart_unknown", f"{region.name}没有您选的部门。请刷新后重新选择。")
        found[office] = named or found[office]
    return found


def _refuse_missing(missing: Sequence[tuple[Region, str]]) -> None:
    names = {one: db.session.get_one(Department, one).short_name for _, one in missing}
    said = "、".join(f"{region.name}没有与{names[office]}对应的部门" for region, office in missing)
    raise Problem(
        "tasks.county_department_missing", f"{said}。请在开任务时选定由哪个部门承担，或写明理由让这个地区不参加。", 409,
        missing=[{"region_id": region.id, "department_id": office} for region, office in missing],
    )  # fmt: skip


def _then(entry: PlanEntry) -> str | None:
    """Where each region below draws (a province's 市抽县查): the mode its own task has."""
    handing, tier = handing_of(entry.plan.region_id, entry.draw_mode)
    mode = DrawMode.read(entry.draw_mode)
    return mode.words if handing == Handing.EACH and mode is not None and mode.checks != tier else None


def _counts(entry: PlanEntry) -> dict[str, int]:
    """Region to which the task goes first -> subjects in scope there, its own regions below included."""
    wanted = read_filter(entry.scope_filter)
    found = {} if wanted.empty else counts_below(entry.plan.region_id, entry.draw_mode, wanted)
    counts = {}
    for region in regions_for(entry):
        under = {region.id, *(one.id for one in regions_below(region.id))}
        counts[region.id] = sum(one["count"] for id_, one in found.items() if id_ in under)
    return counts


def shares_of(entry: PlanEntry, counts: Mapping[str, int], left_out: Sequence[str]) -> list[Json]:
    """A fixed number shared among the regions that draw for themselves; a ratio holds in each of them as it is."""
    number = entry.sample_size or (entry.ratio or {}).get("sample_size")
    if number is None or handing_of(entry.plan.region_id, entry.draw_mode)[0] != Handing.EACH:
        return []
    return apportioned(number, {one: count for one, count in counts.items() if one not in left_out})


# What stands in a task that was opened.


def offices_below(task: Task) -> dict[str, dict[str, str]]:
    """Region -> upper office -> the office there, as frozen at the opening."""
    return {one["id"]: one["departments"] for one in (task.below or {}).get("regions", ())}


def libraries_of_task(task: Task) -> dict[str, ScopeFilter]:
    """Region -> the task's scope in its library: its own, or those of the regions that check what is drawn here."""
    wanted = read_filter(task.scope_filter)
    if task.handing != Handing.DOWN:
        return {task.region_id: wanted}
    return {region: localised(wanted, region, offices) for region, offices in offices_below(task).items()}


def children_of(task_ids: Sequence[str]) -> list[Task]:
    """What was handed down of these tasks, directly, in the order of the regions."""
    rows = select(Task).where(Task.parent_id.in_(task_ids)).order_by(Task.region_id, Task.id)
    return list(db.session.scalars(rows))


def all_below(task_id: str) -> list[Task]:
    """Everything below a task, through every tier."""
    found: list[Task] = []
    ring = [task_id]
    while ring:
        rows = children_of(ring)
        found += rows
        ring = [one.id for one in rows]
    return found


def top_of(task: Task) -> Task:
    """The task that the highest region opened."""
    while task.parent_id is not None:
        task = db.session.get_one(Task, task.parent_id)
    return task
