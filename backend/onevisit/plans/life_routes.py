"""Who may draft, submit, return, merge, report and export rows of a plan, and where?"""

from typing import Any

from flask import Response

from onevisit.core.api import Blueprint, PageQuery, page_of, revision_seen
from onevisit.core.auth import acting, mine, needs
from onevisit.core.problems import Problem, forbidden
from onevisit.plans import actions, annex, collecting, life_schemas, progress, queries, reports, schemas
from onevisit.plans.models import PlanEntry

bp = Blueprint("plan_life", "plan_life", url_prefix="/api/plans")
OFFICE = ("desk", "joint_office", "deputy_head", "principal_head")


def _own(entry_id: str) -> PlanEntry:
    """A row in the actor's hands: the office any, a desk what it initiates or drafted."""
    entry = queries.entry_of(entry_id)
    if not mine(entry.plan.region_id, entry.drafted_by or entry.initiating_department_id or ""):
        raise forbidden("这一行计划由发起部门或联席会议办公室维护。需要修改请联系他们。")
    return entry


def _department() -> str:
    """The department that the actor sits in."""
    department = acting().department_id
    if department is None:
        raise Problem("plans.no_department", "这个账号不属于任何部门，不能报送。请用部门账号登录。", 403)
    return department


@bp.post("")
@needs("desk", "joint_office")
@bp.arguments(life_schemas.OpeningPlanSchema)
@bp.response(201, schemas.PlanSchema)
def open_plan(given: dict[str, Any]) -> dict[str, Any]:
    """Begin the draft of a year, or find it; only the office asks the departments for their rows."""
    office = acting().has("joint_office")
    collects, day = office and given["collecting"], given["submit_by"] if office else None
    return queries.plan_shown(collecting.open_plan(given["year"], submit_by=day, collecting=collects))


@bp.patch("/<plan_id>")
@needs("joint_office")
@bp.arguments(life_schemas.PlanChangeSchema)
@bp.response(200, schemas.PlanSchema)
def change_plan(given: dict[str, Any], plan_id: str) -> dict[str, Any]:
    """The plan's name, document number and days."""
    return queries.plan_shown(collecting.change_plan(queries.plan_of(plan_id).id, given))


@bp.post("/<plan_id>/remove")
@needs("joint_office")
@bp.response(200, schemas.PlanSchema)
def remove_plan(plan_id: str) -> dict[str, Any]:
    """A draft goes; it can be brought back."""
    return queries.plan_shown(collecting.remove_plan(queries.plan_of(plan_id).id))


@bp.post("/<plan_id>/restore")
@needs("joint_office")
@bp.response(200, schemas.PlanSchema)
def restore_plan(plan_id: str) -> dict[str, Any]:
    """The draft is back."""
    return queries.plan_shown(collecting.restore_plan(queries.plan_of(plan_id).id))


@bp.post("/<plan_id>/undo-import")
@needs("desk", "joint_office")
@bp.response(200, schemas.PlanSchema)
def undo_import(plan_id: str) -> dict[str, Any]:
    """The last table of this hand goes, what it replaced comes back."""
    hand = None if acting().has("joint_office") else _department()
    return queries.plan_shown(actions.undo_import(queries.plan_of(plan_id).id, hand))


@bp.get("/<plan_id>/submissions")
@needs(*OFFICE)
@bp.response(200, life_schemas.SubmissionsSchema)
def submissions(plan_id: str) -> dict[str, Any]:
    """Who has submitted, who has not, and by when."""
    return progress.submissions_of(queries.plan_of(plan_id))


@bp.post("/<plan_id>/submit")
@needs("desk")
@bp.response(200, schemas.PlanSchema)
def submit(plan_id: str) -> dict[str, Any]:
    """Hand in what my department drafted."""
    return queries.plan_shown(collecting.submit(queries.plan_of(plan_id).id, _department()))


@bp.post("/<plan_id>/none")
@needs("desk")
@bp.arguments(life_schemas.PlanReasonSchema)
@bp.response(200, life_schemas.SubmissionsSchema)
def declare_none(given: dict[str, Any], plan_id: str) -> dict[str, Any]:
    """My department initiates nothing this year."""
    plan = collecting.declare_none(queries.plan_of(plan_id).id, _department(), given["reason"])
    return progress.submissions_of(plan)


@bp.post("/<plan_id>/remind")
@needs("joint_office")
@bp.arguments(life_schemas.DepartmentsSchema)
@bp.response(200, life_schemas.SubmissionsSchema)
def remind(given: dict[str, Any], plan_id: str) -> dict[str, Any]:
    """Remind departments that have not submitted."""
    return progress.submissions_of(collecting.remind(queries.plan_of(plan_id).id, given["department_ids"]))


@bp.post("/<plan_id>/merge")
@needs("joint_office")
@bp.arguments(life_schemas.RowsSchema)
@bp.response(200, schemas.PlanSchema)
def merge(given: dict[str, Any], plan_id: str) -> dict[str, Any]:
    """Submitted rows become rows of the one plan."""
    return queries.plan_shown(collecting.merge(queries.plan_of(plan_id).id, given["entry_ids"]))


@bp.post("/<plan_id>/unmerge")
@needs("joint_office")
@bp.arguments(life_schemas.RowsSchema)
@bp.response(200, schemas.PlanSchema)
def unmerge(given: dict[str, Any], plan_id: str) -> dict[str, Any]:
    """Take a merging back."""
    return queries.plan_shown(collecting.unmerge(queries.plan_of(plan_id).id, given["entry_ids"] or []))


@bp.post("/<plan_id>/publish-own")
@needs("desk", "deputy_head")
@bp.response(200, schemas.PlanSchema)
def publish_own(plan_id: str) -> dict[str, Any]:
    """Publish my department's own checks, where the rules have that (S1)."""
    return queries.plan_shown(actions.publish_own(queries.plan_of(plan_id).id, _department()))


@bp.get("/<plan_id>/versions")
@needs(*OFFICE)
@bp.arguments(PageQuery, location="query")
@bp.response(200, life_schemas.VersionPageSchema)
def versions(given: dict[str, Any], plan_id: str) -> dict[str, Any]:
    """The versions of the published plan with their differences, newest first."""
    rows = progress.versions_of(queries.plan_of(plan_id), given["after"], given["limit"])
    return page_of(rows, given["limit"], lambda one: str(one["version"]))


@bp.get("/<plan_id>/reports")
@needs(*OFFICE)
@bp.response(200, life_schemas.ReportListSchema)
def plan_reports(plan_id: str) -> dict[str, Any]:
    """What was reported in advance or put on record."""
    return {"items": progress.reports_of(queries.plan_of(plan_id))}


@bp.get("/<plan_id>/export")
@needs(*OFFICE)
@bp.arguments(life_schemas.PlanExportSchema, location="query")
@bp.response(200, content_type="application/octet-stream")
def export(given: dict[str, Any], plan_id: str) -> Response:
    """An annex of the plan as a file, its purpose on the trail."""
    return annex.exported(queries.plan_of(plan_id), **given)


@bp.post("/<plan_id>/entries")
@needs("desk", "joint_office")
@bp.arguments(life_schemas.NewEntrySchema)
@bp.response(201, life_schemas.AddedSchema)
def add_entry(given: dict[str, Any], plan_id: str) -> dict[str, Any]:
    """A new row; a desk initiates it itself. In a published plan it may have to wait for the office."""
    if not acting().has("joint_office"):
        given["initiating_department_id"] = _department()
    entry, report = reports.add_or_report(queries.plan_of(plan_id).id, given)
    shown = queries.entry_shown(entry) if entry else None
    return {"entry": shown, "report": progress.report_shown(report) if report else None}


@bp.post("/entries/<entry_id>/remove")
@needs("desk", "joint_office")
@bp.response(200, schemas.PlanEntrySchema)
def remove_entry(entry_id: str) -> dict[str, Any]:
    """A row that is not public goes; it can be brought back."""
    return queries.entry_shown(collecting.remove_entry(_own(entry_id).id))


@bp.post("/entries/<entry_id>/restore")
@needs("desk", "joint_office")
@bp.response(200, schemas.PlanEntrySchema)
def restore_entry(entry_id: str) -> dict[str, Any]:
    """A removed row is back."""
    return queries.entry_shown(collecting.restore_entry(_own(entry_id).id))


@bp.post("/entries/<entry_id>/return")
@needs("joint_office")
@bp.arguments(life_schemas.PlanReasonSchema)
@bp.response(200, schemas.PlanEntrySchema)
def return_entry(given: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """A single row goes back to its department."""
    return queries.entry_shown(collecting.return_entry(queries.entry_of(entry_id).id, given["reason"]))


@bp.post("/entries/<entry_id>/withdraw")
@needs("desk", "joint_office")
@bp.arguments(life_schemas.PlanReasonSchema)
@bp.response(200, life_schemas.AddedSchema)
def withdraw_entry(given: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """A public row leaves the plan, at once or after a report."""
    entry, report = reports.withdraw_or_report(_own(entry_id).id, given["reason"], given["report_no"])
    shown = queries.entry_shown(entry) if entry else None
    return {"entry": shown, "report": progress.report_shown(report) if report else None}


@bp.get("/entries/<entry_id>/changes")
@needs(*OFFICE)
@bp.response(200, life_schemas.EntryChangesSchema)
def entry_changes(entry_id: str) -> dict[str, Any]:
    """Everything that was changed in a row."""
    return {"items": progress.changes_of(queries.entry_of(entry_id))}


@bp.post("/entries/<entry_id>/reports")
@needs("desk", "joint_office")
@bp.arguments(life_schemas.ChangeReportSchema)
@bp.response(201, life_schemas.ReportSchema)
def file_change(given: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Report a change of a public row in advance; wants If-Match."""
    report = reports.file_change(_own(entry_id).id, given["change"], revision_seen(), given["reason"])
    return progress.report_shown(report)


@bp.post("/reports/<report_id>/acknowledge")
@needs("joint_office")
@bp.arguments(life_schemas.NoteSchema)
@bp.response(200, life_schemas.ReportSchema)
def acknowledge(given: dict[str, Any], report_id: str) -> dict[str, Any]:
    """The office says yes: the change takes effect."""
    return progress.report_shown(reports.acknowledge(progress.report_of(report_id).id, given["note"]))


@bp.post("/reports/<report_id>/decline")
@needs("joint_office")
@bp.arguments(life_schemas.PlanReasonSchema)
@bp.response(200, life_schemas.ReportSchema)
def decline(given: dict[str, Any], report_id: str) -> dict[str, Any]:
    """The office says no, and why."""
    return progress.report_shown(reports.decline(progress.report_of(report_id).id, given["reason"]))


@bp.get("/waiting")
@needs()
@bp.response(200, life_schemas.WaitingListSchema)
def waiting() -> dict[str, Any]:
    """What of the plans waits for me."""
    return {"items": progress.waiting_for(acting())}
