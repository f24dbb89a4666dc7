"""Does a list drawn above reach the right offices below, and does the region above see each of them once? (市抽县查, 县抽县查)"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from tests.draws.verified import every_draw_is_verified  # noqa: F401
from tests.factories.desk import attest
from tests.factories.people import make_account, make_department, make_region
from tests.factories.tiers import CITY, COUNTIES, OFFICES, WUGANG, YE, Tiers, make_city, make_hotel

from onevisit.core.db import db
from onevisit.dispatches.models import Visit
from onevisit.draws.models import Draw, DrawnSubject
from onevisit.inspectors.models import Inspector
from onevisit.regions.models import Region
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task

Clients = Callable[..., Any]
EVERYBODY = {"percent": 100, "bound": "exact"}  # so that both counties are sure to have somebody drawn


def test_a_county_without_a_confirmed_library_holds_the_draw_back(client_for: Clients) -> None:
    city = make_city(client_for)
    task = city.open().json
    attest(f"{WUGANG}-ga", f"{WUGANG}-wjw", f"{YE}-ga")
    answer = city.prepare(task["id"])
    assert (answer.status_code, answer.json["code"]) == (409, "draws.pool_not_confirmed")
    assert answer.json["missing"] == [{"department_id": f"{YE}-wjw", "library": "subjects"}]
    assert "叶县卫生健康委员会的检查对象名录库" in answer.json["detail"]


def test_the_city_draws_no_inspectors_of_the_counties(client_for: Clients) -> None:
    city = make_city(client_for)
    task = city.open().json
    city.attest_all()
    answer = city.prepare(task["id"], order="together")
    assert (answer.status_code, answer.json["code"]) == (409, "draws.order_not_offered")


def test_one_pool_over_both_counties(client_for: Clients) -> None:
    city = make_city(client_for)
    draw = city.drawn()
    assert (draw["pool"]["count"], draw["drawn_count"], draw["kind"]) == (9, 5, "subjects")
    assert {one["name"]: one["count"] for one in draw["regions"]} == {"叶县": 3, "舞钢市": 6}
    assert sum(one["drawn"] for one in draw["regions"]) == 5
    assert draw["inspector_draws"] == []
    told = city.client_for(None).get(f"/api/public/draws/{draw['no']}").json
    assert [one["name"] for one in told["regions"]] == ["叶县", "舞钢市"]
    assert city.client_for(None).get(f"/api/public/draws?region={YE}").json["items"] == []


def test_who_stands_in_two_libraries_has_one_chance(client_for: Clients) -> None:
    city = make_city(client_for)
    code = db.session.scalars(select(Subject.credit_code).where(Subject.region_id == WUGANG)).first()
    make_hotel(YE, 99, credit_code=code, state="moved_out")
    draw = city.drawn()
    assert draw["pool"]["count"] == 9
    assert [(one["reason"], one["count"]) for one in draw["excluded"]] == [("listed_twice", 1)]


def test_a_list_goes_to_the_counties_and_is_claimed_there(client_for: Clients) -> None:
    city = make_city(client_for, ratio=EVERYBODY)
    above = city.handed_down()
    assert (above["state"], above["visits"]["total"]) == ("dispatched", 0)
    assert (above["below"]["totals"]["visits"], above["below"]["totals"]["parts"]) == (9, 18)
    again = city.post(f"{CITY}-ga", "/dispatches", {"task_id": above["id"]})
    assert (again.status_code, again.json["code"]) == (409, "dispatches.already_dispatched")
    for region in COUNTIES:
        (task,) = city.tasks_of(region)
        assert (task["state"], task["from_above"]["drawn_there"]) == ("dispatched", True)
        board = city.get(f"{region}-ga", f"/dispatches/board?task_id={task['id']}").json
        assert {visit["subject"]["name"][2:4] for visit in board["visits"]} == {city_name(region)}
        assert board["draw"]["kind"] == "handed_down"
        assert city.post(f"{region}-wjw", "/dispatches/claim-all", {"task_id": task["id"]}).json["claimed"]
    told = city.get(f"{CITY}-ga", f"/tasks/{above['id']}").json["below"]
    assert told["totals"]["claimed"] == 9
    assert db.session.query(Visit).count() == 9
    listed = city.client_for(None).get(f"/api/public/draws?region={YE}").json["items"]
    assert [one["no"] for one in listed] == [told["regions"][0]["public_no"]]


def city_name(region: str) -> str:
    return "舞钢" if region == WUGANG else "叶县"


def test_the_county_draws_its_inspectors_over_its_own_library(client_for: Clients) -> None:
    """After the hand-down, each county by itself; the commit names the city's draw, the notice carries its proof."""
    city = make_city(client_for)
    city.handed_down()
    (task,) = city.tasks_of(WUGANG)
    handed = db.session.scalars(select(Draw).where(Draw.task_id == task["id"])).one()
    departments = [f"{WUGANG}-{slug}" for slug in OFFICES]
    city.attest_all()
    path = f"/draws/{handed.id}/inspectors"
    answer = city.prepare(task["id"], WUGANG, path, departments=departments)
    assert answer.status_code == 201, answer.json
    drawn = city.draw(dict(answer.json), WUGANG)
    assert drawn["commit"]["subjects_draw"] == handed.commit_hash
    assert drawn["commit"]["region"] == WUGANG
    board = city.get(f"{WUGANG}-ga", f"/dispatches/board?task_id={task['id']}").json
    assert all(len(part["team"]) == 2 for visit in board["visits"] for part in visit["parts"])
    above = db.session.get_one(Draw, handed.rests_on_id)
    public = city.client_for(None).get(f"/api/public/draws/{drawn['no']}").json
    assert public["rests_on"] == above.no
    assert city.client_for(None).get(f"/api/public/draws/{handed.no}").status_code == 404


def test_a_county_without_qualified_inspectors_is_told_so(client_for: Clients) -> None:
    city = make_city(client_for)
    city.handed_down()
    (task,) = city.tasks_of(WUGANG)
    handed = db.session.scalars(select(Draw).where(Draw.task_id == task["id"])).one()
    for one in db.session.scalars(select(Inspector).where(Inspector.department_id == f"{WUGANG}-wjw")):
        one.state = "transferred"
    db.session.commit()
    city.attest_all()
    answer = city.prepare(
        task["id"], WUGANG, f"/draws/{handed.id}/inspectors", departments=[f"{WUGANG}-ga", f"{WUGANG}-wjw"]
    )
    assert (answer.status_code, answer.json["code"]) == (409, "draws.nobody_qualified")
    assert answer.json["departments"] == [f"{WUGANG}-wjw"]


def test_a_list_from_above_is_neither_voided_nor_certified_below(client_for: Clients) -> None:
    city = make_city(client_for)
    city.handed_down()
    (task,) = city.tasks_of(WUGANG)
    handed = db.session.scalars(select(Draw).where(Draw.task_id == task["id"])).one()
    room = city.get(f"{WUGANG}-ga", f"/draws/{handed.id}").json
    assert (room["certificate"], room["checkable"], room["regions"]) == (False, False, [])
    proofs = city.get(f"{WUGANG}-ga", f"/draws/{handed.id}/proofs")
    assert proofs.json["code"] == "draws.drawn_above"
    void = client_for(city.deputies[f"{WUGANG}-ga"]).post(
        f"/api/draws/{handed.id}/void", json={"reason": "示例"}
    )
    assert (void.status_code, void.json["code"]) == (409, "draws.list_fixed")


def moved_away(city: Tiers) -> tuple[str, DrawnSubject]:
    """Drawn in 舞钢, then moved to 叶县: its row there says so, and 叶县 has taken it in."""
    task_id = city.drawn()["task_id"]
    drawn = db.session.scalars(
        select(DrawnSubject)
        .join(Subject, Subject.id == DrawnSubject.subject_id)
        .where(Subject.region_id == WUGANG)
    ).first()
    assert drawn is not None
    gone = db.session.get_one(Subject, drawn.subject_id)
    gone.state = "moved_out"
    db.session.commit()
    make_hotel(YE, 77, credit_code=gone.credit_code, name=gone.name)
    return task_id, drawn


def test_a_subject_that_moved_to_another_county_asks_for_a_decision(client_for: Clients) -> None:
    city = make_city(client_for)
    task_id, drawn = moved_away(city)
    name = db.session.get_one(Subject, drawn.subject_id).name
    answer = city.post(f"{CITY}-ga", "/dispatches", {"task_id": task_id})
    assert (answer.status_code, answer.json["code"]) == (409, "dispatches.subject_moved")
    assert answer.json["moved"] == [{"name": name, "from": WUGANG, "to": YE}]
    assert db.session.query(Visit).count() == 0
    assert db.session.query(Task).count() == 1


@pytest.mark.parametrize(("how", "where"), [("follow", YE), ("stay", WUGANG)])
def test_the_moved_one_goes_where_it_was_decided(client_for: Clients, how: str, where: str) -> None:
    city = make_city(client_for)
    task_id, drawn = moved_away(city)
    leaf = drawn.leaf
    answer = city.post(f"{CITY}-ga", "/dispatches", {"task_id": task_id, "moved": how})
    assert (answer.status_code, answer.json["visits"]) == (201, 5)
    visit = db.session.scalars(select(Visit).where(Visit.subject_leaf == leaf)).one()
    assert visit.region_id == where
    assert db.session.get_one(Subject, visit.subject_id).region_id == where


def test_the_ledger_of_the_city_has_every_office_once(client_for: Clients) -> None:
    city = make_city(client_for, ratio=EVERYBODY)
    above = city.handed_down()
    told = city.get(f"{CITY}-ga", "/dispatches/ledger").json
    assert {(row["region"]["id"], row["department"]["id"]) for row in told["rows"]} == {
        (region, f"{region}-{slug}") for region in COUNTIES for slug in OFFICES
    }
    assert (told["counts"]["all"], sum(row["parts"] for row in told["rows"])) == (4, 18)
    assert len(city.get(f"{CITY}-wjw", f"/dispatches/ledger?task_id={above['id']}").json["rows"]) == 4
    assert len(city.get(f"{CITY}-lxhy", f"/dispatches/ledger?region_id={YE}").json["rows"]) == 2
    own = city.get(f"{YE}-ga", "/dispatches/ledger").json["rows"]
    assert {row["region"]["id"] for row in own} == {YE}


def test_a_county_that_has_not_drawn_stands_in_the_ledger_of_the_city(client_for: Clients) -> None:
    city = make_city(client_for, mode="县抽县查")
    task = city.open().json
    told = city.get(f"{CITY}-ga", "/dispatches/ledger").json
    assert [(row["region"]["id"], row["state"], row["parts"]) for row in told["rows"]] == [
        (YE, "to_draw", 0), (WUGANG, "to_draw", 0),
    ]  # fmt: skip
    assert city.get(f"{YE}-ga", "/dispatches/ledger").json["rows"] == []
    below = city.get(f"{CITY}-ga", f"/tasks/{task['id']}").json["below"]
    assert all(one["findings"][0].startswith("还没有抽取") for one in below["regions"])
    answer = city.prepare(task["id"])
    assert (answer.status_code, answer.json["code"]) == (409, "draws.drawn_below")


def test_each_county_draws_with_a_seed_of_its_own_and_the_city_sees_it(client_for: Clients) -> None:
    city = make_city(client_for, mode="县抽县查")
    task = city.open().json
    city.attest_all()
    for region in COUNTIES:
        (own,) = city.tasks_of(region)
        answer = city.prepare(own["id"], region)
        assert answer.status_code == 201, answer.json
        city.draw(dict(answer.json), region)
    below = city.get(f"{CITY}-ga", f"/tasks/{task['id']}").json["below"]
    drawn = [
        (one["region"]["id"], one["draw"]["pool_count"], one["draw"]["drawn_count"])
        for one in below["regions"]
    ]
    assert drawn == [(YE, 3, 2), (WUGANG, 6, 3)]
    assert len({one["draw"]["commit_hash"] for one in below["regions"]}) == 2
    assert [one["findings"] for one in below["regions"]] == [["已抽取，还没有派发"]] * 2
    draws = db.session.scalars(select(Draw)).all()
    assert len({one.key for one in draws}) == 2


def test_a_province_opens_one_draw_in_each_city(client_for: Clients) -> None:
    """市抽县查 in a province's plan: the city gets a task whose list it draws over its own counties."""
    city = make_city(client_for, ratio=EVERYBODY)
    make_region("410000", name="河南省", full_name="河南省", tier="province", profile=None)
    for slug, name in (("ga", "公安厅"), ("wjw", "卫生健康委员会")):
        make_department(f"410000-{slug}", name=f"河南省{name}", short_name=f"河南省{name}")
    db.session.get_one(Region, CITY).parent_id = "410000"
    entry = city.entry
    entry.plan.region_id, entry.initiating_department_id = "410000", "410000-ga"
    entry.cooperating_department_ids = ["410000-wjw"]
    db.session.commit()
    desk = make_account(["desk"], "410000-ga")
    answer = client_for(desk).post("/api/tasks", json={"plan_entry_id": entry.id})
    assert answer.status_code == 201, answer.json
    (own,) = city.tasks_of(CITY)
    assert (own["handing"], own["from_above"]["region"]["name"]) == ("down", "河南省")
    city.attest_all()
    prepared = city.prepare(own["id"])
    assert prepared.status_code == 201, prepared.json
    city.draw(dict(prepared.json))
    assert city.post(f"{CITY}-ga", "/dispatches", {"task_id": own["id"]}).status_code == 201
    told = client_for(desk).get(f"/api/tasks/{answer.json['id']}").json["below"]
    assert told["totals"]["visits"] == 9
    assert {row["region"]["id"] for row in client_for(desk).get("/api/dispatches/ledger").json["rows"]} == {
        WUGANG,
        YE,
    }
