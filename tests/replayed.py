"""Does the journal of a test, done again on an empty database, give the same rows? ONEVISIT_TEST_JOURNAL=1 asks after every test."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine

from onevisit.core.catching_up import catch_up
from onevisit.core.db import db
from onevisit.core.journal import Journal
from onevisit.core.sameness import hashes_of_tables

ASKED = os.environ.get("ONEVISIT_TEST_JOURNAL") == "1"


@contextmanager
def journalled(application: Flask, folder: Path) -> Iterator[Journal]:
    """The application keeps a journal in this folder for a while."""
    config = application.config["ONEVISIT"]
    journal = Journal(folder / "journal", config.secret)
    journal.attach(db.engine)
    application.extensions["onevisit.journal"] = journal
    application.config["ONEVISIT"] = replace(config, journal=journal.folder)  # for processes of its own
    try:
        yield journal
    finally:
        application.extensions["onevisit.journal"], application.config["ONEVISIT"] = None, config
        journal.close()


@contextmanager
def replayed(application: Flask, folder: Path, fresh: Callable[[], str]) -> Iterator[None]:
    """After the test everything is done again from its journal on the database that `fresh` makes."""
    if not ASKED:
        yield
        return
    with journalled(application, folder) as journal:
        yield
        db.session.rollback()
        difference = differences(journal, fresh())
    assert difference == [], f"the journal gives other rows in {difference}"


def differences(journal: Journal, url: str) -> list[str]:
    """Tables whose rows differ between this database and one made from the journal at `url`."""
    other = create_engine(url, **options())
    try:
        catch_up(other, journal)
        with other.connect() as there, db.engine.connect() as here:
            one, two = hashes_of_tables(here), hashes_of_tables(there)
        return [name for name in one if one[name] != two[name]]
    finally:
        other.dispose()


def options() -> dict[str, object]:
    """As create_app sets an engine up, as far as values go."""
    import json

    return {"json_serializer": lambda value: json.dumps(value, ensure_ascii=False)}
