"""Does the server hold what it told its clients? Asked of the database itself after the last fault."""

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from onevisit.core import clock, storage
from onevisit.core.canonical import sha256_hex
from onevisit.core.db import db
from onevisit.core.jobs import TAKEN_FOR, work_all
from onevisit.core.trail import OwedWork, TrailEntry
from onevisit.dispatches.models import Part
from onevisit.evidence.models import EvidenceFile
from onevisit.papers.issued import IssuedPaper
from onevisit.publications.models import Publication
from onevisit.recovery.checking import check_all
from onevisit.visits.models import StoredOperation
from tests.faults.ground import LEAD, Ground


def faults_of(ground: Ground) -> list[str]:
    """Whatever is not as it was told; empty when nothing was lost, changed or done twice."""
    db.session.rollback()
    _do_what_is_owed(ground)
    return [*_lost_operations(ground), *_lost_files(ground), *_lost_reviews(ground), *_work(), *_checked()]


def _do_what_is_owed(ground: Ground) -> None:
    """What a killed worker had begun comes back by itself; here nobody waits ten minutes for it."""
    work_all(ground.app)
    with clock.at(clock.now() + TAKEN_FOR + timedelta(hours=2)):
        work_all(ground.app)


def _lost_operations(ground: Ground) -> list[str]:
    told = ground.told
    rows = db.session.execute(
        select(StoredOperation.id, StoredOperation.verdict, StoredOperation.reason, StoredOperation.position)
    )
    there: dict[str, Any] = {row.id: (row.verdict, row.reason, row.position) for row in rows}
    lost = [f"operation lost: {one}" for one in told.operations if one not in there]
    differ = [
        f"verdict changed: {one} {said} -> {there[one]}"
        for one, said in told.operations.items()
        if one in there and there[one] != said
    ]
    return lost + differ + [f"told two verdicts: {one}" for one in told.changed]


def _lost_files(ground: Ground) -> list[str]:
    wrong = []
    for visit_id, hash_ in sorted(ground.told.files):
        file = db.session.get(EvidenceFile, (visit_id, hash_))
        if file is None or file.stored_at is None:
            wrong.append(f"photo forgotten: {hash_}")
        elif (
            not storage.exists(storage.key_of(hash_))
            or sha256_hex(storage.get(storage.key_of(hash_))) != hash_
        ):
            wrong.append(f"photo lost: {hash_}")
    return wrong


def _lost_reviews(ground: Ground) -> list[str]:
    reviewed = _pairs(select(Part.visit_id, Part.state).where(Part.department_id == LEAD))
    wrong = [
        one for one in sorted(ground.told.accepted) if reviewed.get(one) in (None, "submitted", "returned")
    ]
    events = Counter(
        db.session.scalars(select(TrailEntry.object_id).where(TrailEntry.event == "review.accepted")).all()
    )
    twice = [one for one, many in events.items() if many > 2]  # one for each department at most
    return [f"review lost: {one}" for one in wrong] + [f"review twice: {one}" for one in twice]


def _work() -> list[str]:
    states = _pairs(select(OwedWork.state, func.count()).group_by(OwedWork.state))
    open_ = {state: many for state, many in states.items() if state != "done"}
    pairs = select(func.count()).select_from(OwedWork).group_by(OwedWork.trail_id, OwedWork.handler)
    publications = (
        select(func.count())
        .select_from(Publication)
        .group_by(Publication.visit_id, Publication.department_id)
    )
    papers = select(func.count()).select_from(IssuedPaper).group_by(IssuedPaper.token)
    counted = (("follow-on work owed", pairs), ("publications", publications), ("papers", papers))
    twice = [f"{name} twice: {many}" for name, query in counted if (many := _most(query)) > 1]
    return [f"work not done: {open_}"] * bool(open_) + twice


def _pairs(query: Any) -> dict[str, Any]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def _most(query: Any) -> int:
    return max(db.session.scalars(query).all(), default=0)


def _checked() -> list[str]:
    found = check_all()
    named = {name: value for name, value in found.items() if isinstance(value, list) and value}
    return [] if found["ok"] else [f"check: {named}"]
