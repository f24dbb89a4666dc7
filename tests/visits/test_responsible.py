"""Is a product, project, site or behaviour spoken for by its responsible party, from the notice to the publication?"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.paper import _subject as on_notice
from onevisit.subjects.models import Subject
from onevisit.subjects.parties import responsible_for
from onevisit.visits.package import build_package
from onevisit.visits.paper import subject_facts
from tests.factories import make_account
from tests.factories.journey import make_journey
from tests.factories.libraries import make_subject
from tests.factories.visits import LEAD

CODE = "91632525MA7000099X"


def thing_of(visit: Any) -> Subject:
    """The visit's subject becomes a lift of a company."""
    party = make_subject(
        "示例物业有限公司",
        credit_code=CODE,
        legal_representative="示例·负责人",
        phone="000-9999",
        address="贵南县示例路9号",
    )
    thing = db.session.get_one(Subject, visit.subject_id)
    thing.name, thing.kind, thing.credit_code, thing.responsible_id = "示例电梯1号", "product", None, party.id
    thing.departments = [LEAD]
    db.session.commit()
    return thing


def test_the_party_is_notified_signs_and_stands_for_the_result(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    journey = make_journey(client_for)
    thing = thing_of(journey.scene.visit)
    subject = build_package(journey.scene.visit, None)["subject"]
    assert (subject["name"], subject["legal_representative"], subject["phone"]) == (
        "示例电梯1号",
        "示例·负责人",
        "000-9999",
    )
    assert subject["responsible"]["credit_code"] == CODE
    notice = on_notice(thing, responsible_for(thing))
    assert (notice["name"], notice["code"], notice["head"]) == ("示例电梯1号", CODE, "示例·负责人")
    journey.walk()
    assert journey.accept().status_code == 200
    made = journey.publication()
    assert (made.subject_name, made.credit_code) == ("示例物业有限公司", CODE)
    assert made.facts["subject"] == {"name": "示例物业有限公司", "credit_code": CODE, "thing": "示例电梯1号"}


def test_papers_name_both() -> None:
    words = {
        "name": "示例电梯1号", "credit_code": None, "address": "", "kind": "product", "legal_representative": "示例·负责人",
        "phone": None, "contact": None, "contact_phone": None, "responsible": {"name": "示例物业有限公司", "credit_code": CODE},
    }  # fmt: skip
    said = subject_facts(words)
    assert (said["name"], said["code"]) == ("示例电梯1号（责任主体：示例物业有限公司）", CODE)
    alone = subject_facts({**words, "responsible": None, "credit_code": "x"})
    assert (alone["name"], alone["code"]) == ("示例电梯1号", "x")


def test_open_visits_hear_that_their_subject_closed(app: Flask, client_for: Callable[..., Any]) -> None:
    journey = make_journey(client_for)
    thing = thing_of(journey.scene.visit)
    desk = client_for(make_account(["desk"], LEAD))
    shown = desk.get(f"/api/subjects/{thing.responsible_id}").json
    names = ("name", "kind", "credit_code", "fields", "address", "legal_representative", "phone", "licences")
    body = {name: shown[name] for name in names} | {"state": "deregistered", "keep_code": True}
    answer = desk.put(
        f"/api/subjects/{shown['id']}", json=body, headers={"If-Match": f'"{shown["revision"]}"'}
    )
    assert answer.status_code == 200, answer.json
    told = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "visit.subject_changed")).one()
    assert (told.object_id, told.facts["after"]) == (journey.visit_id, "deregistered")
    assert (
        desk.get("/api/libraries/waiting").json["closed"] == []
    )  # the thing itself still stands as operating
    mine = desk.get(f"/api/subjects/{thing.id}").json
    body = {name: mine[name] for name in names} | {"state": "closed", "responsible_id": thing.responsible_id}
    desk.put(f"/api/subjects/{thing.id}", json=body, headers={"If-Match": f'"{mine["revision"]}"'})
    waiting = desk.get("/api/libraries/waiting").json["closed"]
    assert [(one["subject"], one["state_label"]) for one in waiting] == [("示例电梯1号", "关闭")]
