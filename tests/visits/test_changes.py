"""Does a phone get everything of its visits, once, in pages, and learn what changed in the office?"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from onevisit.core import clock, trail
from onevisit.core.db import db, transaction
from onevisit.dispatches.models import TeamMember, Visit
from onevisit.visits.models import ServerEpoch
from tests.factories import make_account
from tests.factories.desk import LEAD, PARTNER, make_inspector
from tests.factories.phone import SYNC_TYPE, RealPhone, check_part, make_phone
from tests.factories.visits import Scene, make_scene

Clients = Callable[..., Any]


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene()


@pytest.fixture
def lead(scene: Scene, client_for: Clients) -> RealPhone:
    return make_phone(scene, client_for, LEAD)


def test_the_first_page_has_the_visit_its_checklists_by_hash_and_all_operations(
    scene: Scene, lead: RealPhone, client_for: Clients
) -> None:
    partner = make_phone(scene, client_for, PARTNER)
    check_part(partner, scene)
    partner.send()
    answer = lead.client.get("/api/sync/changes")
    assert answer.mimetype == SYNC_TYPE
    page = json.loads(answer.data)
    (package,) = page["visits"]
    assert package["id"] == scene.visit.id
    pinned = [item["checklist"] for part in package["parts"] for item in part["items"]]
    assert all(set(one) == {"id", "version", "hash"} for one in pinned)
    assert {one["hash"] for one in pinned} == {one["hash"] for one in page["checklists"]}
    assert page["checklists"][0]["entries"][0]["text"] == "特种行业许可证"
    assert [one["operation"] for one in page["operations"]] == partner.log
    assert {one["verdict"] for one in page["operations"]} == {"applied"}
    again = lead.changes(page["cursor"])
    assert (again["visits"], again["checklists"], again["operations"], again["more"]) == ([], [], [], False)


def test_pages_go_on_where_the_one_before_ended(lead: RealPhone) -> None:
    for _ in range(7):
        lead.arrive()
    lead.send()
    seen, cursor, pages = [], None, 0
    while True:
        page = lead.changes(cursor, limit=3)
        seen += [one["operation"]["seq"] for one in page["operations"]]
        cursor, pages = page["cursor"], pages + 1
        if not page["more"]:
            break
    assert (seen, pages) == ([1, 2, 3, 4, 5, 6, 7], 3)
    lead.arrive()
    lead.send()
    assert [one["operation"]["seq"] for one in lead.changes(cursor)["operations"]] == [8]


def test_schedule_team_and_claims_reach_the_phone_and_the_record_itself_does_not_repeat_the_package(
    scene: Scene, lead: RealPhone, client_for: Clients
) -> None:
    cursor = lead.changes()["cursor"]
    check_part(lead, scene)
    lead.send()
    page = lead.changes(cursor)
    assert (page["visits"], len(page["operations"])) == ([], 4)
    desk = client_for(make_account(["desk"], LEAD))
    answer = desk.post(
        f"/api/dispatches/visits/{scene.visit.id}/schedule", json={"day": "2026-11-12", "time": "09:30"}
    )
    assert answer.status_code == 200, answer.text
    page = lead.changes(page["cursor"])
    assert page["visits"][0]["scheduled"] == {"day": "2026-11-12", "time": "09:30"}
    assert page["checklists"] == []
    assert lead.changes(page["cursor"])["visits"] == []


def replaced(scene: Scene, out: str, in_: str) -> None:
    with transaction():
        visit = db.session.get_one(Visit, scene.visit.id)
        leaving = next(one for one in visit.team if one.inspector_id == out)
        leaving.removed_at, leaving.removed_reason = clock.now(), "请假"
        visit.team.append(TeamMember(department_id=leaving.department_id, inspector_id=in_, order=9))
        trail.record("team.replaced", "visit", visit.id, region_id="632525")


def test_who_joins_late_gets_the_whole_record_and_who_leaves_is_told(
    app: Flask, scene: Scene, lead: RealPhone, client_for: Clients
) -> None:
    elsewhere = make_scene()
    newcomer = make_phone(elsewhere, client_for, LEAD)
    check_part(lead, scene)
    lead.send()
    newcomer.arrive()
    newcomer.send()
    before = newcomer.changes()
    assert len(before["visits"]) == 1
    leaving = make_phone(scene, client_for, LEAD, 1)
    cursor = leaving.changes()["cursor"]
    replaced(scene, leaving.by, newcomer.by)
    first = newcomer.changes(before["cursor"], limit=2)
    assert [one["id"] for one in first["visits"]] == [scene.visit.id]
    assert first["more"]
    second = newcomer.changes(first["cursor"], limit=2)
    seqs = [one["operation"]["seq"] for one in first["operations"] + second["operations"]]
    assert (seqs, second["more"], second["visits"]) == ([1, 2, 3, 4], False, [])
    lead.arrive()
    lead.send()
    assert [one["operation"]["seq"] for one in newcomer.changes(second["cursor"])["operations"]] == [5]
    gone = leaving.changes(cursor)
    assert (gone["removed"], gone["visits"], gone["operations"]) == ([scene.visit.id], [], [])
    assert leaving.changes(gone["cursor"])["removed"] == []
    assert leaving.client.get(f"/api/visits/{scene.visit.id}").status_code == 403


def test_nobody_else_sees_the_visit(scene: Scene, client_for: Clients) -> None:
    other = make_account(["inspector"], LEAD, inspector_id=make_inspector(LEAD, 800).id)
    page = json.loads(client_for(other).get("/api/sync/changes").data)
    assert (page["visits"], page["operations"]) == ([], [])
    unlinked = client_for(make_account(["inspector"], LEAD)).get("/api/sync/changes")
    assert (unlinked.status_code, unlinked.json["code"]) == (403, "sync.not_an_inspector")


def test_a_new_life_of_the_server_begins_anew(scene: Scene, lead: RealPhone) -> None:
    lead.arrive()
    lead.send()
    page = lead.changes()
    db.session.add(ServerEpoch(number=2, name="restored", since=clock.now()))
    db.session.commit()
    again = lead.changes(page["cursor"])
    assert (again["epoch"], len(again["visits"]), len(again["operations"])) == ("restored", 1, 1)


@pytest.mark.parametrize("cursor", ["!", "e30", "WyJlIl0", "eyJhIjoxfQ"])
def test_a_cursor_of_nobody_is_a_problem(lead: RealPhone, cursor: str) -> None:
    answer = lead.client.get("/api/sync/changes", query_string={"after": cursor})
    assert (answer.status_code, answer.json["code"]) == (422, "sync.bad_cursor")
