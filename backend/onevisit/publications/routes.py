"""Who may publish, and what may anybody read?"""

from typing import Any

from flask import Response

from onevisit.core.api import Blueprint, page_of
from onevisit.core.auth import acting, needs, public
from onevisit.publications import actions, queries, schemas

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


@bp.post("/publications/<publication_id>/withhold")
@needs("deputy_head")
@bp.arguments(schemas.WithholdSchema)
@bp.response(200, schemas.PublicationSchema)
def withhold(given: dict[str, str], publication_id: str) -> dict[str, Any]:
    """Keep a result from the public on a legal ground."""
    return queries.shown(actions.withhold(publication_id, given["ground"]))


@bp.get("/publications/export.csv")
@needs(*DESKS)
@bp.response(200, content_type="text/csv")
def export_csv() -> Response:
    """The region's published results in the national field set, as CSV."""
    text = queries.as_csv(queries.national_rows(acting().region_id or ""))
    headers = {"Content-Disposition": "attachment; filename=results.csv"}
    return Response(text, mimetype="text/csv", headers=headers)


@bp.get("/publications/export.json")
@needs(*DESKS)
@bp.response(200, content_type="application/json")
def export_json() -> Response:
    """The region's published results in the national field set, as JSON."""
    text = queries.as_json(queries.national_rows(acting().region_id or ""))
    headers = {"Content-Disposition": "attachment; filename=results.json"}
    return Response(text, mimetype="application/json", headers=headers)


@bp.get("/public/regions")
@public
@bp.response(200, schemas.PublicRegionListSchema)
def public_regions() -> dict[str, Any]:
    """Whose checks these are, and where to ask or object."""
    return {"items": queries.public_regions()}


@bp.get("/public/plans")
@public
@bp.arguments(schemas.RegionQuery, location="query")
@bp.response(200, schemas.PublicPlanListSchema)
def public_plans(query: dict[str, str]) -> dict[str, Any]:
    """The published plans."""
    return {"items": queries.public_plans(query["region"])}


@bp.get("/public/plans/<plan_id>")
@public
@bp.response(200, schemas.PublicPlanDetailSchema)
def public_plan(plan_id: str) -> dict[str, Any]:
    """One published plan."""
    return queries.public_plan(plan_id)


@bp.get("/public/results")
@public
@bp.arguments(schemas.ResultQuery, location="query")
@bp.response(200, schemas.PublicResultPageSchema)
def public_results(query: dict[str, Any]) -> dict[str, Any]:
    """Published results by name, code or task."""
    rows = queries.public_results(
        query["q"].strip(), query["region"], query["task"], query["limit"], query["after"]
    )
    return page_of(rows, query["limit"], lambda row: row["id"])


@bp.get("/public/results/<publication_id>")
@public
@bp.response(200, schemas.PublicResultSchema)
def public_result(publication_id: str) -> dict[str, Any]:
    """One published result."""
    return queries.published(publication_id)


@bp.get("/public/items")
@public
@bp.arguments(schemas.PublicItemsQuery, location="query")
@bp.response(200, schemas.PublicItemsSchema)
def public_items(query: dict[str, Any]) -> dict[str, Any]:
    """The item list of a region: what may be checked, by whom, on which ground, and how."""
    rows = queries.public_items(query["region"], query["limit"], query["after"])
    return page_of(rows, query["limit"], lambda row: row["cursor"])
