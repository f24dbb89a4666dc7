"""Whom would a scope mean? Some names out of the library beside the count, so that somebody can see what is meant."""

from typing import Any

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.plans.below import libraries_of, localised, scope_total
from onevisit.subjects import bitmaps
from onevisit.subjects.finding import among, in_filter
from onevisit.subjects.models import Subject
from onevisit.subjects.queries import read_filter
from onevisit.subjects.terms import STATE_LABELS, SubjectState

SAMPLES = 8


def sampled(region_id: str, given: dict[str, Any], draw_mode: str | None = None) -> dict[str, Any]:
    """The count of a filter and a few of those it finds, spread over the library and not only its first ones."""
    wanted = read_filter(given)
    if wanted.empty:
        return {"count": 0, "by_risk": {}, "not_operating": 0, "samples": []}
    numbers = [
        number
        for one in libraries_of(region_id, draw_mode)
        for number in bitmaps.numbers(in_filter(one, wanted if one == region_id else localised(wanted, one)))
    ]
    step = max(1, len(numbers) // SAMPLES)
    some = numbers[::step][:SAMPLES]
    rows = db.session.scalars(select(Subject).where(among(some)).order_by(Subject.number)) if some else ()
    return scope_total(region_id, draw_mode, wanted) | {
        "samples": [
            {
                "id": one.id, "name": one.name, "address": one.address, "risk": one.risk,
                "state_label": STATE_LABELS[SubjectState(one.state)], "operating": one.state == SubjectState.OPERATING,
            }
            for one in rows
        ]
    }  # fmt: skip
