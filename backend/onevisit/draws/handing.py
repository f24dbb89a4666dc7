"""How does a list drawn above come down? Each region gets its part, with leaves, tickets and the commit it rests on.

The lot is the upper region's and is checked there; the lower one draws its inspectors over its own library, and what
it appends (waived, appointed) goes to the bundle of the draw itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.core.bulk import keep_many
from onevisit.core.db import db
from onevisit.draws.models import Draw, DrawnSubject
from onevisit.draws.pool import match_rules_of
from onevisit.draws.preparing import keep_new
from onevisit.draws.queries import to_visit
from onevisit.draws.states import DrawKind, DrawState
from onevisit.regions.queries import region_of
from onevisit.subjects.models import Subject
from onevisit.subjects.terms import SubjectState
from onevisit.tasks.models import Task


@dataclass(frozen=True)
class Placed:
    """A drawn subject and where somebody goes to it: `moved` where that is another region than the frozen one."""

    drawn: DrawnSubject
    subject: Subject
    frozen_in: Subject

    @property
    def moved(self) -> bool:
        """Does it lie elsewhere than when it was frozen?"""
        return self.subject.id != self.frozen_in.id


def placed(draw: Draw, regions: Sequence[str]) -> list[Placed]:
    """Where the drawn subjects lie now. Who moved out since stands in another region's library with the same code."""
    drawn = to_visit(draw)
    held = {one.id: one for one in _subjects(Subject.id.in_([one.subject_id for one in drawn]))}
    gone = {
        one.credit_code: one
        for one in held.values()
        if one.credit_code and one.state != SubjectState.OPERATING
    }
    new = {
        one.credit_code: one
        for one in _subjects(Subject.credit_code.in_(gone) & Subject.region_id.in_(regions))
        if one.state == SubjectState.OPERATING and one.region_id != gone[one.credit_code or ""].region_id
    }
    return [
        Placed(one, new.get(own.credit_code or "", own), own)
        for one in drawn
        if (own := held[one.subject_id])
    ]


def _subjects(condition: object) -> list[Subject]:
    return list(db.session.scalars(select(Subject).where(condition)))  # type: ignore[arg-type]


def hand_over(draw: Draw, task: Task, part: Sequence[tuple[DrawnSubject, str]]) -> Draw:
    """The part of a list that one region carries out, as that region's own list: (drawn subject, library id there)."""
    now, above = clock.now(), db.session.get_one(Task, draw.task_id)
    handed = Draw(
        task_id=task.id, region_id=task.region_id, kind=DrawKind.HANDED_DOWN.value, order=draw.order,
        state=DrawState.DRAWN.value, rules=draw.rules, match=match_rules_of(task).as_json(),
        rests_on_id=draw.id, commit_hash=draw.commit_hash,
        origin={
            "platform": region_of(draw.region_id).name, "task_no": draw.no, "drawn_on": _day(draw), "task": above.no,
        },
        counts={"risk": {}, "excluded": {}, "inspectors": {}, "drawn": len(part)},
        changes={"since": None, "added": [], "removed": [], "changed": []},
        remarks={"above_plan": None, "over_cap": None}, shown={"classes": [], "shortfalls": [], "events": []},
        made_at=now, made_by=acting().account_id, committed_at=draw.committed_at, closes_at=draw.closes_at,
        drawn_at=draw.drawn_at,
    )  # fmt: skip
    keep_new(handed)
    joint = len(handed.match["departments"]) > 1
    keep_many(
        DrawnSubject,
        [
            {
                "draw_id": handed.id, "subject_id": subject_id, "order": at, "risk": one.risk, "leaf": one.leaf,
                "ticket": one.ticket, "joint": joint, "drawn_on": one.drawn_on,
            }
            for at, (one, subject_id) in enumerate(part, 1)
        ],
    )  # fmt: skip
    return handed


def _day(draw: Draw) -> str:
    return clock.law_day(draw.drawn_at).isoformat() if draw.drawn_at else ""
