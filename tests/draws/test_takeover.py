"""Is a list that was drawn elsewhere taken over whole or not at all, and marked wherever it shows?"""

import io
from collections.abc import Callable
from typing import Any

import pytest
from tests.factories import make_region
from tests.factories.desk import LEAD, PARTNER, Desk, make_desk, make_inspector, make_subject

from onevisit.core.db import db
from onevisit.dispatches.models import Visit
from onevisit.draws.models import Draw, DrawnInspector, DrawnSubject
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task

Clients = Callable[..., Any]
HEAD = "统一社会信用代码,检查对象名称,检查部门,执法人员\n"


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json


def code_of(number: int) -> str:
    return f"92632525MA7{number:07d}"


def row(number: int, department: str, people: str) -> str:
    return f"{code_of(number)},示例旅馆{number}号,{department},{people}\n"


def send(desk: Desk, who: Any, text: str, dry: bool = False, **over: Any) -> Any:
    given = {"platform": "示例省级平台", "task_no": "豫2026-0001", "drawn_on": "2026-11-01", **over}
    query = {"task_id": desk.task_id, **({"dry_run": 1} if dry else given)}
    body = {"file": (io.BytesIO(text.encode()), "名单.csv")}
    return desk.client_for(who).post(
        "/api/draws/taken-over", query_string=query, data=body, content_type="multipart/form-data"
    )


@pytest.fixture
def desk(client_for: Clients) -> Desk:
    desk = make_desk(client_for)
    desk.task_id = desk.task()["id"]  # type: ignore[attr-defined]
    return desk


LEAD_TEAM, PARTNER_TEAM = f"{LEAD}-000、{LEAD}-001", f"{PARTNER}-000、{PARTNER}-001"
WHOLE = HEAD + "".join(
    row(number, f"示例 {department}", team)
    for number in (3, 5)
    for department, team in ((LEAD, LEAD_TEAM), (PARTNER, PARTNER_TEAM))
)


def test_a_file_is_shown_before_anything_is_kept(desk: Desk) -> None:
    shown = send(desk, desk.lead, WHOLE, dry=True).json
    assert (shown["subjects"], shown["teams"], shown["refused"], shown["draw_id"]) == (2, 4, [], None)
    assert [one["name"] for one in shown["rows"]] == ["示例旅馆3号", "示例旅馆5号"]
    assert db.session.query(Draw).count() == 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"{code_of(99)},示例旅馆99号,示例 {LEAD},{LEAD_TEAM}\n", "名录库里没有"),
        (f"{code_of(3)},别的名字,示例 {LEAD},{LEAD_TEAM}\n", "在名录库里是"),
        (row(3, "示例税务局", LEAD_TEAM), "没有参加这个任务"),
        (row(3, f"示例 {LEAD}", f"{LEAD}-000、查无此人"), "名录库里没有“查无此人”"),
        (row(5, f"示例 {LEAD}", LEAD_TEAM), "已经出现过"),
    ],
)
def test_a_row_that_is_not_understood_keeps_the_whole_list_out(desk: Desk, line: str, reason: str) -> None:
    text = HEAD + row(5, f"示例 {LEAD}", LEAD_TEAM) + line
    shown = send(desk, desk.lead, text, dry=True).json
    assert [one["row"] for one in shown["refused"]] == [3]
    assert reason in shown["refused"][0]["reason"]
    refused(send(desk, desk.lead, text), 409, "draws.rows_refused")
    assert (db.session.query(Draw).count(), db.session.query(DrawnSubject).count()) == (0, 0)


def test_only_the_initiating_departments_desk_takes_over(desk: Desk) -> None:
    refused(send(desk, desk.partner, WHOLE), 403, "auth.forbidden")
    refused(send(desk, desk.lead_deputy, WHOLE), 403, "auth.forbidden")
    refused(send(desk, desk.lead, WHOLE, task_no=""), 422, "api.invalid")
    refused(send(desk, desk.lead, WHOLE, drawn_on="2027-01-01"), 422, "draws.drawn_on_wrong")
    refused(send(desk, desk.lead, HEAD), 409, "draws.list_empty")
    refused(send(desk, desk.lead, "没有表头\n1\n"), 422, "draws.headings_missing")


def test_a_list_taken_over_says_everywhere_that_it_cannot_be_checked_here(desk: Desk) -> None:
    made = send(desk, desk.lead, WHOLE).json
    room = desk.get(desk.partner, f"/draws/{made['draw_id']}").json
    assert (room["state"], room["kind"], room["checkable"], room["certificate"]) == (
        "drawn",
        "taken_over",
        False,
        False,
    )
    assert room["kind_label"].endswith("本平台不可验算")
    assert (room["origin"]["platform"], room["origin"]["task_no"]) == ("示例省级平台", "豫2026-0001")
    for path in ("proofs", "certificate.pdf"):
        refused(desk.get(desk.lead, f"/draws/{room['id']}/{path}"), 404, "draws.not_verifiable_here")
    card = desk.get(None, f"/public/draws/{room['no']}").json
    assert (card["checkable"], card["has_bundle"], card["drawn_count"]) == (False, False, 2)
    assert set(card["origin"]) == {"platform", "task_no", "drawn_on"}
    assert [one["no"] for one in desk.get(None, "/public/draws").json["items"]] == [room["no"]]
    assert desk.get(None, f"/public/draws/{room['no']}/bundle").status_code == 404
    assert db.session.get_one(Task, desk.task_id).state == "drawn"  # type: ignore[attr-defined]
    visits = desk.get(desk.lead, f"/draws/{room['id']}/visits").json["items"]
    assert [(one["ticket"], len(one["team"])) for one in visits] == [("", 4)] * 2
    assert desk.post(desk.lead, "/dispatches", {"task_id": desk.task_id}).status_code == 201  # type: ignore[attr-defined]
    assert db.session.query(Visit).count() == 2


def test_the_same_list_is_taken_over_once(desk: Desk) -> None:
    made = send(desk, desk.lead, WHOLE).json
    refused(send(desk, desk.lead, WHOLE), 409, "draws.already_prepared")
    path = f"/draws/{made['draw_id']}/void"
    refused(desk.post(desk.lead, path, {"reason": "传错了文件"}), 403, "auth.forbidden")
    assert desk.post(desk.lead_deputy, path, {"reason": "传错了文件"}).json["state"] == "voided"
    assert db.session.get_one(Task, desk.task_id).state == "open"  # type: ignore[attr-defined]
    again = send(desk, desk.lead, WHOLE)
    assert again.status_code == 200, again.json
    assert desk.get(
        None, f"/public/draws?task={desk.get(desk.lead, '/draws').json['items'][0]['no'][:-2]}"
    ).json["items"]


def test_missing_inspectors_are_appointed_as_after_any_draw(desk: Desk) -> None:
    made = send(desk, desk.lead, HEAD + row(3, f"示例 {LEAD}", f"{LEAD}-000"), dry=False).json
    room = desk.get(desk.lead, f"/draws/{made['draw_id']}").json
    assert {one["department"]["id"]: one["left"] for one in room["shortfalls"]} == {LEAD: 1, PARTNER: 2}
    given = {
        "leaf": "taken-over-000001",
        "inspector_id": make_inspector(LEAD, 9).id,
        "reason": "平台名单只有一人",
    }
    answer = desk.post(desk.lead_deputy, f"/draws/{room['id']}/appointments", given)
    assert answer.status_code == 200, answer.json
    assert db.session.query(DrawnInspector).count() == 2


def test_who_is_recused_is_not_taken_over(desk: Desk) -> None:
    subject = db.session.query(Subject).filter_by(credit_code=code_of(3)).one()
    kin = make_inspector(LEAD, 20, recusals=[subject.id])
    shown = send(desk, desk.lead, HEAD + row(3, f"示例 {LEAD}", str(kin.certificate_no)), dry=True).json
    assert "回避关系" in shown["refused"][0]["reason"]


def test_a_name_alone_is_enough_where_it_is_one_subjects(desk: Desk) -> None:
    make_region()
    make_subject(70, name="示例旅馆4号", credit_code=code_of(70))
    shown = send(desk, desk.lead, "企业名称\n示例旅馆3号\n示例旅馆4号\n", dry=True).json
    assert (shown["subjects"], [one["row"] for one in shown["refused"]]) == (1, [3])
