"""What does a subject read by the link of its notice, and what do desk and phone show of it? Looking changes nothing: a chat app that fetches the page beforehand has not read it."""

from datetime import date
from typing import Any

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.dispatches import announcing, notices, proposals
from onevisit.dispatches.models import CheckNotice, Visit
from onevisit.dispatches.notice_models import NoticeProposal
from onevisit.dispatches.paper import notice_facts, proof_link
from onevisit.dispatches.queries import view_of
from onevisit.dispatches.terms import DELIVERY_LABELS, PROPOSAL_STATE_LABELS, DeliveryWay, ProposalState
from onevisit.regions.queries import calendar, region_of
from onevisit.subjects.corrections import last_of
from onevisit.tasks.models import Task

Json = dict[str, Any]


def shown_to_subject(token: str) -> Json:
    """The newest version, what it changed, the receipt, the proposals with their answers."""
    visit = notices.visit_of_link(token)
    notice, facts = notices.notice_now(visit), notice_facts(visit)
    first, last = proposals.choice(visit)
    refused = proposals.why_not(visit)
    hours = last_of(visit.id, None, "unsuitable_hours")
    return {
        "no": notice.no, "version": notice.version, "issued": notice.issued_at, "issuer": facts["issuer"],
        "made_up": region_of(visit.region_id).made_up, "subject": facts["party"] or facts["subject"]["name"],
        "thing": facts["subject"]["name"] if facts["party"] else None, "credit_code": facts["subject"]["code"],
        "address": facts["subject"]["address"], "plan": facts["plan"], "visit_no": visit.no,
        "day": visit.scheduled_day, "time": visit.scheduled_time, "methods": [label for label, on in facts["methods"] if on],
        "departments": [
            {
                "name": one["name"], "initiating": one["initiating"], "items": one["items"],
                "officers": [{"name": each["name"], "certificate": each["certificate"]} for each in one["officers"]],
            }
            for one in facts["departments"]
        ],
        "papers": facts["papers"], "rights": facts["rights"], "year": facts["year"], "nth": facts["nth"], "cap": facts["cap"],
        "contact": facts["contact"], "issued_by": facts["issued_by"],
        "tasks": [{"name": one.name, "no": one.no, "proof": proof_link(visit, one)} for one in notices.tasks_told(visit)],
        "changes": _changes(notice), "earlier": [_version(one) for one in reversed(notice.earlier)],
        "read_at": notice.read_at, "read_by": notice.read_by, "begun": visit.begun_at is not None or visit.ended_at is not None,
        "proposals": [_proposal(one) for one in notices.proposals_of(visit.id)],
        "why_not": refused[1] if refused else None, "half_days": [] if refused else half_days(visit, first, last),
        "hours": hours.found if hours else None,
    }  # fmt: skip


def half_days(visit: Visit, first: date, last: date) -> list[Json]:
    """What may be chosen: the working days left in the window, without the half day that is planned."""
    days, found = calendar(), []
    for at in range(max(0, min((last - first).days + 1, 120))):
        day = date.fromordinal(first.toordinal() + at)
        if not days.is_working_day(day):
            continue
        same = day == visit.scheduled_day
        halves = [
            one for one in announcing.HALVES if not (same and visit.scheduled_time in (one, "全天", None))
        ]
        if halves:
            found.append({"day": day, "halves": halves})
    return found


def _changes(notice: CheckNotice) -> list[str]:
    """Against the version before."""
    return announcing.changes(notice.earlier[-1]["content"], notice.content) if notice.earlier else []


def _version(kept: Json) -> Json:
    return {
        "version": kept["version"], "issued_at": kept["issued_at"], "when": announcing.when_words(kept["content"]),
        "read_at": kept["read_at"], "read_by": kept["read_by"], "delivered_at": kept["delivered_at"],
        "way_label": DELIVERY_LABELS[DeliveryWay(kept["way"])] if kept["way"] else None, "receiver": kept["receiver"],
    }  # fmt: skip


def _proposal(one: NoticeProposal) -> Json:
    return {
        "id": one.id, "name": one.name, "reason": one.reason, "made_at": one.made_at, "state": one.state,
        "state_label": PROPOSAL_STATE_LABELS[ProposalState(one.state)], "slots": [announcing.slot_words(slot) for slot in one.slots],
        "answer": one.answer, "decided_at": one.decided_at,
    }  # fmt: skip


def for_the_desk(visit: Visit) -> Json:
    """A notice with its link, versions, receipt and what the subject proposes."""
    notice = visit.notice
    return {
        "visit": view_of(visit),
        "unannounced_items": visit.unannounced_items,
        "sensitive": db.session.get_one(Task, visit.task_id).sensitive,
        "link": notices.link_of(visit),
        "version": notice.version if notice else None,
        "changes": _changes(notice) if notice else [],
        "earlier": [_version(one) for one in reversed(notice.earlier)] if notice else [],
        "read_at": notice.read_at if notice else None,
        "read_by": notice.read_by if notice else None,
        "reached": notices.has_reached(notice),
        "proposals": [_proposal(one) for one in notices.proposals_of(visit.id)],
        "today": clock.today(),
    }
