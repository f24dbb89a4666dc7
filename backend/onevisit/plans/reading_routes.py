"""Who may take a plan table in, put it right and teach the reader, and where?"""

from typing import Any

from werkzeug.datastructures import FileStorage

from onevisit.core.api import Blueprint
from onevisit.core.auth import needs
from onevisit.plans import reading_actions as actions
from onevisit.plans import reading_queries as queries
from onevisit.plans import reading_schemas as schemas
from onevisit.subjects.queries import region_meant

bp = Blueprint("plan_readings", "plan_readings", url_prefix="/api")


@bp.post("/plan-readings")
@needs("desk", "joint_office")
@bp.arguments(schemas.TableFormSchema, location="form")
@bp.arguments(schemas.TableFileSchema, location="files")
@bp.response(201, schemas.TableReadingSchema)
def take_in(form: dict[str, Any], files: dict[str, FileStorage]) -> dict[str, Any]:
    """A table is read and kept, to be put right; a large one is read by the worker."""
    file = files["file"]
    return queries.reading_shown(actions.take_in(file.filename or "", file.read(), form["year"]))


@bp.get("/plan-readings")
@needs("desk", "joint_office")
@bp.response(200, schemas.TableListSchema)
def readings() -> dict[str, Any]:
    """The tables that wait for me to go on."""
    region = region_meant()
    return {"items": queries.readings_open(region), "corrections": queries.correction_count(region)}


@bp.get("/plan-readings/<reading_id>")
@needs("desk", "joint_office")
@bp.response(200, schemas.TableReadingSchema)
def reading(reading_id: str) -> dict[str, Any]:
    """What was understood, what is open, what was answered."""
    return queries.reading_shown(queries.reading_seen(reading_id))


@bp.get("/plan-readings/<reading_id>/rows")
@needs("desk", "joint_office")
@bp.arguments(schemas.RowsQuery, location="query")
@bp.response(200, schemas.TableRowsSchema)
def rows(query: dict[str, int], reading_id: str) -> dict[str, Any]:
    """The table as printed, by pages."""
    return queries.page_shown(queries.reading_seen(reading_id), query["sheet"], query["page"])


@bp.post("/plan-readings/<reading_id>/columns")
@needs("desk", "joint_office")
@bp.arguments(schemas.ColumnsSchema)
@bp.response(200, schemas.TableReadingSchema)
def name_columns(given: dict[str, Any], reading_id: str) -> dict[str, Any]:
    """Say what the columns of a table are whose headings nobody knows."""
    return queries.reading_shown(actions.name_columns(reading_id, **given))


@bp.post("/plan-readings/<reading_id>/answers")
@needs("desk", "joint_office")
@bp.arguments(schemas.AnswerGivenSchema)
@bp.response(200, schemas.TableReadingSchema)
def answer(given: dict[str, Any], reading_id: str) -> dict[str, Any]:
    """Put a cell right, name a heading or an office, settle a doubt."""
    return queries.reading_shown(actions.answer(reading_id, given))


@bp.delete("/plan-readings/<reading_id>/answers/<answer_id>")
@needs("desk", "joint_office")
@bp.response(200, schemas.TableReadingSchema)
def take_back(reading_id: str, answer_id: str) -> dict[str, Any]:
    """Undo one answer, and what it taught."""
    return queries.reading_shown(actions.take_back(reading_id, answer_id))


@bp.post("/plan-readings/<reading_id>/year")
@needs("desk", "joint_office")
@bp.arguments(schemas.YearSchema)
@bp.response(200, schemas.TableReadingSchema)
def choose_year(given: dict[str, int], reading_id: str) -> dict[str, Any]:
    """Read it for another year."""
    return queries.reading_shown(actions.choose_year(reading_id, given["year"]))


@bp.post("/plan-readings/<reading_id>/draft")
@needs("desk", "joint_office")
@bp.response(201, schemas.DraftMadeSchema)
def make_draft(reading_id: str) -> dict[str, Any]:
    """The table becomes rows of the year's draft."""
    plan = actions.make_draft(reading_id)
    entries = len(queries.reading_seen(reading_id).said["tasks"])
    return {"plan_id": plan.id, "year": plan.year, "entries": entries}


@bp.delete("/plan-readings/<reading_id>")
@needs("desk", "joint_office")
@bp.response(204)
def drop(reading_id: str) -> None:
    """Give it up, also while it is being read."""
    actions.drop(reading_id)


@bp.get("/plan-corrections")
@needs("desk", "joint_office")
@bp.arguments(schemas.CorrectionQuery, location="query")
@bp.response(200, schemas.CorrectionPageSchema)
def corrections(wanted: dict[str, Any]) -> dict[str, Any]:
    """What is read so from now on."""
    return queries.corrections_shown(region_meant(), wanted)


@bp.delete("/plan-corrections/<correction_id>")
@needs("joint_office")
@bp.response(204)
def revoke(correction_id: str) -> None:
    """Read so no more."""
    actions.revoke(correction_id)
