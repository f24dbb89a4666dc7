"""Is what a phone could not send taken in from its rescue file, once, by whoever carries it? And is a broken one refused in words?"""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from onevisit.accounts.models import Device
from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry
from onevisit.evidence.queries import file_of
from onevisit.visits.carrying import carry_in, in_words, is_whole, public_key
from onevisit.visits.models import StoredOperation
from tests.factories.desk import LEAD, PARTNER
from tests.factories.phone import RealPhone, make_phone, server_state
from tests.factories.rescue import file_record, sealed
from tests.factories.visits import Scene, make_scene, picture

Clients = Callable[..., Any]


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene()


@pytest.fixture
def phone(scene: Scene, client_for: Clients) -> RealPhone:
    return make_phone(scene, client_for, LEAD)


@pytest.fixture
def stranger(scene: Scene, client_for: Clients) -> RealPhone:
    return make_phone(scene, client_for, PARTNER)


def written(phone: RealPhone, scene: Scene) -> tuple[list[Any], bytes]:
    """Two operations and a photo that never were sent."""
    shot = picture("blue")
    phone.arrive()
    body = phone.shoot(shot, scene.items[LEAD])["body"]
    return [
        ({"type": "bundle", "bundle": phone.bundle()}, b""),
        file_record(phone.visit, body["hash"], shot),
    ], shot


def post(client: Any, content: bytes, first: int = 0) -> Any:
    return client.post(
        f"/api/sync/rescue?first={first}", data=content, content_type="application/octet-stream"
    )


def test_another_phone_carries_everything_in_and_once(
    phone: RealPhone, stranger: RealPhone, scene: Scene
) -> None:
    records, shot = written(phone, scene)
    key = stranger.client.get("/api/sync/rescue/key").json
    content = sealed(key, records)
    answer = post(stranger.client, content)
    assert answer.status_code == 200, answer.text
    bundle, file, end = answer.json["taken"]
    assert (bundle["new"], bundle["held"], bundle["code"]) == (2, 0, None)
    assert (file["state"], end["type"], end["records"]) == ("stored", "end", 2)
    named = file_of(phone.visit, records[1][0]["hash"])
    assert named is not None
    assert (named.stored_at is not None, named.stored_size) == (True, len(shot))
    again = post(stranger.client, content).json["taken"]
    assert (again[0]["new"], again[0]["known"], again[1]["state"]) == (0, 2, "known")
    assert phone.verdicts(phone.send(1, 2)) == [("applied", None)] * 2
    assert db.session.scalars(select(func.count()).select_from(StoredOperation)).one() == 2
    events = db.session.scalars(select(TrailEntry.event)).all()
    assert events.count("rescue.carried_in") == 1


def test_it_may_come_record_by_record_and_a_large_file_in_stretches(
    phone: RealPhone, stranger: RealPhone
) -> None:
    shot = picture("red")
    hash_ = phone.shoot(shot)["body"]["hash"]
    middle = len(shot) // 2
    records = [
        ({"type": "bundle", "bundle": phone.bundle()}, b""),
        file_record(phone.visit, hash_, shot[:middle], 0, len(shot)),
        file_record(phone.visit, hash_, shot[middle:], middle, len(shot)),
    ]
    content = sealed(public_key(), records)
    head = content[: content.index(b"\n", 20) + 1]
    states, at = [], len(head)
    for number in range(len(records)):
        size = 4 + int.from_bytes(content[at : at + 4])
        answer = post(stranger.client, head + content[at : at + size], number)
        states += [one.get("state") for one in answer.json["taken"]]
        at += size
    assert states == [None, "part", "stored"]


def test_the_work_of_a_revoked_phone_arrives_as_held_and_the_leader_adopts_it(
    phone: RealPhone, scene: Scene, client_for: Clients
) -> None:
    lost = make_phone(scene, client_for, LEAD, member=1)
    lost.answer(scene.items[LEAD], "e1", "fail")
    content = sealed(public_key(), [({"type": "bundle", "bundle": lost.bundle()}, b"")])
    revoked = phone.client.post(
        f"/api/visits/{phone.visit}/phones/{lost.device}/revoke", json={"reason": "示例：掉在河里"}
    )
    assert revoked.status_code == 200, revoked.text
    (bundle, _) = carry_in(io.BytesIO(content))
    assert (bundle["new"], bundle["held"], bundle["code"]) == (0, 1, None)
    (held,) = server_state(phone.visit)["held"]
    assert held["reason"] == "device_revoked"
    phone.write("adopt", {"operation": held["id"], "reason": "示例：本人确认"})
    assert phone.verdicts(phone.send()) == [("applied", None)]
    state = server_state(phone.visit)
    assert (state["held"], state["adopted"]) == ([], [held["id"]])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda content: b"", "sync.rescue_not_one"),
        (lambda content: b"PK\x03\x04" + content, "sync.rescue_not_one"),
        (lambda content: content[:40], "sync.rescue_broken"),
        (lambda content: content[:-3], "sync.rescue_broken"),
        (lambda content: content[:-40] + b"\0" + content[-39:], "sync.rescue_broken"),
        (lambda content: content.replace(b'"kid": "', b'"kid": "ff', 1), "sync.rescue_other_server"),
        (lambda content: content.replace(b"epk", b"EPK", 1), "sync.rescue_broken"),
        (lambda content: content + b"\0\0\0\1x", "sync.rescue_broken"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_in_words(
    phone: RealPhone, scene: Scene, change: Callable[[bytes], bytes], code: str
) -> None:
    content = sealed(public_key(), written(phone, scene)[0])
    answer = post(phone.client, change(content))
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json["detail"]


def test_what_was_whole_before_a_break_stays_taken_and_is_told(phone: RealPhone, scene: Scene) -> None:
    records, _ = written(phone, scene)
    with pytest.raises(Problem) as refused:
        carry_in(io.BytesIO(sealed(public_key(), records)[:-90]))
    assert [one["type"] for one in refused.value.extra["taken"]][:1] == ["bundle"]
    assert db.session.scalars(select(func.count()).select_from(StoredOperation)).one() == 2


def test_a_file_without_its_end_is_not_called_whole(phone: RealPhone, scene: Scene) -> None:
    taken = carry_in(io.BytesIO(sealed(public_key(), written(phone, scene)[0], ended=False)))
    assert not is_whole(taken)
    assert "请留着这个文件" in in_words(taken)


@pytest.mark.parametrize(
    "facts",
    [{}, {"type": "bundle"}, {"type": "bundle", "bundle": {"format": 1}}, {"type": "file", "hash": "x"},
     {"type": "file", "visit": "v", "hash": "ab" * 32, "start": 0, "size": 1}, {"type": "end", "records": "x"}],
)  # fmt: skip
def test_strange_records_are_left_and_named(phone: RealPhone, facts: dict[str, Any]) -> None:
    taken = carry_in(io.BytesIO(sealed(public_key(), [(facts, b"x")])))
    assert not is_whole(taken)
    assert taken[-1]["type"] == "end"


def test_only_who_leads_takes_a_phone_off(
    phone: RealPhone, stranger: RealPhone, scene: Scene, client_for: Clients
) -> None:
    mate = make_phone(scene, client_for, LEAD, member=1)
    refused = mate.client.post(
        f"/api/visits/{phone.visit}/phones/{phone.device}/revoke", json={"reason": "示例"}
    )
    assert refused.status_code == 403
    unknown = phone.client.post(f"/api/visits/{phone.visit}/phones/nobody/revoke", json={"reason": "示例"})
    assert unknown.status_code == 404
    phone.shoot(picture("green"))
    phone.send()
    listed = phone.client.get(f"/api/visits/{phone.visit}/phones").json["items"]
    mine = next(one for one in listed for row in one["phones"] if row["id"] == phone.device)
    assert mine["may_revoke"]
    assert mine["phones"][0]["missing"] == 1
    assert mine["phones"][0]["last_seen_at"]
    seen_by_mate = mate.client.get(f"/api/visits/{phone.visit}/phones").json["items"]
    assert [one["may_revoke"] for one in seen_by_mate] == [
        one["inspector"] == mate.by for one in seen_by_mate
    ]


def test_asking_for_news_says_that_a_phone_lives(phone: RealPhone) -> None:
    assert db.session.get_one(Device, phone.device).last_seen_at is None
    answer = phone.client.get(f"/api/sync/changes?device={phone.device}")
    assert answer.status_code == 200
    db.session.expire_all()
    seen = db.session.get_one(Device, phone.device).last_seen_at
    assert seen is not None
    assert (clock.now() - seen).total_seconds() < 60
