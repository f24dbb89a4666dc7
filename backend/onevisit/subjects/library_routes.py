"""Who may read the history and the health of the libraries, keep grade scales and say how many staff there are?"""

from typing import Any

from flask import Response

from onevisit.core import clock
from onevisit.core.api import Blueprint, page_of
from onevisit.core.auth import acting, needs
from onevisit.core.exporting import leave
from onevisit.departments.queries import departments_of
from onevisit.subjects import changes, grades, health, parts
from onevisit.subjects import entry_schemas as schemas
from onevisit.subjects.queries import region_meant
from onevisit.subjects.terms import FINDING_LABELS, Finding

bp = Blueprint("libraries", "libraries", url_prefix="/api/libraries")
OFFICE = ("desk", "joint_office", "deputy_head", "principal_head")


@bp.get("/changes")
@needs(*OFFICE)
@bp.arguments(schemas.ChangeQuery, location="query")
@bp.response(200, schemas.LibraryChangePageSchema)
def history(wanted: dict[str, Any]) -> dict[str, Any]:
    """Who changed what, newest first."""
    page = page_of(changes.changes_page(region_meant(), wanted), wanted["limit"], lambda one: str(one.id))
    return page | {"items": changes.shown(page["items"])}


@bp.get("/health")
@needs(*OFFICE)
@bp.arguments(schemas.PartQuery, location="query")
@bp.response(200, schemas.HealthSchema)
def report(wanted: dict[str, Any]) -> dict[str, Any]:
    """The health report."""
    return health.report(region_meant(), wanted["department"])


@bp.get("/health/found")
@needs(*OFFICE)
@bp.arguments(schemas.FoundQuery, location="query")
@bp.response(200, schemas.FoundPageSchema)
def found(wanted: dict[str, Any]) -> dict[str, Any]:
    """Who is meant by a finding."""
    finding, after, limit = Finding(wanted["finding"]), wanted["after"], wanted["limit"]
    rows = health.found_page(region_meant(), wanted["department"], finding, after, limit)
    return page_of(rows, limit, lambda one: str(one["id"]))


@bp.get("/health/export")
@needs(*OFFICE)
@bp.arguments(schemas.FoundExportQuery, location="query")
@bp.alt_response(200, success=True)
def export_found(wanted: dict[str, Any]) -> Response:
    """All of a finding as a file, its purpose on the trail (S2 art. 25)."""
    region, finding = region_meant(), Finding(wanted["finding"])
    names = {one.id: one.name for one in departments_of(region)}
    count = next(
        one["count"]
        for one in health.report(region, wanted["department"])["findings"]
        if one["code"] == finding
    )
    rows = (health.exported(one, names) for one in health.everybody(region, wanted["department"], finding))
    title = f"名录库体检 {FINDING_LABELS[finding]} {clock.today().isoformat()}"
    return leave("health", title, wanted, health.HEADINGS, rows, count, region)


@bp.get("/enrolment")
@needs(*OFFICE)
@bp.response(200, schemas.StaffEnrolmentSchema)
def enrolment() -> dict[str, Any]:
    """入库率 against the notice's target."""
    return parts.enrolment(region_meant())


@bp.put("/staff")
@needs("desk")
@bp.arguments(schemas.StaffSchema)
@bp.response(200, schemas.StaffEnrolmentSchema)
def staff(given: dict[str, int]) -> dict[str, Any]:
    """How many of my department's staff should be enrolled."""
    parts.note_staff(given["expected"])
    return parts.enrolment(region_meant(acting().region_id))


@bp.get("/scales")
@needs(*OFFICE)
@bp.response(200, schemas.ScaleListSchema)
def scales() -> dict[str, Any]:
    """The departments' grade scales."""
    region = region_meant()
    return {"items": grades.scales_shown(region), "risk_words": grades.risk_words(region)}


@bp.post("/scales")
@needs("desk")
@bp.arguments(schemas.ScaleEntrySchema)
@bp.response(201, schemas.ScaleListSchema)
def add_scale(given: dict[str, Any]) -> dict[str, Any]:
    """A scale of my department's own."""
    region = grades.keep_scale(given).region_id
    return {"items": grades.scales_shown(region), "risk_words": grades.risk_words(region)}


@bp.put("/scales/<scale_id>")
@needs("desk")
@bp.arguments(schemas.ScaleEntrySchema)
@bp.response(200, schemas.ScaleListSchema)
def change_scale(given: dict[str, Any], scale_id: str) -> dict[str, Any]:
    """Correct my scale; a grade in use stays on it."""
    region = grades.keep_scale(given, scale_id).region_id
    return {"items": grades.scales_shown(region), "risk_words": grades.risk_words(region)}


@bp.post("/scales/<scale_id>/end")
@needs("desk")
@bp.response(200, schemas.ScaleListSchema)
def end_scale(scale_id: str) -> dict[str, Any]:
    """No new grades on it."""
    region = grades.end_scale(scale_id).region_id
    return {"items": grades.scales_shown(region), "risk_words": grades.risk_words(region)}


@bp.get("/waiting")
@needs(*OFFICE)
@bp.response(200, schemas.LibrariesWaitingSchema)
def waiting() -> dict[str, Any]:
    """What of the libraries waits for my department."""
    return parts.waiting(region_meant(), acting().department_id)
