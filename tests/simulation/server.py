"""What is the server of a simulation? The shipped application on SQLite, which can be killed at a COMMIT and started again from its files."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flask_jwt_extended.tokens
import jwt.api_jwt
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, insert, select
from sqlalchemy.util import LRUCache

from onevisit.app import create_app
from onevisit.core import clock, ids
from onevisit.core.catching_up import catch_up
from onevisit.core.db import db, transaction
from onevisit.core.ids import new_id
from onevisit.core.journal import Journal
from tests.conftest import make_config

Json = dict[str, Any]
START = datetime(2026, 11, 9, 2, tzinfo=UTC)
NAMES = ("", "-wal", "-shm")


class ServerKilled(BaseException):
    """The process is gone; no handler of ours may hear of it."""


class Time:
    """The true time of a simulation; the server's clock shows it, phones are off."""

    def __init__(self) -> None:
        self.now = START

    @property
    def millis(self) -> int:
        """As JavaScript counts."""
        return round(self.now.timestamp() * 1000)

    def go_on(self, by: timedelta) -> None:
        """Time passes."""
        self.now += by

    def install(self) -> None:
        """From now on everything that asks for the time is told this one, and chance for ids comes from the seed."""
        time = self

        class Alike(type):
            def __instancecheck__(cls, value: object) -> bool:
                return isinstance(value, datetime)

        class Simulated(datetime, metaclass=Alike):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return time.now.astimezone(tz) if tz else time.now.replace(tzinfo=None)

        clock.datetime = flask_jwt_extended.tokens.datetime = jwt.api_jwt.datetime = Simulated  # type: ignore[misc]
        clock.shift(timedelta(0))
        ids.time = SimpleNamespace(time_ns=lambda: time.millis * 1_000_000)  # type: ignore[assignment]

    @staticmethod
    def chance(rng: random.Random) -> None:
        """Where the server's ids come from."""
        ids.os = SimpleNamespace(urandom=rng.randbytes)  # type: ignore[assignment]


class Server:
    """One application, moved from database to database; `boot` opens files, `image` copies them as they are at this instant."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.var = folder / "var"
        self.file = folder / "none.db"
        self.config = replace(make_config(self.var, f"sqlite:///{self.file}"), today=None, access_minutes=600)
        self.app: Flask = create_app(self.config)
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        self.lives = 0
        self.compiled: LRUCache[Any, Any] = LRUCache(2000)
        self.journal: Journal | None = None
        self.kill: Callable[[str], bool] = lambda _moment: False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Inside the application."""
        with self.app.app_context():
            yield

    def boot(self, database: Path, journalled: bool = False) -> int:
        """Start on these files, which become ours; how many entries of the journal had to be done again."""
        from flask_sqlalchemy.extension import sa as sqlalchemy

        self.stop()
        self.file = database
        self.config = replace(self.config, database=f"sqlite:///{database}")
        self.app.config["ONEVISIT"] = self.config
        self.app.config["SQLALCHEMY_DATABASE_URI"] = self.config.database
        options = {
            **self.app.config["SQLALCHEMY_ENGINE_OPTIONS"],
            "url": sqlalchemy.make_url(self.config.database),
        }
        db._apply_driver_defaults(options, self.app)
        engine = db._make_engine(None, options, self.app)
        engine._compiled_cache = self.compiled
        commit = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            self._perhaps_die("before_commit")
            commit(connection)
            self._perhaps_die("after_commit")

        engine.dialect.do_commit = do_commit  # type: ignore[method-assign]
        db._app_engines[self.app] = {None: engine}
        self.journal = None
        if not journalled:
            return 0
        with self.app.app_context():
            event.listen(engine, "commit", lambda _connection: self._perhaps_die("before_journal"))
            return self._keep_journal(engine)

    def _keep_journal(self, engine: Engine) -> int:
        """As create_app does: every commit is journalled, and what the database has not is done again first."""
        self.journal = Journal(self.folder / "journal", self.config.secret)
        self.journal.attach(engine)
        self.app.extensions["onevisit.journal"] = self.journal
        return catch_up(engine, self.journal)

    def restore(self, backup: Path, with_journal: bool) -> int:
        """An older copy takes the place of the database; its epoch is a new one. How many entries were done again."""
        from onevisit.visits.models import ServerEpoch

        before, self.lives = self.file, self.lives + 1
        self.stop()
        if not with_journal:
            shutil.rmtree(self.folder / "journal", ignore_errors=True)
        again = self.folder / f"life{self.lives}.db"
        shutil.copy(backup, again)
        done = self.boot(again, journalled=True)
        with self.at_work(), transaction():
            number = (db.session.scalar(select(func.max(ServerEpoch.number))) or 0) + 1
            db.session.execute(
                insert(ServerEpoch), [{"number": number, "name": new_id(), "since": clock.now()}]
            )
        for name in NAMES:
            Path(f"{before}{name}").unlink(missing_ok=True)
        return done

    def back_up(self, into: Path) -> None:
        """A whole copy of the running database."""
        source, copy = sqlite3.connect(self.file), sqlite3.connect(into)
        source.backup(copy)
        source.close()
        copy.close()

    def _perhaps_die(self, moment: str) -> None:
        from onevisit.core.db import _writing

        if _writing.get() and self.kill(moment):
            self.image()
            raise ServerKilled

    def image(self) -> None:
        """The files as a process that dies now leaves them."""
        self.lives += 1
        left = self.folder / f"life{self.lives}.db"
        for name in NAMES:
            if (there := Path(f"{self.file}{name}")).exists():
                shutil.copy(there, f"{left}{name}")
        self.left = left

    def restart(self) -> int:
        """Start from what a killed process left; how many entries of the journal were done again."""
        before, journalled = self.file, self.journal is not None
        done = self.boot(self.left, journalled)
        for name in NAMES:
            Path(f"{before}{name}").unlink(missing_ok=True)
        return done

    def tear(self, length: int) -> None:
        """The journal's last write was cut off by the death."""
        newest = max((self.folder / "journal").glob("*.journal"), default=None)
        if newest is not None:
            with newest.open("rb+") as file:
                file.truncate(max(0, newest.stat().st_size - length))

    def stop(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            if db._app_engines.get(self.app):
                db.session.remove()
                for engine in db.engines.values():
                    engine.dispose()
        if self.journal is not None:
            self.journal.close()
            self.journal = None

    def client(self) -> FlaskClient:
        """Somebody's browser."""
        return self.app.test_client()

    def whole(self, into: Path) -> None:
        """A copy of the database in one file."""
        self.stop()
        with sqlite3.connect(self.file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copy(self.file, into)
