"""Which rows of a plan are offered, taken or refused as one scheme, and which belong together at the door?"""

from typing import Any

from sqlalchemy import select

from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.queries import departments_of
from onevisit.plans import schemes as rules
from onevisit.plans.compliance_queries import Counted, spans_of
from onevisit.plans.models import Plan, PlanEntry
from onevisit.plans.reading_models import PlanScheme, PlanSchemeEntry
from onevisit.plans.terms import SCHEME_GROUND_LABELS, SCHEME_STATE_LABELS, SchemeGround, SchemeState
from onevisit.regions.queries import profile_of
from onevisit.subjects.queries import read_filter


def schemes_of(plan: Plan) -> list[PlanScheme]:
    """What was decided and still stands, newest last."""
    rows = select(PlanScheme).where(PlanScheme.plan_id == plan.id, PlanScheme.state != SchemeState.WITHDRAWN)
    return list(db.session.scalars(rows.order_by(PlanScheme.at, PlanScheme.id)))


def scheme_seen(scheme_id: str) -> PlanScheme:
    """A decision of my region."""
    scheme = db.session.get(PlanScheme, scheme_id)
    plan = db.session.get(Plan, scheme.plan_id) if scheme else None
    if scheme is None or plan is None or plan.region_id != acting().region_id:
        raise not_found("统筹方案")
    return scheme


def entries_together(entry_ids: list[str]) -> dict[str, str]:
    """plan entry -> the accepted scheme it is part of: what dispatching merges visits by (S3 统筹制定检查方案)."""
    rows = db.session.execute(
        select(PlanSchemeEntry.plan_entry_id, PlanSchemeEntry.plan_scheme_id)
        .join(PlanScheme, PlanScheme.id == PlanSchemeEntry.plan_scheme_id)
        .where(PlanSchemeEntry.plan_entry_id.in_(entry_ids), PlanScheme.state == SchemeState.ACCEPTED)
    )
    return {one.plan_entry_id: one.plan_scheme_id for one in rows}


def scheme_names(scheme_ids: list[str]) -> dict[str, dict[str, str]]:
    """Scheme -> how it is called and in which plan it stands."""
    rows = select(PlanScheme).where(PlanScheme.id.in_(scheme_ids))
    return {
        one.id: {"id": one.id, "name": one.name, "plan_id": one.plan_id} for one in db.session.scalars(rows)
    }


def scheme_of_entry(entry: PlanEntry) -> dict[str, Any] | None:
    """The accepted scheme of a row with the others in it; None where the row stands alone."""
    scheme_id = entries_together([entry.id]).get(entry.id)
    if scheme_id is None:
        return None
    names = {one.id: one.name for one in departments_of(entry.plan.region_id)}
    others = [
        one for ident in rows_of_one_scheme(entry.id) if (one := db.session.get(PlanEntry, ident)) is not None
    ]
    rows = [
        {
            "id": one.id, "no": str(one.seq or one.order), "name": one.field or one.name,
            "initiator": names.get(one.initiating_department_id or "", "未写"),
        }
        for one in others
    ]  # fmt: skip
    return scheme_names([scheme_id])[scheme_id] | {"rows": rows}


def offers_in(plan: Plan) -> tuple[list[rules.Offer], dict[str, rules.Scoped]]:
    """The groups that nobody has decided yet."""
    counted = Counted(plan.region_id)
    rows = [_scoped(one, counted) for one in plan.entries]

    def common(one: rules.Scoped, other: rules.Scoped) -> int:
        count: int = counted.of(rules.both(one.filter, other.filter))["count"]
        return count

    decided = [frozenset(row.plan_entry_id for row in one.entries) for one in schemes_of(plan)]
    found = [one for one in rules.offers(rows, common) if not any(set(one.ids) <= there for there in decided)]
    return found, {one.id: one for one in rows}


def _scoped(entry: PlanEntry, counted: Counted) -> rules.Scoped:
    months = frozenset(
        month
        for start, end in spans_of(entry)
        for month in range(start.month, end.month + 1 if end.year == start.year else 13)
    )
    return rules.Scoped(
        entry.id, entry.order, entry.initiating_department_id, read_filter(entry.scope_filter), entry.scope_text,
        counted.entry(entry)["count"], entry.name, entry.field or "", months,
    )  # fmt: skip


def schemes_shown(plan: Plan) -> dict[str, Any]:
    """Offers, and what was decided, with the rows in words."""
    offers, scoped = offers_in(plan)
    names = {one.id: one.name for one in departments_of(plan.region_id)}
    entries = {one.id: one for one in plan.entries}
    rule = profile_of(plan.region_id).value("plan.merge_same_field")

    def row(entry_id: str, stored: dict[str, Any] | None = None) -> dict[str, Any]:
        entry, there = entries[entry_id], scoped[entry_id]
        return {
            "id": entry.id, "no": str(entry.seq or entry.order), "name": entry.name, "field": entry.field,
            "scope_text": entry.scope_text, "initiator": names.get(entry.initiating_department_id or "", "未写"),
            "cooperating": [names[one] for one in entry.cooperating_department_ids if one in names],
            "window_start": entry.window_start, "window_end": entry.window_end, "count": there.count,
            "confirmed": entry.scope_confirmed_at is not None,
            "changed": stored is not None and not rules.same_filter(read_filter(stored), there.filter),
        }  # fmt: skip

    return {
        "plan": {"id": plan.id, "name": plan.name, "year": plan.year, "state": plan.state},
        "offers": [
            {
                "ground": one.ground.value, "ground_label": SCHEME_GROUND_LABELS[one.ground], "name": one.name,
                "months": list(one.months), "rows": [row(ident) for ident in one.ids],
                "pairs": [_pair(pair) for pair in one.pairs], "visits_saved": _saved(one, scoped),
            }
            for one in offers
        ],
        "decided": [
            {
                "id": one.id, "state": one.state, "state_label": SCHEME_STATE_LABELS[SchemeState(one.state)],
                "ground_label": SCHEME_GROUND_LABELS[SchemeGround(one.ground)], "name": one.name, "reason": one.reason,
                "at": one.at, "by_name": one.by_name, "revision": one.revision,
                "rows": [row(of.plan_entry_id, of.scope_filter) for of in one.entries if of.plan_entry_id in entries],
            }
            for one in reversed(schemes_of(plan))
        ],
        "rule": {"sentence": rule.sentence, "from_notice": rule.from_notice},
    }  # fmt: skip


def _pair(pair: rules.Pair) -> dict[str, Any]:
    return {
        "one": pair.one,
        "other": pair.other,
        "common": pair.common,
        "of_one": pair.of_one,
        "of_other": pair.of_other,
    }


def _saved(offer: rules.Offer, scoped: dict[str, rules.Scoped]) -> int:
    """Subjects that would be met once instead of several times if all were checked: the pairs' common ones, once each."""
    return max((pair.common for pair in offer.pairs), default=0)


def rows_of_one_scheme(entry_id: str) -> list[str]:
    """The rows that an accepted scheme links with this one, itself left out: they may share one scheme text (S3)."""
    scheme_id = entries_together([entry_id]).get(entry_id)
    rows = select(PlanSchemeEntry.plan_entry_id).where(
        PlanSchemeEntry.plan_scheme_id == scheme_id, PlanSchemeEntry.plan_entry_id != entry_id
    )
    return list(db.session.scalars(rows.order_by(PlanSchemeEntry.id))) if scheme_id else []
