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

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.items.checklists import make_checklist
from onevisit.items.models import Checklist, Item
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


def bring(client: Any, content: bytes, dry: bool = True, name: str = "清单.xlsx") -> dict[str, Any]:
    answer = client.post(f"/api/items/import?dry_run={int(dry)}", data={"file": (io.BytesIO(content), name)})
    report: dict[str, Any] = answer.json
    return report


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
    for dry in (True, False):
        report = bring(own, content, dry)
        assert report["written"] is False
        assert {one["row"] for one in report["refused"]} == {row}
        assert any(
            one["row"] == row and words in one["reason"] and one["sheet"] == "检查表"
            for one in report["refused"]
        )
    assert (
        db.session.scalars(select(Item.name).where(Item.code == "XF-1")).one(),
        db.session.query(Checklist).count(),
    ) == ("消防", 2)
    answer = own.post("/api/items/import/refused", data={"file": (io.BytesIO(content), "清单.xlsx")})
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert any(words in str(line[0]) and line[2] == row for line in sheet.iter_rows(values_only=True))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "items.file_empty"),
        (b"PK\x03\x04broken", "items.file_unreadable"),
        (workbook(抽查事项=[["编码"]]), "items.headings_missing"),
        (
            workbook(抽查事项=[["事项编码", "抽查事项"], ["A", "甲"]], 检查表=[["什么"], ["甲"]]),
            "items.headings_missing",
        ),
    ],
)
def test_a_file_that_is_none(app: Flask, client_for: Callable[..., Any], content: bytes, code: str) -> None:
    make_department("632525-xf")
    assert bring(client_for(make_account(["desk"], "632525-xf")), content)["code"] == code
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
    report = bring(office, answer.data)
    assert (report["refused"], report["added"], report["changed"], report["unchanged"]) == ([], 0, 0, 2), (
        report["changes"]
    )
    assert (report["checklists"]["new_versions"], report["checklists"]["unchanged"]) == (0, 2), report[
        "checklists"
    ]
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
    preview = bring(own, content)
    assert (preview["added"], preview["checklists"]["new_versions"], preview["written"]) == (1, 1, False)
    assert db.session.query(Item).count() == 0
    assert bring(own, content, dry=False)["written"] is True
    entries = current_checklist(db.session.scalars(select(Item.id)).one()).entries
    assert (entries[1]["limits"], entries[2]["condition"]) == (
        {"min": "1", "max": None},
        {"entry": "e2", "is": "fail"},
    )
    again = bring(own, content, dry=False)
    assert (again["unchanged"], again["checklists"]["unchanged"]) == (1, 1)


def test_a_refused_item_does_not_make_its_neighbours_checklists_wrong(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    make_department("632525-xf", name="贵南县消防救援大队")
    own = client_for(make_account(["desk"], "632525-xf"))
    content = workbook(
        抽查事项=[["事项编码", "抽查事项", "部门"], ["N-1", "新事项", ""], ["N-2", "别的", "不存在的局"]],
        检查表=[HEAD, ["N-1", "甲"], ["N-1", ""]],
    )
    assert [(one.get("sheet"), one["row"]) for one in bring(own, content)["refused"]] == [
        (None, 3),
        ("检查表", 3),
    ]
