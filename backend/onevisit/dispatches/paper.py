"""What does the check notice 检查告知书 say?"""

from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from onevisit.core.clock import LAW_ZONE
from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.departments.models import Department
from onevisit.dispatches.models import CheckNotice, Part, Visit
from onevisit.dispatches.notices import link_of, parts_told, tasks_told
from onevisit.dispatches.queries import cap_of, members_of, numbers_in_year
from onevisit.dispatches.terms import DELIVERY_LABELS, RIGHTS, DeliveryWay
from onevisit.draws.models import Draw
from onevisit.draws.paper import issuing_body
from onevisit.draws.proving import proof_texts
from onevisit.inspectors.models import Inspector
from onevisit.papers.facts import Delivery, NoticeFacts, NoticePart, Officer, Subject
from onevisit.papers.facts import Task as NamedTask
from onevisit.papers.rules import facts_digest, masked
from onevisit.plans.models import PlanEntry
from onevisit.plans.terms import METHOD_LABELS, Method
from onevisit.regions.queries import profile_of
from onevisit.subjects import models as subjects
from onevisit.subjects.parties import responsible_for
from onevisit.subjects.terms import KIND_LABELS, SubjectKind
from onevisit.tasks.models import Task


def notice_facts(visit: Visit) -> NoticeFacts:
    """One notice for all departments (S2): their items, their inspectors, what to prepare, which rights there are."""
    notice, tasks = visit.notice, tasks_told(visit)
    if notice is None:
        raise Problem("dispatches.no_notice", "这次检查没有告知书：还没有排日程，或定为不事先告知。", 409)
    entry = db.session.get_one(PlanEntry, tasks[0].plan_entry_id)
    lead = db.session.get_one(Department, tasks[0].initiating_department_id)
    subject = db.session.get_one(subjects.Subject, visit.subject_id)
    party = responsible_for(subject)
    methods = {one for task in tasks for one in task.methods}
    facts: NoticeFacts = {
        "issuer": issuing_body(visit.region_id),
        "no": notice.no,
        "subject": _subject(subject, party),
        "party": party.name if party is not subject else None,
        "plan": entry.plan.name,
        "plan_no": entry.plan.document_no,
        "tasks": [_task(one) for one in tasks],
        "visit_no": visit.no,
        "when": when_of(visit.scheduled_day, visit.scheduled_time),
        "methods": [(METHOD_LABELS[one], one.value in methods) for one in Method],
        "departments": [_part(one) for one in parts_told(visit)],
        "papers": list(notice.papers),
        "rights": list(RIGHTS),
        "year": visit.dispatched_at.astimezone(LAW_ZONE).year,
        "nth": numbers_in_year([visit])[visit.id],
        "cap": cap_of(profile_of(visit.region_id)),
        "contact": {"name": lead.contact_title, "phone": lead.contact_phone, "address": lead.name},
        "issued_by": lead.name,
        "issued": day_of(notice.issued_at.astimezone(LAW_ZONE).date()),
        "delivery": _delivery(notice, visit),
        "by_hand": notice.delivered_at is None,
        "digest": "",
        "qr": proof_link(visit, tasks[0]),
        "link": link_of(visit),
    }
    facts["digest"] = facts_digest(facts)
    return facts


def proof_link(visit: Visit, task: Task) -> str:
    """为何抽中我: the subject's own proof behind the fragment, which no server ever sees (draw.md §6).

    A merged visit was drawn once for each of its tasks.
    """
    if task.id != visit.task_id:
        came = select(Visit).where(Visit.merged_into_id == visit.id, Visit.task_id == task.id)
        visit = db.session.scalars(came).one()
    base = f"{current_app.config['ONEVISIT'].public_url}/public/draws"
    draw = db.session.get(Draw, visit.draw_id) if visit.draw_id else None
    if draw is None:
        return base
    (proof,) = proof_texts(draw, [visit.subject_leaf or ""]).values()
    # A list that was drawn elsewhere has no proofs here; its page says so.
    return f"{base}/{draw.no}#proof={proof}" if proof else f"{base}/{draw.no}"


def day_of(day: date) -> str:
    """2026年11月12日."""
    return f"{day.year}年{day.month}月{day.day}日"


def when_of(day: date | None, time: str | None) -> str | None:
    """2026年11月12日（星期四）上午."""
    if day is None:
        return None
    return f"{day_of(day)}（星期{'一二三四五六日'[day.weekday()]}）{time or ''}"


def _task(task: Task) -> NamedTask:
    entry = db.session.get_one(PlanEntry, task.plan_entry_id)
    return {"name": task.name, "no": task.no, "plan": entry.plan.name, "seq": entry.seq}


def _subject(subject: subjects.Subject, party: subjects.Subject) -> Subject:
    """What is checked, with the code and the people of whom the notice is addressed to."""
    contact, number = subject.contact or party.contact, subject.contact_phone or party.contact_phone
    return {
        "name": subject.name, "code": party.credit_code or subject.credit_code or "", "address": subject.address or party.address or None,
        "kind": KIND_LABELS[SubjectKind(subject.kind)], "head": party.legal_representative,
        "head_phone": masked(party.phone) if party.phone else None, "contact": contact,
        "contact_phone": masked(number) if number else None,
    }  # fmt: skip


def _part(told: dict[str, Any]) -> NoticePart:
    """What is not to be announced is missing here as everywhere else beforehand."""
    return {
        "name": told["name"],
        "initiating": told["initiating"],
        "items": told["items"],
        "officers": [{"name": name, "certificate": no, "strokes": None} for name, no in told["officers"]],
    }


def _officers(visit: Visit, part: Part) -> list[Officer]:
    """The leader first, always with the certificate number."""
    ids = [one.inspector_id for one in members_of(visit) if one.department_id == part.department_id]
    people = [
        db.session.get_one(Inspector, one) for one in sorted(ids, key=lambda id_: id_ != part.leader_id)
    ]
    return [{"name": one.name, "certificate": one.certificate_no, "strokes": None} for one in people]


def _delivery(notice: CheckNotice, visit: Visit) -> Delivery:
    initiating = next(part for part in visit.parts if part.initiating)
    return {
        "ways": [(DELIVERY_LABELS[way], way.value == notice.way) for way in DeliveryWay],
        "receiver": {"name": notice.receiver, "strokes": None} if notice.receiver else None,
        "received": _moment(notice.delivered_at),
        "officers": _officers(visit, initiating),
    }


def _moment(at: datetime | None) -> str | None:
    here = at.astimezone(LAW_ZONE) if at else None
    return f"{day_of(here.date())} {here:%H时%M分}" if here else None
