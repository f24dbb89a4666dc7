"""By when must a carrying-out of a plan entry be done, and how is it numbered? Pure; its windows are the plan's (plans.rules)."""

from collections.abc import Mapping
from datetime import date
from typing import Any


def complete_by(rule: Mapping[str, Any] | None, year: int) -> date | None:
    """The day by which the whole plan is done, from the profile's month and day."""
    return date(year, rule["month"], rule["day"]) if rule else None


def due_day(window_end: date, plan_end: date | None) -> date:
    """The earlier of window end and plan end (15 Nov in S0, 30 Nov in S3)."""
    return min(window_end, plan_end) if plan_end else window_end


def task_no(region: str, year: int, seq: int, period: int, twin: int = 0) -> str:
    """区划-年度-序号-次; `twin` tells apart rows that carry the same number (two annexes, a repeated 序号)."""
    return f"{region}-{year}-{seq:02d}{f'.{twin + 1}' if twin else ''}-{period}"
