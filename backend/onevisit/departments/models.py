"""What is kept of a department: its one name, its other names, its place."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, WithId


class Department(Model):
    """部门. The id is ASCII because draws use it as a key (draw.md)."""

    __tablename__ = "departments"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    short_name: Mapped[str] = mapped_column(String(40))
    joint_office: Mapped[bool] = mapped_column(default=False)
    contact_title: Mapped[str | None] = mapped_column(String(60))
    contact_phone: Mapped[str | None] = mapped_column(String(40))


class DepartmentAlias(WithId, Model):
    """A name by which tables call a department; learnt ones stay for next time."""

    __tablename__ = "department_aliases"
    __table_args__ = (UniqueConstraint("region_id", "name"),)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"))
    name: Mapped[str] = mapped_column(String(120))
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
