"""What would a draw find now? Whose libraries are confirmed, how many are in the drum, how many would be drawn."""

from collections.abc import Sequence
from typing import Any

from onevisit.draws.arithmetic import arithmetic
from onevisit.draws.caps import caps_shown
from onevisit.draws.drum import drum_of
from onevisit.draws.lot import Inspector as FrozenInspector
from onevisit.draws.pool import attestations_for, rules_of, specialities_of, vouching_for
from onevisit.draws.room_queries import arithmetic_json, regions_counted
from onevisit.draws.states import (
    ORDER_LABELS,
    DrawOrder,
)
from onevisit.draws.terms import (
    EXCLUSION_LABELS,
    ExclusionReason,
)
from onevisit.subjects.terms import LIBRARY_LABELS, LibraryName
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task, named_departments, named_over


def readiness_of(task: Task, year: int, orders: Sequence[DrawOrder]) -> dict[str, Any]:
    """Before the freeze: whose libraries are confirmed, how many would be in the drum, how many would be drawn."""
    found, names = drum_of(task, year), named_departments(departments_of_task(task))
    attested = attestations_for(task)
    vouching = named_over(task, [one.department_id for one in attested])
    going = named_over(task, vouching_for(task, LibraryName.SUBJECTS))
    drum, batch = found.counts(), rules_of(task, None).batch
    return {
        "task_id": task.id,
        "orders": [{"order": one.value, "label": ORDER_LABELS[one]} for one in orders],
        "batch": {"number": batch.number, "of": batch.of, "drawn": sum(batch.drawn.values()), "by_risk": dict(batch.drawn)} if batch else None,
        "caps": caps_shown(task, found.left_out),
        "specialities": [
            {"department": names[one], "speciality": what} for one, what in specialities_of(task).items() if what
        ],
        "attestations": [
            {
                "department": vouching[one.department_id], "library": one.library.value,
                "library_label": LIBRARY_LABELS[one.library], "confirmed_at": one.confirmed_at, "fresh": one.fresh,
            }
            for one in attested
        ],
        "pool": {"count": sum(drum["risk"].values()), "by_risk": drum["risk"]},
        "excluded": [
            {"reason": reason, "label": EXCLUSION_LABELS[ExclusionReason(reason)], "count": count}
            for reason, count in sorted(drum["excluded"].items())
        ],
        "regions": regions_counted(task, found.by_region),
        "inspectors": [
            {**going[one], "count": drum["inspectors"].get(one, 0), "able": _able(found.inspectors, one, task)}
            for one in going
        ],
        "arithmetic": arithmetic_json(arithmetic(rules_of(task, None), drum["risk"])) if drum["risk"] else None,
    }  # fmt: skip


def _able(people: Sequence[FrozenInspector], department: str, task: Task) -> int:
    """How many of a department could be chosen: active, with a certificate through the window."""
    until = task.window_end.isoformat()
    return sum(
        one.department == department
        and one.state == "active"
        and bool(one.certificate)
        and one.valid_to >= until
        for one in people
    )
