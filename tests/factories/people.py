"""Regions, departments and accounts for tests; every name is made up."""

from typing import Any

from onevisit.accounts.actions import hasher
from onevisit.accounts.models import Account
from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.departments.models import Department
from onevisit.regions.models import Region

PASSWORD = "示例密码-12345678"
HASHED = hasher.hash(PASSWORD)


def make_region(id: str = "632525", **over: Any) -> Region:
    """The demonstration county, or another one; the same one when it is there already."""
    if (there := db.session.get(Region, id)) is not None:
        return there
    given = {
        "name": "贵南县",
        "full_name": "青海省海南藏族自治州贵南县",
        "tier": "county",
        "profile": "guinan-2023",
        "made_up": True,
    }
    region = Region(id=id, **{**given, **over})
    db.session.add(region)
    db.session.commit()
    return region


def make_department(id: str = "632525-ga", **over: Any) -> Department:
    """A department of the region its id begins with."""
    if (there := db.session.get(Department, id)) is not None:
        return there
    make_region(id.partition("-")[0])
    given = {
        "region_id": id.partition("-")[0],
        "name": f"示例部门 {id}",
        "short_name": f"示例 {id}",
        "joint_office": False,
    }
    department = Department(id=id, **{**given, **over})
    db.session.add(department)
    db.session.commit()
    return department


def make_account(
    roles: list[str] | None = None, department: str | None = "632525-ga", **over: Any
) -> Account:
    """An account of a department (None: of the region only)."""
    region = (department or over.get("region_id") or "632525").partition("-")[0]
    make_department(department) if department else make_region(region)
    given: dict[str, Any] = {
        "username": f"u-{new_id()}", "password_hash": HASHED, "name": "示例·经办", "roles": roles or ["desk"],
        "region_id": region, "department_id": department, "created_at": clock.now(),
    }  # fmt: skip
    account = Account(**{**given, **over})
    db.session.add(account)
    db.session.commit()
    return account
