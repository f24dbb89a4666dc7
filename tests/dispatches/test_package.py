"""Does the phone get everything it needs at the door, and nothing it should not have?"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, get_type_hints

import pytest
from tests.factories import make_region
from tests.factories.desk import LEAD, PARTNER, make_desk

from onevisit.core.canonical import canonical
from onevisit.core.db import db
from onevisit.dispatches.models import Visit
from onevisit.regions.models import RegionRule
from onevisit.regions.profiles import profile_names
from onevisit.subjects.models import Subject, SubjectHistory
from onevisit.visits.on_site import must_be_on_site
from onevisit.visits.package import build_package, package_of
from onevisit.visits.package_shape import VisitPackage

Clients = Callable[..., Any]


def test_the_package_has_every_key_of_its_shape_and_no_floats(client_for: Clients) -> None:
    visit = make_desk(client_for).board()["visits"][0]
    package = package_of(visit["id"], visit["parts"][0]["team"][0]["id"])
    optional = {"tasks"}
    assert set(get_type_hints(VisitPackage)) - optional == set(package)
    assert len(canonical(json.loads(json.dumps(package)))) < 30 * 1024
    assert [part["department"]["id"] for part in package["parts"]] == [LEAD, PARTNER]
    assert package["parts"][0]["items"][0]["checklist"]["entries"][0]["text"] == "特种行业许可证"
    assert package["leader"] == package["parts"][0]["leader"] == package["parts"][0]["team"][0]["id"]
    assert package["issuer"] == "贵南县市场监管领域部门联合“双随机、一公开”监管"
    assert (package["year_count"], package["cap"], package["notice"]) == (1, None, None)
    assert package["due"] == {"day": "2026-11-15", "working_days_left": 4, "state": "open"}


def test_a_region_with_its_own_words_on_remedies_sends_them_along(client_for: Clients) -> None:
    visit = make_desk(client_for).board()["visits"][0]
    member = visit["parts"][0]["team"][0]["id"]
    assert "remedies" not in package_of(visit["id"], member)["profile"]
    region = db.session.get_one(Visit, visit["id"]).region_id
    own = "如不服本通知，可以向示例州人民政府申请行政复议。"
    db.session.add(
        RegionRule(
            region_id=region, key="papers.remedies", value=own, sentence="示例", valid_from=date(2026, 1, 1)
        )
    )
    db.session.commit()
    assert package_of(visit["id"], member)["profile"]["remedies"] == own


def test_phones_are_for_the_team_only(client_for: Clients) -> None:
    visit = make_desk(client_for).board()["visits"][0]
    inside = package_of(visit["id"], visit["parts"][1]["team"][0]["id"])
    outside = package_of(visit["id"], "somebody-else")
    assert all("phone" in member for part in inside["parts"] for member in part["team"])
    assert not any("phone" in member for part in outside["parts"] for member in part["team"])


def test_the_precheck_warns_of_what_ends_and_what_is_still_open(client_for: Clients) -> None:
    desk = make_desk(client_for)
    visit = desk.board()["visits"][0]
    subject = db.session.get_one(Subject, visit["subject"]["id"])
    subject.licences = [
        {"name": "特种行业许可证", "no": "示1", "valid_to": "2026-11-20"}, {"name": "卫生许可证", "no": "示2", "valid_to": "2026-11-01"}
    ]  # fmt: skip
    db.session.add(
        SubjectHistory(
            subject_id=subject.id, visit_id="示例-1", department_id=LEAD, day=date(2026, 3, 3), task_name="示例任务",
            outcomes=["rectification_ordered"],
        )
    )  # fmt: skip
    db.session.commit()
    package = package_of(visit["id"], visit["parts"][0]["team"][0]["id"])
    warnings = {fact["label"]: fact["warn"] for fact in package["precheck"] if fact["warn"]}
    assert warnings["特种行业许可证"] == "11 天后到期"
    assert warnings["卫生许可证"] == "已过期 8 天"
    assert warnings["此前责令改正"] == "请核查是否已改正"
    assert package["history"] == [
        {
            "day": "2026-03-03",
            "task": "示例任务",
            "outcome_labels": ["发现问题已责令改正"],
            "department": f"示例 {LEAD}",
        }
    ]


def test_the_notice_travels_once_the_visit_is_announced(client_for: Clients) -> None:
    desk = make_desk(client_for)
    visit = desk.board()["visits"][0]
    desk.post(desk.lead, f"/dispatches/visits/{visit['id']}/schedule", {"day": "2026-11-12", "time": "09:30"})
    package = package_of(visit["id"], visit["parts"][0]["team"][0]["id"])
    assert package["scheduled"] == {"day": "2026-11-12", "time": "09:30"}
    assert package["notice"]["no"] == "贵南双随告〔2026〕26-1-01号"
    assert package["notice"]["papers_to_prepare"] == ["营业执照", "特种行业许可证"]


@pytest.mark.parametrize("profile", profile_names())
def test_every_profile_says_its_marks_in_its_own_sentence(client_for: Clients, profile: str) -> None:
    make_region("632525", profile=profile)
    visit = make_desk(client_for).board()["visits"][0]
    rules = build_package(db.session.get_one(Visit, visit["id"]), None)["profile"]
    both = profile in ("guinan-2023", "xining-chengzhong-2023")
    assert rules["subject_mark"]["combination"] == ("all" if both else "either")
    assert (rules["subject_mark"]["source"] is None) == (profile in ("yuanping-2024", "jiaozuo-sfq-2023"))
    assert rules["inspectors_mark"]["min_per_department"] == 2
    assert {"code": "no_problem", "label": "未发现问题"} in rules["outcomes"]["codes"]


@pytest.mark.parametrize(
    ("rule", "risk", "required"),
    [
        ("always", "A", True),
        ("high_risk", "D", True),
        ("high_risk", "B", False),
        ("by_class", "A", False),
        ("by_class", "B", True),
        (None, "D", False),
    ],
)
def test_whether_one_must_go_there(rule: str | None, risk: str, required: bool) -> None:
    assert must_be_on_site(rule, risk, {"A": {"on_site": "not_on_own_initiative"}}) is required
