"""What if that what was signed is not what came? The leader is asked, nothing is locked (sync.md 6)."""

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.models import Visit
from onevisit.visits.actions import make_todo


def ask_leader(entry: TrailEntry) -> None:
    """`visit.confirmation_unequal`: a to-do of the visit's leader, who adopts what is held or has it signed again."""
    visit = db.session.get_one(Visit, entry.object_id)
    initiating = next(part.department_id for part in visit.parts if part.initiating)
    text = f"当事人签字的内容与收到的记录有 {entry.facts['differs']} 处不一致，没有锁定。请核对：采纳暂不计入的记录，或重新请当事人确认。"
    make_todo(
        visit.id, initiating, "confirmation_unequal", text,
        inspector_id=visit.leader_id, operation_id=entry.facts["operation"],
    )  # fmt: skip
