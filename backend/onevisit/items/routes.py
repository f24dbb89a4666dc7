"""Who may see and fill the item list, and where?"""

from typing import Any

from werkzeug.datastructures import FileStorage

from onevisit.core.api import blueprint, page_of
from onevisit.core.auth import mine, needs
from onevisit.core.problems import forbidden
from onevisit.items import actions, queries, schemas
from onevisit.subjects.schemas import ImportQuery, ImportReportSchema, ListFileSchema

bp = blueprint("items")


@bp.get("")
@needs()
@bp.arguments(schemas.ItemQuery, location="query")
@bp.response(200, schemas.ItemPageSchema)
def items(wanted: dict[str, Any]) -> dict[str, Any]:
    """The items of my region."""
    page = page_of(queries.items_page(wanted), wanted["limit"], lambda one: str(one.code))
    return page | {"items": queries.shown(page["items"])}


@bp.post("/import")
@needs("desk", "joint_office")
@bp.arguments(ImportQuery, location="query")
@bp.arguments(ListFileSchema, location="files")
@bp.response(200, ImportReportSchema)
def import_list(query: dict[str, Any], files: dict[str, FileStorage]) -> Any:
    """A list file: preview with dry_run=1, else all of it or nothing."""
    file = files["file"]
    return actions.import_rows(file.filename or "", file.read(), dry_run=query["dry_run"])


@bp.get("/<item_id>")
@needs()
@bp.response(200, schemas.ItemDetailSchema)
def item(item_id: str) -> dict[str, Any]:
    """One item with its checklist and all versions."""
    return queries.shown_whole(queries.item_of(item_id))


@bp.post("/<item_id>/checklists")
@needs("desk", "deputy_head")
@bp.arguments(schemas.ChecklistMakingSchema)
@bp.response(201, schemas.ChecklistVersionSchema)
def make_checklist(given: dict[str, Any], item_id: str) -> Any:
    """A new version of my department's checklist."""
    found = queries.item_of(item_id)
    if not mine(found.region_id, found.department_id):
        raise forbidden("检查表由事项所属的部门维护。需要修改请联系该部门。")
    return actions.make_checklist(item_id, given["entries"])
