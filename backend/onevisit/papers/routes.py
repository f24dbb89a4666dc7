"""Is this document genuine? Anybody may ask, with a code, a scanned link or the file itself."""

from typing import Any

from onevisit.core.api import Blueprint
from onevisit.core.auth import public
from onevisit.core.problems import Problem
from onevisit.papers import genuine, schemas

bp = Blueprint("papers", "papers", url_prefix="/api/public/papers")
MOST_BYTES = 30 * 1024 * 1024


@bp.get("/<code_or_token>")
@public
@bp.response(200, schemas.GenuineSchema)
def look_up(code_or_token: str) -> dict[str, Any]:
    """Did we issue the paper with this code?"""
    return genuine.looked_up(code_or_token[:200])


@bp.post("/check")
@public
@bp.arguments(schemas.FileSchema, location="files")
@bp.response(200, schemas.CheckedSchema)
def check(given: dict[str, Any]) -> dict[str, Any]:
    """Is this file still what we issued? It is looked at and not kept."""
    pdf = given["file"].read(MOST_BYTES + 1)
    if len(pdf) > MOST_BYTES:
        raise Problem("papers.file_too_large", "文件超过 30 MB，没有核对。请选择平台发出的原文件。", 413)
    return genuine.checked(pdf)
