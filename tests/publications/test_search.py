"""Is every published result found by any piece of its name, in order, however common the piece is?"""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories.journey import Journey, make_journey

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.publications import search
from onevisit.publications.models import Publication

Clients = Callable[..., Any]
NAMES = ["贵南示例宾馆", "宾馆 示例·贵南", "100%甜品_店", "示例Hotel宾馆", "南贵例示馆宾", "示例药房"]


@pytest.fixture
def many(app: Flask, client_for: Clients) -> Journey:
    """One real result, and many beside it that differ in the name alone."""
    journey = make_journey(client_for).walk()
    journey.accept()
    assert journey.publish().status_code == 200
    row = journey.publication()
    for at in range(30):
        name = NAMES[at % len(NAMES)]
        facts = {**row.facts, "subject": {"name": name, "credit_code": None}}
        one = Publication(
            id=new_id(), region_id=row.region_id, visit_id=row.visit_id, department_id=row.department_id,
            version=at + 2, state="published", subject_name=name, facts=facts, published_at=clock.now(),
            number=search.next_number(), searched=search.plain(name),
        )  # fmt: skip
        db.session.add(one)
        db.session.flush()
        search.make_findable(one)
    db.session.commit()
    return journey


def walked(client_for: Clients, q: str, limit: int = 3) -> list[str]:
    """All names on all pages."""
    found, after = [], None
    for _ in range(40):
        asked = {"q": q, "limit": limit, **({"after": after} if after else {})}
        page = client_for().get("/api/public/results", query_string=asked).json
        found += [one["subject"]["name"] for one in page["items"]]
        after = page["next"]
        if after is None:
            return found
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("window", [1, 4, 20_000])
def test_every_piece_of_a_name_finds_it_on_some_page(many: Journey, client_for: Clients, window: int) -> None:
    with patch.object(search, "AT_ONCE", window):
        for q in (
            "宾馆",
            "贵南示例宾馆",
            "示例",
            "甜品_店",
            "100%",
            "hotel",
            "馆",
            "宾馆 示例",
            "没有这家",
            "宾馆示例宾馆",
        ):
            right = [name for name in _published() if search.plain(q) in search.plain(name)]
            assert walked(client_for, q) == right, q


def _published() -> list[str]:
    db.session.expire_all()
    rows = select(Publication.subject_name).where(
        Publication.state == "published", Publication.searched != ""
    )
    return list(db.session.scalars(rows.order_by(Publication.number.desc())))


def test_signs_of_patterns_are_signs_like_others(many: Journey, client_for: Clients) -> None:
    assert set(walked(client_for, "%甜")) == {"100%甜品_店"}
    assert walked(client_for, "_%") == []


def test_the_rarest_pair_leads(many: Journey) -> None:
    assert sorted(search.grams_of("贵南示例宾馆"), key=search._count)[0] in {"贵南", "南示", "例宾"}
    assert search.grams_of(" 示 例 ") == ["示例"]
    assert search.grams_of("馆") == []
