"""How are results handed on in the national field set: to other systems, as open data?"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.publications.models import Publication
from onevisit.publications.public_results import newest, older_than, shown_now
from onevisit.publications.rules import national_row
from onevisit.publications.terms import NATIONAL_FIELDS

COLUMNS = [name for name, _ in NATIONAL_FIELDS]


def national_rows(region_id: str) -> Iterator[dict[str, str]]:
    """Every published result of a region in the national field set; sensitive ones name nobody, so stay out."""
    rows = select(Publication).where(Publication.region_id == region_id, *shown_now())
    for row in db.session.scalars(rows.order_by(Publication.number).execution_options(yield_per=500)):
        if row.facts["subject"]["name"] is not None:
            yield as_national(row)


def as_national(row: Publication) -> dict[str, str]:
    """One result in the national field set."""
    return national_row(row.facts, clock.law_day(row.published_at).isoformat() if row.published_at else "")


def open_rows(region: str, limit: int, after: str | None) -> tuple[list[dict[str, str]], str | None]:
    """A page of open data, the newest first, and where it goes on; what names nobody is left out of the page."""
    conditions = [Publication.region_id == region] if region else []
    found, more = newest(conditions, limit, older_than(after))
    named = [as_national(row) for row in found if row.facts["subject"]["name"] is not None]
    return named, None if more is None else str(more)


def link_to(query: Mapping[str, Any], following: str | None) -> dict[str, str]:
    """The header that names the next page of a CSV (RFC 8288)."""
    if following is None:
        return {}
    asked = urlencode({"region": query["region"], "limit": query["limit"], "after": following})
    return {"Link": f'</api/public/open-data/results.csv?{asked}>; rel="next"'}


def csv_lines(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """The rows as CSV that spreadsheet programs open in Chinese (BOM), formulas defused; piece by piece."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    yield "\ufeff"
    for row in rows:
        writer.writerow(
            {key: f"'{cell}" if cell[:1] in tuple("=+-@\t") else cell for key, cell in row.items()}
        )
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def as_json(rows: Sequence[dict[str, str]]) -> str:
    """The rows as JSON."""
    return json.dumps({"fields": COLUMNS, "rows": list(rows)}, ensure_ascii=False, indent=1)
