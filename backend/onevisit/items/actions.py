"""What happens to the item list: lists come in, a checklist gets a new version."""

from typing import Any

from sqlalchemy import func, select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.canonical import digest
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.items.library import ItemLibrary
from onevisit.items.models import Checklist, Item
from onevisit.items.rules import WrongEntry, checked_entries
from onevisit.subjects.actions import import_library
from onevisit.subjects.queries import region_meant


def import_rows(
    filename: str, content: bytes, *, region_id: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """A list of items into the region's item list."""
    region = region_meant(region_id)
    own = None if acting().has("joint_office") else acting().department_id
    return import_library(ItemLibrary(region, own), "items", region, content, filename, dry_run)


def make_checklist(item_id: str, given: list[dict[str, Any]]) -> Checklist:
    """A new version; older ones stay as they are, because visits refer to them (process.md 1).

    The same content again makes no new version.
    """
    try:
        entries = checked_entries(given)
    except (WrongEntry, KeyError) as error:
        raise Problem("items.checklist_wrong", f"检查表没有保存：{error}。请改正后再保存。") from error
    content_hash = digest(entries)
    with transaction():
        one_at_a_time(f"checklist|{item_id}")
        item = db.session.get_one(Item, item_id)
        newest = (
            db.session.scalar(select(func.max(Checklist.version)).where(Checklist.item_id == item_id)) or 0
        )
        current = db.session.scalars(
            select(Checklist).where(Checklist.item_id == item_id, Checklist.version == newest)
        ).first()
        if current is not None and current.hash == content_hash:
            return current
        made = Checklist(
            item_id=item_id, version=newest + 1, hash=content_hash, entries=entries, made_at=clock.now()
        )
        db.session.add(made)
        db.session.flush()
        trail.record(
            "checklist.made", "item", item_id, region_id=item.region_id, department_id=item.department_id,
            version=made.version, hash=content_hash, entries=len(entries),
        )  # fmt: skip
    return made
