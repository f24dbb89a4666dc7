"""Does the list go out and come in again unchanged, with its checklists, and is nothing half-imported? Refusals first."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import select
from tests.factories import make_account, make_department
from tests.factories.libraries import make_item
from tests.factories.lists import bring_list, confirm_list, list_rows, read_list, take_list

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.items.checklists import make_checklist
from onevisit.items.models import Checklist, Item, ItemChange
from onevisit.items.queries import current_checklist

ENTRIES: list[dict[str, Any]] = [
    {
        "id": "a",
        "text": "持有有效许可证",
        "evidence": "photo_on_fail",
        "phrases": ["许可证过期；逾期未换", "=HYPERLINK(1)"],
        "basis": "《办法》第四条",
    },
    {"id": "b", "text": "客房数", "answer": "number", "unit": "间"},
    {
        "id": "c",
        "text": "热水温度",
        "answer": "number",
        "unit": "℃",
        "limits": {"min": "45", "max": "60.5"},
        "evidence": "photo_on_fail",
    },
    {
        "id": "d",
        "text": "已张贴提示",
        "phrases": ["未张贴；字迹不清"],
        "condition": {"entry": "c", "is": "fail"},
    },
    {
        "id": "e",
        "text": "录像保存方式",
        "answer": "choice",
        "choices": ["本地；加密", "云端"],
        "required": False,
    },
    {
        "id": "f",
        "text": "本地硬盘上锁",
        "condition": {"entry": "e", "is": ["本地；加密", "云端"]},
        "no": "5.1",
    },
    {"id": "g", "text": "-上次检查日期", "answer": "date", "method": "+看台账", "content": "无"},
]


def workbook(**pages: list[list[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in pages.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


HEAD = ["事项编码", "检查内容", "填法", "合格下限", "合格上限", "条件"]


@pytest.mark.parametrize(
    ("rows", "row", "words"),
    [
        ([["NONE", "甲"]], 2, "不在事项清单里"),
        ([["GA-1", "甲"]], 2, "别的部门"),
        ([["", "甲"]], 2, "没有写事项编码"),
        ([["XF-1", "甲", "多选"]], 2, "不认识"),
        ([["XF-1", "甲"], ["", ""], ["XF-1", "", "数值"]], 4, "没有写检查内容"),
        ([["XF-1", "甲", "数值", 9, 3]], 2, "上下颠倒"),
        ([["XF-1", "甲"], ["", "乙", None, None, None, "第1条 也许"]], 3, "不存在"),
        ([["XF-1", "甲"], ["", "乙", None, None, None, "如果"]], 3, "看不懂"),
    ],
)
def test_a_wrong_checklist_row_is_refused_and_nothing_is_written(
    app: Flask, client_for: Callable[..., Any], rows: list[list[Any]], row: int, words: str
) -> None:
    make_item("消防", code="XF-1")
    make_item("特行", "632525-ga", code="GA-1")
    own = client_for(make_account(["desk"], "632525-xf"))
    content = workbook(
        抽查事项=[["事项编码", "抽查事项"], ["XF-1", "消防监督检查改名"]], 检查表=[HEAD, *rows]
    )
    ready = read_list(own, "items", content, "清单.xlsx")
    refused = list_rows(own, ready["id"], "refused")
    assert {one["row"] for one in refused} == {row}
    assert any(words in one["reason"] and one["sheet"] == "检查表" for one in refused)
    assert (ready["counts"]["changed"], ready["counts"]["versions"]) == (1, 0)
    names = db.session.scalars(select(Item.name).where(Item.code == "XF-1")).one()
    assert (names, db.session.query(Checklist).count()) == ("消防", 2), "the preview leaves nothing"
    answer = own.get(f"/api/library-imports/{ready['id']}/refused.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    lines = list(sheet.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert any(words in str(line[2]) and line[1] == str(row) for line in lines)
    told = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "list.exported")).one()
    assert (told.object_id, told.facts["filters"]["file"]) == ("refused items", "清单.xlsx")
    assert take_list("items", "清单.xlsx", content, region_id="632525")["written"] is False


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "items.file_empty"),
        (b"PK\x03\x04broken", "items.file_unreadable"),
        (workbook(抽查事项=[["编码"]]), "items.column_missing"),
        (
            workbook(抽查事项=[["事项编码", "抽查事项"], ["A", "甲"]], 检查表=[["什么"], ["甲"]]),
            "items.headings_missing",
        ),
    ],
)
def test_a_file_that_is_none(app: Flask, client_for: Callable[..., Any], content: bytes, code: str) -> None:
    make_department("632525-xf")
    own = client_for(make_account(["desk"], "632525-xf"))
    answer = bring_list(own, "items", content, "清单.xlsx")
    if answer.status_code == 201:
        mapping = {one["at"]: one["meaning"] for one in answer.json["columns"] if one["meaning"]}
        url = f"/api/library-imports/{answer.json['id']}/mapping"
        answer = own.put(url, json={"mapping": mapping})
    assert answer.json["code"] == code
    assert db.session.query(Item).count() == 0


def test_export_and_import_again_changes_nothing(app: Flask, client_for: Callable[..., Any]) -> None:
    item = make_item(
        "消防",
        code="XF-1",
        superior_code="S-9",
        speciality="消防设施操作",
        category="key",
        subject_kinds=["旅馆", "网吧"],
        inspecting_body="县级消防救援机构",
    )
    make_item("特行", "632525-ga", code="GA-1", joint=False)
    db.session.get_one(Item, item.id).joint_with = ["632525-ga"]
    db.session.commit()
    make_checklist(item.id, ENTRIES)
    office = client_for(make_account(["joint_office"], "632525-lxhy"))
    assert office.get("/api/items/export").status_code == 422, "no purpose"
    answer = office.get("/api/items/export?purpose=送县政府备案")
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["抽查事项", "检查表", "法律依据"]
    texts = [str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell]
    assert not [one for one in texts if one[:1] in "=+-@" and len(one) > 1]
    counts = read_list(office, "items", answer.data, "清单.xlsx")["counts"]
    assert {name: counts[name] for name in ("refused", "added", "changed", "unchanged", "versions")} == {
        "refused": 0, "added": 0, "changed": 0, "unchanged": 2, "versions": 0,
    }  # fmt: skip
    told = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "list.exported")).one()
    assert (told.facts["purpose"], told.facts["rows"]) == ("送县政府备案", 2)
    text = office.get("/api/items/export?format=csv&purpose=核对").data.decode("utf-8-sig")
    assert text.startswith("事项编码,抽查事项")


def test_new_items_and_their_checklists_come_in_one_workbook(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    make_department("632525-xf", name="贵南县消防救援大队")
    own = client_for(make_account(["desk"], "632525-xf"))
    content = workbook(
        抽查事项=[["事项编码", "抽查事项", "法律依据"], ["N-1", "新事项", "《办法》第四条"]],
        检查表=[HEAD, ["N-1", "甲"], ["", "乙", "数值", "1", "", ""], ["", "丙", "", "", "", "第2条 不合格"]],
    )
    ready = read_list(own, "items", content, "清单.xlsx")
    assert (ready["counts"]["added"], ready["counts"]["versions"]) == (1, 1)
    [version] = list_rows(own, ready["id"], "versions")
    assert {one["label"]: one["after"] for one in version["fields"]}["检查表"] == "第 2 版"
    assert db.session.query(Item).count() == 0
    done = confirm_list(own, ready["id"])
    assert done.json["state"] == "done", done.json
    entries = current_checklist(db.session.scalars(select(Item.id)).one()).entries
    assert (entries[1]["limits"], entries[2]["condition"]) == (
        {"min": "1", "max": None},
        {"entry": "e2", "is": "fail"},
    )
    again = read_list(own, "items", content, "清单.xlsx")
    assert (again["counts"]["unchanged"], again["counts"]["versions"]) == (1, 0)
    assert own.post(f"/api/library-imports/{ready['id']}/undo").json["state"] == "undone"
    assert (db.session.query(Item).count(), db.session.query(Checklist).count()) == (0, 0)


def brought(client: Any, *rows: list[Any], checks: list[list[Any]] | None = None) -> str:
    content = workbook(抽查事项=[["事项编码", "抽查事项", "法律依据"], *rows], 检查表=[HEAD, *(checks or [])])
    ready = read_list(client, "items", content, "清单.xlsx")
    answer = confirm_list(client, ready["id"])
    assert answer.json["state"] == "done", answer.json
    return str(ready["id"])


def test_a_list_is_taken_back_unless_something_rests_on_it(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    item = make_item("消防", code="XF-1")
    own = client_for(make_account(["desk"], "632525-xf"))
    changed = brought(own, ["XF-1", "消防改名", "《办法》第九条"], checks=[["XF-1", "甲"]])
    assert own.get(f"/api/items/{item.id}").json["checklist"]["version"] == 2
    assert own.post(f"/api/library-imports/{changed}/undo").json["state"] == "undone"
    shown = own.get(f"/api/items/{item.id}").json
    assert (shown["name"], shown["checklist"]["version"]) == ("消防", 1)
    assert [one.fields.get("name") for one in db.session.query(ItemChange).order_by(ItemChange.id)][-2:] == [
        ["消防", "消防改名"],
        ["消防改名", "消防"],
    ]
    renamed = brought(own, ["XF-1", "消防又改名", ""])
    revision = own.get(f"/api/items/{item.id}").json["revision"]
    own.patch(f"/api/items/{item.id}", json={"name": "手工改名"}, headers={"If-Match": f'"{revision}"'})
    answer = own.post(f"/api/library-imports/{renamed}/undo")
    assert (answer.status_code, answer.json["code"]) == (409, "subjects.import_in_use")
    added = brought(own, ["XF-2", "新事项", ""], checks=[["XF-2", "甲"]])
    new = db.session.scalars(select(Item.id).where(Item.code == "XF-2")).one()
    make_checklist(new, [{"text": "后来写的"}])
    assert "新版" in own.post(f"/api/library-imports/{added}/undo").json["detail"]
    fresh = brought(own, ["XF-3", "草稿中", ""])
    third = db.session.scalars(select(Item.id).where(Item.code == "XF-3")).one()
    draft = {"entries": [{"text": "甲"}], "from_version": 1}
    assert own.put(f"/api/items/{third}/draft", json=draft, headers={"If-Match": '"0"'}).status_code == 200
    assert own.post(f"/api/library-imports/{fresh}/undo").status_code == 409


def test_what_changed_since_the_preview_stops_the_list(app: Flask, client_for: Callable[..., Any]) -> None:
    item = make_item("消防", code="XF-1")
    own = client_for(make_account(["desk"], "632525-xf"))
    content = workbook(抽查事项=[["事项编码", "抽查事项"], ["XF-1", "消防改名"]])
    ready = read_list(own, "items", content, "清单.xlsx")
    own.patch(f"/api/items/{item.id}", json={"name": "手工改名"}, headers={"If-Match": '"1"'})
    assert confirm_list(own, ready["id"]).json["code"] == "subjects.library_changed"
    db.session.expire_all()
    assert db.session.get_one(Item, item.id).name == "手工改名"


def test_a_heading_of_ones_own_is_remembered_for_items(app: Flask, client_for: Callable[..., Any]) -> None:
    make_department("632525-xf")
    own = client_for(make_account(["desk"], "632525-xf"))
    content = "甲栏,乙栏\nXF-1,消防监督检查\n".encode()
    made = bring_list(own, "items", content).json
    assert [one["meaning"] for one in made["columns"]] == [None, None]
    url = f"/api/library-imports/{made['id']}/mapping"
    assert own.put(url, json={"mapping": {0: "code", 1: "name"}}).json["counts"]["added"] == 1
    again = bring_list(own, "items", content).json
    assert [(one["meaning"], one["remembered"]) for one in again["columns"]] == [
        ("code", True),
        ("name", True),
    ]


def test_a_refused_item_keeps_only_its_own_checklist_out(app: Flask, client_for: Callable[..., Any]) -> None:
    make_department("632525-xf", name="贵南县消防救援大队")
    own = client_for(make_account(["desk"], "632525-xf"))
    content = workbook(
        抽查事项=[["事项编码", "抽查事项", "部门"], ["N-1", "新事项", ""], ["N-2", "别的", "不存在的局"]],
        检查表=[HEAD, ["N-1", "甲"], ["N-2", "乙"]],
    )
    ready = read_list(own, "items", content, "清单.xlsx")
    refused = list_rows(own, ready["id"], "refused")
    assert [(one["sheet"], one["row"]) for one in refused] == [("抽查事项", 3), ("检查表", 3)]
    assert (ready["counts"]["added"], ready["counts"]["versions"], ready["counts"]["refused"]) == (1, 1, 2)
