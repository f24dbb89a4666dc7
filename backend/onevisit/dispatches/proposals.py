"""What happens when a subject asks for another time by the link of its notice, or tells which hours do not suit it?"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.dispatches import announcing, notices
from onevisit.dispatches.actions import put_in_calendar
from onevisit.dispatches.merges import tasks_of
from onevisit.dispatches.models import Visit
from onevisit.dispatches.notice_models import NoticeProposal
from onevisit.dispatches.terms import ProposalState
from onevisit.regions.queries import calendar
from onevisit.subjects import corrections
from onevisit.subjects.models import Subject
from onevisit.subjects.terms import CorrectionOrigin

HOURS_PAUSE = timedelta(minutes=10)


def choice(visit: Visit) -> tuple[date, date]:
    """From when to when another day may be proposed: from tomorrow, within every task's window and the visit's limit."""
    tasks = tasks_of(visit)
    first = max(clock.today() + timedelta(days=1), *(one.window_start for one in tasks))
    return first, min(visit.due, *(one.window_end for one in tasks))


def why_not(visit: Visit) -> tuple[str, str, int] | None:
    """Why nobody may propose now: code, sentence, status; the page says it before anything is typed."""
    made = notices.proposals_of(visit.id)
    if visit.begun_at is not None or visit.ended_at is not None:
        return "dispatches.visit_begun", "检查已经开始，不能再约改时间。", 409
    if visit.scheduled_day is None or visit.scheduled_day <= clock.today():
        return "dispatches.too_late_to_propose", "上门当天和以后不能在网上约改，请拨打联系电话。", 409
    if any(one.state == ProposalState.PROPOSED for one in made):
        return "dispatches.proposal_waits", "您已经提出过，组长还没有答复，请等一等。", 409
    if len(made) >= announcing.MOST_PROPOSALS:
        return (
            "dispatches.proposals_spent", f"网上最多约改 {announcing.MOST_PROPOSALS} 次，请拨打联系电话商量。", 429
        )  # fmt: skip
    return None


def propose(token: str, name: str, reason: str, slots: Sequence[Mapping[str, Any]]) -> Visit:
    """Two half days within the window; announced checks only, because only they have a link."""
    with transaction():
        visit = notices.locked(notices.visit_of_link(token).id)
        notice = notices.notice_now(visit)
        if (refused := why_not(visit)) is not None:
            raise Problem(*refused)
        planned = (visit.scheduled_day or clock.today(), visit.scheduled_time)
        if found := announcing.slot_faults(slots, planned, *choice(visit), calendar()):
            raise Problem("dispatches.slots_wrong", f"没有提交：{'；'.join(found)}。", 422, reasons=found)
        kept = [{"day": one["day"].isoformat(), "half": one["half"]} for one in slots]
        made = NoticeProposal(
            visit_id=visit.id, version=notice.version, name=name, reason=reason, slots=kept, made_at=clock.now(),
            state=ProposalState.PROPOSED.value,
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        trail.record(
            "visit.time_proposed", "visit", visit.id, region_id=visit.region_id, proposal=made.id, slots=kept
        )
    return visit


def accept(visit_id: str, proposal_id: str, slot: int) -> Visit:
    """The leader takes one of the two: a new schedule, a new version of the notice, the answer on the same link."""
    with transaction():
        visit = notices.locked(visit_id)
        proposal = _waiting(visit, proposal_id)
        wanted = proposal.slots[slot]
        put_in_calendar(visit, date.fromisoformat(wanted["day"]), wanted["half"], True, None)
        proposal.state, proposal.answer = ProposalState.ACCEPTED.value, announcing.slot_words(wanted)
        trail.record(
            "visit.scheduled", "visit", visit.id, region_id=visit.region_id, day=wanted["day"], time=wanted["half"],
            announced=True, proposal=proposal.id,
        )  # fmt: skip
    return visit


def decline(visit_id: str, proposal_id: str, reason: str) -> Visit:
    """The time stays; the subject reads why."""
    with transaction():
        visit = notices.locked(visit_id)
        proposal = _waiting(visit, proposal_id)
        proposal.state, proposal.answer = ProposalState.DECLINED.value, reason
        proposal.decided_at, proposal.decided_by = clock.now(), acting().account_id
        trail.record(
            "visit.proposal_declined",
            "visit",
            visit.id,
            region_id=visit.region_id,
            proposal=proposal.id,
            reason=reason,
        )
    return visit


def _waiting(visit: Visit, proposal_id: str) -> NoticeProposal:
    proposal = next((one for one in notices.proposals_of(visit.id) if one.id == proposal_id), None)
    if proposal is None or proposal.state != ProposalState.PROPOSED:
        raise Problem(
            "dispatches.proposal_decided", "这条约改已经答复过，或已被新的日程替代。请刷新页面。", 409
        )
    return proposal


def tell_hours(token: str, name: str, hours: str) -> Visit:
    """The subject's own unsuitable hours: offered to the library, where its department confirms them."""
    with transaction():
        visit = notices.locked(notices.visit_of_link(token).id)
        notices.notice_now(visit)
        if visit.ended_at is not None:
            raise Problem("dispatches.visit_ended", "这次检查已经结束，请向监管部门说明。", 409)
        subject = db.session.get_one(Subject, visit.subject_id)
        last = corrections.last_of(visit.id, None, "unsuitable_hours")
        if last is not None and clock.now() - last.offered_at < HOURS_PAUSE:
            raise Problem(
                "dispatches.hours_too_often", "刚刚已经收到您写的时间，请过十分钟再改。", 429, "later"
            )
        offered = corrections.Offer(
            origin=CorrectionOrigin.SUBJECT, source_id=visit.id, source=f"{name}（检查对象，{visit.no}）",
            department_id=None, key="unsuitable_hours", column="unsuitable_hours", label="不宜检查的时间",
            before=subject.unsuitable_hours or "", found=hours, note=None,
        )  # fmt: skip
        corrections.offer(subject, [offered])
        trail.record("visit.hours_told", "visit", visit.id, region_id=visit.region_id)
    return visit
