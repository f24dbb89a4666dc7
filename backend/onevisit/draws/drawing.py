"""What comes out of a draw, and how is it kept? Subjects, inspectors, proofs and signed bundles, all or nothing."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.canonical import digest
from onevisit.core.db import db
from onevisit.draws import bundle as bundles
from onevisit.draws import lot
from onevisit.draws.kept import keep_bundles, pool_of, reveals_of
from onevisit.draws.match import Matching, MatchRules, match_inspectors, visits_in_full
from onevisit.draws.models import Draw, DrawnInspector, DrawnSubject
from onevisit.draws.proof import proofs
from onevisit.draws.quota import Rules
from onevisit.draws.states import DrawState
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task


def draw_now(draw: Draw) -> None:
    """Subjects, inspectors, shortfalls, proofs and signed bundles, all or nothing."""
    pool, task = pool_of(draw), db.session.get_one(Task, draw.task_id)
    revealed = reveals_of(draw)
    key = bundles.draw_key(draw.commit, revealed)
    outcome = lot.draw_subjects(pool, Rules.from_json(draw.rules), key)
    order = outcome.visit_order()
    matching = _matched(draw, pool, order, key, task.window_end.isoformat())
    draw.key, draw.drawn_at, draw.state = key.hex(), clock.now(), DrawState.DRAWN.value
    keep_bundles(draw, bundles.full_bundle(draw.commit, revealed, pool, outcome, matching))
    _keep_subjects(draw, pool, outcome, order)
    people = {one.leaf: one.entry.id for one in pool.inspectors}
    db.session.add_all(
        DrawnInspector(
            draw_id=draw.id,
            leaf=team.visit,
            department_id=team.department,
            inspector_id=people[leaf],
            order=at,
        )
        for team in (matching.teams if matching else ())
        for at, leaf in enumerate(team.inspectors)
    )
    trail.record(
        "draw.drawn", "draw", draw.id, region_id=draw.region_id, department_id=task.initiating_department_id,
        task=task.id, no=draw.no, commit_hash=draw.commit_hash, key=draw.key, selected=len(order),
        shortfalls=len(matching.shortfalls) if matching else 0, bundle=digest(json.loads(draw.public_bundle or "{}")),
    )  # fmt: skip


def _matched(
    draw: Draw, pool: lot.FrozenPool, order: Sequence[str], key: bytes, window_end: str
) -> Matching | None:
    """Inspectors for the drawn visits; None where no department has anybody in its library."""
    if not pool.inspectors:
        return None
    drawn = set(order)
    subjects = {one.leaf: one.entry.id for one in pool.subjects if one.leaf in drawn}
    match = MatchRules.from_json(draw.match)
    return match_inspectors(
        visits_in_full(order, subjects, match), pool.inspectors, match.departments, key, window_end
    )


def _keep_subjects(draw: Draw, pool: lot.FrozenPool, outcome: lot.Lot, order: Sequence[str]) -> None:
    drawn = {leaf: (risk, ticket) for risk, leaf, ticket in outcome.drawn}
    ids = _subject_ids(draw.region_id, {one.leaf: one.entry.id for one in pool.subjects if one.leaf in drawn})
    texts = {one.leaf: proof.text() for one, proof in _with_leaf(pool, draw.commit_hash or "", order)}
    joint = len(draw.match["departments"]) > 1
    db.session.add_all(
        DrawnSubject(
            draw_id=draw.id, subject_id=ids[leaf], order=at, risk=drawn[leaf][0], leaf=leaf,
            ticket=drawn[leaf][1].hex(), proof=texts[leaf], joint=joint, drawn_on=clock.today(),
        )
        for at, leaf in enumerate(order, 1)
    )  # fmt: skip


def _with_leaf(pool: lot.FrozenPool, commit_hash: str, order: Sequence[str]) -> list[tuple[Any, Any]]:
    by_salt = {one.salt: one for one in pool.subjects}
    return [(by_salt[proof.salt], proof) for proof in proofs(pool, commit_hash, order)]


def _subject_ids(region_id: str, entries: Mapping[str, str]) -> dict[str, str]:
    """Leaf -> the library's id of the subject."""
    wanted, found = list(entries.values()), {}
    for at in range(0, len(wanted), 500):
        some = wanted[at : at + 500]
        rows = db.session.execute(
            select(Subject.id, Subject.credit_code).where(
                Subject.region_id == region_id, Subject.credit_code.in_(some) | Subject.id.in_(some)
            )
        )
        for id_, code in rows:
            found[code or id_] = id_
    return {leaf: found[entry] for leaf, entry in entries.items()}
