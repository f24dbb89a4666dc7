"""What is said of a change to an item: a line of its history, and the words for what differs."""

from collections.abc import Mapping
from typing import Any

from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.items.models import ItemChange
from onevisit.items.terms import (
    ITEM_CATEGORY_LABELS,
    ITEM_FIELD_LABELS,
    ITEM_STATE_LABELS,
    ITEM_TIER_LABELS,
    LIVE_STATES,
    ItemChangeKind,
)

_LABELS: dict[str, Mapping[Any, str]] = {
    "tier": ITEM_TIER_LABELS, "category": ITEM_CATEGORY_LABELS, "state": ITEM_STATE_LABELS,
}  # fmt: skip


def change_of(
    item_id: str, fields: dict[str, list[Any]], kind: ItemChangeKind | None = None, reason: str = ""
) -> ItemChange:
    """A line of the item's history; a change of state has a name of its own."""
    if kind is None:
        before, after = fields.get("state", [None, None])
        left = before in LIVE_STATES and after not in (None, *LIVE_STATES)
        back = after in LIVE_STATES and before not in (None, *LIVE_STATES)
        kind = (
            ItemChangeKind.WITHDRAWN if left else ItemChangeKind.RESTORED if back else ItemChangeKind.CHANGED
        )
    return ItemChange(
        item_id=item_id, kind=kind.value, fields=fields, reason=reason, at=clock.now(), by_name=acting().name
    )


def field_words(fields: Mapping[str, list[Any]], departments: Mapping[str, str]) -> dict[str, list[str]]:
    """Label -> from what to what, as people say it."""
    return {
        ITEM_FIELD_LABELS.get(name, name): [_word(name, side, departments) for side in pair]
        for name, pair in fields.items()
    }


def _word(name: str, value: Any, departments: Mapping[str, str]) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(departments.get(one, str(one)) for one in value)
    if name in _LABELS:
        return next((label for word, label in _LABELS[name].items() if word.value == value), str(value))
    return departments.get(value, str(value))
