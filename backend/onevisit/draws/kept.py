"""How is a draw kept and held while somebody changes it? The frozen lists, the reveals, the signed bundles."""

import json
from binascii import hexlify
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import func, insert, select

from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.core.spread import WORTH_IT, beside
from onevisit.draws import bundle as bundles
from onevisit.draws import lot, merkle, writing
from onevisit.draws.entries import LEAF_HEX
from onevisit.draws.frozen import Block
from onevisit.draws.keys import DrawKey, draw_key
from onevisit.draws.models import Draw, FrozenBlock
from onevisit.draws.sources import Reveal
from onevisit.draws.states import DrawState
from onevisit.tasks.models import Task

AT_ONCE = 8  # so many blocks are sent to the database in one statement


def draw_to_change(draw_id: str) -> Draw:
    """The draw, held until the transaction ends: of two people at once the second sees what the first did."""
    return db.session.execute(select(Draw).where(Draw.id == draw_id).with_for_update()).scalar_one()


def refuse_unless(draw: Draw, state: DrawState, code: str, detail: str) -> None:
    """Refuse a step that does not fit how far the draw has come."""
    if draw.state != state:
        raise Problem(code, detail, 409)


def keep_frozen(draw: Draw, pool: lot.FrozenPool) -> None:
    """Keep what was frozen for a draw; once, and never changed."""
    db.session.flush()
    rows = [
        {
            "draw_id": draw.id, "part": part, "number": at, "hashes": one.hashes, "codes": one.codes,
            "salts": one.salts, "pressed": one.pressed,
        }
        for part, blocks in pool.blocks().items()
        for at, one in enumerate(blocks)
    ]  # fmt: skip
    for at in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(FrozenBlock), rows[at : at + AT_ONCE])


def pool_of(draw: Draw, *parts: str) -> lot.FrozenPool:
    """The frozen lists of a draw (or some of them), packed as they are kept."""
    asked = (
        select(
            FrozenBlock.part, FrozenBlock.hashes, FrozenBlock.codes, FrozenBlock.salts, FrozenBlock.pressed
        )
        .where(FrozenBlock.draw_id == draw.id)
        .order_by(FrozenBlock.part, FrozenBlock.number)
    )
    blocks: dict[str, list[Block]] = {}
    for part, *rest in db.session.execute(asked.where(FrozenBlock.part.in_(parts)) if parts else asked):
        blocks.setdefault(part, []).append(Block(*rest))
    return lot.FrozenPool.of_blocks(blocks)


def leaves_of(draw: Draw) -> tuple[bytes, bytes]:
    """The leaves (32 bytes each) and classes of the pool, without its entries."""
    rows = db.session.execute(
        select(FrozenBlock.hashes, FrozenBlock.codes)
        .where(FrozenBlock.draw_id == draw.id, FrozenBlock.part == "subjects")
        .order_by(FrozenBlock.number)
    ).all()
    return b"".join([row[0] for row in rows]), b"".join([row[1] for row in rows])


def counted_blocks(draw: Draw, part: str) -> list[tuple[int, int]]:
    """(number, how many entries) of the blocks of a list."""
    rows = db.session.execute(
        select(FrozenBlock.number, func.length(FrozenBlock.codes))
        .where(FrozenBlock.draw_id == draw.id, FrozenBlock.part == part)
        .order_by(FrozenBlock.number)
    )
    return [(number, count) for number, count in rows]


def blocks_at(draw: Draw, part: str, numbers: Sequence[int]) -> Iterator[tuple[int, Block]]:
    """Some blocks of a list, one after the other."""
    for number in numbers:
        row = db.session.execute(
            select(FrozenBlock.hashes, FrozenBlock.codes, FrozenBlock.salts, FrozenBlock.pressed).where(
                FrozenBlock.draw_id == draw.id, FrozenBlock.part == part, FrozenBlock.number == number
            )
        ).one()
        yield number, Block(*row)


def reveals_of(draw: Draw) -> list[Reveal]:
    """What was revealed, in commit order."""
    return [Reveal(one.name, one.value) for one in draw.sources if one.value is not None]


def keep_bundles(draw: Draw, outline: bundles.Json, lists: writing.Lists) -> str:
    """Both bundles in outline, signed by this server as the whole ones; the digest of the public one."""
    return bundles_begun(draw, outline, lists)()


def bundles_begun(draw: Draw, outline: bundles.Json, lists: writing.Lists) -> Callable[[], str]:
    """The same, while the caller does something else: the full bundle of a million is hashed by a second process."""
    key, sensitive = draw_key(), db.session.get_one(Task, draw.task_id).sensitive
    full, public = bundles.unsigned_of(outline), bundles.public_bundle(outline, sensitive)
    whole = beside(partial(_whole, full, lists), here=len(lists.codes) < WORTH_IT)

    def kept() -> str:
        open_ = writing.hashed(public, lists)
        signature = _signature(key, open_.unsigned())
        draw.public_bundle = writing.compact({**public, "signature": signature})
        draw.bundle = writing.compact({**full, "signature": _signature(key, whole())})
        return open_.signed(signature).hex()

    return kept


def refuse_altered(pool: lot.FrozenPool, commit: bundles.Json | None = None) -> None:
    """What was frozen is what is drawn from: each entry fits its leaf and class, the leaves the roots of the commit."""
    kept = {
        "pool": pool.subjects.hashes,
        "excluded": pool.excluded.hashes,
        "inspectors": pool.inspectors.hashes,
    }
    try:
        pool.refuse_misfits()
        for name, hashes in kept.items() if commit else ():
            if merkle.root_of_row(hashes) != (commit or {})[name]["root"]:
                raise ValueError(f"the {name} is not the one of the commit")
    except ValueError as error:
        raise Problem(
            "draws.frozen_altered", "冻结的名单被改动过，和承诺对不上，不能继续。请作废这次抽取，查明原因后重新冻结。", 409
        ) from error  # fmt: skip


def _whole(full: bundles.Json, lists: writing.Lists) -> bytes:
    """What is signed of the full bundle; a draw that is given up may be given up for just that: an altered list."""
    if lists.pool is not None and full["key"] is not None:
        refuse_altered(lists.pool, full["commit"])
    return writing.hashed(full, lists).unsigned()


def _signature(key: DrawKey, hashed: bytes) -> dict[str, str]:
    return {"kid": key.kid, "sig": key.sign_hash(hashed)}


def lists_of(draw: Draw, pool: lot.FrozenPool | None = None) -> writing.Lists:
    """The long lists of the bundles as they are at this moment; tickets are reckoned from the key as they are written."""
    hashes, codes = (pool.subjects.hashes, pool.subjects.codes) if pool else leaves_of(draw)
    row = hexlify(hashes)
    if draw.key is None or draw.state == DrawState.VOIDED:
        return writing.Lists(row, codes, None, pool)
    key = bytes.fromhex(draw.key)

    def tickets(begin: int, end: int) -> bytes:
        return lot.tickets_of_some(key, row[begin * LEAF_HEX : end * LEAF_HEX])

    return writing.Lists(row, codes, tickets, pool)


def full_text(draw: Draw) -> Iterator[bytes]:
    """The full bundle as it is downloaded."""
    return writing.written(json.loads(draw.bundle or "{}"), lists_of(draw, pool_of(draw)))


def public_text(draw: Draw) -> Iterator[bytes]:
    """The public bundle as it is downloaded."""
    return writing.written(json.loads(draw.public_bundle or "{}"), lists_of(draw))


def moment_text(at: datetime) -> str:
    """As commits and bundles write a moment."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
