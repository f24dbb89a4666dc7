"""What happens to the register of legal bases: a law is entered, amended, repealed; a department looks at its items again."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, is_clash, transaction
from onevisit.core.problems import Problem, stale
from onevisit.items.bases import named_in
from onevisit.items.models import BasisReview, BasisUse, Item, LegalBasis
from onevisit.items.terms import BasisState

_EVENTS = {
    BasisState.REPEALED: "basis.repealed",
    BasisState.AMENDED: "basis.amended",
    BasisState.IN_FORCE: "basis.in_force",
}


def enter_basis(name: str, version: str = "", since: date | None = None, note: str = "") -> LegalBasis:
    """A law, or an article of it, that nothing names yet: 《旅馆业治安管理办法》第四条."""
    named = named_in(name if "《" in name else f"《{name.strip()}》")
    if len(named) not in (1, 2):
        raise Problem(
            "items.basis_unreadable",
            "请写一部法律法规的名称，例如：《旅馆业治安管理办法》，或加上一条：《旅馆业治安管理办法》第四条。",
        )
    meant = named[-1]
    with transaction():
        made = LegalBasis(
            region_id=acting().region_id, title=meant.title, article=meant.article, version=version.strip(), since=since,
            note=note.strip(), changed_at=clock.now(), changed_by=acting().name,
        )  # fmt: skip
        db.session.add(made)
        try:
            db.session.flush()
        except IntegrityError as error:
            if not is_clash(error):
                raise
            raise Problem("items.basis_known", f"{_name(made)}已经登记了。请在列表里打开它。", 409) from error
        trail.record("basis.entered", "basis", made.id, basis=_name(made), version=made.version)
    return made


def change_basis(basis_id: str, revision: int, given: dict[str, Any]) -> LegalBasis:
    """A new version or state. Repealed flags everything that rests on it; amended asks the departments to look."""
    with transaction():
        basis = db.session.get_one(LegalBasis, basis_id, with_for_update=True)
        if basis.revision != revision:
            raise stale()
        fields = {
            name: [getattr(basis, name), value]
            for name, value in given.items()
            if getattr(basis, name) != value
        }
        if not fields:
            return basis
        for name, (_, value) in fields.items():
            setattr(basis, name, value)
        basis.revision, basis.changed_at, basis.changed_by = basis.revision + 1, clock.now(), acting().name
        event = _EVENTS[BasisState(basis.state)] if "state" in fields else "basis.changed"
        trail.record(
            event, "basis", basis.id, region_id=basis.region_id, basis=_name(basis),
            fields={name: [_said(one) for one in both] for name, both in fields.items()}, items=_items_on(basis.id),
        )  # fmt: skip
    return basis


def review_basis(item_id: str, basis_id: str, note: str) -> BasisReview:
    """The department looked at its item after the amendment: still right."""
    with transaction():
        basis, item = db.session.get_one(LegalBasis, basis_id), db.session.get_one(Item, item_id)
        if basis.state != BasisState.AMENDED:
            raise Problem(
                "items.basis_not_amended",
                f"{_name(basis)}{'已经废止，复核不能保留它，请改写依据。' if basis.state == BasisState.REPEALED else '现行有效，不用复核。'}",
                409,
            )
        if not db.session.scalar(
            select(BasisUse.id).where(BasisUse.basis_id == basis_id, BasisUse.item_id == item_id).limit(1)
        ):
            raise Problem("items.basis_not_used", "这个事项已经不引用这个依据，不用复核。", 409)
        done = db.session.scalars(
            select(BasisReview).where(BasisReview.item_id == item_id, BasisReview.basis_id == basis_id)
        ).first() or BasisReview(item_id=item_id, basis_id=basis_id)
        done.basis_revision, done.at, done.by_name, done.note = (
            basis.revision,
            clock.now(),
            acting().name,
            note.strip(),
        )
        db.session.add(done)
        trail.record(
            "basis.reviewed", "item", item_id, region_id=item.region_id, department_id=item.department_id,
            basis=_name(basis), basis_id=basis.id, note=done.note,
        )  # fmt: skip
    return done


def _items_on(basis_id: str) -> int:
    rows = select(BasisUse.item_id).where(BasisUse.basis_id == basis_id).distinct()
    return len(db.session.scalars(rows).all())


def _name(basis: LegalBasis) -> str:
    return f"《{basis.title}》{basis.article}"


def _said(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
