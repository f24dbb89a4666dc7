"""Does the ledger 工作任务台账 say who is how far, and may only those read and write it who answer for it?"""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.factories import make_account, make_region
from tests.factories.desk import LEAD, PARTNER, make_desk

from onevisit.core.trail import TrailEntry
from onevisit.dispatches.rules import PartCounts, standing
from onevisit.dispatches.terms import Standing

Clients = Callable[..., Any]
CLAIM, DUE = date(2026, 11, 16), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("counts", "today", "said"),
    [
        (PartCounts(4, 0, 0, 0, 0), date(2026, 11, 16), Standing.TO_CLAIM),
        (PartCounts(4, 3, 2, 2, 0), date(2026, 11, 17), Standing.CLAIM_OVERDUE),
        (PartCounts(4, 4, 0, 0, 0), date(2026, 11, 30), Standing.PREPARING),
        (PartCounts(4, 4, 1, 1, 0), date(2026, 11, 30), Standing.CHECKING),
        (PartCounts(4, 4, 3, 3, 0), date(2026, 12, 1), Standing.OVERDUE),
        (PartCounts(4, 4, 4, 3, 1), date(2026, 12, 1), Standing.REVIEWING),
        (PartCounts(4, 4, 4, 0, 4), date(2027, 1, 1), Standing.DONE),
    ],
)
def test_the_most_pressing_is_said_first(counts: PartCounts, today: date, said: Standing) -> None:
    assert standing(counts, CLAIM, DUE, today) is said


def test_only_an_own_desk_names_the_contact(client_for: Clients) -> None:
    """A deputy head, the joint office, a stranger's desk and another region do not; nothing is kept of it."""
    desk = make_desk(client_for)
    task = desk.board()["task"]["id"]
    way, given = f"/api/dispatches/ledger/{task}/contact", {"name": "示例专人", "phone": "0000-000"}
    make_region("410481")
    strangers = [
        (desk.lead_deputy, 403), (desk.office, 403), (make_account(["desk"], "632525-xf"), 403),
        (make_account(["desk"], "410481-ga"), 404),
    ]  # fmt: skip
    for who, status in strangers:
        assert client_for(who).put(way, json=given).status_code == status
    assert all(row["contact"] is None for row in desk.get(desk.office, "/dispatches/ledger").json["rows"])


def test_two_clerks_at_one_contact(client_for: Clients) -> None:
    """The second is told, and the first one's words stay."""
    desk = make_desk(client_for)
    task = desk.board()["task"]["id"]
    way = f"/api/dispatches/ledger/{task}/contact"
    first = client_for(desk.lead).put(way, json={"name": "示例甲", "responsible": "示例乙"})
    assert first.json == {"name": "示例甲", "phone": None, "responsible": "示例乙", "revision": 1}
    late = client_for(desk.lead).put(way, json={"name": "示例丙"})
    assert (late.status_code, late.json["code"]) == (409, "dispatches.contact_changed")
    assert client_for(desk.lead).put(way, json={"name": "示例丙", "revision": 1}).json["revision"] == 2
    rows = desk.get(desk.partner, "/dispatches/ledger").json["rows"]
    assert {row["department"]["id"]: row["contact"] and row["contact"]["name"] for row in rows} == {
        LEAD: "示例丙", PARTNER: None,
    }  # fmt: skip


def test_the_initiator_sees_all_partners(client_for: Clients) -> None:
    """Claims move the standing; the filter and the words choose; an outsider sees an empty ledger."""
    desk = make_desk(client_for)
    board = desk.board()
    rows = desk.get(desk.lead, "/dispatches/ledger").json
    assert [(row["department"]["id"], row["state"], row["parts"]) for row in rows["rows"]] == [
        (LEAD, "to_claim", 4), (PARTNER, "to_claim", 4),
    ]  # fmt: skip
    desk.post(desk.partner, "/dispatches/claim-all", {"task_id": board["task"]["id"]})
    told = desk.get(desk.lead, "/dispatches/ledger?state=preparing").json
    assert [(row["department"]["id"], row["claimed"]) for row in told["rows"]] == [(PARTNER, 4)]
    assert (told["counts"]["all"], told["counts"]["to_claim"], told["counts"]["preparing"]) == (2, 1, 1)
    assert len(desk.get(desk.lead, f"/dispatches/ledger?words={board['task']['no']}").json["rows"]) == 2
    assert desk.get(desk.lead, "/dispatches/ledger?words=没有这个").json["rows"] == []
    assert desk.get(make_account(["desk"], "632525-xf"), "/dispatches/ledger").json["rows"] == []


def test_taking_the_ledger_out_needs_a_purpose(client_for: Clients) -> None:
    """The file holds what the screen shows, formulas are words, and the trail knows why."""
    desk = make_desk(client_for)
    task = desk.board()["task"]["id"]
    client_for(desk.lead).put(f"/api/dispatches/ledger/{task}/contact", json={"name": "=1+1"})
    assert desk.get(desk.office, "/dispatches/ledger/export").status_code == 422
    answer = desk.get(desk.office, "/dispatches/ledger/export?purpose=联席会议")
    page = load_workbook(io.BytesIO(answer.data)).active
    assert page is not None
    lines = list(page.iter_rows(values_only=True))
    assert (len(lines), lines[0][1], lines[1][6]) == (3, "任务编号", "'=1+1")
    noted = TrailEntry.query.filter_by(event="list.exported").one()
    assert noted.facts["purpose"] == "联席会议"
    assert noted.facts["rows"] == 2
