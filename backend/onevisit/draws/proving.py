"""Where does a drawn subject's proof come from? From the frozen lists, when somebody asks for it (draw.md §6).

A run of notices asks thousands of times for the same draw: a process keeps the trees of the draws it was asked for
last. What was frozen never changes, and the commit hash binds it.
"""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Final

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.draws.kept import pool_of
from onevisit.draws.models import Draw, DrawnSubject
from onevisit.draws.proof import Prover
from onevisit.draws.states import DrawKind
from onevisit.tasks.models import Task

MOST_LEAVES: Final = 2_000_000  # of all draws kept together: a leaf's part of the trees is 64 bytes
_kept: "OrderedDict[str, Prover]" = OrderedDict()
_one_at_a_time = Lock()


def proof_texts(draw: Draw, leaves: Iterable[str]) -> dict[str, str]:
    """The proofs of some drawn subjects as they stand in QR codes; empty where nothing was frozen here."""
    if draw.commit_hash is None:
        return dict.fromkeys(leaves, "")
    if draw.kind == DrawKind.HANDED_DOWN and draw.rests_on_id:
        draw = db.session.get_one(Draw, draw.rests_on_id)
    prover, named = _prover(draw), not db.session.get_one(Task, draw.task_id).sensitive
    commit_hash = str(draw.commit_hash)
    return {leaf: prover.proof(commit_hash, leaf).text(named) for leaf in leaves}


def _prover(draw: Draw) -> Prover:
    key = draw.commit_hash or ""
    with _one_at_a_time:
        if key not in _kept:
            _kept[key] = _made(draw)
        _kept.move_to_end(key)
        while len(_kept) > 1 and sum(one.count for one in _kept.values()) > MOST_LEAVES:
            _kept.popitem(last=False)
        return _kept[key]


def _made(draw: Draw) -> Prover:
    drawn = db.session.scalars(select(DrawnSubject.leaf).where(DrawnSubject.draw_id == draw.id))
    return Prover.of_pool(pool_of(draw), drawn.all())
