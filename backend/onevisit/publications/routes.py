"""Who may publish, and which results may anybody read?"""

from typing import Any

from flask import Response, stream_with_context

from onevisit.core.api import Blueprint, page_of
from onevisit.core.auth import acting, needs, public
from onevisit.publications import actions, national, public_results, queries, schemas

bp = Blueprint("publications", "publications", url_prefix="/api")
DESKS = ("desk", "deputy_head", "principal_head", "joint_office")


@bp.get("/publications")
@needs(*DESKS)
@bp.arguments(schemas.PublicationQuery, location="query")
@bp.response(200, schemas.PublicationPageSchema)
def publications(query: dict[str, Any]) -> dict[str, Any]:
    """What waits to be published, is published, is withheld."""
    rows = queries.publications(query["state"], query["limit"], query["after"])
    return {**page_of(rows, query["limit"], lambda row: row["cursor"]), "counts": queries.counts()}


@bp.post("/publications/<publication_id>/publish")
@needs("desk", "deputy_head", "principal_head")
@bp.response(200, schemas.PublicationSchema)
def publish(publication_id: str) -> dict[str, Any]:
    """Show a result to the public."""
    return queries.shown(actions.publish(publication_id))


@bp.get("/publications/export.csv")
@needs(*DESKS)
@bp.response(200, content_type="text/csv")
def export_csv() -> Response:
    """The region's published results in the national field set, as CSV."""
    lines = national.csv_lines(national.national_rows(acting().region_id or ""))
    headers = {"Content-Disposition": "attachment; filename=results.csv"}
    return Response(stream_with_context(lines), mimetype="text/csv", headers=headers)


@bp.get("/publications/export.json")
@needs(*DESKS)
@bp.response(200, content_type="application/json")
def export_json() -> Response:
    """The region's published results in the national field set, as JSON."""
    text = national.as_json(list(national.national_rows(acting().region_id or "")))
    headers = {"Content-Disposition": "attachment; filename=results.json"}
    return Response(text, mimetype="application/json", headers=headers)


@bp.get("/public/results")
@public
@bp.arguments(schemas.ResultQuery, location="query")
@bp.response(200, schemas.PublicResultPageSchema)
def results(query: dict[str, Any]) -> dict[str, Any]:
    """Published results by name, code or task."""
    asked = (query["q"].strip(), query["region"], query["task"])
    return public_results.public_results(*asked, query["limit"], query["after"])


@bp.get("/public/results/<publication_id>")
@public
@bp.response(200, schemas.PublicVersionsSchema)
def result(publication_id: str) -> dict[str, Any]:
    """One published result, with the versions before it."""
    return public_results.published(publication_id)


@bp.get("/public/open-data/results.json")
@public
@bp.arguments(schemas.OpenQuery, location="query")
@bp.response(200, schemas.OpenResultsSchema)
def open_json(query: dict[str, Any]) -> dict[str, Any]:
    """Published results as open data in the national field set, page by page."""
    rows, following = national.open_rows(query["region"], query["limit"], query["after"])
    return {"fields": national.COLUMNS, "rows": rows, "next": following}


@bp.get("/public/open-data/results.csv")
@public
@bp.arguments(schemas.OpenQuery, location="query")
@bp.response(200, content_type="text/csv")
def open_csv(query: dict[str, Any]) -> Response:
    """The same as CSV; the header Link names the next page."""
    rows, following = national.open_rows(query["region"], query["limit"], query["after"])
    text = "".join(national.csv_lines(rows))
    return Response(text, mimetype="text/csv", headers=national.link_to(query, following))
