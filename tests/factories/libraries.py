"""Items, subjects and inspectors for tests; every name is made up."""

from typing import Any

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.inspectors.models import Inspector
from onevisit.items.library import ItemLibrary
from onevisit.items.models import Item
from onevisit.subjects.library import SubjectLibrary
from onevisit.subjects.models import Subject
from tests.factories.people import make_department, make_region


def make_subject(name: str = "示例雪莲宾馆", **over: Any) -> Subject:
    """A hotel of the demonstration county, with its labels."""
    region = make_region(over.pop("region_id", "632525"))
    given: dict[str, Any] = {
        "credit_code": None,
        "name": name,
        "fields": ["旅馆业"],
        "departments": [],
        "made_up": True,
    }
    SubjectLibrary(region.id, None).add([given | over])
    db.session.commit()
    return db.session.scalars(select(Subject).where(Subject.name == name)).one()


def make_item(name: str = "消防监督检查", department: str = "632525-xf", **over: Any) -> Item:
    """An item with its generic checklist."""
    owner = make_department(department)
    given: dict[str, Any] = {
        "code": f"{department}-{name}",
        "name": name,
        "department_id": department,
        "legal_basis": "《中华人民共和国消防法》",
    }
    ItemLibrary(owner.region_id, None).add([given | over])
    db.session.commit()
    return db.session.scalars(select(Item).where(Item.code == (given | over)["code"])).one()


def make_inspector(name: str = "示例·张一", department: str = "632525-ga", **over: Any) -> Inspector:
    """An inspector with a certificate."""
    owner = make_department(department)
    given: dict[str, Any] = {
        "region_id": owner.region_id, "department_id": department, "name": name, "kind": "enforcement",
        "certificate_no": f"示例-{department}-{name}", "specialities": [], "recusals": [], "made_up": True,
    }  # fmt: skip
    inspector = Inspector(**{**given, **over})
    db.session.add(inspector)
    db.session.commit()
    return inspector
