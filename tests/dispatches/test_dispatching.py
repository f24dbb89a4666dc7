"""Does a drawn task reach the departments whole, once, and with somebody to go?"""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from tests.factories import make_account, make_region
from tests.factories.desk import LEAD, PARTNER, Desk, make_desk, make_inspector

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.models import Part, Visit
from onevisit.draws.bundle import verify
from onevisit.draws.keys import draw_key
from onevisit.subjects.models import SubjectHistory
from onevisit.tasks.models import Task

Clients = Callable[..., Any]


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json


def claim(
    desk: Desk, who: Any, visit: dict[str, Any], compared: str = "agreed", note: str | None = None
) -> Any:
    return desk.post(who, f"/dispatches/visits/{visit['id']}/claim", {"compared": compared, "note": note})


def member_account(visit: dict[str, Any], department: str, leader: bool) -> Any:
    """An account of somebody on this visit's team."""
    part = next(one for one in visit["parts"] if one["department_id"] == department)
    person = next(one for one in part["team"] if one["leads"] == leader)
    return make_account(["inspector"], department, inspector_id=person["id"])


def test_only_the_initiating_departments_desk_dispatches(client_for: Clients) -> None:
    desk = make_desk(client_for)
    given = {"task_id": desk.drawn()["task_id"]}
    make_region("410481")
    for who in (desk.partner, desk.office, desk.lead_deputy, make_account(["inspector"], LEAD)):
        refused(desk.post(who, "/dispatches", given), 403, "auth.forbidden")
    refused(desk.post(make_account(["desk"], "410481-ga"), "/dispatches", given), 404, "api.not_found")


def test_an_undrawn_task_cannot_go_out(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.committed()
    refused(desk.post(desk.lead, "/dispatches", {"task_id": draw["task_id"]}), 409, "dispatches.not_drawn")


def test_a_dispatch_without_enough_inspectors_says_who_is_short_and_makes_nothing(
    client_for: Clients,
) -> None:
    desk = make_desk(client_for, inspectors=1)
    draw = desk.drawn()
    answer = desk.post(desk.lead, "/dispatches", {"task_id": draw["task_id"]})
    refused(answer, 409, "dispatches.no_inspectors")
    assert answer.json["missing"] == {LEAD: 4, PARTNER: 4}
    assert db.session.query(Visit).count() == 0


def test_a_shortfall_filled_by_appointment_goes_out(client_for: Clients) -> None:
    desk = make_desk(client_for, inspectors=2)
    draw = desk.drawn()
    answer = desk.post(desk.lead, "/dispatches", {"task_id": draw["task_id"]})
    assert (answer.status_code, answer.json["visits"]) == (201, 4)


def test_a_second_dispatch_is_refused(client_for: Clients) -> None:
    desk = make_desk(client_for)
    board = desk.board()
    refused(
        desk.post(desk.lead, "/dispatches", {"task_id": board["task"]["id"]}),
        409,
        "dispatches.already_dispatched",
    )
    assert db.session.query(Visit).count() == 4


def test_of_two_dispatches_at_once_one_wins(client_for: Clients, app: Flask) -> None:
    desk = make_desk(client_for)
    given = {"task_id": desk.drawn()["task_id"]}
    clients, answers, together = [client_for(desk.lead), client_for(desk.lead)], [], threading.Barrier(2)
    db.session.remove()

    def go(client: Any) -> None:
        together.wait()
        answers.append(client.post("/api/dispatches", json=given))

    threads = [threading.Thread(target=go, args=(client,)) for client in clients]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(one.status_code for one in answers) == [201, 409]
    assert db.session.query(Visit).count() == 4


def test_visits_are_numbered_in_the_order_of_the_draw_with_parts_and_leaders(client_for: Clients) -> None:
    desk = make_desk(client_for)
    board = desk.board()
    assert [one["no"] for one in board["visits"]] == [f"632525-2026-26-1-0{n}" for n in (1, 2, 3, 4)]
    for visit in board["visits"]:
        assert [(one["department_id"], one["initiating"]) for one in visit["parts"]] == [
            (LEAD, True),
            (PARTNER, False),
        ]
        assert [[member["leads"] for member in one["team"]] for one in visit["parts"]] == [[True, False]] * 2
        leader = visit["parts"][0]["team"][0]["id"]
        assert db.session.get_one(Visit, visit["id"]).leader_id == leader
    assert db.session.get_one(Task, board["task"]["id"]).state == "dispatched"
    assert board["counts"] == {"all": 4, "to_claim": 4, "attention": 0, "schedulable": 0, "scheduled": 0}
    assert sum(one["visits"] for one in board["departments"][0]["people"]) == 8


def test_the_claim_is_due_in_working_days_as_the_profile_or_our_default_says(client_for: Clients) -> None:
    limit = make_desk(client_for).board()["claim_limit"]
    assert (limit["day"], limit["working_days_left"], limit["from_notice"]) == ("2026-11-16", 5, False)
    assert limit["text"] == "还剩 5 个工作日（11月16日）"


def test_the_notice_of_another_region_brings_its_sentence(client_for: Clients) -> None:
    make_region("632525", profile="xining-chengzhong-2023")
    limit = make_desk(client_for).board()["claim_limit"]
    assert limit["from_notice"] is True
    assert "五个工作日" in limit["sentence"]


def test_a_department_claims_its_own_part_only_once(client_for: Clients) -> None:
    desk = make_desk(client_for)
    visit = desk.board()["visits"][0]
    for who in (
        make_account(["desk"], "632525-yj"),
        desk.office,
        desk.partner_deputy,
        make_account(["inspector"], PARTNER),
    ):
        refused(claim(desk, who, visit), 403, "auth.forbidden")
    refused(claim(desk, desk.partner, visit, "differs"), 422, "dispatches.note_needed")
    claimed = claim(desk, desk.partner, visit, "no_longer_operating", "门店已关闭，附近查无此店").json
    part = next(one for one in claimed["parts"] if one["department_id"] == PARTNER)
    assert (part["claim_state"], part["compared_label"]) == ("attention", "已不再经营")
    assert claimed["parts"][0]["claim_state"] == "waiting"
    refused(claim(desk, desk.partner, visit), 409, "dispatches.already_claimed")


def test_an_inspector_of_the_team_may_claim_for_his_department(client_for: Clients) -> None:
    desk = make_desk(client_for)
    visit = desk.board()["visits"][0]
    assert claim(desk, member_account(visit, PARTNER, leader=False), visit).status_code == 200


def test_claiming_all_takes_what_is_left(client_for: Clients) -> None:
    desk = make_desk(client_for)
    board = desk.board()
    given = {"task_id": board["task"]["id"]}
    claim(desk, desk.partner, board["visits"][0], "differs", "地址不符")
    refused(
        desk.post(make_account(["desk"], "632525-yj"), "/dispatches/claim-all", given), 403, "auth.forbidden"
    )
    assert desk.post(desk.partner, "/dispatches/claim-all", given).json == {"claimed": 3}
    refused(desk.post(desk.partner, "/dispatches/claim-all", given), 409, "dispatches.nothing_to_claim")
    desk.post(desk.lead, "/dispatches/claim-all", given)
    board = desk.get(desk.lead, f"/dispatches/board?task_id={given['task_id']}").json
    assert board["counts"] == {"all": 4, "to_claim": 0, "attention": 1, "schedulable": 4, "scheduled": 0}
    assert (board["claim_limit"]["state"], board["departments"][1]["claimed"]) == ("done", 4)


def test_the_leader_or_the_initiating_desk_schedules_for_all(client_for: Clients) -> None:
    desk = make_desk(client_for)
    visit = desk.board()["visits"][0]
    path, given = (
        f"/dispatches/visits/{visit['id']}/schedule",
        {"day": "2026-11-12", "time": "上午", "announced": True},
    )
    refused(desk.post(desk.partner, path, given), 403, "auth.forbidden")
    refused(desk.post(member_account(visit, LEAD, leader=False), path, given), 403, "auth.forbidden")
    refused(desk.post(member_account(visit, PARTNER, leader=True), path, given), 403, "auth.forbidden")
    refused(desk.post(desk.lead, path, {**given, "day": "2026-11-08"}), 422, "dispatches.day_past")
    planned = desk.post(member_account(visit, LEAD, leader=True), path, given).json
    assert (planned["scheduled_day"], planned["state_label"]) == ("2026-11-12", "已排日程")
    assert planned["notice"]["no"] == "贵南双随告〔2026〕26-1-01号"
    assert planned["notice"]["papers"] == ["营业执照", "特种行业许可证"]


def test_delivery_is_recorded_once_and_binds_the_announcement(client_for: Clients) -> None:
    desk = make_desk(client_for)
    visit = desk.board()["visits"][0]
    path, given = f"/dispatches/visits/{visit['id']}", {"way": "phone", "receiver": "示例店长"}
    refused(desk.post(desk.lead, f"{path}/notice", given), 409, "dispatches.no_notice")
    desk.post(desk.lead, f"{path}/schedule", {"day": "2026-11-12", "papers": ["住宿登记簿"]})
    delivered = desk.post(desk.lead, f"{path}/notice", given).json["notice"]
    assert (delivered["way_label"], delivered["receiver"], delivered["papers"]) == (
        "电话告知",
        "示例店长",
        ["住宿登记簿"],
    )
    refused(desk.post(desk.lead, f"{path}/notice", given), 409, "dispatches.notice_delivered")
    quiet = desk.post(desk.lead, f"{path}/schedule", {"day": "2026-11-13", "announced": False})
    refused(quiet, 409, "dispatches.notice_delivered")


def test_an_unannounced_visit_has_no_notice(client_for: Clients) -> None:
    desk = make_desk(client_for)
    path = f"/dispatches/visits/{desk.board()['visits'][0]['id']}/schedule"
    desk.post(desk.lead, path, {"day": "2026-11-12"})
    quiet = desk.post(desk.lead, path, {"day": "2026-11-12", "announced": False}).json
    assert (quiet["announced"], quiet["notice"]) == (False, None)


def replaced(desk: Desk, visit: dict[str, Any], out: str, into: str) -> Any:
    """Asked for by the own desk, approved by the own deputy head."""
    kept = db.session.get_one(Visit, visit["id"])
    given = {"leaf": kept.subject_leaf, "out_id": out, "in_id": into, "cause": "new_post"}
    asked = desk.post(desk.lead, f"/draws/{kept.draw_id}/replacements", given)
    assert asked.status_code == 201, asked.json
    waiting = next(one for one in asked.json["items"] if one["decided_at"] is None)
    return desk.post(desk.lead_deputy, f"/draws/replacements/{waiting['id']}/decision", {"approved": True})


def test_a_replaced_leader_hands_on_the_lead_and_the_lot_keeps_the_event(client_for: Clients) -> None:
    desk = make_desk(client_for)
    board = desk.board()
    visit = board["visits"][0]
    out, fresh = visit["parts"][0]["team"][0]["id"], make_inspector(LEAD, 9)
    assert replaced(desk, visit, out, fresh.id).status_code == 200
    told = desk.get(desk.lead, f"/dispatches/visits/{visit['id']}").json
    team = {one["id"]: one for one in told["parts"][0]["team"]}
    said = (team[fresh.id]["leads"], team[out]["leads"], team[out]["removed_reason"])
    assert said == (True, False, "岗位调整")
    assert db.session.get_one(Visit, visit["id"]).leader_id == fresh.id
    bundle = desk.get(None, f"/public/draws/{board['draw']['no']}/bundle").json
    assert [one["kind"] for one in bundle["events"]] == ["replaced"]
    assert verify(bundle, draw_key().checker()).ok
    replaced(desk, visit, fresh.id, out)
    back = desk.get(desk.lead, f"/dispatches/visits/{visit['id']}").json
    assert next(one["id"] for one in back["parts"][0]["team"] if one["removed_at"] is None) == out


def test_after_the_confirmation_nobody_is_replaced(client_for: Clients) -> None:
    """The deputy head's approval is refused whole: neither the lot nor the team changes."""
    desk = make_desk(client_for)
    board = desk.board()
    visit = board["visits"][0]
    db.session.query(Part).filter_by(visit_id=visit["id"]).update({"state": "locked"})
    db.session.commit()
    out = visit["parts"][0]["team"][0]["id"]
    refused(replaced(desk, visit, out, make_inspector(LEAD, 9).id), 409, "dispatches.part_closed")
    assert desk.get(None, f"/public/draws/{board['draw']['no']}/bundle").json["events"] == []


def test_a_visit_is_seen_by_its_departments_and_its_team(client_for: Clients) -> None:
    desk = make_desk(client_for)
    visit = desk.board()["visits"][0]
    path = f"/dispatches/visits/{visit['id']}"
    make_region("410481")
    assert desk.get(member_account(visit, PARTNER, leader=True), path).status_code == 200
    assert desk.get(desk.partner_deputy, path).status_code == 200
    refused(desk.get(make_account(["inspector"], LEAD), path), 403, "auth.forbidden")
    refused(desk.get(make_account(["desk"], "632525-yj"), path), 403, "auth.forbidden")
    refused(desk.get(make_account(["desk"], "410481-ga"), path), 404, "api.not_found")


def test_the_visit_of_the_year_is_counted_once_per_visit(client_for: Clients) -> None:
    desk = make_desk(client_for)
    board = desk.board()
    subject = board["visits"][0]["subject"]["id"]
    db.session.add_all(
        SubjectHistory(
            subject_id=subject,
            visit_id="示例-1",
            department_id=one,
            day=date(2026, 3, 3),
            task_name="示例",
            outcomes=[],
        )
        for one in (LEAD, PARTNER)
    )
    db.session.add(
        SubjectHistory(
            subject_id=subject,
            visit_id="示例-0",
            department_id=LEAD,
            day=date(2025, 3, 3),
            task_name="示例",
            outcomes=[],
        )
    )
    db.session.commit()
    again = desk.get(desk.lead, f"/dispatches/board?task_id={board['task']['id']}").json
    assert [one["year_count"] for one in again["visits"]] == [2, 1, 1, 1]


def test_a_task_tells_everything_that_became_of_it(client_for: Clients) -> None:
    desk = make_desk(client_for)
    board = desk.board()
    task = desk.get(desk.partner, f"/tasks/{board['task']['id']}").json
    assert task["draw"]["state"] == "drawn"
    assert task["visits"] == {
        "total": 4,
        "by_state": {"dispatched": 4},
        "parts_by_state": {"open": 8},
        "parts_unclaimed": 8,
    }
    assert [one["key"] for one in task["deadlines"]] == ["window_end", "complete_by", "claim"]
    assert db.session.query(TrailEntry).filter_by(event="task.dispatched").count() == 1


@pytest.mark.parametrize("at_once", [True, False])
def test_the_last_claim_of_a_department_is_said_once(client_for: Clients, at_once: bool) -> None:
    """Where inspectors are drawn after the claim, the flow waits for this fact (S1)."""
    desk = make_desk(client_for)
    board = desk.board()

    def said() -> list[str | None]:
        return [one.department_id for one in TrailEntry.query.filter_by(event="department.claimed")]

    claim(desk, desk.partner, board["visits"][0])
    assert said() == []
    if at_once:
        desk.post(desk.partner, "/dispatches/claim-all", {"task_id": board["task"]["id"]})
    else:
        for visit in board["visits"][1:]:
            claim(desk, desk.partner, visit)
    assert said() == [PARTNER]


def test_a_visit_without_a_team_is_not_scheduled_yet(client_for: Clients) -> None:
    """Where inspectors are drawn after the claim nobody can be promised to the subject before (S1)."""
    make_region("632525", profile="xining-chengzhong-2023")
    desk = make_desk(client_for)
    board = desk.board()
    visit = board["visits"][0]
    assert [part["team"] for part in visit["parts"]] == [[], []]
    way = f"/dispatches/visits/{visit['id']}/schedule"
    refused(desk.post(desk.lead, way, {"day": "2030-01-07"}), 409, "dispatches.no_team_yet")
