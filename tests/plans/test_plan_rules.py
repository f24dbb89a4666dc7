"""What follows from a row: items, carryings-out, visits, shifts, needed reasons?"""

from datetime import date
from typing import Any

import pytest

from onevisit.plans.rules import (
    by_month,
    due_of,
    expected_visits,
    is_sensitive,
    periods,
    reason_needed,
    shifted,
)


def test_carryings_out_of_a_frequency() -> None:
    start, end = date(2026, 4, 1), date(2026, 11, 30)
    assert [(one.start, one.end) for one in periods({"times": 1, "per": "year"}, start, end)] == [
        (start, end)
    ]
    assert [(one.start, one.end) for one in periods({"times": 2, "per": "year"}, start, end)] == [
        (start, date(2026, 7, 31)), (date(2026, 8, 1), end)]  # fmt: skip
    assert [
        one.end.month for one in periods({"times": 1, "per": "quarter"}, date(2026, 1, 1), date(2026, 12, 31))
    ] == [3, 6, 9, 12]
    assert len(periods({"times": 1, "per": "month"}, start, end)) == 8
    assert periods(None, start, end)[0].number == 1


@pytest.mark.parametrize(
    ("count", "ratio", "size", "visits"),
    [(61, {"percent": 1, "bound": "exact"}, None, 1), (0, {"percent": 5, "bound": "exact"}, None, 0), (10, {"percent": 33, "bound": "exact"}, None, 4),
     (3, None, 10, 3), (40, {"percent": 7, "bound": "at_most"}, None, 2), (1000, {"percent": 0.3, "bound": "at_least"}, None, 3)],
)  # fmt: skip
def test_expected_visits(count: int, ratio: dict[str, Any] | None, size: int | None, visits: int) -> None:
    assert expected_visits(count, ratio, size) == visits


def test_due_months_and_sensitivity() -> None:
    assert due_of(date(2026, 11, 30), date(2026, 11, 15)) == date(2026, 11, 15)
    assert by_month(5, date(2026, 10, 1), date(2027, 1, 31)) == {
        "2026-10": 2,
        "2026-11": 1,
        "2026-12": 1,
        "2027-01": 1,
    }
    assert is_sensitive(["涉枪行业监督检查", None])
    assert not is_sensitive(["旅馆业监督抽查"])


def test_shift_moves_names_and_days_but_not_what_was_printed() -> None:
    task = {
        "plan_name": "2024年甲",
        "task_name": "2024年甲",
        "window": {"start": "2024-02-29", "end": "2024-11-30"},
        "window_raw": "2-11月",
    }
    plan = {"year": 2024, "plan_name": "2024年度计划", "deadline_for_whole_plan": "2024-11-15"}
    moved = shifted({"plan": plan, "tasks": [task]}, 2026)
    assert moved["plan"] == {
        "year": 2026,
        "plan_name": "2026年度计划",
        "deadline_for_whole_plan": "2026-11-15",
    }
    assert moved["tasks"][0]["window"] == {"start": "2026-02-28", "end": "2026-11-30"}
    assert task["window"]["start"] == "2024-02-29"


def test_what_a_change_needs() -> None:
    rule = {"protected": ["ratio", "scope"], "needs": "report_in_advance"}
    assert reason_needed("draft", rule, ["ratio"]) is None
    assert reason_needed("published", rule, ["ratio"]) == "report_in_advance"
    assert reason_needed("published", rule, ["name"]) is None
