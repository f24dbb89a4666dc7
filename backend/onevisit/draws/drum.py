"""Who stands in the drum? The task's confirmed scope less the exclusions, read as a stream: a province has a million."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Select, func, or_, select

from onevisit.core.db import db
from onevisit.draws import lot
from onevisit.draws.caps import at_cap
from onevisit.draws.models import Draw, DrawnSubject
from onevisit.draws.quota import CLASSES
from onevisit.draws.states import DrawState
from onevisit.draws.terms import ExclusionReason
from onevisit.inspectors.models import Inspector
from onevisit.regions.modes import Handing
from onevisit.subjects.models import Subject
from onevisit.subjects.queries import in_scope
from onevisit.subjects.terms import SubjectState
from onevisit.tasks.below import libraries_of_task, offices_below
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task

AT_ONCE = 4_096  # so many rows are fetched at a time
ASKED = 500  # of so many subjects is asked by id in one question
CLOSED = ExclusionReason.CLOSED.value


@dataclass(frozen=True)
class Drum:
    """What would be frozen now.

    `aside`: subject id -> why a cap or an earlier batch leaves it out; `twice`: who stands in two regions' libraries
    and has its chance in the other. Whoever is closed is left out as closed.
    """

    task: Task
    aside: Mapping[str, str]
    twice: Mapping[str, str]
    inspectors: tuple[lot.Inspector, ...]

    @cached_property
    def set_aside(self) -> list[tuple[lot.Subject, str, str]]:
        """Whom a cap, an earlier batch or a second library takes out of this scope: the entry, why, its state."""
        return _set_aside(self.task, self.aside, self.twice)

    @cached_property
    def _groups(self) -> Counter[tuple[str, str, bool]]:
        """Region, class, operating -> how many, but for those set aside; counted only where somebody asks."""
        groups = _counted(self.task)
        groups.subtract(
            (one.region, one.risk, state == SubjectState.OPERATING) for one, _, state in self.set_aside
        )
        return groups

    @property
    def in_classes(self) -> dict[str, int]:
        """How many of each class are in the drum."""
        found = Counter[str]()
        for (_, risk, operating), number in self._groups.items():
            found[risk] += number if operating else 0
        return {risk: found[risk] for risk in CLASSES if found[risk]}

    @property
    def by_region(self) -> Counter[str]:
        """And of each region."""
        found = Counter[str]()
        for (region, _, operating), number in self._groups.items():
            found[region] += number if operating else 0
        return found

    @property
    def left_out(self) -> Counter[str]:
        """How many are left out for which reason."""
        closed = sum(number for group, number in self._groups.items() if not group[2])
        return Counter(why for _, why, _ in self.set_aside) + Counter({CLOSED: closed})

    def count(self) -> int:
        """How many will be frozen, left out or not."""
        return sum(self.in_classes.values()) + sum(self.left_out.values())

    def counts(self) -> dict[str, Any]:
        """Numbers that a screen shows, so that nobody has to read the lists."""
        return {
            "risk": dict(self.in_classes),
            "excluded": dict(self.left_out),
            "inspectors": dict(Counter(one.department for one in self.inspectors)),
        }

    def subjects(self, words: str = "") -> Iterator[lot.Subject]:
        """In the drum, region by region, by id."""
        for scope in _scopes(self.task, words):
            for row in _streamed(scope.where(Subject.state == SubjectState.OPERATING)):
                if row[0] not in self.aside and row[0] not in self.twice:
                    yield _entry(row)

    def excluded(self, words: str = "") -> Iterator[tuple[lot.Subject, str]]:
        """Left out, with the reason; closed ones first."""
        for scope in _scopes(self.task, words):
            for row in _streamed(scope.where(Subject.state != SubjectState.OPERATING)):
                if row[0] not in self.twice:
                    yield _entry(row), CLOSED
        for one, why, _ in self.set_aside:
            if words in one.name or words in one.id:
                yield one, why


def drum_of(task: Task, year: int, with_inspectors: bool = True) -> Drum:
    """The drum of a task on this day; the database counts it."""
    aside = {**at_cap(task, year), **dict.fromkeys(drawn_earlier(task), ExclusionReason.DRAWN_EARLIER.value)}
    twice = _listed_twice(task) if task.handing == Handing.DOWN else {}
    return Drum(task, aside, twice, _people(task) if with_inspectors else ())


def _counted(task: Task) -> Counter[tuple[str, str, bool]]:
    """Region, class, operating -> how many."""
    found = Counter[tuple[str, str, bool]]()
    operating = Subject.state == SubjectState.OPERATING
    for region_id, wanted in libraries_of_task(task).items():
        asked = (
            in_scope(region_id, wanted)
            .order_by(None)
            .with_only_columns(Subject.risk, operating, func.count())
        )
        for risk, open_, number in db.session.execute(asked.group_by(Subject.risk, operating)):
            found[region_id, risk, bool(open_)] += number
    return found


def _set_aside(
    task: Task, aside: Mapping[str, str], twice: Mapping[str, str]
) -> list[tuple[lot.Subject, str, str]]:
    found = []
    for why, some in ((aside, sorted(aside.keys() - twice.keys())), (twice, sorted(twice))):
        for at in range(0, len(some), ASKED):
            for scope in _scopes(task, ""):
                asked = scope.add_columns(Subject.state).where(Subject.id.in_(some[at : at + ASKED]))
                found += [
                    (_entry(row, why is twice), why[row[0]], row[5])
                    for row in db.session.execute(asked)
                    if why is twice or row[5] == SubjectState.OPERATING
                ]
    return found


def _listed_twice(task: Task) -> dict[str, str]:
    """Who stands in two counties' libraries has one chance: where it operates, else where the code comes first."""
    kept: dict[str, tuple[str, bool]] = {}
    twice: dict[str, str] = {}
    for scope in _scopes(task, ""):
        for row in _streamed(scope.add_columns(Subject.state).where(Subject.credit_code.is_not(None))):
            code, here = row[1], (row[0], row[5] == SubjectState.OPERATING)
            there = kept.setdefault(code, here)
            if there[0] != here[0]:
                kept[code], lost = (here, there) if here[1] > there[1] else (there, here)
                twice[lost[0]] = ExclusionReason.LISTED_TWICE.value
    return twice


def _scopes(task: Task, words: str) -> list[Select[Any]]:
    """Of each region's library what the task means; only columns are read, never whole subjects."""
    found: list[Any] = [
        in_scope(region_id, wanted).with_only_columns(
            Subject.id, Subject.credit_code, Subject.name, Subject.region_id, Subject.risk
        )
        for region_id, wanted in libraries_of_task(task).items()
    ]
    if not words:
        return found
    in_code = func.coalesce(Subject.credit_code, Subject.id).contains(words, autoescape=True)
    either = or_(Subject.name.contains(words, autoescape=True), in_code)
    return [one.where(either) for one in found]


def _streamed(asked: Select[Any]) -> Iterator[Sequence[Any]]:
    rows = db.session.execute(asked.execution_options(yield_per=AT_ONCE))
    for some in rows.partitions():
        yield from some


def _entry(row: Sequence[Any], by_library: bool = False) -> lot.Subject:
    """A subject as it is frozen: by credit code, by library id where it has none or another entry has it (draw.md §1)."""
    return lot.Subject(row[0] if by_library else row[1] or row[0], row[2], row[3], row[4])


def _people(task: Task) -> tuple[lot.Inspector, ...]:
    """The inspectors of the task's departments; where other regions check, of theirs."""
    if task.handing != Handing.DOWN:
        return inspectors_frozen(task.region_id, departments_of_task(task))
    return tuple(
        person
        for region_id, offices in offices_below(task).items()
        for person in inspectors_frozen(region_id, list(offices.values()))
    )


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


def inspectors_frozen(
    region_id: str, departments: Sequence[str], neighbours: Sequence[str] = ()
) -> tuple[lot.Inspector, ...]:
    """All inspectors of these departments, and of declared neighbours elsewhere; who cannot be chosen is said by the
    matching itself. A recused subject stands as it stands in a pool."""
    own = (Inspector.region_id == region_id) & Inspector.department_id.in_(departments)
    people = db.session.scalars(
        select(Inspector).where(or_(own, Inspector.department_id.in_(neighbours))).order_by(Inspector.id)
    ).all()
    named = _entry_ids({subject for row in people for subject in row.recusals})
    return tuple(
        lot.Inspector(
            row.id, row.department_id, row.certificate_no or "", row.valid_to.isoformat() if row.valid_to else "",
            tuple(sorted(row.specialities)), row.state, tuple(sorted(named.get(one, one) for one in row.recusals)),
        )
        for row in people
    )  # fmt: skip


def _entry_ids(subject_ids: set[str]) -> dict[str, str]:
    """A subject's library id -> as it stands in a pool."""
    ids, found = sorted(subject_ids), {}
    for at in range(0, len(ids), ASKED):
        some = select(Subject.id, Subject.credit_code).where(Subject.id.in_(ids[at : at + ASKED]))
        found.update({id_: code or id_ for id_, code in db.session.execute(some)})
    return found
