"""Which published results carry a name? Found by pairs of characters, newest first, in bounded time (stack.md 24)."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, delete, exists, func, insert, select
from sqlalchemy.orm import aliased

from onevisit.core.db import db
from onevisit.publications.models import Publication, ResultGram

RARE_ENOUGH = 2_000
"""Counting a pair stops here: what is rarer drives the search, among the others it makes no difference."""
AT_ONCE = 20_000
MOST_WINDOWS = 4


def plain(name: str) -> str:
    """A name as it is searched: no blanks, large letters."""
    return "".join(name.split()).upper()


def grams_of(name: str) -> list[str]:
    """Every pair of neighbouring characters, once."""
    text = plain(name)
    return list(dict.fromkeys(text[at : at + 2] for at in range(len(text) - 1)))


def next_number() -> int:
    """The place of a result among all published ones; in the running transaction, under the lock on publications."""
    return (db.session.scalars(select(func.max(Publication.number))).one() or 0) + 1


def make_findable(publication: Publication) -> None:
    """Note the pairs of its name; a result that names nobody is never found by name."""
    name = publication.facts["subject"]["name"]
    rows = [{"gram": gram, "number": publication.number} for gram in grams_of(name or "")]
    if rows:
        db.session.execute(insert(ResultGram), rows)


def make_unfindable(publication: Publication) -> None:
    """What is no longer the standing result is reached from the one that took its place."""
    db.session.execute(delete(ResultGram).where(ResultGram.number == publication.number))


def named(
    q: str, conditions: Sequence[ColumnElement[bool]], limit: int, after: int | None
) -> tuple[list[Publication], int | None]:
    """Results whose name holds `q`, the newest first, at most `limit`; and the number to go on below, None at the end.

    A page may be shorter than `limit` and still go on: so much was looked through at once, and no more.
    """
    ranked = sorted(grams_of(q), key=_count)[:2]
    rarest, others = (ranked[0] if ranked else None), ranked[1:]
    found: list[Publication] = []
    for _ in range(MOST_WINDOWS):
        floor = _floor(rarest, after)
        rows = _carrying(rarest, others, after).where(
            Publication.searched.contains(plain(q), autoescape=True), *conditions
        )
        number = Publication.number if rarest is None else ResultGram.number
        if floor is not None:
            rows = rows.where(number >= floor)
        newest = rows.order_by(number.desc()).limit(limit + 1 - len(found))
        found += db.session.scalars(newest)
        if len(found) > limit:
            return found[:limit], found[limit - 1].number
        if floor is None:
            return found, None
        after = floor
    return found, after


def _carrying(rarest: str | None, others: Sequence[str], after: int | None) -> Select[Publication]:
    """Results that carry the rarest pair and the next; read along the pair's own order, which is that of the page."""
    rows = select(Publication)
    if rarest is not None:
        rows = rows.join(ResultGram, ResultGram.number == Publication.number).where(ResultGram.gram == rarest)
        if after is not None:
            rows = rows.where(ResultGram.number < after)
    elif after is not None:
        rows = rows.where(Publication.number < after)
    for gram in others:
        second = aliased(ResultGram)
        rows = rows.where(exists().where(second.gram == gram, second.number == Publication.number))
    return rows


def _floor(gram: str | None, after: int | None) -> int | None:
    """The number down to which one look goes; None when it reaches the end."""
    number = Publication.number if gram is None else ResultGram.number
    rows = select(number).where(number.is_not(None) if gram is None else ResultGram.gram == gram)
    if after is not None:
        rows = rows.where(number < after)
    return db.session.scalars(rows.order_by(number.desc()).offset(AT_ONCE - 1).limit(1)).first()


def _count(gram: str) -> int:
    some = select(ResultGram.number).where(ResultGram.gram == gram).limit(RARE_ENOUGH).subquery()
    return db.session.scalars(select(func.count()).select_from(some)).one()
