"""Is what was signed what is kept, in whatever order phones arrive; and what follows when it is, and when not?"""

import json
from collections.abc import Callable
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from onevisit.core.canonical import digest
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry, broken_links
from onevisit.dispatches.models import Part, Visit
from onevisit.visits.actions import append_server_operation, make_todo
from onevisit.visits.checking import check_everything
from onevisit.visits.deadlines import limits_shown
from onevisit.visits.manifest import supplement_manifest
from onevisit.visits.models import SignedManifest, Todo
from onevisit.visits.queries import is_complete, missing_files
from tests.factories import make_account
from tests.factories.desk import LEAD, PARTNER, make_inspector
from tests.factories.phone import RealPhone, check_part, make_phone, server_state
from tests.factories.visits import Scene, make_scene, make_task
from tests.visits.phones import confirmation

Clients = Callable[..., Any]


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene()


@pytest.fixture
def lead(scene: Scene, client_for: Clients) -> RealPhone:
    return make_phone(scene, client_for, LEAD)


@pytest.fixture
def partner(scene: Scene, client_for: Clients) -> RealPhone:
    return make_phone(scene, client_for, PARTNER)


def part_of(scene: Scene, department: str) -> Part:
    db.session.expire_all()
    return db.session.scalars(
        select(Part).where(Part.visit_id == scene.visit.id, Part.department_id == department)
    ).one()


def events(*names: str) -> list[tuple[str, str | None]]:
    rows = db.session.scalars(
        select(TrailEntry).where(TrailEntry.event.in_(names)).order_by(TrailEntry.position)
    )
    return [(row.event, row.department_id) for row in rows]


def both_checked(scene: Scene, lead: RealPhone, partner: RealPhone) -> None:
    check_part(lead, scene)
    check_part(partner, scene)


def sign_all(lead: RealPhone, partner: RealPhone) -> Any:
    """The leader's phone has both logs (QR on the spot) and has everything confirmed."""
    confirmed = lead.confirm(lead.package(), [*lead.log, *partner.log])
    lead.sign(lead.by, confirmed, LEAD)
    partner.sign(partner.by, confirmed, PARTNER)
    return confirmed


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_late_phones_arrive_in_any_order_and_the_same_is_locked(
    scene: Scene, lead: RealPhone, partner: RealPhone, order: tuple[int, ...]
) -> None:
    both_checked(scene, lead, partner)
    confirmed = sign_all(lead, partner)
    pieces = [(lead, 1, 4), (lead, 5, 6), (partner, 1, 5)]
    for at in order:
        phone, first, last = pieces[at]
        phone.send(first, last)
    kept = db.session.scalars(select(SignedManifest)).one()
    assert (kept.state, kept.digest, kept.differs) == ("locked", confirmed["body"]["digest"], [])
    assert digest(json.loads(kept.manifest)) == confirmed["body"]["digest"]
    assert [part_of(scene, one).state for one in (LEAD, PARTNER)] == ["locked", "locked"]
    assert sorted(events("part.locked")) == [("part.locked", LEAD), ("part.locked", PARTNER)]
    assert len(events("visit.confirmed")) == 1
    assert check_everything()["ok"]


def test_a_confirmation_waits_for_the_phone_it_saw(scene: Scene, lead: RealPhone, partner: RealPhone) -> None:
    both_checked(scene, lead, partner)
    sign_all(lead, partner)
    lead.send()
    shown = lead.client.get(f"/api/visits/{scene.visit.id}").json
    assert [one["state"] for one in shown["manifests"]] == ["waiting"]
    assert shown["record"]["confirmations"][0]["missing"] == [{"device": partner.device, "from": 1, "to": 4}]
    assert part_of(scene, LEAD).state == "ready"
    partner.send()
    assert part_of(scene, LEAD).state == "locked"


def test_what_was_signed_otherwise_locks_nothing_and_shows_where_it_differs(
    scene: Scene, lead: RealPhone, partner: RealPhone, client_for: Clients
) -> None:
    stranger = make_account(["inspector"], LEAD, inspector_id=make_inspector(LEAD, 950).id)
    outside = make_phone(scene, client_for, LEAD, account=stranger)
    note = outside.write("note.add", {"text": "临时帮忙的同事写的", "item": None, "entry": None})
    both_checked(scene, lead, partner)
    lead.confirm(lead.package(), [*lead.log, *partner.log, *outside.log])
    for phone in (outside, partner, lead):
        phone.send()
    kept = db.session.scalars(select(SignedManifest)).one()
    assert kept.state == "fault"
    assert [(one["path"].rsplit("/", 2)[-2], one["kept"]) for one in kept.differs] == [("notes", None)]
    assert part_of(scene, LEAD).state == "ready"
    todo = db.session.scalars(select(Todo)).one()
    assert (todo.kind, todo.inspector_id) == ("confirmation_unequal", lead.by)
    assert [one["kind"] for one in lead.changes()["visits"][0]["todos"]] == ["confirmation_unequal"]
    lead.write("adopt", {"operation": note["id"], "reason": "确为本次检查所记"})
    assert lead.verdicts(lead.send()) == [("applied", None)]
    db.session.expire_all()
    assert db.session.scalars(select(SignedManifest.state)).one() == "locked"
    assert part_of(scene, LEAD).state == "locked"
    assert db.session.get_one(Todo, todo.id).done_at is not None
    assert check_everything()["ok"]


def test_after_locking_later_work_is_held_and_amending_makes_a_new_version(
    scene: Scene, lead: RealPhone, partner: RealPhone
) -> None:
    both_checked(scene, lead, partner)
    sign_all(lead, partner)
    for phone in (lead, partner):
        phone.send()
    item = scene.items[LEAD]
    lead.answer(item, "e1", "fail")
    assert lead.verdicts(lead.send()) == [("held", "locked")]
    register = f"answer/{item}/e1"
    lead.write(
        "amend",
        {
            "register": register,
            "value": {"value": "fail", "note": "复核后更正", "phrases": []},
            "reason": "填错",
            "takes": [],
        },
        base={register: [lead.log[1]["id"]]},
    )
    assert lead.verdicts(lead.send()) == [("applied", None)]
    shown = lead.client.get(f"/api/visits/{scene.visit.id}").json
    own = shown["record"]["parts"][LEAD]
    assert own["record"]["answers"][item]["e1"]["value"] == "fail"
    assert own["amendments"][0]["before"][0]["value"] == "pass"
    assert (shown["parts"][0]["version"], shown["parts"][0]["to_sign_again"]) == (2, True)
    made = supplement_manifest(lead.package(), server_state(scene.visit.id), "2026-11-12T09:00:00+08:00")
    lead.write("supplement", confirmation(made), part=None)
    assert lead.verdicts(lead.send()) == [("applied", None)]
    states = [one["state"] for one in lead.client.get(f"/api/visits/{scene.visit.id}").json["manifests"]]
    assert states == ["locked", "locked"]
    assert server_state(scene.visit.id)["parts"][LEAD]["to_sign_again"] is False
    assert events("visit.supplemented") == [("visit.supplemented", LEAD)]


def test_limits_begin_with_the_end_of_the_check_not_with_its_arrival(
    scene: Scene, lead: RealPhone, partner: RealPhone
) -> None:
    both_checked(scene, lead, partner)
    sign_all(lead, partner)
    lead.send()
    partner.send()
    own = part_of(scene, LEAD)
    # 贵南 2023: 7 working days after the task is done, 20 after the check; both end on Tuesday 10 November.
    assert (own.entry_due, own.publication_due) == (date(2026, 11, 19), date(2026, 12, 8))
    shown = limits_shown(own)
    assert [
        (one["key"], one["started"], one["from_notice"]) for one in shown if one["key"] != "referral"
    ] == [
        ("entry", "2026-11-10", True),
        ("publication", "2026-11-10", True),
    ]
    assert "7个工作日" in shown[0]["sentence"]
    visit = db.session.get_one(Visit, scene.visit.id)
    assert (visit.state, visit.ended_at.isoformat()) == ("ended", "2026-11-10T03:20:00+00:00")
    assert own.limits["more_than_a_day_apart"] is False or own.limits["received_at"]


def test_a_task_ends_with_its_last_visit(app: Flask, client_for: Clients) -> None:
    task = make_task()
    scenes = [make_scene(task), make_scene(task)]
    for n, scene in enumerate(scenes):
        lead, partner = make_phone(scene, client_for, LEAD), make_phone(scene, client_for, PARTNER)
        both_checked(scene, lead, partner)
        sign_all(lead, partner)
        lead.send()
        partner.send()
        expected = [None, date(2026, 11, 19)][n]
        assert [part_of(one, LEAD).entry_due for one in scenes[: n + 1]] == [expected] * (n + 1)


def test_a_review_writes_into_the_servers_own_log_and_the_phone_answers(
    scene: Scene, lead: RealPhone, partner: RealPhone
) -> None:
    both_checked(scene, lead, partner)
    sign_all(lead, partner)
    lead.write("submit", {"note": None, "answers_to": []})
    for phone in (lead, partner):
        phone.send()
    assert part_of(scene, LEAD).state == "submitted"
    item = scene.items[LEAD]
    with transaction():
        back = append_server_operation(
            scene.visit.id, "send_back", LEAD, {"item": item, "reason": "请补充说明"}, "reviewer"
        )
        make_todo(scene.visit.id, LEAD, "returned", "请补充说明", item_id=item, operation_id=back)
    assert part_of(scene, LEAD).state == "returned"
    arrived = [one["operation"] for one in lead.changes()["operations"]][-1]
    assert (arrived["id"], arrived["device"], arrived["kind"]) == (back, "server:632525", "send_back")
    lead.write("submit", {"note": "已补充", "answers_to": [back]})
    assert lead.verdicts(lead.send()) == [("applied", None)]
    assert part_of(scene, LEAD).state == "submitted"
    assert db.session.scalars(select(Todo)).one().done_at is not None
    assert lead.changes()["visits"][0]["todos"] == []
    append_server_operation(scene.visit.id, "accept", LEAD, {"item": item}, "reviewer")
    assert part_of(scene, LEAD).state == "accepted"
    assert [told for told, _ in events("part.submitted")] == ["part.submitted"] * 2
    assert check_everything()["ok"]
    assert broken_links() == []


def test_the_server_does_not_write_nonsense_either(scene: Scene) -> None:
    with pytest.raises(Problem) as caught:
        append_server_operation(scene.visit.id, "send_back", LEAD, {"item": "x", "reason": " "}, "reviewer")
    assert caught.value.code == "visits.bad_operation"
    with pytest.raises(Problem):
        append_server_operation(
            "019fa0a0-0000-7000-8000-000000000001", "accept", LEAD, {"item": None}, "reviewer"
        )


def test_a_refusal_is_signed_by_nobody_and_locks_all_the_same(
    scene: Scene, lead: RealPhone, partner: RealPhone
) -> None:
    both_checked(scene, lead, partner)
    marks = {"signature": None, "stamp": None, "no_stamp_reason": None}
    lead.confirm(
        lead.package(), [*lead.log, *partner.log],
        marks=marks, signer=None, refusal={"reason": "person_absent", "text": None},
    )  # fmt: skip
    for phone in (partner, lead):
        phone.send()
    assert part_of(scene, PARTNER).state == "locked"
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "visit.confirmed")).one()
    assert entry.facts["refused"] is True


def test_a_changed_digest_is_no_confirmation(scene: Scene, lead: RealPhone, partner: RealPhone) -> None:
    both_checked(scene, lead, partner)
    lead.confirm(lead.package(), [*lead.log, *partner.log], digest="0" * 64)
    assert lead.verdicts(lead.send())[-1] == ("refused", "digest_mismatch")


def test_a_part_is_complete_only_when_every_file_it_names_is_stored(
    scene: Scene, lead: RealPhone, partner: RealPhone
) -> None:
    both_checked(scene, lead, partner)
    assert is_complete(scene.visit.id, LEAD)
    sign_all(lead, partner)
    for phone in (lead, partner):
        phone.send()
    # One drawn signature serves every mark here, so it is one file, named for both parts.
    assert [(one["part"], one["kind"]) for one in missing_files(scene.visit.id)] == [
        (LEAD, "signature"),
        (PARTNER, "signature"),
    ]
    shown = lead.client.get(f"/api/visits/{scene.visit.id}").json
    assert [part["complete"] for part in shown["parts"]] == [False, False]


def test_a_kept_state_that_is_not_the_fold_is_noticed(scene: Scene, lead: RealPhone) -> None:
    from onevisit.visits.models import VisitState

    lead.arrive()
    lead.send()
    kept = db.session.scalars(select(VisitState)).one()
    kept.state = kept.state.replace(LEAD, PARTNER)
    db.session.commit()
    report = check_everything()
    assert (report["ok"], report["states_differ"]) == (False, [scene.visit.id])


def test_a_phone_that_was_chained_anew_can_still_have_it_confirmed(
    scene: Scene, lead: RealPhone, partner: RealPhone, client_for: Clients
) -> None:
    both_checked(scene, lead, partner)
    partner.send()
    lead.send(1, 2)  # taken in, but the answer is lost, and the phone's storage turns out to be cloned
    fresh = make_phone(scene, client_for, LEAD)
    for operation in lead.log:
        same = {name: operation[name] for name in ("id", "base", "at")}
        fresh.write(operation["kind"], operation["body"], **same)
    confirmed = fresh.confirm(fresh.package(), [*partner.log, *lead.log[:2], *fresh.log])
    told = fresh.send()
    assert [one["duplicate"] for one in told["verdicts"]] == [True, True, False, False, False]
    assert part_of(scene, LEAD).state == "locked"
    assert db.session.scalars(select(SignedManifest.digest)).one() == confirmed["body"]["digest"]
    assert check_everything()["ok"]
