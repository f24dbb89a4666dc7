"""Which departments are there?"""

from collections.abc import Callable

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.models import Department, DepartmentAlias
from onevisit.departments.register import DepartmentRegister
from onevisit.regions.models import Region


def departments_of(region_id: str) -> list[Department]:
    """The departments of a region, in the order of their ids."""
    return list(
        db.session.scalars(
            select(Department).where(Department.region_id == region_id).order_by(Department.id)
        )
    )


def department_of(department_id: str) -> Department:
    """The department with this id."""
    department = db.session.get(Department, department_id)
    if department is None:
        raise not_found("部门")
    return department


def names_of(region_id: str) -> dict[str, str]:
    """Every name by which a region's departments are called -> id; learnt aliases included."""
    names: dict[str, str] = {}
    for one in departments_of(region_id):
        names |= {one.name: one.id, one.short_name: one.id}
    aliases = db.session.scalars(select(DepartmentAlias).where(DepartmentAlias.region_id == region_id))
    return names | {alias.name: alias.department_id for alias in aliases}


def named_department(region_id: str) -> Callable[[str], str | None]:
    """A reader of names: the id of the region's department that somebody means, however it is written."""
    names = names_of(region_id)
    region = db.session.get(Region, region_id)
    called = region.name if region else None  # asked once: who reads on has no database
    register = DepartmentRegister.load()

    def read(written: str) -> str | None:
        if written in names:
            return names[written]
        return names.get(register.canonical(written, called)) if called else None

    return read
