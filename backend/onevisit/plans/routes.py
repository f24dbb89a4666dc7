"""Who may see, fill, change and publish plans, and where?"""

from typing import Any

from flask.typing import ResponseReturnValue

from onevisit.core.api import blueprint, revision_seen
from onevisit.core.auth import acting, mine, needs
from onevisit.core.problems import forbidden
from onevisit.plans import actions, queries, schemas
from onevisit.plans.collecting import row_submitted
from onevisit.plans.life import EntryState
from onevisit.plans.models import PlanEntry
from onevisit.subjects.queries import region_meant

bp = blueprint("plans")
OFFICE = ("desk", "joint_office", "deputy_head", "principal_head")


@bp.get("")
@needs(*OFFICE)
@bp.response(200, schemas.PlanListSchema)
def plans() -> dict[str, Any]:
    """The plans of my region."""
    return {"items": [queries.plan_brief(one) for one in queries.plans_of(region_meant())]}


@bp.get("/<plan_id>")
@needs(*OFFICE)
@bp.response(200, schemas.PlanSchema)
def plan(plan_id: str) -> dict[str, Any]:
    """A plan with its rows."""
    return queries.plan_shown(queries.plan_of(plan_id))


@bp.post("/<plan_id>/publish")
@needs("joint_office")
@bp.response(200, schemas.PlanSchema)
def publish(plan_id: str) -> dict[str, Any]:
    """Publish the plan of the year."""
    return queries.plan_shown(actions.publish_plan(queries.plan_of(plan_id).id))


def _shown(entry: PlanEntry) -> ResponseReturnValue:
    return queries.entry_shown(entry), 200, {"ETag": f'"{entry.revision}"'}  # type: ignore[return-value]


def _own(entry_id: str) -> PlanEntry:
    """A row that the actor may change: the office any, a desk those it initiates."""
    entry = queries.entry_of(entry_id)
    if not mine(entry.plan.region_id, entry.drafted_by or entry.initiating_department_id or ""):
        raise forbidden("这一行计划由发起部门或联席会议办公室维护。需要修改请联系他们。")
    if entry.state == EntryState.SUBMITTED and not acting().has("joint_office"):
        raise row_submitted()
    return entry


@bp.get("/entries/<entry_id>")
@needs(*OFFICE)
@bp.response(200, schemas.PlanEntrySchema)
def entry(entry_id: str) -> ResponseReturnValue:
    """One row, with its ETag."""
    return _shown(queries.entry_of(entry_id))


@bp.patch("/entries/<entry_id>")
@needs("desk", "joint_office")
@bp.arguments(schemas.PlanEntryChangeSchema)
@bp.response(200, schemas.PlanEntrySchema)
def change_entry(given: dict[str, Any], entry_id: str) -> ResponseReturnValue:
    """Put a row right; wants If-Match."""
    return _shown(actions.change_entry(_own(entry_id).id, given, revision_seen()))


@bp.get("/entries/<entry_id>/scope")
@needs(*OFFICE)
@bp.response(200, schemas.ScopeSchema)
def scope(entry_id: str) -> dict[str, Any]:
    """Whom the scope text means in the library: proposed or confirmed, with the live count."""
    return queries.scope_shown(queries.entry_of(entry_id))


@bp.post("/entries/<entry_id>/confirm-scope")
@needs("desk", "deputy_head")
@bp.arguments(schemas.ScopeConfirmationSchema)
@bp.response(200, schemas.ScopeSchema)
def confirm_scope(given: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """The initiating department confirms whom the scope means."""
    found = queries.entry_of(entry_id)
    if found.initiating_department_id != acting().department_id:
        raise forbidden("对象范围由发起部门确认。需要修改请联系发起部门。")
    return queries.scope_shown(actions.confirm_scope(found.id, given["filter"])[0])
