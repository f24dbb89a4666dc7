"""What comes out of an inspectors' draw? Teams for the visits of the subjects' draw it rests on (draw.md §5)."""

from collections.abc import Sequence

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.bulk import keep_many
from onevisit.core.db import db
from onevisit.draws import bundle as bundles
from onevisit.draws import lot
from onevisit.draws.kept import keep_bundles, pool_of, reveals_of
from onevisit.draws.match import (
    Matching,
    MatchRules,
    MatchVisit,
    Shortfall,
    match_inspectors,
    visits_in_full,
    visits_short,
)
from onevisit.draws.models import Draw, DrawnInspector, DrawnSubject
from onevisit.draws.quota import Rules
from onevisit.draws.showing import near_the_line, shown_of, summary
from onevisit.draws.states import DrawState
from onevisit.draws.writing import Lists, ready
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task


def draw_inspectors_now(draw: Draw) -> None:
    """Teams, shortfalls and signed bundles, all or nothing; the visits and their order are the subjects' draw's."""
    base = db.session.get_one(Draw, draw.subjects_draw_id)
    task = db.session.get_one(Task, draw.task_id)
    pool, revealed, rules = pool_of(draw), reveals_of(draw), MatchRules.from_json(draw.match)
    key = bundles.draw_key(draw.commit, revealed)
    matching = match_inspectors(
        _visits(draw, base, rules), pool.inspectors, rules.departments, key,
        rules.valid_through or task.window_end.isoformat(), rules.neighbours,
    )  # fmt: skip
    nothing = lot.draw_subjects(pool, Rules.from_json(draw.rules), key)
    draw.key, draw.drawn_at, draw.state = key.hex(), clock.now(), DrawState.DRAWN.value
    outline = bundles.drawn_outline(draw.commit, revealed, nothing, matching)
    bundle = keep_bundles(draw, outline, Lists(b"", b"", ready(b""), pool))
    draw.shown = summary(nothing, matching, near_the_line(nothing), {})
    _keep_teams(draw, base, pool, matching)
    trail.record(
        "draw.inspectors_drawn", "draw", draw.id, region_id=draw.region_id,
        department_id=task.initiating_department_id, task=task.id, no=draw.no, subjects_draw=base.id,
        departments=list(rules.departments), commit_hash=draw.commit_hash, key=draw.key,
        shortfalls=len(matching.shortfalls), bundle=bundle,
    )  # fmt: skip


def _visits(draw: Draw, base: Draw, rules: MatchRules) -> list[MatchVisit]:
    """All drawn visits in their order; for a widened draw only those where somebody was missing."""
    rows = db.session.execute(
        select(DrawnSubject.leaf, Subject.credit_code, Subject.id)
        .join(Subject, Subject.id == DrawnSubject.subject_id)
        .where(DrawnSubject.draw_id == base.id).order_by(DrawnSubject.order)
    ).all()  # fmt: skip
    subjects = {leaf: code or id_ for leaf, code, id_ in rows}
    rests_on = db.session.get_one(Draw, draw.rests_on_id)
    if not rules.neighbours:
        return visits_in_full([row[0] for row in rows], subjects, rules)
    short = [Shortfall.from_json(one) for one in shown_of(rests_on)["shortfalls"]]
    return visits_short(short, subjects, _already(rests_on, base), rules)


def _already(rests_on: Draw, base: Draw) -> dict[str, frozenset[str]]:
    """Leaf -> whom the draws this one rests on put on the visit; appointed ones came by no draw."""
    chain: Sequence[str] = [rests_on.id, base.id]
    found: dict[str, set[str]] = {}
    rows = db.session.scalars(
        select(DrawnInspector).where(
            DrawnInspector.draw_id == base.id, DrawnInspector.appointed_reason.is_(None), DrawnInspector.stands_in_for.is_(None)
        )
    )  # fmt: skip
    for one in rows:
        if (one.chosen_in or base.id) in chain:
            found.setdefault(one.leaf, set()).add(one.inspector_id)
    return {leaf: frozenset(people) for leaf, people in found.items()}


def _keep_teams(draw: Draw, base: Draw, pool: lot.FrozenPool, matching: Matching) -> None:
    """Under the subjects' draw, after whoever is there already."""
    people = {one.leaf: one.entry.id for one in pool.inspectors}
    held: dict[tuple[str, str], int] = {}
    for leaf, department in db.session.execute(
        select(DrawnInspector.leaf, DrawnInspector.department_id).where(DrawnInspector.draw_id == base.id)
    ):
        held[leaf, department] = held.get((leaf, department), 0) + 1
    rows = [
        {
            "draw_id": base.id, "chosen_in": draw.id, "leaf": team.visit, "department_id": team.department,
            "inspector_id": people[leaf], "order": held.get((team.visit, team.department), 0) + at,
        }
        for team in matching.teams
        for at, leaf in enumerate(team.inspectors)
    ]  # fmt: skip
    keep_many(DrawnInspector, rows)
