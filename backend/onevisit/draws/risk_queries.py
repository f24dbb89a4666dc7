"""How much does a region use the risk classes in its draws? (S3)"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from onevisit.core.clock import LAW_ZONE
from onevisit.core.db import db
from onevisit.draws.models import (
    Draw,
)
from onevisit.draws.states import (
    NOT_DRAWN_HERE,
    DrawKind,
    DrawState,
)
from onevisit.regions.queries import profile_of


def risk_use(region_id: str, year: int) -> dict[str, Any]:
    """How many of a year's draws used the risk classes (S3: at least 95 %); those without classes to use are not counted."""
    first, last = datetime(year, 1, 1, tzinfo=LAW_ZONE), datetime(year + 1, 1, 1, tzinfo=LAW_ZONE)
    draws = db.session.scalars(
        select(Draw).where(
            Draw.region_id == region_id, Draw.state == DrawState.DRAWN, Draw.kind.not_in((DrawKind.INSPECTORS, DrawKind.HANDED_DOWN)),
            Draw.drawn_at >= first, Draw.drawn_at < last,
        )
    ).all()  # fmt: skip
    concerned = [one for one in draws if set(one.counts["risk"]) - {"-"}]
    used = [one for one in concerned if _used_classes(one)]
    rule = profile_of(region_id).value("kpis.risk_use_min_percent")
    return {
        "drawn": len(draws), "with_classes": len(used), "not_concerned": len(draws) - len(concerned),
        "percent": round(100 * len(used) / len(concerned), 1) if concerned else None,
        "target": rule.value, "sentence": rule.sentence,
    }  # fmt: skip


def _used_classes(draw: Draw) -> bool:
    """Typed ratios, or multipliers that tell the classes present apart; everybody drawn leaves nothing to weigh."""
    if draw.kind in NOT_DRAWN_HERE:
        return False
    present = set(draw.counts["risk"])
    if draw.rules["class_ratios"]:
        return True
    return len(present) == 1 or len({draw.rules["multipliers"].get(one) for one in present}) > 1
