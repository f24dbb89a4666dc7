"""What comes out of a draw, and how is it kept? Subjects, inspectors, proofs and signed bundles, all or nothing."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.bulk import keep_many
from onevisit.core.db import db
from onevisit.draws import bundle as bundles
from onevisit.draws import lot
from onevisit.draws.kept import bundles_begun, pool_of, reveals_of
from onevisit.draws.match import Matching, MatchRules, match_inspectors, visits_in_full
from onevisit.draws.models import Draw, DrawnInspector, DrawnSubject
from onevisit.draws.quota import Rules
from onevisit.draws.showing import Entries, near_the_line, summary
from onevisit.draws.states import DrawState
from onevisit.draws.writing import Lists, ready
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task

AT_ONCE = 2_000  # so many subjects are looked up in one question


def draw_now(draw: Draw) -> None:
    """Subjects, inspectors, shortfalls, proofs and signed bundles, all or nothing."""
    pool, task = pool_of(draw), db.session.get_one(Task, draw.task_id)
    revealed = reveals_of(draw)
    key = bundles.draw_key(draw.commit, revealed)
    outcome = lot.draw_subjects(pool, Rules.from_json(draw.rules), key)
    order, near = outcome.visit_order(), near_the_line(outcome)
    entries = pool.subjects.those({*order, *(leaf for few in near.values() for _, leaf in few)})
    matching = _matched(draw, pool, order, entries, key, task.window_end.isoformat())
    draw.key, draw.drawn_at, draw.state = key.hex(), clock.now(), DrawState.DRAWN.value
    outline = bundles.drawn_outline(draw.commit, revealed, outcome, matching)
    kept = bundles_begun(draw, outline, Lists(outcome.row, outcome.codes, ready(outcome.tickets), pool))
    _keep_subjects(draw, outcome, order, entries)
    _keep_teams(draw, pool, matching)
    draw.shown = summary(outcome, matching, near, entries)
    trail.record(
        "draw.drawn", "draw", draw.id, region_id=draw.region_id, department_id=task.initiating_department_id,
        task=task.id, no=draw.no, commit_hash=draw.commit_hash, key=draw.key, selected=len(order),
        shortfalls=len(matching.shortfalls) if matching else 0, bundle=kept(),
    )  # fmt: skip


def _matched(
    draw: Draw, pool: lot.FrozenPool, order: Sequence[str], entries: Entries, key: bytes, window_end: str
) -> Matching | None:
    """Inspectors for the drawn visits; None where no department has anybody in its library."""
    if not pool.inspectors:
        return None
    subjects = {leaf: entries[leaf].entry.id for leaf in order}
    match = MatchRules.from_json(draw.match)
    return match_inspectors(
        visits_in_full(order, subjects, match), pool.inspectors, match.departments, key,
        match.valid_through or window_end, match.neighbours,
    )  # fmt: skip


def _keep_subjects(draw: Draw, outcome: lot.Lot, order: Sequence[str], entries: Entries) -> None:
    """In one statement: a province draws tens of thousands."""
    drawn = {leaf: (risk, ticket) for risk, leaf, ticket in outcome.drawn}
    regions = list(draw.counts.get("regions") or [draw.region_id])
    ids = _subject_ids(regions, {leaf: entries[leaf].entry for leaf in order})
    joint, today = len(draw.match["departments"]) > 1, clock.today()
    rows = [
        {
            "draw_id": draw.id, "subject_id": ids[leaf], "order": at, "risk": drawn[leaf][0], "leaf": leaf,
            "ticket": drawn[leaf][1].hex(), "joint": joint, "drawn_on": today,
        }
        for at, leaf in enumerate(order, 1)
    ]  # fmt: skip
    keep_many(DrawnSubject, rows)


def _keep_teams(draw: Draw, pool: lot.FrozenPool, matching: Matching | None) -> None:
    people = {one.leaf: one.entry.id for one in pool.inspectors}
    rows = [
        {
            "draw_id": draw.id, "leaf": team.visit, "department_id": team.department, "inspector_id": people[leaf],
            "order": at,
        }
        for team in (matching.teams if matching else ())
        for at, leaf in enumerate(team.inspectors)
    ]  # fmt: skip
    keep_many(DrawnInspector, rows)


def _subject_ids(regions: Sequence[str], entries: Mapping[str, lot.Subject]) -> dict[str, str]:
    """Leaf -> the library's id of the subject, in the library of the region that stands in its entry."""
    found: dict[tuple[str, str], str] = {}
    for column in (Subject.credit_code, Subject.id):
        wanted = [one.id for one in entries.values() if (one.region, one.id) not in found]
        for at in range(0, len(wanted), AT_ONCE):
            rows = db.session.execute(
                select(Subject.region_id, column, Subject.id).where(
                    Subject.region_id.in_(regions), column.in_(wanted[at : at + AT_ONCE])
                )
            )
            found.update(((region, str(entry)), id_) for region, entry, id_ in rows)
    return {leaf: found[one.region, one.id] for leaf, one in entries.items()}
