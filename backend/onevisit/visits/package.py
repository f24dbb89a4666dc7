"""What does an inspector's phone need to know of a visit without a network? Builds the visit package (package_shape.py)."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from onevisit.core import clock
from onevisit.core.calendar import working_days_between
from onevisit.core.db import db
from onevisit.departments.models import Department
from onevisit.dispatches.announcing import slot_words
from onevisit.dispatches.merges import tasks_of
from onevisit.dispatches.models import Part, Visit
from onevisit.dispatches.notices import proposals_of
from onevisit.dispatches.queries import cap_of, members_of, numbers_in_year
from onevisit.dispatches.rules import papers_proposed
from onevisit.dispatches.terms import DELIVERY_LABELS, DeliveryWay, ProposalState
from onevisit.draws.paper import issuing_body
from onevisit.inspectors.models import Inspector
from onevisit.items.models import Checklist, Item
from onevisit.plans.models import PlanEntry
from onevisit.plans.terms import METHOD_LABELS, Method
from onevisit.regions.profiles import Profile
from onevisit.regions.queries import calendar, profile_of, region_of
from onevisit.subjects.models import Subject, SubjectHistory
from onevisit.subjects.parties import responsible_for
from onevisit.subjects.queries import history_of
from onevisit.subjects.terms import RISK_LABELS, STATE_LABELS, Risk, SubjectState
from onevisit.tasks.models import Task, TaskItem
from onevisit.tasks.queries import named_departments
from onevisit.visits.addable import added_items
from onevisit.visits.models import Todo, VisitState
from onevisit.visits.on_site import HIGH_RISK, on_site_rule
from onevisit.visits.package_shape import (
    CalendarOf,
    ChecklistOf,
    Day,
    EarlierVisit,
    ItemOf,
    NoticeOf,
    PartOf,
    PrecheckFact,
    ProfileOf,
    Responsible,
    SubjectOf,
    TaskOf,
    TeamMember,
    VisitPackage,
)
from onevisit.visits.package_shape import Todo as TodoOf
from onevisit.visits.paper_words import day_cn
from onevisit.visits.remedies import own_remedies
from onevisit.visits.terms import Outcome

EXPIRES_SOON = 30
RECTIFICATION_OPEN = frozenset({Outcome.RECTIFICATION_ORDERED, Outcome.PENDING_FOLLOW_UP})
_OUTCOME_LABELS = {one.value: one.label for one in Outcome}


def package_of(visit_id: str, inspector_id: str) -> VisitPackage:
    """Everything needed on site, as this inspector may see it: colleagues' phones only on one's own team."""
    return build_package(db.session.get_one(Visit, visit_id), inspector_id)


def build_package(visit: Visit, inspector_id: str | None) -> VisitPackage:
    """The package of a visit; no inspector (the office's reading) means no phone numbers."""
    task, subject = db.session.get_one(Task, visit.task_id), db.session.get_one(Subject, visit.subject_id)
    profile, region = profile_of(visit.region_id), region_of(visit.region_id)
    names = named_departments([part.department_id for part in visit.parts])
    on_team = any(one.inspector_id == inspector_id for one in members_of(visit))
    tasks = tasks_of(visit)
    methods = [
        {"code": one.value, "label": METHOD_LABELS[one]}
        for one in Method
        if any(one in each.methods for each in tasks)
    ]
    items, records = _items(tasks), _records(visit.id)
    also: dict[str, Any] = {"tasks": [_task(one) for one in tasks]} if len(tasks) > 1 else {}
    return {
        **also,  # type: ignore[typeddict-item]
        "id": visit.id,
        "visit_no": visit.no,
        "task": _task(task),
        "region": {"id": region.id, "name": region.name},
        "issuer": issuing_body(visit.region_id),
        "form_name": profile.value("record.form_name").value or "部门联合抽查情况记录表",
        "subject": _subject(subject),
        "methods": methods,  # type: ignore[typeddict-item]
        "year_count": numbers_in_year([visit])[visit.id],
        "cap": cap_of(profile),
        "history": _history(subject.id),
        "precheck": precheck_of(subject, clock.today()),
        "parts": [
            _part(part, visit, names[part.department_id], items, on_team)
            | {"addable": added_items(records.get(part.department_id))}  # type: ignore[operator]
            for part in visit.parts
        ],
        "leader": visit.leader_id or "",
        "window": {
            "start": max(one.window_start for one in tasks).isoformat(),
            "end": min(one.window_end for one in tasks).isoformat(),
        },
        "due": _due(visit.due),
        "calendar": _calendar(),
        "scheduled": (
            {"day": visit.scheduled_day.isoformat(), "time": visit.scheduled_time}
            if visit.scheduled_day
            else None
        ),
        "profile": _profile(profile, subject.risk),
        "notice": _notice(visit, subject),
        "todos": _todos(visit.id, inspector_id),
    }


def _calendar() -> CalendarOf:
    """The published exceptions of this year and the next, so that a phone counts working days as we do."""
    days, years = calendar(), (clock.today().year, clock.today().year + 1)
    return {
        "holidays": [day.isoformat() for day in sorted(days.holidays) if day.year in years],
        "makeup_days": [day.isoformat() for day in sorted(days.makeup_days) if day.year in years],
        "years": sorted(days.years & set(years)),
    }


def _task(task: Task) -> TaskOf:
    entry = db.session.get_one(PlanEntry, task.plan_entry_id)
    return {
        "id": task.id, "no": task.no, "name": task.name, "plan_name": entry.plan.name, "seq": entry.seq,
        "sensitive": task.sensitive,
    }  # fmt: skip


def _subject(subject: Subject) -> SubjectOf:
    """The subject; a thing that is no legal person is spoken for by its responsible party, who is reached and signs."""
    located, party = subject.lat_e7 is not None and subject.lon_e7 is not None, responsible_for(subject)
    named: dict[str, Any] = {} if party is subject else {"responsible": _responsible(party)}
    return {
        **named,  # type: ignore[typeddict-item]
        "id": subject.id, "name": subject.name, "credit_code": subject.credit_code, "kind": subject.kind,
        "address": subject.address or party.address, "legal_representative": party.legal_representative, "phone": party.phone,
        "contact": subject.contact or party.contact, "contact_phone": subject.contact_phone or party.contact_phone,
        "risk": None if subject.risk == Risk.NONE else subject.risk,
        "position": {"lat_e7": subject.lat_e7 or 0, "lon_e7": subject.lon_e7 or 0} if located else None,
        "licences": [
            {"name": one["name"], "no": one.get("no"), "valid_to": one.get("valid_to")} for one in subject.licences
        ],
    }  # fmt: skip


def _responsible(party: Subject) -> Responsible:
    return {"id": party.id, "name": party.name, "credit_code": party.credit_code, "address": party.address}


def _history(subject_id: str) -> list[EarlierVisit]:
    earlier = history_of(subject_id)
    names = _names(earlier)
    return [
        {
            "day": one.day.isoformat(),
            "task": one.task_name,
            "outcome_labels": [_outcome_label(o) for o in one.outcomes],
            "department": names.get(one.department_id),
        }
        for one in earlier
    ]


def _names(earlier: Sequence[SubjectHistory]) -> dict[str, str]:
    """Department -> how it is called, for everybody who was there before."""
    ids = {one.department_id for one in earlier}
    return {
        one.id: one.short_name for one in db.session.scalars(select(Department).where(Department.id.in_(ids)))
    }


def fact_of(subject: Subject, key: str) -> tuple[str, str]:
    """What a fact of the pre-check is called, and what the library says of it now."""
    found = next((one for one in precheck_of(subject, clock.today()) if one["key"] == key), None)
    return (found["label"], found["value"]) if found else (key, "")


def _this_year(earlier: Sequence[SubjectHistory], names: Mapping[str, str], year: int) -> str | None:
    """2 次上门（公安局 2 次、卫健局 1 次): of all departments; a visit of several counts once."""
    now = [one for one in earlier if one.day.year == year]
    each = Counter(names.get(one.department_id, one.department_id) for one in now)
    words = "、".join(f"{name} {count} 次" for name, count in each.most_common())
    return f"{len({one.visit_id for one in now})} 次上门（{words}）" if now else None


def _outcome_label(outcome: Any) -> str:
    code = outcome.get("code") if isinstance(outcome, Mapping) else outcome
    return _OUTCOME_LABELS.get(str(code), str(code))


def precheck_of(subject: Subject, today: date) -> list[PrecheckFact]:
    """预查: what the libraries say and what to look at on site; a licence that ends is said beforehand.

    Earlier checks and what is still to be put right are those of every department.
    """
    earlier = history_of(subject.id)
    names = _names(earlier)
    facts = [
        _fact("name", "名称", subject.name),
        _fact("credit_code", "统一社会信用代码", subject.credit_code),
        _fact("address", "住所（经营场所）", subject.address),
        _fact("representative", "法定代表人（负责人）", subject.legal_representative),
        _fact("state", "登记状态", STATE_LABELS[SubjectState(subject.state)], _state_warning(subject.state)),
        _fact("risk", "信用风险", RISK_LABELS[Risk(subject.risk)], "高风险，应重点检查" if subject.risk in HIGH_RISK else None),
        _fact("tags", "标签", "、".join(map(str, subject.tags))),
        _fact("year_count", "今年已受检查", _this_year(earlier, names, today.year)),
    ]  # fmt: skip
    facts += [
        _fact(f"licence.{at}", one["name"], _licence_text(one), _licence_warning(one, today))
        for at, one in enumerate(subject.licences)
    ]
    facts += [
        _fact(
            f"rectification.{at}",
            "此前责令改正",
            f"{day_cn(one.day)} {names.get(one.department_id, '')} {one.task_name}",
            "请核查是否已改正",
        )
        for at, one in enumerate(earlier)
        if any(_code_of(outcome) in RECTIFICATION_OPEN for outcome in one.outcomes)
    ]
    return [fact for fact in facts if fact["value"]]


def _fact(key: str, label: str, value: str | None, warn: str | None = None) -> PrecheckFact:
    return {"key": key, "label": label, "value": value or "", "warn": warn}


def _code_of(outcome: Any) -> str:
    return str(outcome.get("code") if isinstance(outcome, Mapping) else outcome)


def _state_warning(state: str) -> str | None:
    return None if state == SubjectState.OPERATING else "名录库登记为非在营，请先核实"


def _day_words(day: str) -> str:
    try:
        return day_cn(date.fromisoformat(day))
    except ValueError:
        return day  # as the library was imported


def _licence_text(licence: Mapping[str, Any]) -> str:
    valid_to = licence.get("valid_to")
    return (
        "，".join(filter(None, (licence.get("no"), f"有效期至{_day_words(valid_to)}" if valid_to else None)))
        or "已登记"
    )


def _licence_warning(licence: Mapping[str, Any], today: date) -> str | None:
    try:
        left = (date.fromisoformat(str(licence.get("valid_to"))) - today).days
    except ValueError:
        return None
    if left < 0:
        return f"已过期 {-left} 天"
    return f"{left} 天后到期" if left <= EXPIRES_SOON else None


def _items(tasks: Sequence[Task]) -> dict[str, list[ItemOf]]:
    """Department -> its items with the pinned checklists; an item of two merged tasks once, as first pinned."""
    listed = (
        select(TaskItem.department_id, Item, Checklist).join(Item, Item.id == TaskItem.item_id)
        .join(Checklist, Checklist.id == TaskItem.checklist_id).order_by(TaskItem.order)
    )  # fmt: skip
    found: dict[str, dict[str, ItemOf]] = {}
    for task in tasks:
        for department, item, checklist in db.session.execute(listed.where(TaskItem.task_id == task.id)):
            pinned: ChecklistOf = {
                "id": checklist.id, "version": checklist.version, "hash": checklist.hash, "entries": checklist.entries
            }  # fmt: skip
            one: ItemOf = {
                "id": item.id, "code": item.code, "name": item.name, "legal_basis": item.legal_basis or None,
                "checklist": pinned,
            }  # fmt: skip
            found.setdefault(department, {}).setdefault(item.id, one)
    return {department: list(items.values()) for department, items in found.items()}


def _records(visit_id: str) -> dict[str, Any]:
    """Department -> the record of its part as it stands, as far as anything came."""
    kept = db.session.scalars(select(VisitState.state).where(VisitState.visit_id == visit_id)).first()
    return {name: there["record"] for name, there in json.loads(kept)["parts"].items()} if kept else {}


def _part(
    part: Part, visit: Visit, named: Mapping[str, str], items: Mapping[str, list[ItemOf]], phones: bool
) -> PartOf:
    people = [
        (one, db.session.get_one(Inspector, one.inspector_id))
        for one in members_of(visit)
        if one.department_id == part.department_id
    ]
    return {
        "department": {"id": part.department_id, "name": named["name"]},
        "initiating": part.initiating,
        "leader": part.leader_id or "",
        "team": [_member(person, phones) for _, person in people],
        "items": items.get(part.department_id, []),
    }


def _member(person: Inspector, phones: bool) -> TeamMember:
    member: TeamMember = {
        "id": person.id, "name": person.name, "certificate": person.certificate_no, "department": person.department_id
    }  # fmt: skip
    if phones:
        member["phone"] = person.phone
    return member


def _due(day: date) -> Day:
    today, days = clock.today(), calendar()
    left = working_days_between(today, day, days)
    return {
        "day": day.isoformat(), "working_days_left": left,
        "state": "overdue" if day < today else "soon" if left <= 2 else "open",
    }  # fmt: skip


def _profile(profile: Profile, risk: str) -> ProfileOf:
    """The rules that hold at the door, each with the notice's sentence; null says it is ours."""
    mark, signers = profile.value("record.subject_mark"), profile.value("record.subject_signer")
    inspectors, number = (
        profile.value("record.inspectors_mark"),
        profile.value("draw.inspectors_per_part_min"),
    )
    codes = profile.value("results.codes")
    demanded = mark.value or {"required": ["signature"], "combination": "either"}
    least = (number.value or {}).get("n") or 2 if (inspectors.value or {}).get("required", True) else 0
    own = own_remedies(profile)
    also: dict[str, Any] = {"remedies": own} if own else {}
    return {
        **also,  # type: ignore[typeddict-item]
        "subject_mark": {
            "required": demanded["required"],
            "combination": "all" if demanded.get("combination") in ("both", "all") else "either",
            "source": mark.sentence,
        },
        "signers": {"roles": signers.value or [], "source": signers.sentence},
        "inspectors_mark": {"min_per_department": least, "source": inspectors.sentence},
        "check_on_site": on_site_rule(profile, risk),
        "outcomes": {"codes": _outcomes(codes.value or []), "source": codes.sentence},  # type: ignore[typeddict-item]
    }


def _outcomes(labels: list[str]) -> list[dict[str, str]]:
    """The notice's own list by its labels, then the regional ones of the code table (process.md 5.3)."""
    by_label = {one.label: one for one in Outcome}
    named = [by_label[label] for label in labels if label in by_label]
    rest = [one for one in Outcome if one not in named]
    return [{"code": one.value, "label": one.label} for one in (*named, *rest)]


def _notice(visit: Visit, subject: Subject) -> NoticeOf | None:
    if visit.notice is None:
        if visit.scheduled_day is None:
            return None
        return {
            "no": None, "delivered_at": None, "way": None, "receiver": None,
            "papers_to_prepare": papers_proposed(subject.licences), "announced": visit.announced,
        }  # fmt: skip
    notice = visit.notice
    return {
        "no": notice.no,
        "delivered_at": notice.delivered_at.isoformat() if notice.delivered_at else None,
        "way": DELIVERY_LABELS[DeliveryWay(notice.way)] if notice.way else None,
        "receiver": notice.receiver,
        "papers_to_prepare": list(notice.papers),
        "announced": visit.announced,
        "kept_back": len(visit.unannounced_items),
        "read_at": notice.read_at.isoformat() if notice.read_at else None,
        "read_by": notice.read_by,
        "proposal": _proposal(visit),
    }


def _proposal(visit: Visit) -> str | None:
    """Another time that the subject asked for and nobody has answered yet."""
    for one in proposals_of(visit.id):
        if one.state == ProposalState.PROPOSED:
            return f"{'或'.join(slot_words(slot) for slot in one.slots)}：{one.reason}"
    return None


def _todos(visit_id: str, inspector_id: str | None) -> list[TodoOf]:
    """What is owed to this visit by this inspector or by everybody in it."""
    wanted = (
        select(Todo).where(Todo.visit_id == visit_id, Todo.done_at.is_(None)).order_by(Todo.made_at, Todo.id)
    )
    if inspector_id is not None:
        wanted = wanted.where((Todo.inspector_id == inspector_id) | Todo.inspector_id.is_(None))
    return [
        {
            "id": one.id, "kind": one.kind, "part": one.department_id, "item": one.item_id,
            "operation": one.operation_id, "text": one.text, "due_day": one.due.isoformat() if one.due else None,
        }
        for one in db.session.scalars(wanted)
    ]  # fmt: skip
