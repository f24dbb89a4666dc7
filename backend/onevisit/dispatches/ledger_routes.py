"""Who may read the ledger, take it out, and name who answers for a task?"""

from typing import Any

from flask import Response

from onevisit.core.api import Blueprint
from onevisit.core.auth import acting, needs
from onevisit.core.exporting import leave
from onevisit.core.problems import forbidden
from onevisit.dispatches import contacts, ledger, ledger_schemas, waiting
from onevisit.dispatches.terms import Standing
from onevisit.tasks.queries import departments_of_task, task_in

bp = Blueprint("ledger", "ledger", url_prefix="/api/dispatches")
OFFICES = ("desk", "deputy_head", "principal_head", "joint_office")


def _found(given: dict[str, Any]) -> dict[str, Any]:
    state = Standing(given["state"]) if given["state"] else None
    wanted = ledger.LedgerFilter(
        given["region_id"], given["department_id"], given["task_id"], state, given["words"]
    )
    seen_by = None if acting().has("joint_office") else acting().department_id or ""
    return ledger.ledger_of(acting().region_id, seen_by, wanted)


@bp.get("/ledger")
@needs(*OFFICES)
@bp.arguments(ledger_schemas.LedgerQuery, location="query")
@bp.response(200, ledger_schemas.LedgerSchema)
def rows(given: dict[str, Any]) -> dict[str, Any]:
    """The ledger 工作任务台账: all partners' standing, the most pressing first."""
    return _found(given)


@bp.get("/waiting")
@needs(*OFFICES)
@bp.response(200, ledger_schemas.DispatchesWaitingSchema)
def waiting_work() -> dict[str, Any]:
    """What waits for this account, of all tasks at once."""
    return {"items": waiting.waiting_for(acting())}


@bp.get("/ledger/export")
@needs(*OFFICES)
@bp.arguments(ledger_schemas.LedgerExportQuery, location="query")
@bp.response(200)
def export(given: dict[str, Any]) -> Response:
    """The ledger as a file; why it is taken out stands on the trail."""
    found = _found(given)["rows"]
    return leave("ledger", "工作任务台账", given, ledger.HEADINGS, ledger.lines_of(found), len(found))


@bp.put("/ledger/<task_id>/contact")
@needs("desk")
@bp.arguments(ledger_schemas.ContactSchema)
@bp.response(200, ledger_schemas.TaskContactSchema)
def contact(given: dict[str, Any], task_id: str) -> Any:
    """Name my department's contact for a task."""
    task, own = task_in(acting().region_id, task_id), acting().department_id or ""
    if own not in departments_of_task(task):
        raise forbidden("贵单位没有参加这个抽查任务。")
    return contacts.name_contact(task, own, **given)
