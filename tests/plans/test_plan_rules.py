"""What follows from a row: items, carryings-out, visits, shifts, needed reasons?"""

from datetime import date
from typing import Any

import pytest

from onevisit.plans.rules import (
    PUBLISH_DUE,
    SUBMIT_DUE,
    by_month,
    day_in,
    due_of,
    expected_by_period,
    expected_visits,
    is_sensitive,
    month_span,
    periods,
    plan_name,
    ratio_per_open,
    reason_needed,
    record_needed,
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
    rule = {"protected": ["ratio", "scope", "creation_of_plans"], "needs": "report_in_advance"}
    assert reason_needed(False, rule, ["ratio"]) is None
    assert reason_needed(True, rule, []) is None
    assert reason_needed(True, rule, ["ratio"]) == "report_in_advance"
    assert reason_needed(True, rule, [], new=True) == "report_in_advance"
    # what the profile leaves free is still a version, so a reason stands beside it
    assert reason_needed(True, rule, ["name"]) == "reason"
    assert reason_needed(True, {"protected": [], "needs": None}, ["ratio"]) == "reason"


@pytest.mark.parametrize(
    ("adhoc", "changes", "goes_first"),
    [
        ({"needs": ["record_filing_with_joint_office", "publication"]}, None, True),  # S2 art. 8
        ({"needs": "report_in_advance"}, None, True),  # S0
        ({"needs": None}, {"needs": "report_in_advance"}, False),  # S4 lets departments organise them
        (None, {"needs": "report_in_advance"}, True),
        (None, {"needs": "reason"}, False),
    ],
)
def test_which_ad_hoc_task_goes_before_the_office(adhoc: Any, changes: Any, goes_first: bool) -> None:
    assert record_needed(adhoc, changes) is goes_first


def test_days_of_the_profile_and_ours() -> None:
    assert day_in({"month": 2, "day": "last"}, 2028, SUBMIT_DUE) == date(2028, 2, 29)
    assert day_in({"text": "及时"}, 2027, PUBLISH_DUE) == date(2027, 2, 28)
    assert day_in(None, 2027, SUBMIT_DUE) == date(2027, 1, 31)


def test_a_name_of_another_year_is_said_for_the_plans_own() -> None:
    assert plan_name("2023年度贵南县部门联合抽查计划", 2027) == "2027年度贵南县部门联合抽查计划"
    assert (
        plan_name("关于落实2023年工作要点的2027年度抽查计划", 2027)
        == "关于落实2023年工作要点的2027年度抽查计划"
    )
    assert plan_name(None, 2027) == "2027年度部门联合“双随机、一公开”抽查计划"


def test_a_yearly_ratio_is_carried_out_in_batches_that_add_up() -> None:
    ratio = {"percent": 5, "bound": "exact"}
    assert expected_by_period(103, ratio, None, "year", 4) == [2, 1, 2, 1]
    assert expected_by_period(103, ratio, None, "period", 4) == [6, 6, 6, 6]
    assert ratio_per_open({"times": 1, "per": "quarter"}, 4)
    assert not ratio_per_open({"times": 1, "per": "quarter", "ratio_per": "year"}, 4)
    assert not ratio_per_open({"times": 1, "per": "year"}, 1)


def test_whole_months_are_written_as_the_notices_do() -> None:
    assert month_span(date(2026, 4, 1), date(2026, 11, 30), 2026) == "4-11月"
    assert month_span(date(2026, 4, 1), date(2026, 4, 30), 2026) == "4月"
    assert month_span(date(2026, 4, 2), date(2026, 11, 30), 2026) is None
    assert month_span(date(2026, 4, 1), date(2027, 3, 31), 2026) is None
