"""Who may write a scheme, send it, agree or object, answer an objection, and read it?"""

from typing import Any
from urllib.parse import quote

from flask import Response

from onevisit.core.api import Blueprint
from onevisit.core.auth import acting, needs
from onevisit.core.problems import forbidden
from onevisit.dispatches import scheme_hold, scheme_schemas, schemes, scheming
from onevisit.dispatches.scheme_paper import scheme_pdf
from onevisit.dispatches.scheme_words import SchemeWords
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task, task_in

bp = Blueprint("task_schemes", "task_schemes", url_prefix="/api/tasks/<task_id>/scheme")
OFFICES = ("desk", "deputy_head", "principal_head", "joint_office")


def _seen(task_id: str) -> Task:
    task = task_in(acting().region_id, task_id)
    if not acting().has("joint_office") and acting().department_id not in departments_of_task(task):
        raise forbidden("贵单位没有参加这个抽查任务。")
    return task


def _led(task_id: str) -> Task:
    task = _seen(task_id)
    if acting().department_id != task.initiating_department_id:
        raise forbidden("抽查方案由任务的发起部门起草。")
    return task


def _partner(task_id: str) -> tuple[Task, str]:
    task, own = _seen(task_id), acting().department_id or ""
    if own not in schemes.partners_of(task):
        raise forbidden("抽查方案由参与部门答复。")
    return task, own


@bp.get("")
@needs(*OFFICES)
@bp.response(200, scheme_schemas.TaskSchemeSchema)
def scheme(task_id: str) -> dict[str, Any]:
    """The scheme of a task; before it is written, words to begin with."""
    return scheme_hold.page_of(_seen(task_id), acting())


@bp.put("")
@needs("desk")
@bp.arguments(scheme_schemas.WriteSchemeSchema)
@bp.response(200, scheme_schemas.TaskSchemeSchema)
def write(given: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Keep what was written."""
    task = _led(task_id)
    scheming.write(task, SchemeWords(**given["words"]), given["revision"])
    return scheme_hold.page_of(task, acting())


@bp.post("/sending")
@needs("desk")
@bp.arguments(scheme_schemas.SendSchemeSchema)
@bp.response(200, scheme_schemas.TaskSchemeSchema)
def send(given: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Ask the partners."""
    task = _led(task_id)
    scheming.send(task, **{**given, "words": SchemeWords(**given["words"])})
    return scheme_hold.page_of(task, acting())


@bp.post("/answer")
@needs("desk", "deputy_head")
@bp.arguments(scheme_schemas.AnswerSchemeSchema)
@bp.response(200, scheme_schemas.TaskSchemeSchema)
def answer(given: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Agree, or object with the reason."""
    task, own = _partner(task_id)
    scheming.answer(task, own, **given)
    return scheme_hold.page_of(task, acting())


@bp.post("/reply")
@needs("desk")
@bp.arguments(scheme_schemas.ReplySchema)
@bp.response(200, scheme_schemas.TaskSchemeSchema)
def reply(given: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Answer an objection and leave the scheme as it is."""
    task = _led(task_id)
    scheming.reply(task, **given)
    return scheme_hold.page_of(task, acting())


@bp.get("/paper.pdf")
@needs(*OFFICES)
@bp.response(200, content_type="application/pdf")
def paper(task_id: str) -> Response:
    """The scheme for the files."""
    task = _seen(task_id)
    named = f"inline; filename=scheme.pdf; filename*=UTF-8''{quote(f'抽查方案 {task.no}')}.pdf"
    return Response(scheme_pdf(task), mimetype="application/pdf", headers={"Content-Disposition": named})


@bp.post("/overrule")
@needs("joint_office")
@bp.arguments(scheme_schemas.OverrulingSchema)
@bp.response(200, scheme_schemas.TaskSchemeSchema)
def overrule(given: dict[str, str], task_id: str) -> dict[str, Any]:
    """The joint office lets the task go out over an objection."""
    task = _seen(task_id)
    scheme_hold.overrule(task, given["reason"])
    return scheme_hold.page_of(task, acting())
