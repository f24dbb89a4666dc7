"""Does an entry with a frequency make the right carryings-out?"""

from datetime import date

import pytest

from onevisit.plans.rules import period_for, periods
from onevisit.tasks.rules import complete_by, due_day, task_no

YEAR = (date(2026, 4, 1), date(2026, 11, 30))


def spans(frequency: dict[str, object] | None, whole: tuple[date, date] = YEAR) -> list[tuple[str, str]]:
    return [(one.start.isoformat(), one.end.isoformat()) for one in periods(frequency, *whole)]


@pytest.mark.parametrize("frequency", [None, {"times": 1, "per": "year"}, {"times": 1, "per": "plan"}])
def test_once_keeps_the_whole_window(frequency: dict[str, object] | None) -> None:
    assert spans(frequency) == [("2026-04-01", "2026-11-30")]


def test_once_a_quarter_makes_a_task_per_quarter_that_the_window_touches() -> None:
    assert spans({"times": 1, "per": "quarter"}) == [
        ("2026-04-01", "2026-06-30"), ("2026-07-01", "2026-09-30"), ("2026-10-01", "2026-11-30"),
    ]  # fmt: skip


def test_a_quarterly_window_over_the_whole_year_makes_four() -> None:
    assert len(spans({"times": 1, "per": "quarter"}, (date(2026, 1, 1), date(2026, 12, 31)))) == 4


def test_twice_a_year_halves_the_window_by_months() -> None:
    assert spans({"times": 2, "per": "year"}) == [("2026-04-01", "2026-07-31"), ("2026-08-01", "2026-11-30")]


def test_more_times_than_months_splits_by_days_without_gap() -> None:
    parts = periods({"times": 3, "per": "year"}, date(2026, 6, 1), date(2026, 6, 30))
    assert [(one.start.day, one.end.day) for one in parts] == [(1, 10), (11, 20), (21, 30)]


def test_the_period_that_is_due_now_is_the_running_or_the_next_or_the_last() -> None:
    parts = periods({"times": 1, "per": "quarter"}, *YEAR)
    days = [date(2026, 1, 1), date(2026, 8, 8), date(2026, 12, 24)]
    assert [period_for(parts, day) for day in days] == [1, 2, 3]


def test_due_is_the_earlier_of_window_end_and_plan_end() -> None:
    plan_end = complete_by({"month": 11, "day": 15}, 2026)
    assert due_day(date(2026, 11, 30), plan_end) == date(2026, 11, 15)
    assert due_day(date(2026, 6, 30), plan_end) == date(2026, 6, 30)
    assert due_day(date(2026, 6, 30), complete_by(None, 2026)) == date(2026, 6, 30)


def test_rows_with_the_same_number_get_numbers_of_their_own() -> None:
    assert [task_no("632525", 2026, 7, 1, twin) for twin in (0, 1)] == [
        "632525-2026-07-1",
        "632525-2026-07.2-1",
    ]
