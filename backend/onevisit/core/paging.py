"""How does a list that is sorted by a due day go on? Undated rows come last, on every database alike."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from onevisit.core.problems import Problem


def by_day(day: Any, id_: Any) -> tuple[Any, ...]:
    """The order: the most urgent first, undated last, then by id."""
    return day.is_(None), day, id_


def day_cursor(day: date | None, id_: str) -> str:
    """Where a page ended."""
    return f"{day.isoformat() if day else ''}~{id_}"


def after_day(day: Any, id_: Any, cursor: str) -> ColumnElement[bool]:
    """Only what comes after the cursor in that order."""
    text, _, last = cursor.partition("~")
    if not text:
        return and_(day.is_(None), id_ > last)
    try:
        reached = date.fromisoformat(text)
    except ValueError as error:
        raise Problem("api.bad_cursor", "翻页位置读不懂，请从第一页开始。", 422) from error
    return or_(day > reached, and_(day == reached, id_ > last), day.is_(None))
