"""A plan watched for real: figures, other ratios, schemes and item questions, with who may decide."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories import make_account
from tests.factories.libraries import make_inspector, make_item, make_subject
from tests.plans.test_plans import TABLE, offices

from onevisit.core.db import db
from onevisit.plans.compliance_queries import unlisted_hold_back
from onevisit.plans.intake import import_plan
from onevisit.plans.models import Plan, PlanEntry, PlanEntryItem
from onevisit.plans.reading_models import PlanCorrection
from onevisit.plans.scheme_queries import entries_together
from onevisit.regions.models import Region

HOTELS = {"all": [{"kind": "field", "any": ["旅馆业"]}], "none": []}


@pytest.fixture
def plan(app: Flask) -> Plan:
    offices()
    make_item("公共场所卫生许可及卫生情况的监督检查", "632525-wj")
    make_item("消防监督检查", "632525-xf")
    for number in range(6):
        make_subject(f"示例{number}宾馆", risk="C" if number < 2 else "B")
    make_inspector("示例·甲", "632525-ga", valid_to=date(2029, 1, 1))
    made = import_plan(TABLE.name, TABLE.read_bytes(), region_id="632525", shift_to=2026)
    for one in made.entries:
        if one.seq in (5, 26):
            one.scope_filter = HOTELS
    other = next(one for one in made.entries if one.seq == 5)
    other.initiating_department_id, other.window_start = "632525-wj", other.window_start
    db.session.commit()
    return made


@pytest.fixture
def office(plan: Plan, client_for: Callable[..., Any]) -> Any:
    return client_for(make_account(["joint_office"], "632525-lxhy"))


def hotels(plan: Plan) -> PlanEntry:
    return next(one for one in plan.entries if one.seq == 26)


# schemes


def test_who_may_not_decide_a_scheme_and_what_is_none(
    plan: Plan, office: Any, client_for: Callable[..., Any]
) -> None:
    url = f"/api/plans/{plan.id}/schemes"
    ids = [one.id for one in plan.entries if one.seq in (5, 26)]
    good = {"entry_ids": ids, "state": "accepted"}
    assert client_for(make_account(["desk"], "632525-ga")).post(url, json=good).status_code == 403
    assert client_for(make_account(["joint_office"], "630101-lxhy")).post(url, json=good).status_code == 404
    alone = [one.id for one in plan.entries if one.seq in (7, 8)]
    for body, code in (
        ({"entry_ids": ids, "state": "refused"}, "plans.scheme_reason"),
        ({"entry_ids": ids, "state": "refused", "reason": " "}, "plans.scheme_reason"),
        ({"entry_ids": alone, "state": "accepted"}, "plans.scheme_one_initiator"),
        ({"entry_ids": [ids[0], "nobody"], "state": "accepted"}, "plans.scheme_rows"),
        ({"entry_ids": ids[:1], "state": "accepted"}, "api.invalid"),
    ):
        assert office.post(url, json=body).json["code"] == code
    assert office.get(url).json["decided"] == []


def test_rows_over_the_same_scope_are_offered_taken_and_known_to_dispatching(plan: Plan, office: Any) -> None:
    url = f"/api/plans/{plan.id}/schemes"
    offer = next(
        one for one in office.get(url).json["offers"] if {row["no"] for row in one["rows"]} == {"5", "26"}
    )
    assert (offer["ground_label"], offer["pairs"][0]["common"], offer["pairs"][0]["of_one"]) == (
        "对象范围相同",
        6,
        100,
    )
    ids = [row["id"] for row in offer["rows"]]
    taken = office.post(url, json={"entry_ids": ids, "state": "accepted"}).json
    assert [(one["state_label"], len(one["rows"])) for one in taken["decided"]] == [("已统筹", 2)]
    assert not any({row["id"] for row in one["rows"]} == set(ids) for one in taken["offers"])
    together = entries_together([one.id for one in plan.entries])
    assert (set(together), len(set(together.values()))) == (set(ids), 1)
    assert office.post(url, json={"entry_ids": ids, "state": "accepted"}).json["code"] == "plans.scheme_taken"
    hotels(plan).scope_filter = {"all": [{"kind": "risk", "any": ["C"]}], "none": []}
    db.session.commit()
    assert any(row["changed"] for row in office.get(url).json["decided"][0]["rows"])
    back = office.delete(f"/api/plans/schemes/{taken['decided'][0]['id']}").json
    assert back["decided"] == []
    assert entries_together(ids) == {}
    assert (
        office.delete(f"/api/plans/schemes/{taken['decided'][0]['id']}").json["code"]
        == "plans.scheme_withdrawn"
    )


def test_a_refused_offer_keeps_its_reason_and_is_not_offered_again(plan: Plan, office: Any) -> None:
    url = f"/api/plans/{plan.id}/schemes"
    ids = [one.id for one in plan.entries if one.seq in (5, 26)]
    told = office.post(url, json={"entry_ids": ids, "state": "refused", "reason": "检查季节不同"}).json
    assert [(one["state"], one["reason"]) for one in told["decided"]] == [("refused", "检查季节不同")]
    assert not any({row["id"] for row in one["rows"]} == set(ids) for one in told["offers"])
    assert entries_together(ids) == {}


# item questions


def question(shown: dict[str, Any], text: str) -> dict[str, Any]:
    return next(one for one in shown["questions"] if one["text"] == text)


def test_a_near_item_is_asked_with_the_difference_and_answered_for_good(
    plan: Plan, office: Any, client_for: Callable[..., Any]
) -> None:
    url = f"/api/plans/{plan.id}/item-questions"
    asked = question(office.get(url).json, "公共场所卫生许可 卫生情况检查")
    assert (asked["match"], asked["department"]["id"], asked["candidates"][0]["percent"] >= 70) == (
        "near",
        "632525-wj",
        True,
    )
    assert {piece["where"] for piece in asked["candidates"][0]["difference"]} == {"both", "list", "table"}
    item = asked["candidates"][0]["id"]
    body = {"key": asked["key"], "department_id": "632525-wj", "item_id": item}
    assert client_for(make_account(["desk"], "632525-ga")).post(url, json=body).status_code == 403
    assert office.post(url, json=body | {"item_id": "nothing"}).json["code"] == "plans.item_unknown"
    assert office.post(url, json=body | {"key": "没有"}).json["code"] == "plans.question_gone"
    desk = client_for(make_account(["desk"], "632525-wj"))
    done = question(desk.post(url, json=body).json, asked["text"])
    assert (done["match"], done["item"]["id"]) == ("confirmed", item)
    assert db.session.scalars(select(PlanCorrection).where(PlanCorrection.kind == "item")).one().value == item
    import_plan(TABLE.name, TABLE.read_bytes(), region_id="632525", shift_to=2027)
    again = db.session.scalars(
        select(PlanEntryItem)
        .join(PlanEntry)
        .join(Plan)
        .where(Plan.year == 2027, PlanEntryItem.text == asked["text"])
    )
    assert {(one.match, one.item_id) for one in again} == {("confirmed", item)}


def test_none_of_them_is_an_answer_too_and_a_new_item_is_found_when_matched_again(
    plan: Plan, office: Any
) -> None:
    url = f"/api/plans/{plan.id}/item-questions"
    asked = question(office.get(url).json, "公共场所卫生许可 卫生情况检查")
    body = {"key": asked["key"], "department_id": "632525-wj", "item_id": None}
    assert question(office.post(url, json=body).json, asked["text"])["match_label"] == "不在清单上"
    make_item("公共场所卫生许可 卫生情况检查", "632525-wj")
    shown = office.post(f"/api/plans/{plan.id}/match-again").json
    assert asked["text"] not in [one["text"] for one in shown["questions"]]


def test_an_unlisted_item_holds_back_where_the_notice_wants_a_public_list(plan: Plan) -> None:
    assert unlisted_hold_back(plan) == []
    db.session.get_one(Region, "632525").profile = "pingdingshan-2020"
    db.session.commit()
    assert any(one.startswith("第 26 项有") for one in unlisted_hold_back(plan))


# figures and suppositions


def test_figures_come_from_the_library_and_open_their_rows(plan: Plan, office: Any) -> None:
    shown = office.get(f"/api/plans/{plan.id}/compliance").json
    figures = {one["indicator"]: one for one in shown["figures"]}
    assert shown["visits"] == sum(one["visits"] for one in shown["months"]) > 0
    assert figures["past_end"]["verdict"] == "missed"
    assert "11月15日" in figures["past_end"]["target"]
    assert figures["past_end"]["value"] == len(figures["past_end"]["behind"])
    assert figures["item_coverage"]["verdict"] == "reference"
    assert (figures["item_coverage"]["value"], figures["item_coverage"]["of"]) == (1, 2)
    assert {name for name, one in figures.items() if one["ours"]} == {"balance", "fourth_quarter"}
    for state in ("withdrawn", "repealed"):
        make_item(f"旧事项{state}", "632525-wj", state=state)
    again = {one["indicator"]: one for one in office.get(f"/api/plans/{plan.id}/compliance").json["figures"]}
    assert (again["item_coverage"]["value"], again["item_coverage"]["of"]) == (1, 2), "no item in force"
    rows = {one.id for one in plan.entries}
    assert {one["id"] for one in figures["scope_open"]["behind"]} <= rows


def test_c_at_fifty_percent_is_counted_and_nothing_is_stored(plan: Plan, office: Any) -> None:
    url = f"/api/plans/{plan.id}/suppose"
    before = db.session.scalar(select(PlanEntry.revision).where(PlanEntry.id == hotels(plan).id))
    now, then = office.post(url, json={}).json, office.post(url, json={"classes": {"C": "50"}}).json
    row = next(one for one in then["rows"] if one["no"] == "26")
    assert (row["subjects"], row["visits_now"], row["visits"]) == (6, 1, 2)
    assert (now["visits"], then["visits_now"]) == (now["visits_now"], now["visits"])
    police = next(one for one in then["departments"] if one["department_id"] == "632525-ga")
    assert (police["inspectors"], police["per_inspector_month"] is not None) == (1, True)
    assert office.post(url, json={"classes": {"C": "101"}}).json["code"] == "api.invalid"
    assert office.post(url, json={"base": "NaN"}).json["code"] == "api.invalid"
    assert db.session.scalar(select(PlanEntry.revision).where(PlanEntry.id == hotels(plan).id)) == before


def test_a_scope_shows_some_of_those_it_finds(
    plan: Plan, office: Any, client_for: Callable[..., Any]
) -> None:
    url = "/api/plans/scope-samples"
    told = office.post(url, json={"filter": HOTELS}).json
    assert (told["count"], len(told["samples"]), told["samples"][0]["name"]) == (6, 6, "示例0宾馆")
    assert office.post(url, json={"filter": {"all": [], "none": []}}).json["samples"] == []
    without = {"all": HOTELS["all"], "none": [{"kind": "risk", "any": ["C"]}]}
    assert office.post(url, json={"filter": without}).json["count"] == 4
    elsewhere = client_for(make_account(["joint_office"], "630101-lxhy"))
    assert elsewhere.post(url, json={"filter": HOTELS}).json["samples"] == []
    assert (
        client_for(make_account(["inspector"], "632525-ga")).post(url, json={"filter": HOTELS}).status_code
        == 403
    )
