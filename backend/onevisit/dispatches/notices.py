"""What happens to a check notice: it is made, renewed with every change, delivered, and the subject says 我已收到."""

from typing import Any

from flask import current_app
from sqlalchemy import select

from onevisit.config import Config
from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.core.sealed import id_under, sealed
from onevisit.core.trail import TrailEntry
from onevisit.departments.models import Department
from onevisit.dispatches import announcing, rules
from onevisit.dispatches.merges import tasks_of
from onevisit.dispatches.models import CheckNotice, Visit
from onevisit.dispatches.notice_models import NoticeProposal
from onevisit.dispatches.queries import items_of_visit, members_of
from onevisit.dispatches.terms import DeliveryWay, ProposalState
from onevisit.inspectors.models import Inspector
from onevisit.regions.queries import region_of
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task
from onevisit.tasks.queries import items_of

Json = dict[str, Any]
KIND, MAC = "check-notice", 16


def renew(visit: Visit, papers: list[str] | None = None) -> None:
    """The notice says what is planned now; whatever it said before stays on record with its delivery and receipt."""
    if not visit.announced:
        visit.notice = None
        return
    if visit.notice is None:
        subject = db.session.get_one(Subject, visit.subject_id)
        chosen = papers or rules.papers_proposed(subject.licences)
        number = rules.running_number(visit.no)
        no = rules.paper_no(region_of(visit.region_id).name, "告", clock.today().year, number)
        visit.notice = CheckNotice(
            no=no,
            papers=chosen,
            issued_at=clock.now(),
            version=1,
            content=content_of(visit, chosen),
            earlier=[],
        )
        return
    notice = visit.notice
    notice.papers = papers or notice.papers
    content = content_of(visit, notice.papers)
    if notice.content and announcing.changes(notice.content, content):
        notice.earlier = [*notice.earlier, _kept(notice)]
        notice.version, notice.issued_at = notice.version + 1, clock.now()
        notice.way = notice.receiver = notice.delivered_at = notice.delivered_by = None
        notice.read_at = notice.read_by = None
    notice.content = content


def content_of(visit: Visit, papers: list[str]) -> Json:
    """What the subject is told, as it is kept with a version."""
    day = visit.scheduled_day.isoformat() if visit.scheduled_day else ""
    departments = [
        {"name": one["name"], "items": one["items"], "officers": one["officers"]} for one in parts_told(visit)
    ]
    tasks = [one.name for one in tasks_told(visit)]
    return {
        "day": day, "time": visit.scheduled_time, "papers": list(papers), "departments": departments, "tasks": tasks,
    }  # fmt: skip


def tasks_told(visit: Visit) -> list[Task]:
    """Every task that the visit carries out; one whose items are all kept from the subject is not named either."""
    hidden, tasks, found = set(visit.unannounced_items), tasks_of(visit), []
    for task in tasks:
        items = {one["id"] for one in items_of(task)}
        if not items or items - hidden:
            found.append(task)
    return found or tasks[:1]


def parts_told(visit: Visit) -> list[Json]:
    """The departments that are told of, each with the items that are, and its people: the leader first."""
    items = items_of_visit(visit)
    parts: list[Json] = []
    for part in visit.parts:
        people = [one.inspector_id for one in members_of(visit) if one.department_id == part.department_id]
        people.sort(key=lambda id_, leader=part.leader_id: id_ != leader)  # type: ignore[misc]
        named = [db.session.get_one(Inspector, one) for one in people]
        parts.append(
            {
                "department_id": part.department_id,
                "name": db.session.get_one(Department, part.department_id).name,
                "initiating": part.initiating,
                "items": [
                    (one["id"], one["name"]) for one in items if one["department_id"] == part.department_id
                ],
                "officers": [[one.name, one.certificate_no] for one in named],
            }
        )
    return announcing.told_parts(parts, visit.unannounced_items)


def _kept(notice: CheckNotice) -> Json:
    moments = {name: getattr(notice, name) for name in ("issued_at", "delivered_at", "read_at")}
    return {
        "version": notice.version, "content": notice.content, "way": notice.way, "receiver": notice.receiver,
        "read_by": notice.read_by, **{name: at.isoformat() if at else None for name, at in moments.items()},
    }  # fmt: skip


def has_reached(notice: CheckNotice | None) -> bool:
    """Some version was delivered or read: what was told cannot be untold."""
    if notice is None:
        return False
    ever = [one["delivered_at"] or one["read_at"] for one in notice.earlier]
    return bool(notice.delivered_at or notice.read_at or any(ever))


def refuse_untelling(visit: Visit, announced: bool, unannounced: list[str]) -> None:
    """May this be kept from the subject (now)? All items kept from it is a visit not announced."""
    items = {one["id"]: one["name"] for one in items_of_visit(visit)}
    if unknown := [one for one in unannounced if one not in items]:
        raise Problem(
            "dispatches.item_unknown", "有事项不属于这次检查，没有写入。请刷新后再选。", items=unknown
        )
    if announced and items and not set(items) - set(unannounced):
        raise Problem(
            "dispatches.nothing_announced", "所有事项都不告知时，请改选“不事先告知”，不要发告知书。", 422
        )
    if not has_reached(visit.notice):
        return
    if not announced:
        raise Problem("dispatches.notice_delivered", "告知书已经送达，不能改为不事先告知。", 409)
    if told := [items[one] for one in unannounced if one not in visit.unannounced_items]:
        raise Problem(
            "dispatches.item_told", f"“{'、'.join(told)}”已经在送达的告知书里，不能再改为不告知。", 409
        )


def deliver(visit: Visit, way: DeliveryWay, receiver: str) -> None:
    """The present version reached the subject: how, who took it; the caller has locked the visit."""
    notice = visit.notice
    if notice is None:
        raise Problem("dispatches.no_notice", "这次检查没有告知书：还没有排日程，或定为不事先告知。", 409)
    if notice.delivered_at is not None:
        raise Problem("dispatches.notice_delivered", "告知书已经登记过送达，没有重复登记。", 409)
    if way is DeliveryWay.LINK and is_sensitive(visit):
        raise Problem("dispatches.no_link", "这项任务的告知书不能用链接送达，请改用书面、电话或传真。", 409)
    notice.way, notice.receiver = way.value, receiver
    notice.delivered_at, notice.delivered_by = clock.now(), acting().account_id
    trail.record(
        "notice.delivered", "visit", visit.id, region_id=visit.region_id, notice=notice.no, way=way.value,
        version=notice.version,
    )  # fmt: skip


def acknowledge(token: str, version: int, name: str) -> Visit:
    """我已收到: an explicit tap with a name typed, once for every version; looking at the page is no receipt."""
    with transaction():
        visit = locked(visit_of_link(token).id)
        notice = notice_now(visit)
        if version != notice.version:
            raise Problem(
                "dispatches.notice_changed", "告知书刚刚有改动，请看过新的内容再点“我已收到”。", 409
            )
        if notice.read_at is not None:
            raise Problem("dispatches.notice_read", "这份告知书已经登记过收到，不用再点。", 409)
        if visit.ended_at is not None:
            raise Problem("dispatches.visit_ended", "这次检查已经结束，不用再回执。", 409)
        notice.read_at, notice.read_by = clock.now(), name
        if notice.delivered_at is None:
            notice.way, notice.receiver, notice.delivered_at = DeliveryWay.LINK.value, name, notice.read_at
        trail.record(
            "notice.read", "visit", visit.id, region_id=visit.region_id, notice=notice.no, version=version
        )
    return visit


def settle_proposals(visit: Visit) -> None:
    """A new day was set while the subject waits for an answer: one of its own is accepted, another one overtakes it."""
    wanted = {
        "day": visit.scheduled_day.isoformat() if visit.scheduled_day else "",
        "half": visit.scheduled_time,
    }
    for one in proposals_of(visit.id):
        if one.state != ProposalState.PROPOSED:
            continue
        fits = wanted in one.slots
        one.state = (ProposalState.ACCEPTED if fits else ProposalState.OVERTAKEN).value
        one.decided_at, one.decided_by = clock.now(), acting().account_id


def proposals_of(visit_id: str) -> list[NoticeProposal]:
    """Everything the subject proposed, the newest first."""
    wanted = select(NoticeProposal).where(NoticeProposal.visit_id == visit_id)
    return list(db.session.scalars(wanted.order_by(NoticeProposal.made_at.desc(), NoticeProposal.id.desc())))


def note_changed(entry: TrailEntry) -> None:
    """Team drawn or replaced, visits merged or parted: an announced visit's notice says so."""
    visit = db.session.get_one(Visit, entry.object_id)
    if visit.notice is not None and visit.merged_into_id is None:
        db.session.flush()
        renew(visit)


def link_of(visit: Visit) -> str | None:
    """The address behind the QR; of a sensitive task nothing stands in any public page."""
    if visit.notice is None or is_sensitive(visit):
        return None
    config: Config = current_app.config["ONEVISIT"]
    return f"{config.public_url}/public/notices/{sealed(KIND, visit.notice.id, MAC)}"


def visit_of_link(token: str) -> Visit:
    """The visit whose notice a token names; a false one and one taken back name nothing."""
    notice_id = id_under(KIND, token, MAC)
    notice = db.session.get(CheckNotice, notice_id) if notice_id else None
    visit = db.session.get_one(Visit, notice.visit_id) if notice else None
    if visit is None or not visit.announced:
        raise Problem(
            "dispatches.notice_unknown",
            "没有找到这份告知书。请核对链接或二维码是否完整，或拨打告知书上的联系电话。",
            404,
        )
    if is_sensitive(visit):
        raise Problem("dispatches.notice_withheld", "这份告知书不在网上显示，请以书面告知为准。", 403)
    return visit


def notice_now(visit: Visit) -> CheckNotice:
    """The notice that stands; a visit that was merged away is not made by itself any more."""
    if visit.notice is None or visit.merged_into_id is not None:
        raise Problem(
            "dispatches.notice_taken_back",
            "这份告知书已经收回，原定的上门不再单独进行。有疑问请拨打联系电话。",
            410,
        )
    return visit.notice


def locked(visit_id: str) -> Visit:
    """The visit, so that nobody else changes it meanwhile."""
    return db.session.execute(select(Visit).where(Visit.id == visit_id).with_for_update()).scalar_one()


def is_sensitive(visit: Visit) -> bool:
    """Arms, explosives, poisons: nothing of it is said in public."""
    return any(task.sensitive for task in tasks_of(visit))
