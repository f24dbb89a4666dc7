"""Do items come in with a checklist, and does a version in use never change?"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from tests.factories import make_account, make_department
from tests.factories.libraries import make_item
from tests.factories.lists import list_rows, read_list, take_list

from onevisit.items.actions import make_checklist
from onevisit.items.queries import current_checklist, versions_of
from onevisit.items.rules import WrongEntry, checked_entries

ENTRY = {"text": "疏散通道畅通", "evidence": "photo_on_fail", "phrases": ["通道堆放杂物"]}


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([], "至少"),
        ([{"text": " "}], "第 1 条"),
        ([{"text": "甲", "answer": "choice", "choices": ["一"]}], "选项"),
        ([{"text": "甲", "answer": "number", "evidence": "photo_on_fail"}], "不合格"),
        ([{"id": "a", "text": "甲"}, {"id": "a", "text": "乙"}], "重复"),
        ([{"text": "甲", "condition": {"entry": "e2", "is": "fail"}}, {"text": "乙"}], "前面"),
        ([{"text": "甲"}, {"text": "乙", "condition": {"entry": "e1", "is": "maybe"}}], "不存在"),
    ],
)
def test_a_wrong_checklist_says_which_entry(entries: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(WrongEntry, match=words):
        checked_entries(entries)


def test_entries_take_the_shape_of_the_visit_package() -> None:
    shape = {
        "id",
        "no",
        "text",
        "answer",
        "unit",
        "choices",
        "required",
        "content",
        "method",
        "basis",
        "evidence",
        "phrases",
        "condition",
    }
    [entry] = checked_entries([ENTRY])
    assert set(entry) == shape
    assert (entry["id"], entry["no"], entry["answer"]) == ("e1", "1", "pass_fail")


def test_imported_item_begins_with_the_generic_checklist(app: Flask) -> None:
    make_department("632525-xf", name="贵南县消防救援大队")
    table = "事项编码,抽查事项,部门,法律依据\nXF-1,消防监督检查,县消防救援大队,《中华人民共和国消防法》第五十三条\nXF-2,,,\n"
    assert [
        one["row"] for one in take_list("items", "一.csv", table.encode(), region_id="632525")["refused"]
    ] == [3]
    report = take_list("items", "一.csv", table.rsplit("\n", 2)[0].encode(), region_id="632525")
    assert (report["added"], report["written"]) == (1, True)


def test_new_version_leaves_the_old_one_alone(app: Flask) -> None:
    item = make_item()
    before = current_checklist(item.id)
    before_hash, before_id = before.hash, before.id
    made = make_checklist(item.id, [ENTRY])
    assert (made.version, made.generic) == (2, False)
    assert make_checklist(item.id, [ENTRY]).id == made.id
    assert [(one.id, one.hash) for one in versions_of(item.id)][-1] == (before_id, before_hash)


def test_only_the_own_department_writes_its_checklist(app: Flask, client_for: Callable[..., Any]) -> None:
    item = make_item()
    url = f"/api/items/{item.id}/checklists"
    assert (
        client_for(make_account(["desk"], "632525-ga")).post(url, json={"entries": [ENTRY]}).status_code
        == 403
    )
    assert (
        client_for(make_account(["desk"], "630101-xf")).post(url, json={"entries": [ENTRY]}).status_code
        == 404
    )
    own = client_for(make_account(["desk"], "632525-xf"))
    assert (
        own.post(url, json={"entries": [{"text": "甲", "answer": "choice"}]}).json["code"]
        == "items.checklist_wrong"
    )
    assert own.post(url, json={"entries": [ENTRY]}).json["version"] == 2
    shown = own.get(f"/api/items/{item.id}").json
    assert (shown["checklist"]["version"], len(shown["versions"]), shown["entries"][0]["text"]) == (
        2,
        2,
        "疏散通道畅通",
    )
    assert own.get("/api/items").json["items"][0]["department"]["id"] == "632525-xf"


def test_a_desk_cannot_take_over_another_departments_item(app: Flask, client_for: Callable[..., Any]) -> None:
    make_item(code="X-1")
    client = client_for(make_account(["desk"], "632525-ga"))
    table = "事项编码,抽查事项\nX-1,改名\n".encode()
    ready = read_list(client, "items", table)
    assert "别的部门" in list_rows(client, ready["id"], "refused")[0]["reason"]
