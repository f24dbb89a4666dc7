"""What is kept of a visit as planned: the subject, its parts, who goes, who has claimed, what was announced."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onevisit.core.db import Json, Model, Revised, WithId


class Visit(WithId, Revised, Model):
    """进一次门. The record itself lies in the operations (visits); here is what was planned."""

    __tablename__ = "visits"
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    draw_id: Mapped[str | None] = mapped_column(ForeignKey("draws.id"))
    subject_id: Mapped[str] = mapped_column(ForeignKey("subjects.id"), index=True)
    no: Mapped[str] = mapped_column(String(60), unique=True)
    order: Mapped[int]
    subject_leaf: Mapped[str | None] = mapped_column(String(64))
    leader_id: Mapped[str | None] = mapped_column(ForeignKey("inspectors.id"))
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("visits.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="dispatched")
    dispatched_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    scheduled_day: Mapped[date | None]
    scheduled_time: Mapped[str | None] = mapped_column(String(20))
    announced: Mapped[bool] = mapped_column(default=True)
    unannounced_items: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    due: Mapped[date]
    ended_at: Mapped[datetime | None]
    parts: Mapped[list["Part"]] = relationship(order_by="Part.order", cascade="all, delete-orphan")
    team: Mapped[list["TeamMember"]] = relationship(order_by="TeamMember.order", cascade="all, delete-orphan")
    notice: Mapped["CheckNotice | None"] = relationship(cascade="all, delete-orphan")


class Part(WithId, Revised, Model):
    """One department's part of a visit; `came_with_id` names the merged visit that brought it. `state`: open, ready, locked, submitted, returned, accepted, final, …"""

    __tablename__ = "parts"
    __table_args__ = (UniqueConstraint("visit_id", "department_id"),)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), index=True)
    order: Mapped[int]
    initiating: Mapped[bool] = mapped_column(default=False)
    leader_id: Mapped[str | None] = mapped_column(ForeignKey("inspectors.id"))
    claim_due: Mapped[date]
    claim_provisional: Mapped[bool] = mapped_column(default=False)
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(36))
    compared: Mapped[str | None] = mapped_column(String(24))
    compare_note: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)
    entry_due: Mapped[date | None]
    publication_due: Mapped[date | None]
    limits: Mapped[Any] = mapped_column(Json, nullable=True)
    came_with_id: Mapped[str | None] = mapped_column(String(36))


class TeamMember(WithId, Model):
    """检查小组 member; a replaced one keeps its row with the moment and the reason."""

    __tablename__ = "team_members"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    inspector_id: Mapped[str] = mapped_column(ForeignKey("inspectors.id"), index=True)
    order: Mapped[int]
    removed_at: Mapped[datetime | None]
    removed_reason: Mapped[str | None]
    came_with_id: Mapped[str | None] = mapped_column(String(36))


class CheckNotice(WithId, Model):
    """检查告知书: one for all departments, only where the visit is announced; delivery and receipt are recorded.

    `content` is what this version tells; a version that was replaced lies in `earlier` with its own delivery and receipt.
    """

    __tablename__ = "check_notices"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), unique=True)
    no: Mapped[str] = mapped_column(String(60), unique=True)
    papers: Mapped[list[Any]]
    issued_at: Mapped[datetime]
    way: Mapped[str | None] = mapped_column(String(8))
    receiver: Mapped[str | None] = mapped_column(String(60))
    delivered_at: Mapped[datetime | None]
    delivered_by: Mapped[str | None] = mapped_column(String(36))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    content: Mapped[Any] = mapped_column(Json, default=dict, server_default=text("'{}'"))
    earlier: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    read_at: Mapped[datetime | None]
    read_by: Mapped[str | None] = mapped_column(String(30))


class VisitMerge(WithId, Model):
    """A subject drawn in two open tasks: one visit proposed, and what was decided, by whom and why."""

    __tablename__ = "visit_merges"
    __table_args__ = (UniqueConstraint("into_id", "from_id"),)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    into_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    from_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="proposed", index=True)
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(36))
    reason: Mapped[str | None]


class TaskContact(WithId, Revised, Model):
    """Who answers for a task in a department: the named contact 专人 (S0) and who does the work."""

    __tablename__ = "task_contacts"
    __table_args__ = (UniqueConstraint("task_id", "department_id"),)
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str | None] = mapped_column(String(40))
    responsible: Mapped[str | None] = mapped_column(String(40))


class TaskScheme(WithId, Revised, Model):
    """抽查方案 of a task: the words being written; what was sent to the partners lies in its versions (S2 art. 12, S3)."""

    __tablename__ = "task_schemes"
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="drafted")
    version: Mapped[int] = mapped_column(default=0)
    content: Mapped[str]
    times: Mapped[str]
    methods: Mapped[str]
    requirements: Mapped[str]
    settled_at: Mapped[datetime | None]


class TaskSchemeVersion(WithId, Model):
    """What the partners were asked to agree to, by when, and what was changed since the version before."""

    __tablename__ = "task_scheme_versions"
    __table_args__ = (UniqueConstraint("scheme_id", "version"),)
    scheme_id: Mapped[str] = mapped_column(ForeignKey("task_schemes.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    content: Mapped[str]
    times: Mapped[str]
    methods: Mapped[str]
    requirements: Mapped[str]
    note: Mapped[str | None]
    answer_due: Mapped[date | None]
    sent_at: Mapped[datetime]
    sent_by: Mapped[str | None] = mapped_column(String(36))


class TaskSchemeAnswer(WithId, Model):
    """A partner agrees, or objects with its reason; the initiator's reply stands beside it."""

    __tablename__ = "task_scheme_answers"
    __table_args__ = (UniqueConstraint("scheme_id", "version", "department_id"),)
    scheme_id: Mapped[str] = mapped_column(ForeignKey("task_schemes.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    agrees: Mapped[bool]
    reason: Mapped[str | None]
    answered_at: Mapped[datetime]
    answered_by: Mapped[str | None] = mapped_column(String(36))
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]


class ScheduleBatch(WithId, Model):
    """A calendar accepted as a whole: which visits moved from when to when, so that it can be taken back as a whole."""

    __tablename__ = "schedule_batches"
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    lines: Mapped[list[Any]]
    accepted_at: Mapped[datetime]
    accepted_by: Mapped[str | None] = mapped_column(String(36), index=True)
    undone_at: Mapped[datetime | None]
