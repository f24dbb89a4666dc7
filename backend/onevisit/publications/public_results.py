"""Which results may anybody read now, and in which versions?"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select, tuple_

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.problems import Problem, not_found
from onevisit.dispatches.merges import visits_carrying_out
from onevisit.publications.models import Publication
from onevisit.publications.search import named

CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")


def shown_now(*states: str) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which the public reads a result: published, and its term is not over."""
    in_state = Publication.state.in_(states or ("published",))
    return in_state, or_(Publication.shown_until.is_(None), Publication.shown_until >= clock.today())


def older_than(cursor: str | None) -> int | None:
    """The number below which a page goes on."""
    if cursor is None:
        return None
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 15:
        raise Problem("api.bad_cursor", "翻页位置读不懂，请从第一页开始。", 422)
    return int(cursor)


def newest(
    conditions: Sequence[ColumnElement[bool]], limit: int, after: int | None
) -> tuple[list[Publication], int | None]:
    """Standing results under `conditions`, the newest first, and the number to go on below."""
    rows = select(Publication).where(*shown_now(), *conditions)
    if after is not None:
        rows = rows.where(Publication.number < after)
    found = list(db.session.scalars(rows.order_by(Publication.number.desc()).limit(limit + 1)))
    return found[:limit], found[limit - 1].number if len(found) > limit else None


def public_results(q: str, region: str, task: str, limit: int, after: str | None) -> dict[str, Any]:
    """A page of published results by name, credit code or task, the newest first; sensitive ones name nobody and
    are not found by name."""
    conditions: list[ColumnElement[bool]] = []
    if region:
        conditions.append(Publication.region_id == region)
    if task:
        carried = tuple_(Publication.visit_id, Publication.department_id)
        conditions.append(carried.in_(visits_carrying_out(task)))
    below = older_than(after)
    if not q:
        rows, more = newest(conditions, limit, below)
    elif CREDIT_CODE.fullmatch(q.upper()):
        named_by = Publication.facts["subject"]["name"].as_string().is_not(None)
        rows, more = newest([*conditions, Publication.credit_code == q.upper(), named_by], limit, below)
    else:
        rows, more = named(q, [*conditions, *shown_now()], limit, below)
    return {"items": [public_result(row) for row in rows], "next": None if more is None else str(more)}


def public_result(publication: Publication) -> dict[str, Any]:
    """What the public reads of a result: the frozen allow-listed facts and when they were published."""
    return {
        "id": publication.id,
        "region": publication.region_id,
        "published": _day(publication),
        "erratum": publication.erratum,
        **publication.facts,
    }


def published_row(publication_id: str) -> Publication:
    """A result the public may read, also one that was put right since; 404 when there is none or its term is over."""
    found = db.session.scalars(
        select(Publication).where(Publication.id == publication_id, *shown_now("published", "corrected"))
    ).first()
    if found is None:
        raise not_found("检查结果")
    return found


def published(publication_id: str) -> dict[str, Any]:
    """One published result with its other versions: what was corrected stays to be read (S2 art. 22)."""
    found = published_row(publication_id)
    versions = db.session.scalars(
        select(Publication)
        .where(
            Publication.visit_id == found.visit_id, Publication.department_id == found.department_id,
            *shown_now("published", "corrected"),
        )
        .order_by(Publication.version.desc())
    ).all()  # fmt: skip
    now = versions[0]
    return {
        **public_result(found),
        "corrected_by": {"id": now.id, "published": _day(now)} if now.version > found.version else None,
        "earlier": [public_result(one) for one in versions if one.version < found.version],
    }


def _day(publication: Publication) -> str | None:
    return clock.law_day(publication.published_at).isoformat() if publication.published_at else None
