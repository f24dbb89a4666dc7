"""Does a calendar of visits mind days, people and the subject's hours, and is it accepted whole or not at all?"""

import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from tests.factories import make_account, make_region
from tests.factories.desk import LEAD, Desk, make_desk
from tests.factories.visits import NUMBERS, make_scene, make_task

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.ics import Event, calendar_text, escaped, folded
from onevisit.dispatches.models import Part, Visit
from onevisit.subjects.models import Subject

Clients = Callable[..., Any]
ZHEN = "贵南县茫曲镇示例路{}号"


def apart() -> None:
    """Subjects and inspectors of the desk's draw have the first numbers."""
    for _ in range(50):
        next(NUMBERS)


def claimed(client_for: Clients, **over: Any) -> tuple[Desk, str]:
    """A dispatched task that both departments have claimed; its four subjects lie in one township."""
    apart()
    desk = make_desk(client_for, **over)
    task = desk.board()["task"]["id"]
    for who in (desk.lead, desk.partner):
        assert desk.post(who, "/dispatches/claim-all", {"task_id": task}).status_code == 200
    for number, subject in enumerate(db.session.query(Subject)):
        subject.address = ZHEN.format(number)
    db.session.commit()
    return desk, task


def calendar(desk: Desk, task: str | None, who: Any = None) -> dict[str, Any]:
    """The page's calendar."""
    query = f"?task_id={task}" if task else ""
    answer = desk.get(who or desk.lead, f"/dispatches/calendar{query}")
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def proposed(desk: Desk, task: str, wanted: list[str], kept: Any = (), per_day: int = 4) -> dict[str, Any]:
    """What the program proposes."""
    body = {"task_id": task, "wanted": wanted, "kept": list(kept), "per_day": per_day}
    answer = desk.post(desk.lead, "/dispatches/calendar/proposal", body)
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def lines(shown: dict[str, Any], placed: Any) -> list[dict[str, Any]]:
    """The lines of an acceptance."""
    revisions = {one["id"]: one["revision"] for one in shown["visits"]}
    return [{**one, "revision": revisions[one["visit_id"]], "announced": True} for one in placed]


def accept(desk: Desk, given: list[dict[str, Any]], who: Any = None) -> Any:
    """What the server answers to the calendar."""
    return desk.post(who or desk.lead, "/dispatches/calendar/acceptances", {"lines": given})


def days_kept() -> list[tuple[date | None, str | None]]:
    """What stands in the database."""
    db.session.expire_all()
    return [(one.scheduled_day, one.scheduled_time) for one in db.session.query(Visit).order_by(Visit.no)]


def refused(answer: Any, status: int, code: str) -> None:
    """Refused with this code."""
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json


def test_only_leader_and_initiating_desk_accept(client_for: Clients) -> None:
    desk, task = claimed(client_for)
    shown = calendar(desk, task)
    given = lines(shown, proposed(desk, task, [one["id"] for one in shown["visits"]])["placed"])
    make_region("410481")
    for who, status in (
        (desk.partner, 403), (make_account(["inspector"], LEAD), 403), (make_account(["desk"], "410481-ga"), 404),
        (desk.lead_deputy, 403), (desk.office, 403),
    ):  # fmt: skip
        assert accept(desk, given, who).status_code == status
    assert days_kept() == [(None, None)] * 4
    leader = make_account(["inspector"], LEAD, inspector_id=db.session.query(Visit).first().leader_id)
    led = [one for one in calendar(desk, None, leader)["visits"] if one["movable"]]
    assert led
    own = [one for one in given if one["visit_id"] in {row["id"] for row in led}]
    assert accept(desk, own, leader).status_code == 201


def test_partners_see_the_calendar_and_cannot_move_anything(client_for: Clients) -> None:
    desk, task = claimed(client_for)
    shown = calendar(desk, task, desk.partner)
    assert {one["why_not"] for one in shown["visits"]} == {"由组长或发起部门经办排日程"}
    stranger = desk.get(make_account(["desk"], "632525-xf"), f"/dispatches/calendar?task_id={task}")
    refused(stranger, 403, "auth.forbidden")


def test_the_proposal_is_accepted_whole_with_one_entry_and_taken_back_whole(client_for: Clients) -> None:
    desk, task = claimed(client_for)
    shown = calendar(desk, task)
    assert {one["place"] for one in shown["visits"]} == {"茫曲镇"}
    found = proposed(desk, task, [one["id"] for one in shown["visits"]])
    assert (len(found["placed"]), found["unplaced"], found["warnings"]) == (4, [], [])
    before = db.session.query(TrailEntry).count()
    answer = accept(desk, lines(shown, found["placed"]))
    assert (answer.status_code, answer.json["visits"]) == (201, 4)
    assert all(day and day > date(2026, 11, 9) for day, _ in days_kept())
    new = db.session.query(TrailEntry).order_by(TrailEntry.position).all()[before:]
    assert [(one.event, one.object_id) for one in new] == [("calendar.accepted", task)]
    assert all(one.notice is not None for one in db.session.query(Visit))
    undoable = calendar(desk, task)["undoable"]
    assert (undoable["id"], undoable["visits"]) == (answer.json["id"], 4)
    assert desk.post(desk.lead, f"/dispatches/calendar/acceptances/{undoable['id']}/undo").status_code == 200
    assert days_kept() == [(None, None)] * 4
    assert {one.state for one in db.session.query(Visit)} == {"dispatched"}
    assert all(one.notice is None for one in db.session.query(Visit))
    refused(
        desk.post(desk.lead, f"/dispatches/calendar/acceptances/{undoable['id']}/undo"),
        409,
        "dispatches.calendar_undone",
    )
    assert calendar(desk, task)["undoable"] is None


def test_once_a_notice_is_delivered_nothing_is_taken_back(client_for: Clients) -> None:
    desk, task = claimed(client_for)
    shown = calendar(desk, task)
    answer = accept(
        desk, lines(shown, proposed(desk, task, [one["id"] for one in shown["visits"]])["placed"])
    )
    first = shown["visits"][0]
    told = desk.post(
        desk.lead, f"/dispatches/visits/{first['id']}/notice", {"way": "paper", "receiver": "示例人"}
    )
    assert told.status_code == 200
    kept = days_kept()
    undone = desk.post(desk.lead, f"/dispatches/calendar/acceptances/{answer.json['id']}/undo")
    refused(undone, 409, "dispatches.calendar_moved_on")
    assert first["subject"] in undone.json["detail"]
    assert days_kept() == kept
    assert calendar(desk, task)["undoable"] is None


def test_one_refused_line_keeps_all_out(client_for: Clients) -> None:
    desk, task = claimed(client_for)
    shown = calendar(desk, task)
    good = lines(shown, proposed(desk, task, [one["id"] for one in shown["visits"]])["placed"])
    wrong = [
        ({"revision": 99}, 409, "dispatches.visit_changed"), ({"day": "2026-11-08"}, 422, "dispatches.day_past"),
        ({"day": good[0]["day"], "time": good[0]["time"]}, 409, "dispatches.person_twice"),
        ({"visit_id": "x"}, 404, "api.not_found"), ({"time": "25:00"}, 422, "api.invalid"),
        ({"visit_id": good[0]["visit_id"]}, 422, "api.invalid"), ({"day": "2026-02-30"}, 422, "api.invalid"),
    ]  # fmt: skip
    # Two teams of three people each department: somebody is always on both of some two visits.
    for over, status, code in wrong:
        if code == "dispatches.person_twice":
            answer = accept(desk, [{**one, "day": good[0]["day"], "time": good[0]["time"]} for one in good])
        else:
            answer = accept(desk, [*good[:-1], {**good[-1], **over}])
        refused(answer, status, code)
        assert days_kept() == [(None, None)] * 4
    refused(accept(desk, []), 422, "api.invalid")


def test_nobody_is_at_a_door_of_another_task_at_that_time(client_for: Clients) -> None:
    desk, task = claimed(client_for)
    shown = calendar(desk, task)
    first = shown["visits"][0]
    scene = make_scene(make_task(), scheduled_day=date(2026, 11, 10), scheduled_time="上午")
    scene.visit.team[0].inspector_id = first["people"][0]
    db.session.get_one(Subject, scene.visit.subject_id).address = ZHEN.format(99)
    db.session.commit()
    assert calendar(desk, task)["elsewhere"] == [
        {"day": "2026-11-10", "time": "上午", "people": [first["people"][0]]}
    ]
    line = {"visit_id": first["id"], "day": "2026-11-10", "time": "10:30"}
    said = proposed(desk, task, [], [line])["warnings"]
    assert [one["kind"] for one in said] == ["person_twice"]
    refused(accept(desk, lines(shown, [line])), 409, "dispatches.person_twice")
    found = proposed(desk, task, [first["id"]])["placed"][0]
    assert (found["day"], found["time"]) == ("2026-11-10", "14:00")


def test_holidays_make_up_days_hours_and_due_days_are_known(client_for: Clients) -> None:
    desk, task = claimed(client_for)
    shown = calendar(desk, task)
    first = shown["visits"][0]
    subject = db.session.query(Subject).filter_by(name=first["subject"]).one()
    subject.unsuitable_hours = "每日上午；请提前联系"
    db.session.commit()
    row = next(one for one in calendar(desk, task)["visits"] if one["id"] == first["id"])
    assert (row["unsuitable_hours"], row["unread_hours"]) == ("每日上午；请提前联系", ["请提前联系"])
    assert proposed(desk, task, [first["id"]])["placed"][0]["time"] == "14:00"

    def said(day: str, time: str) -> list[str]:
        given = {"visit_id": first["id"], "day": day, "time": time}
        return [one["kind"] for one in proposed(desk, task, [], [given])["warnings"]]

    assert said("2026-11-10", "09:00") == ["hours"]
    assert said("2026-11-14", "14:00") == ["holiday"]
    assert said("2026-12-01", "14:00") == ["late"]
    days = {one["day"]: one for one in shown["days"]}
    assert (days["2026-11-14"]["working"], days["2026-11-16"]["working"]) == (False, True)
    assert days["2026-11-15"]["due"] is True


def test_who_finds_no_day_is_said_with_the_reason(client_for: Clients) -> None:
    desk, task = claimed(client_for)
    shown = calendar(desk, task)
    first = shown["visits"][0]
    db.session.get_one(Visit, first["id"]).due = date(2026, 11, 9)
    db.session.commit()
    found = proposed(desk, task, [one["id"] for one in shown["visits"]])
    assert found["unplaced"] == [
        {"visit_id": first["id"], "why": "no_day", "why_label": "抽查时间内没有剩下的工作日"}
    ]
    assert len(found["placed"]) == 3


def test_of_two_acceptances_at_once_one_stands(client_for: Clients, app: Flask) -> None:
    desk, task = claimed(client_for)
    shown = calendar(desk, task)
    given = {"lines": lines(shown, proposed(desk, task, [one["id"] for one in shown["visits"]])["placed"])}
    clients, answers, together = [client_for(desk.lead), client_for(desk.lead)], [], threading.Barrier(2)
    db.session.remove()

    def go(client: Any) -> None:
        together.wait()
        answers.append(client.post("/api/dispatches/calendar/acceptances", json=given).status_code)

    threads = [threading.Thread(target=go, args=(client,)) for client in clients]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(answers) == [201, 409]


def unfolded(text: str) -> list[str]:
    """The content lines of RFC 5545, strictly: CRLF everywhere, no line above 75 octets, each name: value."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    physical = text.split("\r\n")[:-1]
    assert all(0 < len(line.encode()) <= 75 for line in physical)
    found: list[str] = []
    for line in physical:
        if line.startswith(" "):
            found[-1] += line[1:]
        else:
            found.append(line)
    assert all(re.match(r"[A-Z-]+(;[A-Z-]+=[^:;,]+)*:", line) for line in found)
    return found


def read_ics(text: str) -> list[dict[str, str]]:
    """The events, by our own strict reading."""
    kept, event, depth = [], {}, []
    for line in unfolded(text):
        name, value = line.split(":", 1)
        if name == "BEGIN":
            depth.append(value)
            event = {} if value == "VEVENT" else event
        elif name == "END":
            assert depth.pop() == value
            if value == "VEVENT":
                assert {"UID", "DTSTAMP"} <= event.keys()
                kept.append(event)
        elif depth[-1] == "VEVENT":
            assert name not in event
            event[name] = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)
    assert depth == []
    return kept


@pytest.mark.parametrize(
    "name", ["示例，旅馆；甲\\乙\n丙", "a" * 200, "𠮷" * 60, "x;y,z", "\x00\x07示例\r\n二行"]
)
def test_any_name_comes_back_from_the_calendar_file(name: str) -> None:
    event = Event("1", 1, date(2026, 11, 10), "09:00", name, name, name)
    text = calendar_text("示例", [event], datetime(2026, 11, 9, tzinfo=UTC))
    (read,) = read_ics(text)
    plain = "".join(sign for sign in name.replace("\r\n", "\n") if sign == "\n" or sign >= " ")
    assert (read["SUMMARY"], read["LOCATION"]) == (plain, plain)
    assert (read["DTSTART"], read["DTEND"]) == ("20261110T010000Z", "20261110T023000Z")


def test_lines_are_folded_between_signs() -> None:
    assert "".join([folded("汉" * 60)[0], *(one[1:] for one in folded("汉" * 60)[1:])]) == "汉" * 60
    assert escaped("a;b,c\\d\ne") == "a\\;b\\,c\\\\d\\ne"


def test_my_own_schedule_as_a_file(client_for: Clients) -> None:
    """Whole days are days; of a sensitive task neither the subject's name nor its address leaves."""
    plain = make_scene(scheduled_day=date(2026, 11, 10), scheduled_time="全天")
    secret = make_scene(make_task(sensitive=True), scheduled_day=date(2026, 11, 11), scheduled_time="上午")
    make_scene(scheduled_day=date(2026, 11, 12))
    secret.visit.team[0].inspector_id = plain.visit.team[0].inspector_id
    db.session.commit()
    answer = client_for(plain.people[LEAD][0]).get("/api/dispatches/schedule.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    first, second = read_ics(answer.get_data(as_text=True))
    assert (first["DTSTART;VALUE=DATE"], first["DTEND;VALUE=DATE"]) == ("20261110", "20261111")
    named = db.session.get_one(Subject, plain.visit.subject_id)
    hidden = db.session.get_one(Subject, secret.visit.subject_id)
    assert first["SUMMARY"] == f"联合检查：{named.name}"
    assert (second["SUMMARY"], second["DTSTART"]) == ("联合检查（敏感任务）", "20261111T010000Z")
    assert hidden.name not in answer.get_data(as_text=True)
    assert hidden.address not in answer.get_data(as_text=True).replace("\r\n ", "")
    assert db.session.query(TrailEntry).filter_by(event="list.exported").one().facts["rows"] == 2
    assert client_for().get("/api/dispatches/schedule.ics").status_code == 401


def test_what_waits_is_said_in_one_answer(client_for: Clients) -> None:
    apart()
    desk = make_desk(client_for)
    task = desk.board()["task"]["id"]

    def waiting(who: Any) -> list[tuple[str, int]]:
        return [(one["kind"], one["count"]) for one in desk.get(who, "/dispatches/waiting").json["items"]]

    assert waiting(desk.lead) == [("claim", 4)]
    assert waiting(desk.partner_deputy) == [("claim", 4)]
    assert waiting(desk.office) == []
    for who in (desk.lead, desk.partner):
        desk.post(who, "/dispatches/claim-all", {"task_id": task})
    assert (waiting(desk.lead), waiting(desk.partner)) == ([("schedule", 4)], [])
    first = db.session.query(Visit).first()
    other = make_scene(subject_id=first.subject_id)
    for part in db.session.query(Part).filter_by(visit_id=other.visit.id):
        part.claimed_at = first.dispatched_at
    db.session.commit()
    assert waiting(desk.office) == [("merge", 1)]
    assert sorted(waiting(desk.lead)) == [("merge", 1), ("schedule", 3)]
    assert waiting(make_account(["desk"], "632525-xf")) == []
    words = dict.fromkeys(("content", "times", "methods", "requirements"), "示例")
    sent = client_for(desk.lead).post(
        f"/api/tasks/{task}/scheme/sending", json={"words": words, "revision": 0}
    )
    assert sent.status_code == 200, sent.json
    assert ("scheme_answer", 1) in waiting(desk.partner)
    no = {"version": 1, "agrees": False, "reason": "示例理由"}
    assert client_for(desk.partner).post(f"/api/tasks/{task}/scheme/answer", json=no).status_code == 200
    assert ("scheme_objection", 1) in waiting(desk.lead)
    assert waiting(desk.partner) == []
