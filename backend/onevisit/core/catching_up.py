"""What does the journal have that the database has not? Found from the end of the files, and done again in order."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from onevisit.core import redo
from onevisit.core.frames import NOTHING, Broken, FrameKind
from onevisit.core.journal import Entry, Journal, Place, entries, place_of, take_place
from onevisit.core.kept_beside import there_again

log = logging.getLogger(__name__)
Upgrade = Callable[[str], None]
Said = Callable[[int], None]
Opened = tuple[Entry, dict[str, Any]]
SOME = 200  # entries done again in one transaction


def missing(files: list[Path], place: Place) -> list[Entry]:
    """The entries behind `place`, oldest first.

    The last entry whose COMMIT did not fail is true, and what it follows, down to where the database stands: an
    entry that another one took the place of was never committed, whoever wrote or did not write its abort.
    """
    failed: set[bytes] = set()
    chosen: list[Entry] = []
    wanted: bytes | None = None
    for one in entries(files, newest_first=True):
        if not isinstance(one, Entry):
            failed.add(one.prev)
            continue
        if one.life != place.life and place.number:
            continue
        frame = one.frame
        if wanted is None:
            if frame.hash in failed:
                continue
            if frame.number <= place.number:
                return []
        elif frame.hash != wanted:
            if frame.number <= place.number:
                break
            continue
        chosen.append(one)
        wanted = frame.prev
        if wanted == place.hash or (wanted == NOTHING and place.number == 0):
            return chosen[::-1]
    return _from_all(files, place) if chosen else []


def _from_all(files: list[Path], place: Place) -> list[Entry]:
    """The same where several machines wrote, each its own files: the line of hashes leads from one to the other."""
    failed: set[bytes] = set()
    there: dict[bytes, Entry] = {}
    for one in entries(files):
        if not isinstance(one, Entry):
            failed.add(one.prev)
        elif one.frame.number > place.number and one.life == (place.life or one.life):
            there[one.frame.hash] = one
    for last in sorted(there.values(), key=lambda one: one.frame.number, reverse=True):
        line, at = [last], last.frame.prev
        while at != place.hash and (before := there.get(at)) is not None:
            line.append(before)
            at = before.frame.prev
        if at == place.hash and last.frame.hash not in failed:
            return line[::-1]
    raise Broken(f"the journal does not follow entry {place.number} of this database")


def following(files: list[Path], place: Place) -> Iterator[Entry]:
    """The entries behind `place` as far as an unbroken line leads, oldest first: what a damaged journal still gives.

    Of two that follow the same entry the later one counts: the earlier was never committed.
    """
    after: dict[bytes, Entry] = {}
    failed: set[bytes] = set()
    try:
        for one in entries(files):
            if isinstance(one, Entry):
                after[one.frame.prev] = one
            else:
                failed.add(one.prev)
    except Broken as error:
        log.warning("journal: %s", error)
    at = place.hash
    while (found := after.get(at)) is not None and found.frame.hash not in failed:
        yield found
        at = found.frame.hash


def catch_up(
    engine: Engine,
    journal: Journal,
    upgrade: Upgrade | None = None,
    said: Said | None = None,
    until: int | None = None,
    found: Iterable[Entry] | None = None,
) -> int:
    """Do again what is missing; how many entries. Harmless beside a running server: the lock is the writers' own."""
    done, waiting = 0, list[Opened]()
    with redo.silent():
        with engine.connect() as connection:
            place = place_of(connection)
            connection.rollback()
        todo = missing(journal.files(), place) if found is None else found
        for entry in todo:
            if until is not None and entry.frame.number > until:
                break
            what = journal.said_by(entry)
            alone = entry.frame.kind == FrameKind.SCHEMA or bool(what["kept"])
            if alone or len(waiting) == SOME:
                done, waiting = done + _apply(engine, journal, waiting), []
                if said:
                    said(done)
            if entry.frame.kind == FrameKind.SCHEMA:
                done += _change_tables(engine, entry, what, upgrade)
            elif alone:
                done += _apply(engine, journal, [(entry, what)])
            else:
                waiting.append((entry, what))
        done += _apply(engine, journal, waiting)
    return done


def _apply(engine: Engine, journal: Journal, some: list[Opened]) -> int:
    if not some:
        return 0
    first, last = some[0][0], some[-1][0]
    with engine.connect() as connection:
        before = hold(connection)
        if before.number >= last.frame.number:
            return 0  # another process was faster
        if before.hash not in (first.frame.prev, NOTHING):
            raise Broken(f"entry {first.frame.number} does not follow entry {before.number}")
        for entry, what in some:
            with there_again(connection, entry.file.parent, what["kept"]):
                for steps in journal.steps_of(entry, what):
                    redo.do_again(connection, steps)
        take_place(connection, Place(last.life, last.frame.number, last.frame.hash))
        connection.commit()
    return len(some)


def hold(connection: Connection) -> Place:
    """Nobody else writes until this transaction ends."""
    connection.exec_driver_sql("UPDATE journal_places SET number = number WHERE id = 1")
    return place_of(connection)


def _change_tables(engine: Engine, entry: Entry, what: dict[str, Any], upgrade: Upgrade | None) -> int:
    revision = what["steps"][0][1]
    if not re.fullmatch(r"[0-9a-z_]{1,40}", revision):
        raise Broken(f"entry {entry.frame.number} names no revision")
    if upgrade is None:
        raise Broken(f"entry {entry.frame.number} changes the tables; restore does that, a start does not")
    upgrade(revision)
    with engine.connect() as connection:
        take_place(connection, Place(entry.life, entry.frame.number, entry.frame.hash))
        connection.commit()
    return 1


def note_schema(engine: Engine, journal: Journal, revision: str) -> None:
    """The tables stand at this revision from now on: what follows in the journal needs them so."""
    gathered = redo.Gathered()
    gathered.add("schema", revision, (), None)
    with redo.silent(), engine.connect() as connection:
        hold(connection)
        journal.write(connection, FrameKind.SCHEMA, gathered)
        connection.commit()
