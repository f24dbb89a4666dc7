"""Who may see and fill the inspector library, and where?"""

from typing import Any

from flask.blueprints import BlueprintSetupState

from onevisit.core.api import blueprint, page_of
from onevisit.core.auth import needs
from onevisit.inspectors import queries, schemas
from onevisit.inspectors.library import InspectorLibrary

bp = blueprint("inspectors")


@bp.record
def _count_for_attestations(state: BlueprintSetupState) -> None:
    """Attestations belong to the earlier step subjects, which cannot look ahead to this library."""
    state.app.extensions.setdefault("onevisit.library_counts", {})["inspectors"] = queries.count_in


@bp.record
def _take_lists(state: BlueprintSetupState) -> None:
    """Lists of inspectors walk the same way as those of subjects."""
    state.app.extensions.setdefault("onevisit.import_libraries", {})["inspectors"] = InspectorLibrary


@bp.get("")
@needs("desk", "joint_office", "deputy_head", "principal_head")
@bp.arguments(schemas.InspectorQuery, location="query")
@bp.response(200, schemas.InspectorPageSchema)
def inspectors(wanted: dict[str, Any]) -> dict[str, Any]:
    """The inspectors of my region."""
    rows, place = queries.inspectors_page(wanted), queries.place_of(wanted["after"])
    page = page_of(rows, wanted["limit"], lambda _: str(place + wanted["limit"]))
    return page | {"items": queries.shown(page["items"]), "total": queries.inspectors_count(wanted)}
