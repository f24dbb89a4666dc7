"""Who may enter, correct, take in, let go and grade one subject, and where?"""

from typing import Any

from flask import Response

from onevisit.core.api import Blueprint, PageQuery, check_revision
from onevisit.core.auth import needs
from onevisit.core.exporting import leave
from onevisit.departments.queries import departments_of
from onevisit.subjects import belonging, editing, finding, grades, queries, whole
from onevisit.subjects import entry_schemas as schemas

bp = Blueprint("subject_entry", "subject_entry", url_prefix="/api/subjects")
OFFICE = ("desk", "joint_office", "deputy_head", "principal_head")


@bp.get("/<subject_id>")
@needs(*OFFICE)
@bp.response(200, schemas.WholeSubjectSchema)
def subject(subject_id: str) -> dict[str, Any]:
    """One subject with its departments, grades and history."""
    return whole.whole(queries.subject_of(subject_id))


@bp.post("")
@needs("desk", "joint_office")
@bp.arguments(schemas.NewSubjectSchema)
@bp.response(201, schemas.WholeSubjectSchema)
def add(given: dict[str, Any]) -> dict[str, Any]:
    """A new subject."""
    return whole.whole(editing.add(given))


@bp.put("/<subject_id>")
@needs("desk", "joint_office")
@bp.arguments(schemas.SubjectEntrySchema)
@bp.response(200, schemas.WholeSubjectSchema)
def change(given: dict[str, Any], subject_id: str) -> dict[str, Any]:
    """Correct a subject; If-Match says which state of it was seen."""
    belonging.refuse_foreign(found := queries.subject_of(subject_id))
    check_revision(found.revision)
    return whole.whole(editing.change(subject_id, given))


@bp.post("/<subject_id>/undo")
@needs("desk", "joint_office")
@bp.response(200, schemas.UndoneSchema)
def undo(subject_id: str) -> dict[str, Any]:
    """Take the own last change back."""
    left = editing.undo_last(subject_id)
    return {"subject": whole.whole(left) if left else None}


@bp.post("/<subject_id>/departments")
@needs("desk", "joint_office")
@bp.arguments(schemas.TakeInSchema)
@bp.response(200, schemas.WholeSubjectSchema)
def take_in(given: dict[str, Any], subject_id: str) -> dict[str, Any]:
    """Into my department's library, as whose approval or supervision it is."""
    how = given["duties"], given["level"], given["reason"]
    return whole.whole(belonging.take_in(subject_id, given["department_id"], *how))


@bp.post("/<subject_id>/departments/let-go")
@needs("desk", "joint_office")
@bp.arguments(schemas.LetGoSchema)
@bp.response(200, schemas.WholeSubjectSchema)
def let_go(given: dict[str, Any], subject_id: str) -> dict[str, Any]:
    """Out of my department's library, with the reason."""
    return whole.whole(belonging.let_go(subject_id, given["department_id"], given["reason"]))


@bp.post("/<subject_id>/grades")
@needs("desk")
@bp.arguments(schemas.GradeSchema)
@bp.response(201, schemas.WholeSubjectSchema)
def grade(given: dict[str, Any], subject_id: str) -> dict[str, Any]:
    """A grade of my department's own scale."""
    return whole.whole(grades.grade(subject_id, given))


@bp.get("/parties")
@needs(*OFFICE)
@bp.arguments(PageQuery, location="query")
@bp.response(200, schemas.PartyListSchema)
def parties(wanted: dict[str, Any]) -> dict[str, Any]:
    """Who can be a responsible party."""
    return {"items": whole.parties(queries.region_meant(), wanted["q"])}


@bp.get("/export")
@needs(*OFFICE)
@bp.arguments(schemas.SubjectExportQuery, location="query")
@bp.alt_response(200, success=True)
def export(wanted: dict[str, Any]) -> Response:
    """The filtered list as a file, its purpose on the trail (S2 art. 25)."""
    region = queries.region_meant()
    names = {one.id: one.name for one in departments_of(region)}
    rows = (whole.exported(one, names) for one in finding.subjects_matching(wanted))
    headings = [*(label for label, _ in whole.EXPORTED), "监管部门", "坐标"]
    total = finding.found(region, wanted).total
    return leave("subjects", "检查对象名录", wanted, headings, rows, total, region)
