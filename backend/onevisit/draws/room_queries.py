"""What does the draw room show of one draw? Everything but the long lists."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from onevisit.core.db import db
from onevisit.draws.arithmetic import Arithmetic, arithmetic
from onevisit.draws.models import (
    Draw,
    DrawnInspector,
    DrawnSubject,
    DrawOpening,
    DrawSource,
)
from onevisit.draws.pool import neighbours_of
from onevisit.draws.queries import card_of, resting_on, rests_on
from onevisit.draws.quota import Rules
from onevisit.draws.showing import shown_of
from onevisit.draws.states import (
    LISTS_WITHOUT_TEAMS,
    NOT_DRAWN_HERE,
    SOURCE_STATE_LABELS,
    STATE_LABELS,
    DrawKind,
    DrawOrder,
    DrawState,
    SourceState,
)
from onevisit.draws.terms import (
    EVENT_LABELS,
    EXCLUSION_LABELS,
    RISK_LABELS,
    SOURCE_KIND_LABELS,
    EventKind,
    ExclusionReason,
    Risk,
    SourceKind,
)
from onevisit.regions.modes import Handing
from onevisit.regions.queries import region_of
from onevisit.subjects.models import Subject
from onevisit.tasks.below import offices_below
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task, named_departments

MOST_SHORTFALLS = 100


def room_of(draw: Draw, names: bool) -> dict[str, Any]:
    """Everything the draw room shows but the long lists; subjects' names only on request of somebody who may."""
    task, shown = db.session.get_one(Task, draw.task_id), shown_of(draw)
    departments = named_departments(
        [*departments_of_task(task), *(s.department_id or "" for s in draw.sources)]
    )
    counted = draw.kind in (DrawKind.TOGETHER, DrawKind.SUBJECTS)
    return {
        **card_of(draw),
        "task": {"id": task.id, "no": task.no, "name": task.name, "sensitive": task.sensitive, "scope_text": task.scope_text,
                 "state": task.state},
        "initiating_department": departments[draw.match["lead"]],
        "departments": [departments[one] for one in draw.match["departments"]],
        "inspectors_per_part": draw.match["k"],
        "specialities": [{"department": departments[one], "speciality": what} for one, what in draw.match["specialities"].items() if what],
        "pool": {"count": sum(draw.counts["risk"].values()), "by_risk": draw.counts["risk"]},
        "excluded": _exclusions(draw), "regions": drawn_by_region(draw),
        "inspectors": _inspector_counts(draw),
        "changes": {kind: value if kind == "since" else len(value) for kind, value in draw.changes.items()},
        "arithmetic": arithmetic_json(arithmetic(Rules.from_json(draw.rules), draw.counts["risk"])) if counted else None,
        "rules": draw.rules, "remarks": draw.remarks, "commit": draw.commit, "key": draw.key, "origin": draw.origin,
        "sources": [_source(one, departments) for one in draw.sources],
        "classes": _classes(shown, names) if draw.state == DrawState.DRAWN else [],
        "shortfalls": _open_shortfalls(draw, shown, departments) if draw.state == DrawState.DRAWN else [],
        "events": [{**one, "label": EVENT_LABELS[EventKind(one["kind"])]} for one in shown["events"]],
        "voided_before": _voided_before(draw), "inspector_draws": inspector_draws(draw, task, departments),
        "rests_on": rests_on(draw), "names_shown": names, "certificate": certificate_word(draw),
    }  # fmt: skip


def regions_counted(task: Task, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Where a task is over several regions: how many subjects of the pool lie in each."""
    return [
        {"id": one, "name": region_of(one).name, "count": counts.get(one, 0)} for one in offices_below(task)
    ] if task.handing == Handing.DOWN else []  # fmt: skip


def drawn_by_region(draw: Draw) -> list[dict[str, Any]]:
    """Of a draw over several regions: each region's part of the pool and of the list; the handed-down list says whose."""
    counts = draw.counts.get("regions")
    if not counts:
        return []
    rows = db.session.execute(
        select(Subject.region_id, func.count()).select_from(DrawnSubject)
        .join(Subject, Subject.id == DrawnSubject.subject_id)
        .where(DrawnSubject.draw_id == draw.id).group_by(Subject.region_id)
    )  # fmt: skip
    drawn = {str(region): int(many) for region, many in rows}
    return [
        {"id": one, "name": region_of(one).name, "count": count, "drawn": drawn.get(one, 0)}
        for one, count in counts.items()
    ]


def certificate_word(draw: Draw) -> bool:
    """Is there a certificate, or will there be one? Never for what was drawn elsewhere."""
    return draw.state == DrawState.DRAWN and draw.kind not in NOT_DRAWN_HERE


def _inspector_counts(draw: Draw) -> list[dict[str, Any]]:
    """The frozen inspectors by department; a declared neighbour's stand after the own ones."""
    if draw.kind == DrawKind.SUBJECTS or draw.kind in NOT_DRAWN_HERE:
        return []
    counts = draw.counts["inspectors"]
    ids = list(dict.fromkeys([*draw.match["departments"], *counts]))
    names = named_departments(ids)
    return [{**names[one], "count": counts.get(one, 0)} for one in ids]


def _classes(shown: dict[str, Any], names: bool) -> list[dict[str, Any]]:
    if names:
        return list(shown["classes"])
    return [
        {**one, "tickets": [{**ticket, "name": None} for ticket in one["tickets"]]}
        for one in shown["classes"]
    ]


def _open_shortfalls(
    draw: Draw, shown: dict[str, Any], departments: Mapping[str, dict[str, str]]
) -> list[dict[str, Any]]:
    """Per department how many are missing, how many were found since, and the first visits concerned."""
    if not shown["shortfalls"]:
        return []
    base_id, found = draw.subjects_draw_id or draw.id, Counter[tuple[str, str]]()
    rows = select(DrawnInspector.leaf, DrawnInspector.department_id).where(
        DrawnInspector.draw_id == base_id, DrawnInspector.left_at.is_(None)
    )
    for leaf, department in db.session.execute(rows):
        found[leaf, department] += 1
    drawn = select(DrawnSubject.leaf, DrawnSubject.order).where(DrawnSubject.draw_id == base_id)
    order = {row[0]: row[1] for row in db.session.execute(drawn)}
    by_department: dict[str, list[dict[str, Any]]] = {}
    for one in shown["shortfalls"]:
        left = draw.match["k"] - found[one["visit"], one["department"]]
        by_department.setdefault(one["department"], []).append(
            {**one, "left": max(0, left), "order": order.get(one["visit"])}
        )
    return [
        {
            "department": departments[department], "missing": sum(one["missing"] for one in all_),
            "left": sum(one["left"] for one in all_), "neighbours": neighbour_names(department),
            "visits": [
                {"leaf": one["visit"], "order": one["order"], "left": one["left"], "speciality": one["speciality"]}
                for one in all_ if one["left"]
            ][:MOST_SHORTFALLS],
        }
        for department, all_ in by_department.items()
    ]  # fmt: skip


def neighbour_names(department_id: str) -> list[str]:
    """The declared neighbours of a department, by name."""
    ids = neighbours_of(department_id)
    names = named_departments(ids)
    return [names[one]["name"] for one in ids]


def inspector_draws(
    draw: Draw, task: Task, departments: Mapping[str, dict[str, str]]
) -> list[dict[str, Any]]:
    """Of a subjects' draw: each department's own draw of inspectors, made or still to be made, and from when it may be."""
    if draw.kind not in LISTS_WITHOUT_TEAMS or draw.state != DrawState.DRAWN or draw.counts.get("regions"):
        return []
    made: dict[str, Draw] = {}
    for one in resting_on(draw):
        if one.rests_on_id == draw.id and one.state != DrawState.VOIDED:
            made |= dict.fromkeys(one.match["departments"], one)
    opened = set(db.session.scalars(select(DrawOpening.department_id).where(DrawOpening.draw_id == draw.id)))
    late = draw.order == DrawOrder.AFTER_CLAIM
    return [
        {
            "department": departments[one], "open": not late or one in opened,
            "draw": {"id": made[one].id, "no": made[one].no, "state": made[one].state,
                     "state_label": STATE_LABELS[DrawState(made[one].state)]} if one in made else None,
        }
        for one in departments_of_task(task)
    ]  # fmt: skip


def arithmetic_json(done: Arithmetic) -> dict[str, Any]:
    """The steps as they travel."""
    return {
        "classes": [{**vars(step), "risk_label": RISK_LABELS[Risk(step.risk)]} for step in done.steps],
        "count": done.count, "weight": done.weight, "share": done.share, "quota": done.quota,
        "planned": done.planned, "planned_ratio": done.planned_ratio, "resulting_ratio": done.resulting_ratio,
    }  # fmt: skip


def _exclusions(draw: Draw) -> list[dict[str, Any]]:
    return [
        {"reason": reason, "label": EXCLUSION_LABELS[ExclusionReason(reason)], "count": count}
        for reason, count in sorted(draw.counts["excluded"].items())
    ]


def _source(source: DrawSource, departments: dict[str, dict[str, str]]) -> dict[str, Any]:
    state = SourceState.WAITING
    if source.revealed_at:
        state = SourceState.REVEALED
    elif source.typed:
        state = SourceState.TYPED_ONCE
    elif source.commitment or source.kind != SourceKind.COMMIT_REVEAL:
        state = SourceState.COMMITTED
    return {
        "name": source.name, "kind": source.kind, "kind_label": SOURCE_KIND_LABELS[SourceKind(source.kind)],
        "department": departments.get(source.department_id or ""), "commitment": source.commitment,
        "value": source.value, "state": state.value, "state_label": SOURCE_STATE_LABELS[state],
        "committed_at": source.committed_at, "revealed_at": source.revealed_at,
    }  # fmt: skip


def _voided_before(draw: Draw) -> list[dict[str, Any]]:
    """Earlier draws of this task that were given up: abort-and-retry is visible."""
    rows = db.session.scalars(
        select(Draw).where(Draw.task_id == draw.task_id, Draw.state == DrawState.VOIDED, Draw.id < draw.id)
        .order_by(Draw.made_at)
    )  # fmt: skip
    return [{"no": one.no, "voided_at": one.voided_at, "reason": one.void_reason} for one in rows]
