"""What has this region's office taught the reader of plan tables? Corrections in force, laid out for reading and matching."""

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.plans.reading_models import PlanCorrection


def corrections_in_force(region_id: str, *kinds: str) -> list[PlanCorrection]:
    """What is read so from now on, oldest first: a later word on the same cell wins."""
    rows = select(PlanCorrection).where(
        PlanCorrection.region_id == region_id, PlanCorrection.revoked_at.is_(None)
    )
    if kinds:
        rows = rows.where(PlanCorrection.kind.in_(kinds))
    return list(db.session.scalars(rows.order_by(PlanCorrection.at, PlanCorrection.id)))


def answered_items(region_id: str) -> dict[tuple[str, str], str | None]:
    """(letters of a text, department) -> the listed item somebody chose for it, None for "none of them"."""
    return {(one.key, one.fact): one.value for one in corrections_in_force(region_id, "item")}
