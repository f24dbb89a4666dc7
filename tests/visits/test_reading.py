"""Do office, team and public see of a visit what they should, and nothing else?"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.dispatches.models import Part
from onevisit.tasks.models import Task
from onevisit.visits.code import code_token, code_url
from tests.factories import make_account
from tests.factories.desk import LEAD, PARTNER
from tests.factories.phone import check_part, make_phone
from tests.factories.visits import Scene, make_scene, make_task

Clients = Callable[..., Any]


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene()


def test_the_desk_filters_and_pages_its_table(app: Flask, client_for: Clients) -> None:
    task = make_task()
    scenes = [make_scene(task) for _ in range(3)]
    phone = make_phone(scenes[1], client_for, LEAD)
    check_part(phone, scenes[1])
    phone.shoot(b"x" * 10)
    phone.send()
    desk = client_for(make_account(["desk"], PARTNER))
    first = desk.get("/api/visits?limit=2").json
    second = desk.get(f"/api/visits?limit=2&after={first['next']}").json
    assert (first["total"], len(first["items"]), len(second["items"]), second["next"]) == (3, 2, 1, None)
    ids = {one["id"] for one in first["items"] + second["items"]}
    assert ids == {one.visit.id for one in scenes}
    ready = desk.get("/api/visits?state=ready").json["items"]
    assert [one["id"] for one in ready] == [scenes[1].visit.id]
    assert [(part["state_label"], part["missing_files"]) for part in ready[0]["parts"]] == [
        ("已查完", 1),
        ("检查中", 0),
    ]
    assert ready[0]["last_heard_at"] is not None
    assert desk.get(f"/api/visits?state=ready&department={PARTNER}").json["total"] == 0
    assert desk.get(f"/api/visits?q={ready[0]['subject']['name']}").json["total"] == 1
    assert desk.get("/api/visits?overdue=true").json["total"] == 0
    assert desk.get(f"/api/visits?task_id={task.id}").json["total"] == 3
    assert desk.get("/api/visits?after=nonsense").json["code"] == "api.bad_cursor"


def test_who_sees_which_visits(scene: Scene, client_for: Clients) -> None:
    path = f"/api/visits/{scene.visit.id}"
    assert client_for(make_account(["joint_office"], "632525-scjg")).get(path).status_code == 200
    assert client_for(scene.people[PARTNER][1]).get(path).status_code == 200
    stranger = client_for(make_account(["desk"], "632525-slj"))
    assert (stranger.get(path).status_code, stranger.get("/api/visits").json["total"]) == (403, 0)
    assert client_for(make_account(["desk"], "410400-ga")).get(path).status_code == 404
    assert client_for(make_account(["system_admin"], None)).get(path).status_code == 403


def test_a_visit_in_full_says_who_sent_what_and_what_is_missing(scene: Scene, client_for: Clients) -> None:
    phone = make_phone(scene, client_for, LEAD)
    phone.arrive()
    phone.send()
    shown = client_for(make_account(["desk"], LEAD)).get(f"/api/visits/{scene.visit.id}").json
    assert shown["logs"][0]["inspector"] == phone.by
    assert shown["logs"][0]["accepted_to"] == 1
    assert "entry.unanswered" in {gap["code"] for gap in shown["gaps"]}
    assert shown["people"][phone.by] == scene.inspectors[LEAD][0].name
    assert "phone" not in shown["package"]["parts"][0]["team"][0]


def test_the_visit_code_says_who_is_at_the_door(scene: Scene, client_for: Clients) -> None:
    page = make_phone(scene, client_for, LEAD).changes()
    token = code_token(scene.visit.id)
    assert page["visits"][0]["code_url"] == code_url(scene.visit.id)
    early = client_for(None).get(f"/api/public/visits/{token}")
    assert (early.status_code, early.json["code"]) == (403, "visits.code_not_yet")
    scene.visit.begun_at = clock.now()
    db.session.commit()
    shown = client_for(None).get(f"/api/public/visits/{token}")
    assert shown.status_code == 200
    assert shown.json["year_count"] == 1
    assert shown.json["parts"][0]["inspectors"][0] == {
        "name": scene.inspectors[LEAD][0].name, "certificate": scene.inspectors[LEAD][0].certificate_no, "leads": True
    }  # fmt: skip
    assert "phone" not in shown.text
    for false in (scene.visit.id, token[:-1] + ("A" if token[-1] != "A" else "B"), "中文", "x"):
        assert client_for(None).get(f"/api/public/visits/{false}").json["code"] == "visits.code_unknown"


def test_of_a_sensitive_task_the_code_says_nothing(scene: Scene, client_for: Clients) -> None:
    db.session.get_one(Task, scene.visit.task_id).sensitive = True
    db.session.commit()
    answer = client_for(None).get(f"/api/public/visits/{code_token(scene.visit.id)}")
    assert (answer.status_code, answer.json["code"]) == (403, "visits.code_withheld")
    assert scene.inspectors[LEAD][0].name not in answer.text


def test_after_publication_late_work_is_kept_but_the_visit_is_closed(
    scene: Scene, client_for: Clients
) -> None:
    for part in db.session.query(Part).filter_by(visit_id=scene.visit.id):
        part.state = "published"
    db.session.commit()
    phone = make_phone(scene, client_for, LEAD)
    phone.arrive()
    assert phone.verdicts(phone.send()) == [("held", "visit_closed")]
    assert {part.state for part in db.session.query(Part).filter_by(visit_id=scene.visit.id)} == {"published"}
