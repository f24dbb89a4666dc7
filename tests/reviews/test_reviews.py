"""Who may review what, what is refused, and what follows from accepting and sending back?"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories import make_account
from tests.factories.desk import LEAD, PARTNER
from tests.factories.journey import Journey, make_journey
from tests.factories.visits import picture

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.subjects.models import SubjectHistory
from onevisit.visits.models import Todo

Clients = Callable[..., Any]


@pytest.fixture
def journey(app: Flask, client_for: Clients) -> Journey:
    return make_journey(client_for)


@pytest.fixture
def submitted(journey: Journey) -> Journey:
    return journey.walk()


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
    assert answer.json["detail"]


def test_another_department_may_not_review_even_with_a_part_of_its_own(submitted: Journey) -> None:
    outsider = make_account(["desk"], PARTNER)
    assert submitted.accept(outsider).status_code in (403, 404)
    assert submitted.part().state == "submitted"
    leader_of_all = submitted.lead.account
    refused(submitted.accept(leader_of_all, PARTNER), 403, "auth.forbidden")


def test_the_joint_office_reads_and_does_not_review(submitted: Journey, client_for: Clients) -> None:
    office = make_account(["joint_office"], "632525-scjg")
    refused(submitted.accept(office), 403, "auth.forbidden")
    rows = client_for(office).get("/api/reviews").json
    assert [row["mine"] for row in rows["items"]] == [False, False]
    assert rows["counts"] == {"submitted": 2, "returned": 0, "accepted": 0}


def test_another_region_finds_nothing(submitted: Journey, client_for: Clients) -> None:
    stranger = make_account(["desk"], "630103-ga")
    refused(submitted.accept(stranger), 404, "api.not_found")
    assert client_for(stranger).get("/api/reviews").json["items"] == []


def test_nobody_accepts_what_he_alone_recorded(submitted: Journey) -> None:
    refused(submitted.accept(submitted.lead.account), 409, "reviews.own_work")
    assert submitted.accept(submitted.desk).status_code == 200


def test_a_colleague_who_does_not_lead_the_part_may_not(submitted: Journey) -> None:
    refused(submitted.accept(submitted.scene.people[LEAD][1]), 403, "auth.forbidden")


def test_only_a_submitted_part_is_reviewed(journey: Journey) -> None:
    refused(journey.accept(), 409, "reviews.not_submitted")
    journey.check()
    journey.confirm()
    journey.lead.send()
    refused(journey.accept(), 409, "reviews.not_submitted")


def test_nothing_is_accepted_twice(submitted: Journey) -> None:
    assert submitted.accept().status_code == 200
    refused(submitted.accept(), 409, "reviews.not_submitted")


def test_an_item_of_another_part_is_not_sent_back(submitted: Journey) -> None:
    refused(submitted.send_back(submitted.scene.items[PARTNER]), 422, "reviews.unknown_item")
    refused(submitted.send_back("nowhere"), 422, "reviews.unknown_item")
    refused(submitted.send_back(submitted.scene.items[LEAD], reason="短"), 422, "api.invalid")


def test_missing_originals_hold_acceptance_and_not_sending_back(journey: Journey) -> None:
    journey.shoot(picture())
    journey.walk(photos=False)
    refused(journey.accept(), 409, "reviews.photos_missing")
    (row,) = journey.client_for(journey.desk).get("/api/reviews").json["items"]
    assert (row["missing_photos"], row["mine"], row["department"]["id"]) == (
        2,
        True,
        LEAD,
    )  # photo and signature
    assert journey.send_back(journey.scene.items[LEAD]).status_code == 200


def test_accepting_is_an_operation_of_the_servers_own_log_and_a_fact(submitted: Journey) -> None:
    answer = submitted.accept()
    assert answer.json == {"visit_id": submitted.visit_id, "department_id": LEAD, "state": "accepted"}
    last = submitted.operations()[-1]
    assert (last["kind"], last["part"], last["by"]) == ("accept", LEAD, submitted.desk.id)
    assert last["device"].startswith("server:")
    fact = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "review.accepted")).one()
    assert (fact.actor, fact.department_id, fact.object_id) == (submitted.desk.id, LEAD, submitted.visit_id)


def test_the_accepted_result_enters_the_subjects_history(submitted: Journey) -> None:
    submitted.accept()
    past = db.session.scalars(select(SubjectHistory)).one()
    assert (past.subject_id, past.department_id, past.outcomes) == (
        submitted.scene.visit.subject_id, LEAD, ["no_problem"],
    )  # fmt: skip
    assert past.day.isoformat() == "2026-11-10"  # the end of the check in the signed record, not today


def test_sent_back_amended_signed_again_and_accepted(submitted: Journey) -> None:
    item = submitted.scene.items[LEAD]
    sent = submitted.send_back(item, "请核对许可证")
    assert sent.json["state"] == "returned"
    todo = db.session.scalars(select(Todo).where(Todo.kind == "returned")).one()
    assert (todo.department_id, todo.item_id, todo.done_at) == (LEAD, item, None)
    assert "请核对许可证" in todo.text
    page = submitted.lead.changes()
    told = {one["operation"]["id"]: one["operation"] for one in page["operations"]}
    assert told[todo.operation_id]["kind"] == "send_back"
    assert [one["text"] for one in page["visits"][0]["todos"]] == [todo.text]
    _amend(submitted, item, str(todo.operation_id))
    assert submitted.part().state == "submitted"
    assert (
        submitted.part().limits["starts"]["check_ended"] == "2026-11-10"
    )  # S2: a supplement prolongs nothing
    db.session.expire_all()
    assert db.session.get_one(Todo, todo.id).done_at is not None
    assert submitted.accept().json["state"] == "accepted"
    facts = submitted.publication().facts
    assert [one["outcomes"][0]["code"] for one in facts["items"]] == ["rectification_ordered"]


def _amend(submitted: Journey, item: str, returned: str) -> None:
    """The inspector changes the finding, the subject signs again, the part is submitted again."""
    lead, register = submitted.lead, f"finding/{item}"
    seen = [one["id"] for one in lead.log if one["kind"] == "finding.set"]
    value = {"outcomes": ["rectification_ordered"], "reason": "许可证过期"}
    body = {"register": register, "value": value, "reason": "审核退回", "takes": []}
    lead.write("amend", body, base={register: seen})
    lead.send()
    submitted.supplement()
    lead.write("submit", {"note": None, "answers_to": [returned]})
    told = lead.send()
    assert {one["verdict"] for one in told["verdicts"]} == {"applied"}, json.dumps(told)


def test_a_photo_that_an_amendment_takes_in_is_waited_for(submitted: Journey) -> None:
    item = submitted.scene.items[LEAD]
    submitted.send_back(item)
    returned = db.session.scalars(select(Todo.operation_id).where(Todo.kind == "returned")).one()
    late = submitted.shoot(picture("blue"))
    submitted.lead.write("amend", {"register": None, "value": None, "reason": "补拍", "takes": [late["id"]]})
    submitted.lead.write("submit", {"note": None, "answers_to": [returned]})
    submitted.lead.send()
    refused(submitted.accept(), 409, "reviews.photos_missing")
    submitted.bring()
    assert submitted.accept().json["state"] == "accepted"


def test_the_queue_is_read_page_by_page(app: Flask, client_for: Clients) -> None:
    for _ in range(2):
        make_journey(client_for).walk()
    office = client_for(make_account(["joint_office"], "632525-scjg"))
    first = office.get("/api/reviews?limit=3").json
    second = office.get("/api/reviews", query_string={"limit": 3, "after": first["next"]}).json
    assert (len(first["items"]), len(second["items"]), second["next"]) == (3, 1, None)
    assert len({row["id"] for page in (first, second) for row in page["items"]}) == 4


@pytest.mark.parametrize("after", ["x", "2026-13-99~x", "~", "~~~"])
def test_a_broken_cursor_breaks_nothing(submitted: Journey, after: str) -> None:
    answer = submitted.client_for(submitted.desk).get("/api/reviews", query_string={"after": after})
    assert answer.status_code in (200, 422)
