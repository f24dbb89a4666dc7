"""What becomes of a dispatched visit's team when inspectors are drawn after the claim, or one is replaced? (S1; S2 art. 16, 17)"""

from collections.abc import Mapping

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry
from onevisit.dispatches import rules
from onevisit.dispatches.models import Part, TeamMember, Visit
from onevisit.dispatches.queries import members_of
from onevisit.draws.models import Draw
from onevisit.draws.queries import teams_of


def note_inspectors_drawn(entry: TrailEntry) -> None:
    """`draw.inspectors_drawn`: the drawn ones take their places on the visits; the first of each department leads its part."""
    draw = db.session.get_one(Draw, entry.facts["subjects_draw"])
    teams = teams_of(draw)
    for visit in _visits_of_draw(draw.id):
        _fill(visit, teams)
        made = _made(visit)
        trail.record("team.drawn", "visit", made.id, region_id=made.region_id, draw=entry.object_id)


def note_appointed(entry: TrailEntry) -> None:
    """`draw.inspector_appointed`: whoever fills a shortfall after the dispatch takes the place, and the lead if nobody has it.

    Refused where the part is already confirmed on the spot: whoever was there was there.
    """
    facts = entry.facts
    visit = _visit_of_leaf(facts["subjects_draw"], facts["leaf"])
    if visit is None:
        return  # not dispatched yet: the draw's own list is what the dispatch reads
    part = next(one for one in visit.parts if one.department_id == entry.department_id)
    if part.state not in rules.OPEN_PARTS:
        raise Problem("dispatches.part_closed", "本部门的部分已经当场确认，不能再补检查人员。", 409)
    _fill(visit, teams_of(db.session.get_one(Draw, facts["subjects_draw"])))
    made = _made(visit)
    trail.record(
        "team.completed", "visit", made.id, region_id=made.region_id, department_id=entry.department_id,
        inspector=facts["inspector"], reason=facts["reason"],
    )  # fmt: skip


def _fill(visit: Visit, teams: Mapping[tuple[str, str], list[str]]) -> None:
    """Everybody whom the draws and appointments put on a visit stands on it, and on the one it was merged into."""
    made = _made(visit)
    there = {one.inspector_id for one in members_of(made)}
    for part in visit.parts:
        people = teams.get((visit.subject_leaf or "", part.department_id), [])
        for holder in dict.fromkeys([visit, made]):
            _take_places(holder, part.department_id, people, there if holder is made else set())
            _lead(holder, part.department_id, people)


def note_replaced(entry: TrailEntry) -> None:
    """`draw.inspector_replaced`: the new one takes the place, and the lead where the old one had it.

    Refused where the part is already confirmed on the spot: whoever was there was there.
    """
    facts = entry.facts
    visit = _visit_of_leaf(facts["subjects_draw"], facts["leaf"])
    if visit is None:
        return  # not dispatched yet: the draw's own list is what the dispatch reads
    for one in dict.fromkeys([visit, _made(visit)]):
        _replace_on(one, facts["department"], facts["out"], facts["into"], facts["reason"])


def _replace_on(visit: Visit, department_id: str, out: str, into: str, reason: str) -> None:
    part = next(one for one in visit.parts if one.department_id == department_id)
    if part.state not in rules.OPEN_PARTS:
        raise Problem("dispatches.part_closed", "本部门的部分已经当场确认，不能再更换检查人员。", 409)
    leaving = next((one for one in members_of(visit) if one.inspector_id == out), None)
    if leaving is None:
        return
    leaving.removed_at, leaving.removed_reason = clock.now(), reason
    former = next((one for one in visit.team if one.inspector_id == into), None)
    if former is None:
        visit.team.append(TeamMember(department_id=department_id, inspector_id=into, order=leaving.order))
    else:
        former.removed_at = former.removed_reason = None
    if part.leader_id == out:
        part.leader_id, part.revision = into, part.revision + 1
    if visit.leader_id == out:
        visit.leader_id = into
    visit.revision += 1
    trail.record(
        "team.replaced", "visit", visit.id, region_id=visit.region_id, department_id=department_id, out=out, into=into,
        reason=reason,
    )  # fmt: skip


def _visits_of_draw(draw_id: str) -> list[Visit]:
    return list(db.session.scalars(select(Visit).where(Visit.draw_id == draw_id).order_by(Visit.order)))


def _visit_of_leaf(draw_id: str, leaf: str) -> Visit | None:
    wanted = select(Visit).where(Visit.draw_id == draw_id, Visit.subject_leaf == leaf)
    return db.session.scalars(wanted.with_for_update()).first()


def _made(visit: Visit) -> Visit:
    """The visit that is really made: itself, or the one it was merged into."""
    return db.session.get_one(Visit, visit.merged_into_id) if visit.merged_into_id else visit


def _take_places(visit: Visit, department_id: str, people: list[str], there: set[str]) -> None:
    known = there | {one.inspector_id for one in visit.team}
    for person in people:
        if person not in known:
            visit.team.append(
                TeamMember(department_id=department_id, inspector_id=person, order=len(visit.team))
            )
            visit.revision += 1


def _lead(visit: Visit, department_id: str, people: list[str]) -> None:
    part: Part | None = next((one for one in visit.parts if one.department_id == department_id), None)
    if part is None or not people:
        return
    part.leader_id = part.leader_id or people[0]
    if part.initiating:
        visit.leader_id = visit.leader_id or people[0]
