"""Does a list come in whole or not at all, and do filters, attestations and regions hold?"""

import io
from collections.abc import Callable
from typing import Any

from flask import Flask
from openpyxl import Workbook
from sqlalchemy import func, select
from tests.factories import make_account, make_department
from tests.factories.libraries import make_subject
from tests.factories.lists import bring_list, confirm_list, read_list, take_list

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry, broken_links
from onevisit.demo.subjects import credit_code
from onevisit.subjects.finding import label_counts
from onevisit.subjects.models import Subject
from onevisit.subjects.queries import in_scope, read_filter, scope_count
from onevisit.subjects.rules import fits
from onevisit.subjects.terms import SubjectKind

HEAD = "名称,统一社会信用代码,对象种类,行业领域,地址,信用风险,监管部门,许可证\n"
CODE = credit_code(1, 1, SubjectKind.SOLE_TRADER)
OTHER = credit_code(2, 1, SubjectKind.ENTERPRISE)


def a_list(*rows: str) -> bytes:
    return (HEAD + "\n".join(rows)).encode()


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(Subject)) or 0


def test_diff_before_effect_then_added_changed_unchanged(app: Flask) -> None:
    make_department("632525-ga", name="贵南县公安局", short_name="县公安局")
    first = a_list(
        f"示例甲宾馆,{CODE},个体工商户,旅馆业,示例路1号,C类,县公安局,旅馆业特种行业许可证|示例1号|2027-12-31",
        f"示例乙公司,{OTHER},企业,加油站,,,,",
    )
    preview = take_list("subjects", "一.csv", first, region_id="632525", dry_run=True)
    assert (preview["added"], preview["written"], how_many()) == (2, False, 0)
    assert take_list("subjects", "一.csv", first, region_id="贵南县")["written"]
    again = take_list("subjects", "一.csv", first, region_id="632525")
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)
    moved = take_list(
        "subjects", "二.csv", a_list(f"示例甲宾馆,{CODE},,旅馆业；餐饮服务,示例路2号,,,"), region_id="632525"
    )
    assert moved["changes"][0]["fields"] == {
        "fields": [["旅馆业"], ["旅馆业", "餐饮服务"]],
        "address": ["示例路1号", "示例路2号"],
    }
    stored = db.session.scalars(select(Subject).where(Subject.credit_code == CODE)).one()
    assert (stored.risk, stored.revision, stored.licences[0]["valid_to"]) == ("C", 2, "2027-12-31")
    labels = {(one["kind"], one["value"], one["count"]) for one in label_counts("632525")}
    assert labels == {
        ("field", "旅馆业", 1), ("field", "餐饮服务", 1), ("field", "加油站", 1),
        ("licence", "旅馆业特种行业许可证", 1), ("department", "632525-ga", 1),
    }  # fmt: skip
    assert broken_links() == []


def test_refused_rows_are_named_and_nothing_goes_in(app: Flask) -> None:
    make_department("632525-ga")
    bad = a_list(
        f"示例甲宾馆,{CODE},,,,,,",
        ",,,,,,,x",
        "示例乙,123,,,,,,",
        f"示例丙,{CODE},,,,,,",
        f"示例丁,{OTHER},,,,Z,,",
        f"示例戊,{OTHER},,,,,县外星局,",
    )
    report = take_list("subjects", "坏.csv", bad, region_id="632525")
    assert [one["row"] for one in report["refused"]] == [3, 4, 5, 6, 7]
    assert "第 2 行重复" in report["refused"][2]["reason"]
    assert (report["written"], how_many()) == (False, 0)
    assert (
        db.session.scalars(select(TrailEntry).where(TrailEntry.event == "library.imported")).first() is None
    )


def test_a_wrong_check_digit_is_only_warned_of(app: Flask) -> None:
    make_department("632525-ga")
    wrong = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    report = take_list("subjects", "一.csv", a_list(f"示例甲宾馆,{wrong},,,,,,"), region_id="632525")
    assert report["written"]
    assert "校验位" in report["warnings"][0]["reason"]


def test_excel_with_a_title_and_unknown_columns(app: Flask) -> None:
    make_department("632525-ga")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["示例名录"], ["企业名称 *", "统一社会信用代码（必填）", "颜色"], ["示例甲宾馆", CODE, "红"]):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    report = take_list("subjects", "名录.xlsx", file.getvalue(), region_id="632525")
    assert (report["added"], report["ignored_columns"]) == (1, ["颜色"])


def test_unreadable_files_are_refused_with_a_code(app: Flask, client_for: Callable[..., Any]) -> None:
    client = client_for(make_account(["desk"]))
    for content, code in (
        (b"", "subjects.file_empty"), (b"%PDF-1.7 xx", "subjects.file_kind_unknown"), (b"PK\x03\x04junk", "subjects.file_unreadable"),
        ("甲\n1".encode("gb18030"), "subjects.headings_missing"),
        (b"\xff\xfe\x00\xd8" + "名称,统一社会信用代码".encode("utf-16le"), "subjects.file_unreadable"),
    ):  # fmt: skip
        answer = bring_list(client, "subjects", content)
        assert (answer.status_code, answer.json["code"]) == (422, code)


def test_a_row_that_no_database_keeps_is_refused_by_its_number(app: Flask) -> None:
    make_department("632525-ga")
    report = take_list(
        "subjects", "名录.csv", f"名称,统一社会信用代码\n示例\0甲宾馆,{CODE}".encode(), region_id="632525"
    )
    assert [one["row"] for one in report["refused"]] == [2]
    assert (report["added"], report["written"]) == (0, False)


def test_filter_in_sql_means_what_the_rule_means(app: Flask) -> None:
    make_subject("示例甲宾馆", tags=["公办"], risk="D")
    make_subject("示例乙宾馆", risk="A")
    make_subject("示例丙宾馆", state="deregistered")
    make_subject("示例丁加油站", fields=["加油站"])
    for given in (
        {"all": [{"kind": "field", "any": ["旅馆业"]}]},
        {"all": [{"kind": "field", "any": ["旅馆业"]}], "none": [{"kind": "tag", "any": ["公办"]}]},
        {"none": [{"kind": "risk", "any": ["D"]}]},
        {
            "all": [
                {"kind": "state", "any": ["deregistered"]},
                {"kind": "subject_kind", "any": ["enterprise"]},
            ]
        },
    ):
        wanted = read_filter(given)
        by_rule = {
            one.name
            for one in db.session.scalars(select(Subject))
            if fits(
                wanted,
                [
                    ("field", one.fields[0]),
                    *(("tag", tag) for tag in one.tags),
                    ("risk", one.risk),
                    ("state", one.state),
                    ("subject_kind", one.kind),
                ],
            )
        }
        assert {one.name for one in db.session.scalars(in_scope("632525", wanted))} == by_rule
    counted = scope_count("632525", read_filter({"all": [{"kind": "field", "any": ["旅馆业"]}]}))
    assert counted == {"count": 2, "by_risk": {"A": 1, "B": 0, "C": 0, "D": 1, "-": 0}, "not_operating": 1}


def test_list_pages_by_name_and_keeps_to_the_region(app: Flask, client_for: Callable[..., Any]) -> None:
    for name in ("示例甲", "示例乙", "示例丙"):
        make_subject(name)
    far = make_subject("示例外县", region_id="630101")
    client = client_for(make_account(["desk"]))
    first = client.get("/api/subjects?limit=2&q=示例").json
    second = client.get("/api/subjects", query_string={"limit": 2, "after": first["next"]}).json
    assert first["total"] == 3
    assert len({one["name"] for one in first["items"] + second["items"]}) == 3
    assert second["next"] is None
    assert client.get(f"/api/subjects/{far.id}").status_code == 404
    assert client.get(f"/api/subjects/{first['items'][0]['id']}").json["checks_this_year"] == 0
    assert client_for(make_account(["inspector"])).get("/api/subjects").status_code == 403
    assert client_for().get("/api/subjects").status_code == 401


def test_desk_imports_for_its_department_and_attests(app: Flask, client_for: Callable[..., Any]) -> None:
    client = client_for(make_account(["desk"], "632525-ga"))
    ready = read_list(client, "subjects", a_list(f"示例甲宾馆,{CODE},,旅馆业,,,,"))
    assert confirm_list(client, ready["id"]).json["state"] == "done"
    done = client.post("/api/subjects/attest", json={"library": "subjects"}).json["items"]
    assert [(one["library"], one["count"]) for one in done] == [("subjects", 1), ("inspectors", None)]
    count = client.post(
        "/api/subjects/count", json={"filter": {"all": [{"kind": "department", "any": ["632525-ga"]}]}}
    ).json
    assert count["count"] == 1
    assert (
        client.post(
            "/api/subjects/count", json={"filter": {"all": [{"kind": "colour", "any": ["x"]}]}}
        ).status_code
        == 422
    )
    assert client.get("/api/subjects/labels").json["items"][0]["value_label"]


def test_headings_that_nobody_knows_are_mapped_by_hand_once(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    client = client_for(make_account(["desk"], "632525-ga"))
    content = f"某某表\n甲栏,乙栏,丙栏\n示例甲宾馆,{CODE},示例路1号\n".encode()
    made = bring_list(client, "subjects", content).json
    assert [(one["heading"], one["meaning"]) for one in made["columns"]] == [
        ("甲栏", None), ("乙栏", None), ("丙栏", None),
    ]  # fmt: skip
    url = f"/api/library-imports/{made['id']}/mapping"
    assert client.put(url, json={"mapping": {}}).json["code"] == "subjects.column_missing"
    read = client.put(url, json={"mapping": {0: "name", 1: "credit_code", 2: "address"}})
    assert read.json["counts"]["added"] == 1
    again = bring_list(client, "subjects", content).json
    assert [one["meaning"] for one in again["columns"]] == ["name", "credit_code", "address"]
