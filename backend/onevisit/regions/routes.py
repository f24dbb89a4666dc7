"""Who may read a region's rules, and where?"""

from typing import Any

from onevisit.core import clock
from onevisit.core.api import blueprint
from onevisit.core.auth import acting, needs
from onevisit.regions import queries, schemas

bp = blueprint("regions")


@bp.get("/mine")
@needs()
@bp.response(200, schemas.RegionSchema)
def mine() -> dict[str, Any]:
    """My region, every rule with the sentence it comes from."""
    region = queries.region_of(acting().region_id)
    shown = {key: getattr(region, key) for key in ("id", "name", "full_name", "tier", "profile", "made_up")}
    rules = {"rules": queries.rules_shown(region.id), "limits": queries.limits_shown(region.id)}
    return {**shown, **rules, "today": clock.today()}
