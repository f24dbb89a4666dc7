"""Is an item written once, found by its filters, taken off the list with a reason? Refusals first."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from tests.factories import make_account, make_department
from tests.factories.libraries import make_item

GIVEN = {
    "code": "XF-1",
    "name": "消防监督检查",
    "legal_basis": "《消防法》第五十三条",
    "joint_with": ["632525-ga"],
}


def test_who_may_not_write(app: Flask, client_for: Callable[..., Any]) -> None:
    item = make_item()
    stranger, own = (
        client_for(make_account(["desk"], "632525-ga")),
        client_for(make_account(["desk"], "632525-xf")),
    )
    assert stranger.post("/api/items", json=GIVEN | {"department_id": "632525-xf"}).status_code == 403
    assert (
        stranger.patch(f"/api/items/{item.id}", json={"name": "x"}, headers={"If-Match": '"1"'}).status_code
        == 403
    )
    assert stranger.post(f"/api/items/{item.id}/withdraw", json={"reason": "不再适用"}).status_code == 403
    assert (
        own.patch(f"/api/items/{item.id}", json={"name": " "}, headers={"If-Match": '"1"'}).status_code == 422
    )
    assert (
        own.patch(f"/api/items/{item.id}", json={"name": "x"}, headers={"If-Match": '"2"'}).json["code"]
        == "api.stale"
    )
    assert own.post(f"/api/items/{item.id}/withdraw", json={"reason": ""}).status_code == 422
    assert (
        own.post(f"/api/items/{item.id}/restore", json={"reason": "误操作"}).json["code"]
        == "items.already_so"
    )


def test_an_item_has_its_history(app: Flask, client_for: Callable[..., Any]) -> None:
    make_department("632525-ga")
    own = client_for(make_account(["desk"], "632525-xf"))
    made = own.post("/api/items", json=GIVEN)
    assert (made.status_code, made.json["checklist"]["generic"], made.json["joint_departments"][0]["id"]) == (
        201,
        True,
        "632525-ga",
    )
    assert own.post("/api/items", json=GIVEN).json["code"] == "items.code_taken"
    url = f"/api/items/{made.json['id']}"
    changed = own.patch(
        url, json={"category": "key", "reason": "上级清单调整"}, headers={"If-Match": '"1"'}
    ).json
    assert changed["history"][0]["fields"] == {"category": [None, "key"]}
    assert own.post(f"{url}/withdraw", json={"reason": "依据废止"}).json["state_label"] == "已取消"
    told = own.post(f"{url}/restore", json={"reason": "恢复"}).json["history"]
    assert [(one["kind_label"], one["reason"]) for one in told] == [
        ("恢复", "恢复"), ("取消", "依据废止"), ("调整", "上级清单调整"), ("新增", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=特种", ["特种行业"]),
        ("q=GA-1", ["特种行业"]),
        ("department_id=632525-ga", ["特种行业"]),
        ("category=key", ["特种行业"]),
        ("state=listed", ["消防", "特种行业"]),
        ("state=withdrawn", ["旧事项"]),
        ("joint=0", ["消防"]),
        ("checklist=generic&state=listed", ["消防", "特种行业"]),
        ("limit=1", ["旧事项"]),
    ],
)
def test_filters_and_pages(app: Flask, client_for: Callable[..., Any], query: str, names: list[str]) -> None:
    make_item("旧事项", code="A", state="withdrawn")
    make_item("特种行业", "632525-ga", code="GA-1", category="key")
    make_item("消防", code="B", joint=False)
    page = client_for(make_account(["desk"], "632525-xf")).get(f"/api/items?{query}").json
    assert sorted(one["name"] for one in page["items"]) == sorted(names)
    assert page["total"] == (3 if query == "limit=1" else len(names))


def test_the_public_list_leaves_out_what_was_withdrawn(app: Flask, client_for: Callable[..., Any]) -> None:
    make_item("旧事项", code="A", state="withdrawn")
    make_item("消防", code="B")
    assert [one["name"] for one in client_for().get("/api/public/items").json["items"]] == ["消防"]


def test_a_demanded_speciality_is_written_and_taken_away(app: Flask, client_for: Callable[..., Any]) -> None:
    own = client_for(make_account(["desk"], "632525-xf"))
    url = f"/api/items/{make_item().id}"
    long = own.patch(url, json={"speciality": "长" * 61}, headers={"If-Match": '"1"'})
    assert long.status_code == 422
    demanding = own.patch(url, json={"speciality": " 消防设施操作 "}, headers={"If-Match": '"1"'}).json
    assert demanding["history"][0]["fields"] == {"speciality": [None, "消防设施操作"]}
    freed = own.patch(url, json={"speciality": ""}, headers={"If-Match": '"2"'}).json
    assert (freed["speciality"], freed["revision"]) == (None, 3), "no speciality is none, not an empty one"
