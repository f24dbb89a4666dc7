"""What happens in a draw: freezing, commitments, the commit, reveals, the drawing itself, voiding, what is appended?"""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from unicodedata import normalize

from sqlalchemy import func, select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.canonical import digest
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.departments.queries import departments_of
from onevisit.draws import bundle as bundles
from onevisit.draws import lot
from onevisit.draws.kept import (
    compact,
    draw_to_change,
    keep_bundles,
    moment_text,
    pool_of,
    refuse_unless,
    reveals_of,
)
from onevisit.draws.match import Matching, MatchRules, match_inspectors, visits_in_full
from onevisit.draws.models import Draw, DrawnInspector, DrawnSubject, DrawSource
from onevisit.draws.pool import Candidates, candidates, match_rules_of, refuse_unattested, rules_of
from onevisit.draws.proof import proofs
from onevisit.draws.quota import Rules, compared_with_plan
from onevisit.draws.sources import (
    LEAST_SOURCES,
    Source,
    refuse_bad_reveal,
    refuse_weak_sources,
    typed_value,
)
from onevisit.draws.states import DrawState
from onevisit.draws.terms import EventKind, SourceKind
from onevisit.regions.queries import profile_of
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task
from onevisit.tasks.terms import TaskState

REVEAL_WITHIN = timedelta(hours=24)  # the parties may agree on another end; a reveal after it voids the draw


def prepare(
    task_id: str, sources: Sequence[Mapping[str, Any]], class_ratios: Mapping[str, str] | None = None,
    above_plan_reason: str | None = None, over_cap_reason: str | None = None,
) -> Draw:  # fmt: skip
    """Freeze the libraries for a task's draw; from here on only who brings chance decides (draw.md §1)."""
    with transaction():
        one_at_a_time(f"draws:{task_id}")
        task = db.session.get_one(Task, task_id)
        _refuse_second(task)
        refuse_unattested(task)
        drum = candidates(task, clock.today().year, over_cap=bool(over_cap_reason))
        if not drum.subjects:
            raise Problem(
                "draws.pool_empty", "对象范围里没有可抽取的检查对象，不能抽取。请核对对象范围，或先更新名录库。", 409,
                excluded=drum.counts()["excluded"],
            )  # fmt: skip
        rules = rules_of(task, class_ratios)
        _refuse_above_plan(rules, drum, above_plan_reason)
        draw = _draw_of(task, drum, rules)
        draw.remarks = {"above_plan": above_plan_reason, "over_cap": over_cap_reason}
        draw.sources = _sources_of(task, sources)
        db.session.add(draw)
        db.session.flush()
        trail.record(
            "draw.prepared", "draw", draw.id, region_id=task.region_id, department_id=task.initiating_department_id,
            task=task.id, no=draw.no, counts=draw.counts, remarks=draw.remarks, rules=draw.rules,
        )  # fmt: skip
    return draw


def _refuse_second(task: Task) -> None:
    live = db.session.scalars(
        select(Draw).where(Draw.task_id == task.id, Draw.state != DrawState.VOIDED)
    ).first()
    if live is not None:
        raise Problem(
            "draws.already_prepared",
            f"这个任务已经有一次抽取（{live.no}），没有重复建立。请打开它继续。",
            409,
            draw_id=live.id,
        )
    if task.state != TaskState.OPEN:
        raise Problem("draws.task_not_open", "这个任务已经抽取或派发，名单一经产生不得更改。", 409)


def _refuse_above_plan(rules: Rules, drum: Candidates, reason: str | None) -> None:
    compared = compared_with_plan(rules, drum.counts()["risk"])
    if compared is not None and compared.needs_report_in_advance and not reason:
        raise Problem(
            "draws.above_plan",
            f"按填写的分类比例要抽 {compared.resulting_number} 户，比计划的 {compared.planned_number} 户多。"
            "请先报备，并写明报备文号或理由。",
            409, planned=compared.planned_number, resulting=compared.resulting_number,
        )  # fmt: skip


def _draw_of(task: Task, drum: Candidates, rules: Rules) -> Draw:
    salts = secrets.token_bytes(
        lot.SALT_BYTES * (len(drum.subjects) + len(drum.excluded) + len(drum.inspectors))
    )
    frozen = lot.freeze(drum.subjects, drum.excluded, drum.inspectors, salts)
    match = match_rules_of(task)
    number = db.session.scalar(select(func.count()).select_from(Draw).where(Draw.task_id == task.id)) or 0
    return Draw(
        task_id=task.id, region_id=task.region_id, no=f"{task.no}-{number + 1}", frozen=compact(frozen.as_json()),
        rules=rules.as_json(), match=match.as_json(), counts=drum.counts(), changes=_changes(task, frozen),
        made_at=clock.now(), made_by=acting().account_id,
    )  # fmt: skip


def _changes(task: Task, now: lot.FrozenPool) -> dict[str, Any]:
    """What changed since the row's previous draw: editing the pool is the attack that remains."""
    before = db.session.scalars(
        select(Draw).join(Task, Task.id == Draw.task_id).where(Task.plan_entry_id == task.plan_entry_id)
        .order_by(Draw.made_at.desc()).limit(1)
    ).first()  # fmt: skip
    if before is None:
        return {"since": None, "added": [], "removed": [], "changed": []}
    difference = lot.differences(_everybody(pool_of(before)), _everybody(now))
    return {
        "since": before.no, "added": list(difference.added), "removed": list(difference.removed),
        "changed": list(difference.changed),
    }  # fmt: skip


def _everybody(frozen: lot.FrozenPool) -> list[lot.Subject | lot.Inspector]:
    return [one.entry for part in (frozen.subjects, frozen.excluded, frozen.inspectors) for one in part]


def _sources_of(task: Task, given: Sequence[Mapping[str, Any]]) -> list[DrawSource]:
    """The parties of chance: at least two, each commit–reveal by another department."""
    names = [normalize("NFC", one["name"].strip()) for one in given]
    parties = [one.get("department_id") for one in given if one["kind"] == SourceKind.COMMIT_REVEAL]
    if len(given) < LEAST_SOURCES or len(set(names)) < len(names):
        raise Problem("draws.sources_too_few", "至少要有两个不同方提供的随机来源，名称不能重复。")
    if None in parties or len(set(parties)) < len(parties):
        raise Problem(
            "draws.parties_not_apart", "每个先承诺后揭示的来源要由不同的部门负责。请给每个来源选一个部门。"
        )
    own = {one.id for one in departments_of(task.region_id)}
    if not {one for one in (source.get("department_id") for source in given) if one} <= own:
        raise Problem("draws.party_unknown", "随机来源的部门不在本地区。请重新选择。")
    return [
        DrawSource(order=order, name=name, kind=one["kind"], department_id=one.get("department_id"))
        for order, (name, one) in enumerate(zip(names, given, strict=True))
    ]


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
        draw.commit = bundles.make_commit(
            draw=draw.no, task=task.no, region=draw.region_id, scope=task.scope_text, pool=pool_of(draw),
            rules=Rules.from_json(draw.rules), match=MatchRules.from_json(draw.match), sources=sources,
            closes_at=moment_text(closes_at), changes=changes,
        )  # fmt: skip
        draw.commit_hash, draw.committed_at = bundles.commit_hash(draw.commit), clock.now()
        draw.closes_at, draw.state = closes_at, DrawState.COMMITTED.value
        trail.record(
            "draw.committed", "draw", draw.id, region_id=draw.region_id, no=draw.no, commit_hash=draw.commit_hash,
            closes_at=moment_text(closes_at),
        )  # fmt: skip
    return draw


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
            raise Problem(
                "draws.closed", f"已过揭示截止时间，“{name}”没有揭示。本次抽取应当作废，请第二人办理。", 409
            )
        _take_value(draw, source, value)
        trail.record(
            "draw.revealed" if source.revealed_at else "draw.typed_once", "draw", draw.id,
            region_id=draw.region_id, source=name,
        )  # fmt: skip
        if all(one.revealed_at for one in draw.sources):
            _draw_now(draw)
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
            "draws.typed_differently", "与第一人录入的不一致。请两人一起核对公布的结果后重新录入。", 409
        )
    source.value, source.revealed_at, source.by = value, clock.now(), me


def _draw_now(draw: Draw) -> None:
    """Subjects, inspectors, shortfalls, proofs and signed bundles, all or nothing."""
    pool, task = pool_of(draw), db.session.get_one(Task, draw.task_id)
    revealed = reveals_of(draw)
    key = bundles.draw_key(draw.commit, revealed)
    outcome = lot.draw_subjects(pool, Rules.from_json(draw.rules), key)
    order = outcome.visit_order()
    matching = _matched(draw, pool, order, key, task.window_end.isoformat())
    draw.key, draw.drawn_at, draw.state = key.hex(), clock.now(), DrawState.DRAWN.value
    keep_bundles(draw, bundles.full_bundle(draw.commit, revealed, pool, outcome, matching))
    _keep_subjects(draw, pool, outcome, order)
    people = {one.leaf: one.entry.id for one in pool.inspectors}
    db.session.add_all(
        DrawnInspector(
            draw_id=draw.id,
            leaf=team.visit,
            department_id=team.department,
            inspector_id=people[leaf],
            order=at,
        )
        for team in (matching.teams if matching else ())
        for at, leaf in enumerate(team.inspectors)
    )
    trail.record(
        "draw.drawn", "draw", draw.id, region_id=draw.region_id, department_id=task.initiating_department_id,
        task=task.id, no=draw.no, commit_hash=draw.commit_hash, key=draw.key, selected=len(order),
        shortfalls=len(matching.shortfalls) if matching else 0, bundle=digest(json.loads(draw.public_bundle or "{}")),
    )  # fmt: skip


def _matched(
    draw: Draw, pool: lot.FrozenPool, order: Sequence[str], key: bytes, window_end: str
) -> Matching | None:
    """Inspectors for the drawn visits; None where no department has anybody in its library."""
    if not pool.inspectors:
        return None
    drawn = set(order)
    subjects = {one.leaf: one.entry.id for one in pool.subjects if one.leaf in drawn}
    match = MatchRules.from_json(draw.match)
    return match_inspectors(
        visits_in_full(order, subjects, match), pool.inspectors, match.departments, key, window_end
    )


def _keep_subjects(draw: Draw, pool: lot.FrozenPool, outcome: lot.Lot, order: Sequence[str]) -> None:
    drawn = {leaf: (risk, ticket) for risk, leaf, ticket in outcome.drawn}
    ids = _subject_ids(draw.region_id, {one.leaf: one.entry.id for one in pool.subjects if one.leaf in drawn})
    texts = {one.leaf: proof.text() for one, proof in _with_leaf(pool, draw.commit_hash or "", order)}
    joint = len(draw.match["departments"]) > 1
    db.session.add_all(
        DrawnSubject(
            draw_id=draw.id, subject_id=ids[leaf], order=at, risk=drawn[leaf][0], leaf=leaf,
            ticket=drawn[leaf][1].hex(), proof=texts[leaf], joint=joint, drawn_on=clock.today(),
        )
        for at, leaf in enumerate(order, 1)
    )  # fmt: skip


def _with_leaf(pool: lot.FrozenPool, commit_hash: str, order: Sequence[str]) -> list[tuple[Any, Any]]:
    by_salt = {one.salt: one for one in pool.subjects}
    return [(by_salt[proof.salt], proof) for proof in proofs(pool, commit_hash, order)]


def _subject_ids(region_id: str, entries: Mapping[str, str]) -> dict[str, str]:
    """Leaf -> the library's id of the subject."""
    wanted, found = list(entries.values()), {}
    for at in range(0, len(wanted), 500):
        some = wanted[at : at + 500]
        rows = db.session.execute(
            select(Subject.id, Subject.credit_code).where(
                Subject.region_id == region_id, Subject.credit_code.in_(some) | Subject.id.in_(some)
            )
        )
        for id_, code in rows:
            found[code or id_] = id_
    return {leaf: found[entry] for leaf, entry in entries.items()}


def void(draw_id: str, reason: str) -> Draw:
    """Give a draw up, with a reason and by a second person; it stays on the public list (draw.md §2)."""
    with transaction():
        draw = draw_to_change(draw_id)
        if draw.state == DrawState.VOIDED:
            raise Problem("draws.already_voided", "这次抽取已经作废。", 409)
        fixed = profile_of(draw.region_id).value("draw.list_fixed").value
        task = db.session.get_one(Task, draw.task_id)
        if draw.state == DrawState.DRAWN and (fixed or task.state != TaskState.DRAWN):
            raise Problem(
                "draws.list_fixed", "名单一经产生不得更改，不能作废。人员确有特殊情况的，请按更换办理。", 409
            )
        me = acting().account_id
        if me is None or me == draw.made_by:
            raise Problem(
                "draws.second_person_needed",
                "作废要由建立抽取以外的第二人确认。请由分管负责人或联席会议办公室办理。",
                403,
            )
        draw.state, draw.voided_at, draw.voided_by, draw.void_reason = (
            DrawState.VOIDED.value,
            clock.now(),
            me,
            reason,
        )
        if draw.commit is not None:
            event = bundles.Event(
                EventKind.VOIDED, moment_text(clock.now()), reason, (draw.made_by or "server", me)
            )
            keep_bundles(draw, bundles.voided_bundle(draw.commit, reveals_of(draw), pool_of(draw), [event]))
        trail.record(
            "draw.voided", "draw", draw.id, region_id=draw.region_id, task=task.id, no=draw.no, reason=reason
        )
    return draw


def _source_to_change(draw_id: str, name: str) -> tuple[Draw, DrawSource]:
    draw = draw_to_change(draw_id)
    for source in draw.sources:
        if source.name == normalize("NFC", name):
            return draw, source
    raise Problem("draws.source_unknown", f"这次抽取没有“{name}”这个随机来源。请刷新页面。", 404)
