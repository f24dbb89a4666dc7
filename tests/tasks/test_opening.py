"""Who may open which task, and what is frozen when it opens?"""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from tests.factories import make_account, make_region
from tests.factories.desk import ENTRY, LEAD, PARTNER, make_desk, make_entry, make_item

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.items.models import Checklist

Clients = Callable[..., Any]


def opening(client_for: Clients, who: Any, entry: Any, **more: Any) -> Any:
    return client_for(who).post("/api/tasks", json={"plan_entry_id": entry.id, **more})


@pytest.mark.parametrize(
    "role", ["inspector", "joint_office", "deputy_head", "principal_head", "system_admin"]
)
def test_only_a_desk_opens(client_for: Clients, role: str) -> None:
    answer = opening(client_for, make_account([role], LEAD), make_entry())
    assert (answer.status_code, answer.json["code"]) == (403, "auth.forbidden")


def test_another_department_may_not_open(client_for: Clients) -> None:
    entry = make_entry()
    assert opening(client_for, make_account(["desk"], PARTNER), entry).status_code == 403


def test_another_region_does_not_see_the_row(client_for: Clients) -> None:
    entry = make_entry()
    make_region("410481", name="舞钢市", full_name="河南省平顶山市舞钢市", profile="pingdingshan-2020")
    assert opening(client_for, make_account(["desk"], "410481-ga"), entry).status_code == 404


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"plan_state": "draft"}, "tasks.plan_not_published"),
        ({"scope_confirmed_at": None}, "tasks.scope_not_confirmed"),
        ({"ratio": None}, "tasks.ratio_missing"),
        ({"window_start": None}, "tasks.window_missing"),
        ({"frequency": {"times": 1, "per": "quarter"}}, "tasks.ratio_per_missing"),
        ({"state": "withdrawn"}, "tasks.plan_not_published"),
        ({"kind": "own"}, "tasks.plan_not_published"),
        ({"items": []}, "tasks.items_missing"),
    ],
)
def test_an_unready_row_is_refused_and_says_what_to_do(
    client_for: Clients, over: dict[str, Any], code: str
) -> None:
    answer = opening(client_for, make_account(["desk"], LEAD), make_entry(**over))
    assert (answer.status_code, answer.json["code"]) == (409, code)
    assert "请" in answer.json["detail"]


def test_an_item_without_a_checklist_is_refused_by_name(client_for: Clients) -> None:
    items = [make_item(LEAD), make_item(PARTNER, "卫生检查", checklist=False)]
    answer = opening(client_for, make_account(["desk"], LEAD), make_entry(items=items))
    assert answer.json["code"] == "tasks.checklist_missing"
    assert "卫生检查" in answer.json["detail"]


def test_an_item_that_is_not_on_the_list_is_refused(client_for: Clients) -> None:
    entry = make_entry()
    entry.items[1].item_id = None
    db.session.commit()
    assert opening(client_for, make_account(["desk"], LEAD), entry).json["code"] == "tasks.item_not_listed"


def test_a_second_opening_for_the_same_period_is_refused(client_for: Clients) -> None:
    desk = make_account(["desk"], LEAD)
    entry = make_entry()
    assert opening(client_for, desk, entry).status_code == 201
    answer = opening(client_for, desk, entry)
    assert (answer.status_code, answer.json["code"]) == (409, "tasks.already_opened")


def test_a_quarterly_row_makes_a_task_per_quarter(client_for: Clients) -> None:
    desk = make_account(["desk"], LEAD)
    entry = make_entry(frequency={"times": 1, "per": "quarter", "ratio_per": "period"})
    first = opening(client_for, desk, entry, period=1).json
    due_now = opening(client_for, desk, entry).json
    assert [first["no"], due_now["no"]] == ["632525-2026-26-1", "632525-2026-26-3"]
    assert first["window"]["end"] == "2026-06-30"
    assert opening(client_for, desk, entry, period=4).json["code"] == "tasks.period_unknown"


@pytest.mark.parametrize(("said", "batch"), [("year", {"number": 2, "of": 3}), ("period", None)])
def test_a_yearly_ratio_makes_batches(client_for: Clients, said: str, batch: Any) -> None:
    entry = make_entry(frequency={"times": 1, "per": "quarter", "ratio_per": said})
    task = opening(client_for, make_account(["desk"], LEAD), entry, period=2).json
    assert (task["batch"], task["ratio_per"], task["periods"]) == (batch, said, 3)


def test_a_departments_own_row_goes_the_same_road(client_for: Clients) -> None:
    entry = make_entry((LEAD,), kind="own", plan_state="draft", published_at=clock.now())
    task = opening(client_for, make_account(["desk"], LEAD), entry).json
    assert (task["kind"], [one["id"] for one in task["departments"]]) == ("own", [LEAD])


def test_due_is_the_plan_end_of_the_profile_with_its_sentence(client_for: Clients) -> None:
    task = opening(client_for, make_account(["desk"], LEAD), make_entry()).json
    assert task["due"] == "2026-11-15"
    deadlines = {one["key"]: one for one in task["deadlines"]}
    assert deadlines["complete_by"]["day"] == "2026-11-15"
    assert "11月15日" in deadlines["complete_by"]["sentence"]
    assert deadlines["complete_by"]["text"] == "还剩 4 个工作日（11月15日）"


def test_a_newer_checklist_does_not_change_an_open_task(client_for: Clients, app: Flask) -> None:
    desk = make_desk(client_for)
    task = desk.task()
    item_id = desk.entry.items[0].item_id
    db.session.add(
        Checklist(item_id=item_id, version=2, hash="0" * 64, entries=[ENTRY], made_at=desk.entry.plan.made_at)
    )
    db.session.commit()
    full = desk.get(desk.lead, f"/tasks/{task['id']}").json
    assert [one["checklist"]["version"] for one in full["items"]] == [1, 1]


def test_lists_show_a_department_its_own_tasks_and_the_office_all(client_for: Clients) -> None:
    desk = make_desk(client_for)
    desk.task()
    outsider = make_account(["desk"], "632525-yj")
    assert [one["no"] for one in desk.get(desk.partner, "/tasks").json["items"]] == ["632525-2026-26-1"]
    assert len(desk.get(desk.office, "/tasks?state=open").json["items"]) == 1
    assert desk.get(outsider, "/tasks").json["items"] == []


def test_a_task_is_seen_by_those_who_take_part(client_for: Clients) -> None:
    desk = make_desk(client_for)
    task = desk.task()
    make_region("410481")
    assert desk.get(desk.partner, f"/tasks/{task['id']}").status_code == 200
    assert desk.get(make_account(["desk"], "632525-yj"), f"/tasks/{task['id']}").status_code == 403
    assert desk.get(make_account(["desk"], "410481-ga"), f"/tasks/{task['id']}").status_code == 404


def test_the_window_missing_in_the_plan_end_of_another_profile(client_for: Clients) -> None:
    make_region("140981", name="原平市", full_name="山西省忻州市原平市", profile="yuanping-2024")
    entry = make_entry(("140981-ga", "140981-wj"), complete_by=date(2026, 10, 31))
    task = opening(client_for, make_account(["desk"], "140981-ga"), entry).json
    assert task["due"] == "2026-10-31"


def test_of_two_openings_at_once_one_wins(client_for: Clients, app: Flask) -> None:
    desk, entry_id = make_account(["desk"], LEAD), make_entry().id
    clients, answers, together = [client_for(desk), client_for(desk)], [], threading.Barrier(2)
    db.session.remove()

    def go(client: Any) -> None:
        together.wait()
        answers.append(client.post("/api/tasks", json={"plan_entry_id": entry_id}))

    threads = [threading.Thread(target=go, args=(client,)) for client in clients]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(one.status_code for one in answers) == [201, 409]


def test_a_page_of_tasks_costs_few_statements_more_than_one_task(client_for: Clients, app: Flask) -> None:
    desk = make_account(["desk"], LEAD)
    entry = make_entry(frequency={"times": 8, "per": "year", "ratio_per": "period"})
    for period in range(1, 9):
        opening(client_for, desk, entry, period=period)
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    client = client_for(desk)
    client.get("/api/tasks?limit=1")
    one = len(counted)
    assert len(client.get("/api/tasks").json["items"]) == 8
    assert len(counted) - one <= one + 7 * 3
