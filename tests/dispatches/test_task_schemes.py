"""Does a scheme reach its partners, and is it settled only when each has agreed or its objection is answered on record?"""

import io
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pdfplumber
import pytest
from flask import Flask
from tests.factories import make_account, make_region
from tests.factories.desk import LEAD, PARTNER, Desk, make_desk, make_entry

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.models import TaskScheme, TaskSchemeAnswer
from onevisit.dispatches.rules import scheme_settled, scheme_standing
from onevisit.dispatches.scheme_words import SchemeFactsOf, proposed_words
from onevisit.dispatches.schemes import demanded_of
from onevisit.dispatches.terms import SchemeStanding
from onevisit.plans.reading_models import PlanScheme, PlanSchemeEntry
from onevisit.plans.terms import SchemeGround, SchemeState
from onevisit.regions.models import Region
from onevisit.tasks.models import Task

Clients = Callable[..., Any]
WORDS = {"content": "示例内容", "times": "示例时间", "methods": "示例方式", "requirements": "示例要求"}
DAY = date(2026, 11, 16)


def refused(answer: Any, status: int, code: str) -> None:
    """Refused with this code."""
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json


def opened(client_for: Clients, **over: Any) -> tuple[Desk, str]:
    """A task that is open."""
    desk = make_desk(client_for, **over)
    return desk, desk.task()["id"]


def page(desk: Desk, task: str, who: Any = None) -> dict[str, Any]:
    """The scheme's page."""
    answer = desk.get(who or desk.lead, f"/tasks/{task}/scheme")
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def send(
    desk: Desk, task: str, words: Any = None, note: str | None = None, who: Any = None, **over: Any
) -> Any:
    """A version goes out."""
    given = {"words": words or WORDS, "revision": page(desk, task)["revision"], "note": note, **over}
    return desk.post(who or desk.lead, f"/tasks/{task}/scheme/sending", given)


def say(
    desk: Desk, task: str, agrees: bool, reason: str | None = None, version: int = 1, who: Any = None
) -> Any:
    """A partner answers."""
    given = {"version": version, "agrees": agrees, "reason": reason}
    return desk.post(who or desk.partner, f"/tasks/{task}/scheme/answer", given)


def reply(desk: Desk, task: str, words: str = "示例答复", version: int = 1, who: Any = None) -> Any:
    """The initiator answers an objection."""
    given = {"version": version, "department_id": PARTNER, "words": words}
    return desk.post(who or desk.lead, f"/tasks/{task}/scheme/reply", given)


@pytest.mark.parametrize(
    ("agrees", "replied", "today", "standing"),
    [
        (None, False, DAY, SchemeStanding.WAITING), (None, False, date(2026, 11, 17), SchemeStanding.OVERDUE),
        (True, False, DAY, SchemeStanding.AGREED), (True, True, DAY, SchemeStanding.AGREED),
        (False, False, DAY, SchemeStanding.OBJECTED), (False, True, DAY, SchemeStanding.REPLIED),
    ],
)  # fmt: skip
def test_silence_is_no_consent(
    agrees: bool | None, replied: bool, today: date, standing: SchemeStanding
) -> None:
    assert scheme_standing(agrees, replied, DAY, today) is standing
    assert scheme_settled([standing]) is (standing in (SchemeStanding.AGREED, SchemeStanding.REPLIED))


def test_the_first_words_are_the_tasks_facts() -> None:
    facts = SchemeFactsOf(
        "各类宾馆、旅店", "50%", [("公安局", ["特种行业许可证"]), ("卫健局", [])], date(2026, 4, 1), date(2026, 11, 30),
        date(2026, 11, 15), ["实地核查"], 2, 20, 20,
    )  # fmt: skip
    words = proposed_words(facts)
    assert "检查对象：各类宾馆、旅店，按50%随机抽取。" in words.content
    assert "公安局：特种行业许可证。" in words.content
    assert words.times.startswith("2026年4月1日至2026年11月15日。")
    assert words.methods.startswith("实地核查。各部门联合上门")
    assert "20 个工作日内依法公示" in words.requirements
    secret = proposed_words(SchemeFactsOf(**{**facts.__dict__, "sensitive": True}))
    assert "不对外公开" in secret.requirements
    assert "公示" not in secret.requirements


def test_only_the_initiating_desk_writes_and_only_partners_answer(client_for: Clients) -> None:
    desk, task = opened(client_for)
    make_region("410481")
    strangers = [
        (desk.partner, 403), (desk.lead_deputy, 403), (desk.office, 403), (make_account(["desk"], "632525-xf"), 403),
        (make_account(["inspector"], LEAD), 403), (make_account(["desk"], "410481-ga"), 404),
    ]  # fmt: skip
    for who, status in strangers:
        assert send(desk, task, who=who).status_code == status
        put = desk.client_for(who).put(f"/api/tasks/{task}/scheme", json={"words": WORDS, "revision": 0})
        assert put.status_code == status
    assert db.session.query(TaskScheme).count() == 0
    assert send(desk, task).status_code == 200
    for who, status in (
        (desk.lead, 403), (desk.office, 403), (make_account(["desk"], "632525-xf"), 403),
        (make_account(["principal_head"], PARTNER), 403), (make_account(["desk"], "410481-ga"), 404),
    ):  # fmt: skip
        assert say(desk, task, True, who=who).status_code == status
    assert say(desk, task, False, "示例理由").status_code == 200
    for who in (desk.partner, desk.lead_deputy, desk.office):
        assert reply(desk, task, who=who).status_code == 403
    assert db.session.query(TaskSchemeAnswer).one().reply is None


def test_bad_words_are_refused_and_nothing_is_kept(client_for: Clients) -> None:
    desk, task = opened(client_for)
    wrong = [
        {**WORDS, "content": ""}, {**WORDS, "content": "  \n "}, {**WORDS, "times": "长" * 4001}, {"content": "只有一项"},
        {**WORDS, "more": "x"}, None, "x",
    ]  # fmt: skip
    for words in wrong:
        given = {"words": words, "revision": 0}
        refused(desk.post(desk.lead, f"/tasks/{task}/scheme/sending", given), 422, "api.invalid")
    for days in (0, 31, "x"):
        refused(send(desk, task, answer_days=days), 422, "api.invalid")
    assert db.session.query(TaskScheme).count() == 0
    refused(say(desk, task, True), 409, "dispatches.scheme_not_sent")
    refused(desk.get(desk.lead, f"/tasks/{task}/scheme/paper.pdf"), 409, "dispatches.scheme_not_sent")


def test_partners_see_nothing_of_a_draft(client_for: Clients) -> None:
    desk, task = opened(client_for)
    secret = {**WORDS, "content": "还没有想好的话"}
    put = desk.client_for(desk.lead).put(f"/api/tasks/{task}/scheme", json={"words": secret, "revision": 0})
    assert (put.json["state"], put.json["revision"]) == ("drafted", 1)
    seen = page(desk, task, desk.partner)
    assert seen["shown"] is False


def test_agreed_by_all_it_is_settled(client_for: Clients) -> None:
    desk, task = opened(client_for)
    shown = send(desk, task).json
    assert (shown["state"], shown["version"], shown["answer_due"]["day"]) == ("sent", 1, "2026-11-16")
    assert shown["answer_due"]["text"] == "还剩 5 个工作日（11月16日）"
    assert [one["standing"] for one in shown["answers"]] == ["waiting"]
    assert page(desk, task, desk.partner)["answers_now"] is True
    assert say(desk, task, True).json["state"] == "settled"
    refused(say(desk, task, False, "反悔"), 409, "dispatches.scheme_answered")
    refused(say(desk, task, True), 409, "dispatches.scheme_answered")
    brief = desk.get(desk.lead, f"/tasks/{task}").json["scheme"]
    assert brief == {"state": "settled", "state_label": "已定稿", "version": 1, "waiting": 0, "objected": 0}
    events = [one.event for one in db.session.query(TrailEntry).filter(TrailEntry.event.like("scheme.%"))]
    assert sorted(events) == ["scheme.answered", "scheme.sent", "scheme.settled"]


def test_an_objection_needs_a_reason_and_gets_an_answer_that_stays(client_for: Clients) -> None:
    desk, task = opened(client_for)
    send(desk, task)
    for reason in (None, "", "  "):
        refused(say(desk, task, False, reason), 422, "dispatches.reason_needed")
    refused(reply(desk, task), 409, "dispatches.no_objection")
    assert say(desk, task, False, "抽查时间与防疫工作冲突").json["state"] == "sent"
    refused(say(desk, task, False, "再说一次"), 409, "dispatches.scheme_answered")
    for words in ("", " ", "长" * 501):
        refused(reply(desk, task, words), 422, "api.invalid")
    settled = reply(desk, task, "时间由组长与贵局另行商定").json
    assert (settled["state"], settled["answers"][0]["standing"]) == ("settled", "replied")
    assert settled["answers"][0]["reason"] == "抽查时间与防疫工作冲突"
    refused(reply(desk, task), 409, "dispatches.objection_replied")
    assert say(desk, task, True).json["answers"][0]["standing"] == "agreed"


def test_an_amended_scheme_asks_everybody_again(client_for: Clients) -> None:
    desk, task = opened(client_for)
    send(desk, task)
    say(desk, task, False, "抽查时间与防疫工作冲突")
    refused(send(desk, task, note="没有改"), 409, "dispatches.scheme_unchanged")
    amended = {**WORDS, "times": "改到十一月下旬"}
    refused(send(desk, task, amended), 422, "dispatches.scheme_note_needed")
    shown = send(desk, task, amended, "时间改到十一月下旬").json
    assert (shown["version"], shown["state"], shown["answers"][0]["standing"]) == (2, "sent", "waiting")
    assert shown["earlier"][0]["answers"][0]["reason"] == "抽查时间与防疫工作冲突"
    refused(say(desk, task, True, version=1), 409, "dispatches.scheme_newer")
    assert say(desk, task, True, version=2).json["state"] == "settled"
    again = send(desk, task, {**amended, "methods": "改为现场核查"}, "方式有改").json
    assert (again["state"], again["version"], again["settled_at"]) == ("sent", 3, None)


def test_an_overdue_answer_is_said(client_for: Clients) -> None:
    desk, task = opened(client_for)
    send(desk, task, answer_days=2)
    with clock.at(datetime(2026, 11, 13, 2, tzinfo=UTC)):
        shown = page(desk, task)
    assert (shown["answers"][0]["standing"], shown["answer_due"]["state"]) == ("overdue", "overdue")


def test_a_task_of_one_department_asks_nobody(client_for: Clients) -> None:
    desk, task = opened(client_for, departments=(LEAD,))
    shown = send(desk, task).json
    assert (shown["state"], shown["partners"], shown["answer_due"]) == ("settled", 0, None)


def test_two_clerks_at_one_scheme(client_for: Clients) -> None:
    desk, task = opened(client_for)
    first = desk.client_for(desk.lead).put(f"/api/tasks/{task}/scheme", json={"words": WORDS, "revision": 0})
    assert first.status_code == 200
    late = desk.client_for(desk.lead).put(f"/api/tasks/{task}/scheme", json={"words": WORDS, "revision": 0})
    refused(late, 412, "api.stale")


def test_of_two_first_writers_at_once_one_stands(client_for: Clients, app: Flask) -> None:
    desk, task = opened(client_for)
    clients, answers, together = [client_for(desk.lead), client_for(desk.lead)], [], threading.Barrier(2)
    db.session.remove()

    def go(client: Any) -> None:
        together.wait()
        given = {"words": WORDS, "revision": 0}
        answers.append(client.post(f"/api/tasks/{task}/scheme/sending", json=given).status_code)

    threads = [threading.Thread(target=go, args=(client,)) for client in clients]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(answers) == [200, 412]
    assert db.session.query(TaskScheme).one().version == 1


def test_rows_linked_in_the_plan_share_one_text(client_for: Clients) -> None:
    """The second task begins with the first one's words (S3 统筹制定检查方案)."""
    desk, task = opened(client_for)
    other = make_entry(order=27, seq=27)
    scheme = PlanScheme(
        plan_id=desk.entry.plan_id, state=SchemeState.ACCEPTED.value, ground=SchemeGround.SAME.value, name="旅馆业",
        at=clock.now(), by_name="示例",
    )  # fmt: skip
    scheme.entries = [
        PlanSchemeEntry(plan_entry_id=one.id, order=at, scope_filter=one.scope_filter)
        for at, one in enumerate((desk.entry, other))
    ]
    db.session.add(scheme)
    db.session.commit()
    second = desk.post(desk.lead, "/tasks", {"plan_entry_id": other.id}).json["id"]
    assert page(desk, second)["words"]["content"] != WORDS["content"]
    send(desk, task)
    shown = page(desk, second)
    assert shown["words"] == WORDS
    assert [(one["id"], one["scheme"]["state"]) for one in shown["linked"]] == [(task, "sent")]


def test_the_paper_says_the_newest_version_and_every_voice(client_for: Clients) -> None:
    desk, task = opened(client_for)
    send(desk, task)
    say(desk, task, False, "抽查时间与防疫工作冲突")
    desk.client_for(desk.lead).put(
        f"/api/tasks/{task}/scheme",
        json={"words": {**WORDS, "content": "没有发出的话"}, "revision": page(desk, task)["revision"]},
    )
    assert page(desk, task, desk.partner)["words"] == WORDS
    answer = desk.get(desk.partner, f"/tasks/{task}/scheme/paper.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    with pdfplumber.open(io.BytesIO(answer.data)) as document:
        text = "".join(page.extract_text() or "" for page in document.pages)
    for words in ("征求意见稿", "示例内容", "有异议", "抽查时间与防疫工作冲突"):
        assert words in text
    assert "没有发出的话" not in text
    reply(desk, task)
    with pdfplumber.open(
        io.BytesIO(desk.get(desk.office, f"/tasks/{task}/scheme/paper.pdf").data)
    ) as document:
        text = "".join(page.extract_text() or "" for page in document.pages)
    assert "征求意见稿" not in text
    assert "示例答复" in text


def test_an_open_objection_holds_the_dispatch_back(client_for: Clients) -> None:
    """Until it is answered, or the joint office says with its reason that the task goes out all the same."""
    desk = make_desk(client_for)
    task = desk.drawn()["task_id"]
    send(desk, task)
    say(desk, task, False, "时间与旺季冲突")
    held = desk.post(desk.lead, "/dispatches", {"task_id": task})
    refused(held, 409, "dispatches.scheme_objected")
    assert held.json["departments"] == [PARTNER]
    assert "答复异议" in held.json["detail"]
    way = f"/tasks/{task}/scheme/overrule"
    assert desk.post(desk.lead, way, {"reason": "示例"}).status_code == 403
    assert desk.post(desk.office, way, {"reason": ""}).status_code == 422
    shown = {who.id: page(desk, task, who) for who in (desk.lead, desk.partner, desk.office)}
    assert [(one["held"], one["may_overrule"]) for one in shown.values()] == [
        (True, False), (True, False), (True, True),
    ]  # fmt: skip
    decided = desk.post(desk.office, way, {"reason": "示例：旺季前必须完成"})
    assert (decided.status_code, decided.json["held"], decided.json["may_overrule"]) == (200, False, False)
    assert page(desk, task, desk.partner)["overruled"]["reason"] == "示例：旺季前必须完成"
    assert len(decided.json["overruled"]["departments"]) == 1
    assert TrailEntry.query.filter_by(event="scheme.overruled").one().facts["departments"] == [PARTNER]
    assert desk.post(desk.lead, "/dispatches", {"task_id": task}).status_code == 201


def test_an_answered_objection_lets_it_go(client_for: Clients) -> None:
    desk = make_desk(client_for)
    task = desk.drawn()["task_id"]
    send(desk, task)
    say(desk, task, False, "时间与旺季冲突")
    reply(desk, task)
    refused(
        desk.post(desk.office, f"/tasks/{task}/scheme/overrule", {"reason": "示例"}),
        409,
        "dispatches.nothing_objected",
    )
    assert desk.post(desk.lead, "/dispatches", {"task_id": task}).status_code == 201


def test_a_new_version_asks_the_office_anew(client_for: Clients) -> None:
    desk = make_desk(client_for)
    task = desk.drawn()["task_id"]
    send(desk, task)
    say(desk, task, False, "时间与旺季冲突")
    desk.post(desk.office, f"/tasks/{task}/scheme/overrule", {"reason": "示例：照常派发"})
    send(desk, task, {**WORDS, "times": "示例：改期"}, note="改了时间")
    say(desk, task, False, "仍有冲突", version=2)
    refused(desk.post(desk.lead, "/dispatches", {"task_id": task}), 409, "dispatches.scheme_objected")


def test_a_scheme_the_notice_asks_for_and_nobody_sent_is_said_and_holds_nothing_back(
    client_for: Clients,
) -> None:
    """S0: 发起部门…及时制定抽查方案; no notice makes the dispatch wait for it."""
    desk = make_desk(client_for)
    task = desk.drawn()["task_id"]
    assert "制定抽查方案" in desk.get(desk.lead, f"/tasks/{task}").json["scheme_demanded"]
    assert desk.post(desk.lead, "/dispatches", {"task_id": task}).status_code == 201
    board = f"/dispatches/board?task_id={task}"
    assert "制定抽查方案" in desk.get(desk.partner, board).json["scheme_demanded"]
    send(desk, task)
    assert desk.get(desk.partner, board).json["scheme_demanded"] is None


def test_a_silent_notice_and_a_single_department_ask_for_no_scheme(client_for: Clients) -> None:
    desk, task = opened(client_for)
    kept = db.session.get_one(Task, task)
    assert demanded_of(kept) is not None
    region = db.session.get_one(Region, "632525")
    before, region.profile = region.profile, "xining-chengzhong-2023"
    db.session.commit()
    assert demanded_of(kept) is None
    region.profile = before
    alone = make_entry(departments=(LEAD,), order=27, seq=27)
    db.session.commit()
    single = desk.post(desk.lead, "/tasks", {"plan_entry_id": alone.id}).json
    assert desk.get(desk.lead, f"/tasks/{single['id']}").json["scheme_demanded"] is None
