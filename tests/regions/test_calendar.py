"""Are due days what a clerk counts by hand?"""

import csv
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from onevisit.core.calendar import Calendar, due_day, working_days_between
from onevisit.core.problems import Problem
from onevisit.regions.actions import import_holidays
from onevisit.regions.limits import due_of, limit_of
from onevisit.regions.profiles import Profile, profile_names
from onevisit.regions.queries import calendar
from onevisit.regions.terms import RULE_LABELS, LimitKey

CASES = list(
    csv.DictReader((Path(__file__).parents[1] / "cases" / "deadlines.csv").open(encoding="utf-8-sig"))
)


def test_every_hand_counted_case_comes_out_the_same(app: Flask) -> None:
    published = calendar()
    assert len(CASES) == 67
    for case in CASES:
        due = due_day(date.fromisoformat(case["start_date"]), int(case["n_working_days"]), published)
        if case["status"] == "no_calendar":
            assert due.provisional, case
        else:
            assert (due.day.isoformat(), due.provisional) == (case["due_date"], False), case


def test_days_left_is_the_reverse_of_counting(app: Flask) -> None:
    published = calendar()
    start = date(2026, 2, 10)
    for number in range(1, 30):
        assert working_days_between(start, due_day(start, number, published).day, published) == number


def test_an_imported_calendar_makes_a_provisional_day_firm(app: Flask) -> None:
    assert due_day(date(2026, 12, 25), 20, calendar()).provisional
    import_holidays("日期,类型,名称\n2027-01-01,休,元旦\n2027-01-02,休,元旦\n2027-01-03,班,元旦".encode())
    due = due_day(date(2026, 12, 25), 20, calendar())
    assert (due.day, due.provisional) == (date(2027, 1, 22), False)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00", "regions.calendar_unreadable"),
        (b"", "regions.calendar_empty"),
        ("2027-13-01,休,x".encode(), "regions.calendar_unreadable"),
    ],
)
def test_a_bad_calendar_changes_nothing(app: Flask, content: bytes, code: str) -> None:
    before = calendar()
    with pytest.raises(Problem) as caught:
        import_holidays(content)
    assert caught.value.code == code
    assert calendar() == before


@pytest.mark.parametrize("name", profile_names())
def test_each_profile_says_its_limits_in_its_own_words(name: str) -> None:
    profile = Profile((name,))
    for key in LimitKey:
        limit = limit_of(profile, key)
        assert limit.from_notice is False or limit.sentence
    weekdays = Calendar(frozenset(), frozenset(), frozenset({2026}))
    assert due_of(limit_of(profile, LimitKey.CLAIM), date(2026, 11, 9), weekdays).day == date(2026, 11, 16)


def test_the_notices_differ_where_they_differ() -> None:
    entry = {name: limit_of(Profile((name,)), LimitKey.ENTRY) for name in profile_names()}
    assert (entry["guinan-2023"].number, entry["guinan-2023"].start) == (7, "task_completed")
    assert (entry["pingdingshan-2020"].number, entry["pingdingshan-2020"].start) == (20, "check_ended")
    assert entry["jiaozuo-sfq-2023"].from_notice is False


def test_a_lower_region_inherits_and_may_differ() -> None:
    profile = Profile(("jiaozuo-sfq-2023", "pingdingshan-2020"))
    assert profile.value("deadlines.referral").value["n"] == 7
    assert profile.value("deadlines.referral").profile == "pingdingshan-2020"


def test_every_rule_has_a_chinese_name() -> None:
    assert [one.key for one in Profile(()).all() if one.key not in RULE_LABELS] == []
