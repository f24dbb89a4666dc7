"""Is one inspector enrolled, corrected and let go rightly, and who is never drawn?"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from tests.factories import make_account
from tests.factories.libraries import make_subject
from tests.factories.visits import LEAD, make_scene

from onevisit.core.db import db
from onevisit.inspectors.models import Inspector
from onevisit.inspectors.rules import Certificate, expiry_warning, urgent, why_not_drawn

END = date(2026, 11, 30)


def person(**over: Any) -> dict[str, Any]:
    return {
        "name": "示例·张一", "kind": "civil_servant", "certificate_no": "示例-001", "valid_to": "2028-06-30",
        "qualification": "行政执法资格", "specialities": ["治安", "消防"], "expert": False, "phone": "000-0001", **over,
    }  # fmt: skip


@pytest.fixture
def desk(app: Flask, client_for: Callable[..., Any]) -> Any:
    return client_for(make_account(["desk"], LEAD))


@pytest.mark.parametrize(
    ("over", "where"),
    [
        ({"name": " "}, "name"), ({"certificate_no": None}, "certificate_no"), ({"valid_to": None}, "valid_to"),
        ({"kind": "supervision"}, "kind"), ({"recusals": ["x"]}, "recusals"),
    ],
)  # fmt: skip
def test_what_is_not_whole_is_refused_where_it_stands(desk: Any, over: dict[str, Any], where: str) -> None:
    answer = desk.post("/api/inspectors", json=person(**over))
    assert (answer.status_code, answer.json["code"]) == (422, "inspectors.entry_wrong")
    assert where in answer.json["errors"]


def test_enrolled_corrected_and_taken_back(desk: Any, client_for: Callable[..., Any]) -> None:
    hotel = make_subject("示例甲宾馆")
    over = {"recusals": [hotel.id], "recusal_reasons": {hotel.id: "亲属经营（示例）"}}
    shown = desk.post("/api/inspectors", json=person(**over)).json
    assert shown["recusals"] == [{"id": hotel.id, "name": "示例甲宾馆", "reason": "亲属经营（示例）"}]
    assert (shown["not_drawn"], shown["undo"]) == (None, "新增")
    assert (
        desk.post("/api/inspectors", json=person(name="示例·李二")).json["code"]
        == "inspectors.certificate_taken"
    )
    url, match = f"/api/inspectors/{shown['id']}", {"If-Match": '"1"'}
    assert (
        client_for(make_account(["desk"], "632525-xf")).put(url, json=person(), headers=match).status_code
        == 403
    )
    assert desk.put(url, json=person()).status_code == 428
    assert desk.put(url, json=person(state="left"), headers=match).json["code"] == "inspectors.leave_instead"
    after = desk.put(url, json=person(valid_to="2029-06-30"), headers=match).json
    assert {one["label"] for one in after["changes"][0]["fields"]} == {"有效期至", "回避对象", "回避理由"}
    assert desk.put(url, json=person(), headers=match).status_code == 412
    back = desk.post(f"{url}/undo").json["inspector"]
    assert (back["valid_to"], len(back["recusals"])) == ("2028-06-30", 1)
    assert desk.post(f"{url}/undo").json == {"inspector": None}
    assert desk.get(url).status_code == 404
    assert (
        desk.get("/api/libraries/changes", query_string={"library": "inspectors"}).json["items"][0]["kind"]
        == "undone"
    )


def test_staff_without_certificate_are_enrolled_and_never_drawn(desk: Any) -> None:
    shown = desk.post(
        "/api/inspectors", json=person(kind="supervision", certificate_no=None, valid_to=None)
    ).json
    assert shown["not_drawn"] == "监管工作人员不参加抽取"
    assert why_not_drawn(Certificate("示例1", date(2030, 1, 1), "active", "supervision"), END) is not None


def test_leaving_waits_for_the_replacement_and_stays_in_the_history(desk: Any) -> None:
    scene = make_scene()
    leader = scene.inspectors[LEAD][0]
    given = {"state": "left", "day": "2026-11-01", "reason": "示例：退休"}
    answer = desk.post(f"/api/inspectors/{leader.id}/leave", json=given)
    assert (answer.status_code, answer.json["code"]) == (409, "inspectors.on_open_visits")
    assert answer.json["visits"][0]["visit_no"] == scene.visit.no
    free = desk.post("/api/inspectors", json=person()).json
    url = f"/api/inspectors/{free['id']}"
    assert desk.post(f"{url}/leave", json=given | {"reason": ""}).status_code == 422
    assert desk.post(f"{url}/leave", json=given | {"state": "active"}).status_code == 422
    assert (
        desk.post(f"{url}/leave", json=given | {"day": "2027-01-01"}).json["code"] == "inspectors.entry_wrong"
    )
    left = desk.post(f"{url}/leave", json=given).json
    assert (left["state"], left["left_reason"], left["changes"][0]["kind"]) == ("left", "示例：退休", "left")
    assert desk.post(f"{url}/leave", json=given).json["code"] == "inspectors.already_left"
    assert free["id"] not in [one["id"] for one in desk.get("/api/inspectors").json["items"]]
    gone = desk.get("/api/inspectors", query_string={"state": "left"}).json["items"]
    assert [one["id"] for one in gone] == [free["id"]]
    assert desk.post(f"{url}/undo").json["inspector"]["state"] == "active"


def test_certificates_are_warned_of_at_90_and_30_days(app: Flask) -> None:
    today = date(2026, 11, 9)
    cases = [
        (date(2027, 2, 8), False, False),
        (date(2027, 2, 7), True, False),
        (date(2026, 12, 9), True, True),
        (date(2026, 11, 8), True, True),
    ]
    for day, warned, pressing in cases:
        one = Certificate("示例1", day, "active")
        assert ((expiry_warning(one, today) is not None), urgent(one, today)) == (warned, pressing), day
    assert expiry_warning(Certificate("示例1", today, "left"), today) is None


def test_the_list_is_sorted_filtered_and_exported(desk: Any) -> None:
    for number, day in ((1, "2026-12-01"), (2, "2028-01-01"), (3, "2027-01-01")):
        desk.post(
            "/api/inspectors",
            json=person(name=f"示例·{number}", certificate_no=f"示例-{number}", valid_to=day),
        )
    listed = desk.get("/api/inspectors", query_string={"sort": "valid_to", "limit": 2}).json
    assert ([one["name"] for one in listed["items"]], listed["total"], listed["next"]) == (
        ["示例·1", "示例·3"],
        3,
        "2",
    )
    rest = desk.get("/api/inspectors", query_string={"sort": "valid_to", "limit": 2, "after": "2"}).json
    assert ([one["name"] for one in rest["items"]], rest["next"]) == (["示例·2"], None)
    ending = desk.get("/api/inspectors", query_string={"ending": 90, "q": "示例"}).json["items"]
    assert [one["name"] for one in ending] == ["示例·1", "示例·3"]
    assert desk.get("/api/inspectors", query_string={"after": "x"}).json["code"] == "api.bad_cursor"
    made = desk.get("/api/inspectors/export", query_string={"format": "csv", "purpose": "示例：核对"})
    assert len(made.get_data(as_text=True).splitlines()) == 4
    assert db.session.query(Inspector).count() == 3
