"""Are due days what a clerk counts by hand?"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from onevisit import cli
from onevisit.core.calendar import Calendar, due_day, working_days_between
from onevisit.core.problems import Problem
from onevisit.regions.actions import import_holidays
from onevisit.regions.limits import due_of, limit_of
from onevisit.regions.profiles import Profile, profile_names
from onevisit.regions.queries import calendar
from onevisit.regions.terms import RULE_LABELS, LimitKey

TABLE = json.loads((Path(__file__).parents[1] / "cases" / "deadlines.json").read_text(encoding="utf-8"))
CASES = TABLE["cases"]
Command = Callable[[list[str]], int]


def test_every_hand_counted_case_comes_out_the_same(app: Flask) -> None:
    published = calendar()
    assert len(CASES) == 67
    for case in CASES:
        due = due_day(date.fromisoformat(case["start"]), case["days"], published)
        if case["status"] == "no_calendar":
            assert due.provisional, case
        else:
            assert (due.day.isoformat(), due.provisional) == (case["due"], False), case


def test_the_phone_counts_on_the_same_days_off(app: Flask) -> None:
    published = calendar()
    years = set(TABLE["years"])
    for name, kept in (("holidays", published.holidays), ("makeup_days", published.makeup_days)):
        assert TABLE[name] == sorted(d.isoformat() for d in kept if d.year in years)


@pytest.fixture
def command(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command on this test's database."""
    monkeypatch.setattr(cli, "_app", lambda: app)
    return cli.main


@pytest.mark.parametrize("case", [CASES[1], CASES[40]], ids=lambda case: str(case["id"]))
def test_the_command_says_the_due_day(
    command: Command, case: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(["deadline", case["start"], str(case["days"])]) == 0
    assert capsys.readouterr().out.strip() == case["due"]


@pytest.mark.parametrize(
    "case", [c for c in CASES if c["status"] == "no_calendar"], ids=lambda case: str(case["id"])
)
def test_the_command_refuses_a_year_without_a_published_calendar(
    command: Command, case: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(["deadline", case["start"], str(case["days"]), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["code"] == "deadlines.no_calendar"
    assert "请先导入那一年的日历" in said["detail"]
    assert "due" not in said


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
