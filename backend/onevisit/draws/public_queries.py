"""What may everybody know of a draw?"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_, select

from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.draws.bundle import REASON_KEPT, SENSITIVE_SCOPE
from onevisit.draws.models import Draw
from onevisit.draws.queries import drawn_count, rests_on
from onevisit.draws.room_queries import drawn_by_region
from onevisit.draws.states import (
    KIND_LABELS,
    STATE_LABELS,
    DrawKind,
    DrawState,
)
from onevisit.tasks.models import Task
from onevisit.tasks.queries import named_departments

SENSITIVE_NAME = "敏感领域抽查任务，名称不公布"
# What was handed down is the upper region's draw, and stands there.
_PUBLIC = and_(
    Draw.kind != DrawKind.HANDED_DOWN.value,
    or_(
        Draw.commit_hash.is_not(None), Draw.state == DrawState.VOIDED, Draw.kind == DrawKind.TAKEN_OVER.value
    ),
)


def public_draws(
    region_id: str | None, task_no: str | None, after: str | None, limit: int
) -> Sequence[tuple[Draw, Task]]:
    """Committed, drawn and voided draws for everybody, newest first; one more than `limit`."""
    wanted = (
        select(Draw, Task).join(Task, Task.id == Draw.task_id)
        .where(_PUBLIC)
        .order_by(Draw.id.desc()).limit(limit + 1)
    )  # fmt: skip
    if region_id:
        above = select(Task.parent_id).where(Task.region_id == region_id, Task.parent_id.is_not(None))
        wanted = wanted.where(or_(Draw.region_id == region_id, Task.id.in_(above)))
    if task_no:
        wanted = wanted.where(Task.no == task_no)
    return [
        (draw, task) for draw, task in db.session.execute(wanted.where(Draw.id < after) if after else wanted)
    ]


def public_draw(no: str) -> tuple[Draw, Task]:
    """The draw with this number, if the public may know of it."""
    found = db.session.execute(
        select(Draw, Task).join(Task, Task.id == Draw.task_id)
        .where(Draw.no == no, _PUBLIC)
    ).first()  # fmt: skip
    if found is None:
        raise not_found("抽取")
    return found[0], found[1]


def public_card_of(draw: Draw, task: Task) -> dict[str, Any]:
    """What everybody may know of a draw without its bundle: no names, no risk classes, no persons.

    A sensitive task is drawn in public by leaves alone: what its words could name is not told.
    """
    departments, hidden = named_departments(draw.match["departments"]), task.sensitive
    return {
        "kind": draw.kind, "kind_label": KIND_LABELS[DrawKind(draw.kind)], "checkable": draw.kind != DrawKind.TAKEN_OVER,
        "origin": _public_origin(draw), "regions": [] if hidden else drawn_by_region(draw), "rests_on": (rests_on(draw) or {}).get("no"),
        "no": draw.no, "region_id": draw.region_id, "task_no": task.no,
        "task_name": SENSITIVE_NAME if hidden else task.name, "scope": SENSITIVE_SCOPE if hidden else task.scope_text,
        "departments": [departments[one]["name"] for one in draw.match["departments"]],
        "state": draw.state, "state_label": STATE_LABELS[DrawState(draw.state)], "commit_hash": draw.commit_hash,
        "committed_at": draw.committed_at, "closes_at": draw.closes_at, "drawn_at": draw.drawn_at,
        "voided_at": draw.voided_at, "void_reason": REASON_KEPT if hidden and draw.void_reason else draw.void_reason,
        "pool_count": sum(draw.counts["risk"].values()), "excluded_count": sum(draw.counts["excluded"].values()),
        "drawn_count": drawn_count(draw) if draw.state == DrawState.DRAWN else 0,
        "has_bundle": draw.commit_hash is not None and draw.state in (DrawState.DRAWN, DrawState.VOIDED),
    }  # fmt: skip


def _public_origin(draw: Draw) -> dict[str, Any] | None:
    """Where it was drawn; the file's name is an office's own matter."""
    if draw.origin is None:
        return None
    return {
        "platform": draw.origin["platform"],
        "task_no": draw.origin["task_no"],
        "drawn_on": draw.origin["drawn_on"],
    }
