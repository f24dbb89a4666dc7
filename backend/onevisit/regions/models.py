"""What is kept of a region: its place in the hierarchy, its rules, the calendar of its country."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Json, Model, WithId


class Region(Model):
    """行政区划. `profile` names the notice whose rules hold here; a lower region inherits the higher one's."""

    __tablename__ = "regions"
    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    full_name: Mapped[str] = mapped_column(String(120))
    tier: Mapped[str] = mapped_column(String(12))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("regions.id"))
    profile: Mapped[str | None] = mapped_column(String(60))
    made_up: Mapped[bool] = mapped_column(default=False)


class RegionRule(WithId, Model):
    """One value that an office set itself, over its profile's, valid from a day."""

    __tablename__ = "region_rules"
    __table_args__ = (UniqueConstraint("region_id", "key", "valid_from"),)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"))
    key: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(Json)
    sentence: Mapped[str]
    valid_from: Mapped[date]


class CalendarDay(Model):
    """A published exception: a day off on a weekday, or a make-up working day on a weekend."""

    __tablename__ = "calendar_days"
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40))


class CalendarYear(Model):
    """A year whose calendar is published; without it a deadline is provisional."""

    __tablename__ = "calendar_years"
    year: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(120))
