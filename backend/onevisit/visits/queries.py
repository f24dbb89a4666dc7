"""Which visits are there, what does each record hold, and what is still missing of it?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select

from onevisit.accounts.models import Account
from onevisit.accounts.models import Device as AccountDevice
from onevisit.core import clock
from onevisit.core.auth import Actor
from onevisit.core.db import db
from onevisit.core.problems import Problem, forbidden
from onevisit.departments.models import Department
from onevisit.dispatches.models import Part, TeamMember, Visit
from onevisit.dispatches.queries import takes_part, visit_in
from onevisit.dispatches.terms import VISIT_STATE_LABELS
from onevisit.dispatches.terms import VisitState as Planned
from onevisit.evidence.models import EvidenceFile, EvidenceUse
from onevisit.inspectors.models import Inspector
from onevisit.regions.limits import due_text
from onevisit.regions.queries import calendar
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task
from onevisit.visits.deadlines import limits_shown
from onevisit.visits.fold import fold
from onevisit.visits.gaps import gaps, progress
from onevisit.visits.manifest import short_code
from onevisit.visits.models import Log, SignedManifest, StoredOperation, Todo, VisitState
from onevisit.visits.package import build_package
from onevisit.visits.record import Json
from onevisit.visits.terms import ConfirmationState, HoldReason, Kind, PartState, VerdictKind

OFFICES = frozenset({"joint_office", "desk", "deputy_head", "principal_head"})
PART_LABELS = {one.value: one.label for one in PartState}
MANIFEST_LABELS = {
    "locked": ConfirmationState.LOCKED.label, "waiting": ConfirmationState.WAITING.label,
    "fault": ConfirmationState.UNEQUAL.label, "replaced": ConfirmationState.REPLACED.label,
}  # fmt: skip


def visit_seen(actor: Actor, visit_id: str) -> Visit:
    """A visit the actor takes part in."""
    visit = visit_in(actor.region_id, visit_id)
    if not takes_part(actor, visit):
        raise forbidden("这次检查不在您的范围内。")
    return visit


def state_of_visit(visit_id: str) -> Json:
    """The folded state as kept; that of an empty record while nothing came."""
    kept = db.session.scalars(select(VisitState.state).where(VisitState.visit_id == visit_id)).first()
    state: Json = json.loads(kept) if kept is not None else fold([])
    return state


def manifests_of(visit_id: str) -> Sequence[SignedManifest]:
    """What was signed, in the order of signing."""
    return db.session.scalars(
        select(SignedManifest).where(SignedManifest.visit_id == visit_id)
        .order_by(SignedManifest.confirmed_at, SignedManifest.operation_id)
    ).all()  # fmt: skip


def missing_files(visit_id: str, part: str | None = None) -> list[Json]:
    """The files that counted operations of a part name and that are not stored yet (缺 3 张原图).

    A file that is no picture can never come; it stops missing once its photo is withdrawn.
    """
    rows = db.session.execute(
        select(EvidenceUse.hash, EvidenceUse.part, EvidenceUse.operation_id, EvidenceFile.kind, EvidenceFile.problem)
        .join(EvidenceFile, and_(EvidenceFile.visit_id == EvidenceUse.visit_id, EvidenceFile.hash == EvidenceUse.hash))
        .where(EvidenceUse.visit_id == visit_id, EvidenceFile.stored_at.is_(None))
    ).all()  # fmt: skip
    if not rows:
        return []
    counted, state = _counted(visit_id), state_of_visit(visit_id)
    confirmed = {one.operation_id: one.parts for one in manifests_of(visit_id)}
    withdrawn = {entry["id"] for there in state["parts"].values() for entry in there["withdrawn"]}
    found: dict[tuple[str, str], Json] = {}
    for row in rows:
        hopeless = row.problem is not None and row.operation_id in withdrawn
        for owner in [row.part] if row.part else confirmed.get(row.operation_id, []):
            if row.operation_id in counted and not hopeless and part in (None, owner):
                missing = {
                    "hash": row.hash,
                    "part": owner,
                    "kind": row.kind,
                    "operation": row.operation_id,
                    "problem": row.problem,
                }
                found.setdefault((owner, row.hash), missing)
    return [found[key] for key in sorted(found)]


def is_complete(visit_id: str, part: str) -> bool:
    """Whether every file that a part names is stored (sync.md 5)."""
    return not missing_files(visit_id, part)


def _counted(visit_id: str) -> set[str]:
    applied = select(StoredOperation.id).where(
        StoredOperation.visit_id == visit_id, StoredOperation.verdict == VerdictKind.APPLIED
    )
    state = state_of_visit(visit_id)
    # What an amendment takes in belongs to the record, though its own verdict stays "held".
    taken = {
        name for there in state["parts"].values() for one in there["amendments"] for name in one["takes"]
    }
    return {*db.session.scalars(applied), *state["adopted"], *taken}


def visits_for(actor: Actor, given: Json) -> Json:
    """A page of the desk's table: filtered, soonest due first."""
    wanted = [Visit.region_id == actor.region_id, *_scope(actor), *_filters(given)]
    total = db.session.scalars(select(func.count()).select_from(Visit).where(*wanted)).one()
    if given["after"]:
        day, id_ = _after(given["after"])
        wanted.append(or_(Visit.due > day, and_(Visit.due == day, Visit.id > id_)))
    limit = given["limit"]
    visits = db.session.scalars(
        select(Visit).where(*wanted).order_by(Visit.due, Visit.id).limit(limit + 1)
    ).all()
    more = len(visits) > limit
    shown = visits[:limit]
    last = f"{shown[-1].due.isoformat()}|{shown[-1].id}" if more else None
    return {"items": _rows(shown), "next": last, "total": total}


def _scope(actor: Actor) -> list[Any]:
    if actor.has("joint_office"):
        return []
    if actor.roles & OFFICES:
        return [Visit.id.in_(select(Part.visit_id).where(Part.department_id == actor.department_id))]
    on_team = select(TeamMember.visit_id).where(
        TeamMember.inspector_id == actor.inspector_id, TeamMember.removed_at.is_(None)
    )
    return [Visit.id.in_(on_team)]


def _filters(given: Json) -> list[Any]:
    wanted: list[Any] = []
    parts = [Part.visit_id == Visit.id]
    if given["department"]:
        parts.append(Part.department_id == given["department"])
    if given["state"] in set(PartState):
        parts.append(Part.state == given["state"])
    elif given["state"]:
        wanted.append(Visit.state == given["state"])
    if len(parts) > 1:
        wanted.append(select(Part.id).where(*parts).exists())
    if given["task_id"]:
        wanted.append(Visit.task_id == given["task_id"])
    if given["overdue"]:
        wanted.append(and_(Visit.due < clock.today(), Visit.ended_at.is_(None)))
    if text := given["q"].strip():
        like = f"%{text.replace('%', '').replace('_', '')}%"
        named = select(Subject.id).where(or_(Subject.name.like(like), Subject.credit_code.like(like)))
        wanted.append(or_(Visit.subject_id.in_(named), Visit.no.like(like)))
    return wanted


def _after(text: str) -> tuple[date, str]:
    day, _, id_ = text.partition("|")
    try:
        return date.fromisoformat(day), id_
    except ValueError as error:
        raise Problem("api.bad_cursor", "翻页位置读不懂，请从第一页开始。", 422) from error


def _rows(visits: Sequence[Visit]) -> list[Json]:
    subjects = _by_id(Subject, {visit.subject_id for visit in visits})
    tasks = _by_id(Task, {visit.task_id for visit in visits})
    names = _by_id(Department, {part.department_id for visit in visits for part in visit.parts})
    days, today = calendar(), clock.today()
    waiting = _waiting_for_files([visit.id for visit in visits])
    missing = {visit.id: missing_files(visit.id) if visit.id in waiting else [] for visit in visits}
    heard = _last_heard([visit.id for visit in visits])
    return [
        {
            "id": visit.id, "no": visit.no, "state": visit.state, "state_label": VISIT_STATE_LABELS[Planned(visit.state)],
            "subject": _named(subjects[visit.subject_id], "id", "name", "credit_code"),
            "task": _named(tasks[visit.task_id], "id", "no", "name"),
            "scheduled_day": visit.scheduled_day, "scheduled_time": visit.scheduled_time, "due": visit.due,
            "due_text": due_text(visit.due, today, days) if visit.ended_at is None else None,
            "ended_at": visit.ended_at, "last_heard_at": heard.get(visit.id),
            "parts": [
                {
                    "department": _named(names[part.department_id], "id", "name", "short_name"),
                    "state": part.state, "state_label": PART_LABELS[part.state],
                    "initiating": part.initiating, "entry_due": part.entry_due,
                    "publication_due": part.publication_due,
                    "missing_files": sum(one["part"] == part.department_id for one in missing[visit.id]),
                }
                for part in visit.parts
            ],
        }
        for visit in visits
    ]  # fmt: skip


def _waiting_for_files(visit_ids: Sequence[str]) -> set[str]:
    waiting = select(EvidenceFile.visit_id).where(
        EvidenceFile.visit_id.in_(visit_ids), EvidenceFile.stored_at.is_(None)
    )
    return set(db.session.scalars(waiting.distinct()))


def _by_id(model: Any, ids: set[str]) -> dict[str, Any]:
    return {one.id: one for one in db.session.scalars(select(model).where(model.id.in_(ids)))}


def _named(thing: Any, *names: str) -> Json:
    return {name: getattr(thing, name) for name in names}


def _last_heard(visit_ids: Sequence[str]) -> dict[str, Any]:
    rows = db.session.execute(
        select(Log.visit_id, func.max(Log.last_received_at))
        .where(Log.visit_id.in_(visit_ids))
        .group_by(Log.visit_id)
    )
    return {row[0]: row[1] for row in rows}


def visit_in_full(visit: Visit) -> Json:
    """A visit as planned, as recorded, what is missing, what was signed, what is held, by when."""
    package, state = build_package(visit, None), state_of_visit(visit.id)
    return {
        "id": visit.id, "no": visit.no, "state": visit.state, "state_label": VISIT_STATE_LABELS[Planned(visit.state)],
        "ended_at": visit.ended_at, "package": package, "record": state,
        "progress": progress(state, package), "gaps": gaps(state, package),
        "parts": [_part(visit, part, state) for part in visit.parts],
        "manifests": [_manifest(one) for one in manifests_of(visit.id)],
        "held": _held(visit.id, state), "logs": _logs(visit.id), "people": _people(visit, state),
        "todos": [_todo(one) for one in open_todos(visit.id)],
    }  # fmt: skip


def _part(visit: Visit, part: Part, state: Json) -> Json:
    there = state["parts"].get(part.department_id)
    missing = missing_files(visit.id, part.department_id)
    limits = part.limits or {}
    return {
        "department_id": part.department_id, "state": part.state, "state_label": PART_LABELS[part.state],
        "version": there["version"] if there else 1, "to_sign_again": bool(there and there["to_sign_again"]),
        "complete": not missing, "missing_files": missing, "limits": limits_shown(part),
        "ended_at": limits.get("ended_at"), "received_at": limits.get("received_at"),
        "more_than_a_day_apart": limits.get("more_than_a_day_apart", False),
    }  # fmt: skip


def _manifest(one: SignedManifest) -> Json:
    return {
        "operation": one.operation_id, "digest": one.digest, "short_code": short_code(one.digest), "parts": one.parts,
        "state": one.state, "state_label": MANIFEST_LABELS[one.state], "differs": one.differs,
        "confirmed_at": one.confirmed_at, "locked_at": one.locked_at,
    }  # fmt: skip


def _held(visit_id: str, state: Json) -> list[Json]:
    """What does not count now, with its content, for the leader who may adopt it."""
    ids = [entry["id"] for entry in state["held"]]
    stored = select(StoredOperation.id, StoredOperation.raw, StoredOperation.received_at)
    rows = db.session.execute(
        stored.where(StoredOperation.visit_id == visit_id, StoredOperation.id.in_(ids)).order_by(
            StoredOperation.position
        )
    )
    kept = {row.id: row for row in reversed(rows.all())}
    kinds, reasons = {one.value: one.label for one in Kind}, {one.value: one.label for one in HoldReason}
    return [
        {
            **entry, "kind_label": kinds.get(entry["kind"], entry["kind"]),
            "reason_label": reasons.get(entry["reason"], entry["reason"]),
            "body": json.loads(kept[entry["id"]].raw)["body"], "received_at": kept[entry["id"]].received_at,
        }
        for entry in state["held"]
    ]  # fmt: skip


def _logs(visit_id: str) -> list[Json]:
    """Who has sent how much, and when we last heard of each phone."""
    rows = db.session.execute(
        select(Log.device_id, Log.accepted_to, Log.last_received_at, AccountDevice.label, Account.name, Account.inspector_id)
        .outerjoin(AccountDevice, AccountDevice.id == Log.device_id)
        .outerjoin(Account, Account.id == AccountDevice.account_id)
        .where(Log.visit_id == visit_id).order_by(Log.device_id)
    )  # fmt: skip
    return [
        {
            "device": row.device_id, "label": row.label or "服务器", "name": row.name, "inspector": row.inspector_id,
            "accepted_to": row.accepted_to, "last_received_at": row.last_received_at,
        }
        for row in rows
    ]  # fmt: skip


def _people(visit: Visit, state: Json) -> dict[str, str]:
    """Inspector -> name, for everybody the record mentions."""
    ids = {one.inspector_id for one in visit.team} | {entry["by"] for entry in state["held"]}
    return {one.id: one.name for one in db.session.scalars(select(Inspector).where(Inspector.id.in_(ids)))}


def open_todos(visit_id: str) -> Sequence[Todo]:
    """What is still owed to a visit."""
    return db.session.scalars(
        select(Todo).where(Todo.visit_id == visit_id, Todo.done_at.is_(None)).order_by(Todo.made_at, Todo.id)
    ).all()


def _todo(one: Todo) -> Json:
    names = (
        "id",
        "department_id",
        "inspector_id",
        "kind",
        "item_id",
        "operation_id",
        "text",
        "due",
        "made_at",
    )
    return _named(one, *names)
