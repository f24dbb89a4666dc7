"""Which guides 随机抽查工作指引 may anybody read?"""

from typing import Any
from urllib.parse import quote

from flask import Response

from onevisit.core.api import Blueprint
from onevisit.core.auth import public
from onevisit.items import guide, guide_making, schemas

bp = Blueprint("guides", "guides", url_prefix="/api/public/guides")
BEING_MADE = "随机抽查工作指引正在生成，大约半分钟。本页会自动刷新，生成后直接打开。\n"


@bp.get("")
@public
@bp.arguments(schemas.GuidesQuery, location="query")
@bp.response(200, schemas.GuidesSchema)
def guides(wanted: dict[str, str]) -> dict[str, Any]:
    """The departments with items on the list."""
    return {"items": guide.guides(wanted["region"])}


@bp.get("/<department_id>")
@public
@bp.response(200, content_type="application/pdf")
def guide_paper(department_id: str) -> Response:
    """The guide of a department as it stands today (S2 art. 18, S4: public and dynamic)."""
    name, pdf = guide_making.guide_paper(department_id)
    if pdf is None:
        return Response(BEING_MADE, 202, {"Refresh": "5", "Cache-Control": "no-store"}, mimetype="text/plain")
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-cache"}
    return Response(pdf, mimetype="application/pdf", headers=headers)
