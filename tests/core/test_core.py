"""Do the parts that every step stands on hold: transactions, the trail, owed work, idempotency, problems?"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from tests.factories import make_account

from onevisit.accounts.models import DeviceNonce
from onevisit.core import clock, jobs, storage, trail
from onevisit.core.canonical import canonical, digest
from onevisit.core.db import db, transaction
from onevisit.core.ids import new_id
from onevisit.core.trail import OwedWork, TrailEntry


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_everything_in_a_transaction_happens_or_nothing(app: Flask) -> None:
    def half() -> None:
        with transaction():
            trail.record("a.happened", "thing", "1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert count(TrailEntry) == 1  # the calendar's own entry


def test_the_trail_stays_one_chain_when_many_write_at_once(app: Flask) -> None:
    def write() -> None:
        with app.app_context():
            for _ in range(5):
                with transaction():
                    trail.record("a.happened", "thing", new_id())

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert count(TrailEntry) == 21
    assert trail.broken_links() == []


def test_owed_work_is_done_once_and_retried_after_a_failure(app: Flask) -> None:
    seen: list[str] = []

    def follower(entry: TrailEntry) -> None:
        seen.append(entry.object_id)
        if len(seen) == 1:
            raise OSError("the first time fails")

    app.extensions["onevisit.flow"]["a.happened"] = [("tell", "later", follower)]
    with transaction():
        trail.record("a.happened", "thing", "1")
    assert jobs.work_all(app) == 1
    work = db.session.scalars(select(OwedWork)).one()
    assert (work.state, work.attempts) == ("owed", 1)
    assert work.last_error == "OSError: the first time fails"
    db.session.rollback()
    with clock.at(datetime.now(UTC).replace(year=2027)):
        assert jobs.work_all(app) == 1
    assert jobs.work_all(app) == 0
    assert seen == ["1", "1"]
    assert db.session.scalars(select(OwedWork)).one().state == "done"


def test_what_follows_at_once_shares_the_transaction(app: Flask) -> None:
    def follower(entry: TrailEntry) -> None:
        raise OSError("no")

    app.extensions["onevisit.flow"]["a.happened"] = [("tell", "now", follower)]
    with pytest.raises(OSError, match="no"), transaction():
        trail.record("a.happened", "thing", "1")
    assert count(TrailEntry) == 1


def test_the_same_key_does_the_work_once_and_answers_the_same(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    client = client_for(make_account())
    headers = {"Idempotency-Key": "示例-1".encode().hex()}
    first = client.post("/api/accounts/devices/nonce", headers=headers)
    again = client.post("/api/accounts/devices/nonce", headers=headers)
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    other = client.post("/api/accounts/devices", headers=headers, json={})
    assert other.json["code"] == "api.key_reused"


def test_the_same_key_at_once_does_the_work_once_and_nobody_is_told_of_a_fault(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    account, answers = make_account(), []
    clients = [client_for(account) for _ in range(4)]
    together = threading.Barrier(len(clients))

    def press(client: Any) -> None:
        together.wait()
        answers.append(client.post("/api/accounts/devices/nonce", headers={"Idempotency-Key": "twice"}))

    threads = [threading.Thread(target=press, args=(one,)) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {201, 409}
    db.session.rollback()
    assert count(DeviceNonce) == 1


@pytest.mark.parametrize(
    ("method", "url", "status", "code"),
    [
        ("get", "/api/nowhere", 404, "api.not_found"),
        ("get", "/api/accounts/login", 405, "api.method_not_allowed"),
        ("post", "/api/accounts/login", 422, "api.invalid"),
    ],
)
def test_every_refusal_is_a_problem_with_a_sentence(
    app: Flask, method: str, url: str, status: int, code: str
) -> None:
    answer = getattr(app.test_client(), method)(url, json={} if method == "post" else None)
    assert answer.mimetype == "application/problem+json"
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["detail"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_endless_nesting_is_refused_as_unreadable(app: Flask) -> None:
    answer = app.test_client().post(
        "/api/accounts/login", data=b"[" * 100_000, content_type="application/json"
    )
    assert (answer.status_code, answer.json["code"]) == (400, "api.bad_request")


def test_a_file_is_kept_under_its_hash(app: Flask) -> None:
    sha256 = storage.put_file(b"example")
    assert storage.get(storage.key_of(sha256)) == b"example"
    assert storage.exists(storage.key_of(sha256))
    storage.delete(storage.key_of(sha256))
    assert not storage.exists(storage.key_of(sha256))
    with pytest.raises(FileNotFoundError):
        storage.get(storage.key_of(sha256))


def test_canonical_bytes_refuse_what_has_no_one_form() -> None:
    assert canonical({"b": "é\n", "a": [1, None, True]}) == '{"a":[1,null,true],"b":"é\\n"}'.encode()
    assert len(digest({})) == 64
    for bad in ({"a": 1.0}, {"键": 1}, [{"a": [2.5]}]):
        with pytest.raises((TypeError, ValueError)):
            canonical(bad)


def test_ids_sort_by_time_and_never_meet() -> None:
    ids = [new_id() for _ in range(2000)]
    assert len(set(ids)) == 2000
    assert [one[:8] for one in ids] == sorted(one[:8] for one in ids)
    assert all(one[14] == "7" for one in ids)
