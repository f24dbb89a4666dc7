"""How is a draw kept and held while somebody changes it? The frozen lists, the reveals, the signed bundles."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.draws import bundle as bundles
from onevisit.draws import lot, writing
from onevisit.draws.frozen import kept_parts
from onevisit.draws.keys import DrawKey, draw_key
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
    return lot.FrozenPool.from_kept(draw.frozen)


def reveals_of(draw: Draw) -> list[Reveal]:
    """What was revealed, in commit order."""
    return [Reveal(one.name, one.value) for one in draw.sources if one.value is not None]


def keep_bundles(draw: Draw, outline: bundles.Json, lists: writing.Lists) -> str:
    """Both bundles in outline, signed by this server as the whole ones; the digest of the public one."""
    key, sensitive = draw_key(), db.session.get_one(Task, draw.task_id).sensitive
    full, public = bundles.unsigned_of(outline), bundles.public_bundle(outline, sensitive)
    whole, open_ = writing.hashed([full, public], lists)
    signature = _signature(key, open_)
    draw.bundle = writing.compact({**full, "signature": _signature(key, whole)})
    draw.public_bundle = writing.compact({**public, "signature": signature})
    return open_.signed(signature).hex()


def _signature(key: DrawKey, hashed: writing.Hashed) -> dict[str, str]:
    return {"kid": key.kid, "sig": key.sign_hash(hashed.unsigned())}


def lists_of(draw: Draw, pool: lot.FrozenPool | None = None) -> writing.Lists:
    """The long lists of the bundles as they are at this moment; the tickets are reckoned anew from the key."""
    if pool is None and draw.frozen[:1] != b"{":
        part = kept_parts(draw.frozen)[0]
        row, codes = part.hashes.hex().encode(), part.codes
    else:
        pool = pool or lot.FrozenPool.from_kept(draw.frozen)
        row, codes = pool.subjects.row, pool.subjects.codes
    key = None if draw.key is None or draw.state == DrawState.VOIDED else bytes.fromhex(draw.key)
    return writing.Lists(row, codes, None if key is None else lot.tickets(key, row), pool)


def full_text(draw: Draw) -> Iterator[bytes]:
    """The full bundle as it is downloaded."""
    return writing.written(json.loads(draw.bundle or "{}"), lists_of(draw, pool_of(draw)))


def public_text(draw: Draw) -> Iterator[bytes]:
    """The public bundle as it is downloaded."""
    return writing.written(json.loads(draw.public_bundle or "{}"), lists_of(draw))


def moment_text(at: datetime) -> str:
    """As commits and bundles write a moment."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
