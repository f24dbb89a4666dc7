"""What happens when a department sets a cap of its own, or asks to draw over one? A second person decides (S2 art. 10)."""

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.draws.caps import caps_of, overrides_of
from onevisit.draws.models import CapOverride, CheckCap
from onevisit.tasks.models import Task
from onevisit.tasks.terms import TaskState


def set_cap(department_id: str, most: int | None, ground: str) -> CheckCap:
    """The department's own cap from now on; None lifts it. What was drawn stays drawn."""
    with transaction():
        cap = CheckCap(
            department_id=department_id,
            most=most,
            ground=ground,
            set_at=clock.now(),
            set_by=acting().account_id,
        )
        db.session.add(cap)
        db.session.flush()
        trail.record(
            "cap.set", "department", department_id, region_id=acting().region_id, department_id=department_id,
            most=most, ground=ground,
        )  # fmt: skip
    return cap


def ask_override(task_id: str, cap: str, department_id: str, reason: str) -> CapOverride:
    """Ask that this task may draw over a cap, with the reason."""
    with transaction():
        one_at_a_time(f"draws:{task_id}")
        task = db.session.get_one(Task, task_id)
        if task.state != TaskState.OPEN:
            raise Problem("draws.task_not_open", "这个任务已经抽取或派发，名单一经产生不得更改。", 409)
        if (cap, department_id) not in {(one.reason.value, one.department_id) for one in caps_of(task)}:
            raise Problem("draws.no_such_cap", "这个任务没有这项次数上限，不需要申请。请刷新页面。", 409)
        same = [one for one in overrides_of(task_id) if (one.cap, one.department_id) == (cap, department_id)]
        if any(one.decided_at is None for one in same):
            raise Problem("draws.override_waiting", "已经申请过，正等分管负责人审批。请刷新页面。", 409)
        if any(one.approved for one in same):
            raise Problem("draws.override_approved", "这项上限已经批准超出，不需要再申请。", 409)
        asked = CapOverride(
            task_id=task_id, cap=cap, department_id=department_id, reason=reason, asked_at=clock.now(),
            asked_by=acting().account_id,
        )  # fmt: skip
        db.session.add(asked)
        db.session.flush()
        trail.record(
            "cap.override_asked", "task", task_id, region_id=task.region_id, department_id=department_id, cap=cap,
            reason=reason,
        )  # fmt: skip
    return asked


def decide_override(override_id: str, approved: bool, answer: str | None) -> CapOverride:
    """The deputy head's answer; whoever asked may not be the one who approves."""
    with transaction():
        asked = db.session.get_one(CapOverride, override_id, with_for_update=True)
        if asked.decided_at is not None:
            raise Problem("draws.already_decided", "这项申请已经有人审批过了。请刷新页面。", 409)
        me = acting().account_id
        if me is None or me == asked.asked_by:
            raise Problem("draws.second_person_needed", "申请人不能自己审批。请由另一位分管负责人办理。", 403)
        if not approved and not (answer or "").strip():
            raise Problem("draws.answer_needed", "不同意时请写明理由，申请人看得到。")
        asked.decided_at, asked.decided_by, asked.approved, asked.answer = clock.now(), me, approved, answer
        task = db.session.get_one(Task, asked.task_id)
        trail.record(
            "cap.override_decided", "task", task.id, region_id=task.region_id, department_id=asked.department_id,
            cap=asked.cap, approved=approved, answer=answer,
        )  # fmt: skip
    return asked
