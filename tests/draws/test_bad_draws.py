"""Is every wrong turn in the draw room refused, with the reason, and nothing half-done?"""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.factories.desk import LEAD, PARTNER, attest, make_desk, make_subject

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry
from onevisit.draws.models import Draw, DrawSource
from onevisit.draws.preparing import keep_new
from onevisit.regions.models import RegionRule
from onevisit.tasks.models import Task

Clients = Callable[..., Any]


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json


def test_a_pool_smaller_than_the_number_asked_for_is_refused(client_for: Clients) -> None:
    desk = make_desk(client_for, ratio=None, sample_size=10)
    attest(LEAD, PARTNER)
    answer = desk.post(desk.lead, "/draws", {"task_id": desk.task()["id"], "sources": desk.sources()})
    refused(answer, 409, "draws.pool_too_small")
    assert (answer.json["wanted"], answer.json["pool"]) == (10, 8)
    assert db.session.query(Draw).count() == 0


def test_of_two_people_who_start_the_same_draw_at_once_one_does(client_for: Clients) -> None:
    desk = make_desk(client_for)
    attest(LEAD, PARTNER)
    given = {"task_id": desk.task()["id"], "sources": desk.sources()}
    clients, answers = [client_for(desk.lead) for _ in range(3)], []
    db.session.remove()
    together = threading.Barrier(3)

    def go(client: Any) -> None:
        together.wait()
        answers.append(client.post("/api/draws", json=given))

    threads = [threading.Thread(target=go, args=(client,)) for client in clients]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    draw = db.session.query(Draw).one()
    for lost in (one.json for one in answers if one.status_code == 409):
        told = (lost["code"], lost.get("draw_id"))
        assert told in (("draws.already_prepared", draw.id), ("draws.freezing_now", None))
    assert db.session.query(DrawSource).count() == 2
    assert db.session.query(TrailEntry).filter_by(event="draw.prepared").count() == 1


def test_a_number_is_used_once(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.prepared()
    other = db.session.get_one(Draw, draw["id"])
    columns = {
        one.key: getattr(other, one.key) for one in Draw.__table__.columns if one.key not in ("id", "shown")
    }
    # As if the count of draws had been wrong: the number is taken by a draw of another task.
    db.session.query(Draw).update({"no": f"{db.session.get_one(Task, draw['task_id']).no}-2"})
    db.session.commit()
    twin = Draw(**{**columns, "no": ""})
    with pytest.raises(Problem) as caught:
        keep_new(twin)
    db.session.rollback()
    assert caught.value.code == "draws.no_taken"


def test_who_has_not_revealed_at_the_closing_time_is_named(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.committed()
    desk.reveal(desk.lead, draw, "公安局")
    with clock.at(clock.now() + timedelta(hours=25)):
        answer = desk.reveal(desk.partner, draw, "卫健局")
    refused(answer, 409, "draws.closed")
    assert answer.json["missing"] == ["卫健局"]
    assert db.session.get_one(Draw, draw["id"]).state == "committed"


def test_a_drawn_list_may_be_given_up_only_where_the_rules_say_so_and_is_drawn_anew(
    client_for: Clients,
) -> None:
    desk = make_desk(client_for)
    room = desk.drawn()
    path = f"/draws/{room['id']}/void"
    refused(desk.post(desk.office, path, {"reason": "想重抽"}), 409, "draws.list_fixed")
    db.session.add(
        RegionRule(
            region_id="632525", key="draw.list_fixed", value=False, sentence="示例：派发前可以重抽",
            valid_from=clock.today(),
        )
    )  # fmt: skip
    db.session.commit()
    assert desk.post(desk.office, path, {"reason": "名录有误，重新抽取"}).json["state"] == "voided"
    assert db.session.get_one(Task, room["task_id"]).state == "open"
    assert desk.get(None, f"/public/draws/{room['no']}").json["void_reason"] == "名录有误，重新抽取"
    attest(LEAD, PARTNER)
    again = desk.post(desk.lead, "/draws", {"task_id": room["task_id"], "sources": desk.sources()})
    assert again.status_code == 201, again.json
    assert again.json["pool"]["count"] == 8
    assert [one["no"] for one in again.json["voided_before"]] == [room["no"]]


def test_the_lists_of_a_draw_come_a_page_at_a_time(client_for: Clients) -> None:
    desk = make_desk(client_for, subjects=12)
    draw = desk.prepared()
    path = f"/draws/{draw['id']}/list?part=pool&limit=5"
    first = desk.get(desk.partner, path).json
    assert (len(first["items"]), first["next"]) == (5, 5)
    rest = desk.get(desk.partner, f"{path}&after=10").json
    assert ([one["number"] for one in rest["items"]], rest["next"]) == ([11, 12], None)
    found = desk.get(desk.partner, f"/draws/{draw['id']}/list?part=pool&q=示例旅馆11号").json["items"]
    assert [one["name"] for one in found] == ["示例旅馆11号"]
    people = desk.get(desk.partner, f"/draws/{draw['id']}/list?part=inspectors").json["items"]
    assert len(people) == 6
    before = desk.get(desk.lead, f"/draws/candidates?task_id={draw['task_id']}&part=pool&limit=5").json
    assert (len(before["items"]), before["next"]) == (5, 5)


def test_what_changed_in_the_library_is_listed(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.committed()
    desk.post(desk.office, f"/draws/{draw['id']}/void", {"reason": "卫健局代表缺席"})
    make_subject(77)
    attest(LEAD, PARTNER)
    again = desk.post(desk.lead, "/draws", {"task_id": draw["task_id"], "sources": desk.sources()}).json
    rows = desk.get(desk.lead, f"/draws/{again['id']}/list?part=added").json["items"]
    assert [(one["name"], one["note"]) for one in rows] == [("示例旅馆77号", "检查对象")]


def test_the_use_of_risk_classes_is_counted(client_for: Clients) -> None:
    desk = make_desk(client_for)
    desk.drawn()
    found = desk.get(desk.lead, "/draws/risk-use?year=2026").json
    assert (found["drawn"], found["with_classes"], found["percent"]) == (1, 1, 100.0)
