"""May the subject sign on a phone of his own, and when not? Every refusal, then the signature that is kept."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from onevisit.core import clock
from onevisit.core.db import db, transaction
from onevisit.core.jobs import work_all
from onevisit.evidence.models import EvidenceFile
from onevisit.visits.checking import check_everything
from onevisit.visits.link_models import SubjectLink
from onevisit.visits.manifest import manifest, manifest_digest
from onevisit.visits.models import SignedManifest, StoredOperation
from tests.factories.desk import LEAD, PARTNER
from tests.factories.phone import RealPhone, check_part, make_phone, server_state
from tests.factories.visits import Scene, make_scene, picture

Clients = Callable[..., Any]
AT = "2026-11-10T11:16:00+08:00"
BROWSER, OTHER = "b" * 32, "o" * 32
SIGNER = {"name": "示例王某", "role": "person_in_charge"}
PNG = base64.b64encode(picture("white", (60, 20), "PNG")).decode()


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene()


@pytest.fixture
def lead(scene: Scene, client_for: Clients) -> RealPhone:
    """The leader's phone; both parts are ready and everything is sent."""
    lead, partner = make_phone(scene, client_for, LEAD), make_phone(scene, client_for, PARTNER)
    for phone in (lead, partner):
        check_part(phone, scene)
        phone.send()
    return lead


@pytest.fixture
def stranger(client_for: Clients) -> Any:
    return client_for()


def shown(lead: RealPhone) -> dict[str, Any]:
    made = manifest(lead.package(), server_state(lead.visit), AT)  # type: ignore[arg-type]
    return json.loads(json.dumps(made))  # type: ignore[no-any-return]


def offer(lead: RealPhone, made: dict[str, Any] | None = None) -> Any:
    body = {"manifest": made or shown(lead), "signer": SIGNER}
    return lead.client.post(f"/api/visits/{lead.visit}/subject-link", json=body)


def token_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return str(answer.json["url"].split("#")[1])


def begin(client: Any, token: str, browser: str = BROWSER) -> Any:
    return client.post("/api/public/subject-links/begin", json={"token": token, "browser": browser})


def sign(client: Any, token: str, digest: str, browser: str = BROWSER, **over: Any) -> Any:
    body = {
        "token": token, "browser": browser, "digest": digest, "signer": SIGNER, "objection": None,
        "no_stamp_reason": "本人手机签署，印章不在手边", "strokes": [[[10, 10, 0], [400, 120, 80]]], "png": PNG, **over,
    }  # fmt: skip
    return client.post("/api/public/subject-links/sign", json=body)


def state(lead: RealPhone) -> str:
    told = lead.client.get(f"/api/visits/{lead.visit}/subject-link").json["link"]
    return str(told["state"])


def test_only_who_may_confirm_offers_and_only_what_is_here(
    lead: RealPhone, scene: Scene, client_for: Clients
) -> None:
    partner = client_for(scene.people[PARTNER][0])
    body = {"manifest": shown(lead), "signer": SIGNER}
    refused = partner.post(f"/api/visits/{lead.visit}/subject-link", json=body)
    assert (refused.status_code, refused.json["code"]) == (403, "visits.link_not_leader")
    for change, code in (
        (lambda made: made.update(format="x"), "visits.link_bad_manifest"),
        (lambda made: made["frontier"][0].update(seq=99), "visits.link_not_here"),
        (lambda made: made["parts"][0]["record"].update(notes=[{"id": "x"}]), "visits.link_changed"),
    ):
        made = shown(lead)
        change(made)
        assert offer(lead, made).json["code"] == code
    assert db.session.scalars(select(SubjectLink)).all() == []


def test_fetching_the_page_burns_nothing_and_opening_ties_it_to_one_browser(
    lead: RealPhone, stranger: Any
) -> None:
    token = token_of(offer(lead))
    stranger.get("/public/sign")
    assert state(lead) == "waiting"
    assert sign(stranger, token, "0" * 64).json["code"] == "visits.link_not_begun"
    told = begin(stranger, token)
    assert told.status_code == 200
    assert told.json["digest"] == manifest_digest(told.json["manifest"])
    assert (told.json["signer"], state(lead)) == (SIGNER, "opened")
    assert begin(stranger, token).status_code == 200
    assert begin(stranger, token, OTHER).json["code"] == "visits.link_other_browser"
    assert sign(stranger, token, told.json["digest"], OTHER).json["code"] == "visits.link_other_browser"
    assert begin(stranger, "n" * 43).json["code"] == "visits.link_unknown"
    kept = db.session.scalars(select(SubjectLink)).one()
    assert token not in json.dumps([kept.token_hash, kept.browser_hash])


def test_it_lasts_half_an_hour_and_the_leader_may_take_it_back(lead: RealPhone, stranger: Any) -> None:
    first = token_of(offer(lead))
    second = token_of(offer(lead))
    assert begin(stranger, first).json["code"] == "visits.link_withdrawn"
    digest = begin(stranger, second).json["digest"]
    with transaction():
        db.session.execute(update(SubjectLink).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert state(lead) == "withdrawn" or state(lead) == "expired"
    assert sign(stranger, second, digest).json["code"] == "visits.link_expired"
    third = token_of(offer(lead))
    assert lead.client.post(f"/api/visits/{lead.visit}/subject-link/withdraw").status_code == 204
    assert begin(stranger, third).json["code"] == "visits.link_withdrawn"


def test_a_record_that_changed_cannot_be_signed(lead: RealPhone, scene: Scene, stranger: Any) -> None:
    token = token_of(offer(lead))
    digest = begin(stranger, token).json["digest"]
    assert sign(stranger, token, "0" * 64).json["code"] == "visits.link_changed"
    lead.write("note.add", {"item": None, "entry": None, "text": "刚刚补记"})
    lead.send()
    assert sign(stranger, token, digest).json["code"] == "visits.link_changed"
    assert begin(stranger, token).json["code"] == "visits.link_changed"


def test_a_signature_that_is_none_is_not_kept(lead: RealPhone, stranger: Any) -> None:
    token = token_of(offer(lead))
    digest = begin(stranger, token).json["digest"]
    bad: tuple[dict[str, Any], ...] = (
        {"png": base64.b64encode(b"no picture, only text").decode()}, {"strokes": []}, {"strokes": "x"},
        {"signer": {"name": "", "role": "person_in_charge"}}, {"signer": {"name": "示例", "role": "inspector"}},
    )  # fmt: skip
    for over in bad:
        assert sign(stranger, token, digest, **over).status_code == 422, over
    assert state(lead) == "opened"


def test_the_signature_locks_the_record_and_says_whose_phone_it_was(
    lead: RealPhone, scene: Scene, stranger: Any
) -> None:
    token = token_of(offer(lead))
    digest = begin(stranger, token).json["digest"]
    told = sign(stranger, token, digest, objection="第三条已当场改正")
    assert (told.status_code, told.json["state"]) == (200, "signed")
    db.session.expire_all()
    kept = db.session.scalars(select(SignedManifest)).one()
    assert (kept.state, kept.digest) == ("locked", digest)
    entry = server_state(lead.visit)["confirmations"][0]
    assert (entry["own_phone"], entry["objection"], entry["by"]) == (True, "第三条已当场改正", lead.by)
    assert db.session.scalars(
        select(StoredOperation.device_id).where(StoredOperation.kind == "confirm")
    ).one() == ("server:632525")
    assert all(file.stored_at for file in db.session.scalars(select(EvidenceFile)))
    # Nothing happens twice, and only his browser is told where the record is.
    assert sign(stranger, token, digest).json == told.json
    assert begin(stranger, token).json == told.json
    assert begin(stranger, token, OTHER).json["code"] == "visits.link_used"
    assert len(db.session.scalars(select(SignedManifest)).all()) == 1
    assert state(lead) == "signed"
    signed = {"body": {"digest": digest}}
    lead.sign(lead.by, signed, LEAD)
    assert lead.verdicts(lead.send()) == [("applied", None)]
    assert offer(lead, shown(lead)).json["code"] in ("visits.link_changed", "visits.link_bad_manifest")
    assert check_everything()["ok"]


def test_the_record_for_keeping_needs_its_key(app: Flask, lead: RealPhone, stranger: Any) -> None:
    token = token_of(offer(lead))
    address = sign(stranger, token, begin(stranger, token).json["digest"]).json["record_url"]
    assert stranger.get(address).json["code"] == "visits.record_not_ready"
    work_all(app)
    db.session.rollback()
    got = stranger.get(address)
    assert (got.status_code, got.data[:5]) == (200, b"%PDF-")
    forged = address.replace(address.split("/")[-2], "x" * 43)
    assert stranger.get(forged).status_code == 404
