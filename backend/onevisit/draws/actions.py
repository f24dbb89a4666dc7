"""What do the people in the room do? Commitments, the commit, reveals, voiding (draw.md §2, 3)."""

from datetime import datetime, timedelta
from functools import partial
from unicodedata import normalize

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.core.spread import WORTH_IT, beside
from onevisit.draws import bundle as bundles
from onevisit.draws.drawing import draw_now
from onevisit.draws.drawing_inspectors import draw_inspectors_now
from onevisit.draws.kept import (
    draw_to_change,
    keep_bundles,
    lists_of,
    moment_text,
    pool_of,
    refuse_altered,
    refuse_unless,
    reveals_of,
)
from onevisit.draws.lot import FrozenPool
from onevisit.draws.match import MatchRules
from onevisit.draws.models import Draw, DrawSource
from onevisit.draws.quota import Rules
from onevisit.draws.sources import Source, refuse_bad_reveal, refuse_weak_sources, typed_value
from onevisit.draws.states import DrawKind, DrawState
from onevisit.draws.terms import EventKind, SourceKind
from onevisit.regions.queries import profile_of
from onevisit.tasks.models import Task
from onevisit.tasks.terms import TaskState

REVEAL_WITHIN = timedelta(hours=24)  # the parties may agree on another end; a reveal after it voids the draw


def give_commitment(draw_id: str, name: str, value: str) -> Draw:
    """A party's commitment; it stands once it is given."""
    with transaction():
        draw, source = _source_to_change(draw_id, name)
        refuse_unless(
            draw, DrawState.PREPARING, "draws.commitments_closed", "承诺已经公布，不能再交或更改承诺。"
        )
        if source.kind != SourceKind.COMMIT_REVEAL:
            raise Problem("draws.commitment_not_needed", f"“{name}”是公开结果，不需要承诺。", 409)
        if source.commitment is not None:
            raise Problem("draws.commitment_given", f"“{name}”的承诺已经交过，不能更改。", 409)
        source.commitment, source.committed_at, source.by = value, clock.now(), acting().account_id
        trail.record(
            "draw.commitment_given", "draw", draw.id, region_id=draw.region_id, source=name, commitment=value
        )
    return draw


def commit(draw_id: str, closes_at: datetime | None = None) -> Draw:
    """Publish what is fixed before any source is revealed (draw.md §2)."""
    with transaction():
        draw = draw_to_change(draw_id)
        refuse_unless(
            draw, DrawState.PREPARING, "draws.already_committed", "承诺值已经公布过了。请进入揭示。"
        )
        sources = [Source(one.name, one.kind, one.commitment) for one in draw.sources]
        refuse_weak_sources(sources)
        closes_at = closes_at or clock.now() + REVEAL_WITHIN
        if closes_at <= clock.now():
            raise Problem("draws.closes_too_early", "揭示截止时间要晚于现在。请重新填写。")
        task = db.session.get_one(Task, draw.task_id)
        changes = bundles.Changes(
            draw.changes["since"], *(len(draw.changes[kind]) for kind in ("added", "removed", "changed"))
        )
        pool = pool_of(draw)
        fitting = beside(partial(_fitting, pool), here=len(pool.subjects) < WORTH_IT)
        draw.commit = bundles.make_commit(
            draw=draw.no, task=task.no, region=draw.region_id, pool=pool,
            scope=bundles.SENSITIVE_SCOPE if task.sensitive else task.scope_text,
            rules=Rules.from_json(draw.rules), match=MatchRules.from_json(draw.match), sources=sources,
            closes_at=moment_text(closes_at), changes=changes, subjects_draw=_rests_on(draw),
        )  # fmt: skip
        fitting()
        draw.commit_hash, draw.committed_at = bundles.commit_hash(draw.commit), clock.now()
        draw.closes_at, draw.state = closes_at, DrawState.COMMITTED.value
        trail.record(
            "draw.committed", "draw", draw.id, region_id=draw.region_id, no=draw.no, commit_hash=draw.commit_hash,
            closes_at=moment_text(closes_at),
        )  # fmt: skip
    return draw


def _fitting(pool: FrozenPool) -> bytes:
    refuse_altered(pool)
    return b"every entry fits its leaf"


def _rests_on(draw: Draw) -> str | None:
    """The commit hash of the draw whose visits an inspectors' draw fills."""
    return db.session.get_one(Draw, draw.rests_on_id).commit_hash if draw.rests_on_id else None


def reveal(draw_id: str, name: str, value: str) -> Draw:
    """A party's value, held against its commitment; the last one draws at once, in the same transaction."""
    with transaction():
        draw, source = _source_to_change(draw_id, name)
        refuse_unless(
            draw,
            DrawState.COMMITTED,
            "draws.not_committed",
            "承诺值还没有公布，或抽取已经结束，现在不能揭示。",
        )
        if source.revealed_at is not None:
            raise Problem("draws.already_revealed", f"“{name}”已经揭示过了。", 409)
        if draw.closes_at is not None and clock.now() > draw.closes_at:
            missing = "、".join(f"“{one.name}”" for one in draw.sources if not one.revealed_at)
            raise Problem(
                "draws.closed", f"已过揭示截止时间，{missing}没有揭示，缺任何一方本次抽取都应当作废。请分管负责人或联席会议办公室作废，再重新抽取。",
                409, missing=[one.name for one in draw.sources if not one.revealed_at],
            )  # fmt: skip
        _take_value(draw, source, value)
        trail.record(
            "draw.revealed" if source.revealed_at else "draw.typed_once", "draw", draw.id,
            region_id=draw.region_id, source=name,
        )  # fmt: skip
        if all(one.revealed_at for one in draw.sources):
            (draw_inspectors_now if draw.kind == DrawKind.INSPECTORS else draw_now)(draw)
    return draw


def _take_value(draw: Draw, source: DrawSource, value: str) -> None:
    kept = Source(source.name, source.kind, source.commitment)
    if source.kind != SourceKind.COMMIT_REVEAL:
        value = typed_value(value)
    refuse_bad_reveal(draw.no, kept, value)
    me = acting().account_id
    if source.kind != SourceKind.COMMIT_REVEAL and source.typed_by in (None, me):
        source.typed, source.typed_by = value, me
        return
    if source.kind != SourceKind.COMMIT_REVEAL and source.typed != value:
        raise Problem(
            "draws.typed_differently", f"“{source.name}”与第一人录入的不一致，没有采用。请两人一起核对公布的结果：第一人录错的由第一人重录，第二人录错的再录一遍。",
            409, source=source.name,
        )  # fmt: skip
    source.value, source.revealed_at, source.by = value, clock.now(), me


def void(draw_id: str, reason: str) -> Draw:
    """Give a draw up, with a reason and by a second person; it stays on the public list (draw.md §2)."""
    with transaction():
        draw = draw_to_change(draw_id)
        if draw.state == DrawState.VOIDED:
            raise Problem("draws.already_voided", "这次抽取已经作废。", 409)
        task = db.session.get_one(Task, draw.task_id)
        if why := why_not_void(draw, task):
            raise Problem("draws.list_fixed", why, 409)
        me = acting().account_id
        if me is None or me == draw.made_by:
            raise Problem(
                "draws.second_person_needed",
                "作废要由建立抽取以外的第二人确认。请由分管负责人或联席会议办公室办理。",
                403,
            )
        was_drawn = draw.state == DrawState.DRAWN
        draw.state, draw.voided_at, draw.voided_by = DrawState.VOIDED.value, clock.now(), me
        draw.void_reason = reason
        if draw.commit is not None:
            event = bundles.Event(
                EventKind.VOIDED, moment_text(clock.now()), reason, (draw.made_by or "server", me)
            )
            outline = bundles.voided_outline(draw.commit, reveals_of(draw), [event])
            keep_bundles(draw, outline, lists_of(draw, pool_of(draw)))
        trail.record(
            "draw.voided", "draw", draw.id, region_id=draw.region_id, task=task.id, no=draw.no, reason=reason,
            reopens=was_drawn and draw.kind != DrawKind.INSPECTORS,
        )  # fmt: skip
    return draw


def why_not_void(draw: Draw, task: Task) -> str | None:
    """名单一经产生不得更改 (S2 art. 15): a list that was drawn stands, wherever the region's rules do not say otherwise.

    A draw may be given up before its last reveal: nobody knows the list then, and the attempt stays visible. A list
    taken over from another platform was not drawn here: a wrong file may be given back until it is dispatched.
    """
    if draw.state != DrawState.DRAWN:
        return None
    if task.state != TaskState.DRAWN:
        return "任务已经派发，抽取不能作废。对象情况有变的在认领时写明；人员确有特殊情况的，按更换办理。"
    if draw.kind == DrawKind.TAKEN_OVER:
        return None
    if draw.kind == DrawKind.HANDED_DOWN:
        return "这份名单由上级抽取，本地区不能作废。对象情况有变的在认领时写明。"
    if profile_of(draw.region_id).value("draw.list_fixed").value:
        return "名单一经产生不得更改，不能作废。对象情况有变的在认领时写明；人员不足的指定补足，确有特殊情况的按更换办理。"
    resting = select(Draw.no).where(Draw.rests_on_id == draw.id, Draw.state != DrawState.VOIDED)
    if (no := db.session.scalars(resting).first()) is not None:
        return f"抽取 {no} 以这次抽取为依据，不能作废。请先作废 {no}。"
    return None


def _source_to_change(draw_id: str, name: str) -> tuple[Draw, DrawSource]:
    draw = draw_to_change(draw_id)
    for source in draw.sources:
        if source.name == normalize("NFC", name):
            return draw, source
    raise Problem("draws.source_unknown", f"这次抽取没有“{name}”这个随机来源。请刷新页面。", 404)
