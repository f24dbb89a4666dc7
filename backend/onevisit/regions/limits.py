"""By when must something be done? Number, start event and doer of every limit come from the profile. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from onevisit.core.calendar import Calendar, due_day, working_days_between
from onevisit.regions.profiles import Profile
from onevisit.regions.terms import LIMIT_LABELS, START_LABELS, LimitKey


@dataclass(frozen=True)
class Limit:
    """A limit as the region sets it. `number` is None where the notice sets none and we know no default."""

    key: LimitKey
    number: int | None
    start: str
    doer: str | None
    sentence: str | None
    from_notice: bool


@dataclass(frozen=True)
class DueDay:
    """A limit counted out: the start day's own day is not counted."""

    limit: Limit
    started: date
    day: date
    provisional: bool

    def as_json(self, today: date, calendar: Calendar) -> dict[str, Any]:
        """What a screen shows of it: 还剩 3 个工作日（11月26日）."""
        left = working_days_between(today, self.day, calendar)
        return {
            "key": self.limit.key.value,
            "label": LIMIT_LABELS[self.limit.key],
            "day": self.day.isoformat(),
            "started": self.started.isoformat(),
            "start_label": START_LABELS[self.limit.start],
            "number": self.limit.number,
            "working_days_left": left,
            "provisional": self.provisional,
            "state": "overdue" if self.day < today else "soon" if left <= 2 else "open",
            "text": due_text(self.day, today, calendar),
            "sentence": self.limit.sentence,
            "from_notice": self.limit.from_notice,
        }


def due_text(day: date, today: date, calendar: Calendar) -> str:
    """The one way we say a due day to people."""
    on = f"（{day.month}月{day.day}日）"
    if day < today:
        return f"已超 {max(working_days_between(day, today, calendar), 1)} 个工作日{on}"
    if day == today:
        return f"今天到期{on}"
    return f"还剩 {working_days_between(today, day, calendar)} 个工作日{on}"


def limit_of(profile: Profile, key: LimitKey, on: date | None = None) -> Limit:
    """The limit `key` in a region. A notice that only says 及时 keeps its sentence and our number.

    S1 pushes results on at entry (`start: entry` without a number): due the same day as the entry.
    """
    rule = profile.value(f"deadlines.{key}", on)
    value: dict[str, Any] = rule.value or {}
    number, start, from_notice = value.get("n"), value.get("start"), rule.from_notice
    if number is None and start == "entry":
        number = 0
    elif number is None:
        ours: dict[str, Any] = Profile(()).value(f"deadlines.{key}").value or {}
        number, start, from_notice = ours.get("n"), ours.get("start", start), False
    return Limit(key, number, start or "check_ended", value.get("by"), rule.sentence, from_notice)


def due_of(limit: Limit, started: date, calendar: Calendar) -> DueDay | None:
    """When it is due; None where there is no number. Without a published calendar it is provisional."""
    if limit.number is None:
        return None
    due = due_day(started, limit.number, calendar)
    return DueDay(limit, started, due.day, due.provisional)
