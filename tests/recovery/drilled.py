"""One restore drill: a run with bundles, a draw, reviews and publications, lost at random points, brought back elsewhere.

A watcher notes at every point what every table holds (one hash) and every verdict that a phone was shown. Then the
machine is lost there: the database that a backup holds, and the journal as it was at that moment, are put together in
a fresh place.
"""

import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session
from tests.factories.desk import LEAD, PARTNER, make_desk, make_inspector, make_subject
from tests.factories.journey import make_journey
from tests.replayed import options

from onevisit.core.catching_up import catch_up
from onevisit.core.db import db
from onevisit.core.jobs import work_all
from onevisit.core.journal import Journal
from onevisit.core.sameness import hash_of_everything
from onevisit.recovery import copies
from onevisit.visits.models import StoredOperation

TURNS, NUMBERS = iter(range(400)), iter(range(900_000, 10**6))
Shown = dict[str, tuple[str, str | None, int]]


@dataclass
class Point:
    """A moment at which the machine is lost."""

    number: int
    size: dict[str, int]
    state: str
    shown: Shown


@dataclass
class Watcher:
    """Looks at the whole database after chosen commits."""

    journal: Journal
    chance: random.Random
    share: float
    points: list[Point] = field(default_factory=list)

    def look(self) -> None:
        """Perhaps this is where it ends."""
        if self.chance.random() > self.share:
            return
        with db.engine.connect() as connection:
            state = hash_of_everything(connection)
            number = connection.exec_driver_sql("SELECT number FROM journal_places").scalar_one()
            rows = connection.execute(
                select(
                    StoredOperation.id,
                    StoredOperation.verdict,
                    StoredOperation.reason,
                    StoredOperation.position,
                )
            )
            shown = {row.id: (row.verdict, row.reason, row.position) for row in rows}
        sizes = {one.name: one.stat().st_size for one in self.journal.files()}
        self.points.append(Point(number, sizes, state, shown))


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """After every commit, wherever in a request it happens, somebody may pull the plug."""

    def committed(_session: Session) -> None:
        watcher.look()

    event.listen(Session, "after_commit", committed)
    try:
        yield
    finally:
        event.remove(Session, "after_commit", committed)


def walked(clients: Any, journeys: int) -> None:
    """A draw with its dispatch, and visits from the first answer to the publication."""
    db.session.rollback()
    desk = make_desk(clients, subjects=0, inspectors=0, order=500 + next(TURNS))
    for _ in range(8):
        number = next(NUMBERS)
        make_subject(number, "ABCD"[number % 4])
    for department in (LEAD, PARTNER, LEAD, PARTNER, LEAD, PARTNER):
        make_inspector(department, next(NUMBERS))
    desk.board()
    for _ in range(journeys):
        journey = make_journey(clients).walk()
        assert journey.accept().status_code == 200
        assert journey.publish(journey.deputy).status_code == 200
        db.session.rollback()
        work_all(current_app._get_current_object())  # type: ignore[attr-defined]
        db.session.rollback()  # it wrote through a session of its own


def brought_back(
    point: Point, journal: Journal, backup: Path, fresh: str, lost: Path
) -> tuple[str, Shown, float]:
    """What the fresh place holds, and how long that took."""
    began = time.monotonic()
    if lost.exists():
        shutil.rmtree(lost)
    lost.mkdir()
    for name, size in point.size.items():  # the disk of the journal as it was at that moment
        (lost / name).write_bytes((journal.folder / name).read_bytes()[:size])
    engine = create_engine(fresh, **options())
    if engine.dialect.name == "sqlite":
        engine.dispose()
        shutil.copyfile(backup / copies.SQLITE, str(engine.url.database))
    else:
        copies.put_back(backup / copies.POSTGRES, engine)
    catch_up(engine, Journal(lost, journal.secret))
    took = time.monotonic() - began
    with engine.connect() as connection:
        state = hash_of_everything(connection)
        rows = connection.execute(
            select(
                StoredOperation.id, StoredOperation.verdict, StoredOperation.reason, StoredOperation.position
            )
        )
        shown = {row.id: (row.verdict, row.reason, row.position) for row in rows}
    engine.dispose()
    return state, shown, took
