"""Which days are working days, and when is the n-th one due? Pure; the calendar is given."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Calendar:
    """Published calendars: days off on weekdays, make-up working days on weekends, and which years are known."""

    holidays: frozenset[date]
    makeup_days: frozenset[date]
    years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        """A weekday that is no holiday, or a weekend day that is made up."""
        return day in self.makeup_days or (day.weekday() < 5 and day not in self.holidays)

    def knows(self, first: date, last: date) -> bool:
        """Is the calendar of every year from first to last published?"""
        return all(year in self.years for year in range(first.year, last.year + 1))


@dataclass(frozen=True)
class Due:
    """A due day; `provisional` while a year on the way has no published calendar."""

    day: date
    provisional: bool


def due_day(start: date, working_days: int, calendar: Calendar) -> Due:
    """The n-th working day after `start`, whose own day is not counted (民法典 art. 201)."""
    day, left = start, working_days
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working_day(day)
    return Due(day, not calendar.knows(start, day))


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """How many working days lie after `start` up to and with `end`; negative when `end` is past."""
    if end < start:
        return -working_days_between(end, start, calendar)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(calendar.is_working_day(day) for day in days)
