"""How many carryings-out has a plan entry, when is each, and by when must it be done? Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Any

MONTHS_OF = {"month": 1, "quarter": 3, "half_year": 6}


@dataclass(frozen=True)
class Window:
    """抽查时间, both days included."""

    start: date
    end: date


def windows(whole: Window, frequency: Mapping[str, Any] | None) -> tuple[Window, ...]:
    """The window of every carrying-out: 一季度一次 over 4–11 月 makes three, 2次/年 makes two halves.

    A calendar period that the plan's window only touches is cut to it.
    """
    times = int((frequency or {}).get("times") or 1)
    months = MONTHS_OF.get(str((frequency or {}).get("per")))
    if months is None:
        return _split(whole, times)
    return tuple(part for period in _calendar_periods(whole, months) for part in _split(period, times))


def period_for(parts: Sequence[Window], today: date) -> int:
    """Which carrying-out is due now, counted from 1: the one running, else the next, else the last."""
    return next((at for at, part in enumerate(parts, 1) if part.end >= today), len(parts))


def complete_by(rule: Mapping[str, Any] | None, year: int) -> date | None:
    """The day by which the whole plan is done, from the profile's month and day."""
    return date(year, rule["month"], rule["day"]) if rule else None


def due_day(window_end: date, plan_end: date | None) -> date:
    """The earlier of window end and plan end (15 Nov in S0, 30 Nov in S3)."""
    return min(window_end, plan_end) if plan_end else window_end


def task_no(region: str, year: int, seq: int, period: int, twin: int = 0) -> str:
    """区划-年度-序号-次; `twin` tells apart rows that carry the same number (two annexes, a repeated 序号)."""
    return f"{region}-{year}-{seq:02d}{f'.{twin + 1}' if twin else ''}-{period}"


def _calendar_periods(whole: Window, months: int) -> list[Window]:
    groups = groupby(_months(whole), key=lambda first: (first.year, (first.month - 1) // months))
    return [_cut(whole, list(group)) for _, group in groups]


def _split(whole: Window, times: int) -> tuple[Window, ...]:
    """Equal runs of whole months; of days where there are fewer months than times."""
    months = _months(whole)
    if len(months) >= times:
        cuts = [len(months) * at // times for at in range(times + 1)]
        return tuple(_cut(whole, months[a:b]) for a, b in pairwise(cuts))
    days = (whole.end - whole.start).days + 1
    times = min(times, days)
    starts = [whole.start + timedelta(days=days * at // times) for at in range(times)]
    ends = [start - timedelta(days=1) for start in starts[1:]] + [whole.end]
    return tuple(Window(start, end) for start, end in zip(starts, ends, strict=True))


def _months(whole: Window) -> list[date]:
    """The first day of every month that the window touches."""
    first, months = whole.start.replace(day=1), []
    while first <= whole.end:
        months.append(first)
        first = (first + timedelta(days=32)).replace(day=1)
    return months


def _cut(whole: Window, months: Sequence[date]) -> Window:
    last_day = (months[-1] + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Window(max(whole.start, months[0]), min(whole.end, last_day))
