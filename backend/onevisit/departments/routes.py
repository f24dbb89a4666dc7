"""Who may ask which departments there are?"""

from typing import Any

from onevisit.core.api import blueprint
from onevisit.core.auth import acting, needs
from onevisit.departments import queries, schemas

bp = blueprint("departments")


@bp.get("")
@needs()
@bp.response(200, schemas.DepartmentListSchema)
def departments() -> dict[str, Any]:
    """The departments of my region."""
    return {"items": queries.departments_of(acting().region_id or "")}
