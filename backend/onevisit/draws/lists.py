"""Who stands on the long lists of a draw? The pool, the exclusions, the inspectors, the changes: a page at a time."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.draws import lot
from onevisit.draws.drum import Drum
from onevisit.draws.entries import LEAF_BYTES
from onevisit.draws.kept import blocks_at, counted_blocks, pool_of
from onevisit.draws.models import Draw
from onevisit.draws.terms import EXCLUSION_LABELS, ExclusionReason
from onevisit.inspectors.models import Inspector
from onevisit.subjects.models import Subject
from onevisit.tasks.queries import named_departments

PARTS = ("pool", "excluded", "inspectors")
FROZEN = {"pool": "subjects", "excluded": "excluded"}
CHANGES = ("added", "removed", "changed")
Row = dict[str, Any]


def page_of_list(
    draw: Draw, part: str, *, reason: str | None, words: str, after: int, limit: int
) -> list[Row]:
    """A page of a draw's list, one row more than `limit`; `after` is the number of the last row seen."""
    if part in CHANGES:
        return _changed(draw.changes[part], after, limit)
    if part == "inspectors":
        return _people([one.entry for one in pool_of(draw, "inspectors").inspectors], after, limit)
    found = _frozen_rows(draw, FROZEN[part], words.strip().encode(), reason, after)
    return list(islice(found, limit + 1))


def _frozen_rows(draw: Draw, part: str, needle: bytes, reason: str | None, after: int) -> Iterator[Row]:
    """From `after` on; only the blocks that a page needs are read, and only what fits is made an object."""
    begin, wanted = 0, []
    begins = {}
    for number, count in counted_blocks(draw, part):
        if begin + count > after:
            begins[number] = begin
            wanted.append(number)
        begin += count
    for number, block in blocks_at(draw, part, wanted):
        first = max(after - begins[number], 0)
        for at, text in enumerate(block.texts()[first:], first):
            entry, _, why = text.partition(b"\t")
            if needle in entry and reason in (None, why.decode()):
                leaf = block.hashes[at * LEAF_BYTES : (at + 1) * LEAF_BYTES].hex()
                one = lot.Subject.from_json(json.loads(entry))
                yield _subject(begins[number] + at + 1, one, why.decode() or None, leaf)


def page_of_drum(
    drum: Drum, part: str, *, reason: str | None, words: str, after: int, limit: int
) -> list[Row]:
    """The same before anything is frozen: what the freeze would find now. Words are looked for by the database."""
    if part == "inspectors":
        return _people(drum.inspectors, after, limit)
    if part == "pool":
        pairs: Iterator[tuple[lot.Subject, str | None]] = ((one, None) for one in drum.subjects(words))
    else:
        pairs = ((one, why) for one, why in drum.excluded(words) if reason in (None, why))
    some = islice(enumerate(pairs, 1), after, after + limit + 1)
    return [_subject(at, one, why, None) for at, (one, why) in some]


def _subject(at: int, one: lot.Subject, reason: str | None, leaf: str | None) -> Row:
    return {
        "number": at, "id": one.id, "name": one.name, "risk": one.risk, "leaf": leaf, "reason": reason,
        "note": EXCLUSION_LABELS[ExclusionReason(reason)] if reason else None,
    }  # fmt: skip


def _people(people: Sequence[lot.Inspector], after: int, limit: int) -> list[Row]:
    """Inspectors with their certificates; names come from the library, they are not frozen."""
    some = list(enumerate(people, 1))[after : after + limit + 1]
    ids = [one.id for _, one in some]
    found = db.session.execute(select(Inspector.id, Inspector.name).where(Inspector.id.in_(ids)))
    names = {row[0]: row[1] for row in found}
    departments = named_departments([one.department for _, one in some])
    return [
        {
            "number": at, "id": one.certificate or one.id, "name": names.get(one.id, "（已不在库）"), "risk": None,
            "leaf": None, "reason": None,
            "note": "，".join(x for x in (departments.get(one.department, {}).get("short_name"), f"证件至 {one.valid_to}" if one.valid_to else "没有登记证件有效期", "、".join(one.specialities)) if x),
        }
        for at, one in some
    ]  # fmt: skip


def _changed(ids: Sequence[str], after: int, limit: int) -> list[Row]:
    """Ids as they were frozen: credit codes, library ids, inspectors' ids."""
    some = list(enumerate(ids, 1))[after : after + limit + 1]
    wanted = [id_ for _, id_ in some]
    subjects = db.session.execute(
        select(Subject.id, Subject.credit_code, Subject.name, Subject.risk).where(
            Subject.credit_code.in_(wanted) | Subject.id.in_(wanted)
        )
    )
    known: dict[str, tuple[str, str | None, str]] = {
        code or id_: (name, risk, "检查对象") for id_, code, name, risk in subjects
    }
    people = db.session.execute(select(Inspector.id, Inspector.name).where(Inspector.id.in_(wanted)))
    known |= {id_: (name, None, "执法人员") for id_, name in people}
    return [
        {
            "number": at, "id": id_, "name": known.get(id_, ("（已不在库）", None, ""))[0],
            "risk": known.get(id_, ("", None, ""))[1], "leaf": None, "reason": None,
            "note": known.get(id_, ("", None, ""))[2],
        }
        for at, id_ in some
    ]  # fmt: skip
