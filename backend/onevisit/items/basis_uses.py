"""Which items and entries rest on which basis? Kept beside what is written there, and derived from it alone."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.items.bases import Named, named_in
from onevisit.items.models import BasisUse, Checklist, Item, LegalBasis

CHUNK = 500


def note_uses(item_ids: Sequence[str]) -> None:
    """Read again what these items and their current checklists name; a law nobody knew enters the register in force."""
    for start in range(0, len(item_ids), CHUNK):
        _note(item_ids[start : start + CHUNK])


def _note(item_ids: Sequence[str]) -> None:
    db.session.execute(delete(BasisUse).where(BasisUse.item_id.in_(item_ids)))
    wanted: list[tuple[str, str, str, Named]] = []
    rows = db.session.execute(
        select(Item.id, Item.region_id, Item.legal_basis, Checklist.entries)
        .join(Checklist, Checklist.item_id == Item.id, isouter=True)
        .where(Item.id.in_(item_ids), (Checklist.id.is_(None)) | (Checklist.version == _newest_version()))
    )
    for item_id, region, basis, entries in rows:
        wanted += [(region, item_id, "", one) for one in named_in(basis)]
        wanted += [
            (region, item_id, entry["id"], one) for entry in entries or () for one in named_in(entry["basis"])
        ]
    if not wanted:
        return
    registered = _registered({(region, one) for region, _, _, one in wanted})
    uses: list[dict[str, Any]] = [
        {"id": new_id(), "basis_id": registered[region, one], "item_id": item_id, "entry": entry}
        for region, item_id, entry, one in wanted
    ]
    db.session.execute(insert(BasisUse), uses)


def _newest_version() -> Any:
    return (
        select(func.max(Checklist.version))
        .where(Checklist.item_id == Item.id)
        .correlate(Item)
        .scalar_subquery()
    )


def _registered(wanted: Iterable[tuple[str, Named]]) -> dict[tuple[str, Named], str]:
    wanted = set(wanted)
    regions, titles = {region for region, _ in wanted}, sorted({one.title for _, one in wanted})
    found = {
        (basis.region_id, Named(basis.title, basis.article)): basis.id
        for at in range(0, len(titles), CHUNK)
        for basis in db.session.scalars(
            select(LegalBasis).where(
                LegalBasis.region_id.in_(regions), LegalBasis.title.in_(titles[at : at + CHUNK])
            )
        )
    }
    new = {(region, one): new_id() for region, one in sorted(wanted - found.keys())}
    if new:
        db.session.execute(
            insert(LegalBasis), [_entered(region, one, id_) for (region, one), id_ in new.items()]
        )
    return found | new


def _entered(region: str, one: Named, id_: str) -> dict[str, Any]:
    return {
        "id": id_, "region_id": region, "title": one.title, "article": one.article, "version": "", "state": "in_force",
        "since": None, "note": "", "replaced_by": "", "changed_at": clock.now(), "changed_by": "", "revision": 1,
    }  # fmt: skip
