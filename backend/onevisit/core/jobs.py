"""Who does what is owed? Takes owed works from the database, so any number of workers may run, and dies safely.

One table serves SQLite and PostgreSQL (SKIP LOCKED): the trail already says what is owed, a second queue
would only have to be kept equal to it.
"""

import logging
import threading
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from onevisit.core import clock
from onevisit.core.db import db, transaction
from onevisit.core.trail import Follower, OwedWork, TrailEntry

log = logging.getLogger(__name__)
TAKEN_FOR = timedelta(minutes=10)
MOST_ATTEMPTS = 8


def work_once(app: Flask) -> bool:
    """Do the oldest owed work; False when nothing is due now."""
    with app.app_context():
        taken = _take()
        if taken is None:
            return False
        work_id, trail_id, handler = taken
        try:
            entry = db.session.get_one(TrailEntry, trail_id)
            _follower(app, entry.event, handler)(entry)
            _settle(work_id, state="done", done_at=clock.now(), last_error=None)
        except Exception as error:
            db.session.rollback()
            log.exception("owed work %s (%s) failed", work_id, handler)
            _put_back(work_id, error)
        return True


def _take() -> tuple[str, str, str] | None:
    due = (
        select(OwedWork)
        .where(OwedWork.state.in_(("owed", "taken")), OwedWork.not_before <= clock.now())
        .order_by(OwedWork.not_before, OwedWork.id)
        .limit(1)
    )
    idle = db.session.scalars(due).first() is None  # a look takes no write lock
    db.session.rollback()
    if idle:
        return None
    with transaction():
        work = db.session.scalars(due.with_for_update(skip_locked=True)).first()
        if work is None:
            return None
        work.state, work.attempts, work.not_before = "taken", work.attempts + 1, clock.now() + TAKEN_FOR
        return work.id, work.trail_id, work.handler


def _settle(work_id: str, **values: object) -> None:
    with transaction():
        db.session.execute(update(OwedWork).where(OwedWork.id == work_id).values(**values))


def _put_back(work_id: str, error: Exception) -> None:
    with transaction():
        work = db.session.get_one(OwedWork, work_id)
        work.last_error = f"{type(error).__name__}: {error}"[:2000]
        work.state = "failed" if work.attempts >= MOST_ATTEMPTS else "owed"
        work.not_before = clock.now() + timedelta(seconds=min(2**work.attempts, 3600))


def put_back_taken() -> None:
    """Works that a killed worker had taken are due at once; elsewhere they are when their ten minutes are over."""
    with transaction():
        db.session.execute(
            update(OwedWork).where(OwedWork.state == "taken").values(state="owed", not_before=clock.now())
        )


def _follower(app: Flask, event: str, handler: str) -> Follower:
    for name, when, follower in app.extensions["onevisit.flow"].get(event, []):
        if name == handler and when == "later":
            return follower  # type: ignore[no-any-return]
    raise LookupError(f"no handler {handler} for {event}")


def work_all(app: Flask) -> int:
    """Do everything that is due; how many works that were (tests, `onevisit work --once`)."""
    done = 0
    while work_once(app):
        done += 1
    return done


def start_worker(app: Flask, pause: float = 0.5) -> threading.Event:
    """Work in a thread of this process (the embedded default); set the returned event to stop."""
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            try:
                busy = work_once(app)
            except Exception:
                log.exception("the worker could not look for work")
                busy = False
            if not busy:
                stop.wait(pause)

    threading.Thread(target=run, name="onevisit-worker", daemon=True).start()
    return stop
