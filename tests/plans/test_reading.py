"""A messy table on its way to a plan: what is refused, what is asked, what is put right, kept and taught."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories import make_account, make_department
from tests.plans.messy import messy_table
from tests.plans.test_plans import offices

from onevisit.core.db import db
from onevisit.core.jobs import work_all
from onevisit.core.trail import TrailEntry
from onevisit.departments.models import DepartmentAlias
from onevisit.plans import reading_actions
from onevisit.plans.models import Plan
from onevisit.plans.reading import WrongValue, checked_value, pages_of, words_of
from onevisit.plans.reading_models import PlanCorrection, PlanReading, PlanReadingPage
from onevisit.plans.sheet_grid import Cell, Grid

MESSY = messy_table()


def upload(content: bytes = MESSY, name: str = "汇总稿.xlsx", **form: Any) -> dict[str, Any]:
    return {"file": (io.BytesIO(content), name), **form}


@pytest.fixture
def office(app: Flask, client_for: Callable[..., Any]) -> Any:
    offices()
    for slug, name in (("wl", "贵南县文体旅游广电局"), ("yj", "贵南县应急管理局"), ("mz", "贵南县民政局"), ("jy", "贵南县教育局"),
                       ("rs", "贵南县人力资源和社会保障局")):  # fmt: skip
        make_department(f"632525-{slug}", name=name, short_name=f"县{name[3:]}")
    return client_for(make_account(["joint_office"], "632525-lxhy"))


def taken_in(client: Any, **form: Any) -> dict[str, Any]:
    answer = client.post("/api/plan-readings", data=upload(**form))
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json
    return shown


def task_named(shown: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in shown["tasks"] if one["name"] == name)


def said(client: Any, reading: dict[str, Any], **given: Any) -> Any:
    return client.post(f"/api/plan-readings/{reading['id']}/answers", json=given)


def open_doubts(shown: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in shown["doubts"] if one["asks"] and not one["settled"]]


def work(client: Any) -> None:
    """What is owed is done by another; this one reads anew."""
    work_all(client.application)
    db.session.rollback()


# refused


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "空.xlsx", "plans.file_empty"),
        (b"%PDF-1.7", "计划.xlsx", "plans.file_kind_unknown"),
        ("只有一句话".encode(), "计划.csv", "plans.no_table_found"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_leaves_nothing(
    office: Any, content: bytes, name: str, code: str
) -> None:
    answer = office.post("/api/plan-readings", data=upload(content, name))
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert "请" in answer.json["detail"]
    assert db.session.scalars(select(PlanReading)).all() == []


def test_a_year_already_published_is_refused_with_what_to_do(office: Any) -> None:
    reading = taken_in(office)
    plan_id = office.post(f"/api/plan-readings/{reading['id']}/draft").json["plan_id"]
    db.session.get_one(Plan, plan_id).state = "published"
    db.session.commit()
    refused = office.post("/api/plan-readings", data=upload()).json
    assert (refused["code"], refused["plan_id"]) == ("plans.already_published", plan_id)
    assert "打开已公布的计划" in refused["detail"]
    assert taken_in(office, year=2027)["year"] == 2027


def test_another_department_and_another_region_see_nothing(
    office: Any, client_for: Callable[..., Any]
) -> None:
    reading = taken_in(office)
    for who in (make_account(["desk"], "632525-ga"), make_account(["joint_office"], "630101-lxhy")):
        client = client_for(who)
        assert client.get(f"/api/plan-readings/{reading['id']}").status_code == 404
        assert client.get(f"/api/plan-readings/{reading['id']}/rows").status_code == 404
        assert said(client, reading, kind="settled").status_code == 404
        assert client.delete(f"/api/plan-readings/{reading['id']}").status_code == 404
        assert client.get("/api/plan-readings").json["items"] == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "fact", "anchor": "没有", "fact": "ratio", "value": None}, "plans.task_unknown"),
        ({"kind": "fact", "anchor": "汇总|5", "fact": "nonsense", "value": "x"}, "plans.fact_unknown"),
        ({"kind": "fact", "anchor": "汇总|5", "fact": "ratio", "value": {"percent": 120, "bound": "exact"}}, "plans.value_wrong"),
        ({"kind": "fact", "anchor": "汇总|5", "fact": "window", "value": {"start": "2026-05-01", "end": "2026-04-01"}}, "plans.value_wrong"),
        ({"kind": "heading", "raw": "没有的表头", "value": "lead"}, "plans.heading_unknown"),
        ({"kind": "heading", "raw": "小组备忘", "value": "nonsense"}, "plans.heading_unknown"),
        ({"kind": "department", "raw": "县商贸物流促进中心", "value": "630101-ga"}, "plans.department_unknown"),
        ({"kind": "settled", "anchor": "汇总|5", "fact": "ratio", "raw": "typo"}, "plans.doubt_unknown"),
        ({"kind": "nothing"}, "api.invalid"),
    ],
)  # fmt: skip
def test_answers_that_make_no_sense_change_nothing(office: Any, given: dict[str, Any], code: str) -> None:
    reading = taken_in(office)
    assert said(office, reading, **given).json["code"] == code
    assert office.get(f"/api/plan-readings/{reading['id']}").json["answers"] == []


def test_a_table_that_became_a_draft_takes_no_more_answers(office: Any) -> None:
    reading = taken_in(office)
    assert office.post(f"/api/plan-readings/{reading['id']}/draft").status_code == 201
    assert office.post(f"/api/plan-readings/{reading['id']}/draft").json["code"] == "plans.reading_closed"
    assert said(office, reading, kind="settled").json["code"] == "plans.reading_closed"
    assert office.delete(f"/api/plan-readings/{reading['id']}").json["code"] == "plans.reading_closed"


# read, kept, gone on with


def test_the_table_is_kept_as_printed_with_its_merged_cells(office: Any) -> None:
    reading = taken_in(office)
    assert [(one["name"], one["rows"]) for one in reading["sheets"]] == [("汇总", 15), ("分工说明", 3)]
    rows = office.get(f"/api/plan-readings/{reading['id']}/rows").json
    assert rows["first"] == 1
    assert rows["rows"][0][0] == ["2026年贵南县部门联合“双随机、一公开”抽查计划（汇总稿，示例）", 11, 1]
    assert rows["rows"][1][0] == ["序号", 1, 2]
    assert rows["rows"][1][2:4] == [["部门", 2, 1], None]
    assert office.get(f"/api/plan-readings/{reading['id']}/rows?page=9").status_code == 404


def test_leaving_and_coming_back_keeps_the_reading_and_the_same_file_goes_on(office: Any) -> None:
    reading = taken_in(office)
    waiting = office.get("/api/plan-readings").json["items"]
    assert [(one["id"], one["state"], one["tasks_read"]) for one in waiting] == [(reading["id"], "open", 8)]
    assert waiting[0]["open_doubts"] == len(open_doubts(reading)) > 5
    assert taken_in(office)["id"] == reading["id"]
    assert office.delete(f"/api/plan-readings/{reading['id']}").status_code == 204
    assert office.get("/api/plan-readings").json["items"] == []
    assert db.session.scalars(select(PlanReadingPage)).all() == []


def test_every_doubt_says_what_is_open_and_shows_its_cell(office: Any) -> None:
    shown = taken_in(office)
    odd = next(one for one in open_doubts(shown) if one["code"] == "ratio_unreadable")
    assert (odd["cells"][0]["raw"], odd["cells"][0]["row"], odd["cells"][0]["column"]) == ("百分之二百", 6, 7)
    headings = [one["cells"][0]["raw"] for one in open_doubts(shown) if one["code"] == "heading_unknown"]
    assert headings == ["小组备忘", "会同"]
    lead = next(
        one for one in open_doubts(shown) if one["fact"] == "lead_department" and "商贸物流" in one["words"]
    )
    assert (lead["code"], lead["label"]) == ("department_unknown", "部门名称不认识")


def test_a_large_table_is_read_by_the_worker_and_may_be_given_up(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_actions, "AT_ONCE", 10)
    reading = taken_in(office)
    assert (reading["state"], reading["tasks"], reading["state_label"]) == ("waiting", [], "正在读取")
    work(office)
    shown = office.get(f"/api/plan-readings/{reading['id']}").json
    assert (shown["state"], shown["rows_done"], len(shown["tasks"])) == ("open", 18, 8)
    other = taken_in(office, year=2027)
    assert office.delete(f"/api/plan-readings/{other['id']}").status_code == 204
    work(office)
    assert db.session.get_one(PlanReading, other["id"]).state == "dropped"
    assert db.session.get_one(PlanReading, other["id"]).said is None
    broken = office.post("/api/plan-readings", data=upload(b"PK\x03\x04" + b"x" * 40, "坏.xlsx")).json
    work(office)
    failed = office.get(f"/api/plan-readings/{broken['id']}").json
    assert (failed["state"], failed["refusal"]["code"]) == ("failed", "plans.file_unreadable")


# put right


def test_a_ratio_is_put_right_for_this_task_only(office: Any) -> None:
    reading = taken_in(office)
    task = task_named(reading, "娱乐场所联合抽查")
    ratio = {"percent": 20, "bound": "at_least"}
    shown = said(office, reading, kind="fact", anchor=task["anchor"], fact="ratio", value=ratio).json
    fact = task_named(shown, "娱乐场所联合抽查")["facts"]["ratio"]
    assert (fact["value"], fact["sure"], fact["because"]) == (ratio, "corrected", [])
    assert len(open_doubts(shown)) == len(open_doubts(reading)) - 1
    assert [(one["label"], one["words"], one["learnt"]) for one in shown["answers"]] == [
        ("抽查比例", "不低于 20%", False)
    ]
    assert office.get("/api/plan-corrections").json["total"] == 0
    back = office.delete(f"/api/plan-readings/{reading['id']}/answers/{shown['answers'][0]['id']}").json
    assert len(open_doubts(back)) == len(open_doubts(reading))


def test_what_is_always_read_so_is_read_so_in_the_next_table_until_revoked(office: Any) -> None:
    reading = taken_in(office)
    task = task_named(reading, "学校食堂食品安全抽查")
    ratio = {"percent": 20, "bound": "exact"}
    shown = said(
        office, reading, kind="fact", anchor=task["anchor"], fact="ratio", value=ratio, always=True
    ).json
    assert shown["answers"][0]["learnt"] is True
    taught = office.get("/api/plan-corrections").json["items"]
    assert [(one["label"], one["raw"], one["words"], one["source"]) for one in taught] == [
        ("抽查比例", "20", "20%", "汇总稿.xlsx")
    ]
    office.delete(f"/api/plan-readings/{reading['id']}")
    again = taken_in(office)
    fact = task_named(again, "学校食堂食品安全抽查")["facts"]["ratio"]
    assert (fact["sure"], fact["value"]) == ("corrected", ratio)
    assert office.delete(f"/api/plan-corrections/{taught[0]['id']}").status_code == 204
    assert office.delete(f"/api/plan-corrections/{taught[0]['id']}").status_code == 404
    office.delete(f"/api/plan-readings/{again['id']}")
    assert task_named(taken_in(office), "学校食堂食品安全抽查")["facts"]["ratio"]["sure"] == "in_doubt"


def test_only_the_office_revokes_what_was_taught(office: Any, client_for: Callable[..., Any]) -> None:
    reading = taken_in(office)
    said(office, reading, kind="department", raw="县商贸物流促进中心", value="632525-scjg", always=True)
    taught = office.get("/api/plan-corrections").json["items"][0]
    assert (
        client_for(make_account(["desk"], "632525-ga"))
        .delete(f"/api/plan-corrections/{taught['id']}")
        .status_code
        == 403
    )
    other = client_for(make_account(["joint_office"], "630101-lxhy"))
    assert other.delete(f"/api/plan-corrections/{taught['id']}").status_code == 404
    assert other.get("/api/plan-corrections").json["total"] == 0


def test_an_office_nobody_knows_is_named_once_and_for_good(office: Any) -> None:
    reading = taken_in(office)
    strange = task_named(reading, "加油站联合抽查")["facts"]["lead_department"]
    assert (strange["sure"], strange["strange"]) == ("in_doubt", ["县商贸物流促进中心"])
    once = said(office, reading, kind="department", raw="县商贸物流促进中心", value="632525-scjg").json
    fact = task_named(once, "加油站联合抽查")["facts"]["lead_department"]
    assert (fact["value"], fact["sure"]) == ("贵南县市场监督管理局", "certain")
    assert db.session.scalars(select(DepartmentAlias)).all() == []
    good = said(
        office, reading, kind="department", raw="县商贸物流促进中心", value="632525-scjg", always=True
    ).json
    assert len(good["answers"]) == 1
    alias = db.session.scalars(select(DepartmentAlias)).one()
    assert (alias.name, alias.department_id) == ("县商贸物流促进中心", "632525-scjg")
    office.delete(f"/api/plan-readings/{reading['id']}/answers/{good['answers'][0]['id']}")
    assert db.session.scalars(select(DepartmentAlias)).all() == []


def test_a_heading_named_anew_reads_the_table_anew(office: Any) -> None:
    reading = taken_in(office)
    unknown = [one["text"] for one in reading["headings"] if one["field"] is None]
    assert unknown == ["小组备忘", "会同"]
    shown = said(office, reading, kind="heading", raw="会同", value="cooperating").json
    assert task_named(shown, "旅馆业治安消防联合抽查")["facts"]["cooperating_departments"]["value"]
    shown = said(office, reading, kind="heading", raw="小组备忘", value="ignore").json
    assert not any(one["code"] == "heading_unknown" and one["asks"] for one in shown["doubts"])
    assert [one["words"] for one in office.get("/api/plan-corrections").json["items"]] == [
        "不读这一列",
        "配合部门",
    ]


def test_a_doubt_that_somebody_looked_at_is_settled_and_not_asked_again(office: Any) -> None:
    reading = taken_in(office)
    doubt = next(one for one in open_doubts(reading) if one["code"] == "ambiguous_window")
    shown = said(
        office, reading, kind="settled", anchor=doubt["anchor"], fact=doubt["fact"], raw=doubt["code"]
    ).json
    assert next(one for one in shown["doubts"] if one["id"] == doubt["id"])["settled"] is True
    plan = db.session.get_one(Plan, office.post(f"/api/plan-readings/{reading['id']}/draft").json["plan_id"])
    canteen = next(one for one in plan.entries if one.seq == 8)
    assert [one.partition(":")[0] for one in canteen.problems] == ["ratio_scale"]


def test_one_click_makes_the_draft_with_what_was_put_right(office: Any) -> None:
    reading = taken_in(office)
    slid = task_named(reading, "校外培训机构抽查")
    given = {
        "lead_department": "贵南县教育局", "cooperating_departments": ["贵南县市场监督管理局"], "subject_scope": "校外培训机构",
        "items": [{"department": "贵南县教育局", "text": "办学许可检查"}], "ratio": {"percent": 10, "bound": "exact"},
        "frequency": {"times": 1, "per": "year"}, "window": {"start": "2026-05-01", "end": "2026-10-31"},
        "methods": ["on_site"], "seq": 6,
    }  # fmt: skip
    for fact, value in given.items():
        answer = said(office, reading, kind="fact", anchor=slid["anchor"], fact=fact, value=value)
        assert answer.status_code == 200, answer.text
    done = office.post(f"/api/plan-readings/{reading['id']}/draft").json
    assert (done["year"], done["entries"]) == (2026, 8)
    plan = db.session.get_one(Plan, done["plan_id"])
    entry = next(one for one in plan.entries if one.seq == 6)
    assert (entry.initiating_department_id, entry.cooperating_department_ids) == (
        "632525-jy",
        ["632525-scjg"],
    )
    assert (entry.ratio, str(entry.window_end), entry.methods) == (given["ratio"], "2026-10-31", ["on_site"])
    assert [one.text for one in entry.items] == ["办学许可检查"]
    events = {one.event for one in db.session.scalars(select(TrailEntry))}
    assert {"plan_reading.received", "plan_reading.answered", "plan.imported"} <= events
    assert office.get("/api/plan-readings").json["items"] == []


def test_a_desk_brings_its_own_rows_only(office: Any, client_for: Callable[..., Any]) -> None:
    desk = client_for(make_account(["desk"], "632525-ga"))
    reading = taken_in(desk)
    assert desk.post(f"/api/plan-readings/{reading['id']}/draft").json["code"] == "plans.other_initiator"
    assert desk.get(f"/api/plan-readings/{reading['id']}").json["state"] == "open"


def test_a_table_is_read_for_the_year_that_is_chosen(office: Any) -> None:
    reading = taken_in(office)
    shown = office.post(f"/api/plan-readings/{reading['id']}/year", json={"year": 2027}).json
    assert shown["year"] == 2027
    assert task_named(shown, "旅馆业治安消防联合抽查")["facts"]["window"]["value"]["start"] == "2027-04-01"


# pure


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("ratio", {"percent": 0, "bound": "exact"}), ("ratio", {"percent": 5, "bound": "range", "percent_max": 3}),
        ("ratio", "5%"), ("ratio", {"percent": True, "bound": "exact"}), ("ratio", {"sample_size": 0, "bound": "exact"}),
        ("window", {"start": "2026-02-30", "end": "2026-03-01"}), ("window", {"start": "2026-01-01"}), ("window", "4-9月"),
        ("frequency", {"times": 0, "per": "year"}), ("frequency", {"times": 1, "per": "week"}), ("frequency", 1),
        ("methods", []), ("methods", ["by_force"]), ("items", []), ("items", [{"text": " "}]), ("items", ["x"]),
        ("cooperating_departments", "县公安局"), ("seq", -1), ("seq", "1"), ("subject_scope", " "), ("targeting", "both"),
        ("item_category", "重点"),
    ],
)  # fmt: skip
def test_values_that_no_reading_could_have(fact: str, value: Any) -> None:
    with pytest.raises(WrongValue):
        checked_value(fact, value)


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("ratio", {"percent": 5, "bound": "exact"}, "5%"),
        ("ratio", {"percent": 5, "bound": "range", "percent_max": 10}, "5%–10%"),
        ("ratio", {"sample_size": 20, "bound": "exact"}, "20 户"),
        ("frequency", {"times": 2, "per": "quarter"}, "每季度 2 次"),
        ("window", {"start": "2026-04-01", "end": "2026-09-30"}, "2026-04-01 至 2026-09-30"),
        ("methods", ["on_site", "document"], "现场检查、书面检查"),
        ("items", [{"department": None, "text": "消防监督检查"}], "消防监督检查"),
        ("targeting", "directed", "定向"),
        ("heading", "lead", "发起部门"),
        ("ratio", None, "表中没有，不必填"),
    ],
)
def test_values_in_words(fact: str, value: Any, words: str) -> None:
    assert checked_value(fact, value) == value if fact != "heading" else True
    assert words_of(fact, value) == words


def test_a_merged_cell_over_a_page_begins_anew() -> None:
    rows = [[Cell("甲", at + 1, 1, own=at == 0), Cell(str(at), at + 1, 2)] for at in range(250)]
    first, second = pages_of(Grid("表", rows))
    assert (first[0][0], first[1][0], first[1][1]) == (["甲", 1, 200], None, "1")
    assert second[0][0] == ["甲", 1, 50]


def test_corrections_are_told_from_each_other(office: Any) -> None:
    reading = taken_in(office)
    task = task_named(reading, "学校食堂食品安全抽查")
    for percent in (20, 25):
        value = {"percent": percent, "bound": "exact"}
        said(office, reading, kind="fact", anchor=task["anchor"], fact="ratio", value=value, always=True)
    held = db.session.scalars(select(PlanCorrection).where(PlanCorrection.revoked_at.is_(None))).all()
    assert [one.value["percent"] for one in held] == [25]


# a table whose headings nobody knows

STRANGE = "甲乙丙县某表\n编,啥活,干啥,抽多少,啥时候,谁牵头,杂项\n1,旅馆任务,治安检查,5%,3月,县公安局,无\n2,网吧任务,消防检查,10%左右,5月,县公安局,无\n"
NAMED = {0: "seq", 1: "task_name", 2: "items", 3: "ratio", 4: "window", 5: "lead"}


def test_unknown_headings_are_named_by_hand_once(office: Any) -> None:
    waits = taken_in(office, content=STRANGE.encode(), name="怪表.csv", year=2026)
    assert (waits["state"], waits["tasks"], waits["state_label"]) == ("headings", [], "待指定表头")
    url = f"/api/plan-readings/{waits['id']}/columns"
    for given, code in (
        ({"row": 99, "columns": NAMED}, "plans.heading_unknown"),
        ({"row": 1, "columns": NAMED}, "plans.heading_empty"),
        ({"row": 2, "columns": {0: "seq", 1: "task_name"}}, "plans.headings_short"),
    ):
        answer = office.post(url, json=given)
        assert (answer.status_code, answer.json["code"]) == (422, code)
    assert db.session.query(PlanCorrection).count() == 0, "nothing half-learnt"
    read = office.post(url, json={"row": 2, "columns": NAMED})
    assert read.status_code == 200, read.json
    assert [one["name"] for one in read.json["tasks"]] == ["旅馆任务", "网吧任务"]
    assert "ratio_about" in [one["code"] for one in open_doubts(read.json)]
    assert office.post(url, json={"row": 2, "columns": NAMED}).json["code"] == "plans.reading_closed"
    again = taken_in(office, content=STRANGE.replace("旅馆", "民宿").encode(), name="明年.csv", year=2026)
    assert (again["state"], again["tasks"][0]["name"]) == ("open", "民宿任务")


def test_another_hand_does_not_name_my_columns(office: Any, client_for: Callable[..., Any]) -> None:
    waits = taken_in(office, content=STRANGE.encode(), name="怪表.csv", year=2026)
    desk = client_for(make_account(["desk"], "632525-ga"))
    answer = desk.post(f"/api/plan-readings/{waits['id']}/columns", json={"row": 2, "columns": NAMED})
    assert answer.status_code == 404
    assert office.delete(f"/api/plan-readings/{waits['id']}").status_code == 204
