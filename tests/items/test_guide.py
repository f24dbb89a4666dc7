"""Does the guide of a department print from its items and checklists, whole and public?"""

import io
from collections.abc import Callable
from typing import Any

import pdfplumber
from flask import Flask
from tests.factories import make_account
from tests.factories.libraries import make_item

from onevisit.core.jobs import work_all
from onevisit.items.checklists import make_checklist
from onevisit.items.models import LegalBasis


def test_nobody_without_items_has_a_guide(app: Flask, client_for: Callable[..., Any]) -> None:
    make_item("旧事项", code="A", state="withdrawn")
    assert client_for().get("/api/public/guides").json["items"] == []
    assert client_for().get("/api/public/guides/632525-xf").status_code == 404
    assert client_for().get("/api/public/guides/none").status_code == 404


def test_the_guide_has_cover_contents_and_every_entry(app: Flask, client_for: Callable[..., Any]) -> None:
    item = make_item("消防监督检查", code="XF-1", legal_basis="《旧法》第四条")
    make_item("公众聚集场所", code="XF-2")
    make_checklist(
        item.id,
        [
            {"text": "疏散通道畅通", "evidence": "photo_on_fail", "method": "现场查看"},
            {"text": "室温", "answer": "number", "unit": "℃", "limits": {"min": "18", "max": "26"}},
            {"text": "已整改", "condition": {"entry": "e1", "is": "fail"}},
        ],
    )
    desk = client_for(make_account(["desk"], "632525-xf"))
    law = LegalBasis.query.filter_by(title="旧法", article="").one()
    desk.patch(f"/api/items/bases/{law.id}", json={"state": "repealed"}, headers={"If-Match": '"1"'})
    assert client_for().get("/api/public/guides/632525-xf").status_code == 202
    work_all(app)
    answer = client_for().get("/api/public/guides/632525-xf")
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    pages = [page.extract_text() for page in pdfplumber.open(io.BytesIO(answer.data)).pages]
    assert "随机抽查工作指引" in pages[0]
    assert "目" in pages[1]
    assert "消防监督检查" in pages[1]
    assert pages[1].rstrip().endswith("— 2 —")
    whole = "".join(pages)
    for words in ("18～26 ℃为合格", "第1条 不合格时检查", "不合格时拍照", "《旧法》已废止", "检查表第 2 版"):
        assert words in whole, words
    assert client_for().get("/api/public/guides/632525-xf").data == answer.data, (
        "unchanged, it stays the same file"
    )
