"""Are inspectors drawn in the order that the region's rules name, each draw with its own commit and checkable by itself?"""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.factories import make_account, make_department, make_region
from tests.factories.desk import LEAD, PARTNER, Desk, attest, make_desk, make_inspector, make_item

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.models import TeamMember, Visit
from onevisit.draws.bundle import verify
from onevisit.draws.keys import draw_key
from onevisit.draws.models import Draw, DrawnInspector, DrawnSubject
from onevisit.draws.orders import exceptions_of, orders_offered
from onevisit.draws.queries import teams_of
from onevisit.draws.sources import commitment
from onevisit.inspectors.models import Inspector
from onevisit.tasks.models import Task

Clients = Callable[..., Any]
S1, S2, S3 = "xining-chengzhong-2023", "pingdingshan-2020", "yuanping-2024"
ELSEWHERE = "630103-ga"


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json


def desk_in(profile: str | None, client_for: Clients, **over: Any) -> Desk:
    make_region("632525", profile=profile)
    return make_desk(client_for, **over)


def finish(desk: Desk, answer: Any, holder: Any) -> dict[str, Any]:
    """Commitments, commit and reveals of a prepared draw by both departments."""
    assert answer.status_code == 201, answer.json
    draw = answer.json
    parties = {"公安局": desk.lead, "卫健局": desk.partner}
    for one in draw["sources"]:
        value = secrets.token_hex(16)
        desk.secrets[one["name"]] = value
        given = {"source": one["name"], "commitment": commitment(draw["no"], one["name"], value)}
        assert desk.post(parties[one["name"]], f"/draws/{draw['id']}/commitments", given).status_code == 200
    done = desk.post(holder, f"/draws/{draw['id']}/commit")
    assert done.status_code == 200, done.json
    for one in draw["sources"]:
        done = desk.reveal(parties[one["name"]], draw, one["name"])
        assert done.status_code == 200, done.json
    return dict(done.json)


def checked(desk: Desk, *draws: dict[str, Any]) -> None:
    """The last draw's full bundle is right, given those that it rests on; and so is its public one."""
    texts = [desk.get(desk.office, f"/draws/{one['id']}/bundle").json for one in draws]
    found = verify(texts[-1], draw_key().checker(), earlier=texts[:-1])
    assert (found.failed, found.warned) == ([], []), [one.detail for one in found.checks if one.detail]
    public = desk.get(None, f"/public/draws/{draws[-1]['no']}/bundle").json
    assert verify(public, draw_key().checker()).failed == []


@pytest.mark.parametrize(
    ("order", "drawn_by", "offered"),
    [
        (["draw_subjects", "dispatch_to_departments", "claim_compare_confirm", "draw_inspectors"], None, ["after_claim"]),
        (["make_task", "draw_subjects_and_inspectors"], ["initiating_department_for_all", "each_department_for_itself"],
         ["together", "by_department"]),
        (["draw_subjects", "match_inspectors", "dispatch_by_mode"], ["platform_random_match"], ["together"]),
        (["draw_subjects", "draw_inspectors", "match", "dispatch", "claim_compare_confirm"], None, ["together"]),
        (None, None, ["together"]),
    ],
)  # fmt: skip
def test_the_profile_says_which_orders_there_are(order: Any, drawn_by: Any, offered: list[str]) -> None:
    assert [one.value for one in orders_offered(order, drawn_by)] == offered


def test_a_class_is_waived_only_where_the_profile_says_so() -> None:
    rules = {
        "A": {"on_site": "not_on_own_initiative", "except": ["complaint_or_report"]},
        "D": {"on_site": "x"},
    }
    assert exceptions_of(rules, "A") == ("complaint_or_report",)
    assert [exceptions_of(given, risk) for given, risk in ((rules, "D"), (rules, "B"), (None, "A"))] == [
        None
    ] * 3


def test_an_order_that_the_rules_do_not_name_is_refused(client_for: Clients) -> None:
    desk = desk_in(S3, client_for)
    attest(LEAD, PARTNER)
    given = {"task_id": desk.task()["id"], "sources": desk.sources(), "order": "by_department"}
    refused(desk.post(desk.lead, "/draws", given), 409, "draws.order_not_offered")


def test_each_department_draws_its_own_inspectors(client_for: Clients) -> None:
    desk = desk_in(S2, client_for)
    base = desk.drawn(order="by_department")
    assert (base["kind"], base["inspectors"], base["shortfalls"]) == ("subjects", [], [])
    assert db.session.query(DrawnInspector).count() == 0
    checked(desk, base)
    refused(
        desk.post(desk.lead, "/dispatches", {"task_id": base["task_id"]}), 409, "dispatches.no_inspectors"
    )
    path, given = f"/draws/{base['id']}/inspectors", {"sources": desk.sources()}
    refused(desk.post(make_account(["desk"], "632525-yj"), path, given), 403, "auth.forbidden")
    refused(desk.post(desk.partner, path, {**given, "departments": [LEAD]}), 403, "auth.forbidden")
    attest(LEAD, PARTNER)
    own = finish(desk, desk.post(desk.partner, path, given), desk.partner)
    assert [one["id"] for one in own["departments"]] == [PARTNER]
    assert db.session.get_one(Draw, own["id"]).commit["subjects_draw"] == base["commit_hash"]
    checked(desk, base, own)
    refused(desk.post(desk.partner, path, given), 409, "draws.already_prepared")
    refused(
        desk.post(desk.lead, "/dispatches", {"task_id": base["task_id"]}), 409, "dispatches.no_inspectors"
    )
    room = desk.get(desk.lead, f"/draws/{base['id']}").json
    assert [(one["department"]["id"], bool(one["draw"])) for one in room["inspector_draws"]] == [
        (LEAD, False),
        (PARTNER, True),
    ]
    lead = finish(desk, desk.post(desk.lead, path, given), desk.lead)
    checked(desk, base, lead)
    assert desk.post(desk.lead, "/dispatches", {"task_id": base["task_id"]}).status_code == 201
    visit = db.session.query(Visit).order_by(Visit.order).first()
    assert db.session.get_one(Inspector, visit.leader_id).department_id == LEAD
    assert len(visit.team) == 4


def test_whose_inspectors_are_not_confirmed_may_not_draw_them(client_for: Clients) -> None:
    desk = desk_in(S2, client_for)
    base = desk.drawn(order="by_department")
    db.session.query(Task).one()
    own = desk.post(desk.partner, f"/draws/{base['id']}/inspectors", {"sources": desk.sources()})
    assert own.status_code == 201, own.json  # confirmed before the subjects' draw, and not used by it
    desk.post(desk.office, f"/draws/{own.json['id']}/void", {"reason": "卫健局代表缺席"})
    again = desk.post(desk.partner, f"/draws/{base['id']}/inspectors", {"sources": desk.sources()})
    refused(again, 409, "draws.pool_not_confirmed")
    assert [one["library"] for one in again.json["missing"]] == ["inspectors"]


def test_inspectors_are_drawn_after_the_claim(client_for: Clients) -> None:
    desk = desk_in(S1, client_for)
    base = desk.drawn()
    assert (base["kind"], base["order"]) == ("subjects", "after_claim")
    path = f"/draws/{base['id']}/inspectors"
    given = {"sources": desk.sources(), "departments": [LEAD, PARTNER]}
    refused(desk.post(desk.lead, path, given), 409, "draws.not_claimed")
    assert desk.post(desk.lead, "/dispatches", {"task_id": base["task_id"]}).status_code == 201
    visits = db.session.query(Visit).order_by(Visit.order).all()
    assert [(one.leader_id, one.team) for one in visits] == [(None, [])] * 4
    assert desk.post(desk.lead, "/dispatches/claim-all", {"task_id": base["task_id"]}).status_code == 200
    answer = desk.post(desk.lead, path, given)
    refused(answer, 409, "draws.not_claimed")
    assert answer.json["departments"] == [PARTNER]
    assert desk.post(desk.partner, "/dispatches/claim-all", {"task_id": base["task_id"]}).status_code == 200
    attest(LEAD, PARTNER)
    drawn = finish(desk, desk.post(desk.lead, path, given), desk.lead)
    checked(desk, base, drawn)
    db.session.expire_all()
    teams = teams_of(db.session.get_one(Draw, base["id"]))
    for visit in db.session.query(Visit):
        members = db.session.query(TeamMember).filter_by(visit_id=visit.id).order_by(TeamMember.order).all()
        expected = [person for one in (LEAD, PARTNER) for person in teams[visit.subject_leaf, one]]
        assert [one.inspector_id for one in members] == expected
        assert visit.leader_id == teams[visit.subject_leaf, LEAD][0]


def test_who_is_appointed_after_the_dispatch_stands_on_the_visit(client_for: Clients) -> None:
    """S1: subjects, dispatch, claim, inspectors; nobody of the lead's was free, so that the leader is appointed too."""
    desk = desk_in(S1, client_for, inspectors=0)
    make_inspector(PARTNER, 1)
    make_inspector(PARTNER, 2)
    only = make_inspector(LEAD, 1)
    base = desk.drawn()
    leaf = db.session.query(DrawnSubject).order_by(DrawnSubject.order).first().leaf
    only.recusals = [db.session.query(DrawnSubject).filter_by(leaf=leaf).one().subject_id]
    db.session.commit()
    assert desk.post(desk.lead, "/dispatches", {"task_id": base["task_id"]}).status_code == 201
    for who in (desk.lead, desk.partner):
        assert desk.post(who, "/dispatches/claim-all", {"task_id": base["task_id"]}).status_code == 200
    attest(LEAD, PARTNER)
    path, given = (
        f"/draws/{base['id']}/inspectors",
        {"sources": desk.sources(), "departments": [LEAD, PARTNER]},
    )
    drawn = finish(desk, desk.post(desk.lead, path, given), desk.lead)
    assert {one["department"]["id"]: one["left"] for one in drawn["shortfalls"]} == {LEAD: 5}
    visit = db.session.query(Visit).filter_by(subject_leaf=leaf).one()
    assert (visit.leader_id, len(visit.team)) == (None, 2)
    first, second = make_inspector(LEAD, 50), make_inspector(LEAD, 51)
    for one in (first, second):
        appointed = {"leaf": leaf, "inspector_id": one.id, "reason": "本部门人手不足，另派"}
        answer = desk.post(desk.lead_deputy, f"/draws/{drawn['id']}/appointments", appointed)
        assert answer.status_code == 200, answer.json
    db.session.expire_all()
    visit, _part = db.session.query(Visit).filter_by(subject_leaf=leaf).one(), LEAD
    assert [one.inspector_id for one in visit.team if one.department_id == LEAD] == [first.id, second.id]
    assert (visit.leader_id, next(one.leader_id for one in visit.parts if one.department_id == LEAD)) == (
        first.id,
        first.id,
    )
    told = db.session.query(TrailEntry).filter_by(event="team.completed", object_id=visit.id).all()
    assert [one.facts["inspector"] for one in told] == [first.id, second.id]
    next(one for one in visit.parts if one.department_id == LEAD).state = "locked"
    other = next(one for one in visit.team if one.inspector_id == second.id)
    other.removed_at = visit.dispatched_at
    db.session.query(DrawnInspector).filter_by(inspector_id=second.id).delete()
    db.session.commit()
    late = {"leaf": leaf, "inspector_id": make_inspector(LEAD, 52).id, "reason": "补派"}
    refused(
        desk.post(desk.lead_deputy, f"/draws/{drawn['id']}/appointments", late),
        409,
        "dispatches.part_closed",
    )
    assert db.session.query(DrawnInspector).filter_by(leaf=leaf, department_id=LEAD).count() == 1


def test_a_shortfall_is_drawn_over_a_neighbours_library(client_for: Clients) -> None:
    desk = desk_in(S3, client_for, inspectors=1)
    make_region("630103")
    make_department(ELSEWHERE)
    room = desk.drawn()
    helpers = {make_inspector(ELSEWHERE, number).id for number in range(3)}
    path, given = f"/draws/{room['id']}/widened", {"sources": desk.sources()}
    refused(desk.post(desk.lead, path, given), 409, "draws.no_neighbour")
    declared = {"department_id": LEAD, "neighbour_id": ELSEWHERE, "ground": "示例协作协议"}
    refused(desk.post(desk.lead, "/draws/neighbours", declared), 403, "auth.forbidden")
    refused(
        desk.post(desk.office, "/draws/neighbours", {**declared, "neighbour_id": PARTNER}),
        409,
        "draws.not_a_neighbour",
    )
    assert desk.post(desk.office, "/draws/neighbours", declared).status_code == 201
    refused(desk.post(desk.office, "/draws/neighbours", declared), 409, "draws.neighbour_known")
    attest(LEAD, PARTNER)
    prepared = desk.post(desk.lead, path, given)
    spare = make_inspector(LEAD, 40)
    leaf = room["shortfalls"][0]["visits"][0]["leaf"]
    appointed = {"leaf": leaf, "inspector_id": spare.id, "reason": "本部门另派一人"}
    refused(
        desk.post(desk.lead_deputy, f"/draws/{room['id']}/appointments", appointed),
        409,
        "draws.widening_under_way",
    )
    wider = finish(desk, prepared, desk.lead)
    checked(desk, room, wider)
    added = db.session.query(DrawnInspector).filter_by(chosen_in=wider["id"]).all()
    assert len(added) == 4
    assert {one.inspector_id for one in added} <= helpers
    assert {one.department_id for one in added} == {LEAD}
    again = desk.get(desk.lead, f"/draws/{room['id']}").json
    assert {one["department"]["id"]: one["left"] for one in again["shortfalls"]} == {LEAD: 0, PARTNER: 4}


def test_nobody_qualified_is_said_before_anything_is_frozen(client_for: Clients) -> None:
    desk = make_desk(client_for, inspectors=0)
    make_inspector(LEAD, 1)
    make_inspector(PARTNER, 1, valid_to=date(2026, 11, 29))
    make_inspector(PARTNER, 2, state="left")
    attest(LEAD, PARTNER)
    answer = desk.post(desk.lead, "/draws", {"task_id": desk.task()["id"], "sources": desk.sources()})
    refused(answer, 409, "draws.nobody_qualified")
    assert answer.json["departments"] == [PARTNER]
    assert "不在岗 1 人" in answer.json["detail"]
    assert "到期 1 人" in answer.json["detail"]
    assert db.session.query(Draw).count() == 0


def test_an_item_that_demands_a_speciality_gets_somebody_who_has_it(client_for: Clients) -> None:
    items = [make_item(LEAD, "示例事项"), make_item(PARTNER, "示例特种设备事项")]
    items[1].speciality = "特种设备"
    db.session.commit()
    desk = make_desk(client_for, items=items, inspectors=4)
    master = make_inspector(PARTNER, 30, specialities=["特种设备"])
    room = desk.drawn()
    assert [(one["department"]["id"], one["speciality"]) for one in room["specialities"]] == [
        (PARTNER, "特种设备")
    ]
    rows = (
        db.session.query(DrawnInspector).filter_by(draw_id=room["id"], department_id=PARTNER, order=0).all()
    )
    assert {one.inspector_id for one in rows} == {master.id}
    checked(desk, room)


def test_what_follows_the_lot_stands_on_the_record(client_for: Clients) -> None:
    desk = desk_in(S3, client_for, inspectors=4)
    room = desk.drawn(class_ratios=dict.fromkeys("ABCD", "1"), above_plan_reason="已报备")
    visits = desk.get(desk.lead, f"/draws/{room['id']}/visits").json
    exceptions = [one["code"] for one in visits["waivable"]]
    assert len(exceptions) == 4
    safe, risky = (next(one for one in visits["items"] if one["risk"] == risk) for risk in "AD")
    path, given = f"/draws/{room['id']}/waivers", {"reason": "低风险，近期无投诉", "none_holds": exceptions}
    refused(desk.post(desk.partner_deputy, path, {**given, "leaf": safe["leaf"]}), 403, "auth.forbidden")
    refused(desk.post(desk.lead_deputy, path, {**given, "leaf": risky["leaf"]}), 409, "draws.not_waivable")
    short = {**given, "leaf": safe["leaf"], "none_holds": exceptions[1:]}
    refused(desk.post(desk.lead_deputy, path, short), 409, "draws.exception_open")
    assert desk.post(desk.lead_deputy, path, {**given, "leaf": safe["leaf"]}).status_code == 200
    refused(desk.post(desk.lead_deputy, path, {**given, "leaf": safe["leaf"]}), 409, "draws.already_waived")
    expert = {
        "leaf": risky["leaf"],
        "kind": "expert",
        "name": "示例·专业人员",
        "reason": "压力容器需要专业判断",
    }
    assert desk.post(desk.partner, f"/draws/{room['id']}/assistants", expert).status_code == 200
    refused(
        desk.post(make_account(["desk"], "632525-yj"), f"/draws/{room['id']}/assistants", expert),
        403,
        "auth.forbidden",
    )
    again = desk.get(desk.lead, f"/draws/{room['id']}").json
    assert [one["kind"] for one in again["events"]] == ["waived", "assisted"]
    public = desk.get(None, f"/public/draws/{room['no']}/bundle").get_data(as_text=True)
    assert "专业人员" not in public
    checked(desk, room)
    desk.post(desk.lead, "/dispatches", {"task_id": room["task_id"]})
    assert db.session.query(Visit).filter_by(subject_leaf=safe["leaf"]).count() == 0
    assert db.session.query(Visit).count() == 7


def test_a_replacement_is_approved_by_the_deputy_head_who_did_not_ask(client_for: Clients) -> None:
    desk = desk_in(S2, client_for, inspectors=4)
    room = desk.drawn()
    visit = desk.get(desk.partner, f"/draws/{room['id']}/visits").json["items"][0]
    team = [one["id"] for one in visit["team"] if one["department_id"] == LEAD]
    spare = next(
        one.id for one in db.session.query(Inspector).filter_by(department_id=LEAD) if one.id not in team
    )
    path = f"/draws/{room['id']}/replacements"
    given = {
        "leaf": visit["leaf"],
        "out_id": team[0],
        "in_id": spare,
        "cause": "health",
        "note": "示例：住院",
    }
    refused(desk.post(desk.partner, path, given), 403, "auth.forbidden")
    refused(desk.post(desk.lead, path, {**given, "cause": "other", "note": " "}), 422, "draws.cause_needed")
    refused(desk.post(desk.lead, path, {**given, "in_id": team[1]}), 409, "draws.already_on_visit")
    other = make_inspector(PARTNER, 60).id
    refused(desk.post(desk.lead, path, {**given, "in_id": other}), 409, "draws.other_department")
    expired = make_inspector(LEAD, 61, valid_to=None).id
    refused(desk.post(desk.lead, path, {**given, "in_id": expired}), 409, "draws.certificate_expires")
    (asked,) = desk.post(desk.lead_deputy, path, given).json["items"]
    refused(desk.post(desk.lead, path, given), 409, "draws.replacement_waiting")
    decision = f"/draws/replacements/{asked['id']}/decision"
    refused(desk.post(desk.lead_deputy, decision, {"approved": True}), 403, "draws.second_person_needed")
    refused(desk.post(desk.partner_deputy, decision, {"approved": True}), 403, "auth.forbidden")
    second = make_account(["deputy_head"], LEAD)
    refused(desk.post(second, decision, {"approved": False}), 422, "draws.answer_needed")
    assert desk.post(second, decision, {"approved": True}).json["items"][0]["approved"] is True
    refused(desk.post(second, decision, {"approved": True}), 409, "draws.already_decided")
    after = desk.get(desk.lead, f"/draws/{room['id']}/visits").json["items"][0]["team"]
    own = [(one["id"], one["leads"], one["replaced"]) for one in after if one["department_id"] == LEAD]
    assert own == [(spare, True, True), (team[1], False, False)]
    bundle = desk.get(desk.office, f"/draws/{room['id']}/bundle").json
    assert [(one["kind"], one["reason"]) for one in bundle["events"]] == [("replaced", "健康状况")]
    assert "住院" not in str(bundle)
    assert [team["inspectors"] for team in bundle["teams"]] != []
    checked(desk, room)
    assert db.session.query(TrailEntry).filter_by(event="draw.inspector_replaced").count() == 1
    desk.post(desk.lead, "/dispatches", {"task_id": room["task_id"]})
    first = db.session.query(Visit).order_by(Visit.order).first()
    assert first.leader_id == spare
