"""A server with a journal, a backup folder, and a place where it comes back after the machine is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from tests.conftest import _fresh_database, clients_of
from tests.replayed import journalled

from onevisit.app import create_app
from onevisit.config import Config
from onevisit.core.db import db
from onevisit.core.journal import Journal
from onevisit.core.sameness import hashes_of_tables
from onevisit.recovery.backing_up import Backup, back_up
from onevisit.recovery.restoring import Restored, restore


@dataclass
class Place:
    """Everything a drill needs."""

    app: Flask
    journal: Journal
    folder: Path
    fresh: Callable[[str], str]
    clients: Callable[..., Any]

    @property
    def config(self) -> Config:
        """This server's configuration, as a process of its own would read it."""
        config: Config = self.app.config["ONEVISIT"]
        return replace(config, journal=self.journal.folder)

    def backup(self, keep: int = 7, files: bool | None = None) -> Backup:
        """Now."""
        return back_up(self.folder / "backups", keep, files, print)

    def elsewhere(self, name: str = "elsewhere", **over: Any) -> Config:
        """Another machine with the same secret (given by its administrator) and the journal's disk."""
        var = self.folder / name
        var.mkdir(exist_ok=True)
        given = {"var": var, "storage": (var / "storage").as_uri(), "database": self.fresh(name), **over}
        return replace(self.config, **given)

    def restored(self, config: Config, **over: Any) -> Restored:
        """What `onevisit restore` does there."""
        given = {"journals": [], "over": True, "files": True, "said": print, **over}
        return restore(config, self.folder / "backups", **given)


@pytest.fixture
def place(request: pytest.FixtureRequest, app: Flask, tmp_path: Path) -> Iterator[Place]:
    """The application on each database, journalled."""
    with journalled(app, tmp_path) as journal:
        yield Place(
            app,
            journal,
            tmp_path,
            lambda name: _fresh_database(_Kind(request), tmp_path, name),
            clients_of(app),
        )


class _Kind:
    """The database of the running test, for another copy of it."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self.param = request.node.callspec.params["app"]
        self.getfixturevalue, self.addfinalizer = request.getfixturevalue, request.addfinalizer


@contextmanager
def opened(config: Config) -> Iterator[Flask]:
    """An application there, for looking."""
    other = create_app(replace(config, journal=None))
    with other.app_context():
        yield other
        db.session.remove()
        db.engine.dispose()


def rows_here() -> dict[str, str]:
    """A hash for each table of the database of this context."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return hashes_of_tables(connection)
