"""Who may bring a list into a library, and where?"""

from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage

from onevisit.core import exports
from onevisit.core.api import Blueprint, page_of
from onevisit.core.auth import acting, needs
from onevisit.core.exporting import leave
from onevisit.subjects import import_actions as actions
from onevisit.subjects import import_schemas as schemas
from onevisit.subjects import previews
from onevisit.subjects.schemas import ListFileSchema

bp = Blueprint("library_imports", "library_imports", url_prefix="/api/library-imports")
OFFICE = ("desk", "joint_office")
LARGEST = 1024**3


@bp.before_request
def _take_long_lists() -> None:
    """A million rows are more than any other upload; who may not send them is refused before they are read."""
    request.max_content_length = LARGEST


@bp.get("")
@needs(*OFFICE)
@bp.arguments(schemas.ImportsQuery, location="query")
@bp.response(200, schemas.LibraryImportPageSchema)
def imports(wanted: dict[str, Any]) -> dict[str, Any]:
    """The imports into a library: who, when, how many, how far."""
    found = previews.imports_page(
        acting().region_id or "", wanted["library"], actions.own_department(), wanted
    )
    page = page_of(found, wanted["limit"], lambda one: one.id)
    return page | {"items": [previews.import_brief(one) for one in page["items"]]}


@bp.post("/<library>")
@needs(*OFFICE)
@bp.arguments(schemas.ImportReceiveQuery, location="query")
@bp.arguments(ListFileSchema, location="files")
@bp.response(201, schemas.LibraryImportDetailSchema)
def receive(wanted: dict[str, Any], files: dict[str, FileStorage], library: str) -> dict[str, Any]:
    """A list arrives: its headings are understood, nothing is read yet."""
    file = files["file"]
    return actions.as_shown(actions.receive(library, wanted["scale"], file.filename or "名录", file.stream))  # type: ignore[arg-type]


@bp.get("/<import_id>")
@needs(*OFFICE)
@bp.response(200, schemas.LibraryImportDetailSchema)
def one(import_id: str) -> dict[str, Any]:
    """One import: its columns, how far it is, what it would change."""
    return actions.as_shown(actions.import_meant(import_id))


@bp.put("/<import_id>/mapping")
@needs(*OFFICE)
@bp.arguments(schemas.ImportMappingSchema)
@bp.response(200, schemas.LibraryImportDetailSchema)
def mapping(given: dict[str, Any], import_id: str) -> dict[str, Any]:
    """The columns mean this, now and next time; the list is read."""
    return actions.as_shown(actions.map_and_read(import_id, given["mapping"]))


@bp.get("/<import_id>/rows")
@needs(*OFFICE)
@bp.arguments(schemas.ImportRowsQuery, location="query")
@bp.response(200, schemas.ImportRowsSchema)
def rows(wanted: dict[str, Any], import_id: str) -> dict[str, Any]:
    """A page of a part of the preview."""
    imported = actions.import_meant(import_id)
    return previews.part_shown(imported, actions.library_for(imported), wanted)


@bp.post("/<import_id>/decisions")
@needs(*OFFICE)
@bp.arguments(schemas.ImportDecisionsSchema)
@bp.response(200, schemas.LibraryImportDetailSchema)
def decisions(given: dict[str, Any], import_id: str) -> dict[str, Any]:
    """Likely doubles are the same one, or both stay."""
    return actions.as_shown(actions.decide(import_id, given["rows"], given["all"]))


@bp.post("/<import_id>/confirm")
@needs(*OFFICE)
@bp.arguments(schemas.ImportConfirmSchema)
@bp.response(200, schemas.LibraryImportDetailSchema)
def confirm(given: dict[str, str], import_id: str) -> dict[str, Any]:
    """Write what the preview shows: all of it or nothing."""
    return actions.as_shown(actions.confirm(import_id, given["purpose"]))


@bp.post("/<import_id>/undo")
@needs(*OFFICE)
@bp.response(200, schemas.LibraryImportDetailSchema)
def undo(import_id: str) -> dict[str, Any]:
    """Take the whole import back while nothing depends on it."""
    return actions.as_shown(actions.undo(import_id))


@bp.delete("/<import_id>")
@needs(*OFFICE)
@bp.response(204)
def cancel(import_id: str) -> None:
    """Let the list go; nothing of it stays."""
    actions.cancel(import_id)


@bp.get("/<import_id>/refused.xlsx")
@needs(*OFFICE)
@bp.response(200, content_type=exports.XLSX_TYPE)
def refused(import_id: str) -> Response:
    """Every refused row as it stood in the file, with its number and the reason."""
    imported = actions.import_meant(import_id)
    headings, lines = previews.refused_file(imported, actions.library_for(imported))
    taken = {"format": "xlsx", "purpose": "改正未导入的行", "import": imported.id, "file": imported.filename}
    return leave(
        f"refused {imported.library}", "未导入的行", taken, headings, lines, len(lines), imported.region_id
    )
