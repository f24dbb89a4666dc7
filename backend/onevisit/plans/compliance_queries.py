"""How does a plan stand against the region's rules, and what would other ratios mean? From real counts, nothing stored."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.departments.queries import departments_of
from onevisit.inspectors.queries import can_be_drawn, inspectors_of
from onevisit.items.queries import items_of
from onevisit.items.terms import LIVE_STATES
from onevisit.plans import compliance as rules
from onevisit.plans.below import total_of_row
from onevisit.plans.life import EntryState, ItemMatch, PlanState
from onevisit.plans.models import Plan, PlanEntry
from onevisit.plans.rules import expected_by_period, periods, ratio_per_open
from onevisit.plans.terms import DOUBTS_TO_DECIDE, INDICATOR_LABELS, VERDICT_LABELS, Verdict
from onevisit.plans.whatif import Asked, Supposed, supposed
from onevisit.regions.queries import profile_of
from onevisit.subjects.queries import read_filter, scope_count
from onevisit.subjects.rules import Condition, ScopeFilter
from onevisit.subjects.terms import KIND_LABELS, RISK_LABELS, LabelKind, Risk, SubjectKind

KEYS = (
    "plan.monthly_balance", "plan.no_fourth_quarter_rush", "plan.complete_by", "kpis.item_coverage_min_percent",
    "kpis.department_coverage", "plan.duty_to_initiate", "kpis.risk_use_min_percent", "kpis.joint_share",
    "plan.same_tier_and_method", "items.public",
)  # fmt: skip


class Counted:
    """The counts of a region's library, each scope asked for once."""

    def __init__(self, region_id: str) -> None:
        self.region_id = region_id
        self.of = cache(self._of)

    def _of(self, wanted: ScopeFilter) -> dict[str, Any]:
        empty: dict[str, Any] = {"count": 0, "by_risk": {}, "not_operating": 0}
        return empty if wanted.empty else scope_count(self.region_id, wanted)

    def entry(self, entry: PlanEntry) -> dict[str, Any]:
        """Whom a row's scope finds: as confirmed, or as proposed while it is not."""
        wanted = read_filter(entry.scope_filter)
        if entry.draw_mode and not wanted.empty:
            return total_of_row(entry, wanted)
        found: dict[str, Any] = self.of(wanted)
        return found

    def holds(self, entry: PlanEntry, kind: str) -> bool:
        """Does a row reach subjects of a kind?"""
        wanted = read_filter(entry.scope_filter)
        of_kind = ScopeFilter((*wanted.all, Condition(LabelKind.SUBJECT_KIND, (kind,))), wanted.none)
        return not wanted.empty and bool(self.of(of_kind)["count"])


def compliance_shown(plan: Plan) -> dict[str, Any]:
    """Every figure with its target, the sentence it comes from, and what stands behind it."""
    year = year_of(plan)
    found = rules.figures(year)
    visits = sum(row.visits for row in year.rows)
    return {
        "plan": {"id": plan.id, "name": plan.name, "year": plan.year, "state": plan.state, "version": plan.version,
                 "complete_by": plan.complete_by, "document_no": plan.document_no},
        "months": rules.months(year),
        "tasks": sum(len(row.carryings) for row in year.rows),
        "entries": len(year.rows),
        "visits": visits,
        "parts": sum(row.visits * (1 + len(row.cooperating)) for row in year.rows),
        "counted_open": sum(row.scope_open for row in year.rows),
        "figures": [_figure(one) for one in found],
        "missed": sum(one.verdict == Verdict.MISSED for one in found),
        "met": sum(one.verdict == Verdict.MET for one in found),
    }  # fmt: skip


def _figure(one: rules.Figure) -> dict[str, Any]:
    return {
        "indicator": one.indicator.value, "label": INDICATOR_LABELS[one.indicator], "value": one.value, "of": one.of,
        "percent": one.percent, "verdict": one.verdict.value, "verdict_label": VERDICT_LABELS[one.verdict],
        "target": one.target, "sentence": one.sentence, "from_notice": one.from_notice, "note": one.note, "ours": one.ours,
        "behind": [one._asdict() for one in one.behind],
    }  # fmt: skip


def year_of(plan: Plan) -> rules.Year:
    """The plan as the rules see it."""
    profile = profile_of(plan.region_id)
    departments = {one.id: one.name for one in departments_of(plan.region_id) if not one.joint_office}
    items = [one for one in items_of(plan.region_id) if one.state in LIVE_STATES]
    counted = Counted(plan.region_id)
    kinds = _kinds(plan.region_id)
    return rules.Year(
        rows=tuple(row_of(one, counted, kinds) for one in plan.entries),
        rules={key: rules.Rule(one.value, one.sentence, one.from_notice) for key in KEYS for one in [profile.value(key)]},
        year=plan.year, complete_by=plan.complete_by, departments=departments, kinds=kinds, kind_labels={kind.value: label for kind, label in KIND_LABELS.items()},
        items=tuple(rules.ListedItem(one.id, one.name, one.department_id, one.joint) for one in items),
        earlier_joint_percent=_earlier(plan),
    )  # fmt: skip


def _kinds(region_id: str) -> dict[str, int]:
    """Which kinds of subjects the library has in operation."""
    found = {}
    for kind in SubjectKind:
        count = scope_count(region_id, ScopeFilter((Condition(LabelKind.SUBJECT_KIND, (kind.value,)),)))[
            "count"
        ]
        if count:
            found[kind.value] = count
    return found


def _earlier(plan: Plan) -> int | None:
    """What part of last year's published plan was joint; None where there is none to compare with."""
    rows = select(Plan).where(
        Plan.region_id == plan.region_id, Plan.year == plan.year - 1, Plan.state == PlanState.PUBLISHED
    )
    before = db.session.scalars(rows).first()
    if before is None or not before.entries:
        return None
    return sum(bool(one.cooperating_department_ids) for one in before.entries) * 100 // len(before.entries)


def row_of(entry: PlanEntry, counted: Counted, kinds: dict[str, int]) -> rules.Row:
    """A row as the rules see it; its visits come from the library's own counts."""
    spans = spans_of(entry)
    frequency = entry.frequency or {}
    count = counted.entry(entry)["count"]
    visits = expected_by_period(count, entry.ratio, entry.sample_size, frequency.get("ratio_per"), len(spans))
    return rules.Row(
        id=entry.id, no=str(entry.seq or entry.order), name=entry.field or entry.name,
        lead=entry.initiating_department_id, cooperating=tuple(entry.cooperating_department_ids),
        carryings=tuple(rules.Carrying(start, end, made) for (start, end), made in zip(spans, visits, strict=True)),
        task_name=entry.task_name, tier=entry.tier, methods=tuple(sorted(entry.methods)),
        item_ids=tuple(one.item_id for one in entry.items if one.item_id),
        unlisted=sum(one.item_id is None and one.match != ItemMatch.NEAR for one in entry.items),
        near=sum(one.item_id is None and one.match == ItemMatch.NEAR for one in entry.items),
        risk=risk_use(entry), kinds=frozenset(kind for kind in kinds if counted.holds(entry, kind)),
        scope_open=entry.scope_confirmed_at is None,
        asked=any(one.partition(":")[0] in DOUBTS_TO_DECIDE for one in entry.problems),
        window_open=not spans, ratio_open=not (entry.ratio or entry.sample_size) or ratio_per_open(entry.frequency, len(spans)),
    )  # fmt: skip


def spans_of(entry: PlanEntry) -> list[tuple[date, date]]:
    """The carryings-out of a row."""
    if entry.window_start is None or entry.window_end is None or entry.window_end < entry.window_start:
        return []
    return [(one.start, one.end) for one in periods(entry.frequency, entry.window_start, entry.window_end)]


def risk_use(entry: PlanEntry) -> str:
    """Does the row use the credit risk classes; 不涉及 leaves it out of the base (S3)."""
    if entry.risk_policy:
        return "used"
    printed = (entry.provenance.get("risk_policy") or entry.provenance.get("risk") or {}).get("raw", "")
    return "not_concerned" if "不涉及" in printed else "none"


def unlisted_hold_back(plan: Plan) -> list[str]:
    """Rows whose items are on no list, where the notice wants a public list: what holds a publication back (S2 art. 2)."""
    profile = profile_of(plan.region_id).value("items.public")
    if not rules.lists_bind(
        {"items.public": rules.Rule(profile.value, profile.sentence, profile.from_notice)}
    ):
        return []
    return [
        f"第 {one.seq or one.order} 项有 {count} 个事项不在清单上或待确认"
        for one in plan.entries
        if one.state == EntryState.MERGED and (count := sum(item.item_id is None for item in one.items))
    ]


def supposed_shown(plan: Plan, given: dict[str, Any]) -> dict[str, Any]:
    """What the typed ratios mean: visits, parts, and work for each inspector and month."""
    asked = Asked(
        given.get("base"),
        {risk: one for risk, one in (given.get("classes") or {}).items() if one is not None},
    )
    counted = Counted(plan.region_id)
    names = {one.id: one.name for one in departments_of(plan.region_id)}
    rows = [_supposed(one, counted) for one in plan.entries]
    end = plan.complete_by or date(plan.year, 12, 31)
    drawable = _drawable(sorted({one for row in rows for one in row.departments}), end)
    per_part = profile_of(plan.region_id).value("draw.inspectors_per_part_min")
    told = supposed(rows, asked, drawable, int((per_part.value or {}).get("n", 2)))
    entries = {one.id: one for one in plan.entries}
    for one in told["rows"]:
        entry = entries[one["id"]]
        one |= {"no": str(entry.seq or entry.order), "name": entry.field or entry.name}
    for one in told["departments"]:
        one["name"] = names.get(one["department_id"], one["department_id"])
    for one in told["by_class"]:
        one["label"] = RISK_LABELS[Risk(one["risk"])]
    return told


def _supposed(entry: PlanEntry, counted: Counted) -> Supposed:
    there = (entry.initiating_department_id, *entry.cooperating_department_ids)
    return Supposed(
        entry.id, counted.entry(entry)["by_risk"], entry.ratio, entry.sample_size,
        (entry.frequency or {}).get("ratio_per"), tuple(spans_of(entry)), tuple(one for one in there if one),
    )  # fmt: skip


def _drawable(department_ids: list[str], until: date) -> dict[str, int]:
    """How many of each department can be drawn until the plan's end."""
    found: dict[str, int] = {}
    for one in inspectors_of(department_ids):
        if can_be_drawn(one, until):
            found[one.department_id] = found.get(one.department_id, 0) + 1
    return found
