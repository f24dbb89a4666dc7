"""Do two at the same moment stay one fact? On PostgreSQL many processes write; on SQLite threads do."""

import json
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_jwt_extended import create_access_token
from sqlalchemy import func, select

from onevisit.core.db import db
from onevisit.core.trail import broken_links
from onevisit.visits.checking import check_everything
from onevisit.visits.models import KeptBundle, StoredOperation
from tests.factories.desk import LEAD, PARTNER
from tests.factories.phone import SYNC_TYPE, RealPhone, make_phone
from tests.factories.visits import make_scene

Clients = Callable[..., Any]


def send_together(app: Flask, sendings: list[tuple[RealPhone, dict[str, Any]]]) -> list[Any]:
    """Each in a thread of its own, all released at once."""
    barrier, answers = threading.Barrier(len(sendings)), [None] * len(sendings)
    tokens = [create_access_token(phone.account.id) for phone, _ in sendings if phone.account]

    def send(at: int) -> None:
        body = json.dumps({"bundles": [sendings[at][1]]})
        client = app.test_client()
        barrier.wait()
        headers = {"Authorization": f"Bearer {tokens[at]}"}
        answer = client.post("/api/sync/bundles", data=body, content_type=SYNC_TYPE, headers=headers)
        answers[at] = json.loads(answer.data)["answers"][0]

    threads = [threading.Thread(target=send, args=(at,)) for at in range(len(sendings))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_bundle_twice_at_once_is_stored_once(app: Flask, client_for: Clients) -> None:
    scene = make_scene()
    phone = make_phone(scene, client_for, LEAD)
    for _ in range(20):
        phone.arrive()
    bundle = phone.bundle()
    answers = send_together(app, [(phone, bundle)] * 4)
    told = [
        [(one["id"], one["verdict"], one["position"]) for one in answer["verdicts"]] for answer in answers
    ]
    assert all(one == told[0] for one in told)
    assert sorted(answer["verdicts"][0]["duplicate"] for answer in answers) == [False, True, True, True]
    db.session.rollback()
    assert db.session.scalars(select(func.count()).select_from(StoredOperation)).one() == 20
    assert db.session.scalars(select(func.count()).select_from(KeptBundle)).one() == 1
    assert broken_links() == []


def test_many_phones_at_once_get_places_without_gap_or_double(app: Flask, client_for: Clients) -> None:
    scenes = [make_scene() for _ in range(2)]
    phones = [
        make_phone(scene, client_for, part, n)
        for scene in scenes
        for part in (LEAD, PARTNER)
        for n in range(2)
    ]
    for phone in phones:
        for _ in range(5):
            phone.arrive()
    answers = send_together(app, [(phone, phone.bundle()) for phone in phones])
    assert [answer["code"] for answer in answers] == [None] * 8
    positions = sorted(one["position"] for answer in answers for one in answer["verdicts"])
    assert positions == list(range(1, 41))
    db.session.rollback()
    assert check_everything()["ok"]
