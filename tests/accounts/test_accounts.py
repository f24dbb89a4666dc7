"""Does signing in keep strangers out and never lock a rightful user's work in?"""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from tests.factories import make_account
from tests.factories.people import PASSWORD

from onevisit.accounts.actions import add_account
from onevisit.accounts.models import RefreshToken
from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry, broken_links


def enter(client: FlaskClient, username: str, password: str = PASSWORD) -> Any:
    return client.post("/api/accounts/login", json={"username": username, "password": password})


def csrf_of(answer: Any) -> dict[str, str]:
    return {"X-CSRF-Token": answer.json["csrf"]}


def test_a_right_password_opens_and_the_refresh_cookie_is_out_of_reach_of_scripts(app: Flask) -> None:
    account = make_account(username="示例甲")
    answer = enter(app.test_client(), "示例甲")
    assert answer.status_code == 200
    assert answer.json["account"]["department"] == {"id": "632525-ga", "name": "示例部门 632525-ga"}
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("onevisit_refresh="))
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "refresh_token" not in answer.json
    assert account.id == answer.json["account"]["id"]


@pytest.mark.parametrize("username", ["示例甲", "nobody"])
def test_a_wrong_password_says_the_same_for_known_and_unknown_names(app: Flask, username: str) -> None:
    make_account(username="示例甲")
    answer = enter(app.test_client(), username, "wrong")
    assert (answer.status_code, answer.json["code"]) == (401, "accounts.wrong_password")


def test_guessing_is_slowed_down_even_for_the_right_password_then(app: Flask) -> None:
    make_account(username="示例甲")
    client = app.test_client()
    for _ in range(5):
        enter(client, "示例甲", "wrong")
    answer = enter(client, "示例甲")
    assert (answer.status_code, answer.json["code"], answer.json["retry"]) == (
        429,
        "accounts.too_many_failures",
        "later",
    )
    assert int(answer.headers["Retry-After"]) > 0
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert enter(client, "示例甲").status_code == 200


def test_a_refresh_rotates_and_repeats_the_same_successor_within_a_minute(app: Flask) -> None:
    make_account(username="示例甲")
    client = app.test_client()
    first = enter(client, "示例甲")
    old = client.get_cookie("onevisit_refresh", path="/api/accounts").value
    second = client.post("/api/accounts/refresh", headers=csrf_of(first))
    new = client.get_cookie("onevisit_refresh", path="/api/accounts").value
    assert second.status_code == 200
    assert old != new
    client.set_cookie("onevisit_refresh", old, path="/api/accounts")
    again = client.post("/api/accounts/refresh", headers=csrf_of(first))
    assert again.status_code == 200
    assert client.get_cookie("onevisit_refresh", path="/api/accounts").value == new
    assert len(list(db.session.scalars(select(RefreshToken)))) == 2


def test_a_used_token_that_comes_back_late_ends_the_whole_family(app: Flask) -> None:
    make_account(username="示例甲")
    client = app.test_client()
    first = enter(client, "示例甲")
    old = client.get_cookie("onevisit_refresh", path="/api/accounts").value
    client.post("/api/accounts/refresh", headers=csrf_of(first))
    new = client.get_cookie("onevisit_refresh", path="/api/accounts").value
    with clock.at(clock.now() + timedelta(seconds=90)):
        client.set_cookie("onevisit_refresh", old, path="/api/accounts")
        assert (
            client.post("/api/accounts/refresh", headers=csrf_of(first)).json["code"] == "auth.login_needed"
        )
        client.set_cookie("onevisit_refresh", new, path="/api/accounts")
        assert client.post("/api/accounts/refresh", headers=csrf_of(first)).status_code == 401
    assert db.session.scalars(select(TrailEntry).where(TrailEntry.event == "account.token_reused")).one()


def test_a_refresh_without_our_own_header_is_refused(app: Flask) -> None:
    make_account(username="示例甲")
    client = app.test_client()
    enter(client, "示例甲")
    assert client.post("/api/accounts/refresh").json["code"] == "accounts.csrf"
    strange = client.post("/api/accounts/refresh", headers={"X-CSRF-Token": "\xe9"})
    assert strange.json["code"] == "accounts.csrf"


def test_leaving_ends_the_session(app: Flask) -> None:
    make_account(username="示例甲")
    client = app.test_client()
    first = enter(client, "示例甲")
    token = client.get_cookie("onevisit_refresh", path="/api/accounts").value
    client.post("/api/accounts/logout")
    client.set_cookie("onevisit_refresh", token, path="/api/accounts")
    assert client.post("/api/accounts/refresh", headers=csrf_of(first)).status_code == 401


def test_a_closed_account_is_told_that_its_records_are_safe(
    app: Flask, client_for: Callable[..., FlaskClient]
) -> None:
    account = make_account(active=False)
    answer = client_for(account).get("/api/accounts/me")
    assert (answer.status_code, answer.json["code"]) == (401, "auth.account_closed")


def test_an_administrator_is_nothing_else(app: Flask) -> None:
    with pytest.raises(Problem) as caught:
        add_account("root", PASSWORD, "示例", ["system_admin", "desk"], region_id=None)
    assert caught.value.code == "accounts.roles_clash"


def _key() -> tuple[ec.EllipticCurvePrivateKey, dict[str, str]]:
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    x, y = (
        base64.urlsafe_b64encode(n.to_bytes(32, "big")).rstrip(b"=").decode() for n in (numbers.x, numbers.y)
    )
    return key, {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _signed(key: ec.EllipticCurvePrivateKey, message: str) -> str:
    r, s = decode_dss_signature(key.sign(message.encode(), ec.ECDSA(hashes.SHA256())))
    return base64.urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).rstrip(b"=").decode()


def test_a_device_proves_its_key_is_listed_and_can_be_revoked(
    app: Flask, client_for: Callable[..., FlaskClient]
) -> None:
    client = client_for(make_account(roles=["inspector"]))
    key, jwk = _key()
    nonce = client.post("/api/accounts/devices/nonce").json["nonce"]
    body = {
        "nonce": nonce,
        "public_key": jwk,
        "label": "示例手机",
        "signature": _signed(key, f"onevisit-device/1|{nonce}"),
    }
    answer = client.post("/api/accounts/devices", json=body)
    assert answer.status_code == 201
    device = answer.json["device"]["id"]
    assert client.post("/api/accounts/devices", json=body).json["code"] == "accounts.nonce_expired"
    assert (
        client.get(f"/api/accounts/devices/{device}/recovery").json["recovery_secret"]
        == answer.json["recovery_secret"]
    )
    assert client.delete(f"/api/accounts/devices/{device}").json["revoked_at"]
    assert [one["id"] for one in client.get("/api/accounts/devices").json["items"]] == [device]
    other = client_for(make_account(roles=["inspector"]))
    assert other.get(f"/api/accounts/devices/{device}/recovery").status_code == 404
    assert broken_links() == []


def test_a_device_that_cannot_prove_its_key_is_refused(
    app: Flask, client_for: Callable[..., FlaskClient]
) -> None:
    client = client_for(make_account(roles=["inspector"]))
    (_, jwk), (other, _) = _key(), _key()
    nonce = client.post("/api/accounts/devices/nonce").json["nonce"]
    body = {
        "nonce": nonce,
        "public_key": jwk,
        "label": "示例手机",
        "signature": _signed(other, f"onevisit-device/1|{nonce}"),
    }
    assert client.post("/api/accounts/devices", json=body).json["code"] == "accounts.device_not_proven"


def test_a_changed_trail_is_noticed(app: Flask) -> None:
    make_account(username="示例甲")
    enter(app.test_client(), "示例甲")
    entry = db.session.scalars(select(TrailEntry)).first()
    entry.actor_name = "别人"
    db.session.commit()
    assert broken_links() == [entry.position]
