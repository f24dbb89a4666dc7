"""What happens when a part is reviewed? The verdict is an operation of the server's own log, like every fact."""

from typing import Any

from onevisit.core import trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.dispatches.models import Part
from onevisit.reviews.queries import check_may_review, part_of, reviewed, reviewer
from onevisit.reviews.rules import refusal, unknown_items
from onevisit.visits.actions import append_server_operation, make_todo
from onevisit.visits.package import items_of


def accept(visit_id: str, department_id: str) -> Part:
    """Accept the whole part (S2 art. 4): its answers, findings and measures stand."""
    with transaction():
        part = _open_for_review(visit_id, department_id, accepting=True)
        append_server_operation(visit_id, "accept", department_id, {"item": None}, acting().account_id or "")
        trail.record("review.accepted", "visit", visit_id, department_id=department_id, part=part.id)
        db.session.refresh(part)
    return part


def send_back(visit_id: str, department_id: str, item: str, reason: str) -> Part:
    """Send one item back with a reason; it reaches the phones of the part's team as a to-do."""
    with transaction():
        part = _open_for_review(visit_id, department_id, accepting=False)
        names = {one["id"]: one["name"] for one in items_of(visit_id, department_id)}
        if unknown_items([item], names):
            raise Problem("reviews.unknown_item", "这一部分没有这个事项，没有退回。请刷新后再选。")
        body: dict[str, Any] = {"item": item, "reason": reason}
        append_server_operation(visit_id, "send_back", department_id, body, acting().account_id or "")
        make_todo(visit_id, department_id, kind="returned", item_id=item, text=f"{names[item]}：{reason}")
        trail.record("review.sent_back", "visit", visit_id, department_id=department_id, part=part.id, item=item)
        db.session.refresh(part)
    return part


def _open_for_review(visit_id: str, department_id: str, *, accepting: bool) -> Part:
    """Find, may I: the part, locked against a second reviewer."""
    part = part_of(visit_id, department_id)
    db.session.refresh(part, with_for_update=True)
    check_may_review(part)
    if (why := refusal(reviewer(), reviewed(part), accepting=accepting)) is not None:
        raise Problem(*why, 409)
    return part
