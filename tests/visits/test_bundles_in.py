"""What does the server say to what phones send? Every verdict, every refusal; nothing lost, nothing twice."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from onevisit.core.canonical import canonical
from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.core.trail import TrailEntry
from onevisit.visits.checking import check_everything
from onevisit.visits.models import KeptBundle, Log, StoredOperation, VisitState
from tests.factories import make_account
from tests.factories.desk import LEAD, PARTNER, make_inspector
from tests.factories.phone import SYNC_TYPE, RealPhone, make_device, make_phone, server_state
from tests.factories.visits import Scene, make_scene

Clients = Callable[..., Any]


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene()


@pytest.fixture
def phone(scene: Scene, client_for: Clients) -> RealPhone:
    return make_phone(scene, client_for, LEAD)


def stored() -> int:
    return db.session.scalars(select(func.count()).select_from(StoredOperation)).one()


def test_what_is_next_is_applied_and_kept_as_it_came(phone: RealPhone, scene: Scene) -> None:
    phone.arrive()
    phone.answer(scene.items[LEAD], "e1", "pass")
    told = phone.send()
    assert phone.verdicts(told) == [("applied", None), ("applied", None)]
    assert (told["accepted_to"], told["expected"], told["code"]) == (2, 3, None)
    rows = db.session.scalars(select(StoredOperation).order_by(StoredOperation.seq)).all()
    assert [row.raw for row in rows] == [canonical(operation) for operation in phone.log]
    assert [row.position for row in rows] == [one["position"] for one in told["verdicts"]]
    kept = json.loads(db.session.scalars(select(VisitState.state)).one())
    assert kept == server_state(scene.visit.id)
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "bundle.received")).one()
    assert (entry.facts["applied"], entry.facts["last"]) == (2, 2)
    assert check_everything()["ok"]


def test_a_lost_answer_is_given_again_and_nothing_happens_twice(phone: RealPhone) -> None:
    phone.arrive()
    first = phone.send()
    trail = db.session.scalars(select(func.max(TrailEntry.position))).one()
    again = phone.send(1, 1)
    assert again["verdicts"] == [{**first["verdicts"][0], "duplicate": True}]
    assert stored() == 1
    assert db.session.scalars(select(func.max(TrailEntry.position))).one() == trail
    phone.arrive()
    overlapping = phone.send(1, 2)
    assert [one["duplicate"] for one in overlapping["verdicts"]] == [True, False]
    assert stored() == 2


def test_a_bundle_past_a_gap_waits_and_is_taken_in_when_the_gap_closes(phone: RealPhone) -> None:
    for _ in range(5):
        phone.arrive()
    told = phone.send(3, 4)
    assert (told["code"], told["expected"], told["accepted_to"], told["verdicts"]) == ("sync.gap", 1, 0, [])
    phone.send(3, 4)
    assert db.session.scalars(select(func.count()).select_from(KeptBundle)).one() == 1
    assert phone.send(5, 5)["code"] == "sync.gap"
    assert phone.send(1, 2)["accepted_to"] == 5
    assert stored() == 5
    assert db.session.scalars(select(KeptBundle.id).where(KeptBundle.waiting.is_not(None))).first() is None
    assert [one["duplicate"] for one in phone.send(3, 5)["verdicts"]] == [True] * 3
    assert check_everything()["ok"]


def test_a_cloned_log_is_told_to_chain_anew_and_its_facts_count_once(
    phone: RealPhone, scene: Scene, client_for: Clients
) -> None:
    phone.arrive()
    clone = make_phone(scene, client_for, LEAD)
    clone.device, clone.key = phone.device, phone.key
    clone.log = [dict(phone.log[0])]
    phone.answer(scene.items[LEAD], "e1", "pass")
    phone.send()
    clone.finding(scene.items[LEAD], "no_problem")
    told = clone.send(1, 2)
    assert (told["code"], told["verdicts"]) == ("sync.log_forked", [])
    key, device = make_device(scene.people[LEAD][0])
    rechained = make_phone(scene, client_for, LEAD)
    rechained.device, rechained.key = device.id, key
    for operation in clone.log:
        rechained.write(
            operation["kind"], operation["body"], **{name: operation[name] for name in ("id", "base", "at")}
        )
    told = rechained.send()
    assert phone.verdicts(told) == [("applied", None), ("applied", None)]
    assert [one["duplicate"] for one in told["verdicts"]] == [True, False]
    state = server_state(scene.visit.id)
    assert len(state["registers"][f"arrive/{LEAD}/{phone.by}"]["values"][0]["heads"]) == 1
    assert {log["device"]: log["seq"] for log in state["logs"]} == {phone.device: 2, rechained.device: 2}
    assert check_everything()["ok"]


def test_an_id_is_one_fact_for_ever(phone: RealPhone, scene: Scene, client_for: Clients) -> None:
    first = phone.arrive()
    phone.send()
    phone.write("visit.leave", {"position": None, "accuracy_m": None}, id=first["id"])
    assert phone.verdicts(phone.send()) == [("refused", "id_reused")]
    other = make_scene()
    elsewhere = make_phone(other, client_for, LEAD)
    elsewhere.write("visit.arrive", {"position": None, "accuracy_m": None}, id=first["id"])
    elsewhere.arrive()
    assert elsewhere.verdicts(elsewhere.send()) == [("refused", "id_reused"), ("applied", None)]
    page = phone.changes()
    assert page["operations"][0]["operation"]["id"] == first["id"]
    assert page["operations"][1]["operation"]["id"] != first["id"]
    assert check_everything()["ok"]


def test_what_cannot_be_read_is_refused_and_the_queue_goes_on(phone: RealPhone, scene: Scene) -> None:
    phone.write("visit.arrive", {"position": "nowhere"})
    phone.write("answer.set", {"item": scene.items[LEAD]})
    phone.write("note.add", {"text": "x" * 70_000, "item": None, "entry": None})
    phone.answer(scene.items[LEAD], "e1", "sometimes")
    phone.write("accept", {"item": None})
    phone.arrive()
    told = phone.send()
    assert phone.verdicts(told) == [
        ("refused", "bad_body"), ("refused", "bad_body"), ("refused", "too_large"), ("refused", "wrong_answer"),
        ("refused", "server_only"), ("applied", None),
    ]  # fmt: skip
    assert stored() == 6
    assert server_state(scene.visit.id)["logs"] == [
        {"device": phone.device, "seq": 6, "id": phone.log[5]["id"]}
    ]
    assert len(phone.changes()["operations"]) == 6
    assert phone.verdicts(phone.send(1, 6)) == phone.verdicts(told)
    assert check_everything()["ok"]


def held(phone: RealPhone) -> str | None:
    verdict, reason = phone.verdicts(phone.send())[-1]
    assert verdict == "held"
    return reason


def test_what_does_not_count_is_kept_with_the_reason(scene: Scene, client_for: Clients) -> None:
    own = make_phone(scene, client_for, LEAD)
    own.write("note.add", {"text": "别人的部分", "item": None, "entry": None}, part=PARTNER)
    assert held(own) == "other_part"
    own.write("from.the.future", {"anything": [1, 2]})
    assert held(own) == "unknown_kind"
    own.write("visit.arrive", {"position": None, "accuracy_m": None}, by=scene.inspectors[LEAD][1].id)
    assert held(own) == "not_your_device"
    second = make_phone(scene, client_for, LEAD, 1)
    second.write("schedule.set", {"day": "2026-11-12", "time": None, "reason": None}, part=None)
    assert held(second) == "not_leader"
    stranger = make_account(["inspector"], LEAD, inspector_id=make_inspector(LEAD, 900).id)
    outside = make_phone(scene, client_for, LEAD, account=stranger)
    outside.arrive()
    assert held(outside) == "not_on_team"
    lost = make_phone(scene, client_for, PARTNER, revoked=True)
    lost.arrive()
    told = lost.send()
    assert (told["code"], lost.verdicts(told)) == ("sync.device_revoked", [("held", "device_revoked")])
    assert stored() == 6
    assert server_state(scene.visit.id)["registers"] == {}
    shown = client_for(scene.people[LEAD][0]).get(f"/api/visits/{scene.visit.id}").json
    assert sorted(one["reason"] for one in shown["held"]) == sorted(
        ["other_part", "unknown_kind", "not_your_device", "not_leader", "not_on_team", "device_revoked"]
    )
    assert {one["reason_label"] for one in shown["held"]} >= {"不在检查小组", "手机已停用"}


def test_the_leader_of_the_part_adopts_what_was_held(scene: Scene, client_for: Clients) -> None:
    stranger = make_account(["inspector"], PARTNER, inspector_id=make_inspector(PARTNER, 901).id)
    outside = make_phone(scene, client_for, PARTNER, account=stranger)
    note = outside.write("note.add", {"text": "代同事记录", "item": None, "entry": None})
    outside.send()
    wrong = make_phone(scene, client_for, LEAD)
    wrong.write("adopt", {"operation": note["id"], "reason": "采纳"}, part=LEAD)
    assert held(wrong) == "other_part"
    right = make_phone(scene, client_for, PARTNER)
    right.write("adopt", {"operation": note["id"], "reason": "采纳"})
    assert right.verdicts(right.send()) == [("applied", None)]
    state = server_state(scene.visit.id)
    assert state["adopted"] == [note["id"]]
    assert [one["text"] for one in state["parts"][PARTNER]["record"]["notes"]] == ["代同事记录"]


def test_any_phone_may_carry_another_ones_bundle(scene: Scene, client_for: Clients) -> None:
    carrier, dead = make_phone(scene, client_for, LEAD), make_phone(scene, client_for, PARTNER)
    dead.arrive()
    answer = carrier.post([dead.bundle()])
    assert json.loads(answer.data)["answers"][0]["verdicts"][0]["verdict"] == "applied"


def test_a_bundle_that_proves_nothing_is_turned_away_whole(
    phone: RealPhone, scene: Scene, client_for: Clients
) -> None:
    phone.arrive()
    phone.arrive()
    good = phone.bundle()
    other = make_phone(scene, client_for, LEAD, 1)
    stranger = {
        **good,
        "device": new_id(),
        "operations": [{**one, "device": good["device"]} for one in good["operations"]],
    }
    changed = {**good, "operations": [good["operations"][0], {**good["operations"][1], "by": other.by}]}
    bad = [
        ({**good, "signature": other.bundle_signature(good)}, "sync.bad_signature"),
        ({**good, "signature": "%%%"}, "sync.bad_signature"),
        (changed, "sync.broken_chain"),
        ({**good, "to": 3}, "sync.bad_range"),
        ({**good, "more": 1}, "sync.unreadable"),
        ("no bundle", "sync.unreadable"),
        (stranger, "sync.broken_chain"),
    ]  # fmt: skip
    answers = json.loads(phone.post([one for one, _ in bad]).data)["answers"]
    assert [answer["code"] for answer in answers] == [code for _, code in bad]
    assert all(answer["verdicts"] == [] for answer in answers)
    assert stored() == 0


def test_a_visit_or_device_nobody_knows_stays_on_the_phone(
    phone: RealPhone, scene: Scene, client_for: Clients
) -> None:
    phone.visit = new_id()
    phone.arrive()
    assert phone.send()["code"] == "sync.unknown_visit"
    unknown = make_phone(scene, client_for, LEAD)
    unknown.device = new_id()
    unknown.arrive()
    assert unknown.send()["code"] == "sync.unknown_device"
    assert stored() == 0


def test_one_bad_bundle_stops_no_other(phone: RealPhone, scene: Scene, client_for: Clients) -> None:
    phone.arrive()
    good = phone.bundle()
    answers = json.loads(phone.post([{"format": "x"}, good]).data)["answers"]
    assert [answer["code"] for answer in answers] == ["sync.unreadable", None]
    assert stored() == 1


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"{", {}, 422, "sync.unreadable"),
        (b'{"bundles": [1e999]}', {}, 200, None),
        (b'{"bundles": [NaN]}', {}, 422, "sync.unreadable"),
        (b'{"bundles": [], "bundles": [1]}', {}, 422, "sync.unreadable"),
        (b'{"bundles": []}', {}, 422, "sync.unreadable"),
        (b'{"bundles": [' + b"[" * 500 + b"]" * 500 + b"]}", {}, 422, "sync.unreadable"),
        (b"no gzip", {"Content-Encoding": "gzip"}, 422, "sync.unreadable"),
        (b"{}", {"Content-Encoding": "br"}, 415, "sync.wrong_encoding"),
    ],
)
def test_a_request_that_is_none_of_ours_is_a_problem(
    phone: RealPhone, content: bytes, headers: dict[str, str], status: int, code: str | None
) -> None:
    answer = phone.client.post("/api/sync/bundles", data=content, content_type=SYNC_TYPE, headers=headers)
    assert answer.status_code == status
    if code:
        assert answer.mimetype == "application/problem+json"
        assert answer.json["code"] == code


def test_size_is_limited_after_unpacking(phone: RealPhone) -> None:
    import gzip

    bomb = gzip.compress(b"0" * (64 * 1024 * 1024))
    answer = phone.client.post(
        "/api/sync/bundles", data=bomb, content_type=SYNC_TYPE, headers={"Content-Encoding": "gzip"}
    )
    assert (answer.status_code, answer.json["code"]) == (413, "sync.too_large")
    for _ in range(20):
        phone.write("note.add", {"text": "x" * 60_000, "item": None, "entry": None})
    assert phone.send()["code"] == "sync.too_large"
    assert phone.client.post("/api/sync/bundles", json={"bundles": []}).json["code"] == "sync.wrong_type"


def test_more_than_five_hundred_operations_are_too_many(phone: RealPhone) -> None:
    for _ in range(501):
        phone.arrive()
    answer = phone.post([phone.bundle(1, 300), phone.bundle(301, 501)])
    assert (answer.status_code, answer.json["code"]) == (413, "sync.too_many")
    assert phone.send(1, 500)["accepted_to"] == 500
    assert db.session.scalars(select(Log.accepted_to)).one() == 500


def test_only_inspectors_and_desks_may_send(scene: Scene, client_for: Clients) -> None:
    assert client_for(None).post("/api/sync/bundles", data=b"{}", content_type=SYNC_TYPE).status_code == 401
    office = client_for(make_account(["joint_office"], LEAD))
    assert office.post("/api/sync/bundles", data=b"{}", content_type=SYNC_TYPE).status_code == 403
    assert client_for(make_account(["desk"], LEAD)).get("/api/sync/changes").status_code == 403


def test_another_region_does_not_know_the_visit(scene: Scene, client_for: Clients) -> None:
    abroad = make_account(["inspector"], "410400-ga", inspector_id=new_id())
    phone = make_phone(scene, client_for, LEAD, account=abroad)
    phone.arrive()
    assert phone.send()["code"] == "sync.unknown_visit"
    assert phone.client.get(f"/api/visits/{scene.visit.id}").status_code == 404
