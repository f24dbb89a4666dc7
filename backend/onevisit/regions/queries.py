"""What is so in a region: its rules, the calendar."""

from typing import Any

from sqlalchemy import select

from onevisit.core.calendar import Calendar
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.regions.limits import limit_of
from onevisit.regions.models import CalendarDay, CalendarYear, Region, RegionRule
from onevisit.regions.profiles import Override, Profile
from onevisit.regions.terms import GROUP_LABELS, LIMIT_LABELS, RULE_LABELS, START_LABELS, LimitKey


def region_of(region_id: str | None) -> Region:
    """The region with this code."""
    region = db.session.get(Region, region_id) if region_id else None
    if region is None:
        raise not_found("地区")
    return region


def profile_of(region_id: str) -> Profile:
    """The rules that hold in a region; a lower region inherits the higher one's (舞钢 from 平顶山)."""
    names: list[str] = []
    overrides: list[Override] = []
    region: Region | None = region_of(region_id)
    while region is not None:
        if region.profile:
            names.append(region.profile)
        overrides += _overrides(region.id)
        region = db.session.get(Region, region.parent_id) if region.parent_id else None
    return Profile(tuple(names), tuple(overrides))


def _overrides(region_id: str) -> list[Override]:
    rows = db.session.scalars(select(RegionRule).where(RegionRule.region_id == region_id))
    return [Override(row.key, row.value, row.sentence, row.valid_from) for row in rows]


def calendar() -> Calendar:
    """The published working-day calendar."""
    days = db.session.execute(select(CalendarDay.day, CalendarDay.working)).all()
    years = db.session.scalars(select(CalendarYear.year))
    return Calendar(
        frozenset(day for day, working in days if not working),
        frozenset(day for day, working in days if working),
        frozenset(years),
    )


def limits_shown(region_id: str) -> list[dict[str, Any]]:
    """Every limit of a region: number, start event, and the sentence it comes from."""
    profile = profile_of(region_id)
    limits = [limit_of(profile, key) for key in LimitKey]
    return [
        {
            "key": one.key,
            "label": LIMIT_LABELS[one.key],
            "number": one.number,
            "start_label": START_LABELS[one.start],
            "sentence": one.sentence,
            "from_notice": one.from_notice,
        }
        for one in limits
    ]


def rules_shown(region_id: str) -> list[dict[str, Any]]:
    """Every rule with its label, its value and the sentence it comes from."""
    return [
        {
            "key": one.key,
            "group": one.key.partition(".")[0],
            "group_label": GROUP_LABELS[one.key.partition(".")[0]],
            "label": RULE_LABELS[one.key],
            "value": one.value,
            "sentence": one.sentence,
            "from_notice": one.from_notice,
        }
        for one in profile_of(region_id).all()
    ]


def regions_below(region_id: str, tier: str | None = None) -> list[Region]:
    """The regions under one, of a tier or all, in the order of their codes."""
    found: list[Region] = []
    ring = [region_id]
    while ring:
        rows = list(db.session.scalars(select(Region).where(Region.parent_id.in_(ring)).order_by(Region.id)))
        found += rows
        ring = [one.id for one in rows]
    return sorted((one for one in found if tier in (None, one.tier)), key=lambda one: one.id)


def regions_above(region_id: str) -> list[str]:
    """The codes of the regions over one, the nearest first."""
    found: list[str] = []
    region = db.session.get(Region, region_id)
    while region is not None and region.parent_id:
        found.append(region.parent_id)
        region = db.session.get(Region, region.parent_id)
    return found
