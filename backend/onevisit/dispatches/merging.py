"""What happens when a subject is drawn in several open tasks: one visit is proposed, accepted, refused or undone.

A merged visit counts once and has one record; each task keeps its items and results (process.md 4).
"""

from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm.util import identity_key

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, running, transaction
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry
from onevisit.dispatches import merges
from onevisit.dispatches.models import Part, TeamMember, Visit, VisitMerge
from onevisit.dispatches.queries import members_of
from onevisit.dispatches.terms import MergeState, VisitState
from onevisit.tasks.models import Task

OPEN_STATES = (VisitState.DISPATCHED.value, VisitState.SCHEDULED.value)


def propose_merges(entry: TrailEntry) -> None:
    """`task.dispatched`: whoever of the new visits has another open one is proposed to be visited once."""
    new = db.session.scalars(
        select(Visit).where(Visit.task_id == entry.object_id, Visit.state.in_(OPEN_STATES))
    ).all()
    subjects = {visit.subject_id: visit for visit in new}
    standing = db.session.scalars(
        select(Visit).where(
            Visit.subject_id.in_(list(subjects)), Visit.region_id == entry.region_id,
            Visit.task_id != entry.object_id, Visit.state.in_(OPEN_STATES), Visit.merged_into_id.is_(None),
        ).order_by(Visit.dispatched_at, Visit.no)
    ).all()  # fmt: skip
    tasks = {visit.task_id for visit in (*new, *standing)}
    sensitive, schemes = _sensitive(tasks), merges.schemes_by_task(tasks)
    own = schemes.get(entry.object_id or "")
    # What the plan linked goes before what chance brought together; among equals the earliest dispatched.
    for earlier in sorted(standing, key=lambda visit: own is None or schemes.get(visit.task_id) != own):
        visit = subjects.get(earlier.subject_id)
        if visit is None or begun(earlier) or (earlier.task_id in sensitive) != (visit.task_id in sensitive):
            continue
        del subjects[earlier.subject_id]
        if merges.merge_between(earlier, visit) is not None:
            continue
        db.session.add(
            VisitMerge(
                region_id=visit.region_id, into_id=earlier.id, from_id=visit.id, proposed_at=clock.now()
            )
        )


def _sensitive(task_ids: set[str]) -> set[str]:
    """What is kept from the public is never mixed with what is not."""
    return set(db.session.scalars(select(Task.id).where(Task.id.in_(task_ids), Task.sensitive)))


def accept(merge_id: str) -> VisitMerge:
    """Go once: the parts and people of the later visit join the earlier one, which has one record for both tasks."""
    with transaction():
        merge, into, leaving = _waiting(merge_id)
        for visit in (into, leaving):
            if begun(visit):
                merge.state = MergeState.LAPSED.value
        if merge.state != MergeState.LAPSED:
            _join(into, leaving)
        _decide(merge, merge.state if merge.state == MergeState.LAPSED else MergeState.ACCEPTED.value, None)
    if merge.state == MergeState.LAPSED:
        raise Problem(
            "dispatches.merge_too_late", "其中一次上门已经开始检查，不能再合并，两次上门各自照常进行。", 409
        )
    return merge


def refuse(merge_id: str, reason: str) -> VisitMerge:
    """Go twice after all: only with a reason, which stays on record."""
    with transaction():
        merge, _, _ = _waiting(merge_id)
        _decide(merge, MergeState.REFUSED.value, reason)
    return merge


def undo(merge_id: str, reason: str) -> VisitMerge:
    """Take a decision back while nobody has stood at the door: the proposal waits again."""
    with transaction():
        merge, into, leaving = _locked(merge_id)
        if merge.state not in (MergeState.ACCEPTED, MergeState.REFUSED):
            raise Problem(
                "dispatches.merge_undecided_yet", "这条建议还没有决定，没有可撤回的。请刷新页面。", 409
            )
        if begun(into) or begun(leaving):
            raise Problem("dispatches.merge_too_late", "已经开始检查，不能再撤回。", 409)
        if merge.state == MergeState.ACCEPTED:
            _part_again(into, leaving)
        _decide(merge, MergeState.PROPOSED.value, reason)
    return merge


_VISITS = Visit.__table__
MERGED = select(_VISITS.c.merged_into_id).where(_VISITS.c.id == bindparam("visit")).with_for_update()
BEGUN = _VISITS.update().where(_VISITS.c.id == bindparam("visit")).values(begun_at=bindparam("at"))  # type: ignore[attr-defined]


def note_begun(entry: TrailEntry) -> None:
    """`visit.begun`: from now on it is neither merged nor parted.

    A phone that had not heard of the merge may begin the merged visit: what it recorded keeps its own visit. The
    visit that it was merged into loses what came with it, unless it has begun too.
    """
    if running().execute(MERGED, {"visit": entry.object_id}).scalar_one() is None:
        running().execute(BEGUN, {"visit": entry.object_id, "at": entry.at})
        if (known := db.session.identity_map.get(identity_key(Visit, entry.object_id))) is not None:
            db.session.expire(known, ["begun_at"])
        return
    visit = db.session.get_one(Visit, entry.object_id)
    visit.begun_at = entry.at
    into = db.session.get_one(Visit, visit.merged_into_id)
    merge = merges.merge_between(into, visit)
    if begun(into):
        visit.merged_into_id, visit.state = None, _state_alone(visit)
    else:
        _part_again(into, visit)
    if merge is not None:
        _decide(merge, MergeState.LAPSED.value, "手机在收到合并前已经开始检查")


def begun(visit: Visit) -> bool:
    """Somebody has recorded something, or the check is over."""
    return visit.begun_at is not None or visit.ended_at is not None


def _join(into: Visit, leaving: Visit) -> None:
    own = {part.department_id: part for part in into.parts}
    there = {one.inspector_id for one in members_of(into)}
    for part in leaving.parts:
        if part.department_id not in own:
            into.parts.append(_copied(part, leaving.id, len(into.parts)))
    for member in members_of(leaving):
        if member.inspector_id not in there:
            into.team.append(
                TeamMember(
                    department_id=member.department_id, inspector_id=member.inspector_id, order=len(into.team),
                    came_with_id=leaving.id,
                )
            )  # fmt: skip
    leaving.merged_into_id, leaving.state = into.id, VisitState.MERGED.value
    for visit in (into, leaving):
        visit.revision += 1
    into.due = min(into.due, leaving.due)


def _copied(part: Part, visit_id: str, order: int) -> Part:
    return Part(
        department_id=part.department_id, order=order, initiating=False, leader_id=part.leader_id,
        claim_due=part.claim_due, claim_provisional=part.claim_provisional, claimed_at=part.claimed_at,
        claimed_by=part.claimed_by, compared=part.compared, compare_note=part.compare_note, came_with_id=visit_id,
    )  # fmt: skip


def _part_again(into: Visit, leaving: Visit) -> None:
    """As it was; a claim made in between goes back with its part."""
    alone = {part.department_id: part for part in leaving.parts}
    for part in [one for one in into.parts if one.came_with_id == leaving.id]:
        former = alone[part.department_id]
        former.claimed_at, former.claimed_by = part.claimed_at, part.claimed_by
        former.compared, former.compare_note = part.compared, part.compare_note
        into.parts.remove(part)
    for member in [one for one in into.team if one.came_with_id == leaving.id]:
        into.team.remove(member)
    leaving.merged_into_id, leaving.state = None, _state_alone(leaving)
    into.due = min(
        [_task_due(into), *(visit.due for visit in merges.merged_into(into.id) if visit is not leaving)]
    )
    for visit in (into, leaving):
        visit.revision += 1


def _task_due(visit: Visit) -> Any:
    return merges.tasks_of(visit)[0].due


def _state_alone(visit: Visit) -> str:
    return (VisitState.SCHEDULED if visit.scheduled_day else VisitState.DISPATCHED).value


def _waiting(merge_id: str) -> tuple[VisitMerge, Visit, Visit]:
    merge, into, leaving = _locked(merge_id)
    if merge.state != MergeState.PROPOSED:
        raise Problem("dispatches.merge_decided", "这条合并建议已经由同事决定过了。请刷新页面查看。", 409)
    return merge, into, leaving


def _locked(merge_id: str) -> tuple[VisitMerge, Visit, Visit]:
    merge = db.session.get_one(VisitMerge, merge_id)
    visits = db.session.scalars(
        select(Visit).where(or_(Visit.id == merge.into_id, Visit.id == merge.from_id)).order_by(Visit.id).with_for_update()
    ).all()  # fmt: skip
    db.session.refresh(merge, with_for_update=True)
    by_id = {visit.id: visit for visit in visits}
    return merge, by_id[merge.into_id], by_id[merge.from_id]


def _decide(merge: VisitMerge, state: str, reason: str | None) -> None:
    merge.state, merge.reason, merge.decided_at, merge.decided_by = (
        state,
        reason,
        clock.now(),
        acting().account_id,
    )
    trail.record(
        "visit.merge_decided", "visit", merge.into_id, region_id=merge.region_id, merge=merge.id, state=state,
        leaving=merge.from_id, reason=reason,
    )  # fmt: skip
