"""Does a lost server come back as it was: every draw, review and publication, nothing shown changed?"""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.factories.journey import make_journey
from tests.recovery.conftest import Place, opened, rows_here

from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.core.safe import FinishedBackup, safe_now
from onevisit.core.trail import TrailEntry, broken_links
from onevisit.evidence.models import EvidenceFile
from onevisit.recovery.backing_up import backups_in, faults_of
from onevisit.recovery.checking import check_all
from onevisit.serving import served
from onevisit.visits.models import ServerEpoch, StoredOperation

# What a restore adds by itself: the new life, and the word of it on the trail.
NEW = {"journal_places", "server_epochs", "trail_entries", "uploads", "upload_pieces", "evidence_files"}


def differing(one: dict[str, str], two: dict[str, str]) -> list[str]:
    return [name for name in one if name not in NEW and one[name] != two[name]]


def test_a_server_lost_after_review_and_publication_comes_back_as_it_was(place: Place) -> None:
    journey = make_journey(place.clients)
    journey.check()
    place.backup()
    journey.confirm()
    journey.submit()
    journey.bring()
    assert journey.accept().status_code == 200
    epoch = db.session.scalar(select(func.max(ServerEpoch.number))) or 0
    told = {
        one.id: (one.verdict, one.reason, one.position) for one in db.session.scalars(select(StoredOperation))
    }
    before, entries = rows_here(), db.session.scalar(select(func.count()).select_from(TrailEntry))
    there = place.elsewhere()
    done = place.restored(there)
    assert done.entries > 0
    assert (done.broken, done.skipped) == (None, {})
    with opened(there):
        assert differing(before, rows_here()) == []
        again = {
            one.id: (one.verdict, one.reason, one.position)
            for one in db.session.scalars(select(StoredOperation))
        }
        assert again == told
        assert broken_links() == []
        assert db.session.scalar(select(func.count()).select_from(TrailEntry)) == (entries or 0) + 1
        assert db.session.scalar(select(func.max(ServerEpoch.number))) == epoch + 1


def test_photos_that_were_not_in_the_backup_are_asked_for_again(place: Place) -> None:
    journey = make_journey(place.clients)
    journey.walk()
    place.backup()
    there = place.elsewhere()
    assert place.restored(there).expected == 0
    with opened(there):
        stored = select(func.count()).select_from(EvidenceFile).where(EvidenceFile.stored_at.is_not(None))
        whole = db.session.scalar(stored)
    assert whole
    bare = place.elsewhere("bare")
    assert place.restored(bare, files=False).expected == whole
    with opened(bare):
        assert db.session.scalar(stored) == 0


def test_a_damaged_backup_is_skipped_and_said(place: Place) -> None:
    make_journey(place.clients).check()
    good = place.backup()
    with transaction():
        db.session.add(
            ServerEpoch(number=77, name="x", since=db.session.scalars(select(FinishedBackup.made_at)).first())
        )
    bad = place.folder / "backups" / "29991231T000000Z-9"
    shutil.copytree(good.folder, bad)
    content = next(bad.glob("onevisit.*"))
    with content.open("r+b") as file:
        file.seek(content.stat().st_size // 2)
        file.write(b"\x00damaged\xff")
    assert faults_of(backups_in(bad.parent)[0])
    there = place.elsewhere()
    done = place.restored(there)
    assert (list(done.skipped), done.backup) == ([bad.name], good.folder.name)
    with opened(there):
        assert db.session.get(ServerEpoch, 77) is not None


def test_without_any_good_backup_nothing_is_touched(place: Place) -> None:
    backup = place.backup()
    (backup.folder / "manifest.json").write_text("{")
    there = place.elsewhere()
    with pytest.raises(Problem) as refused:
        place.restored(there)
    assert refused.value.code == "core.no_backup"


def test_a_running_server_and_a_database_that_is_there_are_refused(place: Place) -> None:
    place.backup()
    there = place.elsewhere()
    with pytest.raises(Problem) as refused:
        place.restored(there, over=False)
    assert refused.value.code == "core.database_there"
    with served(there), pytest.raises(Problem) as refused:
        place.restored(there)
    assert refused.value.code == "core.server_running"


def test_what_a_replaced_sqlite_database_held_stays_beside_it(place: Place) -> None:
    if not place.config.sqlite:
        pytest.skip("PostgreSQL's database is emptied, the command says so")
    place.backup()
    there = place.elsewhere()
    place.restored(there)
    kept = list(place.folder.glob("elsewhere.db.before-*"))
    assert len([one for one in kept if not one.name.endswith(("-wal", "-shm"))]) == 1


def test_a_journal_damaged_in_the_middle_gives_what_is_before_and_says_so(place: Place) -> None:
    journey = make_journey(place.clients)
    place.backup()
    journey.check()
    journey.confirm()
    journey.submit()
    newest = place.journal.files()[-1]
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content)
    assert check_all()["journal_broken"]
    there = place.elsewhere()
    done = place.restored(there)
    assert done.broken
    with opened(there):
        assert broken_links() == []


def test_old_backups_go_and_with_them_their_part_of_the_journal(place: Place) -> None:
    journey = make_journey(place.clients)
    for _ in range(3):
        journey.lead.arrive()
        journey.lead.send()
        place.backup(keep=2)
    kept = backups_in(place.folder / "backups")
    assert len(kept) == 2
    assert len(place.journal.files()) <= 3
    oldest = kept[-1]
    shutil.rmtree(kept[0].folder)
    before = rows_here()
    there = place.elsewhere()
    assert place.restored(there).backup == oldest.folder.name
    with opened(there):
        assert differing(before, rows_here()) == []


def test_a_backup_says_what_is_safe_now(place: Place) -> None:
    journey = make_journey(place.clients)
    journey.check()
    journey.lead.send()
    assert journey.lead.changes()["acknowledged"] == {"safe_to": None, "safe_at": None}
    done = place.backup()
    highest = db.session.scalar(select(func.max(StoredOperation.position)))
    assert safe_now()[0] == done.manifest["safe_to"] == highest
    told = journey.lead.changes()["acknowledged"]
    assert told["safe_to"] == highest
    assert told["safe_at"]


def test_a_backup_holds_the_files_once(place: Place) -> None:
    make_journey(place.clients).walk()
    first = place.backup()
    assert first.manifest["storage"]["new"] > 0
    assert place.backup().manifest["storage"]["new"] == 0
    assert place.backup(files=False).manifest["storage"]["copied"] is False


def test_check_finds_a_whole_server_whole(place: Place) -> None:
    make_journey(place.clients).walk()
    found = check_all()
    assert found["ok"], json.dumps(found)
    assert found["journal_entries"] > 10


def test_a_journal_of_another_database_is_not_put_on_top(place: Place, tmp_path: Path) -> None:
    make_journey(place.clients).check()
    place.backup()
    foreign = tmp_path / "foreign"
    shutil.copytree(place.journal.folder, foreign)
    for one in foreign.glob("*.journal"):
        one.write_bytes(one.read_bytes()[:200])
    there = place.elsewhere(journal=foreign)
    assert place.restored(there).entries == 0


def test_a_sqlite_backup_is_one_file_that_any_sqlite_reads(place: Place) -> None:
    if not place.config.sqlite:
        pytest.skip("SQLite only")
    make_journey(place.clients).check()
    backup = place.backup()
    with sqlite3.connect(backup.folder / "onevisit.db") as opened_:
        assert opened_.execute("SELECT count(*) FROM operations").fetchone()[0] > 0
