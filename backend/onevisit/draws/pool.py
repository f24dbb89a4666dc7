"""By which rules is a draw made, and who vouches for its libraries? The plan's ratio, the profile, the confirmations."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.draws import lot
from onevisit.draws.drum import drawn_earlier
from onevisit.draws.match import MatchRules
from onevisit.draws.models import Draw, Neighbour
from onevisit.draws.quota import Batch, Rules, decimal_text
from onevisit.draws.states import DrawKind
from onevisit.draws.terms import Bound
from onevisit.items.models import Item
from onevisit.regions.modes import Handing
from onevisit.regions.queries import profile_of
from onevisit.subjects.changes import changed_at
from onevisit.subjects.models import Attestation
from onevisit.subjects.queries import latest_attestations
from onevisit.subjects.terms import LIBRARY_LABELS, LibraryName
from onevisit.tasks.below import offices_below
from onevisit.tasks.models import Task, TaskItem
from onevisit.tasks.queries import departments_of_task, named_departments, named_over


def neighbours_of(department_id: str) -> list[str]:
    """The departments elsewhere whose people may help this one, as declared (S1)."""
    rows = select(Neighbour.neighbour_id).where(
        Neighbour.department_id == department_id, Neighbour.ended_at.is_(None)
    )
    return list(db.session.scalars(rows.order_by(Neighbour.neighbour_id)))


def refuse_nobody_qualified(
    departments: Sequence[str], people: Sequence[lot.Inspector], window_end: date
) -> None:
    """A department with nobody to choose would make every one of its parts a shortfall: said before, not after.

    With a declared neighbour the missing ones can still be drawn over the widened pool (S1).
    """
    until = window_end.isoformat()
    missing = []
    for department in departments:
        own = [one for one in people if one.department == department]
        if any(one.state == "active" and one.certificate and one.valid_to >= until for one in own):
            continue
        if not neighbours_of(department):
            missing.append((department, own))
    if not missing:
        return
    names = named_departments([one for one, _ in missing])
    said = "；".join(f"{names[one]['short_name']}{_why_nobody(own, until)}" for one, own in missing)
    raise Problem(
        "draws.nobody_qualified", f"没有可以抽取的执法人员：{said}。请这些部门更新执法人员名录库，或由联席会议办公室登记相邻区域的部门后再抽取。",
        409, departments=[one for one, _ in missing],
    )  # fmt: skip


def _why_nobody(own: Sequence[lot.Inspector], until: str) -> str:
    if not own:
        return "名录库里没有人"
    off = sum(one.state != "active" for one in own)
    bare = sum(one.state == "active" and not one.certificate for one in own)
    late = sum(one.state == "active" and bool(one.certificate) and one.valid_to < until for one in own)
    counted = ((off, "不在岗"), (bare, "没有执法证件"), (late, f"证件在 {until} 前到期"))
    return f"共 {len(own)} 人，" + "，".join(f"{words} {count} 人" for count, words in counted if count)


def rules_of(task: Task, class_ratios: Mapping[str, str] | None) -> Rules:
    """The rules of the draw: the plan's ratio, the typed class ratios, the profile's multipliers."""
    profile = profile_of(task.region_id)
    batch = (
        Batch(task.period, task.periods, Counter(drawn_earlier(task).values()))
        if task.ratio_per == "year"
        else None
    )
    multipliers = {**(profile.value("risk.multipliers_proposed").value or {}), "-": "1"}
    if task.sample_size is not None:
        return Rules(None, Bound.EXACT.value, None, multipliers, task.sample_size, batch)
    ratio: dict[str, Any] = task.ratio or {}
    bound = ratio.get("bound") if ratio.get("bound") in (Bound.AT_LEAST, Bound.AT_MOST) else Bound.EXACT.value
    share = decimal_text(Decimal(str(ratio["percent"])) / 100)
    return Rules(share, bound or Bound.EXACT.value, class_ratios or None, multipliers, None, batch)


def match_rules_of(task: Task, departments: Sequence[str] | None = None, widened: bool = False) -> MatchRules:
    """Departments in order, the initiating one first, how many inspectors each part needs, and what they must master."""
    number = (profile_of(task.region_id).value("draw.inspectors_per_part_min").value or {}).get("n") or 2
    taking_part = tuple(departments or departments_of_task(task))
    demanded = specialities_of(task)
    return MatchRules(
        task.initiating_department_id, taking_part, number,
        {one: demanded[one] for one in taking_part if one in demanded}, task.window_end.isoformat(),
        {one: tuple(neighbours_of(one)) for one in taking_part} if widened else {},
    )  # fmt: skip


def specialities_of(task: Task) -> dict[str, str | None]:
    """Department -> the speciality that one of its inspectors must hold, where an item of the task demands one.

    A part has one demanded speciality (draw.md §5): where its items demand several, the first in the task's order.
    """
    ids = [one.item_id for one in task.items]
    held = {one.id: one for one in db.session.scalars(select(Item).where(Item.id.in_(ids)))}
    demanded: dict[str, str | None] = {}
    for one in task.items:
        speciality = held[one.item_id].speciality
        if speciality and one.department_id not in demanded:
            demanded[one.department_id] = speciality
    return demanded


@dataclass(frozen=True)
class AttestationState:
    """Has a department confirmed its part of a library for this draw?"""

    department_id: str
    library: LibraryName
    confirmed_at: datetime | None
    fresh: bool


def attestations_for(
    task: Task,
    libraries: Sequence[LibraryName] = tuple(LibraryName),
    departments: Sequence[str] | None = None,
) -> list[AttestationState]:
    """每次组织抽查活动前对“两库”进行更新确认 (S2 art. 11).

    By everybody who takes part, after the last change of its part and after its last draw that used that library.
    """
    if not (profile_of(task.region_id).value("libraries.confirm_before_draw").value or {}).get("required"):
        return []
    states = []
    for library in libraries:
        asked = departments or vouching_for(task, library)
        latest: dict[str, Attestation] = {}
        for region_id in dict.fromkeys(one.partition("-")[0] for one in asked):
            latest |= latest_attestations(region_id, library)
        for department in asked:
            since = (_last_draw_with(department, library), changed_at(department, library))
            at = latest[department].at if department in latest else None
            fresh = at is not None and all(one is None or at > one for one in since)
            states.append(AttestationState(department, library, at, fresh))
    return states


def vouching_for(task: Task, library: LibraryName) -> list[str]:
    """Whose part of a library a draw rests on: over several regions their offices' subjects, not the city's own."""
    if task.handing != Handing.DOWN or library != LibraryName.SUBJECTS:
        return departments_of_task(task)
    return [one for offices in offices_below(task).values() for one in dict.fromkeys(offices.values())]


def _last_draw_with(department_id: str, library: LibraryName) -> datetime | None:
    """When a draw last froze this department's part of the library; a draw above it, once it was handed down, too."""
    own = select(TaskItem.task_id).where(TaskItem.department_id == department_id)
    led = select(Task.id).where(Task.initiating_department_id == department_id)
    above = select(Task.parent_id).where(or_(Task.id.in_(own), Task.id.in_(led)), Task.parent_id.is_not(None))
    rows = db.session.execute(
        select(Draw.made_at, Draw.kind, Draw.match).where(
            or_(Draw.task_id.in_(own), Draw.task_id.in_(led), Draw.task_id.in_(above))
        )
    )
    return max((at for at, kind, match in rows if _used(kind, match, library, department_id)), default=None)


def _used(kind: str, match: Mapping[str, Any], library: LibraryName, department_id: str) -> bool:
    """Did a draw freeze this department's part of this library?"""
    if library == LibraryName.SUBJECTS:
        return kind in (DrawKind.TOGETHER, DrawKind.SUBJECTS)
    return kind in (DrawKind.TOGETHER, DrawKind.INSPECTORS) and department_id in match["departments"]


def refuse_unattested(
    task: Task,
    libraries: Sequence[LibraryName] = tuple(LibraryName),
    departments: Sequence[str] | None = None,
) -> None:
    """No draw over libraries for which nobody vouches."""
    missing = [one for one in attestations_for(task, libraries, departments) if not one.fresh]
    if missing:
        names = named_over(task, [one.department_id for one in missing])
        whose = "、".join(
            f"{names[one.department_id]['short_name']}的{LIBRARY_LABELS[one.library]}" for one in missing
        )
        raise Problem(
            "draws.pool_not_confirmed", f"每次抽取前要先确认名录库，还没有确认：{whose}。请这些部门在名录库页面更新并确认。", 409,
            missing=[{"department_id": one.department_id, "library": one.library.value} for one in missing],
        )  # fmt: skip
