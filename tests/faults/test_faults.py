"""What does the server answer while something it rests on is gone, and does it go on by itself afterwards?"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.jobs import TAKEN_FOR, work_all
from onevisit.core.trail import OwedWork
from onevisit.evidence.models import EvidenceFile
from onevisit.papers.issued import IssuedPaper
from onevisit.visits.models import StoredOperation
from tests.conftest import clients_of, make_config
from tests.factories.journey import Journey, make_journey, tus_headers
from tests.factories.visits import picture
from tests.faults.ground import ground
from tests.faults.held_to import faults_of
from tests.faults.kill9 import killed
from tests.postgres import Cluster


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_under_load_it_loses_nothing_it_acknowledged(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    cluster = request.getfixturevalue("cluster") if kind == "postgresql" else None
    (tmp_path / "var").mkdir()
    with ground(tmp_path, kind, 2, cluster) as (running, journeys):
        running.go(journeys, phones=2, seed=3)
        killed(running, 2 if kind == "sqlite" else 1, random.Random(3), say=False)
        assert running.told.operations
        assert faults_of(running) == []


def test_while_the_store_is_gone_uploads_wait_and_recording_goes_on(app: Flask) -> None:
    clients = clients_of(app)
    journey = make_journey(clients)
    content = picture()
    taken = journey.lead.shoot(content)
    with _store_gone(app):
        assert journey.lead.send()["code"] is None  # operations need no store
        answer = _brought(journey, content, taken["body"]["hash"])
        assert (answer.status_code, answer.json["code"], answer.json["retry"]) == (
            503, "core.storage_unavailable", "later",
        )  # fmt: skip
        ready = clients().get("/readyz")
        assert (ready.status_code, ready.json["storage"], ready.json["database"]) == (503, False, True)
    assert _brought(journey, content, taken["body"]["hash"]).status_code == 201
    stored = select(func.count()).select_from(EvidenceFile).where(EvidenceFile.stored_at.is_not(None))
    assert db.session.scalar(stored) == 1


def test_while_postgresql_is_down_it_says_later_and_comes_back_by_itself(tmp_path: Path) -> None:
    own = Cluster()
    own.start()
    try:
        own.run("CREATE DATABASE down")
        app = _application(tmp_path, own.url("down"))
        with app.app_context():
            journey = make_journey(clients_of(app))
            journey.check()
            bundle, phone = [journey.lead.bundle()], journey.lead
            _control(own, "-m", "immediate", "stop")
            answer = phone.post(bundle)
            assert (answer.status_code, answer.json["code"], answer.json["retry"]) == (
                503, "api.database_unavailable", "later",
            )  # fmt: skip
            ready = clients_of(app)().get("/readyz")
            assert (ready.status_code, ready.json["database"], ready.json["journal"]) == (503, False, True)
            _control(own, "-w", "start")
            db.session.remove()
            told = _once_more(phone, bundle)
            assert {one["verdict"] for one in told["verdicts"]} == {"applied"}
            assert clients_of(app)().get("/readyz").json["ok"] is True
            db.session.remove()
            db.engine.dispose()
    finally:
        own.stop()


def test_a_worker_killed_in_the_middle_of_a_paper_leaves_it_to_the_next(app: Flask) -> None:
    clients = clients_of(app)
    journey = make_journey(clients).walk()
    assert journey.accept().status_code == 200
    config = app.config["ONEVISIT"]
    db.session.commit()
    environment = {
        **os.environ, "ONEVISIT_VAR": str(config.var), "ONEVISIT_DATABASE": config.database,
        "ONEVISIT_SECRET": config.secret, "ONEVISIT_STORAGE": config.storage, "ONEVISIT_JOURNAL": "none",
        "ONEVISIT_TODAY": "2026-11-09",
    }  # fmt: skip
    owed = db.session.scalar(select(func.count()).select_from(OwedWork))
    worker = subprocess.Popen(
        [sys.executable, "-m", "onevisit.cli", "work"], env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _await_taken(worker)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(30)
    with clock.at(clock.now() + 2 * TAKEN_FOR):
        work_all(app)
    db.session.rollback()
    states = set(db.session.scalars(select(OwedWork.state)))
    assert states == {"done"}
    assert db.session.scalar(select(func.count()).select_from(OwedWork)) >= (owed or 0)
    papers = select(func.count()).select_from(IssuedPaper).group_by(IssuedPaper.token)
    assert set(db.session.scalars(papers)) <= {1}


def test_an_ordinary_stop_answers_what_has_begun(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    with ground(tmp_path, "sqlite", 1) as (running, journeys):
        running.go(journeys, phones=2, seed=4)
        running.start()
        until = time.monotonic() + 60
        while len(running.told.operations) < 5 and time.monotonic() < until:
            time.sleep(0.02)
        assert running.stop() == 0
        running.halt()
        db.session.rollback()
        there = set(db.session.scalars(select(StoredOperation.id)))
        assert set(running.told.operations) <= there
        assert faults_of(running) == []


def _brought(journey: Journey, content: bytes, hash_: str) -> Any:
    headers = tus_headers(journey.visit_id, hash_, content)
    return journey.lead.client.post("/api/evidence/files/", data=content, headers=headers)


@contextmanager
def _store_gone(app: Flask) -> Iterator[None]:
    """Somebody unmounted the disk: where the folder was there is a file."""
    place = Path(urlsplit(app.config["ONEVISIT"].storage).path)
    aside = place.with_name("aside")
    if place.exists():
        place.rename(aside)
    place.write_text("gone")
    try:
        yield
    finally:
        place.unlink()
        if aside.exists():
            aside.rename(place)


def _application(folder: Path, url: str) -> Flask:
    from flask_migrate import upgrade

    from onevisit.app import create_app
    from onevisit.regions.actions import seed_calendar

    app = create_app(make_config(folder / "var", url))
    with app.app_context():
        upgrade()
        seed_calendar()
        db.session.remove()
    return app


def _control(cluster: Cluster, *arguments: str) -> None:
    folder = str(cluster.folder / "db")
    cluster._run(
        "pg_ctl", "-D", folder, "-l", str(cluster.folder / "log"), *_options(cluster, arguments), *arguments
    )


def _options(cluster: Cluster, arguments: tuple[str, ...]) -> list[str]:
    if "start" not in arguments:
        return []
    return ["-o", f"-p {cluster.port} -k {cluster.folder} -c listen_addresses=127.0.0.1 -c fsync=off"]


def _once_more(phone: Any, bundle: list[Any]) -> dict[str, Any]:
    """As a phone does: later, the same again. Connections of before are noticed dead one by one."""
    import json

    for _ in range(20):
        answer = phone.post(bundle)
        if answer.status_code == 200:
            told: dict[str, Any] = json.loads(answer.data)["answers"][0]
            return told
        assert answer.status_code == 503
    raise AssertionError("it did not come back")


def _await_taken(worker: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and worker.poll() is None:
        db.session.rollback()
        if "taken" in set(db.session.scalars(select(OwedWork.state))):
            return
        time.sleep(0.01)
    raise AssertionError("the worker took nothing")
