"""Who may bring which list how far? The steps of an import as an account walks them; long ones go on by themselves."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from flask import current_app

from onevisit.config import Config
from onevisit.core import trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem, not_found
from onevisit.core.trail import TrailEntry
from onevisit.subjects import importing
from onevisit.subjects.grade_lists import GradeList
from onevisit.subjects.grades import own_scale, scale_meant
from onevisit.subjects.library import SubjectLibrary
from onevisit.subjects.lists import ListLibrary
from onevisit.subjects.models import LibraryImport
from onevisit.subjects.queries import region_meant
from onevisit.subjects.terms import ImportedList, ImportState

AT_ONCE = 1_000_000  # bytes: what is read before the answer
FEW_ROWS = 20_000  # what is written before the answer
LIBRARIES = "onevisit.import_libraries"
Makes = Callable[[str, str | None], ListLibrary]


def library_of(name: str, region_id: str, own: str | None, scale_id: str | None = None) -> ListLibrary:
    """The library; a later step has brought its own."""
    if name == ImportedList.SUBJECTS:
        return SubjectLibrary(region_id, own)
    if name == ImportedList.RISK or (name == ImportedList.GRADES and scale_id):
        return GradeList(region_id, own, scale_id if name == ImportedList.GRADES else None)
    makes: dict[str, Makes] = current_app.extensions.get(LIBRARIES, {})
    if name not in makes:
        raise not_found("名录库")
    return makes[name](region_id, own)


def library_for(imported: LibraryImport) -> ListLibrary:
    """The library that an import goes to, with the rights of those who brought it."""
    return library_of(imported.library, imported.region_id, imported.department_id, imported.scale_id)


def own_department() -> str | None:
    """Whose rows somebody brings: the department's; the joint office brings everybody's."""
    return None if acting().has("joint_office") else acting().department_id


def import_meant(import_id: str) -> LibraryImport:
    """An import of my region, and of my department unless I am the office."""
    imported = db.session.get(LibraryImport, import_id)
    actor = acting()
    if imported is None or imported.region_id != actor.region_id:
        raise not_found("导入")
    if not actor.has("joint_office") and imported.department_id != actor.department_id:
        raise not_found("导入")
    return imported


def import_to_change(import_id: str) -> LibraryImport:
    """An import that I may carry on; a department's own grades are its own, also for the office."""
    imported = import_meant(import_id)
    if imported.scale_id:
        own_scale(imported.scale_id, False)
    return imported


def receive(name: str, scale_id: str | None, filename: str, stream: BinaryIO) -> LibraryImport:
    """A list arrives; its headings are understood, and a person looks at them."""
    own = own_department()
    if name == ImportedList.GRADES and scale_id:
        own = own_scale(scale_id).department_id
    return importing.receive(library_of(name, region_meant(), own, scale_id), filename, stream)


def import_file(
    brings: str,
    path: Path,
    *,
    region_id: str | None = None,
    scale: str | None = None,
    dry_run: bool = False,
    **how: Any,
) -> dict[str, Any]:
    """A list of any length from disk, as the command line brings it."""
    region, own = region_meant(region_id), own_department()
    scale_id = None
    if brings == ImportedList.GRADES:
        meant = scale_meant(region, scale or "")
        scale_id, own = meant.id, meant.department_id
    library = library_of(brings, region, own, scale_id)
    return importing.take_in(library, path.name, path, dry_run, **how)


def import_text(brings: str, name: str, text: str, region_id: str) -> dict[str, Any]:
    """A list that the program itself wrote (the demonstration's)."""
    with TemporaryDirectory() as place:
        path = Path(place) / name
        path.write_text(text, encoding="utf-8")
        return import_file(brings, path, region_id=region_id)


def map_and_read(import_id: str, mapping: dict[int, str]) -> LibraryImport:
    """The columns mean this; now it is read."""
    library = library_for(import_to_change(import_id))
    importing.set_mapping(library, import_id, mapping)
    imported = importing.begin_reading(import_id)
    if imported.size <= AT_ONCE:
        importing.read(library, import_id)
    else:
        _ask("library.list_to_read", imported)
    return db.session.get_one(LibraryImport, import_id)


def decide(import_id: str, rows: dict[int, str], all_: str | None) -> LibraryImport:
    """The likely doubles are the same one, or both stay."""
    imported = import_to_change(import_id)
    if imported.state == ImportState.READY and not imported.counts.get("doubles"):
        return imported
    return importing.decide(library_for(imported), import_id, all_ or rows)


def confirm(import_id: str, purpose: str) -> LibraryImport:
    """Write what the preview showed; a long list goes on by itself."""
    imported = import_to_change(import_id)
    library = library_for(imported)
    importing.refuse_undecided(imported)
    if imported.counts.get("added", 0) + imported.counts.get("changed", 0) <= FEW_ROWS:
        return importing.confirm(library, import_id, purpose)
    with transaction():
        asked = importing.open_import(import_id, ImportState.READY)
        asked.state, asked.purpose = ImportState.WRITING.value, purpose
        asked.confirmed_by = acting().name
        asked.counts = asked.counts | {"asked_by": acting().account_id}
        asked.revision += 1
        _record("library.list_to_write", asked)
    return asked


def cancel(import_id: str) -> None:
    """Let the list go."""
    import_to_change(import_id)
    importing.cancel(import_id)


def undo(import_id: str) -> LibraryImport:
    """Take the whole import back."""
    return importing.undo(library_for(import_to_change(import_id)), import_id)


def _ask(event: str, imported: LibraryImport) -> None:
    with transaction():
        _record(event, db.session.get_one(LibraryImport, imported.id))


def _record(event: str, imported: LibraryImport) -> None:
    trail.record(
        event,
        "library_import",
        imported.id,
        region_id=imported.region_id,
        library=imported.library,
        size=imported.size,
    )


def go_on(entry: TrailEntry) -> None:
    """A long list is read or written in a process of its own: neither its memory nor its work burdens the server."""
    config: Config = current_app.config["ONEVISIT"]
    own = {
        "ONEVISIT_DATABASE": config.database, "ONEVISIT_VAR": str(config.var), "ONEVISIT_SECRET": config.secret,
        "ONEVISIT_STORAGE": config.storage, "ONEVISIT_EMBEDDED_WORKER": "0",
        "ONEVISIT_JOURNAL": str(config.journal or "none"),
        "ONEVISIT_TODAY": config.today.isoformat() if config.today else "",
    }  # fmt: skip
    command = [sys.executable, "-m", "onevisit.cli", "lists", "go-on", entry.object_id]
    done = subprocess.run(command, env=os.environ | own, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise RuntimeError(done.stderr[-500:])


def work_on(import_id: str) -> None:
    """Read or write a list that waits for it; what went wrong stands in the import."""
    imported = db.session.get(LibraryImport, import_id)
    if imported is None:
        return
    library = library_for(imported)
    try:
        if imported.state == ImportState.READING:
            importing.read(library, import_id)
        elif imported.state == ImportState.WRITING:
            importing.confirm(library, import_id, imported.purpose)
    except importing.Cancelled:
        return
    except Problem as problem:
        importing.put_back(import_id, problem)


def asked_by(import_id: str) -> str | None:
    """Who asked for the work that goes on by itself."""
    imported = db.session.get(LibraryImport, import_id)
    return (imported.counts.get("asked_by") or imported.account_id) if imported else None


def as_shown(imported: LibraryImport) -> dict[str, Any]:
    """An import as a screen shows it."""
    from onevisit.subjects import previews

    return previews.import_shown(imported, library_for(imported))
