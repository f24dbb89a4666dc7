"""Does a part wait for its laboratory: no acceptance before the result, limits from the day it was formed, entered once by its own department?"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.dispatches.models import Part
from onevisit.visits.models import SampleResult
from tests.factories import make_account
from tests.factories.desk import LEAD, PARTNER
from tests.factories.journey import Journey, make_journey

Clients = Callable[..., Any]
REPORT = {"report_no": "检〔2026〕17号", "verdict": "nonconforming", "formed_on": "2026-11-20", "note": None}


@pytest.fixture
def journey(app: Flask, client_for: Clients) -> Journey:
    """A part with one sample for a laboratory and one that is only kept."""
    journey = make_journey(client_for)
    item = journey.scene.items[LEAD]
    sample = {"item": item, "entry": None, "quantity": "2 瓶", "note": None, "photos": []}
    for number, laboratory in (("样1", "示例检验所"), ("样2", None)):
        body = {**sample, "name": "散装白酒", "number": number, "laboratory": laboratory}
        journey.lead.write("sample.add", body)
    journey.walk()
    return journey


def url(journey: Journey) -> str:
    return f"/api/visits/{journey.visit_id}/parts/{LEAD}/samples"


def samples(journey: Journey) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = journey.client_for(journey.desk).get(url(journey)).json["items"]
    return found


def enter(journey: Journey, who: Any, **over: Any) -> Any:
    first = samples(journey)[0]["id"]
    return journey.client_for(who).post(f"{url(journey)}/{first}/result", json={**REPORT, **over})


@pytest.fixture
def later() -> Iterator[None]:
    """Two weeks after the check: the laboratory has answered. Tokens are younger than that, so they are asked for then."""
    with clock.at(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        yield


def limits(journey: Journey) -> dict[str, Any]:
    db.session.expire_all()
    part = db.session.query(Part).filter_by(visit_id=journey.visit_id, department_id=LEAD).one()
    found: dict[str, Any] = part.limits or {}
    return found


def test_a_part_waits_and_says_for_what(journey: Journey) -> None:
    assert [(one["number"], one["waiting"]) for one in samples(journey)] == [("样1", True), ("样2", False)]
    accepted = journey.client_for(journey.desk).post(f"/api/reviews/{journey.visit_id}/parts/{LEAD}/accept")
    assert (accepted.status_code, accepted.json["code"]) == (409, "reviews.sample_waiting")
    assert "样1" in accepted.json["detail"]
    assert "check_ended" not in limits(journey)["starts"]


def test_its_limits_begin_with_the_result(journey: Journey, later: None) -> None:
    answer = enter(journey, journey.desk)
    assert answer.status_code == 200
    assert answer.json["items"][0]["result"] == REPORT
    starts = limits(journey)["starts"]
    assert (starts["check_ended"], starts["result_formed"]) == ("2026-11-20", "2026-11-20")
    accepted = journey.client_for(journey.desk).post(f"/api/reviews/{journey.visit_id}/parts/{LEAD}/accept")
    assert accepted.status_code == 200
    assert limits(journey)["starts"]["result_formed"] == "2026-11-20"


def test_a_result_is_entered_once_and_never_before_its_day(journey: Journey, later: None) -> None:
    late = enter(journey, journey.desk, formed_on="2026-11-24")
    assert (late.status_code, late.json["code"]) == (422, "visits.sample_result_in_future")
    assert enter(journey, journey.desk, verdict="fine").status_code == 422
    assert enter(journey, journey.desk).status_code == 200
    again = enter(journey, journey.desk, verdict="conforming")
    assert (again.status_code, again.json["code"]) == (409, "visits.sample_result_known")
    assert db.session.query(SampleResult).count() == 1
    unknown = journey.client_for(journey.desk).post(f"{url(journey)}/{'x' * 36}/result", json=REPORT)
    assert unknown.status_code == 404


def test_only_the_department_that_took_it_enters_the_result(journey: Journey, client_for: Clients) -> None:
    for who, status in (
        (make_account(["desk"], PARTNER), 403), (make_account(["desk"], "632525-hb"), 403),
        (make_account(["desk"], "630103-ga"), 404), (make_account(["principal_head"], LEAD), 403),
        (make_account(["audit_admin"], LEAD), 403),
    ):  # fmt: skip
        assert enter(journey, who).status_code == status
    assert client_for().get(url(journey)).status_code == 401
