"""Who may see and fill the subject library, and where?"""

from typing import Any

from onevisit.core.api import blueprint, page_of
from onevisit.core.auth import needs
from onevisit.subjects import actions, finding, parts, queries, schemas

bp = blueprint("subjects")
OFFICE = ("desk", "joint_office", "deputy_head", "principal_head")


@bp.get("")
@needs(*OFFICE)
@bp.arguments(schemas.SubjectQuery, location="query")
@bp.response(200, schemas.SubjectPageSchema)
def subjects(wanted: dict[str, Any]) -> dict[str, Any]:
    """The subjects of my region."""
    rows, found = finding.subjects_page(wanted)
    page = page_of(rows, wanted["limit"], lambda one: finding.cursor_of(wanted, one))
    shown = [queries.shown(one) for one in page["items"]]
    return page | {"items": shown, "total": found.total, "total_exact": found.exact}


@bp.get("/labels")
@needs(*OFFICE)
@bp.response(200, schemas.SubjectLabelListSchema)
def labels() -> dict[str, Any]:
    """The labels a scope filter can ask for, with counts."""
    return {"items": queries.labels_shown(queries.region_meant())}


@bp.get("/attestations")
@needs(*OFFICE)
@bp.response(200, schemas.AttestationListSchema)
def attestations() -> dict[str, Any]:
    """Which departments vouched for their part of the libraries."""
    return {"items": parts.attestations_shown(queries.region_meant())}


@bp.post("/attest")
@needs("desk", "deputy_head", "principal_head")
@bp.arguments(schemas.AttestSchema)
@bp.response(201, schemas.AttestationListSchema)
def attest(given: dict[str, str]) -> dict[str, Any]:
    """My department's part of a library is up to date."""
    done = actions.attest(given["library"])
    shown = parts.attestations_shown(done.region_id)
    return {"items": [one for one in shown if one["department"]["id"] == done.department_id]}


@bp.post("/count")
@needs(*OFFICE)
@bp.arguments(schemas.ScopeCountQuerySchema)
@bp.response(200, schemas.ScopeCountSchema)
def count(given: dict[str, Any]) -> dict[str, Any]:
    """How many subjects a filter finds, by risk class."""
    return queries.scope_count(queries.region_meant(), queries.read_filter(given["filter"]))
