"""How is a draw kept and held while somebody changes it? The frozen lists, the reveals, the signed bundles."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.draws import bundle as bundles
from onevisit.draws import lot
from onevisit.draws.keys import draw_key
from onevisit.draws.models import Draw
from onevisit.draws.sources import Reveal
from onevisit.draws.states import DrawState
from onevisit.tasks.models import Task


def draw_to_change(draw_id: str) -> Draw:
    """The draw, held until the transaction ends: of two people at once the second sees what the first did."""
    return db.session.execute(select(Draw).where(Draw.id == draw_id).with_for_update()).scalar_one()


def refuse_unless(draw: Draw, state: DrawState, code: str, detail: str) -> None:
    """Refuse a step that does not fit how far the draw has come."""
    if draw.state != state:
        raise Problem(code, detail, 409)


def pool_of(draw: Draw) -> lot.FrozenPool:
    """The frozen lists of a draw."""
    return lot.FrozenPool.from_text(draw.frozen)


def reveals_of(draw: Draw) -> list[Reveal]:
    """What was revealed, in commit order."""
    return [Reveal(one.name, one.value) for one in draw.sources if one.value is not None]


def keep_bundles(draw: Draw, full: bundles.Json) -> None:
    """Both bundles, signed by this server."""
    key, sensitive = draw_key(), db.session.get_one(Task, draw.task_id).sensitive
    draw.bundle = compact(bundles.signed(full, key.kid, key.sign))
    draw.public_bundle = compact(bundles.signed(bundles.public_bundle(full, sensitive), key.kid, key.sign))


def moment_text(at: datetime) -> str:
    """As commits and bundles write a moment."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def compact(value: Any) -> str:
    """JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
