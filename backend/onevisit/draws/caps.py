"""Who has had enough checks this year? The profile's cap of joint checks (S2 art. 10) and departments' own caps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from onevisit.core.db import db
from onevisit.draws.models import CapOverride, CheckCap, Draw, DrawnSubject
from onevisit.draws.states import DrawState
from onevisit.draws.terms import EXCLUSION_LABELS, ExclusionReason
from onevisit.regions.modes import Handing
from onevisit.regions.queries import profile_of, regions_above
from onevisit.subjects.models import Subject, SubjectHistory
from onevisit.tasks.below import offices_below
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task, named_over

Checks = Mapping[str, set[str]]


@dataclass(frozen=True)
class Cap:
    """At most so many checks of a subject in a year; `strict` is false where the rule says "generally"."""

    reason: ExclusionReason
    department_id: str
    most: int
    sentence: str | None


def caps_of(task: Task) -> list[Cap]:
    """The caps that hold for a task: the region's, where it is a joint task, and those of its departments."""
    departments = [*departments_of_task(task), *_offices_below(task)]
    caps = []
    rule = profile_of(task.region_id).value("draw.joint_checks_per_subject_and_year")
    most = (rule.value or {}).get("max")
    if most is not None and len(departments) > 1:
        caps.append(Cap(ExclusionReason.JOINT_CAP, task.initiating_department_id, most, rule.sentence))
    for one in departments:
        own = own_cap(one)
        if own is not None and own.most is not None:
            caps.append(Cap(ExclusionReason.DEPARTMENT_CAP, one, own.most, own.ground))
    return caps


def _offices_below(task: Task) -> list[str]:
    """Where counties check what is drawn here, their offices' own caps hold for their subjects."""
    return (
        []
        if task.handing != Handing.DOWN
        else list(dict.fromkeys(one for offices in offices_below(task).values() for one in offices.values()))
    )


def regions_of_checks(task: Task) -> list[str]:
    """In which regions' draws a subject of this task may stand: its own, those above and those below."""
    below = list(offices_below(task)) if task.handing == Handing.DOWN else []
    return [*regions_above(task.region_id), task.region_id, *below]


def own_cap(department_id: str) -> CheckCap | None:
    """The department's own cap as it stands: the newest entry; one without a number lifts it."""
    newest = select(CheckCap).where(CheckCap.department_id == department_id).order_by(CheckCap.id.desc())
    return db.session.scalars(newest.limit(1)).first()


def at_cap(task: Task, year: int) -> dict[str, str]:
    """Subject -> the cap it has reached, but for caps that somebody approved to draw over."""
    lifted = {(one.cap, one.department_id) for one in overrides_of(task.id) if one.approved}
    reached: dict[str, str] = {}
    for cap in caps_of(task):
        if (cap.reason, cap.department_id) in lifted:
            continue
        joint = cap.reason == ExclusionReason.JOINT_CAP
        checks = (
            joint_checks(regions_of_checks(task), year)
            if joint
            else checks_by(regions_of_checks(task), cap.department_id, year)
        )
        reached |= {id_: cap.reason.value for id_, visits in checks.items() if len(visits) >= cap.most}
    return reached


def joint_checks(regions: Sequence[str], year: int) -> Checks:
    """Subject -> its joint checks of a year, done (history) or to come (drawn), each counted once."""
    drawn = _drawn(regions, year).where(DrawnSubject.joint)
    past = _past(regions, year).having(func.count(SubjectHistory.department_id.distinct()) > 1)
    return _each_once([*db.session.execute(drawn), *db.session.execute(past)])


def checks_by(regions: Sequence[str], department_id: str, year: int) -> Checks:
    """Subject -> the checks of a year in which this department takes part, alone or with others."""
    drawn = db.session.execute(_drawn(regions, year).add_columns(Draw.id, Draw.match))
    mine = [(one[0], one[1]) for one in drawn if department_id in one[3]["departments"]]
    past = _past(regions, year).where(SubjectHistory.department_id == department_id)
    return _each_once([*mine, *db.session.execute(past)])


def _drawn(regions: Sequence[str], year: int) -> Any:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return (
        select(DrawnSubject.subject_id, func.coalesce(DrawnSubject.visit_id, DrawnSubject.id))
        .join(Draw, Draw.id == DrawnSubject.draw_id)
        .where(
            Draw.region_id.in_(regions), Draw.state == DrawState.DRAWN, DrawnSubject.waived_at.is_(None),
            DrawnSubject.drawn_on.between(first, last),
        )
    )  # fmt: skip


def _past(regions: Sequence[str], year: int) -> Any:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return (
        select(SubjectHistory.subject_id, SubjectHistory.visit_id)
        .join(Subject, Subject.id == SubjectHistory.subject_id)
        .where(Subject.region_id.in_(regions), SubjectHistory.day.between(first, last))
        .group_by(SubjectHistory.subject_id, SubjectHistory.visit_id)
    )


def _each_once(rows: Iterable[Sequence[Any]]) -> Checks:
    checks: dict[str, set[str]] = {}
    for subject_id, visit in rows:
        checks.setdefault(subject_id, set()).add(visit)
    return checks


def overrides_of(task_id: str) -> list[CapOverride]:
    """What was asked for and decided about this task's caps, oldest first."""
    rows = select(CapOverride).where(CapOverride.task_id == task_id).order_by(CapOverride.id)
    return list(db.session.scalars(rows))


def caps_shown(task: Task, left_out: Mapping[str, int]) -> list[dict[str, Any]]:
    """Each cap with its sentence, how many reached it, and how far an override has come."""
    names, asked = (
        named_over(task, [*departments_of_task(task), *_offices_below(task)]),
        overrides_of(task.id),
    )
    shown = []
    for cap in caps_of(task):
        latest = next(
            (
                one
                for one in reversed(asked)
                if (one.cap, one.department_id) == (cap.reason, cap.department_id)
            ),
            None,
        )
        shown.append(
            {
                "cap": cap.reason.value, "label": EXCLUSION_LABELS[cap.reason], "department": names[cap.department_id],
                "most": cap.most, "sentence": cap.sentence,
                "reached": left_out.get(cap.reason.value, 0), "override": override_json(latest),
            }
        )  # fmt: skip
    return shown


def override_json(one: CapOverride | None) -> dict[str, Any] | None:
    """An override as it travels."""
    if one is None:
        return None
    return {
        "id": one.id, "reason": one.reason, "asked_at": one.asked_at, "decided_at": one.decided_at,
        "approved": one.approved, "answer": one.answer,
    }  # fmt: skip
