"""After the publication: what needs a report, whose word it takes, and what every version keeps?"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from tests.factories import make_account, make_region
from tests.factories.desk import make_entry
from tests.plans.test_collecting import GA, LXHY, WJ, Life, row

from onevisit.core.db import db
from onevisit.plans.models import Plan, PlanEntry
from onevisit.tasks.models import Task

Clients = Callable[..., Any]
RATIO = {"ratio": {"percent": 10, "bound": "exact"}}


class Public(Life):
    """The plan is public, with one row of the police."""

    def __init__(self, client_for: Clients) -> None:
        super().__init__(client_for)
        self.second = client_for(make_account(["joint_office"], LXHY))
        self.entry = self.merged()["id"]
        self.post(self.office, "/publish")
        self.url = f"/api/plans/entries/{self.entry}"

    def etag(self) -> dict[str, str]:
        """The row as it is now."""
        return {"If-Match": self.ga.get(self.url).headers["ETag"]}

    def report(self, change: dict[str, Any], reason: str = "示例：监管需要") -> Any:
        """The police report a change."""
        body = {"change": change, "reason": reason}
        return self.ga.post(f"{self.url}/reports", json=body, headers=self.etag())

    def answer(self, report: Any, verb: str, who: Any = None, **body: Any) -> Any:
        """The office's word to a report."""
        return (who or self.office).post(f"/api/plans/reports/{report['id']}/{verb}", json=body)

    def versions(self) -> list[Any]:
        """What is public of the plan's history, newest first."""
        return list(self.wj.get(f"/api/plans/{self.id}/versions").json["items"])


@pytest.fixture
def public(app: Flask, client_for: Clients) -> Public:
    return Public(client_for)


def test_a_desk_changes_nothing_of_a_public_row_without_a_report(public: Public) -> None:
    refused = public.ga.patch(public.url, json=RATIO, headers=public.etag())
    assert (refused.status_code, refused.json["code"]) == (422, "plans.report_needed")
    assert "报备" in refused.json["detail"]
    plan = public.ga.get(f"/api/plans/{public.id}").json
    assert (plan["asks"]["change"]["report"], plan["version"]) == (True, 1)
    assert "不得随意" in plan["asks"]["change"]["sentence"] or "切忌" in plan["asks"]["change"]["sentence"]


def test_a_report_that_says_nothing_or_is_anothers_is_refused(public: Public) -> None:
    assert (
        public.report({"name": public.ga.get(public.url).json["name"]}).json["code"]
        == "plans.nothing_changed"
    )
    assert public.report({"window_end": "2027-03-01"}).json["code"] == "plans.window_reversed"
    body = {"change": RATIO, "reason": "示例"}
    assert public.wj.post(f"{public.url}/reports", json=body, headers=public.etag()).status_code == 403
    assert public.ga.post(f"{public.url}/reports", json=body).status_code == 428
    draft = make_entry(("632525-nm",), plan_state="draft")
    nm = f"/api/plans/entries/{draft.id}/reports"
    other = public.office.post(nm, json=body, headers={"If-Match": '"1"'})
    assert other.json["code"] == "plans.not_public"


def test_a_report_takes_effect_when_the_office_says_so(public: Public) -> None:
    report = public.report(RATIO).json
    assert (report["no"], report["state"], report["differences"]) == (
        "报备〔2027〕1号", "filed", [{"field": "ratio", "label": "抽查比例", "from": "5%", "to": "10%"}],
    )  # fmt: skip
    assert public.ga.get(public.url).json["ratio"]["percent"] == 5
    assert public.report(RATIO).json["code"] == "plans.report_open"
    assert public.waits(public.office) == ["report_to_answer"]
    assert public.answer(report, "acknowledge", public.ga).status_code == 403
    done = public.answer(report, "acknowledge", note="同意（示例）").json
    assert (done["state"], done["decision"]) == ("acknowledged", "同意（示例）")
    assert public.answer(report, "decline", reason="示例").json["code"] == "plans.report_decided"
    assert public.ga.get(public.url).json["ratio"]["percent"] == 10
    newest = public.versions()[0]
    assert (newest["version"], newest["kind"], newest["reason"], newest["report_no"]) == (
        2, "changed", "示例：监管需要", "报备〔2027〕1号",
    )  # fmt: skip
    assert newest["department"]["id"] == GA
    assert newest["differences"] == [{"field": "ratio", "label": "抽查比例", "from": "5%", "to": "10%"}]
    assert [one["version"] for one in public.versions()] == [2, 1]


def test_a_declined_report_leaves_the_plan_as_it_is(public: Public) -> None:
    report = public.report(RATIO).json
    assert public.answer(report, "decline", reason="").status_code == 422
    public.answer(report, "decline", reason="年中不调整比例（示例）")
    seen = public.ga.get(f"/api/plans/{public.id}/reports").json["items"]
    assert [(one["state"], one["decision"]) for one in seen] == [("declined", "年中不调整比例（示例）")]
    assert public.wj.get(f"/api/plans/{public.id}/reports").json["items"] == []
    assert len(public.versions()) == 1
    assert public.report(RATIO).status_code == 201


def test_nobody_acknowledges_an_own_report(public: Public, client_for: Clients) -> None:
    both = client_for(make_account(["desk", "joint_office"], GA))
    body = {"change": RATIO, "reason": "示例"}
    report = both.post(f"{public.url}/reports", json=body, headers=public.etag()).json
    assert public.answer(report, "acknowledge", both).json["code"] == "plans.own_report"
    assert public.answer(report, "acknowledge", public.second).status_code == 200


def test_a_report_on_what_has_changed_since_is_not_acknowledged(public: Public) -> None:
    report = public.report(RATIO).json
    direct = {"ratio": {"percent": 3, "bound": "exact"}, "reason": "示例", "report_no": "示例〔2027〕9号"}
    assert public.office.patch(public.url, json=direct, headers=public.etag()).status_code == 200
    refused = public.answer(report, "acknowledge")
    assert (refused.status_code, refused.json["code"]) == (409, "plans.report_outdated")
    assert public.ga.get(public.url).json["ratio"]["percent"] == 3
    public.answer(report, "decline", reason="请按最新内容再报（示例）")
    other = public.report({"methods": ["on_site", "document"]}).json
    direct = {"field": "旅馆住宿", "reason": "示例", "report_no": "示例〔2027〕10号"}
    public.office.patch(public.url, json=direct, headers=public.etag())
    assert public.answer(other, "acknowledge").status_code == 200


def test_an_ad_hoc_task_is_put_on_record_and_published_with_the_plan(public: Public) -> None:
    adhoc = row(name="2027年示例民用爆炸物品联合检查", origin="sudden_risk")
    refused = public.post(public.ga, "/entries", adhoc)
    assert refused.json["code"] == "plans.reason_needed"
    lacking = public.post(public.ga, "/entries", adhoc | {"reason": "示例", "ratio": None})
    assert lacking.json["code"] == "plans.not_complete"
    made = public.post(public.ga, "/entries", adhoc | {"reason": "示例：邻县事故后排查"}).json
    assert (made["entry"], made["report"]["kind"], made["report"]["no"]) == (None, "adhoc", "备案〔2027〕1号")
    assert len(public.rows(public.wj)) == 1
    public.answer(made["report"], "acknowledge")
    shown = public.ga.get(f"/api/plans/{public.id}").json["entries"][-1]
    assert (shown["state"], shown["origin_label"], shown["record_no"], shown["sensitive"], shown["seq"]) == (
        "merged", "突发风险", "备案〔2027〕1号", True, 2,
    )  # fmt: skip
    assert shown["initiating_department"]["id"] == GA
    assert shown["in_force"] is True
    assert public.versions()[0]["kind"] == "added"
    names = {one["name"] for one in public.wj.get(f"/api/public/plans/{public.id}").json["entries"]}
    assert adhoc["name"] in names


def test_where_the_notice_leaves_it_free_a_reason_is_enough(app: Flask, client_for: Clients) -> None:
    make_region("410800", name="示范区", full_name="河南省焦作市城乡一体化示范区", profile="jiaozuo-sfq-2023")
    entry = make_entry(("410800-ga", "410800-wj"))
    desk = client_for(make_account(["desk"], "410800-ga"))
    url, headers = f"/api/plans/entries/{entry.id}", {"If-Match": '"1"'}
    assert desk.patch(url, json=RATIO, headers=headers).json["code"] == "plans.reason_needed"
    assert desk.patch(url, json=RATIO | {"reason": "示例：动态调整"}, headers=headers).status_code == 200
    adhoc = row(
        origin="assigned", cooperating_department_ids=["410800-wj"], reason="示例：上级交办",
        item_list=[{"text": "示例事项", "department_id": "410800-ga"}],
    )  # fmt: skip
    made = desk.post(f"/api/plans/{entry.plan_id}/entries", json=adhoc).json
    assert (made["report"], made["entry"]["origin_label"]) == (None, "上级交办")
    assert made["entry"]["in_force"] is True


def test_a_withdrawn_row_stays_to_be_seen_and_is_no_longer_carried_out(public: Public) -> None:
    reported = public.ga.post(f"{public.url}/withdraw", json={"reason": "示例：行业已取消"}).json
    assert (reported["entry"], reported["report"]["kind"]) == (None, "withdrawal")
    public.answer(reported["report"], "acknowledge")
    assert list(public.rows(public.wj).values()) == ["withdrawn"]
    assert public.wj.get(f"/api/public/plans/{public.id}").json["entries"] == []
    opened = public.ga.post("/api/tasks", json={"plan_entry_id": public.entry})
    assert opened.json["code"] == "tasks.plan_not_published"
    gone = public.office.patch(public.url, json=RATIO, headers=public.etag())
    assert gone.json["code"] == "plans.entry_gone"
    assert public.versions()[0]["kind"] == "withdrawn"


def test_a_row_that_is_carried_out_cannot_leave_the_plan(app: Flask, client_for: Clients) -> None:
    entry = make_entry()
    desk, office = client_for(make_account(["desk"], GA)), client_for(make_account(["joint_office"], LXHY))
    assert desk.post("/api/tasks", json={"plan_entry_id": entry.id}).status_code == 201
    body = {"reason": "示例", "report_no": "示例〔2026〕3号"}
    refused = office.post(f"/api/plans/entries/{entry.id}/withdraw", json=body)
    assert (refused.status_code, refused.json["code"]) == (409, "tasks.already_opened")
    assert db.session.get_one(PlanEntry, entry.id).state == "merged"
    assert db.session.query(Task).count() == 1


def test_the_second_at_one_row_is_told_what_changed_and_may_go_on(public: Public) -> None:
    old = public.etag()
    first = {"field": "旅馆住宿", "reason": "示例", "report_no": "示例〔2027〕2号"}
    public.office.patch(public.url, json=first, headers=old)
    second = {"field": "宾馆", "reason": "示例", "report_no": "示例〔2027〕3号"}
    told = public.second.patch(public.url, json=second, headers=old).json
    assert (told["code"], told["both"]) == ("api.stale", ["抽查领域"])
    assert told["changes"][0]["differences"] == [
        {"field": "field", "label": "抽查领域", "from": "旅馆业", "to": "旅馆住宿"}
    ]
    apart = public.second.patch(public.url, json={"name": "x"}, headers=old).json
    assert (apart["both"], "不是同一处" in apart["detail"]) == ([], True)
    again = public.second.patch(public.url, json=second, headers={"If-Match": f'"{told["revision"]}"'})
    assert again.json["field"] == "宾馆"
    changes = public.ga.get(f"{public.url}/changes").json["items"]
    assert [one["kind"] for one in changes] == ["changed", "changed", "added"]


def test_versions_count_on_without_gap_when_many_change_at_once(public: Public, client_for: Clients) -> None:
    for number in range(3):
        adhoc = row(
            name=f"2027年示例任务{number}",
            reason="示例",
            report_no="示例〔2027〕4号",
            initiating_department_id=GA,
        )
        assert public.post(public.office, "/entries", adhoc).status_code == 201
    ids = [one["id"] for one in public.office.get(f"/api/plans/{public.id}").json["entries"]]
    account, together = make_account(["joint_office"], LXHY), threading.Barrier(len(ids))
    clients, codes = [client_for(account) for _ in ids], []

    def write(at: int) -> None:
        together.wait()
        revision = clients[at].get(f"/api/plans/entries/{ids[at]}").headers["ETag"]
        change = RATIO | {"reason": "示例", "report_no": "示例〔2027〕5号"}
        codes.append(
            clients[at]
            .patch(f"/api/plans/entries/{ids[at]}", json=change, headers={"If-Match": revision})
            .status_code
        )

    threads = [threading.Thread(target=write, args=(at,)) for at in range(len(ids))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * len(ids)
    db.session.rollback()
    assert [one["version"] for one in public.versions()] == [8, 7, 6, 5, 4, 3, 2, 1]
    page = public.wj.get(f"/api/plans/{public.id}/versions?limit=3").json
    assert (len(page["items"]), page["next"]) == (3, "6")
    rest = public.wj.get(f"/api/plans/{public.id}/versions?limit=3&after=6").json["items"]
    assert [one["version"] for one in rest] == [5, 4, 3]


def test_items_that_left_and_came_are_named(public: Public) -> None:
    row_ = public.ga.get(public.url).json
    kept = row_["items"][0]
    change = {
        "item_list": [
            {"id": kept["id"], "text": kept["text"], "department_id": GA},
            {"text": "住宿登记检查", "department_id": GA},
        ]
    }
    report = public.report(change).json
    assert report["differences"][0]["from"].endswith("公共场所卫生检查")
    assert report["differences"][0]["to"].endswith("住宿登记检查")
    public.answer(report, "acknowledge")
    items = public.ga.get(public.url).json["items"]
    assert [one["text"] for one in items] == ["特种行业许可证检查", "住宿登记检查"]
    assert items[0]["id"] == kept["id"]


def test_departments_of_elsewhere_are_no_departments(public: Public) -> None:
    make_region("630103", name="城中区", full_name="青海省西宁市城中区", profile="xining-chengzhong-2023")
    change = {"cooperating_department_ids": ["630103-ga"], "reason": "示例", "report_no": "示例〔2027〕6号"}
    refused = public.office.patch(public.url, json=change, headers=public.etag())
    assert refused.json["code"] == "plans.department_unknown"
    assert db.session.get_one(Plan, public.id).version == 1
    assert public.ga.get(public.url).json["cooperating_departments"][0]["id"] == WJ
