"""Does each department keep its own part of the library, with its own grades, and is the health report right?"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories import make_account, make_department, make_region
from tests.factories.libraries import make_inspector, make_subject

from onevisit.core import clock
from onevisit.core.db import db, transaction
from onevisit.core.trail import TrailEntry
from onevisit.subjects.actions import remember_check
from onevisit.subjects.grades import risk_words
from onevisit.subjects.models import Subject
from onevisit.subjects.parts import percent_of

GA, XF = "632525-ga", "632525-xf"
SCALE = {"name": "消防安全等级", "grades": ["甲级", "乙级", "丙级"], "valid_months": 12}
HOW = {"duties": ["supervises"], "level": "county"}


@pytest.fixture
def desk(app: Flask, client_for: Callable[..., Any]) -> Any:
    make_department(XF)
    return client_for(make_account(["desk"], GA))


def test_take_in_and_let_go_each_for_itself(desk: Any, client_for: Callable[..., Any]) -> None:
    subject = make_subject("示例甲宾馆", departments=[])
    url = f"/api/subjects/{subject.id}/departments"
    assert client_for(make_account(["desk"], "630101-ga")).post(url, json=HOW).status_code == 404
    assert desk.post(url, json=HOW | {"department_id": XF}).json["code"] == "auth.forbidden"
    assert desk.post(f"{url}/let-go", json={"reason": "示例"}).json["code"] == "subjects.not_in"
    assert desk.post(f"{url}/let-go", json={}).status_code == 422
    taken = desk.post(url, json=HOW | {"reason": "示例：新设"}).json
    assert [
        (one["department"]["id"], one["duty_label"], one["level_label"]) for one in taken["belongings"]
    ] == [(GA, "监管", "县级")]
    assert desk.post(url, json=HOW).json["code"] == "subjects.already_in"
    more = desk.post(url, json={"duties": ["approves", "supervises"], "level": "city"}).json
    assert len(more["belongings"]) == 2
    office = client_for(make_account(["joint_office"], "632525-scjg"))
    both = office.post(url, json=HOW | {"department_id": XF}).json
    assert [one["id"] for one in both["departments"]] == [GA, XF]
    found = desk.get("/api/subjects", query_string={"department": XF}).json
    assert [one["id"] for one in found["items"]] == [subject.id]
    left = desk.post(f"{url}/let-go", json={"reason": "示例：划归消防"}).json
    assert [one["id"] for one in left["departments"]] == [XF]
    newest = left["changes"][0]
    assert (newest["kind"], newest["reason"]) == ("let_go", "示例：划归消防")
    assert "（市级审批）" in newest["fields"][0]["before"]
    back = desk.post(f"/api/subjects/{subject.id}/undo").json["subject"]
    assert len(back["belongings"]) == 3


def test_grades_by_the_own_scale_only(desk: Any, client_for: Callable[..., Any]) -> None:
    subject = make_subject("示例甲宾馆", departments=[GA])
    assert (
        desk.post("/api/libraries/scales", json=SCALE | {"grades": ["一", " 一 "]}).json["code"]
        == "subjects.scale_short"
    )
    scale = desk.post("/api/libraries/scales", json=SCALE).json["items"][0]
    assert desk.post("/api/libraries/scales", json=SCALE).json["code"] == "subjects.scale_taken"
    given = {"scale_id": scale["id"], "grade": "乙级", "issuer": "示例部门", "day": "2026-03-31"}
    url = f"/api/subjects/{subject.id}/grades"
    foreign = client_for(make_account(["desk"], XF))
    assert foreign.post(url, json=given).status_code == 403
    assert foreign.put(f"/api/libraries/scales/{scale['id']}", json=SCALE).status_code == 403
    assert desk.post(url, json=given | {"grade": "丁级"}).json["code"] == "subjects.grade_unknown"
    assert desk.post(url, json=given | {"day": "2027-01-01"}).json["code"] == "subjects.grade_day"
    stranger = make_subject("示例别人宾馆", departments=[XF])
    assert desk.post(f"/api/subjects/{stranger.id}/grades", json=given).json["code"] == "subjects.not_in"
    first = desk.post(url, json=given).json["grades"]
    assert [(one["grade"], one["valid_to"], one["holds"]) for one in first] == [("乙级", "2027-03-31", True)]
    second = desk.post(url, json=given | {"grade": "丙级", "day": "2026-09-30"}).json["grades"]
    assert [(one["grade"], one["holds"]) for one in second] == [("丙级", True), ("乙级", False)]
    meant = desk.get("/api/subjects", query_string={"grade": f"{scale['id']}:丙级"}).json["items"]
    assert [one["id"] for one in meant] == [subject.id]
    labels = desk.get("/api/subjects/labels").json["items"]
    assert [one["value_label"] for one in labels if one["kind"] == "grade"] == ["消防安全等级 丙级"]
    assert (
        desk.put(f"/api/libraries/scales/{scale['id']}", json=SCALE | {"grades": ["甲级", "丁级"]}).json[
            "code"
        ]
        == "subjects.grade_in_use"
    )
    back = desk.post(f"/api/subjects/{subject.id}/undo").json["subject"]["grades"]
    assert [(one["grade"], one["holds"]) for one in back] == [("乙级", True)]
    assert desk.post(f"/api/libraries/scales/{scale['id']}/end").status_code == 200
    assert desk.post(url, json=given).json["code"] == "subjects.scale_ended"


def test_the_regions_own_words_for_risk(app: Flask) -> None:
    make_region("140981", name="原平市", profile="yuanping-2024")
    make_region()
    assert risk_words("140981")["D"] == "D类（高风险）"
    assert risk_words("632525")["D"] == "D类"


def test_the_health_report_counts_what_its_lists_show(desk: Any) -> None:
    fresh = {"updated_at": clock.now(), "address": "示例路1号", "departments": [GA]}
    make_subject("示例全对宾馆", credit_code="91632525MA7000001X", **fresh)
    make_subject("示例无部门宾馆", credit_code="91632525MA7000002X", **fresh | {"departments": []})
    make_subject(
        "示例陈旧宾馆",
        credit_code="91632525MA7000003X",
        **fresh | {"updated_at": clock.now() - timedelta(days=500)},
    )
    make_subject("示例无码宾馆", **fresh)
    make_subject("示例错码宾馆", credit_code="91632525MA7000004X", code_doubtful=True, **fresh)
    make_subject("示例无址宾馆", credit_code="91632525MA7000005X", **fresh | {"address": ""})
    make_subject("示例孤电梯", kind="product", **fresh)
    for code in ("6", "7"):
        db.session.add(Subject(region_id="632525", name="示例双份宾馆", kind="enterprise", fields=[], tags=[], licences=[],
                               credit_code=f"91632525MA700000{code}X", **fresh))  # fmt: skip
    closed = make_subject("示例已停宾馆", credit_code="91632525MA7000008X", **fresh)
    make_subject("示例注销宾馆", state="deregistered")  # over and done: nobody's finding
    db.session.commit()
    with transaction():
        remember_check(closed.id, "v", GA, clock.today(), "示例任务", ["not_found_at_address"])
        remember_check(closed.id, "w", GA, date(2020, 1, 1), "示例任务", ["no_problem"])
    make_inspector("示例·张一", GA, valid_to=date(2026, 1, 1))
    make_inspector("示例·李二", GA, valid_to=clock.today() + timedelta(days=80))
    make_inspector("示例·王三", GA, valid_to=date(2026, 1, 1), state="left")
    report = desk.get("/api/libraries/health").json
    counts = {one["code"]: one["count"] for one in report["findings"]}
    assert counts == {
        "unlisted": 1, "stale": 1, "found_closed": 1, "duplicate": 2, "no_code": 1, "wrong_code": 1, "no_address": 1,
        "no_responsible": 1, "certificate_expired": 1, "certificate_ending": 1,
    }  # fmt: skip
    assert (report["subjects"], report["months"]) == (10, 12)
    for finding, count in counts.items():
        rows = desk.get("/api/libraries/health/found", query_string={"finding": finding}).json["items"]
        assert len(rows) == count, finding
    part = desk.get("/api/libraries/health", query_string={"department": XF}).json
    assert sum(one["count"] for one in part["findings"]) == 0
    first = desk.get("/api/libraries/health/found", query_string={"finding": "duplicate", "limit": 1}).json
    second = desk.get(
        "/api/libraries/health/found",
        query_string={"finding": "duplicate", "limit": 1, "after": first["next"]},
    ).json
    assert first["items"][0]["id"] != second["items"][0]["id"]
    assert desk.get("/api/libraries/health/export", query_string={"finding": "stale"}).status_code == 422
    made = desk.get(
        "/api/libraries/health/export",
        query_string={"finding": "stale", "purpose": "示例：更新名录", "format": "csv"},
    )
    assert "示例陈旧宾馆" in made.get_data(as_text=True)
    assert (
        db.session.scalars(select(TrailEntry).where(TrailEntry.event == "list.exported")).one().facts["rows"]
        == 1
    )


def test_looked_at_after_the_visit_is_no_finding_any_more(desk: Any) -> None:
    looked = make_subject(
        "示例甲宾馆",
        credit_code="91632525MA7000001X",
        updated_at=clock.now(),
        address="示例路1号",
        departments=[GA],
    )
    with transaction():
        remember_check(looked.id, "v", GA, clock.today() - timedelta(days=3), "示例任务", ["closed"])
    counts = {one["code"]: one["count"] for one in desk.get("/api/libraries/health").json["findings"]}
    assert counts["found_closed"] == 0


def test_staff_is_said_by_each_department_and_held_against_the_notice(
    desk: Any, client_for: Callable[..., Any]
) -> None:
    make_inspector("示例·张一", GA)
    make_inspector("示例·李二", GA, state="left")
    assert (
        client_for(make_account(["joint_office"], "632525-scjg"))
        .put("/api/libraries/staff", json={"expected": 1})
        .status_code
        == 403
    )
    assert desk.put("/api/libraries/staff", json={"expected": -1}).status_code == 422
    told = desk.put("/api/libraries/staff", json={"expected": 3}).json
    own = next(one for one in told["departments"] if one["department"]["id"] == GA)
    assert (own["enrolled"], own["expected"], own["percent"], told["percent"]) == (1, 3, 33, 33)
    assert told["target_percent"] is None
    assert (percent_of(0, 0), percent_of(199, 200), percent_of(1, None)) == (100, 99, None)
    assert (
        desk.get("/api/libraries/changes", query_string={"library": "inspectors"}).json["items"][0]["fields"][
            0
        ]["after"]
        == "3"
    )


def test_the_history_is_searched_and_turned_page_by_page(desk: Any) -> None:
    subjects = [make_subject(f"示例{number}号宾馆", departments=[]) for number in range(3)]
    for one in subjects:
        desk.post(f"/api/subjects/{one.id}/departments", json=HOW)
    first = desk.get("/api/libraries/changes", query_string={"limit": 2, "department": GA}).json
    second = desk.get("/api/libraries/changes", query_string={"limit": 2, "after": first["next"]}).json
    assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]
    one = desk.get(
        "/api/libraries/changes", query_string={"q": "示例2号", "kind": "taken_in", "since": "2026-11-09"}
    ).json
    assert [row["object_id"] for row in one["items"]] == [subjects[2].id]
    assert desk.get("/api/libraries/changes", query_string={"until": "2026-11-08"}).json["items"] == []
    assert desk.get("/api/libraries/changes", query_string={"department": XF}).json["items"] == []


def test_what_waits_for_a_department(desk: Any) -> None:
    make_subject("示例甲宾馆", departments=[GA])
    make_inspector("示例·张一", GA, valid_to=date(2026, 1, 1))
    waiting = desk.get("/api/libraries/waiting").json
    assert ([one["library"] for one in waiting["attest"]], waiting["certificates_expired"], waiting["staff_unsaid"]) == (
        ["subjects", "inspectors"], 1, True,
    )  # fmt: skip
