"""What has this region's office taught the reader of plan tables? Corrections in force, laid out for reading and matching."""

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.departments.models import DepartmentAlias
from onevisit.departments.queries import departments_of
from onevisit.plans.reading_models import PlanCorrection
from onevisit.plans.sheet_learnt import Learnt, key


def key_of(raw: str) -> str:
    """A text as corrections know it: without width, blanks and line breaks."""
    return key(raw)


def corrections_in_force(region_id: str, *kinds: str) -> list[PlanCorrection]:
    """What is read so from now on, oldest first: a later word on the same cell wins."""
    rows = select(PlanCorrection).where(
        PlanCorrection.region_id == region_id, PlanCorrection.revoked_at.is_(None)
    )
    if kinds:
        rows = rows.where(PlanCorrection.kind.in_(kinds))
    return list(db.session.scalars(rows.order_by(PlanCorrection.at, PlanCorrection.id)))


def learnt_of(region_id: str) -> Learnt:
    """Headings, names of offices and cells as this office reads them."""
    known = corrections_in_force(region_id, "heading", "fact")
    names = {one.id: one.name for one in departments_of(region_id)}
    aliases = db.session.scalars(select(DepartmentAlias).where(DepartmentAlias.region_id == region_id))
    return Learnt(
        headings={one.raw: one.value for one in known if one.kind == "heading"},
        departments={one.name: names[one.department_id] for one in aliases if one.department_id in names},
        corrections={(one.fact, one.raw): one.value for one in known if one.kind == "fact"},
    )


def answered_items(region_id: str) -> dict[tuple[str, str], str | None]:
    """(letters of a text, department) -> the listed item somebody chose for it, None for "none of them"."""
    return {(one.key, one.fact): one.value for one in corrections_in_force(region_id, "item")}
