"""What differs between two versions of a checklist? Entries are the same by their id, wherever they stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from onevisit.items.terms import ENTRY_FIELD_LABELS

Entry = dict[str, Any]
Kind = Literal["same", "added", "removed", "changed"]


@dataclass(frozen=True)
class EntryDifference:
    """One entry before and after; `moved` says that others changed places around it or it did."""

    kind: Kind
    id: str
    before: Entry | None
    after: Entry | None
    fields: list[str] = field(default_factory=list)
    moved: bool = False


def compared(before: Sequence[Entry], after: Sequence[Entry]) -> list[EntryDifference]:
    """In the order of the new version; what was removed stands where it was."""
    old, new = {one["id"]: one for one in before}, {one["id"]: one for one in after}
    stayed = _longest_in_order(
        [one["id"] for one in before if one["id"] in new], [one["id"] for one in after if one["id"] in old]
    )
    found: list[EntryDifference] = []
    for one in after:
        was = old.get(one["id"])
        if was is None:
            found.append(EntryDifference("added", one["id"], None, one))
            continue
        fields = [name for name in ENTRY_FIELD_LABELS if name != "no" and was.get(name) != one.get(name)]
        moved = one["id"] not in stayed
        found.append(EntryDifference("changed" if fields else "same", one["id"], was, one, fields, moved))
    for at, gone in enumerate(before):
        if gone["id"] not in new:
            place = _place_after(found, [one["id"] for one in before[:at]])
            found.insert(place, EntryDifference("removed", gone["id"], gone, None))
    return found


def _place_after(found: Sequence[EntryDifference], earlier: Sequence[str]) -> int:
    for before in reversed(earlier):
        for at, one in enumerate(found):
            if one.id == before:
                return at + 1
    return 0


def _longest_in_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The most entries that kept their order; only the others moved. (n is at most 300, so n² is nothing.)"""
    place = {name: at for at, name in enumerate(before)}
    runs: list[list[str]] = []
    for name in after:
        longest: list[str] = []
        for run in runs:
            if place[run[-1]] < place[name] and len(run) > len(longest):
                longest = run
        runs.append([*longest, name])
    return set(sorted(runs, key=len)[-1]) if runs else set()
