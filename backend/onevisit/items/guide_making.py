"""When are the pages of a guide made? Owed to a worker: a public call never waits, and many calls make one (S4: dynamic)."""

from sqlalchemy import select

from onevisit.core import storage, trail
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.trail import OwedWork, TrailEntry
from onevisit.departments.models import Department
from onevisit.items.guide import Guide, guide_now, guides

WANTED, HANDLER = "guide.wanted", "guide_made"
# What a guide says hangs on these facts; another one, say of an import, shows at the next call at the latest.
CHANGED = (
    WANTED, "item.added", "item.changed", "item.withdrawn", "item.restored", "checklist.made", "basis.changed",
    "basis.amended", "basis.repealed", "basis.in_force", "basis.reviewed",
)  # fmt: skip


def guide_paper(department_id: str) -> tuple[str, bytes | None]:
    """File name and pages: those of the content as it is, else the last ones made; None while there are none yet."""
    guide = guide_now(department_id)
    if storage.exists(guide.key):
        return f"{guide.title}.pdf", storage.get(guide.key)
    _owe(department_id)
    last = _last_of(department_id)
    return f"{guide.title}.pdf", storage.get(last) if last else None


def make_guides(entry: TrailEntry) -> None:
    """The worker's part: somebody asked, or items, checklists or grounds changed. What nobody ever read is not made.

    Of several changes in a row only the last one makes pages: they would be out of date before they are read.
    """
    for department_id in _meant(entry):
        if not _waiting(department_id, entry.position):
            make_guide(department_id)


def make_guide(department_id: str) -> Guide:
    """Unless pages of this very content are there; outside of any transaction."""
    guide = guide_now(department_id)
    db.session.rollback()
    if not storage.exists(guide.key):
        storage.put(guide.key, guide.pages())
    storage.put(_pointer(department_id), guide.key.encode())
    return guide


def _owe(department_id: str) -> None:
    with transaction():
        one_at_a_time(f"guide|{department_id}")
        if not _waiting(department_id):
            region_id = db.session.get_one(Department, department_id).region_id
            trail.record(
                WANTED, "department", department_id, region_id=region_id, department_id=department_id
            )


def _waiting(department_id: str, after: int = 0) -> bool:
    """Is this guide owed for a fact later than this one? A change owes only what was made before."""
    events = CHANGED if _last_of(department_id) else (WANTED,)
    owed = (
        select(OwedWork.id)
        .join(TrailEntry, TrailEntry.id == OwedWork.trail_id)
        .where(
            OwedWork.handler == HANDLER, OwedWork.state.in_(("owed", "taken")), TrailEntry.position > after,
            TrailEntry.department_id == department_id, TrailEntry.event.in_(events),
        )
    )  # fmt: skip
    return db.session.scalars(owed.limit(1)).first() is not None


def _meant(entry: TrailEntry) -> list[str]:
    if entry.event == WANTED:
        return [entry.object_id]
    there = [one["department"]["id"] for one in guides(entry.region_id or "")]
    own = [one for one in there if entry.object_kind != "item" or one == entry.department_id]
    return [one for one in own if _last_of(one)]


def _pointer(department_id: str) -> str:
    return f"guides/of/{department_id}"


def _last_of(department_id: str) -> str | None:
    pointer = _pointer(department_id)
    key = storage.get(pointer).decode() if storage.exists(pointer) else None
    return key if key and storage.exists(key) else None
