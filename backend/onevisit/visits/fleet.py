"""Which phones has a department or a region, what of theirs is here, what is still with them? (sync.md 5, 7)"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from onevisit.accounts.actions import take_right_away
from onevisit.accounts.models import Account, Device
from onevisit.accounts.terms import FLEET_STATE_LABELS, LATENESS_LABELS, FleetState, Lateness
from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.models import Department
from onevisit.dispatches.models import Part, TeamMember, Visit
from onevisit.evidence.models import EvidenceFile
from onevisit.evidence.terms import FileKind
from onevisit.subjects.models import Subject
from onevisit.visits.fleet_rules import Owed, sentence, standing
from onevisit.visits.models import KeptBundle, Log

Json = dict[str, Any]
HEADINGS = (
    "序号", "部门", "姓名", "手机", "应用版本", "上次联系", "已收到（条）", "缺什么", "最早从何时", "时长", "状态", "停用时间",
)  # fmt: skip
MOST_VISITS = 30
_ORDER = {Lateness.RED: 0, Lateness.AMBER: 1, Lateness.NONE: 2}
_STATES = list(FleetState)
# Nobody is on site any more, so nothing is recorded that might be waiting.
_DONE = ("submitted", "accepted", "final", "published", "withheld", "archived")


@dataclass(frozen=True)
class Scope:
    """Whose phones: a region's, or one department's of it."""

    region_id: str
    department_id: str | None = None


@dataclass(frozen=True)
class FleetFilter:
    """Which rows; None asks for all."""

    state: str | None = None
    lateness: str | None = None
    department_id: str | None = None
    words: str = ""


def scope_of_actor() -> Scope:
    """The joint office and the administrators see the region, everybody else the own department."""
    actor = acting()
    if actor.region_id is None:
        raise not_found("手机")
    whole = actor.has("joint_office", "system_admin", "security_admin")
    return Scope(actor.region_id, None if whole else actor.department_id or "")


def fleet_of(scope: Scope, wanted: FleetFilter) -> Json:
    """Every person and phone, the most pressing first; counts are of all rows before a state is chosen."""
    rows = [row for row in _rows(_within(scope)) if _fits(row, wanted)]
    counts = {one.value: sum(row["state"] == one for row in rows) for one in FleetState}
    late = {one.value: sum(row["lateness"] == one for row in rows) for one in Lateness}
    shown = [
        row
        for row in rows
        if wanted.state in (None, row["state"]) and wanted.lateness in (None, row["lateness"])
    ]
    shown.sort(key=_pressing)
    return {"rows": shown, "counts": {"all": len(rows), **counts}, "late": late}


def _pressing(row: Json) -> tuple[Any, ...]:
    since = row["since"].timestamp() if row["since"] else 0.0
    return (
        _ORDER[row["lateness"]], _STATES.index(row["state"]), since, row["department"]["name"], row["name"],
    )  # fmt: skip


def with_acknowledged(rows: Sequence[Json]) -> list[Json]:
    """How many operations of each phone are here, and when the last came; asked only for the rows that are shown."""
    ids = [row["phone"]["id"] for row in rows if row["phone"]]
    found = {
        device: (count, last)
        for device, count, last in db.session.execute(
            select(Log.device_id, func.sum(Log.accepted_to), func.max(Log.last_received_at))
            .where(Log.device_id.in_(ids))
            .group_by(Log.device_id)
        )
    }
    for row in rows:
        count, last = found.get(row["phone"]["id"] if row["phone"] else "", (0, None))
        row |= {"acknowledged": int(count), "last_received_at": last}
    return list(rows)


def phone_in(scope: Scope, device_id: str) -> Json:
    """One phone with the visits it wrote in: what of each is here, what is missing."""
    return _one(_within(scope), device_id)


def phone_of_mine(device_id: str) -> Json:
    """What is here of a phone of my own: asked after a browser has thrown its storage away (sync.md 7)."""
    return _one(Account.id == acting().account_id, device_id)


def _one(condition: ColumnElement[bool], device_id: str) -> Json:
    rows = _rows(and_(condition, Device.id == device_id))
    if not rows:
        raise not_found("手机")
    (row,) = with_acknowledged(rows)
    return {**row, "visits": _visits_of(device_id)}


def revoke(scope: Scope, device_id: str, reason: str) -> Json:
    """Take a phone's right to write away: what it still sends is held and shown to the leader, not lost."""
    phone_in(scope, device_id)
    device = db.session.get_one(Device, device_id)
    take_right_away(device, region_id=scope.region_id, reason=reason)
    return phone_in(scope, device_id)


def lines_of(rows: Iterable[Json]) -> Iterable[Sequence[Any]]:
    """The rows as the file has them."""
    for number, row in enumerate(rows, start=1):
        phone = row["phone"] or {}
        yield (
            number, row["department"]["name"], row["name"], phone.get("label"), phone.get("version"),
            _moment(phone.get("last_seen_at")), row["acknowledged"], row["sentence"], _moment(row["since"]),
            LATENESS_LABELS[row["lateness"]] if row["since"] else None, FLEET_STATE_LABELS[row["state"]], _moment(phone.get("revoked_at")),
        )  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(clock.LAW_ZONE).strftime("%Y-%m-%d %H:%M") if at else None


def _within(scope: Scope) -> ColumnElement[bool]:
    within = and_(Account.region_id == scope.region_id, Account.inspector_id.is_not(None))
    return (
        within if scope.department_id is None else and_(within, Account.department_id == scope.department_id)
    )


def _fits(row: Json, wanted: FleetFilter) -> bool:
    label = row["phone"]["label"] if row["phone"] else ""
    told = f"{row['name']} {row['department']['name']} {label}".lower()
    return wanted.department_id in (None, row["department"]["id"]) and all(
        word in told for word in wanted.words.lower().split()
    )


def _rows(condition: ColumnElement[bool]) -> list[Json]:
    people = db.session.execute(
        select(Account, Department, Device)
        .join(Department, Department.id == Account.department_id)
        .outerjoin(Device, Device.account_id == Account.id)
        .where(condition)
        .order_by(Account.id, Device.enrolled_at.desc())
    ).all()
    devices = {row.Device.id for row in people if row.Device is not None}
    inspectors = {row.Account.inspector_id for row in people}
    owed, begun, now = _owed(devices), _begun(inspectors), clock.now()
    return [
        _row(one, owed, begun.get(one.Account.inspector_id, 0), now)
        for one in people
        # Somebody who left and never had a phone is nobody's question.
        if one.Device is not None or one.Account.active
    ]


def _row(found: Any, owed: dict[str, Owed], begun: int, now: datetime) -> Json:
    account, department, device = found
    owes = _with_said(owed.get(device.id, Owed()), device) if device else Owed()
    stands = standing(
        owes,
        device and device.last_seen_at,
        bool(device and device.revoked_at),
        begun,
        now,
        device is not None,
    )
    return {
        "account": account.id, "name": account.name, "visits_open": begun,
        "department": {"id": department.id, "name": department.name, "short_name": department.short_name},
        "phone": device and {
            "id": device.id, "label": device.label, "version": device.app_version, "enrolled_at": device.enrolled_at,
            "last_seen_at": device.last_seen_at, "revoked_at": device.revoked_at,
        },
        "photos": owes.photos, "files": owes.files, "gaps": owes.gaps, "unsent": owes.unsent,
        "sentence": sentence(owes, device.label) if device else "", "since": stands.since, "state": stands.state,
        "lateness": stands.lateness, "acknowledged": 0, "last_received_at": None,
    }  # fmt: skip


def _with_said(owed: Owed, device: Device) -> Owed:
    """What the phone itself told at its last contact stands beside what the server sees."""
    if not device.unsent:
        return owed
    since = min(filter(None, (owed.since, device.unsent_since)), default=None)
    return Owed(owed.photos, owed.files, owed.gaps, device.unsent, since)


def _owed(devices: Collection[str]) -> dict[str, Owed]:
    """By phone: originals that were named and have not come, stretches past a gap. Both are few rows with an index of their own."""
    found: dict[str, Owed] = {}
    photo = case((EvidenceFile.kind == FileKind.PHOTO, 1), else_=0)
    files = select(
        EvidenceFile.device_id, func.sum(photo), func.count(), func.min(EvidenceFile.announced_at)
    ).where(EvidenceFile.stored_at.is_(None))
    for device, photos, all_, since in db.session.execute(files.group_by(EvidenceFile.device_id)):
        if device in devices:
            found[device] = Owed(photos=int(photos), files=all_ - int(photos), since=since)
    gaps = select(KeptBundle.device_id, func.count(), func.min(KeptBundle.received_at)).where(
        KeptBundle.waiting.is_not(None)
    )
    for device, count, since in db.session.execute(gaps.group_by(KeptBundle.device_id)):
        if device in devices:
            before = found.get(device, Owed())
            found[device] = Owed(
                before.photos, before.files, count, 0, min(filter(None, (before.since, since)))
            )
    return found


def _begun(inspectors: Collection[str]) -> dict[str, int]:
    """Inspector -> visits begun whose part is not handed in yet."""
    rows = db.session.execute(
        select(TeamMember.inspector_id, func.count(Visit.id.distinct()))
        .join(Visit, Visit.id == TeamMember.visit_id)
        .join(Part, and_(Part.visit_id == Visit.id, Part.department_id == TeamMember.department_id))
        .where(
            TeamMember.removed_at.is_(None), Visit.begun_at.is_not(None), Visit.merged_into_id.is_(None),
            Part.state.not_in(_DONE),
        )
        .group_by(TeamMember.inspector_id)
    )  # fmt: skip
    return {inspector: count for inspector, count in rows if inspector in inspectors}


def _visits_of(device_id: str) -> list[Json]:
    """The visits this phone wrote in, those that lack something first."""
    lacking = (
        select(EvidenceFile.visit_id, func.count().label("missing"))
        .where(EvidenceFile.device_id == device_id, EvidenceFile.stored_at.is_(None))
        .group_by(EvidenceFile.visit_id)
        .subquery()
    )
    gaps = (
        select(KeptBundle.visit_id, func.min(KeptBundle.first).label("first"))
        .where(KeptBundle.device_id == device_id, KeptBundle.waiting.is_not(None))
        .group_by(KeptBundle.visit_id)
        .subquery()
    )
    missing = func.coalesce(lacking.c.missing, 0)
    rows = db.session.execute(
        select(Visit.id, Visit.no, Visit.task_id, Subject.name, Log, missing, gaps.c.first)
        .join(Log, Log.visit_id == Visit.id)
        .join(Subject, Subject.id == Visit.subject_id)
        .outerjoin(lacking, lacking.c.visit_id == Visit.id)
        .outerjoin(gaps, gaps.c.visit_id == Visit.id)
        .where(Log.device_id == device_id)
        .order_by(missing.desc(), gaps.c.first.is_(None), Log.last_received_at.desc())
        .limit(MOST_VISITS)
    )
    return [
        {
            "id": id_, "no": no, "task_id": task, "subject": subject, "acknowledged": log.accepted_to,
            "last_received_at": log.last_received_at, "missing": count,
            # The first of what lies past the gap: the phone still has what is between.
            "gap": [log.accepted_to + 1, first - 1] if first and first > log.accepted_to + 1 else None,
        }
        for id_, no, task, subject, log, count, first in rows
    ]  # fmt: skip
