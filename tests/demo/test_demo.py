"""Is the demonstration region whole, made up, and the same for the same seed?"""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from onevisit import demo
from onevisit.accounts.actions import log_in
from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.core.trail import broken_links
from onevisit.demo.subjects import credit_code, made_up_subjects
from onevisit.demo.tour import what_to_try
from onevisit.inspectors.models import Inspector
from onevisit.items.models import Checklist, Item
from onevisit.plans.models import Plan
from onevisit.subjects.models import Subject
from onevisit.subjects.queries import read_filter, scope_count, unattested
from onevisit.subjects.rules import check_digit_warning, credit_code_fault
from onevisit.subjects.terms import LibraryName, SubjectKind


def test_subjects_are_made_up_valid_and_deterministic() -> None:
    day = date(2026, 11, 9)
    subjects = list(made_up_subjects(300, 7, day))
    assert subjects == list(made_up_subjects(300, 7, day))
    assert len({one["credit_code"] for one in subjects}) == 300
    assert all(
        credit_code_fault(one["credit_code"]) is None and check_digit_warning(one["credit_code"]) is None
        for one in subjects
    )
    assert all("示例" in one["name"] and "DEM" in one["credit_code"] for one in subjects)
    assert {one["risk"] for one in subjects} == set("ABCD-")
    assert sum("旅馆业" in one["fields"] for one in subjects) >= 60
    codes = {credit_code(number, 7, SubjectKind.ENTERPRISE) for number in range(20_000)}
    assert len(codes) == 20_000


def test_the_region_is_whole_and_the_plan_a_draft_of_this_year(app: Flask) -> None:
    loaded = demo.load(subjects=300, seed=7)
    plan = db.session.get_one(Plan, loaded.plan_id)
    assert (plan.year, plan.shifted_from, plan.state, len(plan.entries)) == (
        clock.today().year,
        2023,
        "draft",
        22,
    )
    assert all(one.initiating_department_id and one.scope_confirmed_at for one in plan.entries)
    assert {item.match for one in plan.entries for item in one.items} == {"exact"}
    assert all(scope_count("632525", read_filter(one.scope_filter))["count"] for one in plan.entries)
    assert db.session.scalar(select(func.count()).select_from(Subject)) == 300
    assert db.session.scalar(select(func.count()).select_from(Inspector)) == 40
    assert all(one.startswith("示例") for one in db.session.scalars(select(Inspector.name)))
    assert unattested("632525", ["632525-ga", "632525-wj", "632525-xf"], LibraryName.INSPECTORS) == []
    hotels = next(one for one in plan.entries if one.seq == 26)
    for one in hotels.items:
        newest = db.session.scalars(
            select(Checklist).where(Checklist.item_id == one.item_id).order_by(Checklist.version.desc())
        ).first()
        assert newest is not None
        assert not newest.generic
        assert 6 <= len(newest.entries) <= 10
    own = select(func.count(Checklist.id)).join(Item).where(Checklist.generic.is_(False))
    assert (db.session.scalar(own) or 0) >= 20
    assert broken_links() == []


def test_accounts_can_sign_in_and_a_second_load_is_refused(app: Flask) -> None:
    loaded = demo.load(subjects=30, seed=1)
    assert log_in("ga-desk", loaded.password).account.department_id == "632525-ga"
    inspector = log_in("xf-1", loaded.password).account
    assert db.session.get_one(Inspector, inspector.inspector_id).department_id == "632525-xf"
    assert any("2023" in line for line in what_to_try())
    with pytest.raises(Problem, match="already_there"):
        demo.load()
