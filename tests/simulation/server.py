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
from sqlalchemy.util import LRUCache

from onevisit.app import create_app
from onevisit.core import clock, ids
from onevisit.core.db import db
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
        self.kill: Callable[[str], bool] = lambda _moment: False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Inside the application."""
        with self.app.app_context():
            yield

    def boot(self, database: Path) -> None:
        """Start on these files, which become ours."""
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

    def restart(self) -> None:
        """Start from what a killed process left."""
        before = self.file
        self.boot(self.left)
        for name in NAMES:
            Path(f"{before}{name}").unlink(missing_ok=True)

    def stop(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            if db._app_engines.get(self.app):
                db.session.remove()
                for engine in db.engines.values():
                    engine.dispose()

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
