"""Which results may anybody read now, and in which versions?"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.problems import Problem, not_found
from onevisit.dispatches.merges import visits_carrying_out
from onevisit.publications.models import Publication


def shown_now(*states: str) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which the public reads a result: published, and its term is not over."""
    in_state = Publication.state.in_(states or ("published",))
    return in_state, or_(Publication.shown_until.is_(None), Publication.shown_until >= clock.today())


def older_than(cursor: str) -> ColumnElement[bool]:
    """Only results published before the one where a page ended."""
    moment, _, last = cursor.partition("~")
    try:
        reached = datetime.fromisoformat(moment)
        clock.law_day(reached)
    except ValueError as error:
        raise Problem("api.bad_cursor", "翻页位置读不懂，请从第一页开始。", 422) from error
    if reached.tzinfo is None:
        raise Problem("api.bad_cursor", "翻页位置读不懂，请从第一页开始。", 422)
    earlier = Publication.published_at < reached
    return or_(earlier, and_(Publication.published_at == reached, Publication.id < last))


def cursor_of(row: Publication) -> str:
    """Where a page of results ends."""
    return f"{row.published_at.isoformat() if row.published_at else ''}~{row.id}"


def public_results(q: str, region: str, task: str, limit: int, after: str | None) -> list[dict[str, Any]]:
    """Published results by name, credit code or task, the newest first; sensitive ones name nobody and are
    not found by name."""
    rows = select(Publication).where(*shown_now())
    if region:
        rows = rows.where(Publication.region_id == region)
    if task:
        rows = rows.where(
            tuple_(Publication.visit_id, Publication.department_id).in_(visits_carrying_out(task))
        )
    if q:
        like = f"%{q.replace('%', '').replace('_', '')}%"
        rows = rows.where(
            or_(Publication.subject_name.like(like), Publication.credit_code == q.upper()),
            Publication.facts["subject"]["name"].as_string().is_not(None),
        )
    if after:
        rows = rows.where(older_than(after))
    rows = rows.order_by(Publication.published_at.desc(), Publication.id.desc()).limit(limit + 1)
    return [{**public_result(row), "cursor": cursor_of(row)} for row in db.session.scalars(rows)]


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
