"""What reaches the public, by whose hand, and what never does?"""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories import make_account, make_department
from tests.factories.desk import LEAD, PARTNER
from tests.factories.journey import Journey, make_journey
from tests.factories.visits import make_scene, make_task, picture

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.jobs import work_all
from onevisit.core.trail import TrailEntry
from onevisit.evidence.models import EvidenceFile
from onevisit.publications.models import Publication
from onevisit.publications.national import national_rows
from onevisit.publications.rules import PlanWords, public_facts
from onevisit.publications.schemas import PublicResultSchema
from onevisit.publications.terms import NATIONAL_FIELDS

Clients = Callable[..., Any]
SECRET = "绝不公开"


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


def public(client_for: Clients, path: str, **query: Any) -> Any:
    return client_for().get(f"/api/public/{path}", query_string=query)


def test_before_it_is_published_the_public_finds_nothing(accepted: Journey, client_for: Clients) -> None:
    waiting = accepted.publication()
    assert (waiting.state, waiting.published_at) == ("waiting", None)
    assert public(client_for, "results").json["items"] == []
    assert public(client_for, f"results/{waiting.id}").status_code == 404


def test_another_department_does_not_find_it_and_another_region_neither(accepted: Journey) -> None:
    for who in (make_account(["deputy_head"], PARTNER), make_account(["desk"], "630103-ga")):
        refused(accepted.publish(who), 404, "api.not_found")
    assert accepted.publication().state == "waiting"


def test_the_joint_office_reads_and_does_not_publish(accepted: Journey, client_for: Clients) -> None:
    office = make_account(["joint_office"], "632525-scjg")
    refused(accepted.publish(office), 403, "auth.forbidden")
    office_and_desk = make_account(["joint_office", "desk"], "632525-scjg")
    refused(accepted.publish(office_and_desk), 403, "auth.forbidden")
    assert len(client_for(office).get("/api/publications").json["items"]) == 1


def test_nothing_is_published_twice(published: Journey) -> None:
    refused(published.publish(), 409, "publications.already_decided")


def test_an_original_that_is_lost_holds_the_publication(app: Flask, client_for: Clients) -> None:
    journey = make_journey(client_for)
    hash_ = journey.shoot(picture("blue"))["body"]["hash"]
    journey.walk().accept()
    _lose(hash_, None)
    refused(journey.publish(), 409, "publications.photos_missing")
    _lose(hash_, clock.now())
    assert journey.publish().status_code == 200


def _lose(hash_: str, stored_at: datetime | None) -> None:
    db.session.scalars(select(EvidenceFile).where(EvidenceFile.hash == hash_)).one().stored_at = stored_at
    db.session.commit()


def test_an_accepted_part_waits_with_its_due_day(accepted: Journey, client_for: Clients) -> None:
    rows = client_for(accepted.desk).get("/api/publications").json
    (row,) = rows["items"]
    # S0: 20 working days after the end of the check on 2026-11-10
    assert (row["due"], row["state_label"], row["subject"]) == (
        "2026-12-08", "待公示", accepted.publication().subject_name,
    )  # fmt: skip
    assert rows["counts"] == {"waiting": 1, "published": 0, "withheld": 0, "corrected": 0, "asked": 0}


def test_a_published_result_is_found_by_name_code_and_task(published: Journey, client_for: Clients) -> None:
    facts = published.publication().facts
    for q in (
        facts["subject"]["name"],
        facts["subject"]["name"][2:5],
        facts["subject"]["credit_code"].lower(),
    ):
        assert len(public(client_for, "results", q=q).json["items"]) == 1
    assert len(public(client_for, "results", task=facts["task"]["no"], region="632525").json["items"]) == 1
    for nothing in ({"q": "没有这家"}, {"q": "%"}, {"region": "630103"}, {"task": "x"}):
        found = public(client_for, "results", **nothing).json["items"]
        assert found == [] or nothing == {"q": "%"}
    one = public(client_for, f"results/{published.publication().id}").json
    assert one["items"][0]["outcomes"] == [{"code": "no_problem", "label": "未发现问题"}]
    assert (one["day"], one["published"], published.part().state) == ("2026-11-10", "2026-11-09", "published")
    event = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "publication.published")).one()
    assert event.actor == published.desk.id


def test_the_public_pages_results_one_by_one(app: Flask, client_for: Clients) -> None:
    for _ in range(3):
        journey = make_journey(client_for).walk()
        journey.accept()
        journey.publish()
    first = public(client_for, "results", limit=2).json
    second = public(client_for, "results", limit=2, after=first["next"]).json
    ids = [row["id"] for row in (*first["items"], *second["items"])]
    assert ids == sorted(set(ids), reverse=True)
    assert (len(ids), second["next"]) == (3, None)


def test_a_sensitive_task_names_nobody(app: Flask, client_for: Clients) -> None:
    journey = make_journey(client_for, make_scene(make_task(sensitive=True))).walk()
    journey.accept()
    assert journey.publish().status_code == 200
    (shown,) = public(client_for, "results").json["items"]
    assert shown["subject"] == {"name": None, "credit_code": None}
    name, code = journey.publication().subject_name, journey.publication().credit_code
    assert name not in json.dumps(shown, ensure_ascii=False)
    for q in (name, code):
        assert public(client_for, "results", q=q).json["items"] == []
    assert list(national_rows("632525")) == []


def _poisoned(value: Any, at: str = "") -> Any:
    """The same, with a secret member in every object, and every text that is not allowed replaced by a secret."""
    if isinstance(value, dict):
        grown = {name: _poisoned(member, f"{at}/{name}") for name, member in value.items()}
        if at.endswith("/record/items"):  # a map by id, whose members are objects
            return grown
        return {**grown, "geheim": f"{SECRET}{at}", "phone2": f"{SECRET}电话{at}"}
    if isinstance(value, list):
        return [_poisoned(member, at) for member in value]
    return value


def test_nothing_that_is_added_to_a_record_can_leak(published: Journey, client_for: Clients) -> None:
    """The allow-list: every object of the manifest gets members nobody named, every person and note a secret."""
    from onevisit.visits.kept import kept_manifest_of

    manifest = _poisoned(kept_manifest_of(published.visit_id, LEAD))
    subject = manifest["header"]["subject"]
    subject.update(
        dict.fromkeys(("phone", "contact", "contact_phone", "address", "legal_representative"), SECRET)
    )
    for part in manifest["parts"]:
        part["inspectors"] = [{"id": SECRET, "name": SECRET, "certificate": SECRET}]
        part["record"]["notes"] = [{"id": SECRET, "text": SECRET, "item": None, "entry": None}]
        for item in part["items"]:
            finding = part["record"]["findings"][item["id"]]
            finding["reason"] = SECRET
            part["record"]["measures"] = [
                {"item": item["id"], "kind": "rectification_order", "text": SECRET, "number": SECRET}
            ]
            for answer in part["record"]["answers"][item["id"]].values():
                if isinstance(answer, dict):
                    answer["note"] = answer["value"] = SECRET
    facts = public_facts(manifest, LEAD, PlanWords("计划", None, "directed"))
    assert SECRET not in json.dumps(facts, ensure_ascii=False)
    row = db.session.get_one(Publication, published.publication().id)
    row.facts = {**facts, "geheim": SECRET, "subject": {**facts["subject"], "phone": SECRET}}
    db.session.commit()
    desk = client_for(published.desk)
    answers = [
        public(client_for, "results"), public(client_for, f"results/{row.id}"),
        desk.get("/api/publications/export.csv"), desk.get("/api/publications/export.json"),
        desk.get("/api/publications?state=published"),
    ]  # fmt: skip
    for answer in answers:
        assert answer.status_code == 200
        assert SECRET not in answer.get_data(as_text=True), answer.request.path


def test_the_allow_list_is_exactly_this() -> None:
    """Who adds a public field changes this test, and is asked why."""

    def names(schema: Any) -> Any:
        nested = {
            name: getattr(field, "schema", None) or getattr(getattr(field, "inner", None), "schema", None)
            for name, field in schema.fields.items()
        }
        return {name: names(inner) if inner else None for name, inner in nested.items()}

    named = {"id": None, "name": None}
    assert names(PublicResultSchema()) == {
        "id": None, "region": None, "published": None, "erratum": None, "day": None, "methods": None,
        "subject": {"name": None, "credit_code": None, "thing": None}, "plan": {"name": None, "document_no": None},
        "task": {"no": None, "name": None, "targeting": None}, "department": named,
        "items": {"name": None, "outcomes": {"code": None, "label": None}, "measures": None},
    }  # fmt: skip


def test_the_national_field_set_as_csv_and_json(published: Journey, client_for: Clients) -> None:
    desk, columns = client_for(published.desk), [name for name, _ in NATIONAL_FIELDS]
    sheet = desk.get("/api/publications/export.csv")
    assert sheet.data.startswith("\ufeff".encode())
    (row,) = csv.DictReader(io.StringIO(sheet.get_data(as_text=True).removeprefix("\ufeff")))
    given = desk.get("/api/publications/export.json").json
    assert (list(row), given["fields"], given["rows"]) == (columns, columns, [row])
    assert row["统一社会信用代码"] == published.publication().credit_code
    assert row["检查结果"].endswith("：未发现问题")
    assert client_for().get("/api/publications/export.csv").status_code == 401


def test_a_cell_that_looks_like_a_formula_is_defused(published: Journey, client_for: Clients) -> None:
    row = db.session.get_one(Publication, published.publication().id)
    row.facts = {**row.facts, "plan": {"name": "=HYPERLINK(1)", "document_no": None}}
    db.session.commit()
    assert "'=HYPERLINK" in client_for(published.desk).get("/api/publications/export.csv").get_data(
        as_text=True
    )


def test_exports_stop_at_the_region(published: Journey, client_for: Clients) -> None:
    stranger = client_for(make_account(["desk"], "630103-ga"))
    assert stranger.get("/api/publications/export.json").json["rows"] == []


def test_plans_and_items_are_public_and_drafts_are_not(app: Flask, client_for: Clients) -> None:
    task = make_task()
    make_department(LEAD)
    plans = public(client_for, "plans", region="632525").json["items"]
    assert [one["name"] for one in plans] == ["2026年度示例抽查计划"]
    shown = public(client_for, f"plans/{plans[0]['id']}").json
    assert [one["name"] for one in shown["entries"]] == [task.name]
    assert shown["region"] == plans[0]["region"]
    from onevisit.plans.models import Plan

    db.session.scalars(select(Plan)).one().state = "draft"
    db.session.commit()
    assert public(client_for, "plans").json["items"] == []
    assert public(client_for, f"plans/{plans[0]['id']}").status_code == 404
    first = public(client_for, "items", region="632525", limit=1).json
    rest = public(client_for, "items", region="632525", after=first["next"]).json
    items = [*first["items"], *rest["items"]]
    assert {one["department"]["id"] for one in items} == {LEAD, PARTNER}
    assert items[0]["entries"] == [
        {"no": "1", "text": "特种行业许可证", "method": "查看原件", "basis": "《旅馆业治安管理办法》第四条"}
    ]
    assert public(client_for, "items", region="630103").json == {"items": [], "next": None}


def test_everybody_finds_the_office_that_answers(app: Flask, client_for: Clients) -> None:
    make_department(LEAD, contact_title="法制科", contact_phone="000-0000")
    make_department("632525-lxhy", joint_office=True)
    (region,) = public(client_for, "regions").json["items"]
    assert [one["id"] for one in region["departments"]] == ["632525-lxhy", LEAD]
    assert region["departments"][1]["contact_phone"] == "000-0000"


def test_a_repealed_item_leaves_the_list(app: Flask, client_for: Clients) -> None:
    from onevisit.items.models import Item

    make_task()
    db.session.scalars(select(Item)).first().state = "repealed"
    db.session.commit()
    assert len(public(client_for, "items").json["items"]) == 1


def test_the_record_is_printed_when_it_is_locked_and_stands_among_its_papers(
    published: Journey, app: Flask
) -> None:
    work_all(app)
    db.session.rollback()
    office = published.client_for(make_account(["joint_office"], "632525-scjg"))
    kinds = {one["kind"] for one in office.get(f"/api/visits/{published.visit_id}/papers").json["items"]}
    assert kinds == {"record"}
