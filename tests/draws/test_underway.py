"""Can somebody see how far a freeze is, and give it up so that nothing stays? (draw.md §1)"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, current_app
from tests.factories.desk import LEAD, PARTNER, attest, make_desk

from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry
from onevisit.draws import underway
from onevisit.draws.freezing import CHUNK
from onevisit.draws.lot import Subject, freeze
from onevisit.draws.models import Draw, FrozenBlock
from onevisit.draws.underway import freeze_under_way

Clients = Callable[..., Any]
MANY = 3 * CHUNK


def library() -> Iterator[Subject]:
    for at in range(MANY):
        yield Subject(f"S{at:06d}", f"示例{at}", "632525", "ABCD"[at % 4])


def test_a_freeze_is_seen_given_up_and_leaves_nothing(
    client_for: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(underway, "PAUSE", 0.0)
    desk = make_desk(client_for)
    attest(LEAD, PARTNER)
    task = desk.task()["id"]
    path, given = f"/draws/freezing?task_id={task}", {"task_id": task, "sources": desk.sources()}
    assert desk.get(desk.lead, path).json == {"under_way": False, "stage": None, "done": 0, "of": 0}
    seen: list[dict[str, Any]] = []

    def asked() -> Iterator[Subject]:
        """While the library is read, somebody looks, another starts the same, a third lets it go."""
        for at, one in enumerate(library()):
            if at == CHUNK + 1:
                seen.append(desk.get(desk.partner, path).json)
                assert desk.post(desk.lead, "/draws", given).json["code"] == "draws.freezing_now"
                refused = desk.client_for(desk.partner).delete(f"/api{path}")
                assert (refused.status_code, refused.json["code"]) == (403, "auth.forbidden")
                assert desk.client_for(desk.lead).delete(f"/api{path}").status_code == 204
            yield one

    with pytest.raises(Problem) as found, freeze_under_way(task, MANY) as told:
        freeze(asked(), [], [], os.urandom, told)
    assert found.value.code == "draws.freeze_cancelled"
    assert seen == [{"under_way": True, "stage": "hashed", "done": CHUNK, "of": MANY}]
    assert not list((current_app.config["ONEVISIT"].var / "freezing").iterdir())
    assert db.session.query(Draw).count() == db.session.query(FrozenBlock).count() == 0
    assert db.session.query(TrailEntry).filter_by(event="draw.prepared").count() == 0
    db.session.remove()
    assert desk.post(desk.lead, "/draws", given).status_code == 201
    assert not desk.get(desk.lead, path).json["under_way"]


def test_a_freeze_that_was_killed_stands_in_nobodys_way_for_long(app: Flask) -> None:
    with freeze_under_way("t1", 1):
        place = current_app.config["ONEVISIT"].var / "freezing" / "t1.json"
        with pytest.raises(Problem) as found, freeze_under_way("t1", 1):
            pass
        assert found.value.code == "draws.freezing_now"
        os.utime(place, (0, 0))
        assert not underway.how_far("t1")["under_way"]
        with freeze_under_way("t1", 1) as told:
            told("hashed", 1)
        assert not place.exists()


def test_how_far_counts_up_to_all(app: Flask) -> None:
    heard: list[tuple[str, int]] = []
    pool = freeze(library(), [], [], os.urandom, lambda stage, done: heard.append((stage, done)))
    assert [done for stage, done in heard if stage == "hashed"] == [CHUNK, 2 * CHUNK, 3 * CHUNK]
    assert all(0 < done <= MANY for stage, done in heard if stage == "kept")
    assert len(pool.subjects) == MANY
