"""Which draws are there, who takes part in one, and what do later steps read of it?"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from onevisit.core.auth import Actor
from onevisit.core.db import db
from onevisit.core.problems import Problem, not_found
from onevisit.draws.arithmetic import arithmetic
from onevisit.draws.models import (
    Draw,
    DrawnInspector,
    DrawnSubject,
)
from onevisit.draws.proving import proof_texts
from onevisit.draws.quota import Rules
from onevisit.draws.states import (
    KIND_LABELS,
    NOT_DRAWN_HERE,
    ORDER_LABELS,
    STATE_LABELS,
    DrawKind,
    DrawOrder,
    DrawState,
)
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task


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
    if draw.kind == DrawKind.HANDED_DOWN:
        raise Problem(
            "draws.drawn_above",
            f"这份名单由上级抽取（{draw.origin['task_no']}），抽取证明和验算文件在上级的抽取里。",
            404,
        )
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
        "order_label": ORDER_LABELS[DrawOrder(draw.order)], "checkable": draw.kind not in NOT_DRAWN_HERE,
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
    if draw.kind in NOT_DRAWN_HERE:
        return int(draw.counts["drawn"])
    return arithmetic(Rules.from_json(draw.rules), draw.counts["risk"]).quota


def drawn_at(draw: Draw) -> Draw:
    """The draw that made a list: itself, or the one above that handed it down."""
    if draw.kind == DrawKind.HANDED_DOWN and draw.rests_on_id:
        return db.session.get_one(Draw, draw.rests_on_id)
    return draw


def rests_on(draw: Draw) -> dict[str, Any] | None:
    """The draw whose visits this one fills."""
    if draw.rests_on_id is None:
        return None
    other = drawn_at(db.session.get_one(Draw, draw.rests_on_id))
    return {
        "id": other.id,
        "no": other.no,
        "commit_hash": other.commit_hash,
        "subjects": other.kind != DrawKind.INSPECTORS,
    }


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
