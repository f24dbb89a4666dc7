"""Does the subject learn what it may from its notice, exactly once and as it stands; and nothing of what is kept from it?"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from tests.factories.desk import LEAD, Desk, make_desk

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.announcing import changes, slot_faults, told_parts
from onevisit.dispatches.models import CheckNotice, Visit
from onevisit.dispatches.notices import link_of
from onevisit.dispatches.paper import notice_facts
from onevisit.papers.render import render_html
from onevisit.regions.queries import calendar
from onevisit.subjects.models import LibraryChange, Subject
from onevisit.tasks.models import Task
from onevisit.visits.code import code_token
from onevisit.visits.package import package_of

Clients = Callable[..., Any]
PUBLIC_DAY = "2026-11-12"


class Told:
    """A dispatched task's first visit, planned, with the address of its notice."""

    def __init__(self, client_for: Clients, **schedule: Any) -> None:
        self.desk: Desk = make_desk(client_for)
        self.row = self.desk.board()["visits"][0]
        self.id = self.row["id"]
        self.visit = db.session.get_one(Visit, self.id)
        self.public = client_for(None)
        if schedule.pop("plan", True):
            answer = self.plan(**schedule)
            assert answer.status_code == 200, answer.json

    def plan(self, day: str = PUBLIC_DAY, time: str = "上午", **over: Any) -> Any:
        return self.desk.post(
            self.desk.lead, f"/dispatches/visits/{self.id}/schedule", {"day": day, "time": time, **over}
        )

    @property
    def token(self) -> str:
        db.session.expire_all()
        link = link_of(self.visit)
        assert link
        return link.rsplit("/", 1)[1]

    def page(self, token: str | None = None) -> Any:
        return self.public.get(f"/api/public/notices/{token or self.token}")

    def say(self, what: str, body: dict[str, Any], token: str | None = None) -> Any:
        return self.public.post(f"/api/public/notices/{token or self.token}/{what}", json=body)

    def ask(self, *days: str, half: str = "下午", reason: str = "当天盘点") -> Any:
        slots = [{"day": day, "half": half} for day in days]
        return self.say("proposals", {"name": "示例人", "reason": reason, "slots": slots})

    def desk_notice(self) -> dict[str, Any]:
        return dict(self.desk.get(self.desk.lead, f"/dispatches/visits/{self.id}/notice").json)


@pytest.fixture
def told(app: Flask, client_for: Clients) -> Told:
    return Told(client_for)


# refusals first


def test_a_false_link_names_nothing(told: Told) -> None:
    right = told.token
    for false in (
        right[:-1] + ("A" if right[-1] != "A" else "B"),
        right[:-4],
        right + "A",
        "x" * 43,
        code_token(told.id),
    ):
        answer = told.page(false)
        assert (answer.status_code, answer.json["code"]) == (404, "dispatches.notice_unknown")
    assert told.say("receipt", {"version": 1, "name": "示例人"}, "x" * 43).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"version": 1},
        {"version": 1, "name": " 人 "},
        {"version": "1", "name": "示例人"},
        {"version": 1, "name": "示" * 31},
    ],
)
def test_a_receipt_without_a_name_is_none(told: Told, body: dict[str, Any]) -> None:
    assert told.say("receipt", body).status_code == 422
    assert told.desk_notice()["read_at"] is None


@pytest.mark.parametrize(
    ("days", "half", "words"),
    [
        (("2026-11-13",), "下午", "请提出两个半天"),
        (("2026-11-13", "2026-11-13"), "下午", "不能相同"),
        (("2026-11-14", "2026-11-13"), "下午", "不是工作日"),
        (("2026-11-12", "2026-11-13"), "上午", "就是现在的时间"),
        (("2026-11-09", "2026-11-13"), "下午", "不在可选的日子里"),
        (("2026-12-01", "2026-11-13"), "下午", "不在可选的日子里"),
    ],
)
def test_half_days_that_cannot_be_are_refused_in_a_sentence(
    told: Told, days: tuple[str, ...], half: str, words: str
) -> None:
    answer = told.ask(*days, half=half)
    assert (answer.status_code, answer.json["code"]) == (422, "dispatches.slots_wrong")
    assert words in answer.json["detail"]
    assert told.desk_notice()["proposals"] == []


def test_only_the_leader_or_the_initiating_desk_answers(told: Told) -> None:
    told.ask("2026-11-12", "2026-11-13")
    proposal = told.desk_notice()["proposals"][0]["id"]
    path = f"/dispatches/visits/{told.id}/proposals/{proposal}"
    for who in (told.desk.partner, told.desk.lead_deputy, told.desk.office, None):
        assert told.desk.post(who, f"{path}/accept", {"slot": 0}).status_code in (401, 403)
    assert told.desk.post(told.desk.lead, f"{path}/accept", {"slot": 2}).status_code == 422
    assert told.desk.post(told.desk.lead, f"{path}/decline", {"reason": " "}).status_code == 422


def test_what_was_told_cannot_be_untold(told: Told) -> None:
    told.say("receipt", {"version": 1, "name": "示例人"})
    answer = told.plan(announced=False)
    assert (answer.status_code, answer.json["code"]) == (409, "dispatches.notice_delivered")
    item = told.desk_notice()["visit"]["items"][0]
    answer = told.plan(unannounced=[item["id"]])
    assert (answer.status_code, answer.json["code"]) == (409, "dispatches.item_told")
    assert told.plan(unannounced=["no-such-item"]).json["code"] == "dispatches.item_unknown"


def test_no_link_for_a_sensitive_task(told: Told) -> None:
    token = told.token
    db.session.get_one(Task, told.visit.task_id).sensitive = True
    db.session.commit()
    assert told.page(token).json["code"] == "dispatches.notice_withheld"
    assert told.desk_notice()["link"] is None
    answer = told.desk.post(
        told.desk.lead, f"/dispatches/visits/{told.id}/notice", {"way": "link", "receiver": "示例人"}
    )
    assert (answer.status_code, answer.json["code"]) == (409, "dispatches.no_link")


# what works


def test_looking_is_no_receipt_and_the_tap_counts_once(told: Told) -> None:
    for _ in range(3):
        page = told.page().json
        assert (page["read_at"], page["version"], page["time"]) == (None, 1, "上午")
    assert db.session.query(TrailEntry).filter_by(event="notice.read").count() == 0
    done = told.say("receipt", {"version": 1, "name": "示例人"})
    assert (done.status_code, done.json["read_by"]) == (200, "示例人")
    again = told.say("receipt", {"version": 1, "name": "别人"})
    assert (again.status_code, again.json["code"]) == (409, "dispatches.notice_read")
    desk = told.desk_notice()
    assert (desk["read_by"], desk["visit"]["notice"]["way"], desk["visit"]["notice"]["receiver"]) == (
        "示例人",
        "link",
        "示例人",
    )
    package = package_of(told.id, told.visit.leader_id or "")
    assert (package["notice"] or {})["read_by"] == "示例人"
    assert db.session.query(TrailEntry).filter_by(event="notice.read").count() == 1


def test_the_page_says_who_comes_when_for_what_and_why(told: Told) -> None:
    page = told.page().json
    assert [one["name"] for one in page["departments"]] == [
        one["name"] for one in notice_facts(told.visit)["departments"]
    ]
    assert all(one["items"] and one["officers"][0]["certificate"] for one in page["departments"])
    assert page["papers"] == ["营业执照", "特种行业许可证"]
    assert (page["nth"], len(page["rights"]), "#proof=" in page["tasks"][0]["proof"]) == (1, 4, True)
    assert "000-0000" not in json.dumps(page)


def test_a_visit_moved_into_another_year_says_which() -> None:
    before = {"day": "2026-12-31", "time": "上午", "papers": [], "departments": []}
    assert changes(before, before | {"day": "2027-01-04"}) == [
        "检查时间由2026年12月31日上午改为2027年1月4日上午"
    ]


def test_a_new_schedule_is_a_new_version_that_says_what_changed(told: Told) -> None:
    old = told.token
    told.say("receipt", {"version": 1, "name": "示例人"})
    assert told.plan(papers=["营业执照", "特种行业许可证"]).status_code == 200  # nothing new: no new version
    assert told.page().json["version"] == 1
    told.plan("2026-11-13", "下午", papers=["营业执照", "住宿登记簿"])
    page = told.page(old).json
    assert (page["version"], page["read_at"], page["day"], page["time"]) == (2, None, "2026-11-13", "下午")
    assert page["changes"] == [
        "检查时间由11月12日上午改为11月13日下午", "请准备的材料增加：住宿登记簿", "请准备的材料减少：特种行业许可证",
    ]  # fmt: skip
    assert told.say("receipt", {"version": 1, "name": "示例人"}).json["code"] == "dispatches.notice_changed"
    assert told.say("receipt", {"version": 2, "name": "示例人"}).status_code == 200
    earlier = told.desk_notice()["earlier"]
    assert [(one["version"], one["when"], one["read_by"]) for one in earlier] == [
        (1, "11月12日上午", "示例人")
    ]


def test_an_accepted_proposal_becomes_the_schedule_and_the_answer_stands_on_the_link(told: Told) -> None:
    assert told.ask("2026-11-12", "2026-11-13").status_code == 200
    waiting = told.ask("2026-11-13", "2026-11-12", half="上午")
    assert waiting.json["code"] in ("dispatches.proposal_waits", "dispatches.slots_wrong")
    assert "待" not in (package_of(told.id, "x")["notice"] or {})["proposal"]
    waiting_work = told.desk.get(told.desk.lead, "/dispatches/waiting").json["items"]
    assert [one["visit_id"] for one in waiting_work if one["kind"] == "other_time"] == [told.id]
    proposal = told.desk_notice()["proposals"][0]
    path = f"/dispatches/visits/{told.id}/proposals/{proposal['id']}"
    desk = told.desk.post(told.desk.lead, f"{path}/accept", {"slot": 1}).json
    assert (desk["visit"]["scheduled_day"], desk["visit"]["scheduled_time"], desk["version"]) == (
        "2026-11-13",
        "下午",
        2,
    )
    page = told.page().json
    assert (page["proposals"][0]["state"], page["proposals"][0]["answer"]) == ("accepted", "11月13日下午")
    assert (
        told.desk.post(told.desk.lead, f"{path}/accept", {"slot": 0}).json["code"]
        == "dispatches.proposal_decided"
    )


def test_a_declined_one_says_why_and_three_are_enough(told: Told) -> None:
    for _ in range(3):
        assert told.ask("2026-11-12", "2026-11-13").status_code == 200
        proposal = told.desk_notice()["proposals"][0]["id"]
        path = f"/dispatches/visits/{told.id}/proposals/{proposal}/decline"
        assert told.desk.post(told.desk.lead, path, {"reason": "两部门当天另有检查"}).status_code == 200
    page = told.page().json
    assert {one["answer"] for one in page["proposals"]} == {"两部门当天另有检查"}
    assert "网上最多约改 3 次" in page["why_not"]
    spent = told.ask("2026-11-12", "2026-11-13")
    assert (spent.status_code, spent.json["code"]) == (429, "dispatches.proposals_spent")


def test_another_day_overtakes_a_proposal(told: Told) -> None:
    told.ask("2026-11-12", "2026-11-13")
    told.plan("2026-11-11", "上午")
    assert told.page().json["proposals"][0]["state"] == "overtaken"
    told.visit.begun_at = clock.now()
    db.session.commit()
    assert told.ask("2026-11-12", "2026-11-13").json["code"] == "dispatches.visit_begun"


def test_told_hours_reach_the_library_once_its_department_confirms(told: Told) -> None:
    subject = db.session.get_one(Subject, told.visit.subject_id)
    subject.departments = [LEAD]
    db.session.commit()
    assert (
        told.say("hours", {"name": "示例人", "hours": "每天 11:30—14:00"}).json["hours"] == "每天 11:30—14:00"
    )
    assert told.say("hours", {"name": "示例人", "hours": "别的"}).status_code == 429
    desk = told.desk
    offered = desk.get(desk.lead, "/subject-corrections").json
    assert (offered["waiting"], offered["items"][0]["found"], offered["items"][0]["now"]) == (
        1,
        "每天 11:30—14:00",
        "",
    )
    path = f"/subject-corrections/{offered['items'][0]['id']}"
    assert desk.get(desk.partner, "/subject-corrections").json["items"] == []
    assert desk.post(desk.partner, f"{path}/confirm").status_code == 403
    assert desk.post(desk.lead, f"{path}/refuse", {"reason": ""}).status_code == 422
    assert desk.post(desk.lead, f"{path}/confirm", {"value": None}).status_code == 200
    db.session.expire_all()
    assert subject.unsuitable_hours == "每天 11:30—14:00"
    change = db.session.query(LibraryChange).filter_by(object_id=subject.id).one()
    assert "检查对象自述" in (change.reason or "")
    assert (
        desk.post(desk.lead, f"{path}/confirm", {"value": None}).json["code"] == "subjects.correction_decided"
    )


def test_the_sealed_paper_carries_both_codes_and_is_made_once(told: Told) -> None:
    html = render_html("notice", notice_facts(told.visit))
    assert 'alt="网上查看告知书"' in html
    first = told.public.get(f"/api/public/notices/{told.token}/notice.pdf")
    assert (first.status_code, first.mimetype, first.data[:4]) == (200, "application/pdf", b"%PDF")
    again = told.desk.get(told.desk.lead, f"/dispatches/visits/{told.id}/notice.pdf")
    assert again.data == first.data
    assert db.session.query(TrailEntry).filter_by(event="paper.issued", object_id=told.id).count() == 1


# nothing reaches the subject


def everything_public(told: Told, tokens: list[str]) -> str:
    """Every public page of the application, for every name and token there is, in one text."""
    draw = told.desk.get(told.desk.lead, f"/dispatches/board?task_id={told.visit.task_id}").json["draw"]
    subject = db.session.get_one(Subject, told.visit.subject_id)
    names = {
        "no": [draw["no"]], "token": [*tokens, told.id], "plan_id": [told.desk.entry.plan_id],
        "publication_id": [told.id], "code_or_token": [*tokens, told.visit.no],
    }  # fmt: skip
    queries = ["", f"?q={subject.name}", f"?q={subject.credit_code}", f"?task={draw['no'].rsplit('-', 1)[0]}"]
    texts = []
    for route in told.desk.client_for(None).application.url_map.iter_rules():
        view = told.desk.client_for(None).application.view_functions[route.endpoint]
        if "GET" not in (route.methods or ()) or getattr(view, "__who__", None) != frozenset({"public"}):
            continue
        wanted = [{}]
        for name in route.arguments:
            wanted = [{**one, name: value} for one in wanted for value in names.get(name, ["x"])]
        for given in wanted:
            built = route.build(given)
            for query in queries if built and not route.arguments else [""]:
                answer = told.public.get(f"{built[1] if built else route.rule}{query}")
                texts.append(answer.get_data(as_text=True))
    assert len(texts) > 20
    return "\n".join(texts)


def test_of_a_visit_not_announced_nothing_reaches_the_subject(app: Flask, client_for: Clients) -> None:
    told = Told(client_for)
    link, subject = told.token, db.session.get_one(Subject, told.visit.subject_id)
    told.plan(announced=False)
    assert db.session.query(CheckNotice).count() == 0
    tokens = [link, code_token(told.id), told.visit.subject_leaf or "x"]
    text = everything_public(told, tokens)
    for secret in (subject.name, subject.credit_code, subject.address, told.visit.no):
        assert secret not in text
    path = f"/dispatches/visits/{told.id}/notice"
    assert told.desk.get(told.desk.lead, f"{path}.pdf").json["code"] == "dispatches.no_notice"
    assert told.desk.post(told.desk.lead, path, {"way": "phone", "receiver": "示例人"}).status_code == 409
    for what, body in (
        ("receipt", {"version": 1, "name": "示例人"}),
        ("hours", {"name": "示例人", "hours": "上午"}),
    ):
        assert told.say(what, body, link).status_code == 404
    # at the door it is said: the inspectors are there
    told.visit.begun_at = clock.now()
    db.session.commit()
    assert (
        told.public.get(f"/api/public/visits/{code_token(told.id)}").json["subject"]["name"] == subject.name
    )


def test_an_item_not_announced_is_missing_everywhere_until_the_door(app: Flask, client_for: Clients) -> None:
    told = Told(client_for, plan=False)
    items = told.desk_notice()["visit"]["items"]
    assert told.plan(unannounced=[one["id"] for one in items]).json["code"] == "dispatches.nothing_announced"
    hidden = items[1]
    assert told.plan(unannounced=[hidden["id"]]).status_code == 200
    department = next(
        one["name"]
        for one in told.desk_notice()["visit"]["departments"]
        if one["id"] == hidden["department_id"]
    )
    page = told.page()
    assert (hidden["name"] in page.text, department in page.text) == (False, False)
    assert hidden["name"] not in render_html("notice", notice_facts(told.visit))
    at_door = f"/api/public/visits/{code_token(told.id)}"
    assert hidden["name"] not in told.public.get(at_door).text
    told.visit.begun_at = clock.now()
    db.session.commit()
    assert hidden["name"] in told.public.get(at_door).text
    assert hidden["name"] not in told.page().text


# the pure rules


def test_changes_are_said_of_everything_that_is_told() -> None:
    part = {"name": "示例局", "items": ["甲"], "officers": [["示例·一", "1"], ["示例·二", "2"]]}
    before = {"day": "2026-11-12", "time": "上午", "papers": ["营业执照"], "departments": [part]}
    assert changes(before, before) == []
    after = {
        **before,
        "departments": [
            {**part, "items": ["乙"], "officers": [["示例·一", "1"], ["示例·三", "3"]]},
            {**part, "name": "另局"},
        ],
    }
    assert changes(before, after) == [
        "增加另局", "示例局的检查事项增加：乙", "示例局的检查事项减少：甲", "示例局的检查人员示例·二换为示例·三",
    ]  # fmt: skip


def test_a_part_whose_items_are_all_kept_back_is_not_told_of() -> None:
    parts = [
        {"name": "甲", "items": [("1", "一"), ("2", "二")]},
        {"name": "乙", "items": [("3", "三")]},
        {"name": "丙", "items": []},
    ]
    assert [(one["name"], one["items"]) for one in told_parts(parts, ["2", "3"])] == [
        ("甲", ["一"]),
        ("丙", []),
    ]


def test_no_day_left_is_said(app: Flask) -> None:
    slots = [{"day": date(2026, 11, 13), "half": half} for half in ("上午", "下午")]
    faults = slot_faults(
        slots, (date(2026, 11, 12), "上午"), date(2026, 11, 16), date(2026, 11, 13), calendar()
    )
    assert "已经没有可以改的日子" in faults[0]
