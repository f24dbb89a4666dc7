"""Which visit on which day, at what time, so that nobody is in two places and one road serves several doors? Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from onevisit.dispatches.hours import read_hours
from onevisit.dispatches.terms import Unplaced

MORNING, AFTERNOON = (9 * 60, 12 * 60), (14 * 60, 17 * 60)
PER_DAY, MOST_PER_DAY = 4, 8


@dataclass(frozen=True)
class ToPlace:
    """A visit that wants a day: who goes, where to, between which days, and when the subject does not want it."""

    id: str
    order: int
    people: frozenset[str]
    place: str | None
    first: date
    due: date
    unsuitable: str | None = None


@dataclass(frozen=True)
class Taken:
    """Somebody is somewhere: a visit that stays where it is, of this task or of another."""

    day: date
    time: str | None
    people: frozenset[str]
    place: str | None = None
    id: str = ""


@dataclass(frozen=True)
class Slot:
    """A start on a day."""

    day: date
    time: str


@dataclass(frozen=True)
class Proposal:
    """Where everybody goes, and who could not be placed and why."""

    placed: dict[str, Slot]
    unplaced: dict[str, Unplaced]


@dataclass
class _Book:
    """What is taken, by day: times of people, places of people."""

    length: int
    per_day: int
    by_day: dict[date, list[Taken]] = field(default_factory=lambda: defaultdict(list))

    def clashes(self, people: frozenset[str], slot: Slot) -> list[Taken]:
        """Whom of these somebody else would have at that time."""
        mine = span_of(slot.time, self.length)
        return [
            one for one in self.by_day[slot.day]
            if one.people & people and overlap(mine, span_of(one.time, self.length))
        ]  # fmt: skip

    def full(self, people: frozenset[str], day: date) -> bool:
        """Has one of them as many visits on that day as are allowed?"""
        there = self.by_day[day]
        return any(sum(person in one.people for one in there) >= self.per_day for person in people)

    def free(self, visit: ToPlace, slot: Slot) -> bool:
        """Could the visit be there?"""
        return not self.full(visit.people, slot.day) and not self.clashes(visit.people, slot)

    def cost(self, visit: ToPlace, slot: Slot) -> tuple[bool, bool, date, str]:
        """No second township for anybody on one day, then where the road leads already, then soon."""
        there = self.by_day[slot.day]
        elsewhere = any(one.people & visit.people and one.place != visit.place for one in there)
        same_road = visit.place is not None and any(one.place == visit.place for one in there)
        return elsewhere, not same_road, slot.day, slot.time

    def take(self, visit: ToPlace, slot: Slot) -> None:
        """The visit is there now."""
        self.by_day[slot.day].append(Taken(slot.day, slot.time, visit.people, visit.place, visit.id))

    def leave(self, id_: str, day: date) -> None:
        """The visit is not there any more."""
        self.by_day[day] = [one for one in self.by_day[day] if one.id != id_]


def starts_of_day(per_day: int) -> list[str]:
    """So many starts, half of them (the larger half) in the morning, evenly apart."""
    early = (per_day + 1) // 2
    halves = ((MORNING, early), (AFTERNOON, per_day - early))
    return [
        _clock(begin + at * ((end - begin) // count))
        for (begin, end), count in halves if count for at in range(count)
    ]  # fmt: skip


def length_of(per_day: int) -> int:
    """How many minutes a visit has when there are so many on a day, the road included."""
    return (MORNING[1] - MORNING[0]) // ((per_day + 1) // 2)


def span_of(time: str | None, length: int) -> tuple[int, int]:
    """From which minute to which; a half day is taken whole, because nobody knows when in it they come."""
    if time == "上午":
        return MORNING
    if time == "下午":
        return AFTERNOON
    if time is None or time == "全天":
        return MORNING[0], AFTERNOON[1]
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute), int(hour) * 60 + int(minute) + length


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Do the two share a minute?"""
    return one[0] < other[1] and other[0] < one[1]


def against(visit: ToPlace, slot: Slot, length: int) -> str | None:
    """The subject's own words against this time."""
    span = span_of(slot.time, length)
    return next((one.words for one in read_hours(visit.unsuitable)[0] if one.hits(slot.day, *span)), None)


def propose(
    visits: Iterable[ToPlace], taken: Iterable[Taken], working_days: Sequence[date], per_day: int = PER_DAY
) -> Proposal:
    """A place for every visit that has one: the same visits always get the same days.

    Those that must be done first and can least choose come first, a township at a time. Whoever finds no place may push
    one other visit to another of its places.
    """
    book = _Book(length_of(per_day), per_day)
    for one in taken:
        book.by_day[one.day].append(one)
    wanting = list(visits)
    choices = {one.id: _slots(one, working_days, per_day) for one in wanting}
    by_id = {one.id: one for one in wanting}
    placed: dict[str, Slot] = {}
    left: list[ToPlace] = []
    for visit in _in_turn(wanting, choices):
        slot = _best(visit, choices[visit.id], book) or _made_room(visit, choices, placed, by_id, book)
        if slot is None:
            left.append(visit)
        else:
            book.take(visit, slot)
            placed[visit.id] = slot
    return Proposal(placed, {one.id: _why(one, choices[one.id], working_days) for one in left})


def _in_turn(visits: Sequence[ToPlace], choices: Mapping[str, Sequence[Slot]]) -> list[ToPlace]:
    first: dict[str | None, date] = {}
    for one in visits:
        first[one.place] = min(one.due, first.get(one.place, one.due))
    return sorted(
        visits,
        key=lambda one: (
            first[one.place],
            one.place or "~",
            one.due,
            len(choices[one.id]),
            one.order,
            one.id,
        ),
    )


def _slots(visit: ToPlace, working_days: Sequence[date], per_day: int) -> list[Slot]:
    """Where it may be at all: working days of its own window, not in the hours the subject named."""
    clauses, length = read_hours(visit.unsuitable)[0], length_of(per_day)
    starts = [(time, span_of(time, length)) for time in starts_of_day(per_day)]
    return [
        Slot(day, time)
        for day in working_days if visit.first <= day <= visit.due
        for time, span in starts if not any(one.hits(day, *span) for one in clauses)
    ]  # fmt: skip


def _best(visit: ToPlace, slots: Iterable[Slot], book: _Book) -> Slot | None:
    free = [one for one in slots if book.free(visit, one)]
    return min(free, key=lambda one: book.cost(visit, one)) if free else None


def _made_room(
    visit: ToPlace,
    choices: Mapping[str, Sequence[Slot]],
    placed: dict[str, Slot],
    by_id: Mapping[str, ToPlace],
    book: _Book,
) -> Slot | None:
    for slot in choices[visit.id]:
        standing = book.clashes(visit.people, slot)
        if len(standing) != 1 or standing[0].id not in placed:
            continue
        other = by_id[standing[0].id]
        former = placed[other.id]
        book.leave(other.id, former.day)
        if book.free(visit, slot):
            book.take(visit, slot)
            moved = _best(other, choices[other.id], book)
            book.leave(visit.id, slot.day)
            if moved is not None:
                book.take(other, moved)
                placed[other.id] = moved
                return slot
        book.take(other, former)
    return None


def _why(visit: ToPlace, slots: Sequence[Slot], working_days: Sequence[date]) -> Unplaced:
    if not any(visit.first <= day <= visit.due for day in working_days):
        return Unplaced.NO_DAY
    return Unplaced.PEOPLE if slots else Unplaced.HOURS


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
