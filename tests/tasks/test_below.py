"""What does a task over several regions freeze when it opens, what does each get, and what is refused? (市抽县查, 县抽县查)"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from tests.factories import make_account
from tests.factories.tiers import CITY, WUGANG, YE, make_city

from onevisit.core.db import db
from onevisit.departments.models import Department
from onevisit.regions.modes import DrawMode, Handing, modes_offered
from onevisit.regions.terms import Tier
from onevisit.tasks.apportioning import apportioned
from onevisit.tasks.models import Task

Clients = Callable[..., Any]


@pytest.mark.parametrize(
    ("written", "words"),
    [("市抽县查", "市抽县查"), ("县抽县查", "县抽县查"), ("州级抽取、县级检查", "市抽县查"), ("区抽区查", "县抽县查"),
     ("省统一抽，市实施检查", "省抽市查")],
)  # fmt: skip
def test_a_mode_is_read_as_notices_print_it(written: str, words: str) -> None:
    mode = DrawMode.read(written)
    assert mode is not None
    assert mode.words == words


@pytest.mark.parametrize("written", [None, "", "双随机", "现场检查"])
def test_other_words_are_no_mode(written: str | None) -> None:
    assert DrawMode.read(written) is None


@pytest.mark.parametrize(
    ("tier", "written", "handing"),
    [
        (Tier.COUNTY, "县抽县查", (Handing.OWN, Tier.COUNTY)),
        (Tier.COUNTY, "市抽县查", (Handing.OWN, Tier.COUNTY)),
        (Tier.CITY, "市抽县查", (Handing.DOWN, Tier.COUNTY)),
        (Tier.CITY, "县抽县查", (Handing.EACH, Tier.COUNTY)),
        (Tier.PROVINCE, "省抽县查", (Handing.DOWN, Tier.COUNTY)),
        (Tier.PROVINCE, "市抽县查", (Handing.EACH, Tier.CITY)),
    ],
)
def test_what_a_mode_means_for_a_tier(tier: Tier, written: str, handing: tuple[Handing, Tier]) -> None:
    mode = DrawMode.read(written)
    assert mode is not None
    assert mode.handing(tier) == handing


def test_the_profile_says_which_modes_are_open() -> None:
    def words(tier: Tier, *allowed: str) -> list[str]:
        return [one.words for one in modes_offered(tier, allowed)]

    assert words(Tier.CITY, "same_tier_draws_and_checks") == ["市抽市查", "县抽县查"]
    assert words(Tier.CITY, "higher_tier_draws_lower_checks") == ["市抽县查"]
    assert words(Tier.CITY, "county_draws_county_checks") == ["县抽县查"]
    assert words(Tier.CITY, "province", "city") == words(Tier.CITY) == ["市抽市查", "市抽县查", "县抽县查"]


@pytest.mark.parametrize(
    ("number", "counts", "given"),
    [
        (10, {"a": 60, "b": 30, "c": 10}, [6, 3, 1]),
        (10, {"a": 5, "b": 5, "c": 5}, [4, 3, 3]),  # a tie goes to the earlier code
        (3, {"a": 1, "b": 100}, [0, 3]),
        (200, {"a": 1, "b": 100}, [1, 100]),  # nobody gets more than there are
        (5, {"a": 0, "b": 0}, [0, 0]),
        (7, {"a": 2, "b": 3, "c": 2}, [2, 3, 2]),
    ],
)
def test_a_number_is_shared_by_largest_remainders(
    number: int, counts: dict[str, int], given: list[int]
) -> None:
    assert [one["number"] for one in apportioned(number, counts)] == given


def test_a_row_of_a_county_goes_nowhere(client_for: Clients) -> None:
    city = make_city(client_for, mode="市抽市查")
    task = city.open().json
    assert (task["handing"], task["from_above"]) == ("own", None)


def test_the_profile_refuses_a_mode_it_does_not_know(client_for: Clients) -> None:
    city = make_city(client_for, profile="yuanping-2024")
    office = city.offices[f"{CITY}-lxhy"]
    answer = client_for(office).patch(
        f"/api/plans/entries/{city.entry.id}",
        json={"draw_mode": "市抽县查x", "reason": "示例"},
        headers={"If-Match": '"1"'},
    )
    assert (answer.status_code, answer.json["code"]) == (422, "plans.draw_mode_not_offered")
    assert "县抽县查" in answer.json["detail"]


def test_an_office_that_a_county_lacks_is_named(client_for: Clients) -> None:
    city = make_city(client_for)
    db.session.get_one(Department, f"{YE}-wjw").name = "叶县档案馆"
    db.session.get_one(Department, f"{YE}-wjw").short_name = "叶县档案馆"
    db.session.commit()
    answer = city.open()
    assert (answer.status_code, answer.json["code"]) == (409, "tasks.county_department_missing")
    assert "叶县没有与平顶山市卫生健康委员会对应的部门" in answer.json["detail"]
    assert answer.json["missing"] == [{"region_id": YE, "department_id": f"{CITY}-wjw"}]
    assert db.session.query(Task).count() == 0
    shown = city.get(f"{CITY}-ga", f"/tasks/opening?plan_entry_id={city.entry.id}").json
    offices = {one["id"]: [x["department_id"] for x in one["departments"]] for one in shown["regions"]}
    assert offices == {WUGANG: [f"{WUGANG}-ga", f"{WUGANG}-wjw"], YE: [f"{YE}-ga", None]}
    chosen = {"region_id": YE, "department_id": f"{CITY}-wjw", "counterpart_id": f"{YE}-ga"}
    opened = city.open(counterparts=[chosen])
    assert opened.status_code == 201, opened.json
    assert db.session.query(Task).one().below["regions"][0]["id"] == YE


def test_a_named_office_must_be_of_that_county(client_for: Clients) -> None:
    city = make_city(client_for)
    chosen = {"region_id": YE, "department_id": f"{CITY}-wjw", "counterpart_id": f"{WUGANG}-wjw"}
    answer = city.open(counterparts=[chosen])
    assert (answer.status_code, answer.json["code"]) == (422, "tasks.counterpart_unknown")


def test_a_county_is_left_out_only_with_a_reason(client_for: Clients) -> None:
    city = make_city(client_for)
    assert city.open(left_out=[{"region_id": YE}]).status_code == 422
    assert (
        city.open(left_out=[{"region_id": "632525", "reason": "示例"}]).json["code"] == "tasks.region_unknown"
    )
    assert (
        city.open(left_out=[{"region_id": one, "reason": "示例"} for one in (YE, WUGANG)]).status_code == 409
    )
    city.open(left_out=[{"region_id": YE, "reason": "当地没有旅馆业"}])
    below = db.session.query(Task).one().below
    assert [one["id"] for one in below["regions"]] == [WUGANG]
    assert below["left_out"] == [{"id": YE, "reason": "当地没有旅馆业"}]


def test_each_county_gets_a_task_of_its_own(client_for: Clients, app: Flask) -> None:
    city = make_city(client_for, mode="县抽县查")
    task = city.open().json
    assert (task["handing"], task["state"]) == ("each", "dispatched")
    (own,) = city.tasks_of(WUGANG)
    assert own["from_above"] == {
        "region": {"id": CITY, "name": "平顶山市"},
        "no": task["no"],
        "drawn_there": False,
    }
    assert own["initiating_department"]["id"] == f"{WUGANG}-ga"
    assert [one["id"] for one in own["departments"]] == [f"{WUGANG}-ga", f"{WUGANG}-wjw"]
    assert (own["state"], own["ratio"]["percent"], own["no"]) == ("open", "50", f"{WUGANG}-2026-26-1")
    assert own["plan"]["name"] == "2026年度平顶山市下派的抽查任务"
    assert own["origin_label"] == "上级交办"
    city.attest_all()
    answer = city.prepare(own["id"], WUGANG)
    assert answer.status_code == 201, answer.json
    assert answer.json["pool"]["count"] == 6


def test_a_county_sees_its_own_task_and_no_other(client_for: Clients) -> None:
    city = make_city(client_for, mode="县抽县查")
    task = city.open().json
    (other,) = city.tasks_of(YE)
    for path in (f"/tasks/{other['id']}", f"/dispatches/board?task_id={other['id']}", f"/tasks/{task['id']}"):
        assert city.get(f"{WUGANG}-ga", path).status_code == 404, path
    assert city.prepare(other["id"], WUGANG).status_code == 404
    assert city.get(f"{WUGANG}-ga", f"/tasks/opening?plan_entry_id={city.entry.id}").status_code == 404


def test_a_fixed_number_is_shared_with_its_arithmetic(client_for: Clients) -> None:
    city = make_city(client_for, mode="县抽县查", ratio=None, sample_size=4)
    shown = city.get(f"{CITY}-ga", f"/tasks/opening?plan_entry_id={city.entry.id}").json
    assert [one["share"] for one in shown["regions"]] == [
        {"region_id": YE, "count": 3, "share": "1.333", "floor": 1, "number": 1},
        {"region_id": WUGANG, "count": 6, "share": "2.666", "floor": 2, "number": 3},
    ]
    city.open()
    assert [one["sample_size"] for region in (YE, WUGANG) for one in city.tasks_of(region)] == [1, 3]


def test_a_county_whose_share_is_nobody_gets_no_task(client_for: Clients) -> None:
    city = make_city(client_for, mode="县抽县查", ratio=None, sample_size=1)
    city.open()
    assert (len(city.tasks_of(WUGANG)), len(city.tasks_of(YE))) == (1, 0)


def test_nobody_below_is_refused(client_for: Clients) -> None:
    city = make_city(client_for, mode="县抽县查")
    from onevisit.regions.models import Region

    for one in (WUGANG, YE):
        db.session.get_one(Region, one).parent_id = None
    db.session.commit()
    answer = city.open()
    assert (answer.status_code, answer.json["code"]) == (409, "tasks.nobody_below")


def test_the_scope_is_counted_over_the_counties(client_for: Clients) -> None:
    city = make_city(client_for)
    scope = city.get(f"{CITY}-ga", f"/plans/entries/{city.entry.id}/scope").json
    assert scope["count"] == 9


def test_an_office_in_the_scope_means_its_counterpart_below(client_for: Clients) -> None:
    wanted = {"all": [{"kind": "department", "any": [f"{CITY}-ga"]}], "none": []}
    city = make_city(client_for, mode="县抽县查", scope_filter=wanted)
    assert city.get(f"{CITY}-ga", f"/plans/entries/{city.entry.id}/scope").json["count"] == 9
    city.open()
    (own,) = city.tasks_of(YE)
    kept = db.session.get_one(Task, own["id"]).scope_filter
    assert kept["all"] == [{"kind": "department", "any": [f"{YE}-ga"]}]


def test_what_was_handed_down_is_no_plan_of_the_county(client_for: Clients) -> None:
    city = make_city(client_for, mode="县抽县查")
    city.open()
    assert client_for(make_account(["joint_office"], f"{WUGANG}-lxhy")).get("/api/plans").json["items"] == []
