"""When does a subject not want to be visited, as far as its own words can be read? Pure.

The library keeps the words as they were said (不宜检查的时间); what is not understood is shown to whoever schedules.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

WEEKDAYS = "一二三四五六日"
MORNING, AFTERNOON = (0, 12 * 60), (12 * 60, 24 * 60)
HALVES = {
    "上午": MORNING,
    "下午": AFTERNOON,
    "中午": (11 * 60 + 30, 14 * 60),
    "早上": (0, 9 * 60),
    "晚上": (18 * 60, 24 * 60),
}
TO = r"\s*[至到—–~～\-－]+\s*"
CLOCK = r"(\d{1,2})(?:[:：](\d{2})|[点时](半)?)"
SPAN = re.compile(CLOCK + TO + CLOCK)
EDGE = re.compile(CLOCK + r"\s*(?:之|以)?(前|后)")
WEEK = re.compile(
    rf"(?:周|星期|礼拜)([一二三四五六日天末])(?:{TO}(?:周|星期|礼拜)?([一二三四五六日天]))?((?:、[一二三四五六日天](?![上下]?旬))*)"
)
MONTH_DAYS = re.compile(rf"每月\s*(\d{{1,2}})[日号]?(?:{TO}(\d{{1,2}}))?[日号]")
DATES = re.compile(rf"(\d{{1,2}})月(\d{{1,2}})[日号]?(?:{TO}(?:(\d{{1,2}})月)?(\d{{1,2}})[日号])?(?:[日号])?")
MONTHS = re.compile(rf"(?<!\d)(\d{{1,2}})(?:月?{TO}(\d{{1,2}}))?月(?!\s*\d)")

Days = Callable[[date], bool]


@dataclass(frozen=True)
class Unsuitable:
    """One clause of the words: on which days, and from which minute to which."""

    words: str
    days: tuple[Days, ...]
    spans: tuple[tuple[int, int], ...]

    def hits(self, day: date, start: int, end: int) -> bool:
        """Does a visit on `day`, from minute `start` to `end`, fall into it?"""
        return all(fits(day) for fits in self.days) and any(
            start < to and begin < end for begin, to in self.spans
        )


def read_hours(words: str | None) -> tuple[list[Unsuitable], list[str]]:
    """The clauses that are understood, and those that a person must read."""
    read, unread = [], []
    for clause in re.split(r"[；;。，,\n]+", words or ""):
        clause = clause.strip()
        if not clause:
            continue
        days, spans = _days(clause), _spans(clause)
        if days or spans:
            read.append(Unsuitable(clause, days, spans or ((0, 24 * 60),)))
        else:
            unread.append(clause)
    return read, unread


def _days(clause: str) -> tuple[Days, ...]:
    found: list[Days] = []
    if weekdays := _weekdays(clause):
        found.append(lambda day: day.weekday() in weekdays)
    if of_month := [(int(a), int(b or a)) for a, b in MONTH_DAYS.findall(clause)]:
        found.append(lambda day: any(first <= day.day <= last for first, last in of_month))
    rest = MONTH_DAYS.sub("", clause)
    if dates := [_dates(*one) for one in DATES.findall(rest)]:
        found.append(lambda day: any(_between((day.month, day.day), *one) for one in dates))
    elif months := [(int(a), int(b or a)) for a, b in MONTHS.findall(rest)]:
        found.append(
            lambda day: any(_between((day.month, 1), (first, 1), (last, 1)) for first, last in months)
        )
    return tuple(found)


def _dates(month: str, day: str, to_month: str, to_day: str) -> tuple[tuple[int, int], tuple[int, int]]:
    first = (int(month), int(day))
    return first, (int(to_month or month), int(to_day)) if to_day else first


def _between(day: tuple[int, int], first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Over the turn of the year too: 12月 to 2月."""
    return first <= day <= last if first <= last else day >= first or day <= last


def _weekdays(clause: str) -> frozenset[int]:
    found: set[int] = set()
    for first, last, more in WEEK.findall(clause):
        if first == "末":
            found |= {5, 6}
            continue
        begin = _weekday(first)
        if last:
            found |= {at % 7 for at in range(begin, begin + (_weekday(last) - begin) % 7 + 1)}
        found |= {begin, *(_weekday(one) for one in more.replace("、", ""))}
    return frozenset(found)


def _weekday(sign: str) -> int:
    return 6 if sign == "天" else WEEKDAYS.index(sign)


def _spans(clause: str) -> tuple[tuple[int, int], ...]:
    late = "下午" in clause or "晚" in clause
    spans = [(_minute(a, b, c, late), _minute(d, e, f, late)) for a, b, c, d, e, f in SPAN.findall(clause)]
    for hour, minute, half, edge in EDGE.findall(SPAN.sub("", clause)):
        at = _minute(hour, minute, half, late)
        spans.append((0, at) if edge == "前" else (at, 24 * 60))
    found = [one for one in spans if one[0] < one[1]]
    return tuple(found or [span for name, span in HALVES.items() if name in clause])


def _minute(hour: str, minute: str, half: str, late: bool) -> int:
    told = int(hour) + 12 if late and int(hour) < 12 else int(hour)
    return min(told, 24) * 60 + (int(minute) if minute else 30 if half else 0)
