"""For what purpose did which list leave the house? Data are used only for their purpose (S2 art. 25), and the trail knows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import marshmallow as ma
from flask import Response, stream_with_context

from onevisit.core import exports, trail
from onevisit.core.db import transaction
from onevisit.core.exports import Cell


class ExportQuery(ma.Schema):
    """In which form, and what for; a step adds its filters."""

    format = ma.fields.String(load_default="xlsx", validate=ma.validate.OneOf(["csv", "xlsx"]))
    purpose = ma.fields.String(required=True, validate=ma.validate.Length(2, 200))


def leave(
    what: str,
    title: str,
    wanted: Mapping[str, Any],
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    count: int,
    region_id: str | None = None,
) -> Response:
    """The file as an answer, streamed, after the trail was told who takes it along and what for."""
    filters = {
        name: str(value) for name, value in wanted.items() if value and name not in ("format", "purpose")
    }
    with transaction():
        trail.record(
            "list.exported", "list", what, region_id=region_id, purpose=wanted["purpose"].strip(),
            form=wanted["format"], filters=filters, rows=count,
        )  # fmt: skip
    lines = stream_with_context(iter(rows))  # type: ignore[arg-type, type-var]
    return exports.answer(title, wanted["format"], headings, lines)  # type: ignore[arg-type]
