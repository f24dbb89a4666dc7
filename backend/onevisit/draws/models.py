"""What is kept of a draw: what was frozen, what was promised, what was revealed, what came out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onevisit.core.db import Json, Model, WithId


class Draw(WithId, Model):
    """抽取. What was frozen stands in `frozen_blocks`; `bundle` and `public_bundle` are outlines: the long lists are
    written from the blocks and `key` when somebody asks (writing.py).

    `rules`, `match`, `counts`, `changes` and `shown` repeat what the large texts say, so that a screen need not read
    them; those are fetched only where they are asked for. An inspectors' draw rests on `subjects_draw_id`; one that
    was drawn elsewhere says where in `origin` and has nothing frozen.
    """

    __tablename__ = "draws"
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.id"), index=True)
    no: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(20), default="together")
    order: Mapped[str] = mapped_column(String(20), default="together")
    subjects_draw_id: Mapped[str | None] = mapped_column(ForeignKey("draws.id"), index=True)
    rests_on_id: Mapped[str | None] = mapped_column(ForeignKey("draws.id"))
    state: Mapped[str] = mapped_column(String(12), default="preparing")
    rules: Mapped[dict[str, Any]]
    match: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    changes: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    remarks: Mapped[dict[str, Any]]
    shown: Mapped[Any] = mapped_column(Json, nullable=True, deferred=True)
    origin: Mapped[Any] = mapped_column(Json, nullable=True)
    commit: Mapped[Any] = mapped_column(Json, nullable=True)
    commit_hash: Mapped[str | None] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(64))
    bundle: Mapped[str | None] = mapped_column(Text, deferred=True)
    public_bundle: Mapped[str | None] = mapped_column(Text, deferred=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(String(36))
    committed_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    drawn_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[str | None] = mapped_column(String(36))
    void_reason: Mapped[str | None]
    sources: Mapped[list["DrawSource"]] = relationship(
        order_by="DrawSource.order", cascade="all, delete-orphan"
    )


class FrozenBlock(Model):
    """Some thousand entries of what was frozen, in the order of their leaves (frozen.Block); `part` says of which list.

    Rows of their own, because a draw's row is written again at every step and SQLite writes a row whole; leaves and
    classes stand first, so that whoever needs them alone reads them alone.
    """

    __tablename__ = "frozen_blocks"
    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[str] = mapped_column(String(12), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)
    codes: Mapped[bytes] = mapped_column(LargeBinary)
    salts: Mapped[bytes] = mapped_column(LargeBinary)
    pressed: Mapped[bytes] = mapped_column(LargeBinary)


class DrawSource(WithId, Model):
    """A source of chance and its party; the value is kept only once it is revealed.

    A public result is typed by two people: `typed` waits for the second one.
    """

    __tablename__ = "draw_sources"
    __table_args__ = (UniqueConstraint("draw_id", "name"),)
    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"), index=True)
    order: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    commitment: Mapped[str | None] = mapped_column(String(64))
    value: Mapped[str | None]
    typed: Mapped[str | None]
    typed_by: Mapped[str | None] = mapped_column(String(36))
    committed_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    by: Mapped[str | None] = mapped_column(String(36))


class DrawnSubject(WithId, Model):
    """A drawn subject in the order of its ticket (its proof: proving.py); `visit_id` once it is dispatched."""

    __tablename__ = "drawn_subjects"
    __table_args__ = (UniqueConstraint("draw_id", "leaf"),)
    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"))
    subject_id: Mapped[str] = mapped_column(ForeignKey("subjects.id"), index=True)
    order: Mapped[int]
    risk: Mapped[str] = mapped_column(String(2))
    leaf: Mapped[str] = mapped_column(String(64))
    ticket: Mapped[str] = mapped_column(String(64))
    joint: Mapped[bool]
    drawn_on: Mapped[date] = mapped_column(index=True)
    visit_id: Mapped[str | None] = mapped_column(String(36))
    waived_at: Mapped[datetime | None]
    waived_by: Mapped[str | None] = mapped_column(String(36))
    waived_reason: Mapped[str | None]


class DrawnInspector(WithId, Model):
    """An inspector on a drawn subject's visit, in the order chosen; an appointed one says why (S1).

    `draw_id` is always the subjects' draw, `chosen_in` the one that chose; a replaced one keeps the row (S2 art. 16).
    """

    __tablename__ = "drawn_inspectors"
    __table_args__ = (UniqueConstraint("draw_id", "leaf", "inspector_id"),)
    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"))
    leaf: Mapped[str] = mapped_column(String(64))
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    inspector_id: Mapped[str] = mapped_column(ForeignKey("inspectors.id"), index=True)
    order: Mapped[int]
    appointed_reason: Mapped[str | None]
    chosen_in: Mapped[str | None] = mapped_column(String(36))
    left_at: Mapped[datetime | None]
    left_cause: Mapped[str | None] = mapped_column(String(20))
    stands_in_for: Mapped[str | None] = mapped_column(String(36))


class Replacement(WithId, Model):
    """更换: asked for by the department's desk, decided by its deputy head, who is somebody else (S2 art. 16)."""

    __tablename__ = "draw_replacements"
    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"), index=True)
    leaf: Mapped[str] = mapped_column(String(64))
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), index=True)
    out_id: Mapped[str] = mapped_column(ForeignKey("inspectors.id"))
    in_id: Mapped[str] = mapped_column(ForeignKey("inspectors.id"))
    cause: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str | None] = mapped_column(String(36))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(36))
    approved: Mapped[bool | None]
    answer: Mapped[str | None]


class Assistant(WithId, Model):
    """专业人员、专业机构: assists and guides on one visit, chosen by the drawn inspector's own unit (S1)."""

    __tablename__ = "draw_assistants"
    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"), index=True)
    leaf: Mapped[str] = mapped_column(String(64))
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str | None] = mapped_column(String(120))
    speciality: Mapped[str | None] = mapped_column(String(60))
    reason: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[str | None] = mapped_column(String(36))


class DrawOpening(WithId, Model):
    """A department has claimed all its parts, so its inspectors may be drawn (S1: after the claim)."""

    __tablename__ = "draw_openings"
    __table_args__ = (UniqueConstraint("draw_id", "department_id"),)
    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    opened_at: Mapped[datetime]


class CheckCap(WithId, Model):
    """A department's own cap: how often in a year it goes to the same subject; the newest one holds."""

    __tablename__ = "check_caps"
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), index=True)
    most: Mapped[int | None]
    ground: Mapped[str]
    set_at: Mapped[datetime]
    set_by: Mapped[str | None] = mapped_column(String(36))


class CapOverride(WithId, Model):
    """A task may draw over a cap: asked for with a reason, approved by a deputy head who is somebody else."""

    __tablename__ = "cap_overrides"
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), index=True)
    cap: Mapped[str] = mapped_column(String(20))
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str | None] = mapped_column(String(36))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(36))
    approved: Mapped[bool | None]
    answer: Mapped[str | None]


class Neighbour(WithId, Model):
    """相邻区域: whose inspectors may widen a department's pool where its own are too few (S1)."""

    __tablename__ = "neighbour_departments"
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), index=True)
    neighbour_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    ground: Mapped[str]
    declared_at: Mapped[datetime]
    declared_by: Mapped[str | None] = mapped_column(String(36))
    ended_at: Mapped[datetime | None]
