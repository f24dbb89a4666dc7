"""Which draws are there, and what may the room, the office and the public see of one?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from onevisit.accounts.models import Account
from onevisit.core.auth import Actor
from onevisit.core.clock import LAW_ZONE
from onevisit.core.db import db
from onevisit.core.problems import Problem, not_found
from onevisit.draws.arithmetic import Arithmetic, arithmetic
from onevisit.draws.bundle import REASON_KEPT, SENSITIVE_SCOPE
from onevisit.draws.caps import caps_shown
from onevisit.draws.lot import Inspector as FrozenInspector
from onevisit.draws.models import (
    Assistant,
    Draw,
    DrawnInspector,
    DrawnSubject,
    DrawOpening,
    DrawSource,
    Replacement,
)
from onevisit.draws.pool import attestations_for, candidates, neighbours_of, rules_of, specialities_of
from onevisit.draws.proving import proof_texts
from onevisit.draws.quota import Rules
from onevisit.draws.showing import shown_of
from onevisit.draws.states import (
    KIND_LABELS,
    ORDER_LABELS,
    SOURCE_STATE_LABELS,
    STATE_LABELS,
    DrawKind,
    DrawOrder,
    DrawState,
    SourceState,
)
from onevisit.draws.terms import (
    ASSISTANT_KIND_LABELS,
    EVENT_LABELS,
    EXCLUSION_LABELS,
    REPLACEMENT_CAUSE_LABELS,
    RISK_LABELS,
    SOURCE_KIND_LABELS,
    AssistantKind,
    EventKind,
    ExclusionReason,
    ReplacementCause,
    Risk,
    SourceKind,
)
from onevisit.inspectors.models import Inspector
from onevisit.regions.queries import profile_of
from onevisit.subjects.models import Subject
from onevisit.subjects.terms import LIBRARY_LABELS
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task, named_departments

MOST_SHORTFALLS = 100
SENSITIVE_NAME = "敏感领域抽查任务，名称不公布"
_PUBLIC = or_(
    Draw.commit_hash.is_not(None), Draw.state == DrawState.VOIDED, Draw.kind == DrawKind.TAKEN_OVER.value
)


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
    """The draw of subjects that counts for a task: the one that is not voided, else the last voided one."""
    drawn = db.session.scalars(
        select(Draw).where(Draw.task_id == task_id, Draw.kind != DrawKind.INSPECTORS).order_by(Draw.made_at)
    ).all()
    return next((one for one in drawn if one.state != DrawState.VOIDED), drawn[-1] if drawn else None)


def subjects_draw_of(task_id: str) -> Draw | None:
    """The finished draw that made the task's list."""
    found = select(Draw).where(
        Draw.task_id == task_id, Draw.state == DrawState.DRAWN, Draw.kind != DrawKind.INSPECTORS
    )
    return db.session.scalars(found).first()


def teams_of(draw: Draw) -> dict[tuple[str, str], list[str]]:
    """(leaf, department) -> inspectors in the order chosen, whoever drew or appointed them; replaced ones left out.

    Who stands in for somebody has that one's place, and so the lead where the other had it (S2 art. 16, 17).
    """
    rows = db.session.scalars(
        select(DrawnInspector)
        .where(DrawnInspector.draw_id == draw.id, DrawnInspector.left_at.is_(None))
        .order_by(DrawnInspector.leaf, DrawnInspector.order)
    )
    teams: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        teams.setdefault((row.leaf, row.department_id), []).append(row.inspector_id)
    return teams


def to_visit(draw: Draw) -> Sequence[DrawnSubject]:
    """The drawn subjects that somebody goes to, in order: those waived from it stay on the list (S3)."""
    return db.session.scalars(
        select(DrawnSubject).where(DrawnSubject.draw_id == draw.id, DrawnSubject.waived_at.is_(None))
        .order_by(DrawnSubject.order)
    ).all()  # fmt: skip


def inspectors_after_claim(draw: Draw) -> bool:
    """Is the task dispatched first, and are its inspectors drawn after the claim (S1)?"""
    return draw.order == DrawOrder.AFTER_CLAIM


def resting_on(draw: Draw) -> list[Draw]:
    """The inspectors' draws of a subjects' draw, oldest first, voided ones too."""
    rows = select(Draw).where(Draw.subjects_draw_id == draw.id).order_by(Draw.made_at)
    return list(db.session.scalars(rows))


def takes_part(actor: Actor, draw: Draw) -> bool:
    """The departments of the task, the parties of chance and the joint office are in the room."""
    parties = {source.department_id for source in draw.sources}
    return actor.has("joint_office") or actor.department_id in parties | set(going_there(draw))


def may_see_names(actor: Actor, draw: Draw) -> bool:
    """Names are for those who will go there and for supervision; a mere party of chance sees leaves."""
    return actor.has("joint_office") or actor.department_id in going_there(draw)


def going_there(draw: Draw) -> list[str]:
    """The task's departments, also where a draw is of one department's inspectors only."""
    return [
        *draw.match["departments"],
        draw.match["lead"],
        *departments_of_task(db.session.get_one(Task, draw.task_id)),
    ]


def refuse_unverifiable(draw: Draw) -> None:
    """Nothing can be certified or proved of a list that was drawn elsewhere."""
    if draw.kind == DrawKind.TAKEN_OVER:
        raise Problem(
            "draws.not_verifiable_here",
            "这份名单在别的平台抽取，本平台不可验算，没有抽取证明。请向抽取的平台索取。",
            404,
        )


def refuse_without_certificate(draw: Draw) -> None:
    """Only what came to its end here is certified; one that was given up stands on the public list instead."""
    refuse_unverifiable(draw)
    if draw.state != DrawState.DRAWN:
        given_up = draw.state == DrawState.VOIDED
        raise Problem(
            "draws.not_drawn",
            "这次抽取已经作废，没有抽取证明。" if given_up else "还没有抽取完成，抽取完成后才有抽取证明。",
            404,
        )


def card_of(draw: Draw) -> dict[str, Any]:
    """What a list shows of a draw."""
    task = db.session.get_one(Task, draw.task_id)
    count = sum(draw.counts["risk"].values())
    return {
        "kind": draw.kind, "kind_label": KIND_LABELS[DrawKind(draw.kind)], "order": draw.order,
        "order_label": ORDER_LABELS[DrawOrder(draw.order)], "checkable": draw.kind != DrawKind.TAKEN_OVER,
        "id": draw.id, "no": draw.no, "task_id": draw.task_id, "task_name": task.name, "state": draw.state,
        "state_label": STATE_LABELS[DrawState(draw.state)], "made_at": draw.made_at,
        "committed_at": draw.committed_at, "closes_at": draw.closes_at, "drawn_at": draw.drawn_at,
        "voided_at": draw.voided_at, "void_reason": draw.void_reason, "commit_hash": draw.commit_hash,
        "pool_count": count, "drawn_count": drawn_count(draw),
        "excluded_count": sum(draw.counts["excluded"].values()),
    }  # fmt: skip


def drawn_count(draw: Draw) -> int:
    """How many subjects are drawn, or will be; for inspectors: how many visits they are drawn for."""
    if draw.kind == DrawKind.INSPECTORS:
        return int(draw.counts["visits"])
    if draw.kind == DrawKind.TAKEN_OVER:
        return int(draw.counts["drawn"])
    return arithmetic(Rules.from_json(draw.rules), draw.counts["risk"]).quota


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
        "excluded": _exclusions(draw),
        "inspectors": _inspector_counts(draw),
        "changes": {kind: value if kind == "since" else len(value) for kind, value in draw.changes.items()},
        "arithmetic": arithmetic_json(arithmetic(Rules.from_json(draw.rules), draw.counts["risk"])) if counted else None,
        "rules": draw.rules, "remarks": draw.remarks, "commit": draw.commit, "key": draw.key, "origin": draw.origin,
        "sources": [_source(one, departments) for one in draw.sources],
        "classes": _classes(shown, names) if draw.state == DrawState.DRAWN else [],
        "shortfalls": _open_shortfalls(draw, shown, departments) if draw.state == DrawState.DRAWN else [],
        "events": [{**one, "label": EVENT_LABELS[EventKind(one["kind"])]} for one in shown["events"]],
        "voided_before": _voided_before(draw), "inspector_draws": inspector_draws(draw, task, departments),
        "rests_on": _rests_on(draw), "names_shown": names, "certificate": certificate_word(draw),
    }  # fmt: skip


def certificate_word(draw: Draw) -> bool:
    """Is there a certificate, or will there be one? Never for what was drawn elsewhere."""
    return draw.state == DrawState.DRAWN and draw.kind != DrawKind.TAKEN_OVER


def _inspector_counts(draw: Draw) -> list[dict[str, Any]]:
    """The frozen inspectors by department; a declared neighbour's stand after the own ones."""
    if draw.kind in (DrawKind.SUBJECTS, DrawKind.TAKEN_OVER):
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
    if draw.kind != DrawKind.SUBJECTS or draw.state != DrawState.DRAWN:
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


def _rests_on(draw: Draw) -> dict[str, Any] | None:
    """The draw whose visits this one fills."""
    if draw.rests_on_id is None:
        return None
    other = db.session.get_one(Draw, draw.rests_on_id)
    return {
        "id": other.id,
        "no": other.no,
        "commit_hash": other.commit_hash,
        "subjects": other.kind != DrawKind.INSPECTORS,
    }


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


def visits_of_draw(draw: Draw, after: int, limit: int) -> list[dict[str, Any]]:
    """A page of the drawn subjects in the order of the visits, with their teams; one more than `limit`."""
    base_id = draw.subjects_draw_id or draw.id
    drawn = db.session.execute(
        select(DrawnSubject, Subject).join(Subject, Subject.id == DrawnSubject.subject_id)
        .where(DrawnSubject.draw_id == base_id, DrawnSubject.order > after).order_by(DrawnSubject.order).limit(limit + 1)
    ).all()  # fmt: skip
    leaves = [one.leaf for one, _ in drawn]
    teams, helpers = _teams(base_id, leaves), _assistants(base_id, leaves)
    return [
        {
            "order": one.order, "leaf": one.leaf, "ticket": one.ticket, "risk": one.risk, "visit_id": one.visit_id,
            "subject": {"id": subject.id, "name": subject.name, "credit_code": subject.credit_code, "address": subject.address},
            "team": teams.get(one.leaf, []), "assistants": helpers.get(one.leaf, []),
            "waived_at": one.waived_at, "waived_reason": one.waived_reason,
        }
        for one, subject in drawn
    ]  # fmt: skip


def _teams(base_id: str, leaves: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    teams: dict[str, list[dict[str, Any]]] = {}
    rows = db.session.execute(
        select(DrawnInspector, Inspector).join(Inspector, Inspector.id == DrawnInspector.inspector_id)
        .where(DrawnInspector.draw_id == base_id, DrawnInspector.leaf.in_(leaves), DrawnInspector.left_at.is_(None))
        .order_by(DrawnInspector.order)
    )  # fmt: skip
    waiting = {
        (one.leaf, one.out_id): one.id
        for one in db.session.scalars(
            select(Replacement).where(Replacement.draw_id == base_id, Replacement.decided_at.is_(None))
        )
    }
    first: set[tuple[str, str]] = set()
    for one, person in rows:
        leads = (one.leaf, one.department_id) not in first
        first.add((one.leaf, one.department_id))
        teams.setdefault(one.leaf, []).append(
            {"id": one.inspector_id, "name": person.name, "department_id": one.department_id, "leads": leads,
             "appointed_reason": one.appointed_reason, "replaced": one.stands_in_for is not None,
             "from_elsewhere": person.department_id != one.department_id,
             "replacement_asked": (one.leaf, one.inspector_id) in waiting}
        )  # fmt: skip
    return teams


def _assistants(base_id: str, leaves: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    rows = (
        select(Assistant)
        .where(Assistant.draw_id == base_id, Assistant.leaf.in_(leaves))
        .order_by(Assistant.id)
    )
    for one in db.session.scalars(rows):
        found.setdefault(one.leaf, []).append(
            {"kind_label": ASSISTANT_KIND_LABELS[AssistantKind(one.kind)], "name": one.name, "unit": one.unit,
             "speciality": one.speciality, "department_id": one.department_id}
        )  # fmt: skip
    return found


def is_on_team(base: Draw, leaf: str, inspector_id: str, department_id: str | None) -> bool:
    """Is this person on the visit for this department?"""
    found = select(DrawnInspector.id).where(
        DrawnInspector.draw_id == base.id, DrawnInspector.leaf == leaf, DrawnInspector.inspector_id == inspector_id,
        DrawnInspector.department_id == department_id,
    )  # fmt: skip
    return db.session.scalars(found).first() is not None


def replacements_of(draw: Draw, me: str | None) -> list[dict[str, Any]]:
    """Who was to be replaced by whom, why, and what was decided; waiting ones first."""
    base_id, going, coming = draw.subjects_draw_id or draw.id, aliased(Inspector), aliased(Inspector)
    rows = db.session.execute(
        select(Replacement, DrawnSubject.order, Subject.name, going.name, coming.name)
        .join(DrawnSubject, (DrawnSubject.draw_id == Replacement.draw_id) & (DrawnSubject.leaf == Replacement.leaf))
        .join(Subject, Subject.id == DrawnSubject.subject_id).join(going, going.id == Replacement.out_id)
        .join(coming, coming.id == Replacement.in_id)
        .where(Replacement.draw_id == base_id).order_by(Replacement.decided_at.is_not(None), Replacement.id.desc())
    ).all()  # fmt: skip
    people = {one for row in rows for one in (row[0].asked_by, row[0].decided_by) if one}
    names = {
        row[0]: row[1]
        for row in db.session.execute(select(Account.id, Account.name).where(Account.id.in_(people)))
    }
    return [
        {
            "id": one.id, "leaf": one.leaf, "order": order, "subject": subject, "department_id": one.department_id,
            "out": out, "into": into, "cause": one.cause, "cause_label": REPLACEMENT_CAUSE_LABELS[ReplacementCause(one.cause)],
            "note": one.note, "asked_at": one.asked_at, "asked_by": names.get(one.asked_by or ""),
            "mine": one.asked_by == me, "decided_at": one.decided_at, "decided_by": names.get(one.decided_by or ""),
            "approved": one.approved, "answer": one.answer,
        }
        for one, order, subject, out, into in rows
    ]  # fmt: skip


def _voided_before(draw: Draw) -> list[dict[str, Any]]:
    """Earlier draws of this task that were given up: abort-and-retry is visible."""
    rows = db.session.scalars(
        select(Draw).where(Draw.task_id == draw.task_id, Draw.state == DrawState.VOIDED, Draw.id < draw.id)
        .order_by(Draw.made_at)
    )  # fmt: skip
    return [{"no": one.no, "voided_at": one.voided_at, "reason": one.void_reason} for one in rows]


def readiness_of(task: Task, year: int, orders: Sequence[DrawOrder]) -> dict[str, Any]:
    """Before the freeze: whose libraries are confirmed, how many would be in the drum, how many would be drawn."""
    found, names = candidates(task, year), named_departments(departments_of_task(task))
    drum, batch = found.counts(), rules_of(task, None).batch
    reached = {entry.id: reason for entry, reason in found.excluded}
    return {
        "task_id": task.id,
        "orders": [{"order": one.value, "label": ORDER_LABELS[one]} for one in orders],
        "batch": {"number": batch.number, "of": batch.of, "drawn": sum(batch.drawn.values()), "by_risk": dict(batch.drawn)} if batch else None,
        "caps": caps_shown(task, reached),
        "specialities": [
            {"department": names[one], "speciality": what} for one, what in specialities_of(task).items() if what
        ],
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
        "inspectors": [
            {**names[one], "count": drum["inspectors"].get(one, 0), "able": _able(found.inspectors, one, task)}
            for one in names
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


def risk_use(region_id: str, year: int) -> dict[str, Any]:
    """How many of a year's draws used the risk classes (S3: at least 95 %); those without classes to use are not counted."""
    first, last = datetime(year, 1, 1, tzinfo=LAW_ZONE), datetime(year + 1, 1, 1, tzinfo=LAW_ZONE)
    draws = db.session.scalars(
        select(Draw).where(
            Draw.region_id == region_id, Draw.state == DrawState.DRAWN, Draw.kind != DrawKind.INSPECTORS,
            Draw.drawn_at >= first, Draw.drawn_at < last,
        )
    ).all()  # fmt: skip
    concerned = [one for one in draws if set(one.counts["risk"]) - {"-"}]
    used = [one for one in concerned if _used_classes(one)]
    rule = profile_of(region_id).value("kpis.risk_use_min_percent")
    return {
        "drawn": len(draws), "with_classes": len(used), "not_concerned": len(draws) - len(concerned),
        "percent": round(100 * len(used) / len(concerned), 1) if concerned else None,
        "target": rule.value, "sentence": rule.sentence,
    }  # fmt: skip


def _used_classes(draw: Draw) -> bool:
    """Typed ratios, or multipliers that tell the classes present apart; everybody drawn leaves nothing to weigh."""
    if draw.kind == DrawKind.TAKEN_OVER:
        return False
    present = set(draw.counts["risk"])
    if draw.rules["class_ratios"]:
        return True
    return len(present) == 1 or len({draw.rules["multipliers"].get(one) for one in present}) > 1


def proofs_of(draw: Draw) -> list[dict[str, Any]]:
    """Each drawn subject's own proof: "I was in the pool, and my ticket is below the line"."""
    rows = db.session.execute(
        select(DrawnSubject, Subject.name).join(Subject, Subject.id == DrawnSubject.subject_id)
        .where(DrawnSubject.draw_id == draw.id).order_by(DrawnSubject.order)
    )  # fmt: skip
    found = rows.all()
    texts = proof_texts(draw, [one.leaf for one, _ in found])
    return [
        {
            "subject_id": one.subject_id,
            "name": name,
            "leaf": one.leaf,
            "risk": one.risk,
            "proof": texts[one.leaf],
        }
        for one, name in found
    ]


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
        "origin": _public_origin(draw), "rests_on": (_rests_on(draw) or {}).get("no"),
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
