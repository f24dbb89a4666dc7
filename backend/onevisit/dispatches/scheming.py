"""What happens to a scheme: written, sent to the partners, agreed or objected to, answered, amended, settled."""

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.calendar import due_day
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem, stale
from onevisit.dispatches import schemes
from onevisit.dispatches.models import TaskScheme, TaskSchemeAnswer, TaskSchemeVersion
from onevisit.dispatches.rules import scheme_settled, scheme_standing
from onevisit.dispatches.scheme_words import FIELDS, SchemeWords
from onevisit.dispatches.terms import TaskSchemeState
from onevisit.regions.queries import calendar
from onevisit.tasks.models import Task
from onevisit.tasks.terms import TaskState


def write(task: Task, words: SchemeWords, revision: int) -> TaskScheme:
    """Keep the words; the partners go on seeing what was sent to them."""
    with transaction():
        scheme = _kept(task, words, revision)
        trail.record("scheme.written", "task", task.id, region_id=task.region_id, revision=scheme.revision)
    return scheme


def send(task: Task, words: SchemeWords, revision: int, answer_days: int, note: str | None) -> TaskScheme:
    """A new version goes to the partners, who have so many working days; with nobody to ask it is settled at once."""
    with transaction():
        scheme = _kept(task, words, revision)
        if task.state == TaskState.DONE:
            raise Problem("dispatches.task_done", "任务已经完成，方案不再改动。", 409)
        if scheme.version and schemes.words_of(schemes.versions_of(scheme)[0]) == words:
            raise Problem(
                "dispatches.scheme_unchanged", "方案没有改动，没有重新征求意见。请先修改再发送。", 409
            )
        if scheme.version and not (note or "").strip():
            raise Problem("dispatches.scheme_note_needed", "请写明这一版改了什么，各部门要重新答复。")
        partners = schemes.partners_of(task)
        due = due_day(clock.today(), answer_days, calendar()).day if partners else None
        scheme.version += 1
        scheme.state, scheme.settled_at = TaskSchemeState.SENT.value, None
        db.session.add(
            TaskSchemeVersion(
                scheme_id=scheme.id, version=scheme.version, note=(note or "").strip() or None, answer_due=due,
                sent_at=clock.now(), sent_by=acting().account_id, **{name: getattr(words, name) for name in FIELDS},
            )
        )  # fmt: skip
        trail.record(
            "scheme.sent", "task", task.id, region_id=task.region_id, version=scheme.version, partners=partners,
            answer_due=due.isoformat() if due else None,
        )  # fmt: skip
        _settle(task, scheme)
    return scheme


def answer(task: Task, department_id: str, version: int, agrees: bool, reason: str | None) -> TaskScheme:
    """A partner agrees, or objects with its reason; it may agree after all, and then the objection is gone."""
    with transaction():
        scheme = _sent(task, version)
        said = schemes.answers_of(scheme, version).get(department_id)
        if said is not None and (said.agrees or not agrees):
            raise Problem("dispatches.scheme_answered", "贵单位已经答复过这一版方案。请刷新页面查看。", 409)
        if not agrees and len((reason or "").strip()) < 2:
            raise Problem("dispatches.reason_needed", "有异议的，请写明理由。")
        if said is None:
            said = TaskSchemeAnswer(scheme_id=scheme.id, version=version, department_id=department_id)
            db.session.add(said)
        said.agrees, said.answered_at, said.answered_by = agrees, clock.now(), acting().account_id
        said.reason = (reason or "").strip() or said.reason
        scheme.revision += 1
        trail.record(
            "scheme.answered", "task", task.id, region_id=task.region_id, department_id=department_id, version=version,
            agrees=agrees, reason=said.reason if not agrees else None,
        )  # fmt: skip
        _settle(task, scheme)
    return scheme


def reply(task: Task, department_id: str, version: int, words: str) -> TaskScheme:
    """The initiator answers an objection and leaves the scheme as it is; both stay on record."""
    with transaction():
        scheme = _sent(task, version)
        said = schemes.answers_of(scheme, version).get(department_id)
        if said is None or said.agrees:
            raise Problem("dispatches.no_objection", "这个部门对这一版没有异议，无需答复。请刷新页面。", 409)
        if said.reply is not None:
            raise Problem("dispatches.objection_replied", "这条异议已经答复过了。请刷新页面。", 409)
        said.reply, said.replied_at = words, clock.now()
        scheme.revision += 1
        trail.record(
            "scheme.objection_replied", "task", task.id, region_id=task.region_id, version=version,
            partner=department_id, words=words,
        )  # fmt: skip
        _settle(task, scheme)
    return scheme


def _kept(task: Task, words: SchemeWords, revision: int) -> TaskScheme:
    """The scheme with these words; whoever did not see the newest revision overwrites nothing."""
    one_at_a_time(f"scheme {task.id}")
    scheme = db.session.scalars(
        select(TaskScheme).where(TaskScheme.task_id == task.id).with_for_update()
    ).first()
    if (scheme.revision if scheme else 0) != revision:
        raise stale()
    if scheme is None:
        scheme = TaskScheme(task_id=task.id, state=TaskSchemeState.DRAFTED.value, version=0, revision=0)
        db.session.add(scheme)
    for name in FIELDS:
        setattr(scheme, name, getattr(words, name))
    scheme.revision += 1
    db.session.flush()
    return scheme


def _sent(task: Task, version: int) -> TaskScheme:
    scheme = db.session.scalars(
        select(TaskScheme).where(TaskScheme.task_id == task.id).with_for_update()
    ).first()
    if scheme is None or not scheme.version:
        raise Problem("dispatches.scheme_not_sent", "方案还没有发给各部门。", 409)
    if scheme.version != version:
        raise Problem(
            "dispatches.scheme_newer", f"方案已经有第 {scheme.version} 版，请看过新的一版再答复。", 409
        )
    return scheme


def _settle(task: Task, scheme: TaskScheme) -> None:
    """Is everybody heard? Then the scheme stands."""
    db.session.flush()
    said = schemes.answers_of(scheme, scheme.version)
    today = clock.today()
    standings = [
        scheme_standing(one.agrees if one else None, bool(one and one.reply), today, today)
        for one in (said.get(id_) for id_ in schemes.partners_of(task))
    ]
    if scheme_settled(standings) and scheme.state != TaskSchemeState.SETTLED:
        scheme.state, scheme.settled_at = TaskSchemeState.SETTLED.value, clock.now()
        trail.record("scheme.settled", "task", task.id, region_id=task.region_id, version=scheme.version)
