"""May a phone add this item, check from the desk, and does it get the checklists for it? What the server holds and refuses."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from onevisit.core.db import db
from onevisit.items.models import Item
from onevisit.items.queries import current_checklist
from onevisit.subjects.models import Subject
from onevisit.visits.gaps import gaps
from tests.factories import make_account
from tests.factories.desk import LEAD, PARTNER, make_item
from tests.factories.journey import Journey, make_journey
from tests.factories.phone import RealPhone, make_phone, server_state
from tests.factories.visits import Scene, make_scene

Clients = Callable[..., Any]


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene()


@pytest.fixture
def phone(scene: Scene, client_for: Clients) -> RealPhone:
    return make_phone(scene, client_for, LEAD)


def add(phone: RealPhone, item: Item, **over: Any) -> list[tuple[str, str | None]]:
    pinned = current_checklist(item.id)
    pin = {"id": pinned.id, "version": pinned.version, "hash": pinned.hash}
    body = {
        "item": item.id,
        "name": item.name,
        "code": item.code,
        "legal_basis": None,
        "checklist": pin,
        "reason": "举报",
        **over,
    }
    phone.write("item.add", body)
    return phone.verdicts(phone.send(len(phone.log)))


def listed(phone: RealPhone) -> list[Any]:
    answer = phone.client.get("/api/sync/addable")
    found: list[Any] = json.loads(answer.data)["addable"][LEAD]
    return found


def test_what_is_on_the_own_list_is_added_and_answered(phone: RealPhone, scene: Scene) -> None:
    item = make_item(LEAD, "消防通道检查")
    assert "消防通道检查" in [one["name"] for one in listed(phone)]
    assert add(phone, item) == [("applied", None)]
    phone.answer(item.id, "e1", "pass")
    assert phone.verdicts(phone.send(2)) == [("applied", None)]
    phone.answer(item.id, "zz", "pass")
    assert phone.verdicts(phone.send(3)) == [("held", "other_part")]
    package = phone.package()
    codes = {
        gap["code"] for gap in gaps(server_state(scene.visit.id), package, LEAD) if gap["item"] == item.id
    }
    assert codes == {"finding.missing"}


def test_what_is_on_no_list_is_held(phone: RealPhone) -> None:
    foreign, withdrawn = make_item(PARTNER, "别的部门的"), make_item(LEAD, "已取消的")
    withdrawn.state = "repealed"
    db.session.commit()
    assert add(phone, foreign) == [("held", "not_on_list")]
    assert add(phone, withdrawn) == [("held", "not_on_list")]
    assert add(phone, make_item(LEAD, "没有检查表的"), checklist=None) == [("held", "not_on_list")]
    assert {"别的部门的", "已取消的"} & {one["name"] for one in listed(phone)} == set()


def test_an_added_item_keeps_its_words_when_the_list_changes(phone: RealPhone) -> None:
    item = make_item(LEAD, "消防通道检查")
    add(phone, item)
    item.state = "repealed"
    db.session.commit()
    addable = phone.package()["parts"][0]["addable"]
    assert [(one["id"], len(one["checklist"]["entries"])) for one in addable] == [(item.id, 1)]


def test_checklists_that_may_be_added_are_fetched_by_their_hash(
    phone: RealPhone, client_for: Clients
) -> None:
    item = make_item(LEAD, "消防通道检查")
    named = next(one["checklist"] for one in listed(phone) if one["id"] == item.id)
    assert (named["hash"], "entries" in named) == (current_checklist(item.id).hash, False)

    def asked(client: Any, hashes: str) -> Any:
        return client.get("/api/sync/checklists", query_string={"hashes": hashes})

    got = json.loads(asked(phone.client, named["hash"]).data)["checklists"]
    assert {one["hash"] for one in got} == {named["hash"]}
    assert got[0]["entries"]
    assert json.loads(asked(phone.client, "ab" * 32).data) == {"checklists": []}
    stranger = client_for(make_account(["inspector"], "630103-ga"))
    assert json.loads(asked(stranger, named["hash"]).data) == {"checklists": []}
    assert asked(phone.client, "xyz").status_code == 422
    assert asked(phone.client, ",".join(["ab" * 32] * 41)).status_code == 422


@pytest.mark.parametrize(
    ("risk", "verdict"),
    [("D", ("held", "on_site_required")), ("B", ("applied", None)), ("-", ("applied", None))],
)
def test_a_check_from_the_desk_counts_only_where_the_risk_allows(
    phone: RealPhone, scene: Scene, risk: str, verdict: tuple[str, str | None]
) -> None:
    db.session.get_one(Subject, scene.visit.subject_id).risk = risk
    db.session.commit()
    assert phone.package()["profile"]["check_on_site"]["required"] is (risk == "D")
    phone.write("method.set", {"method": "online", "reason": "示例：资料都在网上"})
    assert phone.verdicts(phone.send()) == [verdict]


@pytest.mark.parametrize("high", [True, False])
def test_nobody_accepts_a_part_to_which_nobody_went(app: Flask, client_for: Clients, high: bool) -> None:
    journey: Journey = make_journey(client_for)
    item = journey.scene.items[LEAD]
    journey.lead.answer(item, "e1", "pass")
    journey.lead.finding(item, "no_problem")
    journey.lead.ready()
    journey.confirm()
    journey.lead.write("submit", {"note": None, "answers_to": []})
    journey.lead.send()
    journey.partner.send()
    journey.bring()
    if high:
        db.session.get_one(Subject, journey.scene.visit.subject_id).risk = "D"
        db.session.commit()
    answer = journey.accept()
    if not high:
        assert answer.status_code == 200, answer.json
    else:
        assert (answer.status_code, answer.json["code"]) == (409, "visits.on_site_required")
        assert "到现场" in answer.json["detail"]
