"""What happens to an offered scheme: it is taken, refused with a reason, or a decision is taken back."""

from typing import Any

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.plans.models import Plan
from onevisit.plans.queries import plan_of
from onevisit.plans.reading_models import PlanScheme, PlanSchemeEntry
from onevisit.plans.scheme_queries import entries_together, offers_in, scheme_seen
from onevisit.plans.terms import SchemeGround, SchemeState


def decide(plan_id: str, given: dict[str, Any]) -> Plan:
    """The office takes rows of different initiators as one scheme (S3), or says why it does not."""
    ids, state = list(dict.fromkeys(given["entry_ids"])), SchemeState(given["state"])
    reason = (given.get("reason") or "").strip() or None
    with transaction():
        plan = plan_of(plan_id)
        one_at_a_time(f"schemes|{plan.id}")
        rows = {one.id: one for one in plan.entries}
        if not set(ids) <= set(rows):
            raise Problem("plans.scheme_rows", "有的任务已不在计划里，没有保存。请刷新后重新选择。", 409)
        if len({rows[one].initiating_department_id for one in ids}) < 2:
            raise Problem(
                "plans.scheme_one_initiator", "统筹至少要有两个发起部门的任务，没有保存。请再选一项。"
            )
        if state == SchemeState.REFUSED and reason is None:
            raise Problem("plans.scheme_reason", "不统筹要写明理由，没有保存。请填写理由。")
        if state == SchemeState.ACCEPTED and entries_together(ids):
            raise Problem(
                "plans.scheme_taken", "有的任务已在另一个统筹方案里，没有保存。请先取消那个方案。", 409
            )
        offer = next((one for one in offers_in(plan)[0] if set(ids) <= set(one.ids)), None)
        scheme = PlanScheme(
            plan_id=plan.id, state=state.value, ground=(offer.ground if offer else SchemeGround.WORDS).value,
            name=given.get("name") or (offer.name if offer else rows[ids[0]].name)[:200], reason=reason, at=clock.now(),
            by=acting().account_id, by_name=acting().name,
            entries=[
                PlanSchemeEntry(plan_entry_id=one, order=at, scope_filter=rows[one].scope_filter)
                for at, one in enumerate(ids)
            ],
        )  # fmt: skip
        db.session.add(scheme)
        db.session.flush()
        trail.record(
            f"plan_scheme.{state.value}", "plan_scheme", scheme.id, region_id=plan.region_id, plan=plan.id, entries=ids,
            reason=reason, ground=scheme.ground,
        )  # fmt: skip
    return plan


def withdraw(scheme_id: str) -> Plan:
    """Undo a decision: the rows are offered again."""
    with transaction():
        scheme = scheme_seen(scheme_id)
        if scheme.state == SchemeState.WITHDRAWN:
            raise Problem("plans.scheme_withdrawn", "这个决定已经取消了。请刷新页面。", 409)
        scheme.state, scheme.revision = SchemeState.WITHDRAWN.value, scheme.revision + 1
        plan = db.session.get_one(Plan, scheme.plan_id)
        trail.record(
            "plan_scheme.withdrawn", "plan_scheme", scheme.id, region_id=plan.region_id, plan=plan.id
        )
    return plan
