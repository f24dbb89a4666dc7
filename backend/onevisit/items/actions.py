"""What happens to the item list: an item is written, taken off the list, put back."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from onevisit.core import trail
from onevisit.core.auth import acting
from onevisit.core.db import db, is_clash, transaction
from onevisit.core.problems import Problem, stale
from onevisit.core.rows import listed
from onevisit.items.basis_uses import note_uses
from onevisit.items.checklists import make_checklist
from onevisit.items.history import change_of
from onevisit.items.library import ItemLibrary
from onevisit.items.models import Item
from onevisit.items.terms import LIVE_STATES, ItemState

__all__ = ["change_item", "make_checklist", "register_item", "set_listed"]


def register_item(given: dict[str, Any]) -> Item:
    """One item by hand, with the generic checklist; the department is the actor's own unless the office says another."""
    region = acting().region_id or ""
    values = {"joint": True} | _tidy(given)
    with transaction():
        try:
            ItemLibrary(region, None).add([values])
        except IntegrityError as error:
            if not is_clash(error):
                raise
            raise Problem(
                "items.code_taken", f"编码“{given['code']}”已经用过了，请换一个或打开那个事项修改。", 409
            ) from error
        item = db.session.query(Item).filter_by(region_id=region, code=given["code"]).one()
        trail.record(
            "item.added",
            "item",
            item.id,
            region_id=region,
            department_id=item.department_id,
            code=item.code,
            name=item.name,
        )
    return item


def _tidy(given: dict[str, Any]) -> dict[str, Any]:
    """Kinds of subjects as a list file would bring them: 旅馆、网吧 are two; no speciality is none, not an empty one."""
    tidy = dict(given)
    if "subject_kinds" in given:
        tidy["subject_kinds"] = listed("；".join(given["subject_kinds"]))
    if "speciality" in given:
        tidy["speciality"] = (given["speciality"] or "").strip() or None
    return tidy


def change_item(item_id: str, revision: int, given: dict[str, Any]) -> Item:
    """Write what differs; the history keeps the old words."""
    with transaction():
        item = db.session.get_one(Item, item_id, with_for_update=True)
        if item.revision != revision:
            raise stale()
        reason = given.pop("reason", "").strip()
        given = _tidy(given)
        fields = {
            name: [getattr(item, name), value]
            for name, value in given.items()
            if getattr(item, name) != value
        }
        if not fields:
            return item
        for name, (_, value) in fields.items():
            setattr(item, name, value)
        item.revision += 1
        db.session.add(change_of(item.id, fields, reason=reason))
        db.session.flush()
        note_uses([item.id])
        trail.record(
            "item.changed", "item", item.id, region_id=item.region_id, department_id=item.department_id, fields=fields,
            reason=reason,
        )  # fmt: skip
    return item


def set_listed(item_id: str, listed: bool, reason: str) -> Item:
    """Take an item off the list or put it back, with the reason; tasks already opened keep it."""
    with transaction():
        item = db.session.get_one(Item, item_id, with_for_update=True)
        live = item.state in LIVE_STATES
        if live == listed:
            raise Problem(
                "items.already_so",
                f"这个事项{'已经在清单里' if live else '已经不在清单里'}。请刷新后再看。",
                409,
            )
        after = ItemState.IN_FORCE if listed else ItemState.WITHDRAWN
        fields = {"state": [item.state, after.value]}
        item.state, item.revision = after.value, item.revision + 1
        db.session.add(change_of(item.id, fields, reason=reason.strip()))
        trail.record(
            "item.restored" if listed else "item.withdrawn", "item", item.id, region_id=item.region_id,
            department_id=item.department_id, reason=reason.strip(),
        )  # fmt: skip
    return item
