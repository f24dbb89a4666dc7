"""What was changed after a record was locked? The old wording beside the new, with reason and signature (S2 art. 22)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from onevisit.papers import facts
from onevisit.visits import paper_words as words
from onevisit.visits.paper_source import Signed, operations_named, pen


def amendments(signed: Signed) -> Iterator[facts.Amendment]:
    """What was changed after locking; the old wording stays readable (S2 art. 22)."""
    entries, places = signed.entries(), signed.entry_numbers()
    for part in signed.manifest["parts"]:
        there = signed.state["parts"][part["department"]["id"]]
        for version, one in enumerate(there["amendments"], start=2):
            place = (one["register"] or "").partition("/")[2]
            before = [words.register_words(one["register"], value, entries) for value in one["before"]]
            after = words.register_words(one["register"], one["after"], entries) or _taken(
                signed, one["takes"]
            )
            yield {
                "version": version,
                "at": words.moment_cn(one["at"]["wall"]),
                "entry": f"要点 {places[place]}" if place in places else part["department"]["name"],
                "before": "；".join(filter(None, before)) or "（原无此内容）",
                "after": after or "（未改动内容）",
                "reason": one["reason"],
                "by": {**signed.officer(one["by"]), "strokes": None},
                "subject": _again(signed, one["signed_in"]),
            }


def _taken(signed: Signed, ids: list[str]) -> str:
    """Late or adopted operations that a change took in."""
    found = operations_named(signed.visit.id, ids).values()
    said = [(words.KINDS.get(one.kind, one.kind), _own_words(one.body)) for one in found]
    return "；".join(f"补入{kind}：{text}" if text else f"补入{kind}" for kind, text in said)


def _own_words(body: Mapping[str, Any]) -> str | None:
    return next((body[word] for word in ("text", "caption", "name", "note", "value") if body.get(word)), None)


def _again(signed: Signed, supplement: str | None) -> facts.Signature | None:
    """Who signed the change."""
    if supplement is None:
        return None
    body = operations_named(signed.visit.id, [supplement])[supplement].body
    return {
        "name": body["signer"]["name"] if body["signer"] else "",
        "strokes": pen(body["marks"]["signature"]),
    }
