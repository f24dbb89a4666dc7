"""What happens when a part is reviewed? The verdict is an operation of the server's own log, like every fact."""

from datetime import datetime
from typing import Any

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.merges import task_of_part
from onevisit.dispatches.models import Part, Visit
from onevisit.reviews.queries import check_may_review, part_of, reviewed, reviewer
from onevisit.reviews.rules import refusal, unknown_items
from onevisit.subjects.actions import remember_check
from onevisit.visits.actions import append_server_operation, make_todo
from onevisit.visits.kept import items_signed, kept_manifest_of, part_in
from onevisit.visits.queries import state_of_visit
from onevisit.visits.samples import waiting_samples


def accept(visit_id: str, department_id: str) -> Part:
    """Accept the whole part (S2 art. 4): its answers, findings and measures stand."""
    with transaction():
        part = _open_for_review(visit_id, department_id, accepting=True)
        if waits := waiting_samples(visit_id, department_id):
            named = "、".join(one["number"] for one in waits)
            raise Problem(
                "reviews.sample_waiting", f"样品 {named} 的检验结果还没有登记，登记以后才能接受。", 409
            )
        # What was sent back once is accepted by name: its own register says "returned" until then.
        for item in [*_returned_items(visit_id, department_id), None]:
            append_server_operation(
                visit_id, "accept", department_id, {"item": item}, acting().account_id or ""
            )
        trail.record("review.accepted", "visit", visit_id, department_id=department_id, part=part.id)
        db.session.refresh(part)
    return part


def send_back(visit_id: str, department_id: str, item: str, reason: str) -> Part:
    """Send one item back with a reason; it reaches the phones of the part's team as a to-do."""
    with transaction():
        part = _open_for_review(visit_id, department_id, accepting=False)
        names = items_signed(kept_manifest_of(visit_id, department_id), department_id)
        if unknown_items([item], names):
            raise Problem("reviews.unknown_item", "这一部分没有这个事项，没有退回。请刷新后再选。")
        body: dict[str, Any] = {"item": item, "reason": reason}
        sent = append_server_operation(visit_id, "send_back", department_id, body, acting().account_id or "")
        text = f"{names[item]}：{reason}"
        make_todo(visit_id, department_id, kind="returned", item_id=item, operation_id=sent, text=text)
        trail.record(
            "review.sent_back", "visit", visit_id, department_id=department_id, part=part.id, item=item
        )
        db.session.refresh(part)
    return part


def _returned_items(visit_id: str, department_id: str) -> list[str]:
    review = state_of_visit(visit_id)["parts"][department_id]["review"]
    return sorted({one["item"] for one in review["returned"]})


def remember(entry: TrailEntry) -> None:
    """The accepted result enters the subject's history, which draws and pre-checks read (follows `review.accepted`)."""
    visit = db.session.get_one(Visit, entry.object_id)
    part = db.session.get_one(Part, entry.facts["part"])
    manifest = kept_manifest_of(visit.id, part.department_id)
    found = part_in(manifest, part.department_id)["record"]["findings"].values()
    codes = sorted({code for finding in found for code in finding["outcomes"]})
    day = clock.law_day(datetime.fromisoformat(manifest["header"]["to"]))
    remember_check(
        visit.subject_id,
        visit.id,
        part.department_id,
        day,
        task_of_part(visit, part.department_id).name,
        codes,
    )


def _open_for_review(visit_id: str, department_id: str, *, accepting: bool) -> Part:
    """Find, may I: the part, locked against a second reviewer; in the order of locks that bundles take."""
    one_at_a_time("operations")
    part = part_of(visit_id, department_id)
    db.session.refresh(part, with_for_update=True)
    check_may_review(part)
    if (why := refusal(reviewer(), reviewed(part), accepting=accepting)) is not None:
        raise Problem(*why, 409)
    return part
