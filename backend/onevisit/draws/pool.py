"""Who stands in the drum? The task's confirmed scope less the exclusions, the inspectors, and the rules of the draw."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select

from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry
from onevisit.draws import lot
from onevisit.draws.match import MatchRules
from onevisit.draws.models import Draw, DrawnSubject
from onevisit.draws.quota import Batch, Rules, decimal_text
from onevisit.draws.states import DrawState
from onevisit.draws.terms import Bound, ExclusionReason
from onevisit.inspectors.models import Inspector
from onevisit.regions.queries import profile_of
from onevisit.subjects.models import Subject, SubjectHistory
from onevisit.subjects.queries import in_scope, latest_attestations, read_filter
from onevisit.subjects.terms import LIBRARY_LABELS, LibraryName, SubjectState
from onevisit.tasks.models import Task, TaskItem
from onevisit.tasks.queries import departments_of_task, named_departments


@dataclass(frozen=True)
class Candidates:
    """What would be frozen: subjects in the drum, those left out and why, the inspectors."""

    subjects: tuple[lot.Subject, ...]
    excluded: tuple[tuple[lot.Subject, str], ...]
    inspectors: tuple[lot.Inspector, ...]

    def counts(self) -> dict[str, Any]:
        """Numbers that a screen shows, so that nobody has to read the frozen text."""
        return {
            "risk": _counted(one.risk for one in self.subjects),
            "excluded": _counted(reason for _, reason in self.excluded),
            "inspectors": _counted(one.department for one in self.inspectors),
        }


def _counted(values: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for value in values:
        counted[value] = counted.get(value, 0) + 1
    return counted


def candidates(task: Task, year: int, over_cap: bool = False) -> Candidates:
    """The drum of a task on this day; `over_cap` leaves subjects in that reached the joint cap (S2: "generally")."""
    rows = db.session.scalars(in_scope(task.region_id, read_filter(task.scope_filter))).all()
    reasons = _reasons(task, rows, year, over_cap)
    entries = [(row.id, entry_of(row)) for row in rows]
    return Candidates(
        tuple(entry for id_, entry in entries if id_ not in reasons),
        tuple((entry, reasons[id_]) for id_, entry in entries if id_ in reasons),
        _inspectors(task, {id_: entry.id for id_, entry in entries}),
    )


def entry_of(subject: Subject) -> lot.Subject:
    """A subject as it is frozen: by credit code, by library id where it has none (draw.md §1)."""
    return lot.Subject(subject.credit_code or subject.id, subject.name, subject.region_id, subject.risk)


def _reasons(task: Task, rows: Sequence[Subject], year: int, over_cap: bool) -> dict[str, str]:
    """Subject -> why it is not in the drum; the first reason that holds."""
    closed = {row.id: ExclusionReason.CLOSED.value for row in rows if row.state != SubjectState.OPERATING}
    earlier = dict.fromkeys(drawn_earlier(task), ExclusionReason.DRAWN_EARLIER.value)
    capped = {} if over_cap else dict.fromkeys(at_cap(task, rows, year), ExclusionReason.JOINT_CAP.value)
    return {**capped, **earlier, **closed}


def drawn_earlier(task: Task) -> dict[str, str]:
    """Subject -> risk, of whom earlier batches of the same yearly ratio drew; a period's own ratio repeats freely."""
    if task.ratio_per != "year":
        return {}
    rows = db.session.execute(
        select(DrawnSubject.subject_id, DrawnSubject.risk)
        .join(Draw, Draw.id == DrawnSubject.draw_id).join(Task, Task.id == Draw.task_id)
        .where(Task.plan_entry_id == task.plan_entry_id, Task.id != task.id, Draw.state == DrawState.DRAWN)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def at_cap(task: Task, rows: Sequence[Subject], year: int) -> list[str]:
    """Who has had as many joint checks this year as the profile allows; a check by one department is no joint one."""
    cap = (profile_of(task.region_id).value("draw.joint_checks_per_subject_and_year").value or {}).get("max")
    if cap is None or len(departments_of_task(task)) < 2:
        return []
    checks = joint_checks([row.id for row in rows], year)
    return [row.id for row in rows if len(checks.get(row.id, ())) >= cap]


def joint_checks(subject_ids: Sequence[str], year: int) -> dict[str, set[str]]:
    """Subject -> its joint checks of a year, done (history) or to come (drawn), each counted once."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    checks: dict[str, set[str]] = {}
    for at in range(0, len(subject_ids), 500):
        some = subject_ids[at : at + 500]
        drawn = select(DrawnSubject.subject_id, func.coalesce(DrawnSubject.visit_id, DrawnSubject.id)).where(
            DrawnSubject.subject_id.in_(some), DrawnSubject.joint, DrawnSubject.drawn_on.between(first, last)
        )
        past = select(SubjectHistory.subject_id, SubjectHistory.visit_id).where(
            SubjectHistory.subject_id.in_(some), SubjectHistory.day.between(first, last)
        )
        for subject_id, visit in [*db.session.execute(drawn), *db.session.execute(past)]:
            checks.setdefault(subject_id, set()).add(visit)
    return checks


def _inspectors(task: Task, entry_ids: Mapping[str, str]) -> tuple[lot.Inspector, ...]:
    """All inspectors of the departments that take part; who cannot be chosen is said by the matching itself."""
    rows = db.session.scalars(
        select(Inspector)
        .where(Inspector.region_id == task.region_id, Inspector.department_id.in_(departments_of_task(task)))
        .order_by(Inspector.id)
    )
    return tuple(
        lot.Inspector(
            row.id, row.department_id, row.certificate_no or "", row.valid_to.isoformat() if row.valid_to else "",
            tuple(sorted(row.specialities)), row.state, tuple(sorted(entry_ids.get(one, one) for one in row.recusals)),
        )
        for row in rows
    )  # fmt: skip


def rules_of(task: Task, class_ratios: Mapping[str, str] | None) -> Rules:
    """The rules of the draw: the plan's ratio, the typed class ratios, the profile's multipliers."""
    profile = profile_of(task.region_id)
    batch = (
        Batch(task.period, task.periods, _counted(drawn_earlier(task).values()))
        if task.ratio_per == "year"
        else None
    )
    multipliers = {**(profile.value("risk.multipliers_proposed").value or {}), "-": "1"}
    if task.sample_size is not None:
        return Rules(None, Bound.EXACT.value, None, multipliers, task.sample_size, batch)
    ratio: dict[str, Any] = task.ratio or {}
    bound = ratio.get("bound") if ratio.get("bound") in (Bound.AT_LEAST, Bound.AT_MOST) else Bound.EXACT.value
    share = decimal_text(Decimal(str(ratio["percent"])) / 100)
    return Rules(share, bound or Bound.EXACT.value, class_ratios or None, multipliers, None, batch)


def match_rules_of(task: Task) -> MatchRules:
    """Departments in order, the initiating one first, and how many inspectors each part needs."""
    number = (profile_of(task.region_id).value("draw.inspectors_per_part_min").value or {}).get("n") or 2
    return MatchRules(task.initiating_department_id, tuple(departments_of_task(task)), number)


@dataclass(frozen=True)
class AttestationState:
    """Has a department confirmed its part of a library for this draw?"""

    department_id: str
    library: LibraryName
    confirmed_at: datetime | None
    fresh: bool


def attestations_for(task: Task) -> list[AttestationState]:
    """每次组织抽查活动前对“两库”进行更新确认 (S2 art. 11).

    By everybody who takes part, after the last import that changed the library and after the department's last draw.
    """
    if not (profile_of(task.region_id).value("libraries.confirm_before_draw").value or {}).get("required"):
        return []
    used = {one: _last_draw_with(one) for one in departments_of_task(task)}
    states = []
    for library in LibraryName:
        latest, changed_at = (
            latest_attestations(task.region_id, library),
            _last_change(task.region_id, library),
        )
        for department, drawn_at in used.items():
            at = latest[department].at if department in latest else None
            fresh = at is not None and all(since is None or at > since for since in (drawn_at, changed_at))
            states.append(AttestationState(department, library, at, fresh))
    return states


def _last_change(region_id: str, library: LibraryName) -> datetime | None:
    """When an import last added or changed something; the trail knows."""
    imports = db.session.scalars(
        select(TrailEntry)
        .where(TrailEntry.event == "library.imported", TrailEntry.object_id == f"{region_id}:{library.value}")
        .order_by(TrailEntry.position.desc())
    )
    return next((one.at for one in imports if one.facts["added"] or one.facts["changed"]), None)


def _last_draw_with(department_id: str) -> datetime | None:
    own = select(TaskItem.task_id).where(TaskItem.department_id == department_id)
    led = select(Task.id).where(Task.initiating_department_id == department_id)
    return db.session.scalar(
        select(func.max(Draw.made_at)).where(or_(Draw.task_id.in_(own), Draw.task_id.in_(led)))
    )


def refuse_unattested(task: Task) -> None:
    """No draw over libraries for which nobody vouches."""
    missing = [one for one in attestations_for(task) if not one.fresh]
    if missing:
        names = named_departments([one.department_id for one in missing])
        whose = "、".join(
            f"{names[one.department_id]['short_name']}的{LIBRARY_LABELS[one.library]}" for one in missing
        )
        raise Problem(
            "draws.pool_not_confirmed", f"每次抽取前要先确认名录库，还没有确认：{whose}。请这些部门在名录库页面更新并确认。", 409,
            missing=[{"department_id": one.department_id, "library": one.library.value} for one in missing],
        )  # fmt: skip
