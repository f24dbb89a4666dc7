"""Whose inspectors may help a department whose own are too few? Declared by the joint office, with the agreement (S1)."""

from typing import Any

from sqlalchemy import func, select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem, not_found
from onevisit.departments.models import Department
from onevisit.departments.queries import department_of
from onevisit.draws.models import Neighbour
from onevisit.inspectors.models import Inspector
from onevisit.regions.models import Region


def neighbours_in(region_id: str | None) -> list[dict[str, Any]]:
    """The declared neighbours of a region's departments."""
    own = {
        one.id: one for one in db.session.scalars(select(Department).where(Department.region_id == region_id))
    }
    rows = db.session.scalars(
        select(Neighbour)
        .where(Neighbour.department_id.in_(own), Neighbour.ended_at.is_(None))
        .order_by(Neighbour.id)
    )
    return [_shown(one) for one in rows]


def candidates_for(region_id: str | None) -> list[dict[str, Any]]:
    """Departments elsewhere that have inspectors enrolled here."""
    rows = db.session.execute(
        select(Department, Region, func.count(Inspector.id))
        .join(Region, Region.id == Department.region_id).join(Inspector, Inspector.department_id == Department.id)
        .where(Department.region_id != region_id).group_by(Department.id, Region.id).order_by(Department.id)
    )  # fmt: skip
    return [
        {"id": one.id, "name": f"{region.name}{one.name}", "inspectors": count} for one, region, count in rows
    ]


def declare(department_id: str, neighbour_id: str, ground: str) -> Neighbour:
    """This neighbour's inspectors may widen the pool of this department."""
    with transaction():
        own, other = department_of(department_id), department_of(neighbour_id)
        if own.region_id != acting().region_id:
            raise not_found("部门")
        if other.region_id == own.region_id:
            raise Problem("draws.not_a_neighbour", "相邻区域的部门要在别的地区。请重新选择。", 409)
        same = select(Neighbour).where(
            Neighbour.department_id == own.id,
            Neighbour.neighbour_id == other.id,
            Neighbour.ended_at.is_(None),
        )
        if db.session.scalars(same).first() is not None:
            raise Problem("draws.neighbour_known", "已经登记过这个相邻区域的部门。请刷新页面。", 409)
        one = Neighbour(
            department_id=own.id, neighbour_id=other.id, ground=ground, declared_at=clock.now(),
            declared_by=acting().account_id,
        )  # fmt: skip
        db.session.add(one)
        db.session.flush()
        trail.record(
            "neighbour.declared", "department", own.id, region_id=own.region_id, department_id=own.id,
            neighbour=other.id, ground=ground,
        )  # fmt: skip
    return one


def end(neighbour_id: str, region_id: str | None) -> None:
    """The agreement ended; what was drawn stays."""
    with transaction():
        one = db.session.get(Neighbour, neighbour_id)
        if one is None or one.ended_at is not None or department_of(one.department_id).region_id != region_id:
            raise not_found("相邻区域的部门")
        one.ended_at = clock.now()
        trail.record(
            "neighbour.ended", "department", one.department_id, region_id=region_id, department_id=one.department_id,
            neighbour=one.neighbour_id,
        )  # fmt: skip


def _shown(one: Neighbour) -> dict[str, Any]:
    own, other = department_of(one.department_id), department_of(one.neighbour_id)
    region = db.session.get_one(Region, other.region_id)
    return {
        "id": one.id, "department": {"id": own.id, "name": own.name, "short_name": own.short_name},
        "neighbour": {"id": other.id, "name": f"{region.name}{other.name}", "short_name": other.short_name},
        "ground": one.ground, "declared_at": one.declared_at,
    }  # fmt: skip
