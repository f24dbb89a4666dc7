"""May anybody check a draw of arms, explosives or poisons without learning whom it names?"""

import base64
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from tests.factories.desk import LEAD, attest, make_desk, make_subject

from onevisit.core.db import db
from onevisit.draws.bundle import verify
from onevisit.draws.keys import draw_key
from onevisit.draws.models import Draw, DrawnSubject
from onevisit.draws.proof import Proof, check_proof
from onevisit.draws.proving import proof_texts
from onevisit.inspectors.models import Inspector
from onevisit.subjects.models import Subject

Clients = Callable[..., Any]
NAMES = {
    "name": "2026年民爆物品示例抽查",
    "task_name": "2026年民爆物品示例抽查",
    "scope_text": "示例民爆器材库和示例猎枪弹具店",
}


def planted() -> list[str]:
    """Every word that could name somebody."""
    words = list(NAMES.values())
    for subject in db.session.query(Subject):
        words += [subject.name, subject.credit_code or subject.id, subject.id, subject.address]
    for person in db.session.query(Inspector):
        words += [person.name, person.certificate_no or "", person.id]
    return [word for word in words if word]


def public_answers(desk: Any, no: str) -> list[str]:
    """All that a draw says to everybody."""
    paths = ["/public/draws", f"/public/draws/{no}", f"/public/draws/{no}/bundle", "/public/draws/key"]
    answers = [desk.get(None, path) for path in paths]
    assert {one.status_code for one in answers} == {200}
    return [json.dumps(json.loads(one.text), ensure_ascii=False) for one in answers]


def test_nothing_public_names_anybody_and_the_draw_is_still_checked(client_for: Clients) -> None:
    desk = make_desk(client_for, sensitive=True, **NAMES)
    make_subject(50, state="closed")
    room = desk.drawn()
    answers, words = public_answers(desk, room["no"]), planted()
    for answer in answers:
        assert [word for word in words if word in answer] == []
    public = json.loads(desk.get(None, f"/public/draws/{room['no']}/bundle").text)
    checked = verify(public, draw_key().checker())
    assert (checked.failed, checked.warned) == ([], [])
    assert public["commit"]["excluded"]["count"] == 1


def test_the_code_on_a_notice_names_nobody_and_shows_the_draw(client_for: Clients) -> None:
    desk = make_desk(client_for, sensitive=True, **NAMES)
    room = desk.drawn()
    public = json.loads(desk.get(None, f"/public/draws/{room['no']}/bundle").text)
    draw = db.session.get_one(Draw, room["id"])
    rows = db.session.query(DrawnSubject).all()
    texts = proof_texts(draw, [row.leaf for row in rows])
    for row in rows:
        text = texts[row.leaf]
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        assert [word for word in planted() if word.encode() in packed] == []
        proof = Proof.from_text(text)
        assert (proof.entry, proof.leaf) == (None, row.leaf)
        assert check_proof(proof, public).ok


def test_a_reason_that_names_a_subject_stays_inside(client_for: Clients) -> None:
    desk = make_desk(client_for, sensitive=True, **NAMES)
    draw = desk.committed()
    reason = "示例民爆器材库法定代表人在场干扰"
    assert desk.post(desk.office, f"/draws/{draw['id']}/void", {"reason": reason}).status_code == 200
    for answer in public_answers(desk, draw["no"]):
        assert "示例民爆器材库" not in answer
    public = json.loads(desk.get(None, f"/public/draws/{draw['no']}/bundle").text)
    assert verify(public, draw_key().checker()).ok
    full = json.loads(desk.get(desk.office, f"/draws/{draw['id']}/bundle").text)
    assert full["events"][0]["reason"] == reason


def test_a_party_named_after_a_subject_is_refused(client_for: Clients) -> None:
    desk = make_desk(client_for, sensitive=True, **NAMES)
    attest(LEAD, "632525-wjj")
    sources = [*desk.sources(), {"name": "示例旅馆1号代表", "kind": "dice", "department_id": None}]
    answer = desk.post(desk.lead, "/draws", {"task_id": desk.task()["id"], "sources": sources})
    assert (answer.status_code, answer.json["code"]) == (422, "draws.source_names_subject"), answer.json


def test_an_open_task_keeps_typed_reasons_of_appended_events_inside_too(client_for: Clients) -> None:
    desk = make_desk(client_for, inspectors=1)
    room = desk.drawn()
    short = json.loads(desk.get(desk.office, f"/draws/{room['id']}/bundle").text)["shortfalls"][0]
    deputy = desk.lead_deputy if short["department"] == LEAD else desk.partner_deputy
    person = Inspector(
        region_id="632525", department_id=short["department"], name="示例·补", kind="enforcement", certificate_no="示例补",
        valid_to=date(2028, 1, 1), specialities=[], recusals=[], made_up=True,
    )  # fmt: skip
    db.session.add(person)
    db.session.commit()
    given = {"leaf": short["visit"], "inspector_id": person.id, "reason": "示例旅馆1号要求换人"}
    assert desk.post(deputy, f"/draws/{room['id']}/appointments", given).status_code == 200
    for answer in public_answers(desk, room["no"]):
        assert "示例旅馆" not in answer
    public = json.loads(desk.get(None, f"/public/draws/{room['no']}/bundle").text)
    assert verify(public, draw_key().checker()).failed == []
    assert public["events"][0]["kind"] == "appointed"
