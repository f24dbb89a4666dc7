"""Which items does a part really have? Those planned, and those added on the spot with the words of their checklist.

An item is only added from the department's published list, whose pinned checklists the package brings along
(`addable`); name and basis are those the inspector's operation carries. Twin: pwa/src/rules/added.ts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def with_added(package: Any, state: Mapping[str, Any]) -> Any:
    """The package with what was added put among each part's items; an item whose checklist is not here stays out."""
    parts = [_whole(part, state["parts"].get(part["department"]["id"])) for part in package["parts"]]
    same = all(one is other for one, other in zip(parts, package["parts"], strict=True))
    return package if same else {**package, "parts": parts}


def only_added(planned: Any, record: Mapping[str, Any]) -> list[str]:
    """Items that were added and of which only the name is known here."""
    known = {item["id"] for item in planned["items"]}
    return sorted(item for item in record.get("items", {}) if item not in known)


def _whole(part: Any, there: Mapping[str, Any] | None) -> Any:
    if there is None or not there["record"]["items"]:
        return part
    added = there["record"]["items"]
    words = [_words(part, id_, added[id_]) for id_ in only_added(part, there["record"])]
    found = [one for one in words if one is not None]
    return {**part, "items": [*part["items"], *found]} if found else part


def _words(part: Any, id_: str, value: Json) -> Json | None:
    pin = value["checklist"]
    for one in part.get("addable", ()):
        if pin is not None and one["id"] == id_ and one["checklist"]["hash"] == pin["hash"]:
            if not one["checklist"].get("entries"):
                return None
            named = {word: value[word] for word in ("code", "name", "legal_basis")}
            return {"id": id_, **named, "checklist": one["checklist"]}
    return None
