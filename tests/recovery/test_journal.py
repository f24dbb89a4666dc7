"""Does the journal hold what was committed, and only that, whatever breaks while it is written?"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, select, text
from tests.factories.journey import make_journey
from tests.recovery.conftest import Place
from tests.replayed import differences

from onevisit.core import clock
from onevisit.core.catching_up import catch_up, missing, note_schema
from onevisit.core.db import db, transaction
from onevisit.core.frames import Broken, FrameKind, frames
from onevisit.core.journal import Entry, Journal, entries, place_of
from onevisit.core.problems import Problem
from onevisit.core.sameness import hashes_of_tables
from onevisit.recovery.checking import journal_faults
from onevisit.visits.models import ServerEpoch


def note(number: int, name: str = "x") -> None:
    """One transaction."""
    with transaction():
        db.session.add(ServerEpoch(number=number, name=name, since=clock.now()))


def place_now() -> tuple[int, str]:
    with db.engine.connect() as connection:
        found = place_of(connection)
    return found.number, found.hash.hex()


def epochs() -> list[int]:
    db.session.rollback()
    return sorted(db.session.scalars(select(ServerEpoch.number)))


def told(journal: Journal) -> list[Entry]:
    return [one for one in entries(journal.files()) if isinstance(one, Entry)]


def test_every_commit_is_an_entry_and_names_the_one_before(place: Place) -> None:
    note(5)
    note(6)
    found = told(place.journal)
    assert [one.frame.number for one in found] == [1, 2]
    assert found[1].frame.prev == found[0].frame.hash
    assert place_now() == (2, found[1].frame.hash.hex())


def test_who_only_reads_writes_no_entry(place: Place) -> None:
    db.session.scalars(select(ServerEpoch)).all()
    db.session.commit()
    assert place.journal.files() == []


def test_nothing_in_it_can_be_read_without_the_secret(place: Place) -> None:
    note(5, "示例秘密名字")
    content = b"".join(one.read_bytes() for one in place.journal.files())
    assert "示例秘密名字".encode() not in content
    stranger = Journal(place.journal.folder, "1" * 64)
    with pytest.raises(Broken):
        stranger.said_by(told(place.journal)[0])


def test_all_of_a_visits_road_done_again_gives_the_same_rows(place: Place) -> None:
    journey = make_journey(place.clients).walk()
    assert journey.accept().status_code == 200
    assert differences(place.journal, place.fresh("again")) == []


def test_what_was_journalled_and_not_committed_is_done_at_the_next_start(place: Place) -> None:
    note(5)
    with _dying_before_commit(), pytest.raises(KeyboardInterrupt):
        note(6)
    _abort_forgotten(place.journal)
    assert epochs() == [5]
    assert catch_up(db.engine, place.journal) == 1
    assert epochs() == [5, 6]
    assert catch_up(db.engine, place.journal) == 0


def test_a_failed_commit_is_followed_by_abort_and_never_done(place: Place) -> None:
    note(5)
    with _dying_before_commit(), pytest.raises(KeyboardInterrupt):
        note(6)
    assert [one.kind for one in frames(place.journal.files()[-1])][-1] == FrameKind.ABORT
    assert catch_up(db.engine, place.journal) == 0
    note(7)
    assert epochs() == [5, 7]
    assert differences(place.journal, place.fresh("again")) == []


def test_an_entry_that_another_took_the_place_of_never_happened(place: Place) -> None:
    note(5)
    with _dying_before_commit(), pytest.raises(KeyboardInterrupt):
        note(6)
    _abort_forgotten(place.journal)
    note(7)
    assert [one.frame.number for one in told(place.journal)] == [1, 2, 2]
    assert differences(place.journal, place.fresh("again")) == []
    with db.engine.connect() as connection:
        assert journal_faults(place.journal, place_of(connection)) == []


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_a_torn_end_is_cut_off_by_whoever_writes_next(place: Place, cut: int) -> None:
    note(5)
    file = place.journal.files()[-1]
    whole = file.read_bytes()
    note(6)
    grown = file.read_bytes()
    place.journal.close()
    file.write_bytes(grown + grown[len(whole) : len(grown) - cut])
    note(7)
    assert [one.frame.number for one in told(place.journal)] == [1, 2, 3]
    assert epochs() == [5, 6, 7]
    assert differences(place.journal, place.fresh("again")) == []


def test_a_changed_byte_is_noticed(place: Place) -> None:
    note(5)
    note(6)
    file = place.journal.files()[-1]
    content = bytearray(file.read_bytes())
    content[-60] ^= 1
    file.write_bytes(content)
    with db.engine.connect() as connection:
        assert journal_faults(place.journal, place_of(connection))


def test_a_removed_file_is_noticed(place: Place) -> None:
    note(5)
    with transaction():
        place.journal.rotate(db.session.connection())
    note(6)
    with transaction():
        place.journal.rotate(db.session.connection())
    note(7)
    place.journal.files()[1].unlink()
    with db.engine.connect() as connection:
        assert journal_faults(place.journal, place_of(connection))


def test_a_database_that_fell_behind_catches_up_from_the_end(place: Place) -> None:
    for number in range(5, 12):
        note(number)
    behind = place.fresh("behind")
    other = create_engine(behind)
    catch_up(other, place.journal, until=4)
    with other.connect() as connection:
        at = place_of(connection)
    assert at.number == 4
    assert [one.frame.number for one in missing(place.journal.files(), at)] == [5, 6, 7]
    other.dispose()
    assert differences(place.journal, behind) == []


def test_savepoints_taken_back_leave_nothing(place: Place) -> None:
    with transaction():
        db.session.add(ServerEpoch(number=5, name="x", since=clock.now()))
        db.session.flush()
        inner = db.session.begin_nested()
        db.session.add(ServerEpoch(number=6, name="x", since=clock.now()))
        db.session.flush()
        inner.rollback()
        with db.session.begin_nested():
            db.session.add(ServerEpoch(number=7, name="x", since=clock.now()))
    assert epochs() == [5, 7]
    assert differences(place.journal, place.fresh("again")) == []


def test_many_rows_leave_the_memory_and_come_back(place: Place) -> None:
    at = clock.now()
    with transaction():
        for start in range(0, 9000, 3000):
            rows = [{"number": n, "name": f"{n}", "since": at} for n in range(start + 1, start + 3001)]
            db.session.execute(ServerEpoch.__table__.insert(), rows)
    assert len(told(place.journal)[-1].parts) == 3
    assert differences(place.journal, place.fresh("again")) == []


def test_a_change_of_the_tables_is_said_and_only_restore_walks_over_it(place: Place) -> None:
    note(5)
    with db.engine.connect() as connection:
        head = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    note_schema(db.engine, place.journal, head)
    note(6)
    other, walked = create_engine(place.fresh("again")), []
    with pytest.raises(Broken):
        catch_up(other, place.journal)
    assert catch_up(other, place.journal, upgrade=walked.append) == 2
    assert walked == [head]
    other.dispose()


def test_a_journal_that_cannot_be_written_is_a_problem_and_nothing_happens(place: Place) -> None:
    note(5)
    folder, aside = place.journal.folder, place.folder / "aside"
    place.journal.close()
    folder.rename(aside)
    folder.write_text("not a folder")
    with pytest.raises(Problem) as refused:
        note(6)
    assert (refused.value.code, refused.value.status, refused.value.retry) == (
        "core.journal_unwritable",
        503,
        "later",
    )
    told_ = place.clients().get("/readyz")
    assert (told_.status_code, told_.json["journal"], told_.json["database"]) == (503, False, True)
    folder.unlink()
    aside.rename(folder)
    note(7)
    assert epochs() == [5, 7]
    assert place.clients().get("/readyz").json["ok"] is True
    assert differences(place.journal, place.fresh("again")) == []


def test_a_full_journal_disk_refuses_and_goes_on_when_there_is_room(place: Place) -> None:
    with _tiny_disk(place.folder / "tiny") as tiny:
        place.journal.folder = tiny
        note(5)
        filler = tiny / "filler"
        _fill(filler)
        assert _refused_in(range(6, 40)) == "core.journal_unwritable"
        kept = epochs()
        filler.unlink()
        note(77)
        assert epochs() == [*kept, 77]
        assert differences(place.journal, place.fresh("again")) == []
        place.journal.close()


def test_two_machines_keep_their_own_journals_and_one_restore_takes_both(place: Place) -> None:
    own, others = place.journal.folder, place.folder / "other"
    others.mkdir()
    for number in range(5, 11):
        place.journal.close()
        place.journal.folder = others if number in (6, 7, 9) else own
        note(number)
    files = Journal(own, place.journal.secret).files() + Journal(others, place.journal.secret).files()
    place.journal.close()
    place.journal.folder = own
    there = create_engine(place.fresh("both"))
    with there.connect() as connection:
        found = missing(files, place_of(connection))
    assert [one.frame.number for one in found] == [1, 2, 3, 4, 5, 6]
    assert catch_up(there, place.journal, found=found) == 6
    with there.connect() as connection, db.engine.connect() as here:
        assert hashes_of_tables(connection) == hashes_of_tables(here)
    there.dispose()


def _fill(file: Path) -> None:
    with suppress(OSError), file.open("wb", buffering=0) as opened_:
        while True:
            opened_.write(b"0" * 1024)


def _refused_in(numbers: range) -> str:
    """How the first refusal is called."""
    for number in numbers:
        try:
            note(number, "y" * 30)
        except Problem as problem:
            return problem.code
    return ""


def test_two_processes_write_one_after_the_other(place: Place, app: Flask) -> None:
    """Another Journal object on the same folder is what another process has."""
    note(5)
    other = Journal(place.journal.folder, place.journal.secret)
    place.journal.files()
    swapped = _swapped(place.journal, other)
    note(6)
    swapped()
    note(7)
    assert [one.frame.number for one in told(place.journal)] == [1, 2, 3]
    assert len(place.journal.files()) == 1


def _swapped(journal: Journal, other: Journal) -> "Swap":
    return Swap(journal, other)


class Swap:
    """The engine's journal speaks through another's open file, until it is called."""

    def __init__(self, journal: Journal, other: Journal) -> None:
        self.journal, self.file = journal, journal._file
        journal._file = other._file

    def __call__(self) -> None:
        if self.journal._file is not None:
            os.close(self.journal._file.descriptor)
        self.journal._file = self.file


@contextmanager
def _dying_before_commit() -> Iterator[None]:
    """The process is told to go between the journal and the COMMIT."""

    def die(_connection: object) -> None:
        raise KeyboardInterrupt

    event.listen(db.engine, "commit", die)
    try:
        yield
    finally:
        event.remove(db.engine, "commit", die)


def _abort_forgotten(journal: Journal) -> None:
    """As after kill −9: nobody was there to write the abort."""
    file = journal.files()[-1]
    last = list(frames(file))[-1]
    assert last.kind == FrameKind.ABORT
    journal.close()
    os.truncate(file, last.start)


@contextmanager
def _tiny_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("only root may make a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)
