"""From the departments' rows to one plan: who may submit, return, merge and publish, and what comes back when it is undone?"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories import make_account, make_region
from tests.factories.libraries import make_item
from tests.plans.tables import xlsx
from tests.plans.test_plans import offices

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.plans.intake import import_plan
from onevisit.plans.models import Plan, PlanEntry

GA, WJ, XF, LXHY = "632525-ga", "632525-wj", "632525-xf", "632525-lxhy"
Clients = Callable[..., Any]


def row(**over: Any) -> dict[str, Any]:
    """A row that could be carried out, made up."""
    return {
        "name": "2027年示例旅馆业联合抽查", "field": "旅馆业", "scope_text": "各类宾馆、旅店", "window_start": "2027-04-01",
        "window_end": "2027-11-30", "ratio": {"percent": 5, "bound": "exact"}, "frequency": {"times": 1, "per": "year"},
        "methods": ["on_site"], "cooperating_department_ids": [WJ],
        "item_list": [{"text": "特种行业许可证检查", "department_id": GA}, {"text": "公共场所卫生检查", "department_id": WJ}],
    } | over  # fmt: skip


class Life:
    """An office and two departments around the draft of 2027."""

    def __init__(self, client_for: Clients) -> None:
        offices()
        self.office = client_for(make_account(["joint_office"], LXHY))
        self.ga, self.wj = (client_for(make_account(["desk"], one)) for one in (GA, WJ))
        self.id = self.office.post("/api/plans", json={"year": 2027}).json["id"]

    def post(self, who: Any, path: str, body: Any = None) -> Any:
        """POST under the plan."""
        return who.post(f"/api/plans/{self.id}{path}", json=body)

    def drafted(self, who: Any = None, **over: Any) -> Any:
        """A department's draft row."""
        answer = self.post(who or self.ga, "/entries", row(**over))
        assert answer.status_code == 201, answer.json
        return answer.json["entry"]

    def merged(self) -> Any:
        """A row on its way into the plan, and there."""
        entry = self.drafted()
        assert self.post(self.ga, "/submit").status_code == 200
        assert self.post(self.office, "/merge", {}).status_code == 200
        return entry

    def rows(self, who: Any) -> dict[str, str]:
        """Row name -> its state, as somebody sees them."""
        shown = who.get(f"/api/plans/{self.id}").json["entries"]
        return {one["name"]: one["state"] for one in shown}

    def stands(self, department: str, who: Any = None) -> Any:
        """How far a department is."""
        items = (who or self.office).get(f"/api/plans/{self.id}/submissions").json["items"]
        return next(one for one in items if one["department"]["id"] == department)

    def waits(self, who: Any) -> list[str]:
        """The kinds of plan work on somebody's home."""
        return [one["kind"] for one in who.get("/api/plans/waiting").json["items"]]


@pytest.fixture
def life(app: Flask, client_for: Clients) -> Life:
    return Life(client_for)


def test_a_department_drafts_for_itself_only_and_nobody_else_sees_it(life: Life) -> None:
    entry = life.drafted(initiating_department_id=WJ)
    assert (entry["initiating_department"]["id"], entry["state"]) == (GA, "drafted")
    assert life.rows(life.ga) == {entry["name"]: "drafted"}
    assert life.rows(life.wj) == {}
    assert life.rows(life.office) == {}
    url = f"/api/plans/entries/{entry['id']}"
    headers = {"If-Match": '"1"'}
    assert life.wj.patch(url, json={"name": "x"}, headers=headers).status_code == 403
    assert life.wj.post(f"{url}/remove").status_code == 403
    assert life.ga.patch(url, json={"name": "x"}, headers=headers).json["name"] == "x"


@pytest.mark.parametrize(
    ("over", "lacks"),
    [({"ratio": None}, "抽查比例"), ({"window_start": None}, "抽查时间"), ({"scope_text": "示例"}, None)],
)
def test_an_incomplete_row_is_not_submitted(life: Life, over: dict[str, Any], lacks: str | None) -> None:
    life.drafted(**over)
    answer = life.post(life.ga, "/submit")
    if lacks:
        assert (answer.status_code, answer.json["code"]) == (422, "plans.not_complete")
        assert lacks in answer.json["detail"]
        assert life.rows(life.ga) == {"2027年示例旅馆业联合抽查": "drafted"}
    else:
        assert answer.status_code == 200


def test_the_office_sees_who_has_submitted_with_the_day_and_reminds(life: Life) -> None:
    shown = life.office.get(f"/api/plans/{life.id}/submissions").json
    assert (shown["submit_due"]["day"], shown["publish_due"]["day"]) == ("2027-01-31", "2027-02-28")
    assert shown["submit_due"]["from_notice"] is False
    assert shown["submit_due"]["provisional"] is True
    assert "还剩" in shown["submit_due"]["text"]
    assert {one["state"] for one in shown["items"]} == {"waiting"}
    assert LXHY not in {one["department"]["id"] for one in shown["items"]}
    assert life.post(life.ga, "/remind", {"department_ids": [WJ]}).status_code == 403
    unknown = {"department_ids": ["630103-ga"]}
    assert life.post(life.office, "/remind", unknown).json["code"] == "plans.department_unknown"
    assert life.waits(life.wj) == ["rows_missing"]
    life.post(life.office, "/remind", {"department_ids": [WJ]})
    assert life.stands(WJ)["reminders"] == 1
    beside = life.wj.get("/api/plans/waiting").json["items"][0]["beside"]
    assert "已提醒 1 次" in beside
    life.drafted()
    assert (life.stands(GA)["state"], life.stands(GA, life.wj)["drafted"]) == ("drafting", 0)
    assert life.waits(life.ga) == ["rows_to_submit"]


def test_a_returned_row_comes_back_amended_while_the_others_stay(life: Life) -> None:
    one, other = life.drafted(), life.drafted(name="2027年示例网吧联合抽查")
    life.post(life.ga, "/submit")
    url = f"/api/plans/entries/{one['id']}"
    late = life.ga.patch(url, json={"name": "x"}, headers={"If-Match": '"2"'})
    assert (late.status_code, late.json["code"]) == (409, "plans.row_submitted")
    assert life.ga.post(f"{url}/remove").json["code"] == "plans.row_submitted"
    assert life.ga.post(f"{url}/return", json={"reason": "比例不合"}).status_code == 403
    assert life.office.post(f"{url}/return", json={}).status_code == 422
    assert life.waits(life.office) == ["rows_to_merge", "submissions_missing", "publish_due"]
    back = life.office.post(f"{url}/return", json={"reason": "比例与上年不一致，请核对（示例）"}).json
    assert (back["state"], life.rows(life.ga)[other["name"]]) == ("returned", "submitted")
    todo = life.ga.get("/api/plans/waiting").json["items"][0]
    assert (todo["kind"], "比例与上年不一致" in todo["beside"]) == ("rows_returned", True)
    change = {"ratio": {"percent": 10, "bound": "exact"}}
    etag = {"If-Match": f'"{back["revision"]}"'}
    assert life.ga.patch(url, json=change, headers=etag).status_code == 200
    life.post(life.ga, "/submit")
    assert life.rows(life.office) == {one["name"]: "submitted", other["name"]: "submitted"}
    assert life.waits(life.ga) == []


def test_merging_is_the_offices_and_can_be_taken_back(life: Life) -> None:
    assert life.post(life.office, "/merge", {}).json["code"] == "plans.nothing_to_merge"
    entry = life.merged()
    assert life.stands(GA)["state"] == "merged"
    assert life.post(life.ga, "/unmerge", {"entry_ids": [entry["id"]]}).status_code == 403
    assert life.post(life.office, "/unmerge", {"entry_ids": [entry["id"]]}).status_code == 200
    assert life.rows(life.office) == {entry["name"]: "submitted"}
    waiting = life.post(life.office, "/publish")
    assert (waiting.status_code, waiting.json["code"]) == (409, "plans.rows_waiting")
    life.post(life.office, "/merge", {"entry_ids": [entry["id"]]})
    published = life.post(life.office, "/publish").json
    assert (published["state"], published["version"], published["entries"][0]["seq"]) == ("published", 1, 1)
    for path, body in (("/submit", None), ("/merge", {}), ("/remind", {"department_ids": [WJ]})):
        who = life.ga if path == "/submit" else life.office
        assert life.post(who, path, body).json["code"] == "plans.already_published"


def test_a_department_that_initiates_nothing_says_so(life: Life) -> None:
    assert life.post(life.wj, "/submit").json["code"] == "plans.nothing_to_submit"
    life.drafted()
    assert life.post(life.ga, "/none", {"reason": "示例"}).json["code"] == "plans.rows_there"
    life.post(life.wj, "/none", {"reason": "本年度只配合，不发起（示例）"})
    assert (life.stands(WJ)["state"], life.waits(life.wj)) == ("none", [])


def test_what_is_removed_comes_back(life: Life) -> None:
    entry = life.drafted()
    url = f"/api/plans/entries/{entry['id']}"
    assert life.ga.post(f"{url}/restore").json["code"] == "plans.not_removed"
    assert life.ga.post(f"{url}/remove").json["state"] == "removed"
    assert life.rows(life.ga) == {entry["name"]: "removed"}
    assert life.rows(life.office) == {}
    assert life.ga.post(f"{url}/restore").json["state"] == "drafted"
    assert life.post(life.office, "/remove").json["removed_at"] is not None
    assert life.post(life.ga, "/submit").json["code"] == "plans.plan_removed"
    second = life.office.post("/api/plans", json={"year": 2027}).json
    assert second["id"] != life.id
    assert life.post(life.office, "/restore").json["code"] == "plans.year_taken"
    life.office.post(f"/api/plans/{second['id']}/remove")
    assert life.post(life.office, "/restore").json["removed_at"] is None
    assert life.rows(life.ga) == {entry["name"]: "drafted"}


def own_table(lead: str = "贵南县公安局", name: str = "2027年示例旅馆业联合抽查") -> bytes:
    return xlsx(
        [
            ["贵南县2027年度部门联合“双随机、一公开”抽查计划表（示例）", *[""] * 8],
            ["序号", "计划名称", "发起部门", "配合部门", "具体抽查事项", "抽查对象范围", "抽查比例及频次", "抽查时间", "抽查方式"],
            ["1", name, lead, "贵南县卫生健康局", "公共场所卫生检查", "各类宾馆", "5%；1次/年", "4-11月", "现场检查"],
        ],
        merges=("A1:I1",),
    )  # fmt: skip


def test_a_departments_table_becomes_its_drafts_and_anothers_rows_are_refused(life: Life) -> None:
    from onevisit.core.problems import Problem

    with pytest.raises(Problem) as refused:
        import_plan("计划.xlsx", own_table("贵南县卫生健康局"), region_id="632525", as_department=GA)
    assert refused.value.code == "plans.other_initiator"
    by_hand = life.drafted(name="手工起草的示例任务")
    import_plan("计划.xlsx", own_table(), region_id="632525", as_department=GA)
    assert life.rows(life.ga) == {by_hand["name"]: "drafted", "2027年示例旅馆业联合抽查": "drafted"}
    import_plan("计划.xlsx", own_table(name="2027年改过的示例抽查"), region_id="632525", as_department=GA)
    assert life.rows(life.ga) == {by_hand["name"]: "drafted", "2027年改过的示例抽查": "drafted"}
    assert life.post(life.wj, "/undo-import").json["code"] == "plans.nothing_to_undo"
    life.post(life.ga, "/undo-import")
    assert life.rows(life.ga)["2027年示例旅馆业联合抽查"] == "drafted"
    life.post(life.ga, "/submit")
    assert life.post(life.ga, "/undo-import").json["code"] == "plans.already_submitted"


def test_the_offices_table_leaves_departments_rows_and_can_be_undone(life: Life) -> None:
    entry = life.merged()
    import_plan("总表.xlsx", own_table(name="总表里的示例任务"), region_id="632525")
    assert life.rows(life.office) == {entry["name"]: "merged", "总表里的示例任务": "merged"}
    plan = import_plan("总表.xlsx", own_table(name="改后的示例任务"), region_id="632525")
    assert plan.id == life.id
    assert life.rows(life.office) == {entry["name"]: "merged", "改后的示例任务": "merged"}
    life.post(life.office, "/undo-import")
    assert life.rows(life.office) == {entry["name"]: "merged", "总表里的示例任务": "merged"}


def test_a_table_of_another_year_is_named_for_the_plans_own(app: Flask) -> None:
    offices()
    plan = import_plan("总表.xlsx", own_table(), year=2028, region_id="632525")
    assert plan.name == "贵南县2028年度部门联合“双随机、一公开”抽查计划表（示例）"
    assert [one.name for one in plan.entries] == ["2028年示例旅馆业联合抽查"]


def test_own_checks_are_published_by_their_department_where_the_profile_says_so(
    app: Flask, client_for: Clients
) -> None:
    make_region("630103", name="城中区", full_name="青海省西宁市城中区", profile="xining-chengzhong-2023")
    desk = client_for(make_account(["desk"], "630103-ga"))
    office = client_for(make_account(["joint_office"], "630103-lxhy"))
    id_ = desk.post("/api/plans", json={"year": 2027}).json["id"]
    own = row(
        kind="own",
        cooperating_department_ids=[],
        item_list=[{"text": "示例事项", "department_id": "630103-ga"}],
    )
    entry = desk.post(f"/api/plans/{id_}/entries", json=own).json["entry"]
    assert desk.post(f"/api/plans/{id_}/submit").json["code"] == "plans.nothing_to_submit"
    shown = desk.get("/api/plans/waiting").json["items"]
    assert [one["kind"] for one in shown] == ["own_to_publish"]
    assert office.post(f"/api/plans/{id_}/publish-own").status_code == 403
    done = desk.post(f"/api/plans/{id_}/publish-own").json
    assert (done["state"], done["entries"][0]["in_force"], done["entries"][0]["seq"]) == ("draft", True, 1)
    public = client_for().get(f"/api/public/plans/{id_}").json
    assert [one["name"] for one in public["entries"]] == [entry["name"]]
    assert desk.post(f"/api/plans/entries/{entry['id']}/remove").json["code"] == "plans.row_public"
    assert office.post(f"/api/plans/{id_}/remove").json["code"] == "plans.row_public"


def test_elsewhere_the_office_publishes_own_checks_with_the_plan(life: Life) -> None:
    own = {
        "kind": "own",
        "cooperating_department_ids": [],
        "item_list": [{"text": "示例事项", "department_id": GA}],
    }
    life.drafted(**own)
    assert life.post(life.ga, "/publish-own").json["code"] == "plans.own_by_office"
    life.post(life.ga, "/submit")
    life.post(life.office, "/merge", {})
    published = life.post(life.office, "/publish").json
    assert [(one["kind"], one["in_force"]) for one in published["entries"]] == [("own", True)]
    assert published["own_count"] == 1


def test_the_plans_days_and_name_are_the_offices(life: Life) -> None:
    url = f"/api/plans/{life.id}"
    assert life.ga.patch(url, json={"name": "x"}).status_code == 403
    changed = life.office.patch(url, json={"submit_by": "2027-01-20", "name": "示例计划"}).json
    assert (changed["submit_by"], changed["name"]) == ("2027-01-20", "示例计划")
    assert life.stands(GA)["state"] == "waiting"
    life.merged()
    life.post(life.office, "/publish")
    assert life.office.patch(url, json={"name": "另一名称"}).json["code"] == "plans.already_published"
    assert (
        life.office.patch(url, json={"document_no": "示例〔2027〕1号"}).json["document_no"]
        == "示例〔2027〕1号"
    )


def test_of_two_who_merge_at_once_one_wins_and_every_action_is_on_the_trail(life: Life) -> None:
    life.merged()
    assert life.post(life.office, "/merge", {}).json["code"] == "plans.nothing_to_merge"
    events = [one.event for one in db.session.scalars(select(TrailEntry).order_by(TrailEntry.position))]
    assert events[1:] == ["plan.opened", "plan_entry.added", "plan.rows_submitted", "plan.rows_merged"]


def test_an_item_of_the_list_is_matched_when_a_row_is_typed(life: Life) -> None:
    item = make_item("公共场所卫生检查", WJ)
    shown = life.drafted()["items"]
    assert [(one["match"], (one["item"] or {}).get("id")) for one in shown] == [
        ("missing", None), ("exact", item.id),
    ]  # fmt: skip
    assert db.session.scalars(select(Plan)).one().year == 2027
    assert db.session.scalars(select(PlanEntry)).one().window_start == date(2027, 4, 1)


def test_where_the_rules_want_items_on_a_list_an_unlisted_one_holds_the_plan_back(
    app: Flask, client_for: Clients
) -> None:
    make_region("410400", name="平顶山市", full_name="河南省平顶山市", profile="pingdingshan-2020")
    desk = client_for(make_account(["desk"], "410400-ga"))
    office = client_for(make_account(["joint_office"], "410400-lxhy"))
    id_ = office.post("/api/plans", json={"year": 2027}).json["id"]
    own = row(cooperating_department_ids=[], item_list=[{"text": "示例事项", "department_id": "410400-ga"}])
    desk.post(f"/api/plans/{id_}/entries", json=own)
    shown = office.get(f"/api/plans/{id_}/submissions").json["submit_due"]
    assert (shown["day"], shown["from_notice"]) == ("2027-01-31", True)
    desk.post(f"/api/plans/{id_}/submit")
    office.post(f"/api/plans/{id_}/merge", json={})
    refused = office.post(f"/api/plans/{id_}/publish").json
    assert (refused["code"], "不在清单" in refused["detail"]) == ("plans.not_complete", True)
    listed = make_item("示例事项", "410400-ga")
    entry = desk.get(f"/api/plans/{id_}").json["entries"][0]
    mapping = {"items": [{"id": entry["items"][0]["id"], "item_id": listed.id}]}
    headers = {"If-Match": f'"{entry["revision"]}"'}
    assert desk.patch(f"/api/plans/entries/{entry['id']}", json=mapping, headers=headers).status_code == 200
    assert office.post(f"/api/plans/{id_}/publish").json["state"] == "published"
