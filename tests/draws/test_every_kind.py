"""Does every rule of a plan draw, and can nobody break a draw that has begun? Each is verified after it (conftest)."""

import os
import signal
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from tests.factories.desk import LEAD, attest, make_desk

from onevisit.core import clock
from onevisit.core.db import db, transaction
from onevisit.draws import drawing
from onevisit.draws.kept import full_text
from onevisit.draws.models import Draw, DrawnSubject, DrawSource, FrozenBlock
from onevisit.subjects.models import Subject

Clients = Callable[..., Any]
OF_CLASSES = {"A": "0.25", "B": "0.5", "C": "0.5", "D": "1"}


@pytest.mark.parametrize(
    ("entry", "given", "drawn"),
    [
        ({"ratio": {"percent": 30, "bound": "at_least"}}, {}, 6),
        ({"ratio": {"percent": 30, "bound": "at_most"}}, {}, 2),
        ({"ratio": {"percent": 100, "bound": "exact"}}, {}, 8),
        ({"ratio": None, "sample_size": 3}, {}, 3),
        ({"ratio": {"percent": 60, "bound": "exact"}}, {"class_ratios": OF_CLASSES}, 5),
        ({"ratio": {"percent": 50, "bound": "exact"}, "frequency": {"times": 2, "per": "year", "ratio_per": "year"}}, {}, 4),
    ],
    ids=["at_least", "at_most", "everybody", "number", "typed", "batch"],
)  # fmt: skip
def test_every_rule_draws(client_for: Clients, entry: Any, given: Any, drawn: int) -> None:
    room = make_desk(client_for, **entry).drawn(**given)
    assert (room["state"], len(room["arithmetic"]["classes"])) == ("drawn", 4)
    assert db.session.query(DrawnSubject).filter_by(draw_id=room["id"]).count() == room["drawn_count"]
    assert room["drawn_count"] == drawn


def committed(client_for: Clients) -> tuple[Any, dict[str, Any]]:
    """One reveal is still missing."""
    desk = make_desk(client_for)
    draw = desk.committed()
    assert desk.reveal(desk.lead, draw, "公安局").status_code == 200
    return desk, draw


def test_a_worker_killed_while_it_draws_leaves_the_last_reveal_open(client_for: Clients, app: Flask) -> None:
    desk, draw = committed(client_for)
    last = client_for(desk.partner)
    value = {"source": "卫健局", "value": desk.secrets["卫健局"]}
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if not child:  # pragma: no cover, dies in the middle of the transaction, when half of the rows are kept
        drawing._keep_teams = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        last.post(f"/api/draws/{draw['id']}/reveals", json=value)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    kept = db.session.get_one(Draw, draw["id"])
    assert (kept.state, kept.key, kept.bundle) == ("committed", None, None)
    assert db.session.query(DrawSource).filter(DrawSource.value.is_not(None)).count() == 1
    assert db.session.query(DrawnSubject).count() == 0
    db.session.remove()
    again = last.post(f"/api/draws/{draw['id']}/reveals", json=value)
    assert (again.status_code, again.json["state"]) == (200, "drawn")


def altered(draw_id: str, part: str, change: Callable[[FrozenBlock], None]) -> None:
    """Somebody with access to the database edits what was frozen."""
    with transaction():
        change(db.session.get_one(FrozenBlock, (draw_id, part, 0)))


def renamed(block: FrozenBlock) -> None:
    block.pressed = zlib.compress(zlib.decompress(block.pressed).replace("示例".encode(), "朋友".encode(), 1))


def reclassed(block: FrozenBlock) -> None:
    block.codes = block.codes[::-1]


def left_out(block: FrozenBlock) -> None:
    """The whole entry with its leaf: what remains fits together and is not what was committed to."""
    block.hashes, block.codes, block.salts = block.hashes[32:], block.codes[1:], block.salts[16:]
    block.pressed = zlib.compress(zlib.decompress(block.pressed).partition(b"\n")[2])


@pytest.mark.parametrize("change", [renamed, reclassed, left_out])
def test_a_pool_altered_behind_the_commit_is_not_drawn_from(client_for: Clients, change: Any) -> None:
    desk, draw = committed(client_for)
    altered(draw["id"], "subjects", change)
    answer = desk.reveal(desk.partner, draw, "卫健局")
    assert (answer.status_code, answer.json["code"]) == (409, "draws.frozen_altered"), answer.json
    assert db.session.query(DrawnSubject).count() == 0
    gone = desk.post(desk.lead_deputy, f"/draws/{draw['id']}/void", {"reason": "示例：冻结名单被改动"})
    assert (gone.status_code, gone.json["state"]) == (200, "voided"), gone.json
    with (
        transaction()
    ):  # what remains is not what was committed to: checking it says so, and it is nothing to check here
        db.session.get_one(Draw, draw["id"]).bundle = None


def test_an_entry_altered_before_the_commit_is_not_committed_to(client_for: Clients) -> None:
    desk = make_desk(client_for)
    draw = desk.prepared()
    for who, name in ((desk.lead, "公安局"), (desk.partner, "卫健局")):
        given = {"source": name, "commitment": "ab" * 32}
        assert desk.post(who, f"/draws/{draw['id']}/commitments", given).status_code == 200
    altered(draw["id"], "subjects", renamed)
    answer = desk.post(desk.lead, f"/draws/{draw['id']}/commit")
    assert (answer.status_code, answer.json["code"]) == (409, "draws.frozen_altered")


def test_a_library_changed_after_the_freeze_changes_nothing_and_one_changed_before_is_asked_about(
    client_for: Clients,
) -> None:
    desk, draw = committed(client_for)
    for one in db.session.query(Subject):
        one.risk = "D"
    db.session.commit()
    assert desk.reveal(desk.partner, draw, "卫健局").json["pool"]["by_risk"] == draw["pool"]["by_risk"]
    text = b"".join(full_text(db.session.get_one(Draw, draw["id"])))
    assert text.count(b'"risk":"A"') > 0
    attest(LEAD)
    again = desk.post(desk.lead, "/draws", {"task_id": draw["task_id"], "sources": desk.sources()})
    assert (again.status_code, again.json["code"]) == (409, "draws.already_prepared")
    assert clock.now() is not None
