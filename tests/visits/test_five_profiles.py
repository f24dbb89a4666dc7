"""Does one visit run under each of the five notices, with their own marks and limits?"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from onevisit.core.db import db
from onevisit.dispatches.models import Part
from onevisit.visits.gaps import confirmation_gaps
from tests.factories import make_region
from tests.factories.desk import LEAD, PARTNER
from tests.factories.phone import check_part, make_phone
from tests.factories.visits import make_scene
from tests.visits.phones import STROKES

Clients = Callable[..., Any]
SEVEN, TWENTY = date(2026, 11, 19), date(2026, 12, 8)
ONLY_STAMP = {"signature": None, "stamp": {"photo_hash": "ab" * 32}, "no_stamp_reason": None}
ONLY_SIGNATURE = {
    "signature": {"strokes": STROKES, "png_hash": "cd" * 32},
    "stamp": None,
    "no_stamp_reason": None,
}


@pytest.mark.parametrize(
    ("profile", "both_marks", "entry", "publication"),
    [
        ("guinan-2023", True, SEVEN, TWENTY),
        ("xining-chengzhong-2023", True, SEVEN, None),  # pushed on at entry, which is still to come
        ("pingdingshan-2020", False, TWENTY, TWENTY),
        ("yuanping-2024", False, TWENTY, TWENTY),
        ("jiaozuo-sfq-2023", False, SEVEN, TWENTY),  # 及时: our number, said to be ours
    ],
)
def test_a_visit_under_each_notice(
    client_for: Clients, profile: str, both_marks: bool, entry: date, publication: date | None
) -> None:
    make_region("632525", profile=profile)
    scene = make_scene()
    lead, partner = make_phone(scene, client_for, LEAD), make_phone(scene, client_for, PARTNER)
    check_part(lead, scene)
    check_part(partner, scene)
    body = lead.confirm(lead.package(), [*lead.log, *partner.log], marks=ONLY_STAMP)["body"]
    lacking = {gap["code"] for gap in confirmation_gaps(lead.package(), body)}
    assert lacking == ({"confirm.signature_missing"} if both_marks else set())
    unmarked = confirmation_gaps(lead.package(), {**body, "marks": ONLY_SIGNATURE})
    assert {gap["code"] for gap in unmarked} == ({"confirm.stamp_missing"} if both_marks else set())
    for phone in (lead, partner):
        phone.send()
    db.session.expire_all()
    parts = db.session.scalars(select(Part).where(Part.visit_id == scene.visit.id)).all()
    assert [(part.state, part.entry_due, part.publication_due) for part in parts] == [
        ("locked", entry, publication)
    ] * 2
    shown = {
        one["key"]: one for one in lead.client.get(f"/api/visits/{scene.visit.id}").json["parts"][0]["limits"]
    }
    assert shown["entry"]["from_notice"] is (profile != "jiaozuo-sfq-2023")
