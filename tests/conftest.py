"""What does every test stand on? Real SQLite and a real PostgreSQL of our own, each test with a fresh copy."""

import itertools
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings

from onevisit import config as configuration
from onevisit.app import create_app
from onevisit.config import Config
from tests.postgres import Cluster
from tests.replayed import replayed

ROOT = Path(__file__).resolve().parents[1]
_DATABASES = itertools.count(1)
# How long an example takes says nothing about whether it holds, least of all on a busy machine.
settings.register_profile("onevisit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("onevisit")


def make_config(var: Path, database: str) -> Config:
    """A configuration of its own folder, without the embedded worker: tests say when work is done."""
    environment = {
        "ONEVISIT_VAR": str(var), "ONEVISIT_DATABASE": database, "ONEVISIT_SECRET": "0" * 64,
        "ONEVISIT_EMBEDDED_WORKER": "0", "ONEVISIT_TODAY": "2026-11-09",
        # Tests of the journal attach one; every other test does without.
        "ONEVISIT_JOURNAL": "none",
        # None: pages are built and rebuilt beside running tests; tests/core/test_front.py brings its own.
        "ONEVISIT_PWA": str(var / "pwa"),
    }  # fmt: skip
    return replace(configuration.from_environment(environment), access_minutes=15)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file brought to head by the migrations, with the published calendar."""
    folder = tmp_path_factory.mktemp("sqlite")
    file = folder / "template.db"
    app = create_app(make_config(folder, f"sqlite:///{file}"))
    _fill_template(app)
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL server of this test run, with a template database like that."""
    cluster = Cluster()
    cluster.start()
    try:
        cluster.run("CREATE DATABASE template_onevisit")
        app = create_app(make_config(tmp_path_factory.mktemp("pg"), cluster.url("template_onevisit")))
        _fill_template(app)
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on each database, with the 贵南 calendar; inside its context."""
    with running(request, tmp_path) as application:
        yield application


@contextmanager
def running(request: pytest.FixtureRequest, folder: Path, storage: str | None = None) -> Iterator[Flask]:
    """An application on a fresh copy of the database that the fixture's parameter names.

    Putting 250 routes and their documentation together takes a third of a second, which is longer than most tests:
    an application whose test is over is moved to the next database.
    """
    config = make_config(folder / "var", _fresh_database(request, folder))
    application = _moved(_AT_REST.pop(), config) if _AT_REST else create_app(config)
    with application.app_context():
        with replayed(application, folder, lambda: _fresh_database(request, folder, "replayed")):
            yield application
        _close(application)
    _AT_REST.append(application)


_AT_REST: list[Flask] = []


def _moved(application: Flask, config: Config) -> Flask:
    """As create_app would have made it for this configuration."""
    from flask_sqlalchemy.extension import sa as sqlalchemy

    from onevisit import flow
    from onevisit.core import clock
    from onevisit.core.db import db

    application.config["ONEVISIT"] = config
    application.config["SQLALCHEMY_DATABASE_URI"] = config.database
    application.extensions["onevisit.flow"] = flow.table()
    assert config.today
    clock.start_at(config.today)
    options = {**application.config["SQLALCHEMY_ENGINE_OPTIONS"], "url": sqlalchemy.make_url(config.database)}
    db._apply_driver_defaults(options, application)
    db._app_engines[application] = {None: db._make_engine(None, options, application)}
    return application


def _fresh_database(request: pytest.FixtureRequest, folder: Path, called: str = "onevisit") -> str:
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / f"{called}.db")
        return f"sqlite:///{folder / f'{called}.db'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"t{os.getpid()}_{next(_DATABASES)}"
    cluster.run(f"CREATE DATABASE {name} TEMPLATE template_onevisit STRATEGY FILE_COPY")
    request.addfinalizer(lambda: cluster.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    return cluster.url(name)


def _fill_template(app: Flask) -> None:
    from onevisit.regions.actions import seed_calendar

    with app.app_context():
        upgrade()
        seed_calendar()
        _close(app)


def _close(app: Flask) -> None:
    from onevisit.core.db import db

    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


class SignedIn(FlaskClient):
    """A client with a bearer token; `client.json_of(method, url)` asserts nothing, tests do."""

    token: str = ""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", None) or {})
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return super().open(*args, headers=headers, **kwargs)


@pytest.fixture
def client_for(app: Flask) -> Callable[..., SignedIn]:
    """A client signed in as an account; without one, the public."""
    return clients_of(app)


def clients_of(app: Flask) -> Callable[..., SignedIn]:
    """Makes clients of this application."""
    from flask_jwt_extended import create_access_token

    app.test_client_class = SignedIn

    def make(account: Any = None) -> SignedIn:
        client = app.test_client()
        assert isinstance(client, SignedIn)
        client.token = create_access_token(account.id) if account is not None else ""
        return client

    return make
