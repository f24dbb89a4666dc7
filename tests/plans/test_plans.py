"""From the real table to a published plan: is every step kept, refused or asked as it should be?"""

import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from tests.factories import make_account, make_department
from tests.factories.libraries import make_item, make_subject

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.plans.actions import import_plan
from onevisit.plans.models import Plan, PlanEntry

TABLE = Path(__file__).parent / "files" / "guinan-2023.xlsx"
OFFICES = {
    "lxhy": ("贵南县双随机联席会议办公室", "联席办"), "ga": ("贵南县公安局", "县公安局"), "wj": ("贵南县卫生健康局", "县卫健局"),
    "xf": ("贵南县消防救援大队", "消防"), "scjg": ("贵南县市场监督管理局", "市监局"),
}  # fmt: skip


def offices() -> None:
    for slug, (name, short) in OFFICES.items():
        make_department(f"632525-{slug}", name=name, short_name=short, joint_office=slug == "lxhy")


def taken_in() -> Plan:
    offices()
    return import_plan("guinan-2023.xlsx", TABLE.read_bytes(), region_id="632525")


def hotels(plan: Plan) -> PlanEntry:
    return next(one for one in plan.entries if one.seq == 26)


def upload() -> dict[str, Any]:
    return {"file": (io.BytesIO(TABLE.read_bytes()), "guinan-2023.xlsx")}


def test_import_matches_offices_items_and_scopes(app: Flask) -> None:
    offices()
    make_item("消防监督检查", "632525-xf")
    make_item("公共场所卫生许可及卫生情况检查", "632525-wj")
    make_subject("示例甲宾馆")
    plan = import_plan("guinan-2023.xlsx", TABLE.read_bytes(), region_id="632525", shift_to=2026)
    entry = hotels(plan)
    assert (plan.year, plan.shifted_from, str(plan.complete_by), plan.state) == (
        2026,
        2023,
        "2026-11-15",
        "draft",
    )
    assert (entry.initiating_department_id, entry.cooperating_department_ids) == (
        "632525-ga",
        ["632525-wj", "632525-xf"],
    )
    assert [(one.match, one.item_id is None) for one in entry.items] == [
        ("missing", True),
        ("near", True),
        ("exact", False),
        ("missing", True),
    ]
    assert entry.scope_filter == {"all": [{"kind": "field", "any": ["旅馆业"]}], "none": []}
    assert entry.scope_confirmed_at is None
    assert entry.provenance["ratio"]["raw"] == "1%; 1次/年"
    unknown = next(one for one in plan.entries if one.seq == 20)
    assert unknown.initiating_department_id is None
    assert any(one.startswith("department_unknown") for one in unknown.problems)
    assert (
        db.session.scalars(select(TrailEntry).where(TrailEntry.event == "plan.imported"))
        .one()
        .facts["entries"]
        == 22
    )


def test_a_draft_is_replaced_and_a_published_plan_is_not(app: Flask, client_for: Callable[..., Any]) -> None:
    taken_in()
    plan = taken_in()
    assert db.session.scalar(select(func.count()).select_from(Plan)) == 1
    client = client_for(make_account(["joint_office"], "632525-lxhy"))
    lacking = client.post(f"/api/plans/{plan.id}/publish").json
    assert lacking["code"] == "plans.not_complete"
    assert "第 20 项缺发起部门" in lacking["detail"]
    for one in db.session.scalars(select(PlanEntry).where(PlanEntry.initiating_department_id.is_(None))):
        one.initiating_department_id = "632525-scjg"
    db.session.commit()
    assert (
        client_for(make_account(["desk"], "632525-ga")).post(f"/api/plans/{plan.id}/publish").status_code
        == 403
    )
    assert client.post(f"/api/plans/{plan.id}/publish").json["state"] == "published"
    assert client.post(f"/api/plans/{plan.id}/publish").json["code"] == "plans.already_published"
    assert client.post("/api/plan-readings", data=upload()).json["code"] == "plans.already_published"
    assert client.get("/api/plans").json["items"][0]["state_label"] == "已公布"
    assert client.get("/api/plans/" + plan.id + "/compliance").status_code == 200


def test_only_the_initiator_confirms_a_scope_that_finds_somebody(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    plan = taken_in()
    url = f"/api/plans/entries/{hotels(plan).id}"
    wanted = {"filter": {"all": [{"kind": "field", "any": ["旅馆业"]}], "none": []}}
    initiator = client_for(make_account(["desk"], "632525-ga"))
    assert (
        client_for(make_account(["desk"], "632525-wj")).post(f"{url}/confirm-scope", json=wanted).status_code
        == 403
    )
    assert (
        client_for(make_account(["desk"], "630101-ga")).post(f"{url}/confirm-scope", json=wanted).status_code
        == 404
    )
    assert initiator.post(f"{url}/confirm-scope", json=wanted).json["code"] == "plans.scope_empty"
    assert initiator.post(f"{url}/confirm-scope", json={"filter": {}}).json["code"] == "plans.scope_open"
    make_subject("示例甲宾馆", risk="C")
    assert initiator.get(f"{url}/scope").json["filter"] == wanted["filter"]
    done = initiator.post(f"{url}/confirm-scope", json=wanted).json
    assert (done["count"], done["by_risk"]["C"], done["confirmed_at"] is not None) == (1, 1, True)


def test_a_row_is_put_right_by_one_at_a_time(app: Flask, client_for: Callable[..., Any]) -> None:
    plan = taken_in()
    item = make_item("公共场所卫生许可及卫生情况检查", "632525-wj")
    url = f"/api/plans/entries/{hotels(plan).id}"
    client = client_for(make_account(["desk"], "632525-ga"))
    shown = client.get(url)
    near = shown.json["items"][1]
    assert near["suggestion"]["id"] == item.id
    change = {
        "scope_text": "各类宾馆、旅店、民宿",
        "items": [{"id": near["id"], "item_id": item.id}],
        "settled": ["department_twice"],
    }
    assert client.patch(url, json=change).status_code == 428
    done = client.patch(url, json=change, headers={"If-Match": shown.headers["ETag"]})
    assert (done.json["items"][1]["match"], done.json["revision"]) == ("confirmed", 2)
    assert "department_twice" not in {one["code"] for one in done.json["problems"]}
    assert (
        client.patch(url, json=change, headers={"If-Match": shown.headers["ETag"]}).json["code"]
        == "api.stale"
    )
    wrong = {"window_start": "2023-12-01"}
    assert client.patch(url, json=wrong, headers={"If-Match": '"2"'}).json["code"] == "plans.window_reversed"
    assert client_for(make_account(["desk"], "632525-wj")).patch(url, json={"name": "x"}).status_code == 403


def test_after_publication_a_change_needs_a_report_in_advance(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    plan = taken_in()
    plan.state = "published"
    db.session.commit()
    url = f"/api/plans/entries/{hotels(plan).id}"
    client = client_for(make_account(["joint_office"], "632525-lxhy"))
    change: dict[str, Any] = {"ratio": {"percent": 5, "bound": "exact"}}
    refused = client.patch(url, json=change, headers={"If-Match": '"1"'}).json
    assert refused["code"] == "plans.report_needed"
    assert "报备" in refused["detail"]
    change |= {"reason": "示例理由", "report_no": "示例〔2023〕1号"}
    assert client.patch(url, json=change, headers={"If-Match": '"1"'}).json["ratio"]["percent"] == 5


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "plans.file_empty"),
        (b"%PDF-1.4", "plans.file_kind_unknown"),
        (b"a,b\n1,2", "plans.no_table_found"),
    ],
)
def test_unreadable_tables_are_refused(
    app: Flask, client_for: Callable[..., Any], content: bytes, code: str
) -> None:
    offices()
    client = client_for(make_account(["joint_office"], "632525-lxhy"))
    answer = client.post("/api/plan-readings", data={"file": (io.BytesIO(content), "计划.csv")})
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_of_many_who_change_a_row_at_once_one_wins_and_the_others_are_told(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    url = f"/api/plans/entries/{hotels(taken_in()).id}"
    account, codes, together = make_account(["joint_office"], "632525-lxhy"), [], threading.Barrier(4)
    clients = [client_for(account) for _ in range(4)]

    def write(number: int) -> None:
        together.wait()
        change = {"scope_text": f"示例范围{number}"}
        codes.append(clients[number].patch(url, json=change, headers={"If-Match": '"1"'}).status_code)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200, 412, 412, 412]
