"""Is a checklist kept while it is written, published once, and never changed after? Refusals first."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from tests.factories import make_account
from tests.factories.libraries import make_item

from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.items.comparing import compared
from onevisit.items.models import Checklist, ChecklistDraft
from onevisit.items.queries import current_checklist
from onevisit.items.rules import checked_entries, faults

NUMBER = {"text": "室温", "answer": "number", "unit": "℃"}


@pytest.mark.parametrize(
    ("entries", "at", "field", "words"),
    [
        ([NUMBER | {"limits": {"min": "26", "max": "18"}}], 0, "limits", "上下颠倒"),
        ([NUMBER | {"limits": {"min": "一", "max": None}}], 0, "limits", "写成数字"),
        ([{"text": "甲", "limits": {"min": "1", "max": None}}], 0, "limits", "不填数值"),
        ([NUMBER | {"evidence": "photo_on_fail"}], 0, "evidence", "不判定"),
        ([{"text": "甲"}, {"text": "乙", "no": "1"}], 1, "no", "重复"),
        ([{"text": "甲", "id": "a", "condition": {"entry": "b", "is": "fail"}}, {"text": "乙", "id": "b"}], 0, "condition", "第 2 条不在它前面"),
        ([{"text": "甲", "condition": {"entry": "gone", "is": "fail"}}], 0, "condition", "已删去"),
        ([NUMBER, {"text": "乙", "condition": {"entry": "e1", "is": "fail"}}], 1, "condition", "不能作条件"),
        ([{"text": "甲", "answer": "choice", "choices": ["一", "一"]}], 0, "choices", "重复"),
        ([{"text": "甲"}] * 301, -1, "entries", "最多 300"),
    ],
)  # fmt: skip
def test_a_fault_says_where_and_what(entries: list[dict[str, Any]], at: int, field: str, words: str) -> None:
    found = next(one for one in faults(entries) if one.at == at and one.field == field)
    assert words in found.sentence


def test_all_faults_are_told_at_once() -> None:
    assert [one.field for one in faults([{"text": ""}, {"text": "", "answer": "choice"}])] == [
        "text",
        "text",
        "choices",
    ]


def test_a_condition_may_hang_on_a_measured_number_and_limits_keep_their_digits() -> None:
    measured = NUMBER | {"limits": {"min": " 18 ", "max": ""}, "evidence": "photo_on_fail"}
    first, second = checked_entries([measured, {"text": "乙", "condition": {"entry": "e1", "is": ["fail"]}}])
    assert (first["limits"], second["condition"]) == (
        {"min": "18", "max": None},
        {"entry": "e1", "is": "fail"},
    )
    assert "limits" not in second


def test_a_version_never_changes(app: Flask, client_for: Callable[..., Any]) -> None:
    item = make_item()
    kept = current_checklist(item.id)
    url = f"/api/items/{item.id}/checklists"
    kept_id = kept.id
    kept.entries = []
    with pytest.raises(Problem, match="version_fixed"):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(DBAPIError, match="never changes"):
        db.session.execute(text("UPDATE checklists SET hash = 'x'"))
    db.session.rollback()
    client = client_for(make_account(["desk"], "632525-xf"))
    answer = client.put(f"{url}/{kept_id}", json={"entries": [{"text": "甲"}]})
    assert (answer.status_code, answer.json["code"]) == (409, "items.version_fixed")
    assert client.put(f"{url}/none", json={}).status_code == 404


def test_a_draft_is_the_departments_own_and_is_kept_right_or_wrong(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    item = make_item()
    url = f"/api/items/{item.id}/draft"
    stranger, own = (
        client_for(make_account(["desk"], "632525-ga")),
        client_for(make_account(["desk"], "632525-xf")),
    )
    assert (stranger.get(url).status_code, stranger.delete(url).status_code) == (403, 403)
    begun = own.get(url).json
    assert (begun["drafted"], begun["revision"], len(begun["entries"])) == (False, 0, 5)
    body = {"entries": [{"text": ""}], "from_version": 1}
    assert own.put(url, json=body).json["code"] == "api.revision_needed"
    saved = own.put(url, json=body, headers={"If-Match": '"0"'}).json
    assert (saved["revision"], saved["faults"][0]["field"], saved["drafted"]) == (1, "text", True)
    assert own.put(url, json=body, headers={"If-Match": '"0"'}).json["code"] == "api.stale"
    assert own.get("/api/items").json["items"][0]["has_draft"] is True
    assert own.delete(url).status_code == 204
    assert own.get(url).json["drafted"] is False


def test_publishing_takes_the_draft_away_and_tells_whoever_was_slower(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    item = make_item()
    own = client_for(make_account(["desk"], "632525-xf"))
    entries = [{"id": "a", "text": "疏散通道畅通", "evidence": "photo_on_fail"}]
    own.put(
        f"/api/items/{item.id}/draft",
        json={"entries": entries, "from_version": 1},
        headers={"If-Match": '"0"'},
    )
    made = own.post(
        f"/api/items/{item.id}/checklists", json={"entries": entries, "from_version": 1, "note": "按新规修订"}
    )
    assert (made.json["version"], made.json["note"], made.json["generic"]) == (2, "按新规修订", False)
    assert db.session.scalars(select(ChecklistDraft)).all() == []
    late = own.post(
        f"/api/items/{item.id}/checklists", json={"entries": [{"text": "别的"}], "from_version": 1}
    )
    assert (late.status_code, late.json["code"]) == (409, "items.version_moved_on")
    found = own.get(f"/api/items/{item.id}/comparison?before=1&after=2").json["differences"]
    assert sorted({one["kind"] for one in found}) == ["added", "removed"]
    assert own.get(f"/api/items/{item.id}/comparison?before=1&after=7").status_code == 404


def test_a_version_is_compared_entry_by_entry() -> None:
    old = checked_entries([{"id": name, "text": name} for name in "abcd"])
    new = checked_entries(
        [
            {"id": "b", "text": "b"},
            {"id": "a", "text": "a"},
            {"id": "x", "text": "x"},
            {"id": "d", "text": "d", "method": "看"},
        ]
    )
    told = {one.id: (one.kind, one.fields, one.moved) for one in compared(old, new)}
    assert told["x"][0] == "added"
    assert told["c"][0] == "removed"
    assert told["d"] == ("changed", ["method"], False)
    assert [told["a"][2], told["b"][2]].count(True) == 1
    assert [one.id for one in compared(old, new)] == ["b", "c", "a", "x", "d"]


def test_a_task_keeps_the_version_it_was_opened_with(app: Flask, client_for: Callable[..., Any]) -> None:
    from tests.factories.desk import make_desk

    from onevisit.items.checklists import make_checklist
    from onevisit.tasks.queries import latest_checklists

    desk = make_desk(client_for)
    url = f"/tasks/{desk.task()['id']}"
    pinned = [(one["id"], one["checklist"]["version"]) for one in desk.get(desk.lead, url).json["items"]]
    for item_id, _ in pinned:
        make_checklist(item_id, [{"text": "新的一条"}])
    shown = desk.get(desk.lead, url).json["items"]
    assert [(one["id"], one["checklist"]["version"]) for one in shown] == pinned
    newest = {one.item_id: one for one in db.session.scalars(select(Checklist).order_by(Checklist.version))}
    assert {item_id: latest_checklists([item_id])[item_id].id for item_id, _ in pinned} == {
        item_id: newest[item_id].id for item_id, _ in pinned
    }
