"""Is what earlier versions froze still the same after its move into blocks, and back?"""

import json
import zlib
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text
from tests.draws.cases import BY_NAME
from tests.factories.visits import make_task

from onevisit.core import clock
from onevisit.core.db import db, transaction
from onevisit.draws.kept import pool_of
from onevisit.draws.lot import FrozenPool
from onevisit.draws.models import Draw, DrawSource

BEFORE = "0012"


def as_text(bundle: dict[str, Any]) -> bytes:
    """As the first version kept it."""
    lists = {name: bundle[name] for name in ("entries", "excluded", "inspectors")}
    return json.dumps(lists, ensure_ascii=False).encode()


def as_packed(bundle: dict[str, Any]) -> bytes:
    """As the second version kept it."""
    sizes, pieces = [], []
    for blocks in FrozenPool.from_json(bundle).blocks().values():
        rows = [b"".join(getattr(one, name) for one in blocks) for name in ("hashes", "salts", "codes")]
        lines = b"".join(line + b"\n" for one in blocks for line in one.texts())
        pieces.append(b"".join(rows) + zlib.compress(lines, 1))
        sizes.append([len(rows[2]), len(pieces[-1])])
    return b"".join([json.dumps(sizes).encode(), b"\n", *pieces])


def moved(step: Any, to: str) -> None:
    db.session.remove()
    step(revision=to)


@pytest.mark.parametrize("kept", [as_text, as_packed])
def test_what_was_frozen_before_is_read_from_blocks(app: Flask, kept: Any) -> None:
    bundle = BY_NAME["together"]["bundle"]
    draw = Draw(
        task_id=make_task(state="open").id, region_id="632525", no="旧-1", rules={}, counts={}, changes={}, remarks={},
        match={}, made_at=clock.now(),
    )  # fmt: skip
    with transaction():
        db.session.add(draw)
    id_ = draw.id
    moved(downgrade, BEFORE)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE draws SET frozen = :kept"), {"kept": kept(bundle)})
    moved(upgrade, "head")
    pool = pool_of(db.session.get_one(Draw, id_))
    pool.refuse_misfits()
    assert pool.as_json() == FrozenPool.from_json(bundle).as_json()
    moved(downgrade, BEFORE)
    with db.engine.begin() as connection:
        back = bytes(connection.scalar(text("SELECT frozen FROM draws")))
    assert json.loads(back[: back.index(b"\n")])[0][0] == len(bundle["entries"])
    moved(upgrade, "head")
    assert pool_of(db.session.get_one(Draw, id_)).as_json() == FrozenPool.from_json(bundle).as_json()


def test_a_migration_that_copies_a_table_takes_nothing_along(app: Flask) -> None:
    """On SQLite a copied table is dropped in its old form: what belongs to its rows must stay."""
    with transaction():
        db.session.add(
            Draw(
                task_id=make_task(state="open").id, region_id="632525", no="旧-2", rules={}, counts={}, changes={},
                remarks={}, match={}, made_at=clock.now(), sources=[DrawSource(order=0, name="甲", kind="dice")],
            )
        )  # fmt: skip
    moved(downgrade, "0010")
    moved(upgrade, "head")
    assert db.session.scalars(select(DrawSource.name)).all() == ["甲"]
