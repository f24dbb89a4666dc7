"""Does the draw room refuse what it must, and draw what everybody can recompute?"""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from tests.factories import make_account, make_region
from tests.factories.desk import LEAD, PARTNER, attest, make_desk, make_inspector, make_subject

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.trail import TrailEntry, broken_links
from onevisit.draws.bundle import verify
from onevisit.draws.kept import pool_of
from onevisit.draws.keys import draw_key
from onevisit.draws.models import Draw, DrawnInspector
from onevisit.draws.proof import Proof, check_proof
from onevisit.draws.sources import commitment
from onevisit.subjects.models import Subject, SubjectHistory
from onevisit.tasks.models import Task

Clients = Callable[..., Any]


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json


def test_only_the_initiating_departments_desk_prepares(client_for: Clients) -> None:
    desk = make_desk(client_for)
    given = {"task_id": desk.task()["id"], "sources": desk.sources()}
    make_region("410481")
    for who in (desk.partner, desk.lead_deputy, desk.office, make_account(["inspector"], LEAD)):
        refused(desk.post(who, "/draws", given), 403, "auth.forbidden")
    refused(desk.post(make_account(["desk"], "410481-ga"), "/draws", given), 404, "api.not_found")
    refused(desk.post(None, "/draws", given), 401, "auth.login_needed")


def test_unconfirmed_libraries_are_named(client_for: Clients) -> None:
    desk = make_desk(client_for)
    given = {"task_id": desk.task()["id"], "sources": desk.sources()}
    attest(LEAD)
    answer = desk.post(desk.lead, "/draws", given)
    refused(answer, 409, "draws.pool_not_confirmed")
    assert answer.json["missing"] == [
        {"department_id": PARTNER, "library": "subjects"}, {"department_id": PARTNER, "library": "inspectors"},
    ]  # fmt: skip


def test_a_confirmation_serves_one_draw_only(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.prepared()
    assert desk.post(desk.office, f"/draws/{draw['id']}/void", {"reason": "参数填错"}).status_code == 200
    again = desk.post(desk.lead, "/draws", {"task_id": draw["task_id"], "sources": desk.sources()})
    refused(again, 409, "draws.pool_not_confirmed")


def test_an_empty_drum_is_refused(client_for: Clients) -> None:
    desk = make_desk(client_for, subjects=0)
    make_subject(99, state="closed")
    attest(LEAD, PARTNER)
    answer = desk.post(desk.lead, "/draws", {"task_id": desk.task()["id"], "sources": desk.sources()})
    refused(answer, 409, "draws.pool_empty")
    assert answer.json["excluded"] == {"closed": 1}


@pytest.mark.parametrize(
    ("sources", "code"),
    [
        ([{"name": "公安局", "kind": "commit_reveal", "department_id": LEAD}], "draws.sources_too_few"),
        ([{"name": one, "kind": "commit_reveal", "department_id": LEAD} for one in "甲乙"], "draws.parties_not_apart"),
        ([{"name": one, "kind": "commit_reveal", "department_id": None} for one in "甲乙"], "draws.parties_not_apart"),
        ([{"name": "甲", "kind": "commit_reveal", "department_id": LEAD},
          {"name": "乙", "kind": "commit_reveal", "department_id": "410481-ga"}], "draws.party_unknown"),
        *(([{"name": "甲", "kind": "commit_reveal", "department_id": LEAD},
            {"name": name, "kind": "commit_reveal", "department_id": PARTNER}], "draws.source_unnamed")
          for name in ("　", "\u202e", "乙\x1f丙", "乙\n丙")),
    ],
)  # fmt: skip
def test_chance_from_one_party_is_no_chance(
    client_for: Clients, sources: list[dict[str, Any]], code: str
) -> None:
    desk = make_desk(client_for)
    attest(LEAD, PARTNER)
    refused(desk.post(desk.lead, "/draws", {"task_id": desk.task()["id"], "sources": sources}), 422, code)


def test_a_second_draw_beside_a_live_one_is_refused(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.prepared()
    attest(LEAD, PARTNER)
    answer = desk.post(desk.lead, "/draws", {"task_id": draw["task_id"], "sources": desk.sources()})
    refused(answer, 409, "draws.already_prepared")


def test_who_is_left_out_and_why(client_for: Clients) -> None:
    desk = make_desk(client_for)
    make_subject(91, state="deregistered")
    make_subject(92, fields=["餐饮"])
    draw = desk.prepared()
    assert draw["pool"] == {"count": 8, "by_risk": {"A": 2, "B": 2, "C": 2, "D": 2}}
    assert draw["excluded"] == [{"reason": "closed", "label": "已注销、吊销或停业", "count": 1}]
    assert [(one["id"], one["count"]) for one in draw["inspectors"]] == [(LEAD, 3), (PARTNER, 3)]


def test_quotas_come_with_their_arithmetic(client_for: Clients) -> None:
    steps = make_desk(client_for).prepared()["arithmetic"]
    assert steps["planned"] == "8 × 50% = 4"
    assert [(one["risk"], one["ratio"], one["weight"], one["share"], one["quota"]) for one in steps["classes"]] == [
        ("D", "100%", "2", "1.45", 2), ("C", "100%", "2", "1.45", 1), ("B", "50%", "1", "0.73", 1), ("A", "25%", "0.5", "0.36", 0),
    ]  # fmt: skip
    assert steps["quota"] == 4


def test_more_than_planned_needs_a_report_in_advance(client_for: Clients) -> None:
    desk = make_desk(client_for)
    attest(LEAD, PARTNER)
    given = {
        "task_id": desk.task()["id"],
        "sources": desk.sources(),
        "class_ratios": dict.fromkeys("ABCD", "1"),
    }
    answer = desk.post(desk.lead, "/draws", given)
    refused(answer, 409, "draws.above_plan")
    assert (answer.json["planned"], answer.json["resulting"]) == (4, 8)
    allowed = desk.post(desk.lead, "/draws", {**given, "above_plan_reason": "已报备，示例〔2026〕1号"})
    assert allowed.json["arithmetic"]["quota"] == 8


def test_a_party_speaks_only_for_itself(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.prepared()
    path, given = f"/draws/{draw['id']}/commitments", {"source": "公安局", "commitment": "0" * 64}
    refused(desk.post(desk.partner, path, given), 403, "auth.forbidden")
    refused(desk.post(make_account(["desk"], "632525-yj"), path, given), 403, "auth.forbidden")
    assert desk.post(desk.lead_deputy, path, given).status_code == 200
    refused(desk.post(desk.lead, path, given), 409, "draws.commitment_given")
    refused(desk.post(desk.lead, path, {**given, "source": "税务局"}), 404, "draws.source_unknown")


def test_no_commit_before_every_commitment_and_no_reveal_before_the_commit(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.prepared()
    refused(desk.post(desk.lead, f"/draws/{draw['id']}/commit"), 422, "draws.commitment_missing")
    refused(desk.post(desk.partner, f"/draws/{draw['id']}/commit"), 403, "auth.forbidden")
    value = {"source": "公安局", "value": "ab" * 16}
    refused(desk.post(desk.lead, f"/draws/{draw['id']}/reveals", value), 409, "draws.not_committed")


def test_a_reveal_that_does_not_fit_changes_nothing(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.committed()
    given = {"source": "公安局", "value": "00" * 16}
    refused(desk.post(desk.lead, f"/draws/{draw['id']}/reveals", given), 422, "draws.reveal_mismatch")
    refused(
        desk.post(desk.lead, f"/draws/{draw['id']}/reveals", {**given, "value": "xy"}),
        422,
        "draws.reveal_malformed",
    )
    room = desk.get(desk.lead, f"/draws/{draw['id']}").json
    assert [one["state"] for one in room["sources"]] == ["committed", "committed"]


def test_a_reveal_after_the_end_is_refused_and_the_draw_is_voided_by_a_second_person(
    client_for: Clients,
) -> None:
    desk = make_desk(client_for)
    draw = desk.committed()
    with clock.at(clock.now() + timedelta(hours=25)):
        answer = desk.reveal(desk.lead, draw, "公安局")
    refused(answer, 409, "draws.closed")
    refused(
        desk.post(desk.lead, f"/draws/{draw['id']}/void", {"reason": "逾期未揭示"}), 403, "auth.forbidden"
    )
    answer = desk.post(desk.lead_deputy, f"/draws/{draw['id']}/void", {"reason": "卫健局逾期未揭示"})
    assert answer.json["state"] == "voided"
    bundle = desk.get(None, f"/public/draws/{draw['no']}/bundle").json
    assert (bundle["status"], bundle["key"], bundle["selected"]) == ("voided", None, [])
    assert verify(bundle, draw_key().checker()).ok


def test_who_froze_the_drum_may_not_void_it(client_for: Clients) -> None:
    desk = make_desk(client_for)
    desk.lead.roles = ["desk", "deputy_head"]
    db.session.commit()
    draw = desk.prepared()
    refused(
        desk.post(desk.lead, f"/draws/{draw['id']}/void", {"reason": "参数填错"}),
        403,
        "draws.second_person_needed",
    )


def test_the_last_reveal_draws_and_everybody_can_recompute_it(client_for: Clients, app: Flask) -> None:
    desk = make_desk(client_for)
    room = desk.drawn()
    assert (room["state"], room["drawn_count"], sum(one["quota"] for one in room["classes"])) == (
        "drawn",
        4,
        4,
    )
    full = desk.get(desk.office, f"/draws/{room['id']}/bundle").json
    checked = verify(full, draw_key().checker())
    assert checked.ok, checked.failed
    assert checked.warned == []
    public = desk.get(None, f"/public/draws/{room['no']}/bundle")
    assert verify(public.json, draw_key().checker()).ok
    assert "示例旅馆" not in public.get_data(as_text=True)
    assert "salt" not in public.get_data(as_text=True)
    assert db.session.get_one(Task, room["task_id"]).state == "drawn"
    events = [
        one.event
        for one in db.session.query(TrailEntry).filter_by(object_id=room["id"]).order_by(TrailEntry.position)
    ]
    assert events == [
        "draw.prepared", "draw.commitment_given", "draw.commitment_given", "draw.committed", "draw.revealed",
        "draw.revealed", "draw.drawn",
    ]  # fmt: skip
    assert broken_links() == []


def test_the_public_finds_a_tasks_draws(client_for: Clients) -> None:
    desk = make_desk(client_for)
    room = desk.drawn()
    card = desk.get(None, f"/public/draws/{room['no']}").json
    assert [one["no"] for one in desk.get(None, f"/public/draws?task={card['task_no']}").json["items"]] == [
        room["no"]
    ]
    assert desk.get(None, "/public/draws?task=another").json["items"] == []


def test_every_drawn_subject_has_its_own_proof(client_for: Clients) -> None:
    desk = make_desk(client_for)
    room = desk.drawn()
    public = desk.get(None, f"/public/draws/{room['no']}/bundle").json
    proofs = desk.get(desk.lead, f"/draws/{room['id']}/proofs").json["items"]
    assert len(proofs) == 4
    assert all(check_proof(Proof.from_text(one["proof"]), public).ok for one in proofs)


def test_names_only_on_request_of_those_who_go_there(client_for: Clients) -> None:
    desk = make_desk(client_for)
    third = make_account(["desk"], "632525-sj")
    sources = [*desk.sources()[:1], {"name": "审计局", "kind": "commit_reveal", "department_id": "632525-sj"}]
    draw = desk.prepared(sources=sources)
    desk.secrets = {"公安局": "ab" * 16, "审计局": "cd" * 16}
    for who, name in ((desk.lead, "公安局"), (third, "审计局")):
        value = commitment(draw["no"], name, desk.secrets[name])
        assert (
            desk.post(
                who, f"/draws/{draw['id']}/commitments", {"source": name, "commitment": value}
            ).status_code
            == 200
        )
    desk.post(desk.lead, f"/draws/{draw['id']}/commit")
    desk.reveal(third, draw, "审计局")
    assert desk.reveal(desk.lead, draw, "公安局").json["names_shown"] is False
    assert desk.get(third, f"/draws/{draw['id']}?names=true").json["names_shown"] is False
    refused(desk.get(third, f"/draws/{draw['id']}/visits"), 403, "auth.forbidden")
    shown = desk.get(desk.partner, f"/draws/{draw['id']}/visits").json
    assert shown["items"][0]["subject"]["name"].startswith("示例旅馆")
    refused(desk.get(third, f"/draws/{draw['id']}/proofs"), 403, "auth.forbidden")
    refused(desk.get(make_account(["desk"], "632525-yj"), f"/draws/{draw['id']}"), 403, "auth.forbidden")


def test_each_part_gets_its_inspectors_and_a_recused_one_stays_away(client_for: Clients) -> None:
    desk = make_desk(client_for)
    everything = [one.id for one in db.session.query(Subject)]
    recused = make_inspector(LEAD, 50, recusals=everything)
    late = make_inspector(LEAD, 51, valid_to=date(2026, 11, 29))
    room = desk.drawn()
    rows = db.session.query(DrawnInspector).filter_by(draw_id=room["id"]).all()
    assert len(rows) == 4 * 2 * 2
    assert not {recused.id, late.id} & {row.inspector_id for row in rows}


def test_a_shortfall_is_on_record_and_filled_by_the_departments_own_deputy(client_for: Clients) -> None:
    desk = make_desk(client_for, inspectors=1)
    room = desk.drawn()
    short = {one["department"]["id"]: one for one in room["shortfalls"]}
    assert {one: (short[one]["missing"], short[one]["left"]) for one in short} == {
        LEAD: (4, 4),
        PARTNER: (4, 4),
    }
    spare, leaf = make_inspector(LEAD, 9), short[LEAD]["visits"][0]["leaf"]
    given = {"leaf": leaf, "inspector_id": spare.id, "reason": "本部门仅一人在岗，另派一人"}
    path = f"/draws/{room['id']}/appointments"
    refused(desk.post(desk.lead, path, given), 403, "auth.forbidden")
    refused(desk.post(desk.partner_deputy, path, given), 403, "auth.forbidden")
    expired = make_inspector(LEAD, 10, valid_to=None)
    refused(
        desk.post(desk.lead_deputy, path, {**given, "inspector_id": expired.id}),
        409,
        "draws.certificate_expires",
    )
    answer = desk.post(desk.lead_deputy, path, given)
    assert [one["kind"] for one in answer.json["events"]] == ["appointed"]
    assert {one["department"]["id"]: one["left"] for one in answer.json["shortfalls"]} == {
        LEAD: 3,
        PARTNER: 4,
    }
    refused(
        desk.post(desk.lead_deputy, path, {**given, "inspector_id": make_inspector(LEAD, 11).id}),
        409,
        "draws.no_shortfall",
    )
    assert verify(desk.get(desk.lead, f"/draws/{room['id']}/bundle").json, draw_key().checker()).ok


def test_a_drawn_list_stands(client_for: Clients) -> None:
    desk = make_desk(client_for)
    room = desk.drawn()
    refused(
        desk.post(desk.office, f"/draws/{room['id']}/void", {"reason": "想重抽"}), 409, "draws.list_fixed"
    )
    refused(desk.reveal(desk.lead, room, "公安局"), 409, "draws.not_committed")


def test_a_public_result_is_typed_by_two_people(client_for: Clients) -> None:
    desk = make_desk(client_for)
    sources = [*desk.sources()[:1], {"name": "示例开奖第1期", "kind": "lottery", "department_id": None}]
    draw = desk.prepared(sources=sources)
    desk.secrets = {"公安局": "ab" * 16}
    value = commitment(draw["no"], "公安局", desk.secrets["公安局"])
    desk.post(desk.lead, f"/draws/{draw['id']}/commitments", {"source": "公安局", "commitment": value})
    assert desk.post(desk.lead, f"/draws/{draw['id']}/commit").status_code == 200
    desk.reveal(desk.lead, draw, "公安局")
    path, given = f"/draws/{draw['id']}/reveals", {"source": "示例开奖第1期", "value": "03 06  08 12 17 31"}
    once = desk.post(desk.lead, path, given).json
    assert [one["state"] for one in once["sources"]] == ["revealed", "typed_once"]
    assert desk.post(desk.lead, path, given).json["state"] == "committed"
    refused(
        desk.post(desk.office, path, {**given, "value": "03 06 08 12 17 32"}), 409, "draws.typed_differently"
    )
    done = desk.post(desk.office, path, {**given, "value": "０３ 06 08 12 17 31"}).json
    assert (done["state"], done["sources"][1]["value"]) == ("drawn", "03 06 08 12 17 31")


def remember(subject: Subject, times: int, *departments: str) -> None:
    """The subject was checked so often this year, each time by these departments."""
    db.session.add_all(
        SubjectHistory(
            subject_id=subject.id, visit_id=f"示例{number}", department_id=one, day=clock.today(), task_name="示例",
            outcomes=[],
        )
        for number in range(times)
        for one in departments
    )  # fmt: skip
    db.session.commit()


def test_a_cap_is_drawn_over_only_with_a_reason_that_a_second_person_approved(client_for: Clients) -> None:
    make_region("632525", profile="pingdingshan-2020")
    desk = make_desk(client_for)
    remember(db.session.query(Subject).order_by(Subject.id).first(), 2, LEAD, PARTNER)
    task = desk.task()
    (cap,) = desk.get(desk.lead, f"/draws/readiness?task_id={task['id']}").json["caps"]
    assert (cap["cap"], cap["most"], cap["reached"], cap["override"]) == ("joint_cap", 2, 1, None)
    assert "一般不超过两次" in cap["sentence"]
    given = {"task_id": task["id"], "cap": "joint_cap", "department_id": LEAD, "reason": "有投诉举报"}
    refused(desk.post(desk.partner, "/draws/overrides", given), 403, "auth.forbidden")
    refused(
        desk.post(desk.lead, "/draws/overrides", {**given, "cap": "department_cap"}), 409, "draws.no_such_cap"
    )
    asked = desk.post(desk.lead_deputy, "/draws/overrides", given).json
    refused(desk.post(desk.lead, "/draws/overrides", given), 409, "draws.override_waiting")
    path = f"/draws/overrides/{asked['id']}/decision"
    refused(desk.post(desk.lead_deputy, path, {"approved": True}), 403, "draws.second_person_needed")
    refused(desk.post(desk.partner_deputy, path, {"approved": True}), 403, "auth.forbidden")
    second = make_account(["deputy_head"], LEAD)
    refused(desk.post(second, path, {"approved": False}), 422, "draws.answer_needed")
    attest(LEAD, PARTNER)
    before = desk.post(desk.lead, "/draws", {"task_id": task["id"], "sources": desk.sources()}).json
    assert [(one["reason"], one["count"]) for one in before["excluded"]] == [("joint_cap", 1)]
    desk.post(desk.office, f"/draws/{before['id']}/void", {"reason": "投诉举报需要纳入"})
    assert desk.post(second, path, {"approved": True}).json["approved"] is True
    refused(desk.post(second, path, {"approved": True}), 409, "draws.already_decided")
    attest(LEAD, PARTNER)
    again = desk.post(desk.lead, "/draws", {"task_id": task["id"], "sources": desk.sources()}).json
    assert (again["excluded"], again["pool"]["count"], again["remarks"]["over_cap"]) == ([], 8, "有投诉举报")
    assert [one["reason"] for one in again["voided_before"]] == ["投诉举报需要纳入"]
    assert again["no"].endswith("-2")


def test_a_check_by_one_department_counts_towards_no_joint_cap(client_for: Clients) -> None:
    make_region("632525", profile="pingdingshan-2020")
    desk = make_desk(client_for)
    remember(db.session.query(Subject).order_by(Subject.id).first(), 3, LEAD)
    assert desk.prepared()["excluded"] == []


def test_a_department_may_set_a_cap_of_its_own(client_for: Clients) -> None:
    desk = make_desk(client_for)
    remember(db.session.query(Subject).order_by(Subject.id).first(), 1, PARTNER)
    given = {"most": 1, "ground": "示例：本部门规定"}
    refused(desk.client_for(desk.partner).put("/api/draws/cap", json=given), 403, "auth.forbidden")
    assert desk.client_for(desk.partner_deputy).put("/api/draws/cap", json=given).status_code == 200
    draw = desk.prepared()
    assert [(one["reason"], one["count"]) for one in draw["excluded"]] == [("department_cap", 1)]
    (row,) = desk.get(desk.lead, f"/draws/{draw['id']}/list?part=excluded&reason=department_cap").json[
        "items"
    ]
    assert row["note"] == "已达部门自定的年度检查次数上限"


def test_batches_of_a_yearly_ratio_leave_out_whom_earlier_ones_drew(client_for: Clients) -> None:
    desk = make_desk(client_for, frequency={"times": 2, "per": "year", "ratio_per": "year"}, subjects=12)
    attest(LEAD, PARTNER)
    totals = []
    for period in (1, 2):
        task = desk.post(desk.lead, "/tasks", {"plan_entry_id": desk.entry.id, "period": period}).json
        desk.task = lambda task=task: task  # type: ignore[method-assign]
        room = desk.drawn()
        totals.append((room["pool"]["count"], room["drawn_count"], room["excluded_count"]))
    assert totals[0][0] == 12
    assert totals[1][0] == 12 - totals[0][1]
    assert totals[1][2] == totals[0][1]
    assert totals[0][1] + totals[1][1] == 6


def test_the_library_changes_since_the_last_draw_are_counted(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.committed()
    assert draw["changes"] == {"since": None, "added": 0, "removed": 0, "changed": 0}
    desk.post(desk.office, f"/draws/{draw['id']}/void", {"reason": "卫健局代表缺席"})
    subject = db.session.query(Subject).first()
    subject.name = "示例旅馆改名"
    db.session.commit()
    make_subject(77)
    attest(LEAD, PARTNER)
    again = desk.post(desk.lead, "/draws", {"task_id": draw["task_id"], "sources": desk.sources()}).json
    assert again["changes"] == {"since": draw["no"], "added": 1, "removed": 0, "changed": 1}


def test_the_public_list_shows_voided_draws_with_their_reason(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.committed()
    desk.post(desk.office, f"/draws/{draw['id']}/void", {"reason": "卫健局代表缺席"})
    (item,) = desk.get(None, "/public/draws?region=632525").json["items"]
    assert (item["no"], item["state"], item["void_reason"]) == (draw["no"], "voided", "卫健局代表缺席")
    assert item["commit_hash"] == draw["commit_hash"]


def test_readiness_says_what_a_draw_would_find(client_for: Clients) -> None:
    desk = make_desk(client_for)
    task = desk.task()
    attest(LEAD)
    found = desk.get(desk.partner, f"/draws/readiness?task_id={task['id']}").json
    assert [(one["department"]["id"], one["library"], one["fresh"]) for one in found["attestations"]] == [
        (LEAD, "subjects", True), (PARTNER, "subjects", False), (LEAD, "inspectors", True), (PARTNER, "inspectors", False),
    ]  # fmt: skip
    assert (found["pool"]["count"], found["arithmetic"]["quota"]) == (8, 4)


def test_of_two_last_reveals_at_once_one_draws_and_the_other_gets_a_problem(
    client_for: Clients, app: Flask
) -> None:
    desk = make_desk(client_for)
    draw = desk.committed()
    desk.reveal(desk.lead, draw, "公安局")
    clients, answers = [client_for(desk.partner), client_for(desk.partner)], []
    value = {"source": "卫健局", "value": desk.secrets["卫健局"]}
    db.session.remove()
    together = threading.Barrier(2)

    def go(client: Any) -> None:
        together.wait()
        answers.append(client.post(f"/api/draws/{draw['id']}/reveals", json=value))

    threads = [threading.Thread(target=go, args=(client,)) for client in clients]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert db.session.query(TrailEntry).filter_by(event="draw.drawn").count() == 1
    assert db.session.query(DrawnInspector).filter_by(draw_id=draw["id"]).count() == 16


def test_the_key_is_readable_by_the_server_only(app: Flask) -> None:
    draw_key()
    assert (app.config["ONEVISIT"].var / "draw-key.pem").stat().st_mode & 0o777 == 0o600


def test_the_frozen_lists_are_not_touched_by_later_edits(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.committed()
    before = pool_of(db.session.get_one(Draw, draw["id"])).as_json()
    db.session.query(Subject).update({"risk": "D"})
    db.session.commit()
    room = desk.reveal(desk.lead, draw, "公安局").json
    assert room["pool"]["by_risk"] == {"A": 2, "B": 2, "C": 2, "D": 2}
    assert pool_of(db.session.get_one(Draw, draw["id"])).as_json() == before
