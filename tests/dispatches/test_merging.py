"""A subject drawn in two open tasks: is it visited once, with one record, and does each task keep its results?"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from tests.factories import make_account, make_region
from tests.factories.desk import LEAD, PARTNER, make_item
from tests.factories.journey import make_journey
from tests.factories.visits import Scene, make_scene, make_task

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.dispatches.models import Part, Visit, VisitMerge
from onevisit.dispatches.queries import numbers_in_year
from onevisit.items.models import Checklist
from onevisit.plans.models import PlanEntry
from onevisit.plans.reading_models import PlanScheme, PlanSchemeEntry
from onevisit.tasks.models import TaskItem
from onevisit.visits.package import build_package

Clients = Callable[..., Any]
FIRE = "632525-xf"


def two_scenes(sensitive: bool = False) -> tuple[Scene, Scene]:
    """The same hotel in two tasks; the second one also has an item of the fire brigade."""
    first = make_scene()
    task = make_task(sensitive=sensitive)
    item = make_item(FIRE, "消防安全检查")
    pinned = db.session.query(Checklist).filter_by(item_id=item.id).one()
    task.items.append(TaskItem(order=9, department_id=FIRE, item_id=item.id, checklist_id=pinned.id))
    second = make_scene(task, subject_id=first.visit.subject_id)
    second.visit.parts.append(Part(department_id=FIRE, order=2, claim_due=second.visit.due))
    db.session.commit()
    return first, second


def proposals(client_for: Clients, who: Any = None) -> list[dict[str, Any]]:
    """What the joint office, or somebody else, is shown."""
    who = who or make_account(["joint_office"], "632525-scjg")
    return list(client_for(who).get("/api/dispatches/merges").json["items"])


def decide(client_for: Clients, what: str, reason: str | None = None, who: Any = None) -> Any:
    """One click on the only proposal."""
    (one,) = proposals(client_for)
    who = who or make_account(["desk"], LEAD)
    given = {"json": {"reason": reason}} if reason is not None else {}
    return client_for(who).post(f"/api/dispatches/merges/{one['id']}/{what}", **given)


def test_only_an_initiating_desk_or_the_joint_office_decides(client_for: Clients) -> None:
    two_scenes()
    make_region("410481")
    refused = [
        (make_account(["desk"], PARTNER), 403), (make_account(["deputy_head"], LEAD), 403),
        (make_account(["inspector"], LEAD), 403), (make_account(["desk"], "410481-ga"), 404),
    ]  # fmt: skip
    for who, status in refused:
        assert decide(client_for, "accept", who=who).status_code == status
    assert decide(client_for, "refuse").status_code == 422
    assert proposals(client_for)[0]["state"] == "proposed"


def test_a_sensitive_task_is_never_mixed_with_an_open_one(client_for: Clients) -> None:
    two_scenes(sensitive=True)
    assert proposals(client_for) == []


def test_what_the_plan_linked_is_proposed_before_what_chance_brought(client_for: Clients) -> None:
    """统筹: the row's scheme says which of two standing visits the new one joins, and the card says so."""
    chance, linked, new = make_task(), make_task(), make_task()
    db.session.add(
        PlanScheme(
            plan_id=db.session.get_one(PlanEntry, linked.plan_entry_id).plan_id, state="accepted", ground="same",
            name="旅馆业统筹", at=clock.now(), by_name="示例·经办",
            entries=[
                PlanSchemeEntry(plan_entry_id=one.plan_entry_id, order=at, scope_filter={})
                for at, one in enumerate((linked, new))
            ],
        )
    )  # fmt: skip
    db.session.commit()
    first = make_scene(chance)
    for task in (linked, new):
        make_scene(task, subject_id=first.visit.subject_id)
    seen = {one["leaving"]["task"]["id"]: one for one in proposals(client_for)}
    assert seen[new.id]["into"]["task"]["id"] == linked.id
    assert seen[new.id]["scheme"]["name"] == "旅馆业统筹"
    assert (seen[linked.id]["into"]["task"]["id"], seen[linked.id]["scheme"]) == (chance.id, None)
    entry = f"/api/plans/entries/{new.plan_entry_id}/scheme"
    desk = client_for(make_account(["desk"], LEAD))
    assert desk.get(entry).json["scheme"]["rows"][0]["id"] == linked.plan_entry_id
    assert desk.get(f"/api/plans/entries/{chance.plan_entry_id}/scheme").json == {"scheme": None}


def test_nobody_schedules_past_an_undecided_proposal(client_for: Clients) -> None:
    """Refusing needs a reason; without one there is no second date."""
    first, _ = two_scenes()
    desk = make_account(["desk"], LEAD)
    way, day = f"/api/dispatches/visits/{first.visit.id}/schedule", {"day": "2030-01-07"}
    answer = client_for(desk).post(way, json=day)
    assert (answer.status_code, answer.json["code"]) == (409, "dispatches.merge_undecided")
    assert decide(client_for, "refuse", "两次检查的季节不同").json["reason"] == "两次检查的季节不同"
    assert client_for(desk).post(way, json=day).status_code == 200


def test_accepted_it_is_one_visit_for_both_tasks(client_for: Clients) -> None:
    """Parts, people and items come together once; it counts once; the phones see one visit."""
    first, second = two_scenes()
    alone = numbers_in_year([second.visit])[second.visit.id]
    assert decide(client_for, "accept").json["state"] == "accepted"
    into, gone = db.session.get_one(Visit, first.visit.id), db.session.get_one(Visit, second.visit.id)
    assert [part.department_id for part in into.parts] == [LEAD, PARTNER, FIRE]
    assert {one.inspector_id for one in second.visit.team} <= {one.inspector_id for one in into.team}
    assert (gone.state, gone.merged_into_id) == ("merged", into.id)
    assert (alone, numbers_in_year([gone, into])) == (2, {gone.id: 1, into.id: 1})
    package = build_package(into, None)
    assert [task["id"] for task in package["tasks"]] == [into.task_id, gone.task_id]
    items = [len(part["items"]) for part in package["parts"]]
    assert items == [2, 2, 1]
    office = client_for(make_account(["joint_office"], "632525-scjg"))
    rows = office.get("/api/dispatches/ledger").json["rows"]
    assert [row["task"]["id"] for row in rows if row["department"]["id"] == FIRE] == [gone.task_id]
    again = client_for(make_account(["desk"], LEAD)).post(
        f"/api/dispatches/visits/{gone.id}/schedule", json={"day": "2030-01-07"}
    )
    assert again.json["code"] == "dispatches.visit_merged"
    assert decide(client_for, "refuse", "晚了").json["code"] == "dispatches.merge_decided"


def test_a_decision_can_be_taken_back_before_the_door(client_for: Clients) -> None:
    """Everything is as it was, and a claim made in between is not lost."""
    first, second = two_scenes()
    decide(client_for, "accept")
    fire = make_account(["desk"], FIRE)
    claim = f"/api/dispatches/visits/{first.visit.id}/claim"
    assert client_for(fire).post(claim, json={"compared": "agreed"}).status_code == 200
    assert decide(client_for, "undo", "改为分开").json["state"] == "proposed"
    db.session.expire_all()
    into, back = db.session.get_one(Visit, first.visit.id), db.session.get_one(Visit, second.visit.id)
    assert [part.department_id for part in into.parts] == [LEAD, PARTNER]
    assert len(into.team) == 4
    assert (back.state, back.merged_into_id) == ("dispatched", None)
    assert {part.department_id: part.claimed_at is not None for part in back.parts}[FIRE]


def test_a_phone_that_had_not_heard_keeps_its_own_visit(client_for: Clients) -> None:
    """Its record arrives after the merge: nothing is lost, the merge lapses and says why."""
    journey = make_journey(client_for)
    first = make_scene(subject_id=journey.scene.visit.subject_id)
    (one,) = proposals(client_for)
    merge = db.session.get_one(VisitMerge, one["id"])
    merge.into_id, merge.from_id = merge.from_id, merge.into_id  # the phone's visit is the one that leaves
    db.session.commit()
    assert decide(client_for, "accept").status_code == 200
    journey.check()
    journey.lead.send()
    (one,) = proposals(client_for)
    assert (one["state"], one["reason"]) == ("lapsed", "手机在收到合并前已经开始检查")
    visit = db.session.get_one(Visit, journey.visit_id)
    assert (visit.merged_into_id, visit.state, visit.begun_at is not None) == (None, "dispatched", True)
    assert len(db.session.get_one(Visit, first.visit.id).parts) == 2


def test_once_begun_it_is_too_late(client_for: Clients) -> None:
    """Both go on by themselves; the proposal does not wait for ever."""
    journey = make_journey(client_for)
    make_scene(subject_id=journey.scene.visit.subject_id)
    journey.check()
    journey.lead.send()
    late = decide(client_for, "accept")
    assert (late.status_code, late.json["code"]) == (409, "dispatches.merge_too_late")
    assert proposals(client_for)[0]["state"] == "lapsed"


def test_each_task_keeps_its_result_and_ends_with_the_one_visit(client_for: Clients) -> None:
    """The signed record names both tasks; the results are found under both numbers; the ledger counts one visit in each."""
    journey = make_journey(client_for)
    second = make_scene(subject_id=journey.scene.visit.subject_id)
    assert decide(client_for, "accept").status_code == 200
    journey.scene.visit = db.session.get_one(Visit, journey.visit_id)
    journey.walk()
    assert journey.accept().status_code == 200
    manifest = journey.lead.package()
    assert len(manifest["tasks"]) == 2
    publication = journey.publication()
    publish = client_for(journey.desk).post(
        f"/api/publications/{publication.id}/publish", headers={"If-Match": '"1"'}
    )
    assert publish.status_code == 200, publish.json
    numbers = [task["no"] for task in manifest["tasks"]]
    found = [client_for(None).get(f"/api/public/results?task={no}").json["items"] for no in numbers]
    assert [len(one) for one in found] == [1, 1]
    gone = db.session.get_one(Visit, second.visit.id)
    assert gone.ended_at == db.session.get_one(Visit, journey.visit_id).ended_at is not None
    rows = (
        client_for(make_account(["joint_office"], "632525-scjg")).get("/api/dispatches/ledger").json["rows"]
    )
    assert {(row["task"]["no"], row["parts"], row["submitted"]) for row in rows if row["department"]["id"] == LEAD} == {
        (no, 1, 1) for no in numbers
    }  # fmt: skip


@pytest.mark.parametrize("other", ["accept", "refuse"])
def test_two_people_decide_at_once(app: Flask, client_for: Clients, other: str) -> None:
    """One decision stands; the other clerk is told."""
    two_scenes()
    (one,) = proposals(client_for)
    clients = [client_for(make_account(["desk"], LEAD)) for _ in range(2)]
    answers: list[Any] = []
    ways = [("accept", {}), (other, {"json": {"reason": "示例理由"}} if other == "refuse" else {})]
    threads = [
        threading.Thread(
            target=lambda client=client, way=way: answers.append(
                client.post(f"/api/dispatches/merges/{one['id']}/{way[0]}", **way[1])
            )
        )
        for client, way in zip(clients, ways, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
