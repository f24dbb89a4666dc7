"""Does a repealed law flag everything that rests on it, and an amended one ask to look again? Refusals first."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories import make_account, make_department
from tests.factories.libraries import make_item

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.items.bases import Named, article_order, gravest, named_in
from onevisit.items.basis_queries import basis_states

LAW = "《旅馆业治安管理办法》第四条、第13条；《中华人民共和国消防法》第五十三条"


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        (None, []),
        ("按有关规定", []),
        (
            LAW,
            [
                "旅馆业治安管理办法",
                "旅馆业治安管理办法第四条",
                "旅馆业治安管理办法第十三条",
                "中华人民共和国消防法",
                "中华人民共和国消防法第五十三条",
            ],
        ),
        ("《甲法》第一百二十条之一", ["甲法", "甲法第一百二十条之一"]),
        (
            "《甲法》第105条、第110条、第20条",
            ["甲法", "甲法第一百零五条", "甲法第一百一十条", "甲法第二十条"],
        ),
        ("《甲法》第四条，《甲法》第四条", ["甲法", "甲法第四条"]),
        ("第四条", []),
    ],
)
def test_which_laws_a_text_names(text: str | None, expect: list[str]) -> None:
    assert [f"{one.title}{one.article}" for one in named_in(text)] == expect


def test_articles_stand_as_the_law_has_them() -> None:
    articles = ["第七条", "第一百零五条", "第十三条", "第九条", "第二十条", "第十条", "第十三条之一"]
    assert sorted(articles, key=article_order) == [
        "第七条",
        "第九条",
        "第十条",
        "第十三条",
        "第十三条之一",
        "第二十条",
        "第一百零五条",
    ]


def test_the_worst_counts() -> None:
    assert (gravest([]), gravest(["in_force"]), gravest(["amended", "repealed"])) == (None, None, "repealed")
    assert named_in("《 甲 法 》")[0] == Named("甲法")


def _register(client: Any, q: str = "") -> dict[str, Any]:
    return {one["name"]: one for one in client.get(f"/api/items/bases?articles=1&q={q}").json["items"]}


def test_the_register_refuses(app: Flask, client_for: Callable[..., Any]) -> None:
    make_item(legal_basis=LAW)
    desk = client_for(make_account(["desk"], "632525-xf"))
    law = _register(desk)["《旅馆业治安管理办法》"]
    url = f"/api/items/bases/{law['id']}"
    assert client_for(make_account(["desk"], "630101-xf")).get(url).status_code == 404
    assert client_for(make_account(["deputy_head"], "632525-xf")).patch(url, json={}).status_code == 403
    assert desk.patch(url, json={"state": "repealed"}).json["code"] == "api.revision_needed"
    assert (
        desk.patch(url, json={"state": "repealed"}, headers={"If-Match": '"9"'}).json["code"] == "api.stale"
    )
    assert (
        desk.post("/api/items/bases", json={"name": "《旅馆业治安管理办法》"}).json["code"]
        == "items.basis_known"
    )
    assert (
        desk.post("/api/items/bases", json={"name": "《甲法》《乙法》第一条"}).json["code"]
        == "items.basis_unreadable"
    )


def test_repealing_a_law_flags_every_item_and_checklist_that_rests_on_it(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    by_item, by_entry, free = (
        make_item(legal_basis=LAW),
        make_item("食品", code="S", legal_basis="《食品安全法》"),
        make_item("无关", code="W", legal_basis=""),
    )
    desk = client_for(make_account(["desk"], "632525-xf"))
    entry = {"text": "登记旅客", "basis": "《旅馆业治安管理办法》第六条"}
    assert desk.post(f"/api/items/{by_entry.id}/checklists", json={"entries": [entry]}).status_code == 201
    law = _register(desk)["《旅馆业治安管理办法》"]
    assert law["items"] == 2
    answer = desk.patch(
        f"/api/items/bases/{law['id']}",
        json={"state": "repealed", "replaced_by": "《旅馆业条例》"},
        headers={"If-Match": '"1"'},
    )
    assert [(one["name"], one["itself"], one["entries"]) for one in answer.json["rests"]] == [
        ("消防监督检查", True, ["1. 主体资格：营业执照、许可（备案）证件齐全、有效并与实际相符", "2. 消防监督检查：是否符合规定",
                            "3. 管理制度建立并落实，记录完整、真实", "4. 以往检查发现的问题已整改"]),
        ("食品", False, ["1. 登记旅客"]),
    ]  # fmt: skip
    assert basis_states([by_item.id, by_entry.id, free.id]) == {
        by_item.id: "repealed",
        by_entry.id: "repealed",
    }
    assert {one["name"] for one in desk.get("/api/items?basis=repealed").json["items"]} == {
        "消防监督检查",
        "食品",
    }
    flags = desk.get(f"/api/items/{by_entry.id}").json["flags"]
    assert [(one["name"], one["entry"], one["replaced_by"]) for one in flags] == [
        ("《旅馆业治安管理办法》", "e1", "《旅馆业条例》")
    ]
    told = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "basis.repealed")).one()
    assert (told.facts["items"], told.facts["fields"]["state"]) == (2, ["in_force", "repealed"])
    review = {"basis_id": law["id"], "note": "仍然适用"}
    assert (
        desk.post(f"/api/items/{by_item.id}/basis-reviews", json=review).json["code"]
        == "items.basis_not_amended"
    )
    new = {"entries": [{"text": "登记旅客", "basis": "《旅馆业条例》第六条"}]}
    desk.post(f"/api/items/{by_entry.id}/checklists", json=new)
    assert basis_states([by_entry.id]) == {}


def test_one_article_may_fall_alone(app: Flask, client_for: Callable[..., Any]) -> None:
    fourth, thirteenth = (
        make_item("甲", code="A", legal_basis="《办法》第四条"),
        make_item("乙", code="B", legal_basis="《办法》第十三条"),
    )
    desk = client_for(make_account(["desk"], "632525-xf"))
    article = _register(desk)["《办法》第四条"]
    desk.patch(f"/api/items/bases/{article['id']}", json={"state": "repealed"}, headers={"If-Match": '"1"'})
    assert basis_states([fourth.id, thirteenth.id]) == {fourth.id: "repealed"}


def test_an_amended_law_is_looked_at_again_by_the_items_own_department(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    item = make_item(legal_basis="《办法》第四条")
    make_department("632525-ga")
    desk, stranger = (
        client_for(make_account(["desk"], "632525-xf")),
        client_for(make_account(["desk"], "632525-ga")),
    )
    law = _register(desk)["《办法》"]
    url, review = f"/api/items/bases/{law['id']}", {"basis_id": law["id"], "note": "第四条没有变化"}
    assert (
        desk.post(f"/api/items/{item.id}/basis-reviews", json=review).json["code"]
        == "items.basis_not_amended"
    )
    desk.patch(url, json={"state": "amended", "version": "2026年修订"}, headers={"If-Match": '"1"'})
    assert basis_states([item.id]) == {item.id: "amended"}
    assert stranger.post(f"/api/items/{item.id}/basis-reviews", json=review).status_code == 403
    assert desk.post(f"/api/items/{item.id}/basis-reviews", json=review).json["flags"] == []
    assert basis_states([item.id]) == {}
    assert "第四条没有变化" in desk.get(url).json["rests"][0]["reviewed"]
    desk.patch(url, json={"version": "2027年修订"}, headers={"If-Match": '"2"'})
    assert basis_states([item.id]) == {item.id: "amended"}, "a later amendment asks again"
    assert [one.event for one in db.session.scalars(select(TrailEntry).where(TrailEntry.event.like("basis.%")).order_by(TrailEntry.position))] == [
        "basis.amended", "basis.reviewed", "basis.changed",
    ]  # fmt: skip
