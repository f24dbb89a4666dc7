"""What does a task's scheme 抽查方案 say, in which version, and what has each partner said to it? (S2 art. 12, S3)"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from onevisit.core import clock
from onevisit.core.auth import Actor
from onevisit.core.calendar import Calendar
from onevisit.core.db import db
from onevisit.dispatches.models import TaskScheme, TaskSchemeAnswer, TaskSchemeVersion
from onevisit.dispatches.rules import scheme_standing
from onevisit.dispatches.scheme_words import FIELDS, SchemeFactsOf, SchemeWords, proposed_words
from onevisit.dispatches.terms import (
    SCHEME_STANDING_LABELS,
    TASK_SCHEME_STATE_LABELS,
    SchemeStanding,
    TaskSchemeState,
)
from onevisit.plans.differences import ratio_words
from onevisit.plans.scheme_queries import rows_of_one_scheme
from onevisit.plans.terms import METHOD_LABELS, Method
from onevisit.regions.limits import due_text, limit_of
from onevisit.regions.queries import calendar, profile_of
from onevisit.regions.terms import LimitKey
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task, items_of, named_departments

ANSWER_DAYS = 5


def scheme_of(task_id: str) -> TaskScheme | None:
    """The task's scheme, once somebody has kept one."""
    return db.session.scalars(select(TaskScheme).where(TaskScheme.task_id == task_id)).first()


def versions_of(scheme: TaskScheme) -> list[TaskSchemeVersion]:
    """What was sent, the newest first."""
    wanted = select(TaskSchemeVersion).where(TaskSchemeVersion.scheme_id == scheme.id)
    return list(db.session.scalars(wanted.order_by(TaskSchemeVersion.version.desc())))


def answers_of(scheme: TaskScheme, version: int) -> dict[str, TaskSchemeAnswer]:
    """Department -> what it said to a version."""
    wanted = select(TaskSchemeAnswer).where(
        TaskSchemeAnswer.scheme_id == scheme.id, TaskSchemeAnswer.version == version
    )
    return {one.department_id: one for one in db.session.scalars(wanted)}


def partners_of(task: Task) -> list[str]:
    """Who must agree: everybody but the initiating department; a task of one department has nobody to ask."""
    return [one for one in departments_of_task(task) if one != task.initiating_department_id]


def words_of(kept: TaskScheme | TaskSchemeVersion) -> SchemeWords:
    """The four texts."""
    return SchemeWords(kept.content, kept.times, kept.methods, kept.requirements)


def first_words(task: Task) -> SchemeWords:
    """Before anybody wrote: the text of a task that the plan links with this one, else the task's facts."""
    for other in linked_tasks(task):
        if (kept := scheme_of(other.id)) is not None and kept.version:
            return words_of(versions_of(kept)[0])
    profile = profile_of(task.region_id)
    names, items = named_departments(departments_of_task(task)), items_of(task)
    return proposed_words(
        SchemeFactsOf(
            scope=task.scope_text, ratio=ratio_words(task.ratio, task.sample_size) or None,
            departments=[
                (names[id_]["name"], [one["name"] for one in items if one["department_id"] == id_])
                for id_ in departments_of_task(task)
            ],
            first=task.window_start, last=task.window_end, due=task.due,
            methods=[METHOD_LABELS[Method(one)] for one in task.methods],
            per_part=(profile.value("draw.inspectors_per_part_min").value or {}).get("n") or 2,
            entry_days=limit_of(profile, LimitKey.ENTRY).number,
            publication_days=limit_of(profile, LimitKey.PUBLICATION).number, sensitive=task.sensitive,
        )
    )  # fmt: skip


def linked_tasks(task: Task) -> list[Task]:
    """Tasks of the rows that an accepted scheme of the plan links with this one's row (S3 统筹制定检查方案)."""
    rows = rows_of_one_scheme(task.plan_entry_id)
    wanted = select(Task).where(Task.plan_entry_id.in_(rows), Task.region_id == task.region_id)
    return list(db.session.scalars(wanted.order_by(Task.no))) if rows else []


def brief_of(task: Task) -> dict[str, Any] | None:
    """What the task's page and the board say of the scheme; None while nobody has kept one."""
    scheme = scheme_of(task.id)
    if scheme is None:
        return None
    standings = [one["standing"] for one in _answers(task, scheme, calendar())] if scheme.version else []
    return {
        "state": scheme.state, "state_label": TASK_SCHEME_STATE_LABELS[TaskSchemeState(scheme.state)],
        "version": scheme.version,
        "waiting": sum(one in (SchemeStanding.WAITING, SchemeStanding.OVERDUE) for one in standings),
        "objected": sum(one == SchemeStanding.OBJECTED for one in standings),
    }  # fmt: skip


def demanded_of(task: Task) -> str | None:
    """The notice's sentence, while it asks for a scheme of a joint task and none was sent (S2 art. 12, S3); no notice
    makes the dispatch wait for it, so it is said and holds nothing back. What a tier above wrote counts below."""
    rule = profile_of(task.region_id).value("plan.scheme")
    if not rule.from_notice or rule.value is None or not partners_of(task):
        return None
    ids = [one for one in (task.id, task.parent_id) if one]
    return None if any((kept := scheme_of(one)) and kept.version for one in ids) else rule.sentence or ""


def view_of_scheme(task: Task, actor: Actor) -> dict[str, Any]:
    """The whole page: the words, what is to be done, every version with its answers, the tasks that share it."""
    scheme, days = scheme_of(task.id), calendar()
    versions = versions_of(scheme) if scheme else []
    rule = profile_of(task.region_id).value("plan.scheme")
    writes = actor.has("desk") and actor.department_id == task.initiating_department_id
    sent = words_of(versions[0]) if versions else None
    words = words_of(scheme) if scheme else first_words(task)
    if not writes and sent is not None:
        words = sent
    answers = _answers(task, scheme, days) if scheme and scheme.version else []
    own = next((one for one in answers if one["department"]["id"] == actor.department_id), None)
    return {
        "task": {"id": task.id, "no": task.no, "name": task.name},
        "initiating_department": named_departments([task.initiating_department_id])[task.initiating_department_id],
        "state": scheme.state if scheme else None,
        "state_label": TASK_SCHEME_STATE_LABELS[TaskSchemeState(scheme.state)] if scheme else "还没有方案",
        "revision": scheme.revision if scheme else 0, "version": scheme.version if scheme else 0,
        "words": _told(words), "shown": writes or sent is not None, "changed": writes and sent is not None and words != sent,
        "partners": len(partners_of(task)), "writes": writes,
        "answers_now": own is not None and actor.has("desk", "deputy_head") and own["standing"] != SchemeStanding.AGREED,
        "answer_days": ANSWER_DAYS, "settled_at": scheme.settled_at if scheme else None,
        "answer_due": _due(versions[0].answer_due, days) if versions and versions[0].answer_due else None,
        "answers": answers,
        "earlier": [_version(task, scheme, one) for one in versions[1:]] if scheme else [],
        "note": versions[0].note if versions else None,
        "linked": [
            {"id": one.id, "no": one.no, "name": one.name, "scheme": brief_of(one)} for one in linked_tasks(task)
        ],
        "basis": {"sentence": rule.sentence, "from_notice": rule.from_notice},
    }  # fmt: skip


def _answers(task: Task, scheme: TaskScheme, days: Calendar) -> list[dict[str, Any]]:
    """Every partner with what it said to the newest version."""
    newest = versions_of(scheme)[0]
    said, names = answers_of(scheme, newest.version), named_departments(partners_of(task))
    return [_answer(names[id_], said.get(id_), newest.answer_due) for id_ in partners_of(task)]


def _answer(department: dict[str, str], said: TaskSchemeAnswer | None, due: date | None) -> dict[str, Any]:
    standing = scheme_standing(
        said.agrees if said else None, bool(said and said.reply), due or clock.today(), clock.today()
    )
    return {
        "department": department, "standing": standing.value, "standing_label": SCHEME_STANDING_LABELS[standing],
        "reason": said.reason if said else None, "answered_at": said.answered_at if said else None,
        "reply": said.reply if said else None, "replied_at": said.replied_at if said else None,
    }  # fmt: skip


def _version(task: Task, scheme: TaskScheme, version: TaskSchemeVersion) -> dict[str, Any]:
    """An earlier version with the answers it got."""
    said = answers_of(scheme, version.version)
    names = named_departments(list(said))
    return {
        "version": version.version, "sent_at": version.sent_at, "note": version.note, "words": _told(words_of(version)),
        "answers": [_answer(names[id_], one, version.answer_due) for id_, one in said.items()],
    }  # fmt: skip


def _told(words: SchemeWords) -> dict[str, str]:
    return {name: getattr(words, name) for name in FIELDS}


def _due(day: date, days: Calendar) -> dict[str, Any]:
    return {
        "day": day,
        "text": due_text(day, clock.today(), days),
        "state": "overdue" if day < clock.today() else "open",
    }


def waiting_answers(region_id: str | None, department_id: str) -> Sequence[tuple[Task, TaskSchemeVersion]]:
    """Schemes that were sent to this department and have no answer from it yet."""
    newest = (TaskSchemeVersion.scheme_id == TaskScheme.id) & (
        TaskSchemeVersion.version == TaskScheme.version
    )
    rows = db.session.execute(
        select(Task, TaskScheme, TaskSchemeVersion)
        .join(TaskScheme, TaskScheme.task_id == Task.id).join(TaskSchemeVersion, newest)
        .where(Task.region_id == region_id, TaskScheme.state == TaskSchemeState.SENT).order_by(Task.no)
    ).all()  # fmt: skip
    return [
        (task, version) for task, scheme, version in rows
        if department_id in partners_of(task) and department_id not in answers_of(scheme, version.version)
    ]  # fmt: skip


def open_objections(region_id: str | None, department_id: str) -> dict[str, tuple[Task, int]]:
    """Own tasks whose scheme was objected to without a reply yet, with the number of objections."""
    rows = db.session.execute(
        select(Task, TaskSchemeAnswer)
        .join(TaskScheme, TaskScheme.task_id == Task.id)
        .join(
            TaskSchemeAnswer,
            (TaskSchemeAnswer.scheme_id == TaskScheme.id) & (TaskSchemeAnswer.version == TaskScheme.version),
        )
        .where(
            Task.region_id == region_id, Task.initiating_department_id == department_id,
            TaskScheme.state == TaskSchemeState.SENT, TaskSchemeAnswer.agrees.is_(False), TaskSchemeAnswer.reply.is_(None),
        ).order_by(Task.no)
    ).all()  # fmt: skip
    found: dict[str, tuple[Task, int]] = {}
    for task, _ in rows:
        found[task.id] = (task, found.get(task.id, (task, 0))[1] + 1)
    return found
