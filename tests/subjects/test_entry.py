"""Is one subject entered, corrected and taken back rightly, and does every refusal say what to do?"""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories import make_account, make_region
from tests.factories.libraries import make_subject

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry, broken_links
from onevisit.demo.subjects import credit_code
from onevisit.subjects.entry import faults, likely_same, tidied
from onevisit.subjects.models import Attestation, Subject
from onevisit.subjects.rules import credit_code_fault
from onevisit.subjects.terms import SubjectKind

GA, XF = "632525-ga", "632525-xf"
CODE = credit_code(1, 1, SubjectKind.ENTERPRISE)
OTHER = credit_code(2, 1, SubjectKind.ENTERPRISE)
WRONG = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")


def entered(**over: Any) -> dict[str, Any]:
    return {
        "name": "示例高原宾馆有限公司", "kind": "enterprise", "credit_code": CODE, "fields": ["旅馆业"], "tags": ["规模以上"],
        "address": "贵南县示例路1号", "legal_representative": "示例人", "phone": "000-0001", "unsuitable_hours": "每月1日至3日盘点",
        "licences": [{"name": "特种行业许可证", "no": "示1", "valid_to": "2027-12-31", "state": "valid"}],
        "belonging": {"duties": ["supervises", "approves"], "level": "county"}, **over,
    }  # fmt: skip


def edited(shown: dict[str, Any], **over: Any) -> dict[str, Any]:
    names = (
        "name", "kind", "credit_code", "fields", "tags", "address", "lat_e7", "lon_e7", "legal_representative", "phone",
        "contact", "contact_phone", "unsuitable_hours", "licences", "state", "risk", "risk_issuer", "risk_day",
    )  # fmt: skip
    return {name: shown[name] for name in names} | over


@pytest.fixture
def desk(app: Flask, client_for: Callable[..., Any]) -> Any:
    make_region()
    return client_for(make_account(["desk"], GA))


def put(client: Any, shown: dict[str, Any], **over: Any) -> Any:
    headers = {"If-Match": f'"{over.pop("revision", shown["revision"])}"'}
    return client.put(f"/api/subjects/{shown['id']}", json=edited(shown, **over), headers=headers)


@pytest.mark.parametrize(
    ("over", "where"),
    [
        ({"name": " "}, "name"), ({"credit_code": None}, "credit_code"), ({"credit_code": "123"}, "credit_code"),
        ({"kind": "product", "credit_code": None}, "responsible_id"), ({"responsible_id": "x"}, "responsible_id"),
        ({"lat_e7": 1}, "position"), ({"risk": "D"}, "risk"),
    ],
)  # fmt: skip
def test_what_is_not_whole_is_refused_where_it_stands(desk: Any, over: dict[str, Any], where: str) -> None:
    answer = desk.post("/api/subjects", json=entered(**over))
    assert (answer.status_code, answer.json["code"]) == (422, "subjects.entry_wrong")
    assert where in answer.json["errors"]
    assert db.session.scalars(select(Subject)).all() == []


def test_the_same_code_leads_to_who_has_it(desk: Any) -> None:
    first = desk.post("/api/subjects", json=entered()).json
    answer = desk.post("/api/subjects", json=entered(name="示例别的名称"))
    assert (answer.status_code, answer.json["code"]) == (409, "subjects.code_taken")
    assert answer.json["subject"] == {"id": first["id"], "name": first["name"]}


def test_a_likely_duplicate_is_asked_and_may_be_kept(desk: Any) -> None:
    desk.post("/api/subjects", json=entered())
    thing = {
        "kind": "site",
        "credit_code": None,
        "responsible_id": db.session.scalars(select(Subject.id)).one(),
    }
    alike = entered(name="示例高原宾馆 有限责任公司", address="示例路1号", **thing)
    answer = desk.post("/api/subjects", json=alike)
    assert (answer.status_code, answer.json["code"], answer.json["keep"]) == (
        409, "subjects.likely_duplicate", "although_similar",
    )  # fmt: skip
    assert len(answer.json["likely"]) == 1
    assert desk.post("/api/subjects", json=alike | {"although_similar": True}).status_code == 201


def test_a_wrong_check_digit_is_a_warning_that_may_be_kept(desk: Any) -> None:
    answer = desk.post("/api/subjects", json=entered(credit_code=WRONG))
    assert (answer.status_code, answer.json["code"]) == (409, "subjects.code_doubtful")
    kept = desk.post("/api/subjects", json=entered(credit_code=WRONG, keep_code=True))
    assert kept.status_code == 201
    assert "校验位" in kept.json["credit_code_warning"]
    assert put(desk, kept.json, address="示例路2号").status_code == 200  # not asked again


def test_two_clerks_and_the_slower_one_is_told(desk: Any) -> None:
    shown = desk.post("/api/subjects", json=entered()).json
    assert put(desk, shown, address="示例路2号").status_code == 200
    late = put(desk, shown, address="示例路3号")
    assert (late.status_code, late.json["code"]) == (412, "api.stale")
    assert desk.put(f"/api/subjects/{shown['id']}", json=edited(shown)).status_code == 428


def test_only_who_answers_for_it_may_change_it(desk: Any, client_for: Callable[..., Any]) -> None:
    shown = desk.post("/api/subjects", json=entered()).json
    foreign = client_for(make_account(["desk"], XF))
    assert put(foreign, shown, address="x").json["code"] == "auth.forbidden"
    assert put(client_for(make_account(["deputy_head"], GA)), shown).status_code == 403
    assert put(client_for(make_account(["desk"], "630101-ga")), shown).status_code == 404
    office = client_for(make_account(["joint_office"], "632525-scjg"))
    assert put(office, shown, address="示例路9号").json["address"] == "示例路9号"
    assert foreign.get(f"/api/subjects/{shown['id']}").json["may_change"] is False


def test_every_change_stands_in_the_history_from_what_to_what(desk: Any) -> None:
    shown = desk.post("/api/subjects", json=entered()).json
    assert [(one["department"]["id"], one["duty"], one["level"]) for one in shown["belongings"]] == [
        (GA, "approves", "county"), (GA, "supervises", "county"),
    ]  # fmt: skip
    assert (shown["unsuitable_hours"], shown["licences"][0]["state"]) == ("每月1日至3日盘点", "valid")
    after = put(desk, shown, address="示例路2号", tags=["规模以上", "四上"], reason="示例：搬迁").json
    newest = after["changes"][0]
    assert (newest["kind"], newest["actor_name"], newest["reason"]) == ("changed", "示例·经办", "示例：搬迁")
    assert {one["label"]: (one["before"], one["after"]) for one in newest["fields"]} == {
        "地址": ("贵南县示例路1号", "示例路2号"), "标签": ("规模以上", "规模以上；四上"),
    }  # fmt: skip
    facts = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "subject.changed")).one().facts
    assert facts == {"fields": ["address", "tags"]}
    assert broken_links() == []


def test_looking_and_finding_it_right_is_up_to_date_and_no_change(desk: Any) -> None:
    shown = desk.post("/api/subjects", json=entered()).json
    again = put(desk, shown).json
    assert (len(again["changes"]), again["revision"]) == (1, shown["revision"] + 1)


def test_what_an_import_changed_since_is_not_undone_over_it(desk: Any) -> None:
    shown = desk.post("/api/subjects", json=entered()).json
    put(desk, shown, address="示例路2号")
    line = f"名称,统一社会信用代码,住所\n{shown['name']},{shown['credit_code']},示例路3号"
    file = {"file": (io.BytesIO(line.encode()), "名录.csv")}
    path = f"/api/library-imports/{desk.post('/api/library-imports/subjects', data=file).json['id']}"
    desk.put(f"{path}/mapping", json={"mapping": {"0": "name", "1": "credit_code", "2": "address"}})
    assert desk.post(f"{path}/confirm", json={"purpose": "示例"}).json["state"] == "done"
    refused = desk.post(f"/api/subjects/{shown['id']}/undo")
    assert (refused.status_code, refused.json["code"]) == (409, "library.imported_since")
    assert desk.get(f"/api/subjects/{shown['id']}").json["address"] == "示例路3号"


def test_the_own_last_change_is_taken_back_and_only_the_own(
    desk: Any, client_for: Callable[..., Any]
) -> None:
    shown = desk.post("/api/subjects", json=entered()).json
    put(desk, shown, address="示例路2号", risk="C", risk_issuer="示例局", risk_day="2026-05-01")
    other = client_for(make_account(["desk"], GA))
    assert other.post(f"/api/subjects/{shown['id']}/undo").json["code"] == "library.not_yours"
    back = desk.post(f"/api/subjects/{shown['id']}/undo").json["subject"]
    assert (back["address"], back["risk"], back["risk_day"]) == ("贵南县示例路1号", "-", None)
    assert [one["kind"] for one in back["changes"]] == ["undone", "changed", "added"]
    assert back["changes"][1]["undone_at"] is not None
    assert desk.post(f"/api/subjects/{shown['id']}/undo").json == {"subject": None}
    assert desk.get(f"/api/subjects/{shown['id']}").status_code == 404
    assert db.session.scalars(select(TrailEntry).where(TrailEntry.event == "subject.removed")).one()


def test_an_entry_on_which_something_hangs_stays(desk: Any) -> None:
    shown = desk.post("/api/subjects", json=entered()).json
    desk.post(
        "/api/subjects",
        json=entered(
            name="示例电梯1号", kind="product", credit_code=None, responsible_id=shown["id"], licences=[]
        ),
    )
    answer = desk.post(f"/api/subjects/{shown['id']}/undo")
    assert (answer.status_code, answer.json["code"]) == (409, "subjects.in_use")
    assert desk.get(f"/api/subjects/{shown['id']}").json["things"][0]["name"] == "示例电梯1号"


def test_a_responsible_party_is_a_legal_person_of_the_region(desk: Any) -> None:
    far = make_subject("示例外县公司", region_id="630101", credit_code=OTHER)
    thing = entered(name="示例工程", kind="project", credit_code=None, licences=[])
    for party in (far.id, "nobody"):
        answer = desk.post("/api/subjects", json=thing | {"responsible_id": party})
        assert (answer.status_code, answer.json["code"]) == (422, "subjects.responsible_wrong")
    party = desk.post("/api/subjects", json=entered()).json
    project = desk.post("/api/subjects", json=thing | {"responsible_id": party["id"]}).json
    assert project["responsible"]["name"] == party["name"]
    under = desk.post("/api/subjects", json=thing | {"name": "示例二期", "responsible_id": project["id"]})
    assert under.json["code"] == "subjects.responsible_wrong"
    found = desk.get("/api/subjects/parties", query_string={"q": "示例高原"}).json["items"]
    assert [one["id"] for one in found] == [party["id"]]


def test_a_change_ends_what_was_attested(desk: Any) -> None:
    shown = desk.post("/api/subjects", json=entered()).json

    def own() -> dict[str, Any]:
        listed = desk.get("/api/subjects/attestations").json["items"]
        found: dict[str, Any] = next(
            one for one in listed if one["department"]["id"] == GA and one["library"] == "subjects"
        )
        return found

    assert (own()["holds"], own()["changes"]) == (False, 1)
    desk.post("/api/subjects/attest", json={"library": "subjects"})
    assert (own()["holds"], own()["changes"], own()["count"]) == (True, 0, 1)
    put(desk, shown, address="示例路2号")
    assert (own()["holds"], own()["changes"]) == (False, 1)
    assert db.session.scalars(select(Attestation)).one().count == 1


def test_the_list_leaves_only_with_a_purpose_and_runs_nothing(desk: Any) -> None:
    desk.post("/api/subjects", json=entered(legal_representative="=1+1"))
    assert desk.get("/api/subjects/export", query_string={"format": "csv"}).status_code == 422
    made = desk.get(
        "/api/subjects/export", query_string={"format": "csv", "purpose": "示例：年度核对", "field": "旅馆业"}
    )
    lines = made.get_data(as_text=True).splitlines()
    assert made.status_code == 200
    assert (len(lines), "'=1+1" in lines[1]) == (2, True)
    facts = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "list.exported")).one().facts
    assert (facts["purpose"], facts["rows"], facts["filters"]["field"]) == ("示例：年度核对", 1, "旅馆业")
    book = desk.get("/api/subjects/export", query_string={"format": "xlsx", "purpose": "示例：年度核对"})
    assert book.get_data()[:2] == b"PK"


def test_pure_likeness_and_faults() -> None:
    one = {"name": "示例（贵南）商贸有限公司", "address": "示例路1号"}
    assert likely_same(one, {"name": "示例(贵南)商贸有限责任公司", "address": "贵南县示例路1号"})
    assert likely_same(one, {"name": "示例(贵南)商贸有限公司", "address": ""})
    assert not likely_same(one, {"name": "示例（贵南）商贸有限公司", "address": "示例路2号"})
    values = tidied(
        {
            "name": " 甲 ",
            "kind": "enterprise",
            "credit_code": " ９１632525ma70000011 ",
            "fields": ["a", "a", " "],
        }
    )
    assert (values["name"], values["fields"], len(values["credit_code"])) == ("甲", ["a"], 18)
    assert faults(tidied({"name": "甲", "kind": "enterprise", "credit_code": CODE})) == {}
    assert credit_code_fault(CODE) is None
