"""Who keeps a result from the public, who puts right what was published, and what stays to be read?"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories import make_account
from tests.factories.desk import LEAD, PARTNER
from tests.factories.journey import Journey, make_journey
from tests.factories.people import PASSWORD
from tests.factories.visits import make_scene, make_task

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.trail import TrailEntry, broken_links
from onevisit.publications.errata import until
from onevisit.publications.models import Publication
from onevisit.publications.national import national_rows
from onevisit.visits.kept import kept_row_of
from onevisit.visits.manifest import short_code

Clients = Callable[..., Any]
GROUND = {"kind": "withhold", "reason": "《政府信息公开条例》第十五条"}
CHANGES = {"items": [{"at": 0, "outcomes": ["rectification_ordered"], "measures": ["责令改正"]}]}
ERROR = {"kind": "correct", "reason": "录入时选错了检查结果", "changes": CHANGES}


@pytest.fixture
def accepted(app: Flask, client_for: Clients) -> Journey:
    journey = make_journey(client_for).walk()
    assert journey.accept().status_code == 200
    return journey


@pytest.fixture
def published(accepted: Journey) -> Journey:
    assert accepted.publish().status_code == 200
    return accepted


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json


def ask(journey: Journey, given: dict[str, Any], who: Any = None) -> Any:
    row = newest(journey)
    return journey.client_for(who or journey.desk).post(f"/api/publications/{row.id}/requests", json=given)


def newest(journey: Journey) -> Publication:
    db.session.expire_all()
    rows = select(Publication).where(
        Publication.visit_id == journey.visit_id, Publication.department_id == LEAD
    )
    return db.session.scalars(rows.order_by(Publication.version.desc())).first()  # type: ignore[return-value]


def decide(journey: Journey, request_id: str, what: str, who: Any, **given: Any) -> Any:
    return journey.client_for(who).post(f"/api/publications/requests/{request_id}/{what}", json=given)


def code_of(journey: Journey) -> str:
    return short_code(kept_row_of(journey.visit_id, LEAD).digest)


def test_withholding_is_asked_by_one_and_granted_by_the_deputy_head(
    accepted: Journey, client_for: Clients
) -> None:
    refused(ask(accepted, {**GROUND, "reason": ""}), 422, "api.invalid")
    refused(ask(accepted, GROUND, make_account(["deputy_head"], PARTNER)), 404, "api.not_found")
    asked = ask(accepted, GROUND).json
    request = asked["request"]
    assert (request["kind_label"], request["state_label"], asked["state"]) == (
        "申请不予公示",
        "待批",
        "waiting",
    )
    assert (request["may_grant"], request["may_withdraw"]) == (False, True)
    refused(ask(accepted, GROUND, accepted.deputy), 409, "publications.request_open")
    refused(accepted.publish(), 409, "publications.request_open")
    refused(decide(accepted, request["id"], "grant", accepted.desk), 403, "auth.forbidden")
    principal = make_account(["principal_head"], LEAD)
    refused(decide(accepted, request["id"], "grant", principal), 403, "auth.forbidden")
    kept = decide(accepted, request["id"], "grant", accepted.deputy).json
    assert (kept["state"], kept["state_label"], kept["withheld_ground"]) == (
        "withheld",
        "不予公示",
        GROUND["reason"],
    )
    assert accepted.part().state == "withheld"
    assert client_for().get("/api/public/results").json["items"] == []
    refused(accepted.publish(), 409, "publications.already_decided")
    refused(
        decide(accepted, request["id"], "refuse", accepted.deputy, answer="反悔了，不行"),
        409,
        "publications.already_decided",
    )


def test_nobody_grants_what_he_asked_himself(accepted: Journey) -> None:
    both = make_account(["desk", "deputy_head"], LEAD)
    request = ask(accepted, GROUND, both).json["request"]
    refused(decide(accepted, request["id"], "grant", both), 409, "publications.own_request")
    assert decide(accepted, request["id"], "grant", accepted.deputy).status_code == 200


def test_a_refused_or_withdrawn_request_leaves_the_result_as_it_was(accepted: Journey) -> None:
    first = ask(accepted, GROUND).json["request"]
    refused(decide(accepted, first["id"], "refuse", accepted.deputy, answer=""), 422, "api.invalid")
    told = decide(accepted, first["id"], "refuse", accepted.deputy, answer="不属于国家秘密").json
    assert (told["request"]["state_label"], told["request"]["answer"]) == ("未同意", "不属于国家秘密")
    second = ask(accepted, GROUND).json["request"]
    refused(decide(accepted, second["id"], "withdraw", accepted.deputy), 403, "auth.forbidden")
    assert decide(accepted, second["id"], "withdraw", accepted.desk).status_code == 200
    assert accepted.publish().status_code == 200
    refused(ask(accepted, GROUND), 409, "publications.not_askable")


def test_what_is_not_published_cannot_be_corrected(accepted: Journey) -> None:
    refused(ask(accepted, ERROR), 409, "publications.not_askable")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"items": [{"at": 7, "outcomes": ["no_problem"]}]},
        {"items": [{"at": 0, "outcomes": ["no_problem"]}]},
        {"items": [{"at": 0, "outcomes": ["没有这种"]}]},
        {"items": [{"at": 0, "outcomes": ["rectification_ordered"], "measures": ["罚款"]}]},
        {"day": "昨天"},
    ],
)
def test_a_correction_that_changes_nothing_or_cannot_stand(published: Journey, changes: Any) -> None:
    refused(ask(published, {**ERROR, "changes": changes}), 422, "publications.bad_change")
    assert newest(published).version == 1


def test_only_the_principal_head_signs_a_correction_and_both_versions_stay(
    published: Journey, client_for: Clients
) -> None:
    """S2 art. 22: a deputy head, a foreign head, the asker and a wrong password are all refused."""
    first = newest(published)
    request = ask(published, ERROR).json["request"]
    assert request["facts"]["items"][0]["outcomes"] == [
        {"code": "rectification_ordered", "label": "发现问题已责令改正"}
    ]
    principal = make_account(["principal_head"], LEAD)
    refused(
        decide(published, request["id"], "grant", published.deputy, password=PASSWORD), 403,
        "publications.principal_head_only",
    )  # fmt: skip
    foreign = make_account(["principal_head"], PARTNER)
    refused(decide(published, request["id"], "grant", foreign, password=PASSWORD), 404, "api.not_found")
    for wrong in ({}, {"password": "不是这个"}):
        refused(
            decide(published, request["id"], "grant", principal, **wrong), 422, "accounts.signature_failed"
        )
    assert newest(published).id == first.id
    signed = decide(published, request["id"], "grant", principal, password=PASSWORD)
    assert signed.status_code == 200, signed.json
    second = newest(published)
    assert (second.version, second.state, second.corrects_id) == (2, "published", first.id)
    old = client_for().get(f"/api/public/results/{first.id}").json
    new = client_for().get(f"/api/public/results/{second.id}").json
    assert old["corrected_by"] == {"id": second.id, "published": "2026-11-09"}
    assert old["items"][0]["outcomes"][0]["code"] == "no_problem"
    assert (new["erratum"], new["corrected_by"]) == (ERROR["reason"], None)
    assert [one["id"] for one in new["earlier"]] == [first.id]
    assert new["items"][0]["measures"] == ["责令改正"]
    listed = client_for().get("/api/public/results").json["items"]
    assert [one["id"] for one in listed] == [second.id]
    assert [row["检查结果"].split("：")[1] for row in national_rows("632525")] == ["发现问题已责令改正"]
    refused(
        decide(published, request["id"], "grant", principal, password=PASSWORD),
        409,
        "publications.already_decided",
    )
    event = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "publication.corrected")).one()
    assert (event.actor, event.facts["corrects"]) == (principal.id, first.id)
    assert broken_links() == []


def test_a_principal_head_does_not_sign_his_own_request(published: Journey) -> None:
    principal = make_account(["principal_head"], LEAD)
    request = ask(published, ERROR, principal).json["request"]
    refused(
        decide(published, request["id"], "grant", principal, password=PASSWORD),
        409,
        "publications.own_request",
    )


def test_guessing_the_signature_is_slowed_down(published: Journey) -> None:
    principal = make_account(["principal_head"], LEAD)
    request = ask(published, ERROR).json["request"]
    answers = [decide(published, request["id"], "grant", principal, password=f"猜{n}") for n in range(7)]
    assert answers[-1].status_code == 429
    assert answers[-1].json["code"] == "accounts.too_many_failures"
    assert newest(published).version == 1


def test_the_subject_asks_from_the_page_with_the_code_on_its_record(
    published: Journey, client_for: Clients
) -> None:
    url = f"/api/public/results/{newest(published).id}/requests"
    text = {"text": "第一项当场已经改正，结果写错了", "contact": "示例电话"}
    refused(client_for().post(url, json={**text, "code": "0000 0000"}), 403, "publications.wrong_code")
    told = client_for().post(url, json={**text, "code": code_of(published).upper()})
    assert told.json["state_label"] == "待批"
    refused(
        client_for().post(url, json={**text, "code": code_of(published)}), 409, "publications.request_open"
    )
    desk = client_for(published.desk).get("/api/publications?state=asked").json
    (row,) = desk["items"]
    assert (desk["counts"]["asked"], row["request"]["from_subject"], row["request"]["contact"]) == (
        1,
        True,
        "示例电话",
    )
    request, principal = row["request"], make_account(["principal_head"], LEAD)
    refused(
        decide(published, request["id"], "grant", principal, password=PASSWORD),
        409,
        "publications.no_changes",
    )
    filled = client_for(published.desk).put(
        f"/api/publications/requests/{request['id']}/changes",
        json={**CHANGES, "erratum": "录入有误，现予更正"},
    )
    assert filled.json["request"]["facts"]["items"][0]["measures"] == ["责令改正"]
    assert (
        decide(published, request["id"], "grant", principal, password=PASSWORD, answer="已更正").status_code
        == 200
    )
    answers = client_for().post(f"{url}/answers", json={"code": code_of(published)}).json["items"]
    assert [(one["state_label"], one["answer"]) for one in answers] == [("已同意", "已更正")]
    shown = client_for().get(f"/api/public/results/{newest(published).id}").json
    assert (shown["erratum"], text["text"] in str(shown)) == ("录入有误，现予更正", False)


def test_a_subjects_request_is_refused_with_a_reason_it_can_read(
    published: Journey, client_for: Clients
) -> None:
    url = f"/api/public/results/{newest(published).id}/requests"
    client_for().post(url, json={"text": "我们不同意这个结果", "code": code_of(published)})
    (row,) = client_for(published.desk).get("/api/publications?state=asked").json["items"]
    assert (
        decide(
            published, row["request"]["id"], "refuse", published.desk, answer="照片和签字都与记录一致"
        ).status_code
        == 200
    )
    (told,) = client_for().post(f"{url}/answers", json={"code": code_of(published)}).json["items"]
    assert (told["state"], told["answer"]) == ("refused", "照片和签字都与记录一致")


def test_what_the_subject_wrote_never_reaches_the_public(published: Journey, client_for: Clients) -> None:
    url = f"/api/public/results/{newest(published).id}"
    client_for().post(
        f"{url}/requests", json={"text": "绝不公开的话", "contact": "绝不公开", "code": code_of(published)}
    )
    for path in (
        url,
        "/api/public/results",
        "/api/public/open-data/results.json",
        "/api/public/open-data/results.csv",
    ):
        answer = client_for().get(path)
        assert answer.status_code == 200
        assert "绝不公开" not in answer.get_data(as_text=True), path


def test_a_name_is_not_brought_into_a_sensitive_result(app: Flask, client_for: Clients) -> None:
    journey = make_journey(client_for, make_scene(make_task(sensitive=True))).walk()
    journey.accept()
    journey.publish()
    changes = {"subject": {"name": "示例公司"}}
    refused(ask(journey, {**ERROR, "changes": changes}), 422, "publications.bad_change")


def test_a_result_is_taken_down_after_its_term(published: Journey, client_for: Clients) -> None:
    row = newest(published)
    assert row.shown_until == date(2029, 11, 9)
    row.shown_until = clock.today() - timedelta(days=1)
    db.session.commit()
    assert client_for().get(f"/api/public/results/{row.id}").status_code == 404
    for path in ("/api/public/results", "/api/public/open-data/results.json"):
        assert next(iter(client_for().get(path).json.get("items", [])), None) is None
    assert client_for().get("/api/public/open-data/results.json").json["rows"] == []
    assert client_for(published.desk).get("/api/publications?state=published").json["items"][0]["shown_until"]


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        ("2026-11-09", 36, "2029-11-09"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-15", 12, "2027-12-15"),
        ("2026-10-31", 2, "2026-12-31"),
    ],
)
def test_how_long_a_term_is(day: str, months: int, last: str) -> None:
    assert until(date.fromisoformat(day), months) == date.fromisoformat(last)
    assert until(date.fromisoformat(day), None) is None


def test_open_data_goes_page_by_page(app: Flask, client_for: Clients) -> None:
    for _ in range(3):
        journey = make_journey(client_for).walk()
        journey.accept()
        assert journey.publish().status_code == 200
    first = client_for().get("/api/public/open-data/results.json?limit=2").json
    second = (
        client_for()
        .get("/api/public/open-data/results.json", query_string={"limit": 2, "after": first["next"]})
        .json
    )
    assert [len(first["rows"]), len(second["rows"]), second["next"]] == [2, 1, None]
    assert set(first["rows"][0]) == set(first["fields"])
    sheet = client_for().get("/api/public/open-data/results.csv?limit=2")
    assert sheet.headers["Link"].endswith('rel="next"')
    following = sheet.headers["Link"].split(">")[0][1:]
    assert len(client_for().get(following).get_data(as_text=True).strip().splitlines()) == 2
    for bad in ("x", "2026-11-09~x", "~"):
        refused(
            client_for().get("/api/public/open-data/results.json", query_string={"after": bad}),
            422,
            "api.bad_cursor",
        )
