"""Who may see and fill the item list, and where?"""

from typing import Any

from flask import Response
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import FileStorage

from onevisit.core.api import blueprint, page_of, revision_seen
from onevisit.core.auth import acting, mine, needs
from onevisit.core.problems import Problem, forbidden
from onevisit.items import actions, basis_actions, basis_queries, checklists, lists_out, queries, schemas
from onevisit.items.library import ItemLibrary
from onevisit.items.models import Item
from onevisit.subjects.schemas import ListFileSchema

bp = blueprint("items")


@bp.record
def _take_lists(state: BlueprintSetupState) -> None:
    """Lists of items walk the same way as those of subjects."""
    state.app.extensions.setdefault("onevisit.import_libraries", {})["items"] = ItemLibrary


KEEPERS = ("desk", "deputy_head")
OFFICES = ("desk", "joint_office", "deputy_head", "principal_head")


def own_item(item_id: str) -> Item:
    """An item of my department: its checklist is the department's own."""
    found = queries.item_of(item_id)
    if acting().department_id != found.department_id:
        raise forbidden("检查表由事项所属的部门维护。需要修改请联系该部门。")
    return found


def kept_item(item_id: str) -> Item:
    """An item that I may change: my department's, or any of the region for the joint office."""
    found = queries.item_of(item_id)
    if not mine(found.region_id, found.department_id):
        raise forbidden("事项由所属部门或联席会议办公室维护。需要修改请联系他们。")
    return found


@bp.get("")
@needs()
@bp.arguments(schemas.ItemQuery, location="query")
@bp.response(200, schemas.ItemPageSchema)
def items(wanted: dict[str, Any]) -> dict[str, Any]:
    """The items of my region."""
    page = page_of(queries.items_page(wanted), wanted["limit"], lambda one: str(one.code))
    return page | {"items": queries.shown(page["items"]), "total": queries.items_count(wanted)}


@bp.post("")
@needs("desk", "joint_office")
@bp.arguments(schemas.ItemMakingSchema)
@bp.response(201, schemas.ItemDetailSchema)
def register(given: dict[str, Any]) -> dict[str, Any]:
    """A new item, with the generic checklist until its department writes its own."""
    department = given.setdefault("department_id", acting().department_id)
    if not mine(None, department) or not str(department).startswith(f"{acting().region_id}-"):
        raise forbidden("只能登记本部门的事项。")
    return queries.shown_whole(actions.register_item(given))


@bp.get("/export")
@needs(*OFFICES)
@bp.arguments(schemas.ItemExportQuery, location="query")
@bp.response(200, content_type="application/octet-stream")
def export(wanted: dict[str, Any]) -> Response:
    """The list as filtered: a workbook with checklists and bases that can be read in again, or the list as CSV."""
    return lists_out.exported(wanted)


@bp.get("/bases")
@needs(*OFFICES)
@bp.arguments(schemas.BasisQuery, location="query")
@bp.response(200, schemas.BasisPageSchema)
def bases(wanted: dict[str, Any]) -> dict[str, Any]:
    """The register of legal bases of my region."""
    return page_of(basis_queries.bases(wanted), wanted["limit"], lambda one: str(one["cursor"]))


@bp.post("/bases")
@needs("desk", "joint_office")
@bp.arguments(schemas.BasisEnteringSchema)
@bp.response(201, schemas.BasisDetailSchema)
def enter_basis(given: dict[str, Any]) -> dict[str, Any]:
    """A law or an article that nothing names yet."""
    return basis_queries.basis_whole(basis_actions.enter_basis(**given))


@bp.get("/bases/<basis_id>")
@needs(*OFFICES)
@bp.response(200, schemas.BasisDetailSchema)
def basis(basis_id: str) -> dict[str, Any]:
    """A law or an article, and everything that rests on it."""
    return basis_queries.basis_whole(basis_queries.basis_of(basis_id))


@bp.patch("/bases/<basis_id>")
@needs("desk", "joint_office")
@bp.arguments(schemas.BasisChangeSchema)
@bp.response(200, schemas.BasisDetailSchema)
def change_basis(given: dict[str, Any], basis_id: str) -> dict[str, Any]:
    """Amended, repealed, another version: who rests on it is flagged at once."""
    found = basis_queries.basis_of(basis_id)
    return basis_queries.basis_whole(basis_actions.change_basis(found.id, revision_seen(), given))


@bp.get("/<item_id>")
@needs()
@bp.response(200, schemas.ItemDetailSchema)
def item(item_id: str) -> dict[str, Any]:
    """One item with its checklist, all versions, its history and what of its basis no longer holds."""
    return queries.shown_whole(queries.item_of(item_id))


@bp.patch("/<item_id>")
@needs("desk", "joint_office")
@bp.arguments(schemas.ItemChangingSchema)
@bp.response(200, schemas.ItemDetailSchema)
def change_item(given: dict[str, Any], item_id: str) -> dict[str, Any]:
    """Another wording, basis, category …"""
    found = kept_item(item_id)
    return queries.shown_whole(actions.change_item(found.id, revision_seen(), given))


@bp.post("/<item_id>/withdraw")
@needs("desk", "joint_office")
@bp.arguments(schemas.ReasonSchema)
@bp.response(200, schemas.ItemDetailSchema)
def withdraw(given: dict[str, str], item_id: str) -> dict[str, Any]:
    """Take it off the list."""
    return queries.shown_whole(actions.set_listed(kept_item(item_id).id, False, given["reason"]))


@bp.post("/<item_id>/restore")
@needs("desk", "joint_office")
@bp.arguments(schemas.ReasonSchema)
@bp.response(200, schemas.ItemDetailSchema)
def restore(given: dict[str, str], item_id: str) -> dict[str, Any]:
    """Put it back on the list."""
    return queries.shown_whole(actions.set_listed(kept_item(item_id).id, True, given["reason"]))


@bp.post("/<item_id>/basis-reviews")
@needs(*KEEPERS)
@bp.arguments(schemas.BasisReviewSchema)
@bp.response(200, schemas.ItemDetailSchema)
def review_basis(given: dict[str, str], item_id: str) -> dict[str, Any]:
    """My department looked at it after the amendment: still right."""
    found = own_item(item_id)
    basis_actions.review_basis(found.id, basis_queries.basis_of(given["basis_id"]).id, given["note"])
    return queries.shown_whole(queries.item_of(item_id))


@bp.get("/<item_id>/draft")
@needs(*KEEPERS)
@bp.response(200, schemas.DraftSchema)
def draft(item_id: str) -> dict[str, Any]:
    """Where the editor begins: the draft, or the current version."""
    return queries.draft_shown(own_item(item_id))


@bp.put("/<item_id>/draft")
@needs(*KEEPERS)
@bp.arguments(schemas.DraftSavingSchema)
@bp.response(200, schemas.DraftSchema)
def save_draft(given: dict[str, Any], item_id: str) -> dict[str, Any]:
    """Keep what is being written, and hear what stands in the way of publishing it."""
    found = own_item(item_id)
    checklists.save_draft(found.id, revision_seen(), **given)
    return queries.draft_shown(found)


@bp.delete("/<item_id>/draft")
@needs(*KEEPERS)
@bp.response(204)
def drop_draft(item_id: str) -> None:
    """Throw the draft away."""
    checklists.drop_draft(own_item(item_id).id)


@bp.get("/<item_id>/comparison")
@needs()
@bp.arguments(schemas.ComparisonQuery, location="query")
@bp.response(200, schemas.ComparisonSchema)
def comparison(wanted: dict[str, Any], item_id: str) -> dict[str, Any]:
    """What differs between two versions, or between a version and my draft."""
    found = queries.item_of(item_id) if wanted["after"] else own_item(item_id)
    return queries.comparison(found.id, wanted["before"], wanted["after"])


@bp.post("/<item_id>/xlsform")
@needs(*KEEPERS)
@bp.arguments(ListFileSchema, location="files")
@bp.response(200, schemas.FormReadSchema)
def read_xlsform(files: dict[str, FileStorage], item_id: str) -> dict[str, Any]:
    """An XLSForm as entries for the editor, with every row that does not fit; nothing is kept."""
    own_item(item_id)
    return lists_out.form_read(files["file"].filename or "", files["file"].read())


@bp.post("/<item_id>/checklists")
@needs(*KEEPERS)
@bp.arguments(schemas.ChecklistMakingSchema)
@bp.response(201, schemas.ChecklistVersionSchema)
def make_checklist(given: dict[str, Any], item_id: str) -> Any:
    """A new version of my department's checklist."""
    entries = given.pop("entries")
    return checklists.make_checklist(own_item(item_id).id, entries, **given)


@bp.put("/<item_id>/checklists/<checklist_id>")
@needs(*KEEPERS)
@bp.response(409)
def change_version(item_id: str, checklist_id: str) -> None:
    """A version never changes, whoever asks; the answer says what to do instead (process.md 1)."""
    fixed = queries.checklist_of(own_item(item_id).id, checklist_id)
    detail = f"第 {fixed.version} 版已经存下，可能有任务正在使用，不能再改。请做一个新版本。"
    raise Problem("items.version_fixed", detail, 409)
