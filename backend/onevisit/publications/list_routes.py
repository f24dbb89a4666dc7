"""Which plans, items and offices may anybody read?"""

from typing import Any

from onevisit.core.api import Blueprint, page_of
from onevisit.core.auth import public
from onevisit.publications import list_schemas, public_lists

bp = Blueprint("public_lists", "public_lists", url_prefix="/api/public")


@bp.get("/regions")
@public
@bp.response(200, list_schemas.PublicRegionListSchema)
def regions() -> dict[str, Any]:
    """Whose checks these are, and where to ask or object."""
    return {"items": public_lists.public_regions()}


@bp.get("/plans")
@public
@bp.arguments(list_schemas.RegionQuery, location="query")
@bp.response(200, list_schemas.PublicPlanListSchema)
def plans(query: dict[str, str]) -> dict[str, Any]:
    """The published plans."""
    return {"items": public_lists.public_plans(query["region"])}


@bp.get("/plans/<plan_id>")
@public
@bp.response(200, list_schemas.PublicPlanDetailSchema)
def plan(plan_id: str) -> dict[str, Any]:
    """One published plan."""
    return public_lists.public_plan(plan_id)


@bp.get("/items")
@public
@bp.arguments(list_schemas.PublicItemsQuery, location="query")
@bp.response(200, list_schemas.PublicItemsSchema)
def items(query: dict[str, Any]) -> dict[str, Any]:
    """The item list of a region: what may be checked, by whom, on which ground, and how."""
    rows = public_lists.public_items(query["region"], query["limit"], query["after"])
    return page_of(rows, query["limit"], lambda row: row["cursor"])
