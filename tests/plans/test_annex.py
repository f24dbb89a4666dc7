"""The plan leaves the house: does the workbook read in again as the same plan, and does the paper hold every row?"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories import make_account, make_region
from tests.plans.test_changes import RATIO, Public
from tests.plans.test_collecting import LXHY, row
from tests.plans.test_plans import offices

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.papers.texts import pages_of_pdf, plain, text_of_pdf
from onevisit.plans.annex import annex_facts, annex_pdf, rows_of, workbook
from onevisit.plans.intake import import_plan
from onevisit.plans.models import Plan, PlanEntry
from onevisit.plans.queries import reading_of

Clients = Callable[..., Any]
FILES = Path(__file__).parent / "files"
FACTS = ("lead_department", "cooperating_departments", "items", "subject_scope", "ratio", "sample_size", "frequency",
         "window", "methods", "item_category", "targeting", "field", "plan_name", "task_name")  # fmt: skip


@pytest.fixture
def public(app: Flask, client_for: Clients) -> Public:
    return Public(client_for)


def ask(who: Any, plan_id: str, **over: str) -> Any:
    wanted = {"annex": "joint", "format": "xlsx", "purpose": "上报材料（示例）"} | over
    return who.get(f"/api/plans/{plan_id}/export", query_string=wanted)


def test_an_export_says_what_for_and_stays_in_the_region(public: Public, client_for: Clients) -> None:
    make_region("630103", name="城中区", full_name="青海省西宁市城中区", profile="xining-chengzhong-2023")
    assert ask(client_for(make_account(["desk"], "630103-ga")), public.id).status_code == 404
    assert ask(client_for(make_account(["inspector"], LXHY)), public.id).status_code == 403
    assert public.ga.get(f"/api/plans/{public.id}/export?annex=joint&format=xlsx").status_code == 422
    assert ask(public.ga, public.id, annex="all").status_code == 422
    assert ask(public.ga, public.id).status_code == 200
    facts = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "list.exported")).one().facts
    assert (facts["what"], facts["purpose"], facts["rows"]) == ("plan.joint", "上报材料（示例）", 1)


def test_nothing_in_the_workbook_runs(public: Public) -> None:
    evil = row(
        name='=HYPERLINK("http://示例","点我")', scope_text="@SUM(1)", reason="示例", report_no="示例〔2027〕1号",
        item_list=[{"text": "+1+1", "department_id": None}], initiating_department_id="632525-ga",
    )  # fmt: skip
    assert public.post(public.office, "/entries", evil).status_code == 201
    page = openpyxl.load_workbook(io.BytesIO(ask(public.ga, public.id).data)).active
    assert page is not None
    cells = [cell for line in page.iter_rows() for cell in line if cell.value]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert "'=HYPERLINK" in "".join(str(cell.value) for cell in cells)
    csv = ask(public.ga, public.id, format="csv").data.decode("utf-8-sig")
    assert "'@SUM" in csv
    assert "\"'=HYPERLINK" in csv


@pytest.mark.parametrize("name", ["guinan-2023.xlsx", "jiaozuo-sfq-2023.xlsx", "yuanping-2024.xlsx"])
def test_the_export_reads_in_again_as_the_same_plan(app: Flask, name: str) -> None:
    make_region("632525")
    content = next(FILES.parent.rglob(name)).read_bytes()
    _everybody_of(reading_of(name, content, None, "632525"))
    plan = import_plan(name, content, region_id="632525")
    again = reading_of(
        "x.xlsx", workbook(plan, "joint", rows_of(plan, "joint", withdrawn=False)).read(), None, "632525"
    )
    db.session.expunge_all()
    plan_again = import_plan(
        "x.xlsx",
        workbook(_plan(), "joint", rows_of(_plan(), "joint", withdrawn=False)).read(),
        region_id="632525",
    )
    assert again["plan"]["year"] == plan_again.year
    before = [one for one in _plan().rows if one.state == "removed"]
    after = [one for one in _plan().rows if one.state == "merged"]
    assert [_facts(one) for one in after] == [_facts(one) for one in before]


def _plan() -> Plan:
    return db.session.scalars(select(Plan)).one()


def _facts(entry: PlanEntry) -> dict[str, Any]:
    columns = ("seq", "name", "field", "initiating_department_id", "cooperating_department_ids", "scope_text", "ratio",
               "sample_size", "frequency", "window_start", "window_end", "methods", "category", "targeting")  # fmt: skip
    items = [(one.department_id or entry.initiating_department_id, one.text) for one in entry.items]
    return {name: getattr(entry, name) for name in columns} | {"items": sorted(items)}


def _everybody_of(reading: dict[str, Any]) -> None:
    """Every office the table names is an office of the region."""
    from tests.factories import make_department

    offices()
    named = {
        one
        for task in reading["tasks"]
        for one in (task["lead_department"], *task["cooperating_departments"])
        if one
    }
    known = {one.name for one in db.session.scalars(select(_department()))}
    for at, name in enumerate(sorted(named - known)):
        make_department(f"632525-x{at}", name=name, short_name=name)


def _department() -> Any:
    from onevisit.departments.models import Department

    return Department


def test_the_paper_holds_every_row_with_its_head_on_every_page(app: Flask) -> None:
    offices()
    plan = import_plan("guinan-2023.xlsx", (FILES / "guinan-2023.xlsx").read_bytes(), region_id="632525")
    pdf = annex_pdf(plan, "joint")
    said, pages = plain(text_of_pdf(pdf)), pages_of_pdf(pdf)
    for entry in plan.entries:
        assert plain(entry.name) in said
    assert len(pages) > 2
    for page in pages:
        assert "抽查比例" in plain(page)
        assert "草稿" in plain(page)
    assert annex_facts(plan, "joint")["label"] == "附件1"
    assert "检查依据" in text_of_pdf(annex_pdf(plan, "items"))


def test_paper_strikes_what_was_withdrawn_and_marks_what_was_added(public: Public) -> None:
    adhoc = row(
        name="2027年示例临时联合检查",
        origin="assigned",
        reason="示例",
        report_no="示例〔2027〕1号",
        initiating_department_id="632525-ga",
    )
    assert public.post(public.office, "/entries", adhoc).status_code == 201
    body = {"reason": "行业已取消（示例）", "report_no": "示例〔2027〕2号"}
    assert public.office.post(f"{public.url}/withdraw", json=body).status_code == 200
    answer = ask(public.wj, public.id, format="pdf")
    assert answer.mimetype == "application/pdf"
    said = plain(text_of_pdf(answer.data))
    assert "已撤销：行业已取消（示例）" in said
    assert "上级交办" in said
    assert "第3版" in said
    page = openpyxl.load_workbook(io.BytesIO(ask(public.wj, public.id).data)).active
    assert page is not None
    assert [line[2] for line in page.iter_rows(min_row=3, values_only=True) if line[2]] == [
        "2027年示例临时联合检查"
    ]
    assert RATIO["ratio"]["percent"] == 10


def test_a_row_longer_than_a_page_is_printed_in_pieces_that_say_so(app: Flask, client_for: Clients) -> None:
    life = Public(client_for)
    many = [{"text": f"示例事项第{at}项", "department_id": "632525-ga"} for at in range(60)]
    long_one = row(
        item_list=many, reason="示例", report_no="示例〔2027〕1号", initiating_department_id="632525-ga"
    )
    assert life.post(life.office, "/entries", long_one).status_code == 201
    facts = annex_facts(db.session.get_one(Plan, life.id), "joint")
    pieces = [one for one in facts["rows"] if one["seq"] == 2]
    assert [one["continued"] for one in pieces] == [False, *[True] * (len(pieces) - 1)]
    assert sum(len(part["items"]) for one in pieces for part in one["parts"]) == 60
    said = plain(text_of_pdf(annex_pdf(db.session.get_one(Plan, life.id), "joint")))
    assert all(f"示例事项第{at}项" in said for at in range(60))
