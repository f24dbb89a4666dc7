"""What inspectors find otherwise on site: is it offered to the library, once, and written only when its department says so?"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from onevisit.core.db import db
from onevisit.subjects.models import Subject, SubjectHistory
from onevisit.visits.package import package_of
from tests.factories.desk import LEAD
from tests.factories.journey import Journey, make_journey
from tests.factories.people import make_account

Clients = Callable[..., Any]


def differs(journey: Journey, key: str, value: str | None, **over: Any) -> None:
    """The lead's phone marks a fact of the pre-check."""
    journey.lead.write("fact.differs", {"key": key, "differs": True, "value": value, "note": None, **over})


@pytest.fixture
def journey(app: Flask, client_for: Clients) -> Journey:
    """A visit in which three facts of the pre-check are marked, walked up to the review."""
    journey = make_journey(client_for)
    subject = db.session.get_one(Subject, journey.scene.visit.subject_id)
    subject.departments = [LEAD]
    db.session.commit()
    differs(journey, "address", "贵南县示例路99号")
    differs(journey, "licence.0", "已注销")
    differs(journey, "risk", "D")
    journey.walk()
    return journey


def test_before_it_is_accepted_nothing_is_offered(journey: Journey, client_for: Clients) -> None:
    desk = client_for(make_account(["desk"], LEAD))
    assert desk.get("/api/subject-corrections").json["items"] == []


def test_an_accepted_part_offers_what_differs_and_its_department_confirms(
    journey: Journey, client_for: Clients
) -> None:
    assert journey.accept().status_code == 200
    desk, other = client_for(make_account(["desk"], LEAD)), client_for(make_account(["desk"], "632525-wjj"))
    offered = {one["label"]: one for one in desk.get("/api/subject-corrections").json["items"]}
    assert set(offered) == {"住所（经营场所）", "特种行业许可证"}  # a grade is not corrected from a door
    address = offered["住所（经营场所）"]
    assert (address["found"], address["typed"], offered["特种行业许可证"]["typed"]) == (
        "贵南县示例路99号",
        True,
        False,
    )
    path = f"/api/subject-corrections/{address['id']}/confirm"
    assert other.post(path, json={"value": None}).status_code == 403
    assert desk.post(path, json={"value": "贵南县示例路99号1层"}).status_code == 200
    licence = f"/api/subject-corrections/{offered['特种行业许可证']['id']}/refuse"
    assert desk.post(licence, json={"reason": "登记系统仍为有效"}).status_code == 200
    db.session.expire_all()
    assert db.session.get_one(Subject, journey.scene.visit.subject_id).address == "贵南县示例路99号1层"
    history = desk.get(f"/api/subjects/{journey.scene.visit.subject_id}").json["changes"]
    assert "现场核查不符" in history[0]["reason"]


def test_earlier_checks_of_all_departments_are_counted(journey: Journey) -> None:
    for department, visit in ((LEAD, "示例-1"), ("632525-wjj", "示例-1"), (LEAD, "示例-2")):
        db.session.add(
            SubjectHistory(
                subject_id=journey.scene.visit.subject_id, visit_id=visit, department_id=department,
                day=date(2026, 3, 3), task_name="示例任务", outcomes=["no_problem"],
            )
        )  # fmt: skip
    db.session.commit()
    package = package_of(journey.visit_id, journey.scene.inspectors[LEAD][0].id)
    counted = next(one for one in package["precheck"] if one["key"] == "year_count")["value"]
    assert counted.startswith("2 次上门（")
    assert len(package["history"]) == 3
