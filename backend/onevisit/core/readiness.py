"""Can this server take work now? Database, tables, journal, store and room on the disks, each asked for itself."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from onevisit.config import Config
from onevisit.core import storage
from onevisit.core.db import db
from onevisit.core.journal import Journal

log = logging.getLogger(__name__)
LEAST_ROOM = 64 << 20  # bytes; below it a photo more may be one too many


def everything() -> dict[str, bool]:
    """What works and what does not."""
    config: Config = current_app.config["ONEVISIT"]
    asked: dict[str, Callable[[], bool]] = {
        "database": _database, "migrations": lambda: at_head(config), "journal": _journal, "storage": _storage,
        "disk": lambda: all(shutil.disk_usage(one).free >= LEAST_ROOM for one in _disks(config)),
    }  # fmt: skip
    return {name: _answer(name, question) for name, question in asked.items()}


def _answer(name: str, question: Callable[[], bool]) -> bool:
    try:
        return question()
    except Exception as error:
        log.warning("not ready: %s: %s", name, error)
        return False


def _database() -> bool:
    with db.engine.connect() as connection:
        return bool(connection.exec_driver_sql("SELECT 1").scalar())


def at_head(config: Config) -> bool:
    """Does the database stand where this program expects it?"""
    with db.engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    return at == ScriptDirectory(str(config.migrations)).get_current_head()


def _journal() -> bool:
    journal: Journal | None = current_app.extensions["onevisit.journal"]
    return journal is None or journal.is_writable()


def _storage() -> bool:
    return not storage.exists("ready")  # nothing is called so: to be told that, the store must answer


def _disks(config: Config) -> Iterator[Path]:
    yield config.var
    yield from filter(None, [config.journal])
    place = urlsplit(config.storage)
    if place.scheme == "file" and os.path.isdir(place.path):
        yield Path(place.path)
