"""What happens when a list drawn above goes to the regions that check (市抽县查, S2 art. 13)? A task and its visits in each."""

from collections.abc import Sequence

from onevisit.core import trail
from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.dispatches.making import keep_visits
from onevisit.draws.handing import Placed, hand_over, placed
from onevisit.draws.models import Draw, DrawnSubject
from onevisit.regions.queries import region_of
from onevisit.tasks.handing import hand_down
from onevisit.tasks.models import Task
from onevisit.tasks.terms import TaskState

MOST_NAMED = 20


def dispatch_below(task: Task, draw: Draw, moved: str | None) -> int:
    """Every region gets its part of the list at once: its offices claim, compare and provide the inspectors.

    `moved` says what becomes of who lies in another region since the draw: "follow" (the region where it lies now goes
    there) or "stay" (the one it was drawn in, which writes down what it finds). The list itself stays (S2 art. 15).
    """
    regions = [one["id"] for one in task.below["regions"]]
    everyone = placed(draw, regions)
    gone = [one for one in everyone if one.moved]
    if gone and moved is None:
        _refuse_moved(gone)
    parts: dict[str, list[tuple[DrawnSubject, str]]] = {one: [] for one in regions}
    for one in everyone:
        subject = one.subject if moved == "follow" else one.frozen_in
        parts[subject.region_id].append((one.drawn, subject.id))
    visits = {region: _to_region(task, draw, region, part) for region, part in parts.items() if part}
    trail.record(
        "task.dispatched_below", "task", task.id, region_id=task.region_id,
        department_id=task.initiating_department_id, no=task.no, draw=draw.no, visits=visits,
        moved={one.drawn.leaf: [one.frozen_in.region_id, one.subject.region_id] for one in gone}, moved_how=moved,
    )  # fmt: skip
    return sum(visits.values())


def _to_region(above: Task, draw: Draw, region_id: str, part: Sequence[tuple[DrawnSubject, str]]) -> int:
    task = hand_down(above, region_id, state=TaskState.DRAWN)
    handed = hand_over(draw, task, part)
    visits = keep_visits(task, handed)
    by_leaf = {one.subject_leaf: one.id for one in visits}
    for drawn, _ in part:
        drawn.visit_id = by_leaf[drawn.leaf]  # counted once, wherever it is asked from
    db.session.flush()
    return len(visits)


def _refuse_moved(gone: Sequence[Placed]) -> None:
    said = "；".join(
        f"{one.frozen_in.name}（{region_of(one.frozen_in.region_id).name} → {region_of(one.subject.region_id).name}）"
        for one in gone[:MOST_NAMED]
    )
    raise Problem(
        "dispatches.subject_moved", f"抽取之后有 {len(gone)} 户迁到了别的地区：{said}。名单不变，请选择由迁入地检查，还是仍由原来的地区核实。", 409,
        moved=[
            {"name": one.frozen_in.name, "from": one.frozen_in.region_id, "to": one.subject.region_id} for one in gone
        ],
    )  # fmt: skip
