"""Which draws are there, and what may the room, the office and the public see of one?"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from onevisit.core.auth import Actor
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.draws.arithmetic import Arithmetic, arithmetic
from onevisit.draws.models import Draw, DrawnInspector, DrawnSubject, DrawSource
from onevisit.draws.pool import attestations_for, candidates, rules_of
from onevisit.draws.quota import RISKIEST_FIRST, Rules
from onevisit.draws.states import SOURCE_STATE_LABELS, STATE_LABELS, DrawState, SourceState
from onevisit.draws.terms import (
    EXCLUSION_LABELS,
    RISK_LABELS,
    SOURCE_KIND_LABELS,
    ExclusionReason,
    Risk,
    SourceKind,
)
from onevisit.inspectors.models import Inspector
from onevisit.subjects.models import Subject
from onevisit.subjects.terms import LIBRARY_LABELS
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task, named_departments

SHOWN_BEYOND_LINE = 12
MOST_SHOWN = 200


def draw_in(region_id: str | None, draw_id: str) -> Draw:
    """The draw, if it is of this region."""
    draw = db.session.get(Draw, draw_id)
    if draw is None or draw.region_id != region_id:
        raise not_found("抽取")
    return draw


def draws_of(region_id: str | None, *, task_id: str | None, after: str | None, limit: int) -> Sequence[Draw]:
    """Draws of a region, newest first, voided ones too; one more than `limit`."""
    wanted = select(Draw).where(Draw.region_id == region_id).order_by(Draw.id.desc()).limit(limit + 1)
    if task_id:
        wanted = wanted.where(Draw.task_id == task_id)
    return db.session.scalars(wanted.where(Draw.id < after) if after else wanted).all()


def last_draw(task_id: str) -> Draw | None:
    """The draw that counts for a task: the one that is not voided, else the last voided one."""
    drawn = db.session.scalars(select(Draw).where(Draw.task_id == task_id).order_by(Draw.made_at)).all()
    return next((one for one in drawn if one.state != DrawState.VOIDED), drawn[-1] if drawn else None)


def takes_part(actor: Actor, draw: Draw) -> bool:
    """The departments of the task, the parties of chance and the joint office are in the room."""
    parties = {source.department_id for source in draw.sources}
    return actor.has("joint_office") or actor.department_id in parties | set(draw.match["departments"])


def may_see_names(actor: Actor, draw: Draw) -> bool:
    """Names are for those who will go there and for supervision; a mere party of chance sees leaves."""
    return actor.has("joint_office") or actor.department_id in draw.match["departments"]


def card_of(draw: Draw) -> dict[str, Any]:
    """What a list shows of a draw."""
    task = db.session.get_one(Task, draw.task_id)
    count = sum(draw.counts["risk"].values())
    return {
        "id": draw.id, "no": draw.no, "task_id": draw.task_id, "task_name": task.name, "state": draw.state,
        "state_label": STATE_LABELS[DrawState(draw.state)], "made_at": draw.made_at,
        "committed_at": draw.committed_at, "closes_at": draw.closes_at, "drawn_at": draw.drawn_at,
        "voided_at": draw.voided_at, "void_reason": draw.void_reason, "commit_hash": draw.commit_hash,
        "pool_count": count, "drawn_count": arithmetic(Rules.from_json(draw.rules), draw.counts["risk"]).quota,
        "excluded_count": sum(draw.counts["excluded"].values()),
    }  # fmt: skip


def room_of(draw: Draw, names: bool) -> dict[str, Any]:
    """Everything the draw room shows; subjects' names only on request of somebody who may."""
    task, full = db.session.get_one(Task, draw.task_id), json.loads(draw.bundle or "null")
    drawn = full if full and draw.state == DrawState.DRAWN else None
    departments = named_departments(
        [*draw.match["departments"], *(s.department_id or "" for s in draw.sources)]
    )
    return {
        **card_of(draw),
        "task": {"id": task.id, "no": task.no, "name": task.name, "sensitive": task.sensitive, "scope_text": task.scope_text},
        "initiating_department": departments[draw.match["lead"]],
        "departments": [departments[one] for one in draw.match["departments"]],
        "inspectors_per_part": draw.match["k"],
        "pool": {"count": sum(draw.counts["risk"].values()), "by_risk": draw.counts["risk"]},
        "excluded": _exclusions(draw),
        "inspectors": [{**departments[one], "count": draw.counts["inspectors"].get(one, 0)} for one in draw.match["departments"]],
        "changes": {kind: value if kind == "since" else len(value) for kind, value in draw.changes.items()},
        "arithmetic": arithmetic_json(arithmetic(Rules.from_json(draw.rules), draw.counts["risk"])),
        "rules": draw.rules, "remarks": draw.remarks, "commit": draw.commit, "key": draw.key,
        "sources": [_source(one, departments) for one in draw.sources],
        "classes": _classes(draw, drawn, names) if drawn else [],
        "visits": _visits(draw) if drawn and names else [],
        "shortfalls": drawn["shortfalls"] if drawn else [],
        "events": full["events"] if full else [],
        "voided_before": _voided_before(draw),
        "names_shown": names,
    }  # fmt: skip


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


def _classes(draw: Draw, full: dict[str, Any], names: bool) -> list[dict[str, Any]]:
    """Per class the drawn tickets and a few beyond the line, smallest first: what falls on the projector."""
    selected = set(full["selected"])
    known = {one["leaf"]: one["entry"]["name"] for one in full["entries"]} if names else {}
    found = []
    for risk in RISKIEST_FIRST:
        tickets = sorted((one["ticket"], one["leaf"]) for one in full["leaves"] if one["risk"] == risk)
        if not tickets:
            continue
        quota = sum(leaf in selected for _, leaf in tickets)
        shown = tickets[: min(quota + SHOWN_BEYOND_LINE, MOST_SHOWN)]
        found.append(
            {
                "risk": risk, "risk_label": RISK_LABELS[Risk(risk)], "count": len(tickets), "quota": quota,
                "threshold": full["thresholds"].get(risk), "not_shown": len(tickets) - len(shown),
                "tickets": [
                    {"order": at, "leaf": leaf, "ticket": ticket, "drawn": leaf in selected, "name": known.get(leaf)}
                    for at, (ticket, leaf) in enumerate(shown, 1)
                ],
            }
        )  # fmt: skip
    return found


def _visits(draw: Draw) -> list[dict[str, Any]]:
    """The drawn subjects in the order of the visits, with their teams."""
    teams: dict[str, list[dict[str, Any]]] = {}
    rows = db.session.execute(
        select(DrawnInspector, Inspector.name).join(Inspector, Inspector.id == DrawnInspector.inspector_id)
        .where(DrawnInspector.draw_id == draw.id).order_by(DrawnInspector.order)
    )  # fmt: skip
    for one, name in rows:
        teams.setdefault(one.leaf, []).append(
            {"id": one.inspector_id, "name": name, "department_id": one.department_id, "leads": one.order == 0,
             "appointed_reason": one.appointed_reason}
        )  # fmt: skip
    drawn = db.session.execute(
        select(DrawnSubject, Subject).join(Subject, Subject.id == DrawnSubject.subject_id)
        .where(DrawnSubject.draw_id == draw.id).order_by(DrawnSubject.order)
    )  # fmt: skip
    return [
        {
            "order": one.order, "leaf": one.leaf, "ticket": one.ticket, "risk": one.risk, "visit_id": one.visit_id,
            "subject": {"id": subject.id, "name": subject.name, "credit_code": subject.credit_code, "address": subject.address},
            "team": teams.get(one.leaf, []),
        }
        for one, subject in drawn
    ]  # fmt: skip


def _voided_before(draw: Draw) -> list[dict[str, Any]]:
    """Earlier draws of this task that were given up: abort-and-retry is visible."""
    rows = db.session.scalars(
        select(Draw).where(Draw.task_id == draw.task_id, Draw.state == DrawState.VOIDED, Draw.id < draw.id)
        .order_by(Draw.made_at)
    )  # fmt: skip
    return [{"no": one.no, "voided_at": one.voided_at, "reason": one.void_reason} for one in rows]


def readiness_of(task: Task, year: int) -> dict[str, Any]:
    """Before the freeze: whose libraries are confirmed, how many would be in the drum, how many would be drawn."""
    drum, names = candidates(task, year).counts(), named_departments(departments_of_task(task))
    return {
        "task_id": task.id,
        "attestations": [
            {
                "department": names[one.department_id], "library": one.library.value,
                "library_label": LIBRARY_LABELS[one.library], "confirmed_at": one.confirmed_at, "fresh": one.fresh,
            }
            for one in attestations_for(task)
        ],
        "pool": {"count": sum(drum["risk"].values()), "by_risk": drum["risk"]},
        "excluded": [
            {"reason": reason, "label": EXCLUSION_LABELS[ExclusionReason(reason)], "count": count}
            for reason, count in sorted(drum["excluded"].items())
        ],
        "inspectors": [{**names[one], "count": drum["inspectors"].get(one, 0)} for one in names],
        "arithmetic": arithmetic_json(arithmetic(rules_of(task, None), drum["risk"])) if drum["risk"] else None,
    }  # fmt: skip


def proofs_of(draw: Draw) -> list[dict[str, Any]]:
    """Each drawn subject's own proof: "I was in the pool, and my ticket is below the line"."""
    rows = db.session.execute(
        select(DrawnSubject, Subject.name).join(Subject, Subject.id == DrawnSubject.subject_id)
        .where(DrawnSubject.draw_id == draw.id).order_by(DrawnSubject.order)
    )  # fmt: skip
    return [
        {"subject_id": one.subject_id, "name": name, "leaf": one.leaf, "risk": one.risk, "proof": one.proof}
        for one, name in rows
    ]


def public_draws(
    region_id: str | None, task_no: str | None, after: str | None, limit: int
) -> Sequence[tuple[Draw, Task]]:
    """Committed, drawn and voided draws for everybody, newest first; sensitive tasks never; one more than `limit`."""
    wanted = (
        select(Draw, Task).join(Task, Task.id == Draw.task_id)
        .where(Task.sensitive.is_(False), (Draw.commit_hash.is_not(None)) | (Draw.state == DrawState.VOIDED))
        .order_by(Draw.id.desc()).limit(limit + 1)
    )  # fmt: skip
    if region_id:
        wanted = wanted.where(Draw.region_id == region_id)
    if task_no:
        wanted = wanted.where(Task.no == task_no)
    return [
        (draw, task) for draw, task in db.session.execute(wanted.where(Draw.id < after) if after else wanted)
    ]


def public_draw(no: str) -> tuple[Draw, Task]:
    """The draw with this number, if the public may know of it."""
    found = db.session.execute(
        select(Draw, Task).join(Task, Task.id == Draw.task_id)
        .where(Draw.no == no, Task.sensitive.is_(False), (Draw.commit_hash.is_not(None)) | (Draw.state == DrawState.VOIDED))
    ).first()  # fmt: skip
    if found is None:
        raise not_found("抽取")
    return found[0], found[1]


def public_card_of(draw: Draw, task: Task) -> dict[str, Any]:
    """What everybody may know of a draw without its bundle: no names, no risk classes, no persons."""
    departments = named_departments(draw.match["departments"])
    drawn = arithmetic(Rules.from_json(draw.rules), draw.counts["risk"]).quota
    return {
        "no": draw.no, "region_id": draw.region_id, "task_no": task.no, "task_name": task.name,
        "departments": [departments[one]["name"] for one in draw.match["departments"]], "scope": task.scope_text,
        "state": draw.state, "state_label": STATE_LABELS[DrawState(draw.state)], "commit_hash": draw.commit_hash,
        "committed_at": draw.committed_at, "closes_at": draw.closes_at, "drawn_at": draw.drawn_at,
        "voided_at": draw.voided_at, "void_reason": draw.void_reason,
        "pool_count": sum(draw.counts["risk"].values()), "excluded_count": sum(draw.counts["excluded"].values()),
        "drawn_count": drawn if draw.state == DrawState.DRAWN else 0,
        "has_bundle": draw.state == DrawState.DRAWN or (draw.state == DrawState.VOIDED and draw.commit_hash is not None),
    }  # fmt: skip
