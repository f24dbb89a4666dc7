"""What follows from a plan's row: which item is meant, when and how often, how many visits, what is sensitive? Pure."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from difflib import SequenceMatcher
from typing import Any

from onevisit.plans.life import ItemMatch

NEAR = 0.6
PERIODS_A_YEAR = {"year": 1, "half_year": 2, "quarter": 4, "month": 12}
_SENSITIVE = re.compile(r"枪|弹药|爆炸|爆破|涉爆|剧毒|易制毒|放射")


@dataclass(frozen=True)
class Listed:
    """An item of the list, as far as matching goes."""

    id: str
    department_id: str
    name: str


@dataclass(frozen=True)
class Match:
    """What an item text of the table means."""

    kind: ItemMatch
    item_id: str | None = None


def plain(text: str) -> str:
    """The text without width, blanks, marks and the words that only say that something is checked."""
    bare = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"^(?:抽查|检查|对|核查)+|(?:的?(?:监督)?(?:检查|抽查|监管))+$", "", bare) or bare


def match_item(text: str, department_id: str | None, listed: Iterable[Listed]) -> Match:
    """Exact: the same department's item with the same words; near: similar, somebody must say so (asked)."""
    wanted, same = plain(text), letters(text)
    best, nearest = NEAR, None
    for one in listed:
        own = department_id is None or one.department_id == department_id
        if own and letters(one.name) == same:
            return Match(ItemMatch.EXACT, one.id)
        if own and (likeness := SequenceMatcher(None, wanted, plain(one.name)).ratio()) > best:
            best, nearest = likeness, one.id
    return Match(ItemMatch.NEAR, nearest) if nearest else Match(ItemMatch.MISSING)


def letters(text: str) -> str:
    """The text without width, blanks and marks: equal letters are the same item."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True)
class Period:
    """One carrying-out of a row: 第 number 次, within its own window."""

    number: int
    start: date
    end: date


def periods(frequency: Mapping[str, Any] | None, start: date, end: date) -> list[Period]:
    """The carryings-out of a row: once a quarter over a year is four, twice a year halves the window.

    A quarter or month that the window does not touch has none.
    """
    times, per = (int(frequency["times"]), str(frequency["per"])) if frequency else (1, "year")
    spans = [one for year in range(start.year, end.year + 1) for one in _spans(year, per)]
    inside = [(max(first, start), min(last, end)) for first, last in spans if first <= end and last >= start]
    parts = [part for first, last in inside for part in _split(first, last, times)]
    return [Period(number, first, last) for number, (first, last) in enumerate(parts, start=1)]


def _spans(year: int, per: str) -> list[tuple[date, date]]:
    months = 12 // PERIODS_A_YEAR[per]
    return [(date(year, m, 1), _month_end(year, m + months - 1)) for m in range(1, 13, months)]


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _split(start: date, end: date, times: int) -> list[tuple[date, date]]:
    """Equal parts of a window: whole months where there are enough of them, else days."""
    if times <= 1:
        return [(start, end)]
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if months >= times:
        cuts = [_months_later(start, months * n // times) for n in range(1, times)]
    else:
        days = (end - start).days + 1
        cuts = [start + timedelta(days=days * n // times) for n in range(1, times)]
    return list(zip([start, *cuts], [*(cut - timedelta(days=1) for cut in cuts), end], strict=True))


def _months_later(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


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


def reason_needed(state: str, rule: Mapping[str, Any] | None, changed: Sequence[str]) -> str | None:
    """What a change of a published plan needs: "report_in_advance", "reason", or nothing (S0 二, S2 art. 8)."""
    protected = {"time": {"window_start", "window_end", "frequency"}, "items": {"items"},
                 "content": {"name", "task_name", "field", "methods", "initiating_department_id", "cooperating_department_ids"},
                 "scope": {"scope_text"}, "ratio": {"ratio", "sample_size"}}  # fmt: skip
    if state == "draft" or rule is None:
        return None
    touched = {kind for kind, columns in protected.items() if columns & set(changed)}
    return str(rule.get("needs") or "reason") if touched & set(rule.get("protected") or ()) else None
