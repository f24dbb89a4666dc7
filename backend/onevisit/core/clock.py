"""What time is it? The one place that asks, so that a test or a demonstration can set the day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LAW_ZONE = ZoneInfo("Asia/Shanghai")
_shift = timedelta(0)


def now() -> datetime:
    """The present moment, aware, UTC: what is stored."""
    return datetime.now(UTC) + _shift


def today() -> date:
    """The day of the law, in Asia/Shanghai: what deadlines are counted in."""
    return law_day(now())


def law_day(moment: datetime) -> date:
    """On which day of the law did this moment fall?"""
    return moment.astimezone(LAW_ZONE).date()


def shift(by: timedelta) -> None:
    """Move the clock of this whole process (ONEVISIT_TODAY, tests); real time goes on from there."""
    global _shift
    _shift = by


def start_at(day: date) -> None:
    """Let today be `day`, at the present time of day."""
    shift(timedelta(days=(day - law_day(datetime.now(UTC))).days))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stand at `moment` for a while (tests)."""
    before = _shift
    shift(moment - datetime.now(UTC))
    try:
        yield
    finally:
        shift(before)
