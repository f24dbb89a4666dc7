"""Which laws and articles stand in the register, who rests on them, and which items that flags?"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.queries import departments_of
from onevisit.items.bases import article_order, gravest
from onevisit.items.models import BasisReview, BasisUse, Checklist, Item, LegalBasis
from onevisit.items.terms import BASIS_STATE_LABELS, LIVE_STATES, BasisState

CHUNK = 500


def basis_of(basis_id: str) -> LegalBasis:
    """A basis of the actor's region."""
    found = db.session.get(LegalBasis, basis_id)
    if found is None or found.region_id != acting().region_id:
        raise not_found("法律依据")
    return found


def _still_right() -> ColumnElement[bool]:
    """The department looked at it after this amendment; nothing makes a repealed basis right again."""
    return (LegalBasis.state == BasisState.AMENDED) & exists().where(
        BasisReview.item_id == BasisUse.item_id,
        BasisReview.basis_id == LegalBasis.id,
        BasisReview.basis_revision == LegalBasis.revision,
    )


def flagged_by(state: str) -> ColumnElement[bool]:
    """The items, as a condition of a list, with a basis in this state (amended: not yet looked at)."""
    return Item.id.in_(
        select(BasisUse.item_id)
        .join(LegalBasis, LegalBasis.id == BasisUse.basis_id)
        .where(LegalBasis.state == state, ~_still_right())
    )


def basis_states(item_ids: Sequence[str]) -> dict[str, str]:
    """Item -> repealed or amended, for those whose basis is not simply in force: for lists, matching and the editor."""
    return {
        item: state
        for item, flags in basis_flags(item_ids).items()
        if (state := gravest(one["state"] for one in flags))
    }


def basis_flags(item_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Item -> what it rests on that no longer simply holds, and where it says so ("" the item, else the entry)."""
    found: dict[str, list[dict[str, Any]]] = {}
    for at in range(0, len(item_ids), CHUNK):
        rows = db.session.execute(
            select(BasisUse, LegalBasis).join(LegalBasis, LegalBasis.id == BasisUse.basis_id)
            .where(BasisUse.item_id.in_(item_ids[at : at + CHUNK]), LegalBasis.state != BasisState.IN_FORCE, ~_still_right())
            .order_by(LegalBasis.title, LegalBasis.article, BasisUse.entry)
        )  # fmt: skip
        for use, basis in rows:
            found.setdefault(use.item_id, []).append(basis_shown(basis) | {"entry": use.entry})
    return found


def basis_shown(basis: LegalBasis) -> dict[str, Any]:
    """A basis with its labels."""
    names = (
        "id",
        "title",
        "article",
        "version",
        "state",
        "since",
        "note",
        "replaced_by",
        "changed_at",
        "changed_by",
        "revision",
    )
    return {name: getattr(basis, name) for name in names} | {
        "state_label": BASIS_STATE_LABELS[BasisState(basis.state)],
        "name": f"《{basis.title}》{basis.article}",
    }


def bases(wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """A page of the region's register by title, each law before its articles, with how many items rest on it."""
    counted = (
        select(BasisUse.basis_id, func.count(BasisUse.item_id.distinct()).label("resting"))
        .join(Item, Item.id == BasisUse.item_id)
        .where(Item.state.in_(LIVE_STATES))
        .group_by(BasisUse.basis_id)
        .subquery()
    )
    rows = (
        select(LegalBasis, func.coalesce(counted.c.resting, 0))
        .join(counted, counted.c.basis_id == LegalBasis.id, isouter=True)
        .where(LegalBasis.region_id == acting().region_id)
        .order_by(LegalBasis.title, LegalBasis.article, LegalBasis.id)
    )
    if text := wanted.get("q", "").strip().strip("《》"):
        rows = rows.where(LegalBasis.title.contains(text, autoescape=True))
    if wanted.get("state"):
        rows = rows.where(LegalBasis.state == wanted["state"])
    if not wanted.get("articles"):
        rows = rows.where((LegalBasis.article == "") | (LegalBasis.state != BasisState.IN_FORCE))
    if wanted.get("after"):
        title, _, article = wanted["after"].partition("~")
        rows = rows.where(
            (LegalBasis.title > title) | ((LegalBasis.title == title) & (LegalBasis.article > article))
        )
    found = db.session.execute(rows.limit(wanted["limit"] + 1))
    return [
        basis_shown(basis) | {"items": count, "cursor": f"{basis.title}~{basis.article}"}
        for basis, count in found
    ]


def basis_whole(basis: LegalBasis) -> dict[str, Any]:
    """A basis with its articles and every item, with the entries of its current checklist, that rests on it."""
    articles = db.session.scalars(
        select(LegalBasis).where(
            LegalBasis.region_id == basis.region_id, LegalBasis.title == basis.title, LegalBasis.article != ""
        )
    )
    return basis_shown(basis) | {
        "articles": [
            basis_shown(one)
            for one in sorted(articles, key=lambda one: article_order(one.article))
            if basis.article == ""
        ],
        "rests": _resting_on(basis),
    }


def _resting_on(basis: LegalBasis) -> list[dict[str, Any]]:
    names = {one.id: one.name for one in departments_of(basis.region_id)}
    reviewed = {
        one.item_id: one
        for one in db.session.scalars(select(BasisReview).where(BasisReview.basis_id == basis.id))
    }
    rows = db.session.execute(
        select(BasisUse.entry, Item).join(Item, Item.id == BasisUse.item_id)
        .where(BasisUse.basis_id == basis.id, Item.state.in_(LIVE_STATES)).order_by(Item.department_id, Item.code, BasisUse.entry)
    ).all()  # fmt: skip
    entries = _entry_texts([item.id for _, item in rows])
    found: dict[str, dict[str, Any]] = {}
    for entry, item in rows:
        looked = reviewed.get(item.id)
        current = looked is not None and looked.basis_revision == basis.revision
        one = found.setdefault(
            item.id,
            {
                "id": item.id, "code": item.code, "name": item.name, "department": {"id": item.department_id, "name": names[item.department_id]},
                "itself": False, "entries": [],
                "reviewed": f"{looked.by_name}，{looked.note}".rstrip("，") if looked and current else None,
            },
        )  # fmt: skip
        if entry == "":
            one["itself"] = True
        elif (text := entries.get(item.id, {}).get(entry)) is not None:
            one["entries"].append(text)
    return list(found.values())


def _entry_texts(item_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Item -> entry -> "3. what it asks", of the current checklists."""
    rows = db.session.scalars(
        select(Checklist)
        .where(Checklist.item_id.in_(item_ids))
        .order_by(Checklist.item_id, Checklist.version)
    )
    return {
        one.item_id: {entry["id"]: f"{entry['no']}. {entry['text']}" for entry in one.entries} for one in rows
    }
