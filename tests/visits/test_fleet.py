"""Do those who answer for the phones see what each still owes, since when, and may only they stop one? (sync.md 7)"""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from onevisit.accounts.models import Device
from onevisit.accounts.rules import said_by
from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.evidence.models import EvidenceFile
from onevisit.subjects.models import Subject
from onevisit.visits.fleet_rules import Owed, sentence, standing
from tests.factories import make_account
from tests.factories.desk import LEAD, PARTNER
from tests.factories.phone import RealPhone, make_phone
from tests.factories.visits import Scene, make_scene, picture

Clients = Callable[..., Any]
NOW = clock.now()


def ago(hours: float) -> Any:
    return NOW - timedelta(hours=hours)


@pytest.mark.parametrize(
    ("owed", "heard", "revoked", "begun", "state", "lateness"),
    [
        (Owed(), ago(100), False, 0, "fine", "none"),
        (Owed(), ago(23.9), False, 1, "fine", "none"),
        (Owed(), ago(24), False, 1, "silent", "amber"),
        (Owed(), ago(72), False, 1, "silent", "red"),
        (Owed(), None, False, 1, "fine", "none"),
        (Owed(), ago(100), True, 1, "revoked", "none"),
        (Owed(photos=3, since=ago(1)), ago(1), False, 0, "owes", "none"),
        (Owed(photos=3, since=ago(24)), ago(1), False, 0, "owes", "amber"),
        (Owed(gaps=1, since=ago(73)), ago(1), False, 0, "owes", "red"),
        (Owed(unsent=12, since=ago(80)), ago(1), True, 0, "owes", "red"),
    ],
)
def test_a_phone_stands_as_it_owes(
    owed: Owed, heard: Any, revoked: bool, begun: int, state: str, lateness: str
) -> None:
    told = standing(owed, heard, revoked, begun, NOW)
    assert (told.state, told.lateness) == (state, lateness)


def test_the_sentence_names_what_is_missing_and_where() -> None:
    assert sentence(Owed(photos=3), "13 号机") == "缺 3 张原图，在 13 号机"
    everything = sentence(Owed(photos=1, files=2, gaps=1, unsent=7), "13 号机")
    assert everything == "缺 1 张原图、2 个签字或录音录像、1 段记录、7 条没传出来的记录，在 13 号机"
    assert sentence(Owed(), "13 号机") == ""


def test_nothing_a_phone_says_of_itself_can_be_too_much() -> None:
    said = said_by("9" * 500, 10**30, 10**30)
    assert (len(said.version or ""), said.unsent, said.waited.days) == (40, 1_000_000, 366)
    assert said_by(None, -5, -5).unsent == 0


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene()


@pytest.fixture
def phone(scene: Scene, client_for: Clients) -> RealPhone:
    return make_phone(scene, client_for, LEAD)


def fleet(client: Any, **query: Any) -> Any:
    answer = client.get("/api/fleet", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def row_of(told: Any, phone: RealPhone) -> Any:
    return next(one for one in told["items"] if one["phone"] and one["phone"]["id"] == phone.device)


def test_a_desk_sees_its_own_people_and_the_joint_office_the_region(
    phone: RealPhone, scene: Scene, client_for: Clients
) -> None:
    partner = make_phone(scene, client_for, PARTNER)
    own = fleet(client_for(make_account(["desk"], LEAD)))
    assert {one["department"]["id"] for one in own["items"]} == {LEAD}
    assert row_of(own, phone)["state"] == "fine"
    for role in ("joint_office", "system_admin", "security_admin"):
        whole = fleet(client_for(make_account([role], LEAD)))
        assert {LEAD, PARTNER} <= {one["department"]["id"] for one in whole["items"]}
    elsewhere = client_for(make_account(["joint_office"], "632524-ga"))
    assert fleet(elsewhere)["items"] == []
    assert elsewhere.get(f"/api/fleet/{phone.device}").status_code == 404
    foreign = client_for(make_account(["desk"], PARTNER)).post(
        f"/api/fleet/{phone.device}/revoke", json={"reason": "示例：遗失"}
    )
    assert foreign.status_code == 404
    assert (
        client_for(make_account(["principal_head"], PARTNER)).get(f"/api/fleet/{partner.device}").status_code
        == 200
    )


def test_named_and_not_brought_is_missing_until_it_comes(
    phone: RealPhone, scene: Scene, client_for: Clients
) -> None:
    phone.arrive()
    for colour in ("blue", "red", "green"):
        phone.shoot(picture(colour), scene.items[LEAD])
    phone.send()
    desk = client_for(make_account(["desk"], LEAD))
    row = row_of(fleet(desk), phone)
    assert (row["sentence"], row["state"], row["lateness"]) == ("缺 3 张原图，在示例手机", "owes", "none")
    assert (row["acknowledged"], row["photos"]) == (4, 3)
    for file in db.session.scalars(select(EvidenceFile)):
        file.announced_at = clock.now() - timedelta(hours=73)
    db.session.commit()
    told = fleet(desk, lateness="red")
    assert [one["lateness"] for one in told["items"]] == ["red"]
    assert told["late"]["red"] == told["counts"]["owes"] == told["total"] == 1
    one = desk.get(f"/api/fleet/{phone.device}").json
    (visit,) = one["visits"]
    assert (visit["missing"], visit["gap"], visit["subject"]) == (
        3,
        None,
        db.session.get_one(Subject, scene.visit.subject_id).name,
    )
    for file in db.session.scalars(select(EvidenceFile)):
        file.stored_at = clock.now()
    db.session.commit()
    assert row_of(fleet(desk), phone)["sentence"] == ""


def test_a_gap_in_the_log_names_the_stretch_the_phone_still_has(
    phone: RealPhone, scene: Scene, client_for: Clients
) -> None:
    phone.arrive()
    phone.send()
    for value in ("pass", "fail", "pass"):
        phone.answer(scene.items[LEAD], "e1", value)
    assert phone.send(4, 4)["code"] == "sync.gap"
    desk = client_for(make_account(["desk"], LEAD))
    assert row_of(fleet(desk), phone)["sentence"] == "缺 1 段记录，在示例手机"
    (visit,) = desk.get(f"/api/fleet/{phone.device}").json["visits"]
    assert visit["gap"] == [2, 3]
    phone.send(2, 3)
    assert row_of(fleet(desk), phone)["state"] == "fine"


def test_a_phone_tells_its_build_and_what_it_could_not_send(phone: RealPhone, client_for: Clients) -> None:
    query = {"limit": 1, "device": phone.device, "version": "1.4.0", "unsent": 7, "waited": 75 * 60}
    for _ in range(2):
        assert phone.client.get("/api/sync/changes", query_string=query).status_code == 200
    row = row_of(fleet(client_for(make_account(["desk"], LEAD))), phone)
    assert (row["phone"]["version"], row["unsent"], row["lateness"]) == ("1.4.0", 7, "red")
    assert row["sentence"] == "缺 7 条没传出来的记录，在示例手机"
    stranger = client_for(make_account(["inspector"], LEAD, inspector_id=phone.account.inspector_id))
    stranger.get("/api/sync/changes", query_string={**query, "unsent": 0, "version": "0"})
    db.session.expire_all()
    assert db.session.get_one(Device, phone.device).unsent == 7, "only its owner speaks for a phone"
    phone.client.get("/api/sync/changes", query_string={**query, "unsent": 0})
    db.session.expire_all()
    kept = db.session.get_one(Device, phone.device)
    assert (kept.unsent, kept.unsent_since) == (0, None)


def test_an_emptied_phone_is_told_what_is_here_and_only_to_its_owner(
    phone: RealPhone, scene: Scene, client_for: Clients
) -> None:
    phone.arrive()
    phone.shoot(picture("blue"), scene.items[LEAD])
    phone.send()
    told = phone.client.get(f"/api/sync/phones/{phone.device}").json
    assert (told["acknowledged"], told["sentence"]) == (2, "缺 1 张原图，在示例手机")
    assert [(one["acknowledged"], one["missing"]) for one in told["visits"]] == [(2, 1)]
    colleague = make_phone(scene, client_for, LEAD, member=1)
    assert colleague.client.get(f"/api/sync/phones/{phone.device}").status_code == 404


def test_who_has_no_phone_stands_there_and_words_and_states_filter(
    phone: RealPhone, scene: Scene, client_for: Clients
) -> None:
    desk = client_for(make_account(["desk"], LEAD))
    whole = fleet(desk)
    without = [one for one in whole["items"] if one["phone"] is None]
    assert without
    assert {one["state"] for one in without} == {"no_phone"}
    assert whole["counts"]["no_phone"] == len(without)
    assert [one["state"] for one in fleet(desk, state="no_phone")["items"]] == ["no_phone"] * len(without)
    assert fleet(desk, q="没有这个人")["items"] == []
    assert row_of(fleet(desk, q="示例手机"), phone)
    first = fleet(desk, limit=1)
    assert (len(first["items"]), first["next"], first["total"]) == (1, "1", whole["total"])
    assert fleet(desk, limit=1, after=1)["items"] != first["items"]
    assert desk.get("/api/fleet", query_string={"state": "x"}).status_code == 422


def test_stopping_needs_a_reason_and_leaves_it_on_the_trail(
    phone: RealPhone, scene: Scene, client_for: Clients
) -> None:
    desk = client_for(make_account(["desk"], LEAD))
    url = f"/api/fleet/{phone.device}/revoke"
    assert desk.post(url, json={"reason": " "}).status_code == 422
    answer = desk.post(url, json={"reason": "示例：掉在河里"})
    assert answer.status_code == 200, answer.text
    assert (answer.json["state"], answer.json["phone"]["revoked_at"] is not None) == ("revoked", True)
    (told,) = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "device.revoked"))
    assert told.facts["reason"] == "示例：掉在河里"
    phone.answer(scene.items[LEAD], "e1", "fail")
    assert phone.verdicts(phone.send()) == [("held", "device_revoked")]


def test_the_list_leaves_the_house_for_a_purpose(phone: RealPhone, client_for: Clients) -> None:
    phone.shoot(picture("blue"))
    phone.send()
    desk = client_for(make_account(["desk"], LEAD))
    assert desk.get("/api/fleet/export").status_code == 422
    answer = desk.get("/api/fleet/export", query_string={"format": "csv", "purpose": "示例：催传"})
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert rows[0][:4] == ["序号", "部门", "姓名", "手机"]
    assert "缺 1 张原图，在示例手机" in rows[1]
    (told,) = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "list.exported"))
    assert told.facts["purpose"] == "示例：催传"
    assert json.dumps(told.facts, ensure_ascii=False).count("fleet") <= 1
