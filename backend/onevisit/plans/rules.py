"""What follows from a plan's row: which item is meant, when and how often, how many visits, what is sensitive? Pure."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Any

MONTHS_OF = {"month": 1, "quarter": 3, "half_year": 6}
_SENSITIVE = re.compile(r"枪|弹药|爆炸|爆破|涉爆|剧毒|易制毒|放射")


@dataclass(frozen=True)
class Period:
    """One carrying-out of a row: 第 number 次, within its own window."""

    number: int
    start: date
    end: date


def periods(frequency: Mapping[str, Any] | None, start: date, end: date) -> list[Period]:
    """The carryings-out of a row: once a quarter over 4–11 月 makes three, twice a year halves the window.

    A calendar period that the window only touches is cut to it; a year means the plan's, so its window stays whole.
    """
    times, per = (int(frequency.get("times") or 1), str(frequency.get("per"))) if frequency else (1, "year")
    spans = _calendar_spans(start, end, MONTHS_OF[per]) if per in MONTHS_OF else [(start, end)]
    parts = [part for first, last in spans for part in _split(first, last, times)]
    return [Period(number, first, last) for number, (first, last) in enumerate(parts, start=1)]


def period_for(parts: Sequence[Period], today: date) -> int:
    """Which carrying-out is due now, counted from 1: the one running, else the next, else the last."""
    return next((part.number for part in parts if part.end >= today), len(parts))


def _calendar_spans(start: date, end: date, months: int) -> list[tuple[date, date]]:
    spans = [
        (date(year, month, 1), _month_end(year, month + months - 1))
        for year in range(start.year, end.year + 1)
        for month in range(1, 13, months)
    ]
    return [(max(first, start), min(last, end)) for first, last in spans if first <= end and last >= start]


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _split(start: date, end: date, times: int) -> list[tuple[date, date]]:
    """Equal parts of a window: whole months where there are enough of them, else days, never more than it has."""
    months, days = (end.year - start.year) * 12 + end.month - start.month + 1, (end - start).days + 1
    if times <= 1:
        return [(start, end)]
    if months >= times:
        cuts = [_months_later(start, months * n // times) for n in range(1, times)]
    else:
        times = min(times, days)
        cuts = [start + timedelta(days=days * n // times) for n in range(1, times)]
    return list(zip([start, *cuts], [*(cut - timedelta(days=1) for cut in cuts), end], strict=True))


def _months_later(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def ratio_per_open(frequency: Mapping[str, Any] | None, carryings_out: int) -> bool:
    """Must somebody say whether the ratio is meant for each carrying-out or for the whole year (process.md 2)?"""
    return carryings_out > 1 and (frequency or {}).get("ratio_per") not in ("period", "year")


def due_of(window_end: date, complete_by: date | None) -> date:
    """A task is due at the earlier of window end and plan end (process.md 2)."""
    return min(window_end, complete_by) if complete_by else window_end


def share_of(ratio: Mapping[str, Any] | None) -> Decimal | None:
    """The ratio as a fraction: 1 % is 0.01; a range counts by its lower end (draw.md 2)."""
    return Decimal(str(ratio["percent"])) / 100 if ratio and ratio.get("percent") is not None else None


def expected_visits(count: int, ratio: Mapping[str, Any] | None, sample_size: int | None) -> int:
    """How many subjects one draw will give, before risk classes shift them: exact decimal arithmetic."""
    if count == 0:
        return 0
    if sample_size is not None:
        return min(sample_size, count)
    share = share_of(ratio)
    if share is None:
        return 0
    if ratio and ratio.get("bound") == "at_most":
        return max(1, int((count * share).to_integral_value(ROUND_FLOOR)))
    return min(count, int((count * share).to_integral_value(ROUND_CEILING)))


def expected_by_period(
    count: int,
    ratio: Mapping[str, Any] | None,
    sample_size: int | None,
    ratio_per: str | None,
    carryings_out: int,
) -> list[int]:
    """Visits of each carrying-out: the ratio anew each time, or a yearly one in batches that add up (draw.md §2)."""
    whole = expected_visits(count, ratio, sample_size)
    if ratio_per != "year":
        return [whole] * carryings_out
    upto = [-(-whole * number // carryings_out) for number in range(carryings_out + 1)]
    return [later - before for before, later in pairwise(upto)]


def by_month(visits: int, start: date, end: date) -> dict[str, int]:
    """Visits spread evenly over the months of a window; the remainder goes to the earlier months."""
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    months = [f"{month // 12}-{month % 12 + 1:02d}" for month in range(first, last + 1)]
    each, left = divmod(visits, len(months))
    return {month: each + (at < left) for at, month in enumerate(months)}


def is_sensitive(texts: Iterable[str | None]) -> bool:
    """Arms, explosives, poisons: nothing of such a task that names a subject becomes public (process.md 4)."""
    return any(_SENSITIVE.search(text) for text in texts if text)


def shifted(reading: dict[str, Any], to_year: int) -> dict[str, Any]:
    """The same reading in another year: names, windows and deadline; what was printed stays in provenance."""
    plan, from_year = reading["plan"], reading["plan"]["year"]
    names = ("plan_name", "task_name")
    moved = {**plan, "year": to_year, "plan_name": _renamed(plan["plan_name"], from_year, to_year),
             "deadline_for_whole_plan": _moved(plan.get("deadline_for_whole_plan"), to_year - from_year)}  # fmt: skip
    tasks = [
        {
            **task,
            **{name: _renamed(task.get(name), from_year, to_year) for name in names},
            "window": {side: _moved(day, to_year - from_year) for side, day in task["window"].items()}
            if task.get("window")
            else None,
        }
        for task in reading["tasks"]
    ]
    return {"plan": moved, "tasks": tasks}


def _renamed(text: str | None, from_year: int, to_year: int) -> str | None:
    return text.replace(str(from_year), str(to_year)) if text else text


def _moved(day: str | None, years: int) -> str | None:
    if day is None:
        return None
    there = date.fromisoformat(day)
    last = monthrange(there.year + years, there.month)[1]
    return date(there.year + years, there.month, min(there.day, last)).isoformat()


_PROTECTED = {
    "time": {"window_start", "window_end", "frequency"},
    "items": {"items"},
    "content": {"kind", "name", "task_name", "field", "methods", "initiating_department_id", "cooperating_department_ids",
                "category", "targeting", "tier", "draw_mode", "origin"},
    "scope": {"scope_text"},
    "ratio": {"ratio", "sample_size"},
}  # fmt: skip


def reason_needed(
    published: bool, rule: Mapping[str, Any] | None, changed: Sequence[str], *, new: bool = False
) -> str | None:
    """What a change of a published row needs: "report_in_advance", "reason", or nothing (S0 二, S2 art. 7).

    `new`: a row that the published plan did not have, or that is to leave it. A rule that protects nothing (S1, S4)
    leaves changes free, yet each is a version, so a reason stands beside it.
    """
    if not published or not (changed or new):
        return None
    rule = rule or {}
    touched = {kind for kind, columns in _PROTECTED.items() if columns & set(changed)}
    touched |= {"creation_of_plans"} if new else set()
    return str(rule.get("needs") or "reason") if touched & set(rule.get("protected") or ()) else "reason"


def record_needed(adhoc: Mapping[str, Any] | None, changes: Mapping[str, Any] | None) -> bool:
    """Does an ad-hoc joint task go before the office first: on record (S2 art. 8), or reported in advance (S0)?"""
    if adhoc is None:
        return (changes or {}).get("needs") == "report_in_advance"
    return bool(set(_listed(adhoc.get("needs"))) & {"record_filing_with_joint_office", "report_in_advance"})


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


SUBMIT_DUE = {"month": 1, "day": 31}
PUBLISH_DUE = {"month": 2, "day": "last"}


def day_in(rule: Mapping[str, Any] | None, year: int, otherwise: Mapping[str, Any]) -> date:
    """A day of the plan's year from a profile's month and day ("last" is the month's end); a silent one: ours.

    Ours are S2's, the only notice that names days: rows by 31 January, the plan by the end of February.
    """
    said = rule if rule and "month" in rule else otherwise
    last = monthrange(year, said["month"])[1]
    return date(year, said["month"], last if said["day"] == "last" else min(int(said["day"]), last))


def own_published_by_department(kinds: Sequence[str] | None, publish_at: Sequence[str] | None) -> bool:
    """Does each department publish its own-department rows itself (S1: 部门网站), or the office with the plan?"""
    return "own_department" in (kinds or ()) and "department_website" in (publish_at or ())


def plan_name(written: str | None, year: int) -> str:
    """The plan's name for its year: 2023 in last year's table gives way, unless the name says the right year too."""
    return for_year(written, year) or f"{year}年度部门联合“双随机、一公开”抽查计划"


def for_year(written: str | None, year: int) -> str | None:
    """A name that says only other years, said for this one."""
    if not written or re.search(rf"{year}\s*年", written):
        return written
    return re.sub(r"20\d{2}(?=\s*年)", str(year), written)


def month_span(start: date, end: date, year: int) -> str | None:
    """4-11月 for whole months of the plan's year; None for other windows."""
    whole = start.day == 1 and end == _month_end(end.year, end.month)
    if not whole or {start.year, end.year} != {year}:
        return None
    return f"{start.month}月" if start.month == end.month else f"{start.month}-{end.month}月"
