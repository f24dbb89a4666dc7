"""The same plan under each of the five notices: what is met, what is missed, what is for reference only?"""

from dataclasses import replace
from datetime import date

import pytest

from onevisit.plans.compliance import (
    Carrying,
    Figure,
    ListedItem,
    Row,
    Rule,
    Year,
    figures,
    lists_bind,
    months,
    of_sector,
)
from onevisit.plans.terms import INDICATOR_LABELS, Indicator
from onevisit.regions.profiles import Profile, profile_names

KEYS = (
    "plan.monthly_balance", "plan.no_fourth_quarter_rush", "plan.complete_by", "kpis.item_coverage_min_percent",
    "kpis.department_coverage", "plan.duty_to_initiate", "kpis.risk_use_min_percent", "kpis.joint_share",
    "plan.same_tier_and_method", "items.public",
)  # fmt: skip
DEPARTMENTS = {
    "ga": "县公安局",
    "scjg": "县市场监督管理局",
    "wl": "县文体旅游广电局",
    "sw": "县税务局",
    "qx": "县气象局",
}
ITEMS = tuple(ListedItem(str(n), f"事项{n}", "ga", n <= 2) for n in range(1, 6))
ENDS = {"guinan-2023": date(2026, 11, 15), "yuanping-2024": date(2026, 11, 30)}


def rules(profile: str) -> dict[str, Rule]:
    known = Profile((profile,))
    return {key: Rule(one.value, one.sentence, one.from_notice) for key in KEYS for one in [known.value(key)]}


def entry(id: str, lead: str, *cooperating: str, **over: object) -> Row:
    given = {"carryings": (Carrying(date(2026, 3, 1), date(2026, 8, 31), 60),), "risk": "used"}
    return Row(id, id, f"任务{id}", lead, cooperating, **(given | over))  # type: ignore[arg-type]


# 1 and 2 are joint, 3 is the tax office's own, late and in the fourth quarter; nobody initiates for 文旅, 气象 rests
PLAN = (
    entry("1", "scjg", "ga", item_ids=("1", "2"), methods=("on_site",), task_name="甲", kinds=frozenset({"enterprise"})),
    entry("2", "ga", "scjg", item_ids=("3",), methods=("document",), task_name="甲", risk="none"),
    entry("3", "sw", carryings=(Carrying(date(2026, 10, 1), date(2026, 12, 15), 30),), item_ids=("4",), unlisted=1,
          risk="not_concerned", asked=True),
)  # fmt: skip


def year(profile: str, **over: object) -> Year:
    given = {
        "rows": PLAN, "rules": rules(profile), "year": 2026, "complete_by": ENDS.get(profile, date(2026, 12, 31)),
        "items": ITEMS, "departments": DEPARTMENTS, "kinds": {"enterprise": 80, "site": 3},
    }  # fmt: skip
    return Year(**(given | over))  # type: ignore[arg-type]


def told(profile: str, **over: object) -> dict[Indicator, Figure]:
    return {one.indicator: one for one in figures(year(profile, **over))}


# Every indicator that a notice sets a target for; all others are for reference only.
VERDICTS = {
    "guinan-2023": {"balance": "met", "fourth_quarter": "met", "past_end": "missed"},
    "xining-chengzhong-2023": {},
    "pingdingshan-2020": {"duty_to_initiate": "missed", "duty_to_join": "missed", "not_on_list": "missed"},
    "yuanping-2024": {"past_end": "missed", "item_coverage": "met", "subject_kinds": "missed", "risk_use": "missed"},
    "jiaozuo-sfq-2023": {
        "department_coverage": "missed", "joint_items": "met", "uniform": "missed", "not_on_list": "missed",
    },
}  # fmt: skip


def test_the_five_notices_are_all_there() -> None:
    assert sorted(VERDICTS) == sorted(profile_names())


@pytest.mark.parametrize("profile", sorted(VERDICTS))
def test_only_the_notice_s_own_targets_are_met_or_missed(profile: str) -> None:
    judged = {
        one.indicator.value: one.verdict.value for one in figures(year(profile)) if one.verdict != "reference"
    }
    assert judged == VERDICTS[profile]
    assert all(one.sentence for one in figures(year(profile)) if one.verdict != "reference")


@pytest.mark.parametrize(
    ("indicator", "value", "of", "behind"),
    [
        ("balance", 20, None, ["1", "2"]),
        ("fourth_quarter", 30, 150, ["3"]),
        ("past_end", 1, None, ["3"]),
        ("item_coverage", 4, 5, ["5"]),
        ("joint_items", 2, 2, []),
        ("department_coverage", 3, 5, ["qx", "wl"]),
        ("subject_kinds", 1, 2, ["site"]),
        ("risk_use", 1, 2, ["2"]),
        ("joint_share", 2, 3, ["3"]),
        ("entries_saved", 120, None, ["1", "2"]),
        ("uniform", 1, None, ["1", "2"]),
        ("not_on_list", 1, None, ["3"]),
        ("asked", 1, None, ["3"]),
        ("scope_open", 0, None, []),
    ],
)
def test_figures_and_what_stands_behind_them(
    indicator: str, value: int, of: int | None, behind: list[str]
) -> None:
    found = told("guinan-2023")[Indicator(indicator)]
    assert (found.value, found.of) == (value, of)
    assert sorted(one.id for one in found.behind) == behind


def test_a_share_is_rounded_down_at_the_threshold() -> None:
    """79.9 % is not 80: 799 of 1000."""
    items = tuple(ListedItem(str(n), str(n), "ga", False) for n in range(1000))
    for have, verdict in ((799, "missed"), (800, "met")):
        rows = (entry("1", "ga", "sw", item_ids=tuple(str(n) for n in range(have))),)
        found = told("yuanping-2024", rows=rows, items=items)[Indicator.ITEM_COVERAGE]
        assert (found.percent, found.verdict) == (have // 10, verdict)


def test_a_peak_of_more_than_twice_the_mean_is_no_balance() -> None:
    rush = (entry("1", "ga", "sw", carryings=(Carrying(date(2026, 11, 1), date(2026, 11, 10), 90),)),)
    found = told("guinan-2023", rows=rush)
    assert (found[Indicator.BALANCE].verdict, found[Indicator.FOURTH_QUARTER].verdict) == ("missed", "missed")
    assert "11 月最多" in found[Indicator.BALANCE].note


def test_an_empty_plan_misses_nothing_it_cannot_know() -> None:
    found = told("guinan-2023", rows=(), items=(), kinds={})
    assert {one.verdict.value for one in found.values()} <= {"met", "reference"}
    assert found[Indicator.ITEM_COVERAGE].percent is None


def test_duty_names_who_is_bound_and_which_office_the_region_lacks() -> None:
    found = told("pingdingshan-2020")
    initiate, join = found[Indicator.DUTY_TO_INITIATE], found[Indicator.DUTY_TO_JOIN]
    assert ([one.id for one in initiate.behind], initiate.value, initiate.of) == (["wl"], 1, 2)
    assert ([one.id for one in join.behind], join.of) == (["sw"], 2)
    assert "生态环境" in initiate.note
    done = replace(PLAN[0], id="9", lead="wl", cooperating=("sw",))
    better = told("pingdingshan-2020", rows=(*PLAN, done))
    assert (better[Indicator.DUTY_TO_INITIATE].verdict, better[Indicator.DUTY_TO_JOIN].verdict) == (
        "met",
        "met",
    )


def test_the_share_of_joint_checks_is_held_against_last_year_s() -> None:
    assert told("jiaozuo-sfq-2023")[Indicator.JOINT_SHARE].verdict == "reference"
    assert told("jiaozuo-sfq-2023", earlier_joint_percent=60)[Indicator.JOINT_SHARE].verdict == "met"
    assert told("jiaozuo-sfq-2023", earlier_joint_percent=70)[Indicator.JOINT_SHARE].verdict == "missed"


def test_months_hold_all_visits_and_count_what_ends_in_them() -> None:
    there = months(year("guinan-2023"))
    assert sum(one["visits"] for one in there) == 150
    assert [(one["month"], one["tasks"]) for one in there if one["tasks"]] == [("2026-08", 2), ("2026-12", 1)]


@pytest.mark.parametrize(
    ("department", "sector", "same"),
    [
        ("贵南县文体旅游广电局", "文化和旅游", True),
        ("县文化和旅游局", "文化和旅游", True),
        ("县农牧和科技局", "农业农村", True),
        ("县发展和改革局", "发展改革", True),
        ("县教育体育局", "教育", True),
        ("县住房和城乡建设局", "住房城乡建设", True),
        ("县市场监督管理局", "市场监管", True),
        ("县城市管理局", "市场监管", False),
        ("县公安局", "教育", False),
        ("县密码管理局", "密码管理", True),
    ],
)
def test_an_office_s_sector(department: str, sector: str, same: bool) -> None:
    assert of_sector(department, sector) is same


def test_lists_bind_where_the_notice_makes_them_public() -> None:
    bound = {profile for profile in VERDICTS if lists_bind(rules(profile))}
    assert bound == {"pingdingshan-2020", "jiaozuo-sfq-2023"}


def test_every_figure_has_a_label() -> None:
    assert {one.indicator for one in figures(year("pingdingshan-2020"))} <= set(INDICATOR_LABELS)
