"""What happens to a list on its way into a library: received, read, decided on, confirmed, taken back, or let go."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic, time
from typing import Any, BinaryIO, cast

from sqlalchemy import delete, select, update

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.ids import new_id
from onevisit.core.problems import Problem, not_found
from onevisit.core.rows import plain_heading
from onevisit.core.staging import Area, area, folder, leftovers
from onevisit.subjects import changes, comparison, heads, previews, writing
from onevisit.subjects.comparison import Comparison
from onevisit.subjects.heads import Head
from onevisit.subjects.keeping import keeping_of
from onevisit.subjects.lists import ListLibrary, StagedLibrary
from onevisit.subjects.models import LibraryHeading, LibraryImport, LibraryImportRow
from onevisit.subjects.terms import ImportState

QUIET = timedelta(minutes=10)  # a reading that says nothing for so long has died
KEPT = timedelta(days=30)  # an unconfirmed list waits so long
Progress = Callable[[int, int], None]
OPEN = (ImportState.RECEIVED, ImportState.READING, ImportState.READY, ImportState.WRITING, ImportState.FAILED)
Bring = Callable[[str, str | None, bool], ListLibrary]


class Cancelled(Exception):
    """Somebody let the list go while it was being read."""


def source_of(import_id: str) -> Path:
    """Where the uploaded file lies while it is needed."""
    return folder() / f"{import_id}.source"


def area_of(imported: LibraryImport) -> Area:
    """The staging area of an import."""
    return area(imported.id)


def owner_of(region_id: str, department_id: str | None) -> str:
    """Whose headings are remembered: the department's, or the office's of the region."""
    return department_id or region_id


def receive(library: ListLibrary, filename: str, file: BinaryIO | Path, *, own: bool = True) -> LibraryImport:
    """Keep the file and say how its headings are understood; nothing is read yet. `own`: a copy is ours to delete."""
    sweep()
    import_id, actor, now = new_id(), acting(), clock.now()
    path = file if isinstance(file, Path) and not own else source_of(import_id)
    if path != file:
        _copy(file, path)
    try:
        learnt = previews.learnt_headings(library.region_id, library.own_department, library.brings)
        head = heads.head_of(library, filename, path, learnt)
        with transaction():
            imported = LibraryImport(
                id=import_id, region_id=library.region_id, library=library.brings.value, scale_id=getattr(library, "scale_id", None),
                department_id=library.own_department, account_id=actor.account_id, actor_name=actor.name,
                filename=filename[-200:], sha256=_digest(path), size=path.stat().st_size,
                state=ImportState.RECEIVED.value, made_up=getattr(library, "made_up", False), made_at=now, seen_at=now,
                headings=head.headings, mapping={str(at): name for at, name in head.mapping.items()} | {"line": head.line},
                sample=head.sample, counts={}, revision=1, rows_read=0, bytes_read=0,
            )  # fmt: skip
            db.session.add(imported)
    except BaseException:
        source_of(import_id).unlink(missing_ok=True)
        raise
    return imported


def _copy(file: BinaryIO | Path, path: Path) -> None:
    with path.open("wb") as kept:
        if isinstance(file, Path):
            with file.open("rb") as given:
                shutil.copyfileobj(given, kept, 2**20)
        else:
            shutil.copyfileobj(file, kept, 2**20)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def set_mapping(library: ListLibrary, import_id: str, mapping: dict[int, str]) -> LibraryImport:
    """What the columns mean, as somebody says; remembered for the department's next list."""
    if missing := [name for name in library.required if name not in mapping.values()]:
        words = "、".join(library.headings[name][0] for name in missing)
        raise Problem(f"{library.step}.column_missing", f"还没有指定哪一列是“{words}”。请指定后再继续。")
    if (ways := getattr(library, "one_of", ())) and set(ways).isdisjoint(mapping.values()):
        words = "或".join(f"“{library.headings[name][0]}”" for name in ways)
        raise Problem(
            f"{library.step}.column_missing", f"还没有指定哪一列是{words}，至少要有一列。请指定后再继续。"
        )
    if len(set(mapping.values())) < len(mapping) or not set(mapping.values()) <= set(library.headings):
        raise Problem(f"{library.step}.mapping_wrong", "有两列指定成了同一项，或指定了没有的项。请改正。")
    with transaction():
        imported = open_import(import_id, ImportState.RECEIVED, ImportState.READY, ImportState.FAILED)
        imported.mapping = {str(at): name for at, name in mapping.items()} | {
            "line": imported.mapping["line"]
        }
        imported.revision += 1
        _remember(imported, mapping)
    return imported


def _remember(imported: LibraryImport, mapping: dict[int, str]) -> None:
    owner = owner_of(imported.region_id, imported.department_id)
    for at, text in enumerate(imported.headings):
        heading = plain_heading(text)[:120]
        if not heading:
            continue
        key = (owner, imported.library, heading)
        kept = db.session.get(LibraryHeading, key)
        meaning = mapping.get(at, "")
        if kept is None:
            kept = LibraryHeading(owner=owner, library=imported.library, heading=heading, meaning=meaning)
            db.session.add(kept)
            db.session.flush()
        kept.meaning = meaning


def open_import(import_id: str, *states: ImportState) -> LibraryImport:
    """The import, locked for this transaction, in one of these states."""
    imported = db.session.scalars(
        select(LibraryImport).where(LibraryImport.id == import_id).with_for_update()
    ).first()
    if imported is None:
        raise not_found("导入")
    if states and imported.state not in states:
        raise Problem(
            "subjects.import_elsewhere", "这次导入已经不在这一步了，请刷新页面查看。", 409, "now", state=imported.state
        )  # fmt: skip
    return imported


def begin_reading(import_id: str) -> LibraryImport:
    """From now on the list is being read."""
    with transaction():
        imported = open_import(import_id, ImportState.RECEIVED, ImportState.READY, ImportState.FAILED)
        imported.state, imported.fault = ImportState.READING.value, None
        imported.rows_read = imported.bytes_read = 0
        imported.seen_at = clock.now()
        imported.revision += 1
    return imported


def read(
    library: ListLibrary, import_id: str, path: Path | None = None, said: Progress | None = None
) -> None:
    """Read, stage and compare; what goes wrong is kept as the import's fault, and nothing else is."""
    imported = db.session.get_one(LibraryImport, import_id)
    head = head_kept(imported)
    ways, meant = getattr(library, "one_of", ()), set(head.mapping.values())
    if not set(library.required) <= meant or (ways and meant.isdisjoint(ways)):
        _fail(imported, heads.no_headings(library, imported.filename))
    waiting = area_of(imported)
    try:
        watch = _Watch(import_id, said)
        source = path or source_of(import_id)
        counts = keeping_of(library).stage(waiting, imported.filename, source, head, watch)
        waiting.close()
        with transaction():
            done = open_import(import_id, ImportState.READING)
            done.state, done.counts = ImportState.READY.value, counts
            done.rows_read, done.bytes_read, done.seen_at = counts["rows"], done.size, clock.now()
            done.revision += 1
    except Problem as problem:
        waiting.drop()
        _fail(imported, problem)
    except BaseException:
        waiting.drop()
        raise


def _fail(imported: LibraryImport, problem: Problem) -> None:
    with transaction():
        failed = db.session.get(LibraryImport, imported.id)
        if failed is not None:
            failed.state, failed.fault = ImportState.FAILED.value, problem.as_json()
            failed.revision += 1
    raise problem


def head_kept(imported: LibraryImport) -> Head:
    """The headings as they were understood or corrected."""
    mapping = {int(at): name for at, name in imported.mapping.items() if at != "line"}
    return Head(imported.mapping["line"], imported.headings, mapping, imported.sample)


class _Watch:
    """Says how far it is, at most twice a second, and hears when somebody lets the list go."""

    def __init__(self, import_id: str, said: Progress | None) -> None:
        self.import_id, self.said, self.last = import_id, said, monotonic()

    def __call__(self, rows: int, read: int) -> None:
        if monotonic() - self.last < 0.5:
            return
        self.last = monotonic()
        if self.said:
            self.said(rows, read)
        with transaction():
            table = LibraryImport.__table__
            db.session.flush()  # within a longer transaction the import itself may still wait
            done = db.session.connection().execute(
                update(LibraryImport)
                .where(table.c.id == self.import_id, table.c.state == ImportState.READING.value)
                .values(rows_read=rows, bytes_read=read, seen_at=clock.now())
            )
            if not done.rowcount:  # type: ignore[attr-defined]
                raise Cancelled(self.import_id)


def decide(library: ListLibrary, import_id: str, decisions: dict[int, str] | str) -> LibraryImport:
    """A likely double is the same one or another: per row, or all that are still open at once."""
    with transaction():
        imported = open_import(import_id, ImportState.READY)
        waiting = area_of(imported)
        try:
            if isinstance(decisions, str):
                waiting.run(
                    "UPDATE {doubles} SET decision = CASE WHEN kind = 'number' THEN 'same' ELSE :decision END"
                    " WHERE decision IS NULL",
                    decision=decisions,
                )
            else:
                for row, decision in decisions.items():
                    _decide_one(waiting, row, decision)
            _apply_decisions(cast(StagedLibrary, library), waiting)
            counts = comparison.counts(waiting, imported.counts["rows"])
            if counts["added"] != imported.counts["added"] or isinstance(decisions, dict):
                counts["built"] = None
            imported.counts = imported.counts | counts
            imported.revision += 1
            waiting.settle()
        finally:
            waiting.close()
    return imported


def _decide_one(waiting: Area, row: int, decision: str) -> None:
    """Two rows with one number cannot both stay: the earlier one counts (same) or this one (this), never both."""
    wanted = {"same": "1 = 1", "both": "kind <> 'number'", "this": "kind = 'number'"}[decision]
    done = waiting.run(
        f"UPDATE {{doubles}} SET decision = :decision WHERE row = :row AND {wanted}",
        row=row,
        decision=decision,
    )
    if done and decision == "this":
        waiting.run(
            "UPDATE {doubles} SET decision = 'same' WHERE kind = 'number' AND row <> :row AND other_row ="
            " (SELECT other_row FROM {doubles} WHERE row = :row)",
            row=row,
        )


def _apply_decisions(library: StagedLibrary, waiting: Area) -> None:
    """The same one as in the library: the row changes it. The same one within the file: only one row counts."""
    present = writing.staged_columns(library, waiting)
    twins = "SELECT row FROM {doubles} WHERE kind = 'twin'"
    waiting.run(f"DELETE FROM {{out}} WHERE row IN ({twins})")
    waiting.run(f"INSERT INTO {{out}} (row) {twins} AND decision = 'same'")
    kept = "SELECT row FROM {doubles} WHERE kind = 'kept'"
    for table in ("{matches}", "{changes}"):
        waiting.run(f"DELETE FROM {table} WHERE row IN ({kept})")
    waiting.run(
        "INSERT INTO {matches} (row, object_id, differs) SELECT row, object_id, 1 FROM {doubles}"
        " WHERE kind = 'kept' AND decision = 'same'"
    )
    compared = Comparison(library, waiting, present)
    compared.write_changes(f"{kept} AND decision = 'same'", also_number=True)
    compared.choose_numbers()


def refuse_undecided(imported: LibraryImport) -> None:
    """Nobody confirms what still asks for a decision."""
    if number := imported.counts.get("undecided"):
        raise Problem(
            "subjects.doubles_undecided",
            f"还有 {number} 行疑似重复没有决定，请先逐条或整批选择“同一个”或“都保留”。",
        )


def put_back(import_id: str, problem: Problem) -> None:
    """Writing did not succeed: the preview stands again, with the reason."""
    with transaction():
        imported = db.session.get(LibraryImport, import_id)
        if imported is not None and imported.state == ImportState.WRITING:
            imported.state, imported.fault = ImportState.READY.value, problem.as_json()
            imported.revision += 1


def confirm(library: ListLibrary, import_id: str, purpose: str | None = None) -> LibraryImport:
    """All that the preview showed, in one transaction with one fact on the trail; or nothing (S2 art. 11)."""
    imported = db.session.get_one(LibraryImport, import_id)
    refuse_undecided(imported)
    waiting = area_of(imported)
    keeping = keeping_of(library)
    first = keeping.prepare(waiting, imported)
    touched = keeping.touched(waiting, imported)
    waiting.close()
    with transaction():
        one_at_a_time(f"library|{library.region_id}|{library.library}")
        imported = open_import(import_id, ImportState.READY, ImportState.WRITING)
        imported.first_block, at = first, clock.now()
        db.session.flush()
        keeping.write(waiting, imported, at)
        imported.state, imported.confirmed_at, imported.confirmed_by = (
            ImportState.DONE.value,
            at,
            acting().name,
        )
        imported.purpose = purpose
        imported.revision += 1
        changes.note_import(
            library.library, library.region_id, imported.id, imported.filename,
            {one: many for one, many in touched.items() if many},
        )  # fmt: skip
        counts = imported.counts
        trail.record(
            "library.imported", "library", f"{library.region_id}:{library.library.value}", region_id=library.region_id,
            library=library.library.value, file=imported.filename, sha256=imported.sha256, import_id=imported.id,
            added=counts["added"], changed=counts["changed"], unchanged=counts["unchanged"],
            refused=counts["refused"], purpose=purpose,
        )  # fmt: skip
    return imported


def cancel(import_id: str) -> None:
    """Let the list go: nothing of it stays behind, whatever it was doing."""
    with transaction():
        imported = open_import(import_id, *OPEN)
        reading = imported.state == ImportState.READING
        db.session.delete(imported)
    if reading:  # whoever reads hears of it, and takes the area away
        source_of(import_id).unlink(missing_ok=True)
    else:
        _forget(import_id)


def _forget(import_id: str) -> None:
    area(import_id).drop()
    source_of(import_id).unlink(missing_ok=True)


def undo(library: ListLibrary, import_id: str) -> LibraryImport:
    """Take a whole import back while nothing depends on it."""
    with transaction():
        one_at_a_time(f"library|{library.region_id}|{library.library}")
        imported = open_import(import_id, ImportState.DONE)
        keeping = keeping_of(library)
        if why := keeping.what_depends(imported):
            raise Problem("subjects.import_in_use", f"{why}，这次导入不能整批撤销。请逐条修改。", 409)
        at = clock.now()
        keeping.take_back(imported, at)
        imported = db.session.get_one(LibraryImport, import_id)
        imported.state, imported.undone_at, imported.undone_by = ImportState.UNDONE.value, at, acting().name
        imported.revision += 1
        changes.note_undone(imported.id)
        trail.record(
            "library.import_undone", "library", f"{library.region_id}:{library.library.value}",
            region_id=library.region_id, library=library.library.value, import_id=imported.id,
            added=imported.counts["added"], changed=imported.counts["changed"],
        )  # fmt: skip
    _forget(import_id)
    return imported


def sweep() -> None:
    """What a killed process left: readings that fell silent, lists that nobody confirmed, files without an import."""
    now = clock.now()
    known = {one.id: one for one in db.session.scalars(select(LibraryImport))}
    gone = [
        one.id
        for one in known.values()
        if (one.state == ImportState.READING and one.seen_at < now - QUIET)
        or (one.state in OPEN and one.seen_at < now - KEPT)
    ]
    plain = {one.replace("-", "") for one in known}
    for path in list(folder().iterdir()):
        old = path.stat().st_mtime < time() - QUIET.total_seconds()
        if path.stem.replace("-", "") not in plain and old:
            path.unlink(missing_ok=True)
    for name in leftovers():
        if name not in plain:
            area(name).drop()
    for import_id in gone:
        with transaction():
            db.session.execute(delete(LibraryImport).where(LibraryImport.id == import_id))
        _forget(import_id)


def changes_of(object_id: str) -> list[dict[str, Any]]:
    """What imports changed in one thing, newest first: its history."""
    rows = db.session.execute(
        select(LibraryImport, LibraryImportRow.fields)
        .join(LibraryImportRow, LibraryImportRow.import_id == LibraryImport.id)
        .where(LibraryImportRow.object_id == object_id, LibraryImport.state == ImportState.DONE)
        .order_by(LibraryImport.confirmed_at.desc())
    )
    return [
        {"at": one.confirmed_at, "actor_name": one.confirmed_by, "import_id": one.id, "filename": one.filename,
         "fields": fields}
        for one, fields in rows
    ]  # fmt: skip


def take_in(
    library: ListLibrary, filename: str, file: Path, dry_run: bool, said: Progress | None = None,
    *, leave_refused: bool = False, doubles: str = "both", shown: int = 500,
) -> dict[str, Any]:  # fmt: skip
    """From file to library in one go, for the command line: a list with a refused row is not written at all."""
    imported = receive(library, filename, file, own=False)
    import_id = imported.id
    try:
        begin_reading(import_id)
        read(library, import_id, file, said)
        imported = db.session.get_one(LibraryImport, import_id)
        if imported.counts["undecided"]:
            decide(library, import_id, doubles)
        report = report_of(library, imported, shown)
        if dry_run or (report["refused"] and not leave_refused):
            cancel(import_id)
        else:
            confirm(library, import_id)
            report["written"] = True
            area(import_id).drop()
        return report | {"import_id": import_id if report["written"] else None}
    except BaseException:
        db.session.rollback()
        if (left := db.session.get(LibraryImport, import_id)) is not None and left.state in OPEN:
            cancel(import_id)
        raise


def report_of(library: ListLibrary, imported: LibraryImport, shown: int) -> dict[str, Any]:
    """The preview as the command line gives it: rows with reasons, the first changes."""
    return previews.report(imported, keeping_of(library), ignored_columns(imported), shown)


def ignored_columns(imported: LibraryImport) -> list[str]:
    """Headings that nothing was made of: said, never dropped in silence."""
    meant = {int(at) for at in imported.mapping if at != "line"}
    return [text for at, text in enumerate(imported.headings) if text and at not in meant]
