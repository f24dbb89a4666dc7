"""Over which libraries does a row's scope go: the region's own, or those below, where counties check (市抽县查, 县抽县查)?"""

from collections.abc import Mapping
from typing import Any

from onevisit.departments.counterparts import counterparts_in
from onevisit.plans.models import PlanEntry
from onevisit.regions.modes import DrawMode, Handing, modes_offered
from onevisit.regions.queries import profile_of, region_of, regions_below
from onevisit.regions.terms import Tier
from onevisit.subjects.queries import scope_count, vocabulary
from onevisit.subjects.rules import Condition, ScopeFilter
from onevisit.subjects.terms import LabelKind

Counts = dict[str, Any]


def tier_of(region_id: str) -> Tier:
    """The tier of a region."""
    return Tier(region_of(region_id).tier)


def modes_of(region_id: str) -> list[DrawMode]:
    """What a row of this region's plan may say of who draws and who checks, as its profile leaves it open."""
    if not regions_below(region_id):
        return []
    return modes_offered(tier_of(region_id), profile_of(region_id).value("draw.tier_modes").value)


def handing_of(region_id: str, draw_mode: str | None) -> tuple[Handing, Tier]:
    """How a row's tasks go down, and to which tier; a row that says nothing is the region's own."""
    tier, mode = tier_of(region_id), DrawMode.read(draw_mode)
    return mode.handing(tier) if mode is not None else (Handing.OWN, tier)


def libraries_of(region_id: str, draw_mode: str | None) -> list[str]:
    """The regions in whose libraries a row finds its subjects: those that check."""
    mode = DrawMode.read(draw_mode)
    if mode is None or handing_of(region_id, draw_mode)[0] == Handing.OWN:
        return [region_id]
    return [one.id for one in regions_below(region_id, mode.checks.value)]


def localised(
    wanted: ScopeFilter, region_id: str, departments: Mapping[str, str] | None = None
) -> ScopeFilter:
    """The same filter for a lower region's library: 州公安局监管的 there means 县公安局监管的."""
    offices = [one for side in (wanted.all, wanted.none) for one in side if one.kind == LabelKind.DEPARTMENT]
    if not offices:
        return wanted
    asked = [value for one in offices for value in one.any if not value.startswith(f"{region_id}-")]
    known = {**counterparts_in(region_id, asked), **(departments or {})}

    def local(one: Condition) -> Condition:
        if one.kind != LabelKind.DEPARTMENT:
            return one
        return Condition(one.kind, tuple(known.get(value) or value for value in one.any))

    return ScopeFilter(tuple(map(local, wanted.all)), tuple(map(local, wanted.none)))


def counts_below(region_id: str, draw_mode: str | None, wanted: ScopeFilter) -> dict[str, Counts]:
    """Region -> how many of its library a scope finds."""
    return {
        one: scope_count(one, wanted if one == region_id else localised(wanted, one))
        for one in libraries_of(region_id, draw_mode)
    }


def scope_total(region_id: str, draw_mode: str | None, wanted: ScopeFilter) -> Counts:
    """The same as one sum: what a row's scope finds, wherever it lies."""
    total: Counts = {"count": 0, "by_risk": {}, "not_operating": 0}
    for found in counts_below(region_id, draw_mode, wanted).values():
        for name in ("count", "not_operating"):
            total[name] += found[name]
        for risk, count in found["by_risk"].items():
            total["by_risk"][risk] = total["by_risk"].get(risk, 0) + count
    return total


def total_of_row(entry: PlanEntry, wanted: ScopeFilter) -> Counts:
    """For a row."""
    return scope_total(entry.plan.region_id, entry.draw_mode, wanted)


def vocabulary_over(region_id: str) -> dict[LabelKind, list[str]]:
    """The labels of a region's library and of those below it."""
    found: dict[LabelKind, dict[str, None]] = {}
    for one in (region_id, *(below.id for below in regions_below(region_id))):
        for kind, values in vocabulary(one).items():
            found.setdefault(kind, {}).update(dict.fromkeys(values))
    return {kind: sorted(values) for kind, values in found.items()}
