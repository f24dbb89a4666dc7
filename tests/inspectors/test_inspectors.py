"""Who is enrolled, who can be drawn, and whose list is it?"""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select
from tests.factories import make_account, make_department
from tests.factories.libraries import make_inspector, make_subject
from tests.factories.lists import list_rows, read_list, take_list

from onevisit.core.db import db
from onevisit.inspectors.models import Inspector
from onevisit.inspectors.rules import Certificate, expiry_warning, why_not_drawn


def test_who_can_be_drawn() -> None:
    end = date(2026, 11, 30)
    assert why_not_drawn(Certificate("示例1", date(2026, 11, 30), "active"), end) is None
    assert why_not_drawn(Certificate("示例1", date(2026, 11, 29), "active"), end) == "执法证在抽查期内到期"
    assert why_not_drawn(Certificate(None, None, "active"), end) == "没有执法证"
    assert why_not_drawn(Certificate("示例1", date(2030, 1, 1), "transferred"), end) == "不在岗"
    assert "到期" in (
        expiry_warning(Certificate("示例1", date(2026, 12, 1), "active"), date(2026, 11, 9)) or ""
    )


def test_list_comes_in_with_recusals_and_staff_without_certificate(app: Flask) -> None:
    make_department("632525-ga", name="贵南县公安局", short_name="县公安局")
    hotel = make_subject("示例甲宾馆")
    table = "姓名,部门,执法证号,有效期至,专长,回避对象\n示例·张一,县公安局,示例1,2028/12/31,治安；消防,示例甲宾馆\n示例·王二,县公安局,,,,\n"
    report = take_list("inspectors", "一.csv", table.encode(), region_id="632525")
    assert (report["added"], len(report["warnings"])) == (2, 1)
    one = db.session.scalars(select(Inspector).where(Inspector.certificate_no == "示例1")).one()
    assert (one.valid_to, one.specialities, one.recusals) == (
        date(2028, 12, 31),
        ["治安", "消防"],
        [hotel.id],
    )
    two = db.session.scalars(select(Inspector).where(Inspector.certificate_no.is_(None))).one()
    assert two.kind == "supervision"
    wrong = take_list(
        "inspectors", "一.csv", table.replace("示例甲宾馆", "没有这户").encode(), region_id="632525"
    )
    assert "没有这户" in wrong["refused"][0]["reason"]


def test_a_department_brings_only_its_own_people(app: Flask, client_for: Callable[..., Any]) -> None:
    make_inspector("示例·李三", "632525-xf", certificate_no="示例9")
    client = client_for(make_account(["desk"], "632525-ga"))
    table = "姓名,执法证号\n示例·李三,示例9\n示例·赵四,示例10\n".encode()
    ready = read_list(client, "inspectors", table)
    assert [one["row"] for one in list_rows(client, ready["id"], "refused")] == [2]
    assert client.get("/api/inspectors").json["items"][0]["department"]["id"] == "632525-xf"
    assert client_for(make_account(["inspector"])).get("/api/inspectors").status_code == 403
